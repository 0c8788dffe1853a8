package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

// rule says who may come in by one route. Everybody else is sent to sign in, or refused.
type rule struct {
	open  bool          // to all, signed in or not
	roles []people.Role // to those
	// browser is set where a token of the API does not do.
	browser bool
	// own and other are what to ask for in the asker's own area and in another, as a query or a form; a route
	// that reaches nobody's area has neither.
	own, other string
	// everywhere are the roles for which the other area is their own too.
	everywhere []people.Role
}

// with is the rule with more to ask for.
func (r rule) with(fields string) rule {
	r.own += fields
	if r.other != "" {
		r.other += fields
	}
	return r
}

var (
	toAll       = rule{open: true}
	toSignedIn  = rule{roles: people.Roles}
	toAuthors   = rule{roles: []people.Role{people.Admin, people.Author}}
	toAdmin     = rule{roles: []people.Role{people.Admin}}
	toReporters = rule{roles: []people.Role{people.DistrictOfficer, people.Admin}, own: "area=" + firstDistrict,
		other: "area=" + secondDistrict, everywhere: []people.Role{people.Admin}}
	toHelpers = rule{roles: []people.Role{people.Facilitator, people.Admin},
		own: "id=P-own&course=" + example + "&phase=pre&minutes=10", other: "id=P-other&course=" + example + "&phase=pre&minutes=10",
		everywhere: []people.Role{people.Admin}}
	toRescuers = rule{roles: []people.Role{people.Facilitator, people.DistrictOfficer, people.Admin}, own: "id=P-own",
		other: "id=P-other", everywhere: []people.Role{people.Admin}}
	toReviewers   = rule{roles: []people.Role{people.Admin, people.Author}}
	toTokenMakers = rule{roles: []people.Role{people.Facilitator, people.DistrictOfficer, people.Admin, people.Author},
		browser: true}
	// The list itself is narrowed to whom they reach; see TestListsShowTheOwnPeopleOnly.
	toFacilitators = rule{roles: toHelpers.roles}
	toHolders      = rule{roles: []people.Role{people.Facilitator, people.DistrictOfficer, people.Admin}}
	// The own workshop is R-facilitator's in the first kecamatan, the other one is another's in the second.
	toOwnWorkshop = rule{roles: toHolders.roles, own: "workshop=w-R-facilitator", other: "workshop=w-F-other",
		everywhere: []people.Role{people.Admin}}
)

