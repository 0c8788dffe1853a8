package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"melek/courses/people"
	"melek/handlers"
)

func rated(s *handlers.Setup) { s.Rates = handlers.Rates{} }

// ask sends a GET and returns the status; a token is of the API, an address stands for another client.
func (k *kit) ask(path, token, address string) *http.Response {
	k.t.Helper()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if address != "" {
		req.Header.Set("X-Forwarded-For", address)
	}
	res := k.send(req)
	_ = res.Body.Close()
	return res
}

// until asks again and again, at most n times, until it is refused, and returns how often it was let in.
func (k *kit) until(n int, path, token, address string) (int, *http.Response) {
	k.t.Helper()
	for i := range n {
		if res := k.ask(path, token, address); res.StatusCode == http.StatusTooManyRequests {
			return i, res
		}
	}
	return n, nil
}

func TestOnePersonAsksOnlySoMuch(t *testing.T) {
	k := newKit(t, rated)
	token := k.token(k.register("F-1", people.Facilitator, firstDistrict))
	other := k.token(k.register("F-2", people.Facilitator, firstDistrict))
	n, res := k.until(1000, "/api/v1/courses", token, "")
	if n < 100 || res == nil {
		t.Fatalf("%d requests let in, want 100 or more and then no more", n)
	}
	wait, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || wait < 1 || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("Retry-After %q of %q", res.Header.Get("Retry-After"), res.Header.Get("Content-Type"))
	}
	if res := k.ask("/en/me", token, ""); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a page answers %d, want it counted with the API", res.StatusCode)
	}
	if res := k.ask("/api/v1/courses", other, ""); res.StatusCode != http.StatusOK {
		t.Errorf("somebody else gets %d", res.StatusCode)
	}
	k.wait(time.Duration(wait) * time.Second)
	if res := k.ask("/api/v1/courses", token, ""); res.StatusCode != http.StatusOK {
		t.Errorf("after Retry-After %d", res.StatusCode)
	}
}

func TestTooManyRequestsAreSaidInWords(t *testing.T) {
	k := newKit(t, func(s *handlers.Setup) { s.Rates.Person = handlers.Rate{PerSecond: 0.1, AtOnce: 1} })
	p := k.register("P-1", people.Participant, firstVillage)
	entry, err := k.door.ChoosePIN(t.Context(), p, pinOf(p.Role), "")
	if err != nil {
		t.Fatal(err)
	}
	for lang, words := range map[string]string{"id": "Terlalu banyak permintaan", "en": "Too many requests"} {
		b := k.browser()
		b.cookies["melek"] = entry.Token
		b.open("/" + lang + "/about")
		b.open("/" + lang + "/about")
		b.wants(words)
		if b.status != http.StatusTooManyRequests {
			t.Errorf("status %d, want 429", b.status)
		}
	}
}

// Forty people behind one address open the sign-in page with all that belongs to it, mistype once, sign in, choose
// a PIN and begin, within moments.
func TestAHallNeverMeetsTheLimit(t *testing.T) {
	k := newKit(t, rated)
	for i := range 40 {
		id := fmt.Sprintf("P-%d", i)
		k.register(id, people.Participant, firstVillage)
		code, err := k.door.MakeCode(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		b := k.browser()
		for range 20 { // styles, scripts and pictures
			k.ask("/static/css/none.css", "", "")
		}
		b.open("/")
		b.open("/id/sign-in")
		b.press("Masuk", "name="+id, "secret=AAAAA-AAAAA")
		b.press("Masuk", "name="+id, "secret="+code)
		b.press("Simpan", "pin=294857", "again=294857")
		if b.status != http.StatusOK || strings.Contains(b.path, "sign-in") {
			t.Fatalf("%s is at %s, %d", id, b.path, b.status)
		}
	}
}

func TestANetworkAsksOnlySoMuch(t *testing.T) {
	k := newKit(t, func(s *handlers.Setup) {
		s.Rates.Network = handlers.Rate{PerSecond: 0.1, AtOnce: 1000} // the clock of tests is quick
		s.TrustedProxies = []string{"0.0.0.0"}
	})
	if n, _ := k.until(5000, "/id/nowhere", "made-up", "2001:db8::1"); n < 1000 || n == 5000 {
		t.Errorf("%d requests of nobody let in, want 1000 or more and then no more", n)
	}
	for address, want := range map[string]int{"2001:db8::2": http.StatusTooManyRequests, "192.0.2.1": http.StatusOK} {
		if res := k.ask("/id/sign-in", "", address); res.StatusCode != want {
			t.Errorf("%s gets %d, want %d", address, res.StatusCode, want)
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/static/css/none.css"} {
		if res := k.ask(path, "", "2001:db8::1"); res.StatusCode == http.StatusTooManyRequests {
			t.Errorf("%s is counted", path)
		}
	}
}

// A delivery of a thousand records is one request.
func TestADeliveryCountsAsOne(t *testing.T) {
	k := newKit(t, func(s *handlers.Setup) { s.Rates.Person = handlers.Rate{PerSecond: 0.1, AtOnce: 1} })
	p := k.register("P-1", people.Participant, firstVillage)
	records := make([]string, 500)
	for i := range records {
		records[i] = fmt.Sprintf(`{"id":"0193a000-0000-7000-8000-%012d","kind":"enrolled","person":"P-1","course":%q,
			"at":"2026-11-23T08:00:00+07:00"}`, i, example)
	}
	res, body := k.api(http.MethodPost, "/api/v1/records", k.token(p), "["+strings.Join(records, ",")+"]")
	if res.StatusCode != http.StatusOK || strings.Count(body, "stored") != len(records) {
		t.Errorf("%d: %.200s", res.StatusCode, body)
	}
}
