package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// pairs are names of what is there and of what is not, as routes and forms name it. Which areas there are
// everybody may know.
var pairs = []struct{ in, there, absent string }{
	{":draft", example, "tidak-ada"}, {":course", example, "tidak-ada"}, {":module", "satu", "sembilan"},
	{":item", "kuis-1", "kuis-9"}, {":file", "course.yaml", "kursus.yaml"}, {":area", secondVillage, secondVillage},
	{":id", "0193a000-0000-7000-8000-000000000001", "0193a000-0000-7000-8000-000000000002"},
	{":person", "P-other", "P-nobody"}, {":workshop", "W-other", "W-nobody"}, {":request", "R-other", "R-nobody"},
	{":session", "hash-other", "hash-nobody"},
}

// named puts the names of what is there, or of what is not, into a route or a form.
func named(text string, absent bool) string {
	for _, p := range pairs {
		name := p.there
		if absent {
			name = p.absent
		}
		text = strings.ReplaceAll(text, p.in, name)
	}
	return strings.NewReplacer(":phase", "pre", ":n", "1", "*", "css/none.css").Replace(text)
}

var requestNumber = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// told is all that an answer tells, but for the names that were asked for and the number of the request.
func (k *kit) told(route, fields, session string, absent bool) string {
	k.t.Helper()
	method, path, _ := strings.Cut(named(route, absent), " ")
	fields = named(fields, absent)
	var req *http.Request
	if method == http.MethodPost {
		req = httptest.NewRequest(method, path, strings.NewReader(fields))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else {
		req = httptest.NewRequest(method, path+"?"+fields, nil)
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.AddCookie(&http.Cookie{Name: "melek", Value: session})
	res := k.send(req)
	all := res.Status + res.Header.Get("Location") + readAll(k.t, res)
	for _, p := range pairs {
		all = strings.NewReplacer(p.there, p.in, p.absent, p.in).Replace(all)
	}
	return requestNumber.ReplaceAllString(all, "")
}

// furnishOthers puts something of everything there that has a name and is somebody else's.
func (k *kit) furnishOthers() {
	k.t.Helper()
	ctx := k.t.Context()
	k.signIn(k.register("P-other", people.Participant, secondVillage))
	b := k.signIn(k.register("A-2", people.Admin, "33.07"))
	b.post("/id/author/"+example+"/begin", nil)
	b.post("/id/frozen", map[string][]string{"course": {example}})
	b.wants("Tanda tangan")
	for _, err := range []error{
		k.store.ChangeRequest(ctx, "R-other", func(r *store.Request) error {
			r.Person, r.Kind, r.State, r.MadeAt = "P-other", store.Access, store.RequestOpen, k.now()
			return nil
		}),
		k.store.PutSession(ctx, store.Session{Hash: "hash-other", Person: "P-other", Kind: store.Browser, MadeAt: k.now(),
			Expires: k.now().AddDate(1, 0, 0)}),
		k.store.ChangeWorkshop(ctx, "W-other", func(w *people.Workshop) error {
			w.Title, w.Area, w.From, w.To, w.Facilitators = "Bimtek", secondDistrict, "2026-11-23", "2026-11-23", []string{"F-2"}
			return nil
		}),
	} {
		if err != nil {
			k.t.Fatal(err)
		}
	}
}

// TestWhatIsNotYoursAnswersLikeWhatIsNotThere asks every route for what is there and somebody else's, and for
// what is not there: nobody who may not see it can tell which it is.
func TestWhatIsNotYoursAnswersLikeWhatIsNotThere(t *testing.T) {
	k := newKit(t)
	k.furnishOthers()
	const fields = "id=:person&person=:person&course=contoh&phase=pre&minutes=10&area=:area&workshop=:workshop"
	own := map[string]string{
		"POST /id/me/data/withdraw":   "id=:request",
		"POST /id/me/devices/end":     "key=:session",
		"POST /id/facilitate/open":    fields,
		"POST /id/facilitate/extend":  fields,
		"POST /id/facilitate/code":    "id=:person",
		"POST /id/forgotten":          "id=:person",
		"GET /id/forgotten":           "q=:person",
		"GET /id/facilitate":          "q=:person",
		"GET /api/v1/reports/gains":   "course=contoh&area=:area",
		"GET /id/reports/:area":       "course=contoh",
		"GET /id/reports/:area/forms": "course=contoh",
	}
	for _, role := range []people.Role{people.Participant, people.Facilitator, people.DistrictOfficer, people.Author} {
		session := k.signIn(k.register("X-"+string(role), role, firstDistrict)).cookies["melek"]
		for _, route := range k.routes() {
			r := rules[nameOf(route)]
			sent, ok := own[route]
			if !ok {
				sent, ok = fields, strings.Contains(route, ":workshop")
			}
			if r.open || (slices.Contains(r.roles, role) && !ok) || strings.HasPrefix(route, http.MethodHead) {
				continue // everybody's, or the asker's own
			}
			there, absent := k.told(route, sent, session, false), k.told(route, sent, session, true)
			if there != absent {
				t.Errorf("%s tells a %s whether it is there:\n%.300s\n%.300s", route, role, there, absent)
			}
		}
	}
}

// TestADeliveryTellsNothingOfOthers sends records of people whom the sender may not speak for: who is there, who
// is not and who was erased is answered alike, whether or not the record is known.
func TestADeliveryTellsNothingOfOthers(t *testing.T) {
	k := newKit(t)
	k.register("P-other", people.Participant, secondVillage)
	k.register("P-erased", people.Participant, secondVillage)
	say := func(person string) string {
		return `[{"id":"0193a000-0000-7000-8000-000000000009","kind":"enrolled","person":"` + person +
			`","course":"contoh","at":"2026-11-23T08:00:00+07:00"}]`
	}
	admin := k.token(k.register("A-1", people.Admin, "33.07"))
	for _, person := range []string{"P-other", "P-erased"} {
		if _, body := k.api(http.MethodPost, "/api/v1/records", admin, say(person)); !strings.Contains(body, `"stored"`) {
			t.Fatal(body)
		}
	}
	erased := record.Record{ID: uuid.NewString(), Kind: record.Erased, Person: "P-erased", At: k.now()}
	if err := k.ledger.Record(t.Context(), erased); err != nil {
		t.Fatal(err)
	}
	for _, role := range []people.Role{people.Participant, people.Facilitator, people.DistrictOfficer, people.Author} {
		token := k.token(k.register("X-"+string(role), role, firstDistrict))
		_, want := k.api(http.MethodPost, "/api/v1/records", token, say("P-nobody"))
		for _, person := range []string{"P-other", "P-erased"} {
			if _, got := k.api(http.MethodPost, "/api/v1/records", token, say(person)); got != want {
				t.Errorf("a %s is told of %s: %s, of nobody: %s", role, person, got, want)
			}
		}
	}
}