// rules are who may do what, route by route. A new route has its line here: say who may, and how to ask it for
// one's own area and for another.
var rules = map[string]rule{
	"GET /":                               toAll,
	"GET /static/*":                       toAll,
	"GET /pictures/:course/:digest/:name": toAll,
	"GET /healthz":                        toAll,
	"GET /readyz":                         toAll,
	"GET /api/v1/courses":                 toAll,
	"GET /api/v1/areas":                   toAll,
	"GET /api/v1/openapi.json":            toAll,
	"POST /api/v1/records":                toSignedIn,
	"GET /api/v1/reports/gains":           toReporters,
	"GET /api/v1/reports/completion":      toReporters,
	"GET /api/v1/reports/linked":          toReporters,
	"GET /api/v1/reports/items":           toReviewers,
	"GET /api/v1/open/gains":              toAll,

	"GET /:lang/":         toAll,
	"GET /:lang/about":    toAll,
	"GET /:lang/glossary": toAll,
	"GET /:lang/display":  toAll,
	"GET /:lang/privacy":  toAll,
	"POST /:lang/privacy": {roles: people.Roles, browser: true},

	"GET /:lang/me/data":           {roles: people.Roles, browser: true},
	"GET /:lang/me/data.json":      {roles: people.Roles, browser: true},
	"GET /:lang/me/data.html":      {roles: people.Roles, browser: true},
	"POST /:lang/me/data/ask":      {roles: people.Roles, browser: true},
	"POST /:lang/me/data/withdraw": {roles: people.Roles, browser: true},
	"GET /:lang/processing":        toAdmin,
	"GET /:lang/processing.csv":    toAdmin,
	"GET /:lang/retention":         toAdmin,
	"GET /:lang/requests":          toAdmin,
	"POST /:lang/requests/new":     toAdmin,
	"POST /:lang/requests/answer":  toAdmin,
	"GET /:lang/people/erase":      toAdmin,
	"POST /:lang/people/erase":     toAdmin,
	"POST /:lang/display":          toAll,
	"GET /:lang/sign-in":           toAll,
	"POST /:lang/sign-in":          toAll,
	"POST /:lang/sign-out":         toAll,
	"GET /:lang/setup":             toAll,
	"POST /:lang/setup":            toAll,
	"GET /:lang/pin":               {roles: people.Roles, browser: true},
	"POST /:lang/pin":              {roles: people.Roles, browser: true},

	// Who is wholly signed in has nothing to prove by a second factor, and may take one up.
	"GET /:lang/second":      {},
	"POST /:lang/second":     {},
	"GET /:lang/second/new":  {roles: people.Roles, browser: true},
	"POST /:lang/second/new": {roles: people.Roles, browser: true},

	"GET /:lang/me/devices":      {roles: people.Roles, browser: true},
	"POST /:lang/me/devices/end": {roles: people.Roles, browser: true},
	"GET /:lang/me/tokens":       toTokenMakers,
	"POST /:lang/me/tokens":      toTokenMakers,

	"GET /:lang/me":                                                toSignedIn,
	"GET /:lang/courses/:course":                                   toSignedIn,
	"POST /:lang/courses/:course":                                  toSignedIn,
	"GET /:lang/courses/:course/result":                            toSignedIn,
	"GET /:lang/courses/:course/proof":                             toSignedIn,
	"GET /:lang/courses/:course/modules/:module":                   toSignedIn,
	"POST /:lang/courses/:course/modules/:module/read":             toSignedIn,
	"GET /:lang/courses/:course/modules/:module/quiz":              toSignedIn,
	"GET /:lang/courses/:course/modules/:module/quiz/:n":           toSignedIn,
	"POST /:lang/courses/:course/modules/:module/quiz/:n":          toSignedIn,
	"POST /:lang/courses/:course/modules/:module/quiz/:n/language": toSignedIn,
	"POST /:lang/courses/:course/modules/:module/quiz/:n/display":  toSignedIn,
	"GET /:lang/courses/:course/test/:phase":                       toSignedIn,
	"POST /:lang/courses/:course/test/:phase":                      toSignedIn,
	"GET /:lang/courses/:course/test/:phase/review":                toSignedIn,
	"POST /:lang/courses/:course/test/:phase/review":               toSignedIn,
	"GET /:lang/courses/:course/test/:phase/:n":                    toSignedIn,
	"POST /:lang/courses/:course/test/:phase/:n":                   toSignedIn,
	"POST /:lang/courses/:course/test/:phase/:n/language":          toSignedIn,
	"POST /:lang/courses/:course/test/:phase/:n/display":           toSignedIn,

	"GET /:lang/reports":                      toReporters,
	"GET /:lang/reports.csv":                  toReporters,
	"GET /:lang/reports.xlsx":                 toReporters,
	"GET /:lang/reports.pdf":                  toReporters,
	"GET /:lang/reports/:area":                toReporters,
	"GET /:lang/reports/:area/forms":          toReporters,
	"GET /:lang/facilitate":                   toFacilitators,
	"POST /:lang/facilitate/open":             toHelpers,
	"POST /:lang/facilitate/extend":           toHelpers,
	"POST /:lang/facilitate/code":             toHelpers,
	"GET /:lang/workshops":                    toHolders,
	"GET /:lang/workshops/new":                toHolders,
	"POST /:lang/workshops/new":               toHolders,
	"GET /:lang/workshops/:workshop":          toOwnWorkshop,
	"GET /:lang/workshops/:workshop/edit":     toOwnWorkshop,
	"POST /:lang/workshops/:workshop/edit":    toOwnWorkshop,
	"POST /:lang/workshops/:workshop/cancel":  toOwnWorkshop.with("&do=restore"),
	"GET /:lang/workshops/:workshop/screen":   toOwnWorkshop,
	"POST /:lang/workshops/:workshop/code":    toOwnWorkshop.with("&do=new"),
	"GET /:lang/workshops/:workshop/roster":   toOwnWorkshop,
	"POST /:lang/workshops/:workshop/roster":  toOwnWorkshop.with("&person=P-own"),
	"POST /:lang/workshops/:workshop/strike":  toOwnWorkshop.with("&id=P-nobody"),
	"POST /:lang/workshops/:workshop/release": toOwnWorkshop.with("&id=P-own"),

	"GET /:lang/hall":        toAll,
	"POST /:lang/hall":       toAll,
	"POST /:lang/hall/name":  toAll,
	"POST /:lang/hall/enter": toAll,

	"GET /:lang/forgotten":  {roles: toRescuers.roles},
	"POST /:lang/forgotten": toRescuers,

	"GET /:lang/author":                                 toAuthors,
	"POST /:lang/author/new":                            toAuthors,
	"POST /:lang/author/take":                           toAuthors,
	"GET /:lang/author/:draft":                          toAuthors,
	"POST /:lang/author/:draft/begin":                   toAuthors,
	"POST /:lang/author/:draft/discard":                 toAuthors,
	"GET /:lang/author/:draft/changes":                  toAuthors,
	"POST /:lang/author/:draft/publish":                 toAuthors,
	"POST /:lang/author/:draft/confirm":                 toAuthors,
	"GET /:lang/author/:draft/draft.zip":                toAuthors,
	"GET /:lang/author/:draft/published.zip":            toAuthors,
	"GET /:lang/author/:draft/course":                   toAuthors,
	"POST /:lang/author/:draft/course":                  toAuthors,
	"POST /:lang/author/:draft/modules":                 toAuthors,
	"POST /:lang/author/:draft/items":                   toAuthors,
	"POST /:lang/author/:draft/move":                    toAuthors,
	"GET /:lang/author/:draft/modules/:module":          toAuthors,
	"POST /:lang/author/:draft/modules/:module":         toAuthors,
	"POST /:lang/author/:draft/modules/:module/preview": toAuthors,
	"POST /:lang/author/:draft/modules/:module/remove":  toAuthors,
	"GET /:lang/author/:draft/items/:item":              toAuthors,
	"POST /:lang/author/:draft/items/:item":             toAuthors,
	"POST /:lang/author/:draft/items/:item/preview":     toAuthors,
	"POST /:lang/author/:draft/items/:item/remove":      toAuthors,
	"GET /:lang/author/:draft/items/:item/history":      toAuthors,
	"GET /:lang/author/:draft/files/:file":              toAuthors,
	"POST /:lang/author/:draft/files/:file":             toAuthors,

	"GET /:lang/people":                 toAdmin,
	"GET /:lang/people/one":             toAdmin,
	"GET /:lang/people/new":             toAdmin,
	"POST /:lang/people/new":            toAdmin,
	"GET /:lang/people/edit":            toAdmin,
	"POST /:lang/people/edit":           toAdmin,
	"POST /:lang/people/move":           toAdmin,
	"POST /:lang/people/retire":         toAdmin,
	"POST /:lang/people/code":           toAdmin,
	"POST /:lang/people/second":         toAdmin,
	"POST /:lang/people/sessions":       toAdmin,
	"GET /:lang/people/import":          toAdmin,
	"POST /:lang/people/import":         toAdmin,
	"POST /:lang/people/import/confirm": toAdmin,
	"GET /:lang/people/example.csv":     toAdmin,
	"GET /:lang/people/slips":           toAdmin,
	"POST /:lang/people/slips":          toAdmin,
	"GET /:lang/method":                 {roles: toReporters.roles},
	"GET /:lang/frozen":                 toAdmin,
	"POST /:lang/frozen":                toAdmin,
	"GET /:lang/frozen/:id":             toAdmin,
	"GET /:lang/frozen/:id/report.json": toAdmin,
	"GET /:lang/audit":                  toAdmin,
	"GET /:lang/audit.csv":              toAdmin,
	"GET /:lang/audit.ndjson":           toAdmin,
	"GET /:lang/items":                  toReviewers,
	"GET /:lang/items/one":              toReviewers,
	"POST /:lang/items/review":          toReviewers,
}

