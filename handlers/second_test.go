package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"

	"melek/courses/access"
	"melek/courses/people"
	"melek/handlers"
)

// demandsSecond is the setup of an office that goes on the internet.
func demandsSecond(s *handlers.Setup) {
	setup := s.Door.Setup
	setup.SecondFactor = true
	s.Door = access.NewDoor(setup)
}

// signInAs types the number and the secret of somebody into the sign-in page.
func (b *browser) signInAs(id, secret string) *view {
	b.kit.t.Helper()
	b.open("/id/sign-in")
	return b.press("Masuk", "name="+id, "secret="+secret)
}

// secondSecret is the key that the page offers for the app.
func (v *view) secondSecret() string {
	key := ""
	each(v.root, func(n *html.Node) {
		if to := attr(n, "href"); strings.HasPrefix(to, "otpauth://") {
			_, key, _ = strings.Cut(to, "secret=")
			key, _, _ = strings.Cut(key, "&")
		}
	})
	return key
}

// codeOf is what the app shows now.
func (k *kit) codeOf(secret string) string {
	k.t.Helper()
	code, err := totp.GenerateCode(secret, k.now())
	if err != nil {
		k.t.Fatal(err)
	}
	return code
}

func TestAnAdministratorTakesUpASecondFactor(t *testing.T) {
	k := newKit(t, demandsSecond)
	k.signIn(k.admin()) // has a password now
	b := k.browser()
	b.signInAs("A-1", pinOf(people.Admin))
	b.wants("Pasang kode kedua", "Pindai gambar ini")
	if !strings.Contains(b.body, `src="data:image/png;base64,`) {
		t.Error("there is no QR code")
	}
	b.open("/id/people")
	b.wants("Pasang kode kedua")
	secret := b.secondSecret()
	b.press("Pasang", "code=000000")
	b.wants("Kode belum cocok")
	b.press("Pasang", "code="+k.codeOf(secret))
	b.wants("Kode cadangan")
	recovery := ""
	each(b.root, func(n *html.Node) {
		if n.Data == "li" && strings.Count(textOf(n), "-") == 1 && len(textOf(n)) == 11 {
			recovery = textOf(n)
		}
	})
	b.click("Sudah saya simpan")
	b.open("/id/people")
	b.wants("Data orang")
	if !strings.Contains(k.lines(), "A-1 second.enrol A-1") {
		t.Errorf("the audit log does not tell of it:\n%s", k.lines())
	}

	k.wait(time.Minute)
	b = k.browser()
	b.open("/id/people") // leads to the sign-in page
	b.press("Masuk", "name=A-1", "secret="+pinOf(people.Admin))
	b.wants("Kode kedua")
	b.open("/id/people")
	b.wants("Kode enam angka")
	b.open("/id/")
	b.lacks("Data orang")
	b.open("/id/second?next=/id/people")
	b.press("Lanjutkan", "code=12")
	b.wants("Kode belum cocok")
	b.press("Lanjutkan", "code="+k.codeOf(secret))
	b.wants("Tambah satu orang")

	b = k.browser()
	b.signInAs("A-1", pinOf(people.Admin))
	b.press("Lanjutkan", "code="+recovery)
	b.open("/id/people")
	b.wants("Tambah satu orang")
}

func TestALostSecondFactorIsRemovedByAnother(t *testing.T) {
	k := newKit(t)
	other := k.register("A-2", people.Admin, "33.07")
	lost := k.signIn(other)
	lost.open("/id/me/devices")
	lost.wants("Belum terpasang")
	lost.click("Pasang kode kedua")
	secret := lost.secondSecret()
	lost.press("Pasang", "code="+k.codeOf(secret), "current=salah")
	lost.wants("belum cocok")
	lost.press("Pasang", "code="+k.codeOf(secret), "current="+pinOf(people.Admin))
	lost.wants("Kode cadangan")
	b := k.signIn(k.admin())
	b.open("/id/people/one?id=A-2")
	b.press("Hapus kode kedua")
	b.lacks("Hapus kode kedua")
	if !strings.Contains(k.lines(), "A-1 second.remove A-2") {
		t.Errorf("the audit log does not tell of it:\n%s", k.lines())
	}
	b.open("/id/people/one?id=A-1")
	b.lacks("Hapus kode kedua")
	lost.open("/id/me")
	lost.wants("Masuk")
}

func TestNobodyIsLockedOutByAnother(t *testing.T) {
	k := newKit(t)
	k.participant("P-1")
	hers, theirs := k.browser(), k.browser()
	hers.signInAs("P-1", pinOf(people.Participant))
	hers.open("/id/")
	hers.open("/id/me")
	hers.press("Keluar")
	for range 5 {
		theirs.signInAs("P-1", "000000")
	}
	theirs.signInAs("P-1", pinOf(people.Participant))
	theirs.wants("Terlalu banyak percobaan")
	if theirs.status != http.StatusTooManyRequests {
		t.Errorf("status %d, want 429", theirs.status)
	}
	hers.signInAs("P-1", pinOf(people.Participant))
	hers.open("/id/me")
	hers.wants("P-1")
	b := k.signIn(k.admin())
	b.open("/id/people/one?id=P-1")
	b.wants("Akun terkunci")
}

