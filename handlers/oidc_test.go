package handlers_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"melek/courses/people"
	"melek/handlers"
)

// provider is an identity provider of the tests: whoever comes is the subject, at once.
type provider struct {
	*httptest.Server
	t         testing.TB
	kit       *kit
	key       *rsa.PrivateKey
	subject   string
	nonce     string // given instead of the one that was asked for, where it is set
	audience  string
	asked     url.Values // of the last authorization
	code      string
	exchanged int
}

func newProvider(t testing.TB) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, key: key, subject: "pegawai-7", audience: "melek"}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.send(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token",
			"jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		p.send(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *provider) send(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// token gives a token for the code, once, to whom the challenge came from.
func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	if r.PostForm.Get("code") != p.code || p.code == "" ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != p.asked.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		p.send(w, map[string]string{"error": "invalid_grant"})
		return
	}
	p.code = ""
	p.exchanged++
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: p.key},
		(&jose.SignerOptions{}).WithHeader("kid", "k"))
	if err != nil {
		p.t.Error(err)
		return
	}
	nonce := p.asked.Get("nonce")
	if p.nonce != "" {
		nonce = p.nonce
	}
	now := p.kit.now()
	raw, err := jwt.Signed(signer).Claims(jwt.Claims{Issuer: p.URL, Subject: p.subject, Audience: jwt.Audience{p.audience},
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute))}).
		Claims(map[string]any{"nonce": nonce}).Serialize()
	if err != nil {
		p.t.Error(err)
	}
	p.send(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": raw})
}

// vouch is where the provider sends a browser back that came to the address.
func (p *provider) vouch(address string) string {
	p.t.Helper()
	to, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, p.URL+"/auth?") {
		p.t.Fatalf("the browser is sent to %q, %v", address, err)
	}
	p.asked, p.code = to.Query(), rand.Text()
	for name, want := range map[string]string{"response_type": "code", "client_id": "melek", "scope": "openid",
		"code_challenge_method": "S256", "redirect_uri": "http://example.com/oidc/callback"} {
		if got := p.asked.Get(name); got != want {
			p.t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	return "/oidc/callback?" + url.Values{"state": {p.asked.Get("state")}, "code": {p.code}}.Encode()
}

// federated is a program whose office has an identity provider.
func federated(t *testing.T) (*kit, *provider) {
	p := newProvider(t)
	k := newKit(t, func(s *handlers.Setup) {
		s.Federation = handlers.Federation{Issuer: p.URL, ClientID: "melek", ClientSecret: "secret"}
	})
	p.kit = k
	return k, p
}

// depart asks for the page and returns where the browser is sent, its cookies kept.
func (b *browser) depart(path string) string {
	b.kit.t.Helper()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res := b.kit.send(req)
	_ = res.Body.Close()
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
	}
	return res.Header.Get("Location")
}

// linked links an administrator to the provider.
func linked(t *testing.T, k *kit, p *provider) {
	t.Helper()
	b := k.signIn(k.admin())
	b.open("/id/me/devices")
	b.press("Tautkan akun kantor", "current=salah")
	b.wants("belum cocok")
	b.press("Tautkan akun kantor", "current="+pinOf(people.Admin))
	b.open(p.vouch(attr(b.find("Lanjut ke akun kantor", "a"), "href")))
	b.wants("Akun kantor sudah ditautkan")
	if !strings.Contains(k.lines(), "A-1 office.link A-1") {
		t.Errorf("the audit log does not tell of it:\n%s", k.lines())
	}
}

func TestSigningInByTheOffice(t *testing.T) {
	k, p := federated(t)
	linked(t, k, p)
	b := k.browser()
	b.open("/id/sign-in")
	b.wants("Masuk dengan akun kantor")
	b.open(p.vouch(b.depart("/id/sign-in/office?next=/id/people")))
	b.wants("Tambah satu orang")
}