// routes are those that the router knows, each as method and pattern.
func (k *kit) routes() []string {
	var all []string
	for _, r := range k.app.GetRoutes(true) {
		if name := r.Method + " " + r.Path; !slices.Contains(all, name) && r.Path != "/" || name == "GET /" {
			all = append(all, name)
		}
	}
	return all
}

// nameOf is a route as rules names it: a page is one in both languages, and HEAD is GET.
func nameOf(route string) string {
	method, path, _ := strings.Cut(route, " ")
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for _, lang := range []string{"/id/", "/en/"} {
		if rest, ok := strings.CutPrefix(path, lang); ok {
			path = "/:lang/" + rest
		}
	}
	return method + " " + path
}

func TestEveryRouteHasItsRule(t *testing.T) {
	known := map[string]bool{}
	for _, route := range newKit(t).routes() {
		name := nameOf(route)
		known[name] = true
		if _, ok := rules[name]; !ok {
			t.Errorf("%s has no rule: say in rules who may do it", name)
		}
	}
	for name := range rules {
		if !known[name] {
			t.Errorf("rules speaks of %s, which is no route", name)
		}
	}
}

// asker is somebody who tries every route: of a role, or of nobody.
type asker struct {
	name  string
	role  people.Role // empty: nobody
	token string      // of a browser, or of the API
	api   bool
}

