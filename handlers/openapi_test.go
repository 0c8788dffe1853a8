package handlers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/people"
)

// The API is tested from its own description: whatever is asked of an operation, the answer is one that the
// description names, in status, type and shape.

type document struct {
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas   map[string]schema   `json:"schemas"`
		Responses map[string]response `json:"responses"`
	} `json:"components"`
}

type operation struct {
	Parameters []struct {
		Name     string `json:"name"`
		Required bool   `json:"required"`
		Schema   schema `json:"schema"`
	} `json:"parameters"`
	RequestBody *struct {
		Content map[string]media `json:"content"`
	} `json:"requestBody"`
	Responses map[string]response `json:"responses"`
}

type response struct {
	Ref     string           `json:"$ref"`
	Content map[string]media `json:"content"`
}

type media struct {
	Schema schema `json:"schema"`
}

// schema is as much of JSON Schema as the description uses; a keyword that is not here fails the reading.
type schema map[string]any

func (d *document) resolve(s schema) schema {
	if ref, ok := s["$ref"].(string); ok {
		return d.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]]
	}
	return s
}

func sub(v any) schema {
	m, _ := v.(map[string]any)
	return m
}

// types are those that a schema allows; none is any.
func (s schema) types() []string {
	switch t := s["type"].(type) {
	case string:
		return []string{t}
	case []any:
		var all []string
		for _, one := range t {
			all = append(all, fmt.Sprint(one))
		}
		return all
	}
	return nil
}

func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

// faults says where a value is not as the schema has it.
func (d *document) faults(at string, s schema, v any) []string {
	s = d.resolve(s)
	kind := typeOf(v)
	if allowed := s.types(); len(allowed) > 0 && !slices.Contains(allowed, kind) &&
		!(kind == "integer" && slices.Contains(allowed, "number")) {
		return []string{fmt.Sprintf("%s is %s, want %v", at, kind, allowed)}
	}
	if allowed, ok := s["enum"].([]any); ok && !slices.Contains(allowed, v) {
		return []string{fmt.Sprintf("%s is %v, want one of %v", at, v, allowed)}
	}
	var all []string
	switch v := v.(type) {
	case []any:
		if items, ok := s["items"]; ok {
			for i, one := range v {
				all = append(all, d.faults(at+"["+strconv.Itoa(i)+"]", sub(items), one)...)
			}
		}
	case map[string]any:
		properties := sub(s["properties"])
		required, _ := s["required"].([]any)
		for _, name := range required {
			if _, ok := v[fmt.Sprint(name)]; !ok {
				all = append(all, fmt.Sprintf("%s has no %s", at, name))
			}
		}
		for name, one := range v {
			if property, ok := properties[name]; ok {
				all = append(all, d.faults(at+"."+name, sub(property), one)...)
			} else if other, ok := s["additionalProperties"].(map[string]any); ok {
				all = append(all, d.faults(at+"."+name, other, one)...)
			}
		}
	}
	return all
}

// anything is a value of any JSON type.
func anything(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		switch n := rapid.IntRange(0, 7).Draw(t, "type"); {
		case n == 0:
			return nil
		case n == 1:
			return rapid.Bool().Draw(t, "bool")
		case n == 2:
			return rapid.Float64Range(-1e300, 1e300).Draw(t, "number")
		case n == 3:
			return rapid.Int64().Draw(t, "integer")
		case n < 6 || depth == 0:
			return awkwardText().Draw(t, "text")
		case n == 6:
			return rapid.SliceOfN(anything(depth-1), 0, 3).Draw(t, "list")
		}
		return rapid.MapOfN(awkwardText(), anything(depth-1), 0, 3).Draw(t, "object")
	})
}

func awkwardText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "$where", "{\"$gt\":\"\"}", "' OR 1=1 --", "../../etc/passwd",
		"<script>", "\x00", "NaN", "1e999", "2026-02-30", "-1", "=cmd()", "\u202e", strings.Repeat("a", 5000),
		example, "P-1", "33.07", "pre", "A", "v1"}))
}