func TestTheOfficeVouchesForNobodyUnknown(t *testing.T) {
	k, p := federated(t)
	linked(t, k, p)
	tests := []struct {
		name   string
		change func(back string) string
	}{
		{"a subject that nobody is linked to", func(back string) string { p.subject = "pegawai-8"; return back }},
		{"a token for another program", func(back string) string { p.audience = "other"; return back }},
		{"the nonce of another flight", func(back string) string { p.nonce = "another"; return back }},
		{"the state of another flight", func(back string) string { return strings.Replace(back, "state=", "state=x", 1) }},
		{"a code that the provider did not give", func(back string) string { return back[:len(back)-3] + "xyz" }},
		{"the challenge of another flight", func(back string) string { p.asked.Set("code_challenge", "x"); return back }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p.subject, p.audience, p.nonce = "pegawai-7", "melek", ""
			b := k.browser()
			b.open(tt.change(p.vouch(b.depart("/id/sign-in/office"))))
			if b.status < 400 || b.cookies["melek"] != "" {
				t.Errorf("%s answers %d:\n%s", b.path, b.status, b.text())
			}
		})
	}
	p.subject, p.audience, p.nonce = "pegawai-7", "melek", ""
	b := k.browser()
	back := p.vouch(b.depart("/id/sign-in/office"))
	stranger := k.browser()
	if stranger.open(back); stranger.status < 400 {
		t.Error("a browser that did not depart arrives")
	}
	b.open(back)
	if b.open(back); b.status < 400 {
		t.Error("the same return arrives twice")
	}
}

func TestWhoHasLeftIsNotVouchedFor(t *testing.T) {
	k, p := federated(t)
	linked(t, k, p)
	gone := k.known("A-1")
	gone.Retired = true
	k.put(gone)
	b := k.browser()
	if b.open(p.vouch(b.depart("/id/sign-in/office"))); b.status != http.StatusForbidden || b.cookies["melek"] != "" {
		t.Errorf("%s answers %d", b.path, b.status)
	}
}

func TestASubjectIsOnePersons(t *testing.T) {
	k, p := federated(t)
	linked(t, k, p)
	b := k.signIn(k.officer(firstDistrict))
	b.open("/id/me/devices")
	b.press("Tautkan akun kantor", "current="+pinOf(people.DistrictOfficer))
	b.open(p.vouch(attr(b.find("Lanjut ke akun kantor", "a"), "href")))
	if b.status != http.StatusConflict {
		t.Errorf("status %d, want 409", b.status)
	}
	admin := k.signIn(k.known("A-1"))
	admin.open("/id/me/devices")
	admin.press("Lepas tautan")
	admin.wants("Tautan sudah dilepas")
	b = k.browser()
	if b.open(p.vouch(b.depart("/id/sign-in/office"))); b.cookies["melek"] != "" {
		t.Error("a link that was taken away opens")
	}
}

// TestAProviderLeadsNowhereElse has the provider send the program on to another address of the network.
func TestAProviderLeadsNowhereElse(t *testing.T) {
	reached := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer inside.Close()
	elsewhere := httptest.NewServer(http.RedirectHandler(inside.URL, http.StatusTemporaryRedirect))
	defer elsewhere.Close()
	k := newKit(t, func(s *handlers.Setup) {
		s.Federation = handlers.Federation{Issuer: elsewhere.URL, ClientID: "melek", ClientSecret: "x"}
	})
	res := k.send(httptest.NewRequest(http.MethodGet, "/id/sign-in/office", nil))
	_ = res.Body.Close()
	if res.StatusCode != http.StatusServiceUnavailable || reached {
		t.Errorf("answers %d; another address was asked: %v", res.StatusCode, reached)
	}
}

func TestAProviderThatIsAwayStopsNothingElse(t *testing.T) {
	k, p := federated(t)
	p.Close()
	k.participant("P-1")
	b := k.browser()
	if b.open("/id/sign-in/office"); b.status != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", b.status)
	}
	b.signInAs("P-1", pinOf(people.Participant))
	b.open("/id/me")
	b.wants("P-1")
}

// The routes that an identity provider adds are asked for without anybody's leave but their own checks.
func TestTheOfficesRoutesHaveTheirRule(t *testing.T) {
	k, _ := federated(t)
	extra := map[string]bool{"GET /oidc/callback": true, "GET /:lang/sign-in/office": true, "POST /:lang/me/office": true,
		"POST /:lang/me/office/end": true}
	for _, route := range k.routes() {
		if _, ok := rules[nameOf(route)]; !ok && !extra[nameOf(route)] {
			t.Errorf("%s has no rule", route)
		}
	}
	for _, by := range k.askers() {
		for _, route := range []string{"POST /id/me/office", "POST /id/me/office/end"} {
			if may := by.role != "" && !by.api; k.attempt(route, "", by) != may {
				t.Errorf("%s lets %s in: want %v", route, by.name, may)
			}
		}
	}
}
