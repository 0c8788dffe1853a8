package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"melek/courses/people"
)

// answered is a record of an answer to kuis-1 as a device would send it.
func (k *kit) answered(id, person string, more ...string) string {
	version := ""
	if c, ok := k.catalog.Current(example); ok {
		version = c.Version
	}
	extra := strings.Join(append([]string{""}, more...), ", ")
	return fmt.Sprintf(`{"id": %q, "kind": "answered", "person": %q, "course": %q, "module": "satu", "version": %q,
		"answers": {"kuis-1": ["b"]}, "lang": "id", "at": "2026-11-23T08:00:00+07:00"%s}`, id, person, example, version,
		extra)
}

type answer struct{ ID, Status, Reason string }

// deliver posts records and returns what became of each.
func (k *kit) deliver(token string, records ...string) []answer {
	k.t.Helper()
	res, body := k.api(http.MethodPost, "/api/v1/records", token, "["+strings.Join(records, ",")+"]")
	if res.StatusCode != http.StatusOK {
		k.t.Fatalf("status %d: %s", res.StatusCode, body)
	}
	var answers []answer
	if err := json.Unmarshal([]byte(body), &answers); err != nil || len(answers) != len(records) {
		k.t.Fatalf("%d answers to %d records: %v", len(answers), len(records), err)
	}
	return answers
}

func TestEveryRecordHasItsAnswer(t *testing.T) {
	k := newKit(t)
	token := k.token(k.register("P-1", people.Participant, "33.07.01.2001"))
	k.register("P-2", people.Participant, "33.07.01.2001")
	id := uuid.NewString()
	k.deliver(token, k.answered(id, "P-1"))
	tests := []struct{ name, record, want string }{
		{"new", k.answered(uuid.NewString(), "P-1"), "stored"},
		{"the same again", k.answered(id, "P-1"), "duplicate"},
		{"other content under a known id", k.answered(id, "P-1", `"node": "x"`), "conflict"},
		{"a version that is not here", strings.Replace(k.answered(uuid.NewString(), "P-1"), `"version": "`,
			`"version": "0`, 1), "quarantined"},
		{"of somebody else", k.answered(uuid.NewString(), "P-2"), "refused"},
		{"an erasure", `{"id": "` + uuid.NewString() + `", "kind": "erased", "person": "P-1", "at": "2026-11-23T08:00:00Z"}`,
			"refused"},
		{"no record", `{"id": "` + uuid.NewString() + `", "kind": "danced"}`, "invalid"},
		{"no object", `7`, "invalid"},
		{"an operator of a database", `{"id": {"$ne": null}, "kind": {"$gt": ""}, "person": "P-1"}`, "invalid"},
	}
	var all []string
	for _, tt := range tests {
		all = append(all, tt.record)
	}
	for i, got := range k.deliver(token, all...) {
		if got.Status != tests[i].want {
			t.Errorf("%s: %s (%s), want %s", tests[i].name, got.Status, got.Reason, tests[i].want)
		}
		if plain := got.Status == "stored" || got.Status == "duplicate"; plain == (got.Reason != "") {
			t.Errorf("%s: %s with the reason %q", tests[i].name, got.Status, got.Reason)
		}
	}
}

func TestARecordOfAnUnknownPersonWaitsForThem(t *testing.T) {
	k := newKit(t)
	token := k.token(k.register("A-1", people.Admin, "33.07"))
	if got := k.deliver(token, k.answered(uuid.NewString(), "P-9"))[0]; got.Status != "quarantined" {
		t.Fatalf("status %s, want quarantined", got.Status)
	}
	k.register("P-9", people.Participant, "33.07.01.2001")
	if a := k.state("P-9").Quizzes["satu"]["kuis-1"]; a.Marks != 1 {
		t.Errorf("after the import the answer is %+v, want 1 mark", a)
	}
}

func TestDeliveriesThatCannotBeReadAreRefusedWhole(t *testing.T) {
	k := newKit(t)
	token := k.token(k.register("P-1", people.Participant, "33.07.01.2001"))
	many := "[" + strings.TrimSuffix(strings.Repeat("{},", 1001), ",") + "]"
	tests := []struct {
		name, token, media, body string
		want                     int
	}{
		{"nobody", "", "application/json", "[]", http.StatusUnauthorized},
		{"a wrong token", "nonsense", "application/json", "[]", http.StatusUnauthorized},
		{"a form", token, "application/x-www-form-urlencoded", "[]", http.StatusUnsupportedMediaType},
		{"no media type", token, "", "[]", http.StatusUnsupportedMediaType},
		{"no JSON", token, "application/json", "{", http.StatusUnprocessableEntity},
		{"an object", token, "application/json", "{}", http.StatusUnprocessableEntity},
		{"null", token, "application/json", "null", http.StatusUnprocessableEntity},
		{"too many", token, "application/json", many, http.StatusUnprocessableEntity},
		{"with a charset", token, "application/json; charset=utf-8", "[]", http.StatusOK},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodPost, "/api/v1/records", strings.NewReader(tt.body))
			if tt.media != "" {
				req.Header.Set("Content-Type", tt.media)
			}
			if tt.token != "" {
				req.Header.Set("Authorization", "Bearer "+tt.token)
			}
			res := k.send(req)
			body := readAll(t, res)
			if res.StatusCode != tt.want {
				t.Fatalf("status %d, want %d: %s", res.StatusCode, tt.want, body)
			}
			if tt.want == http.StatusOK {
				return
			}
			var problem struct{ Status, Title, Detail any }
			err := json.Unmarshal([]byte(body), &problem)
			if err != nil || res.Header.Get("Content-Type") != "application/problem+json" || problem.Detail == "" {
				t.Errorf("%s: %s, want a problem with words (%v)", res.Header.Get("Content-Type"), body, err)
			}
		})
	}
}

func TestWhatIsOpenToAll(t *testing.T) {
	k := newKit(t)
	for path, want := range map[string]string{
		"/api/v1/courses":      `"id":"` + example + `"`,
		"/api/v1/areas":        `"33.07.01.2001"`,
		"/api/v1/openapi.json": `"openapi"`,
		"/healthz":             "ok",
		"/readyz":              "ok",
	} {
		res, body := k.api(http.MethodGet, path, "", "")
		if res.StatusCode != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, want 200 with %s: %.200s", path, res.StatusCode, want, body)
		}
		if strings.Contains(body, marker) || strings.Contains(body, "Pilihan") {
			t.Errorf("%s shows items", path)
		}
	}
}

func TestASessionOfABrowserIsNoToken(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open("/id/me") // what has just been looked up is believed for a while
	res, _ := k.api(http.MethodPost, "/api/v1/records", b.cookies["melek"], "[]")
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the secret of a cookie as a token answers %d, want 401", res.StatusCode)
	}
}
