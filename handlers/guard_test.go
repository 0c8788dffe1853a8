package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"melek/courses/people"
	"melek/handlers"
)

func TestEveryAnswerIsGuarded(t *testing.T) {
	k := newKit(t)
	token := k.token(k.register("A-1", people.Admin, "33.07"))
	for _, route := range append(k.routes(), "GET /nothing", "GET /id/nothing", "DELETE /id/", "TRACE /id/") {
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer(":course", example, ":module", "satu", ":phase", "pre", ":n", "1",
			":area", firstDistrict, "*", "css/none.css").Replace(path)
		for _, by := range []string{"", "Bearer " + token} {
			req := httptest.NewRequest(method, path, nil)
			req.Header.Set("Authorization", by)
			res := k.send(req)
			body := readAll(t, res)
			policy := res.Header.Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") ||
				strings.Contains(policy, "*") || strings.Contains(policy, "http") ||
				!strings.Contains(policy, "object-src 'none'; base-uri 'none'; frame-ancestors 'none'") {
				t.Errorf("%s: Content-Security-Policy %q", route, policy)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
				"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s: %s %q, want %q", route, name, got, want)
				}
			}
			if res.StatusCode == http.StatusOK && res.Header.Get("Cache-Control") == "" && !strings.HasSuffix(path, "z") {
				t.Errorf("%s: nothing says who may keep it", route)
			}
			kind := res.Header.Get("Content-Type")
			if body != "" && (kind == "" || strings.HasPrefix(kind, "text/") && !strings.HasSuffix(kind, "; charset=utf-8")) {
				t.Errorf("%s: is of the type %q", route, kind)
			}
			if res.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: may be read by other sites", route)
			}
			if method == http.MethodTrace && res.StatusCode < 400 {
				t.Errorf("%s answers %d", route, res.StatusCode)
			}
			if res.Header.Get("Server") != "" || res.Header.Get("X-Powered-By") != "" {
				t.Errorf("%s: says what it is made of", route)
			}
		}
	}
}

// TestChangesFromElsewhereAreRefused asks every route that changes something as a page of another site would.
func TestChangesFromElsewhereAreRefused(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	for _, route := range k.routes() {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodPost {
			continue
		}
		path = strings.NewReplacer(":course", example, ":module", "satu", ":phase", "pre", ":n", "1").Replace(path)
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example", "X": "neither"} {
			req := httptest.NewRequest(method, path, strings.NewReader("id=A-1&key=others&retired=yes"))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set(name, value)
			req.AddCookie(&http.Cookie{Name: "melek", Value: b.cookies["melek"]})
			res := k.send(req)
			_ = res.Body.Close()
			if res.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %s: %s answers %d, want 403", route, name, value, res.StatusCode)
			}
		}
	}
	if lines := k.lines(); lines != "" {
		t.Errorf("something was done:\n%s", lines)
	}
}

// overHTTPS is a kit whose public address is https.
func overHTTPS(t *testing.T) *kit {
	t.Helper()
	return newKit(t, func(s *handlers.Setup) { s.BaseURL = "https://melek.example" })
}

func TestHTTPSIsKeptTo(t *testing.T) {
	k := overHTTPS(t)
	const want = "max-age=31536000; includeSubDomains"
	for _, path := range []string{"/id/", "/nothing", "/api/v1/courses", "/api/v1/reports/gains", "/healthz", "/static/none"} {
		res := k.send(httptest.NewRequest(http.MethodGet, path, nil))
		_ = res.Body.Close()
		if got := res.Header.Get("Strict-Transport-Security"); got != want {
			t.Errorf("%s: Strict-Transport-Security %q, want %q", path, got, want)
		}
	}
	res := newKit(t).send(httptest.NewRequest(http.MethodGet, "/id/", nil))
	_ = res.Body.Close()
	if got := res.Header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("where there is no https, Strict-Transport-Security is %q", got)
	}
}

// TestCookiesStayHere looks at every cookie that a browser is given on the way in, through a choice of how pages
// look, and out.
func TestCookiesStayHere(t *testing.T) {
	k := overHTTPS(t)
	p := k.register("P-1", people.Participant, firstVillage)
	k.signIn(p)
	send := func(path, fields string, kept []*http.Cookie) *http.Response {
		t.Helper()
		req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields))
		if fields == "" {
			req = httptest.NewRequest(http.MethodGet, path, nil)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		for _, c := range kept {
			req.AddCookie(c)
		}
		res := k.send(req)
		_ = res.Body.Close()
		return res
	}
	in := send("/id/sign-in", "name=P-1&secret="+pinOf(p.Role), nil)
	out := send("/id/sign-out", "x=1", in.Cookies())
	look := send("/id/display", "size=large&theme=dark", nil)
	given := slices.Concat(send("/id/sign-in", "", nil).Cookies(), in.Cookies(), look.Cookies(), out.Cookies())
	names := map[string]bool{}
	for _, c := range given {
		names[c.Name] = true
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode ||
			c.Path != "/" || c.Domain != "" {
			t.Errorf("a cookie is given as %s", c)
		}
	}
	if len(names) != 4 {
		t.Errorf("the cookies are %v, want those of the session, the browser, the form and the look", names)
	}
	if got := out.Header.Get("Clear-Site-Data"); got != `"cache"` {
		t.Errorf("signing out answers with Clear-Site-Data %q", got)
	}
}

func TestNobodyIsSentElsewhereAfterSigningIn(t *testing.T) {
	k := newKit(t)
	k.signIn(k.register("P-1", people.Participant, firstVillage))
	for _, next := range []string{"https://evil.example/id/", "//evil.example/id/", `/\evil.example`, "/id/\\..", "javascript:alert(1)",
		"/sign-out", "/id", "/identity/", "/id/%0d%0aSet-Cookie:x=1", "/id/\r\nX: 1"} {
		fields := url.Values{"name": {"P-1"}, "secret": {"294857"}, "next": {next}}
		req := httptest.NewRequest(http.MethodPost, "/id/sign-in", strings.NewReader(fields.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		res := k.send(req)
		_ = res.Body.Close()
		to := res.Header.Get("Location")
		if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/id") || strings.Contains(to, "evil") ||
			strings.Contains(to, "identity") || res.Header.Get("X") != "" {
			t.Errorf("next=%q leads with %d to %q", next, res.StatusCode, to)
		}
	}
}