func TestDevicesAreListedAndEnded(t *testing.T) {
	k := newKit(t)
	k.participant("P-1")
	phone, village := k.browser(), k.browser()
	phone.agent = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
	village.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
	phone.signInAs("P-1", pinOf(people.Participant))
	village.signInAs("P-1", pinOf(people.Participant))
	phone.open("/id/me")
	phone.click("Perangkat saya")
	phone.wants("Chrome · Android", "Firefox · Linux", "perangkat ini")
	phone.lacks("Token API")
	phone.press("Akhiri Firefox")
	phone.wants("Sudah diakhiri", "Chrome · Android")
	phone.lacks("Firefox")
	village.open("/id/me")
	village.wants("Masuk")
	village.signInAs("P-1", pinOf(people.Participant))
	village.open("/id/me/devices")
	village.press("Akhiri semua yang lain")
	village.lacks("Chrome")
	phone.open("/id/me")
	phone.wants("Masuk")
	village.open("/id/me")
	village.wants("P-1")
}

func TestADeviceKeepsItsNameWhenAPINIsChosen(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	code, err := k.door.MakeCode(t.Context(), "P-1")
	if err != nil {
		t.Fatal(err)
	}
	b := k.browser()
	b.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
	b.signInAs("P-1", code)
	b.press("Simpan", "pin=294857", "again=294857")
	b.open("/id/me/devices")
	b.wants("Firefox · Linux")
}

func TestNobodyEndsTheDevicesOfAnother(t *testing.T) {
	k := newKit(t)
	hers, theirs := k.participant("P-1"), k.participant("P-2")
	sessions, err := k.door.Sessions(t.Context(), people.Person{ID: "P-1"})
	if err != nil || len(sessions) != 1 {
		t.Fatal(sessions, err)
	}
	theirs.post("/id/me/devices/end", map[string][]string{"key": {sessions[0].Hash}})
	hers.open("/id/me")
	hers.wants("P-1")
}

func TestATokenIsShownOnceAndEnded(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.officer(firstDistrict))
	b.open("/id/me/devices")
	b.click("Buat token API")
	b.lacks("Membaca laporan butir soal") // not theirs to give
	b.press("Buat token", "label=")
	b.wants("perlu diisi")
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d, want 422", b.status)
	}
	b.press("Buat token", "label=Dasbor", "acts=report", "days=30")
	token := ""
	each(b.root, func(n *html.Node) {
		if attr(n, "class") == "token" {
			token = textOf(n)
		}
	})
	if res, _ := k.api(http.MethodGet, "/api/v1/reports/gains?course="+example, token, ""); res.StatusCode != http.StatusOK {
		t.Errorf("the token reads reports: %d", res.StatusCode)
	}
	if res, _ := k.api(http.MethodPost, "/api/v1/records", token, "[]"); res.StatusCode != http.StatusForbidden {
		t.Errorf("the token delivers records: %d, want 403", res.StatusCode)
	}
	b.open("/id/me/devices")
	b.wants("Dasbor", "Membaca laporan")
	if strings.Contains(b.body, token) {
		t.Error("the token is shown again")
	}
	b.press("Akhiri Dasbor")
	b.lacks("Dasbor")
	if res, _ := k.api(http.MethodGet, "/api/v1/reports/gains?course="+example, token, ""); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the token that was ended reads reports: %d", res.StatusCode)
	}
	for _, line := range []string{"token.make K-" + firstDistrict, "token.end K-" + firstDistrict} {
		if !strings.Contains(k.lines(), line) {
			t.Errorf("the audit log lacks %q:\n%s", line, k.lines())
		}
	}
	b.post("/id/me/tokens", map[string][]string{"label": {"x"}, "acts": {"review"}, "days": {"30"}})
	if b.status != http.StatusForbidden {
		t.Errorf("a token for what is not the officer's: %d, want 403", b.status)
	}
}

func TestCookiesAreGuarded(t *testing.T) {
	for address, secure := range map[string]bool{"http://example.com": false, "https://example.com": true} {
		k := newKit(t, func(s *handlers.Setup) { s.BaseURL = address })
		k.participant("P-1")
		req := httptest.NewRequest(http.MethodPost, "/id/sign-in", strings.NewReader("name=P-1&secret="+pinOf(people.Participant)))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		res := k.send(req)
		_ = res.Body.Close()
		if len(res.Cookies()) != 2 {
			t.Fatalf("%s: cookies %v, want the session's and the browser's", address, res.Cookies())
		}
		for _, c := range res.Cookies() {
			if !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("%s: %s", address, c)
			}
			if strings.HasPrefix(c.Name, "__Host-") != secure {
				t.Errorf("%s: cookie %s", address, c.Name)
			}
		}
	}
}

func TestSigningInReplacesTheBrowsersSession(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	k.participant("P-2")
	old := b.cookies["melek"]
	b.post("/id/sign-in", map[string][]string{"name": {"P-2"}, "secret": {pinOf(people.Participant)}})
	if b.cookies["melek"] == old {
		t.Error("the session is the one from before")
	}
	if _, err := k.door.Who(t.Context(), old); err == nil {
		t.Error("the session from before still opens")
	}
}