// askers are each role by browser and by token, and what must have no role: nobody, a session that may only
// choose a PIN, one who has left, and an administrator and an officer whose postings are over.
func (k *kit) askers() []asker {
	k.t.Helper()
	all := []asker{{name: "nobody"}, {name: "a stranger's token", token: "made-up", api: true}}
	add := func(name string, counts people.Role, p people.Person) {
		all = append(all, asker{name + " by browser", counts, k.signIn(p).cookies["melek"], false},
			asker{name + " by token", counts, k.token(p), true})
	}
	for _, role := range people.Roles {
		add(string(role), role, k.register("R-"+string(role), role, firstDistrict))
		ended := k.register("E-"+string(role), role, firstDistrict)
		ended.Postings = []people.Posting{{Area: firstDistrict, To: "2026-11-22"}}
		k.put(ended)
		add(string(role)+" whose posting is over", people.Participant, ended)
	}
	gone := k.register("R-gone", people.Admin, "33.07")
	left := k.signIn(gone)
	gone.Retired = true
	k.put(gone)
	k.wait(time.Minute) // another process let the person go: what is known of the session here must age
	code, err := k.door.MakeCode(k.t.Context(), "R-admin")
	if err != nil {
		k.t.Fatal(err)
	}
	first, err := k.door.SignIn(k.t.Context(), access.Try{Name: "R-admin", Secret: code})
	if err != nil {
		k.t.Fatal(err)
	}
	return append(all, asker{name: "an administrator who has left", token: left.cookies["melek"]},
		asker{name: "an administrator who has yet to choose a password", token: first.Token})
}

// put keeps a person as given.
func (k *kit) put(p people.Person) {
	k.t.Helper()
	err := k.store.Change(k.t.Context(), func(tx store.Tx) error { return tx.PutPeople([]people.Person{p}) })
	if err != nil {
		k.t.Fatal(err)
	}
}

// attempt asks a route and reports whether it let the asker in: whatever it answers but «sign in» and «not
// you».
func (k *kit) attempt(route, fields string, by asker) bool {
	k.t.Helper()
	method, path, _ := strings.Cut(route, " ")
	values, err := url.ParseQuery(fields)
	if err != nil {
		k.t.Fatal(err)
	}
	path = strings.NewReplacer(":workshop", values.Get("workshop"), ":draft", example, ":item", "kuis-1", ":file", "course.yaml", ":course", example, ":module", "satu", ":phase", "pre", ":n", "1",
		":area", values.Get("area"), "*", "css/none.css").Replace(path)
	body := ""
	if method == http.MethodPost {
		body = fields
	} else if fields != "" {
		path += "?" + fields
	}
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if by.api {
		req.Header.Set("Authorization", "Bearer "+by.token)
	} else if by.token != "" {
		req.AddCookie(&http.Cookie{Name: "melek", Value: by.token})
	}
	res := k.send(req)
	_ = res.Body.Close()
	to := res.Header.Get("Location")
	sent := strings.Contains(to, "/sign-in?next=") || strings.HasSuffix(to, "/pin")
	if res.StatusCode >= http.StatusInternalServerError {
		k.t.Errorf("%s %s for %s answers %d", route, fields, by.name, res.StatusCode)
	}
	return res.StatusCode != http.StatusUnauthorized && res.StatusCode != http.StatusForbidden && !sent
}

