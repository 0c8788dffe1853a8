package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// fieldNames are the names of all fields that the pages' forms have.
func fieldNames(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob("pages/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d pages read: %v", len(pages), err)
	}
	var names []string
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`\bname="([a-z_]+)"`).FindAllStringSubmatch(string(text), -1) {
			names = append(names, found[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(append(names, "name.id", "stem.en", "option.1.key", "to-a"))
}

// everyField is a body in which each field holds the value; a suffix spoils the fields' names.
func everyField(names []string, value, suffix string) string {
	fields := url.Values{}
	for _, name := range names {
		fields.Set(name+suffix, value)
	}
	return fields.Encode()
}

// kept is all that the store holds of people, records and the office's work, as text by its name.
func (k *kit) kept() map[string]string {
	k.t.Helper()
	ctx, all := context.Background(), map[string]string{}
	note := func(name string, held any, err error) {
		text, cannot := json.Marshal(held)
		if err = errors.Join(err, cannot); err != nil {
			k.t.Fatal(err)
		}
		all[name] = string(text)
	}
	everybody, err := k.store.People(ctx, store.PeopleQuery{})
	note("people", everybody, err)
	lines, err := k.store.Lines(ctx, 10_000)
	note("lines", lines, err)
	requests, err := k.store.Requests(ctx, store.RequestsQuery{})
	note("requests", requests, err)
	drafts, err := k.store.Drafts(ctx)
	note("drafts", drafts, err)
	settings, err := k.store.SettingNames(ctx, "")
	note("settings", settings, err)
	var entries []record.Entry
	err = k.store.EachEntry(ctx, "", func(e record.Entry) error {
		entries = append(entries, e)
		return nil
	})
	note("records", entries, err)
	for _, person := range everybody {
		sessions, err := k.store.SessionsOf(ctx, person.ID)
		for i := range sessions {
			sessions[i].SeenAt = time.Time{} // is noted now and then, whatever is asked for
		}
		note("sessions of "+person.ID, sessions, err)
		allowances, err := k.store.Allowances(ctx, person.ID)
		note("allowances of "+person.ID, allowances, err)
		credential, err := k.store.Credential(ctx, person.ID)
		credential.NextSecond = "" // is offered whenever its page is shown
		note("credential of "+person.ID, credential, err)
	}
	return all
}

// unchanged fails the test where the store holds anything else than before.
func (k *kit) unchanged(before map[string]string, after string) {
	k.t.Helper()
	for name, now := range k.kept() {
		if now != before[name] {
			k.t.Errorf("%s changes the %s:\n%s\n%s", after, name, before[name], now)
		}
	}
}

// acting are routes for which the press is all: what else is sent is not read. Sign-out would end the asker's
// session.
var acting = []string{
	"POST /:lang/sign-out", "POST /:lang/items/review", "POST /:lang/courses/:course",
	"POST /:lang/courses/:course/modules/:module/read", "POST /:lang/courses/:course/test/:phase",
	"POST /:lang/courses/:course/test/:phase/:n", "POST /:lang/courses/:course/test/:phase/review",
	"POST /:lang/author/:draft/begin",
}

// harmless are routes that keep nothing of what they are sent wrong, and so need not say that it is.
var harmless = []string{
	"POST /:lang/display", "POST /:lang/me/devices/end", "POST /:lang/author/:draft/confirm",
	"POST /:lang/courses/:course/test/:phase/:n/language", "POST /:lang/courses/:course/test/:phase/:n/display",
	"POST /:lang/courses/:course/modules/:module/quiz/:n/language",
	"POST /:lang/courses/:course/modules/:module/quiz/:n/display",
	"POST /:lang/workshops/:workshop/strike", "POST /:lang/workshops/:workshop/release",
	"POST /:lang/author/:draft/modules/:module/preview", "POST /:lang/author/:draft/items/:item/preview",
}

// TestNoFormTakesWhatIsNoAnswer sends every route a form with every field wrong, as an administrator whom all
// of them let in: it answers in the page's language that it was not taken, and nothing has changed.
func TestNoFormTakesWhatIsNoAnswer(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	k.register("P-1", people.Participant, firstVillage)
	k.furnishOthers()
	names, before := fieldNames(t), k.kept()
	bodies := map[string]string{
		"nothing":            "",
		"an operator":        everyField(names, "$gt", ""),
		"an operator's name": everyField(names, "P-1", "[$gt]"),
		"a query object":     everyField(names, `{"$ne":1}`, ""),
		"too long":           everyField(names, strings.Repeat("x", 5000), ""),
		"a list":             everyField(names, "P-1", "[0]"),
		"a path":             everyField(names, "../../../etc/passwd", ""),
		"markup":             everyField(names, `"><script>alert(1)</script>`, ""),
		"NUL":                everyField(names, "P-1\x00", ""),
		"bytes that no text": everyField(names, "P-1\xff\xfe", ""),
		"NUL in a name":      "id%00=P-1",
		"half an escape":     "id=%zz&id=%",
	}
	for _, route := range k.routes() {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodPost || strings.HasPrefix(path, "/api/") {
			continue
		}
		for name, body := range bodies {
			unreadable := strings.Contains(name, "NUL") || strings.Contains(name, "bytes")
			again := path[1:3] == "en" && name != "too long" && name != "NUL" // once in each language is enough
			if again || slices.Contains(acting, nameOf(route)) && !unreadable {
				continue
			}
			req := httptest.NewRequest(method, named(path, false), strings.NewReader(body))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			req.AddCookie(&http.Cookie{Name: "melek", Value: b.cookies["melek"]})
			res := k.send(req)
			page := readAll(t, res)
			refused := res.StatusCode >= 400 && res.StatusCode < 500
			if !refused && (unreadable || res.StatusCode >= 500 || !slices.Contains(harmless, nameOf(route))) {
				t.Errorf("%s with %s answers %d to %s", route, name, res.StatusCode, res.Header.Get("Location"))
			}
			if lang := fmt.Sprintf(`<html lang="%s"`, path[1:3]); refused && !strings.Contains(page, lang) {
				t.Errorf("%s with %s: no page in the person's language", route, name)
			}
			if strings.Contains(page, "<script>alert") {
				t.Errorf("%s with %s: what was sent is markup of the page", route, name)
			}
		}
		k.unchanged(before, route)
	}
}

// TestLookingChangesNothing asks for all that can be looked at, as an administrator. Who looked at whom is noted.
func TestLookingChangesNothing(t *testing.T) {
	k := newKit(t)
	k.furnishOthers()
	session := k.signIn(k.admin()).cookies["melek"]
	before := k.kept()
	for _, route := range k.routes() {
		if strings.HasPrefix(route, http.MethodGet) {
			k.told(route, "id=:person&course=contoh", session, false)
		}
	}
	for _, noted := range []string{"lines", "sessions of A-1"} { // and when the session was last used
		delete(before, noted)
	}
	for name, was := range before {
		if now := k.kept()[name]; now != was {
			t.Errorf("looking changes the %s:\n%s\n%s", name, was, now)
		}
	}
}

// TestTheAPITakesNoOtherShape delivers what is no list of records, and records whose fields are none.
func TestTheAPITakesNoOtherShape(t *testing.T) {
	k := newKit(t)
	token := k.token(k.register("P-1", people.Participant, firstVillage))
	before := k.kept()
	for _, body := range []string{"", "null", `{"$ne":1}`, "[", `"[]"`, "[1", "\x00", "\xff\xfe", strings.Repeat("[", 100_000)} {
		res, text := k.api(http.MethodPost, "/api/v1/records", token, body)
		if kind := res.Header.Get("Content-Type"); res.StatusCode < 400 || res.StatusCode >= 500 || kind != "application/problem+json" {
			t.Errorf("%.20q answers %d as %s: %s", body, res.StatusCode, kind, text)
		}
	}
	const good = `{"id":"0193a000-0000-7000-8000-000000000009","kind":"read","person":"P-1","course":"contoh",` +
		`"module":"satu","at":"2026-11-23T08:00:00+07:00"}`
	for name, spoilt := range map[string]string{
		"an operator":      strings.Replace(good, `"P-1"`, `{"$gt":""}`, 1),
		"a NUL":            strings.Replace(good, `P-1`, `P-1\u0000`, 1),
		"no text":          strings.Replace(good, `P-1`, "P-1\xff", 1),
		"half a surrogate": strings.Replace(good, `P-1`, `P-1\ud800`, 1),
		"too long":         strings.Replace(good, `P-1`, strings.Repeat("x", 65), 1),
		"a field twice":    strings.Replace(good, `"kind"`, `"person":"P-2","kind"`, 1),
		"no record":        "7",
		"a list":           "[]",
	} {
		res, text := k.api(http.MethodPost, "/api/v1/records", token, "["+spoilt+"]")
		if res.StatusCode != http.StatusOK || !strings.Contains(text, `"invalid"`) {
			t.Errorf("%s: %d %s", name, res.StatusCode, text)
		}
	}
	k.unchanged(before, "what is no record")
}
