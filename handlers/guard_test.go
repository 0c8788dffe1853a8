package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"melek/courses/people"
)

func TestEveryAnswerIsGuarded(t *testing.T) {
	k := newKit(t)
	token := k.token(k.register("A-1", people.Admin, "33.07"))
	for _, route := range append(k.routes(), "GET /nothing", "GET /id/nothing", "DELETE /id/") {
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer(":course", example, ":module", "satu", ":phase", "pre", ":n", "1",
			":area", firstDistrict, "*", "css/none.css").Replace(path)
		for _, by := range []string{"", "Bearer " + token} {
			req := httptest.NewRequest(method, path, nil)
			req.Header.Set("Authorization", by)
			res := k.send(req)
			_ = res.Body.Close()
			policy := res.Header.Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") ||
				strings.Contains(policy, "*") || strings.Contains(policy, "http") {
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