// valueOf is mostly a value as the schema has it.
func (d *document) valueOf(s schema, depth int) *rapid.Generator[any] {
	s = d.resolve(s)
	return rapid.Custom(func(t *rapid.T) any {
		if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
			return anything(depth).Draw(t, "anything")
		}
		if allowed, ok := s["enum"].([]any); ok {
			return rapid.SampledFrom(allowed).Draw(t, "one of")
		}
		switch {
		case slices.Contains(s.types(), "array"):
			return rapid.SliceOfN(d.valueOf(sub(s["items"]), depth-1), 0, 4).Draw(t, "items")
		case slices.Contains(s.types(), "object"):
			return d.objectOf(s, depth, t)
		case slices.Contains(s.types(), "integer"):
			return rapid.Int64Range(-5, 1e6).Draw(t, "integer")
		case slices.Contains(s.types(), "number"):
			return rapid.Float64Range(-5, 1e6).Draw(t, "number")
		}
		switch s["format"] {
		case "uuid":
			return fmt.Sprintf("0193a000-0000-7000-8000-%012d", rapid.IntRange(0, 40).Draw(t, "id"))
		case "date-time":
			return rapid.SampledFrom([]string{"2026-11-23T08:00:00+07:00", "2026-11-23T01:00:00Z", "2126-01-01T00:00:00Z",
				"1970-01-01T00:00:00Z", "2026-11-23T08:00:00"}).Draw(t, "time")
		case "date":
			return rapid.SampledFrom([]string{"2026-11-23", "2026-01-01", "2026-02-30", "0000-00-00"}).Draw(t, "day")
		}
		return awkwardText().Draw(t, "text")
	})
}

func (d *document) objectOf(s schema, depth int, t *rapid.T) any {
	object := map[string]any{}
	properties := sub(s["properties"])
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		required, _ := s["required"].([]any)
		if slices.Contains(required, any(name)) || rapid.Bool().Draw(t, "has "+name) {
			object[name] = d.valueOf(sub(properties[name]), depth-1).Draw(t, name)
		}
	}
	if other, ok := s["additionalProperties"].(map[string]any); ok {
		for _, name := range rapid.SliceOfN(awkwardText(), 0, 3).Draw(t, "names") {
			object[name] = d.valueOf(other, depth-1).Draw(t, "value")
		}
	}
	return object
}

// judge says what is wrong with an answer.
func (d *document) judge(op operation, res *http.Response, body string) string {
	named, ok := op.Responses[strconv.Itoa(res.StatusCode)]
	if !ok {
		return fmt.Sprintf("status %d is not described", res.StatusCode)
	}
	if named.Ref != "" {
		named = d.Components.Responses[named.Ref[strings.LastIndex(named.Ref, "/")+1:]]
	}
	kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	form, ok := named.Content[kind]
	if err != nil || !ok {
		return fmt.Sprintf("status %d of type %q is not described", res.StatusCode, kind)
	}
	if !strings.HasSuffix(kind, "json") {
		return ""
	}
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return err.Error()
	}
	return strings.Join(d.faults("answer", form.Schema, value), "; ")
}

func TestTheAPIAnswersAsItIsDescribed(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	tokens := []string{"", "made-up"}
	for _, role := range people.Roles {
		tokens = append(tokens, k.token(k.register("R-"+string(role), role, firstDistrict)))
	}
	_, text := k.api(http.MethodGet, "/api/v1/openapi.json", "", "")
	var doc document
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	for path, operations := range doc.Paths {
		for method, op := range operations {
			t.Run(method+" "+path, rapid.MakeCheck(func(r *rapid.T) {
				query := url.Values{}
				for _, p := range op.Parameters {
					if rapid.IntRange(0, 9).Draw(r, "has "+p.Name) < 7 {
						query.Set(p.Name, fmt.Sprint(doc.valueOf(p.Schema, 1).Draw(r, p.Name)))
					}
				}
				if query.Has("course") && rapid.Bool().Draw(r, "a course that is") {
					query.Set("course", example)
				}
				body := ""
				if op.RequestBody != nil {
					raw, err := json.Marshal(doc.valueOf(op.RequestBody.Content["application/json"].Schema, 4).Draw(r, "body"))
					if err != nil {
						r.Skip(err)
					}
					if body = string(raw); rapid.IntRange(0, 9).Draw(r, "cut") == 0 {
						body = body[:len(body)/2]
					}
				}
				token := rapid.SampledFrom(tokens).Draw(r, "token")
				res, answer := k.api(strings.ToUpper(method), path+"?"+query.Encode(), token, body)
				if why := doc.judge(op, res, answer); why != "" {
					r.Fatalf("%s\n%s?%s\n%s\nanswers %.1000q", why, path, query.Encode(), body, answer)
				}
			}))
		}
	}
}

func TestEveryRouteOfTheAPIIsDescribed(t *testing.T) {
	k := newKit(t)
	_, text := k.api(http.MethodGet, "/api/v1/openapi.json", "", "")
	var doc document
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, route := range k.routes() {
		method, path, _ := strings.Cut(route, " ")
		if !strings.HasPrefix(path, "/api/") || method == http.MethodHead {
			continue
		}
		known[path+" "+strings.ToLower(method)] = true
		if _, ok := doc.Paths[path][strings.ToLower(method)]; !ok {
			t.Errorf("%s is not described", route)
		}
	}
	for path, operations := range doc.Paths {
		for method := range operations {
			if !known[path+" "+method] {
				t.Errorf("%s %s is described and no route", method, path)
			}
		}
	}
}