func TestWhoMayDoWhat(t *testing.T) {
	k := newKit(t)
	k.register("P-own", people.Participant, firstVillage)
	k.register("P-other", people.Participant, secondVillage)
	askers := k.askers()
	k.holdBoth()
	for _, route := range k.routes() {
		r := rules[nameOf(route)]
		if nameOf(route) == "POST /:lang/sign-out" {
			continue // would end the askers' sessions
		}
		for _, by := range askers {
			may := r.open || slices.Contains(r.roles, by.role)
			if strings.HasSuffix(route, "/pin") && strings.Contains(by.name, "yet to choose") {
				may = true
			}
			may = may && !(r.browser && by.api)
			if got := k.attempt(route, r.own, by); got != may {
				t.Errorf("%s %s lets %s in: %v, want %v", route, r.own, by.name, got, may)
			}
			if r.other == "" {
				continue
			}
			may = may && slices.Contains(r.everywhere, by.role)
			if strings.HasSuffix(route, "/reports") && by.role == people.DistrictOfficer {
				may = true // is led to the own area, see the reports' tests
			}
			if got := k.attempt(route, r.other, by); got != may {
				t.Errorf("%s %s lets %s in: %v, want %v", route, r.other, by.name, got, may)
			}
		}
	}
}

// holdBoth keeps a workshop of R-facilitator with P-own on its roster, and one of another in the second kecamatan.
func (k *kit) holdBoth() {
	k.t.Helper()
	k.hold("R-facilitator", "P-own")
	other := k.hold("F-other", "P-other")
	other.Area, other.Code = secondDistrict, "ZZZZZZ"
	k.keep(other)
}

func TestListsShowTheOwnPeopleOnly(t *testing.T) {
	k := newKit(t)
	k.register("P-own", people.Participant, firstVillage)
	k.register("P-unlisted", people.Participant, firstVillage)
	k.register("P-other", people.Participant, secondVillage)
	k.holdBoth()
	for _, role := range []people.Role{people.Facilitator, people.DistrictOfficer} {
		b := k.signIn(k.register("R-"+string(role), role, firstDistrict))
		for _, path := range []string{"/id/facilitate", "/id/forgotten"} {
			for _, query := range []string{"", "?area=" + secondDistrict, "?area=33.07", "?q=P-other", "?area=",
				"?workshop=w-F-other"} {
				b.open(path + query)
				if strings.Contains(b.body, "Sri P-other") {
					t.Errorf("%s%s shows a %s somebody of another kecamatan", path, query, role)
				}
				if role == people.Facilitator && strings.Contains(b.body, "Sri P-unlisted") {
					t.Errorf("%s%s shows a facilitator somebody who is on none of the own rosters", path, query)
				}
			}
		}
	}
}

func TestAnOfficerHelpsWithAForgottenPIN(t *testing.T) {
	k := newKit(t)
	k.participant("P-1")
	b := k.signIn(k.officer(firstDistrict))
	b.open("/id/")
	b.click("Lupa PIN")
	b.wants("Sri P-1", "Desa Kaligowong")
	b.lacks("K-" + firstDistrict + " ")
	b.press("Buat kode")
	if code := b.secret(); !k.opens("P-1", code) {
		t.Errorf("the code %q does not open", code)
	}
	if want := fmt.Sprintf("K-%s code.make P-1", firstDistrict); !strings.Contains(k.lines(), want) {
		t.Errorf("the audit log does not tell of it:\n%s", k.lines())
	}
}
