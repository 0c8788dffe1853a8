package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"melek/courses/access"
	"melek/courses/people"
)

func TestEndingADeviceAsksWhoIsThere(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	other := k.browser()
	other.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
	other.signInAs("P-1", pinOf(people.Participant))
	k.wait(access.ProofLife)
	b.open("/id/me/devices")
	b.press("Akhiri Firefox")
	b.wants("Akhiri: Firefox · Linux", "PIN atau kata sandi Anda")
	b.lacks("perlu diisi", "Sudah diakhiri")
	b.press("Akhiri", "current=")
	b.wants("perlu diisi")
	b.press("Akhiri", "current=000000")
	b.wants("belum cocok")
	other.open("/id/me")
	other.wants("P-1")
	before := b.cookies["melek"]
	b.press("Akhiri", "current="+pinOf(people.Participant))
	b.wants("Sudah diakhiri", "perangkat ini")
	b.lacks("Firefox")
	if _, err := k.door.Who(t.Context(), before); err == nil || b.cookies["melek"] == before {
		t.Error("the session's token is the one from before the PIN was given")
	}
	other.open("/id/me")
	other.wants("Nomor peserta")

	other.signInAs("P-1", pinOf(people.Participant))
	k.wait(access.ProofLife - time.Minute)
	b.open("/id/me/devices")
	b.press("Akhiri semua yang lain") // was asked nine minutes ago
	b.wants("Sudah diakhiri")
}

func TestMakingATokenAsksWhoIsThere(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.officer(firstDistrict))
	b.open("/id/me/tokens")
	b.lacks("Untuk memastikan ini benar Anda")
	k.wait(access.ProofLife)
	b.open("/id/me/tokens")
	b.wants("Untuk memastikan ini benar Anda")
	b.press("Buat token", "label=Dasbor", "acts=report", "days=30")
	b.wants("perlu diisi")
	b.press("Buat token", "current=bukan ini kata sandinya")
	b.wants("belum cocok")
	if b.status != http.StatusUnprocessableEntity || strings.Contains(k.lines(), "token.make") {
		t.Errorf("status %d, want 422 and no token", b.status)
	}
	b.press("Buat token", "current="+pinOf(people.DistrictOfficer))
	b.wants("Salin sekarang")
}

func TestAnAdministratorEndsAllSessionsOfSomebody(t *testing.T) {
	k := newKit(t)
	p := k.register("P-1", people.Participant, firstVillage)
	phone, token := k.signIn(p), k.token(p)
	b := k.signIn(k.admin())
	b.open("/id/people/one?id=P-1")
	b.wants("Sesi dan token yang berlaku: 2")
	b.press("Akhiri semua sesi")
	b.lacks("Akhiri semua sesi")
	phone.open("/id/me")
	phone.wants("Nomor peserta")
	if res, _ := k.api(http.MethodPost, "/api/v1/records", token, "[]"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the token still opens: %d", res.StatusCode)
	}
	if !strings.Contains(k.lines(), "A-1 sessions.end P-1") {
		t.Errorf("the audit log does not tell of it:\n%s", k.lines())
	}
	b.open("/id/people/one?id=A-1")
	b.lacks("Akhiri semua sesi")
	b.post("/id/people/sessions", map[string][]string{"id": {"A-1"}})
	b.wants("Perangkat saya")
	b.open("/id/people")
	b.wants("Data orang")
}

// Every page that needs somebody signed in has the way out in its head, lessons that are kept for all as well.
func TestTheWayOutIsOnEveryPage(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.takeTest("pre", true)
	lesson := "/id/courses/" + example + "/modules/satu"
	for _, path := range []string{"/id/", "/id/me", "/id/me/devices", "/en/me/data", "/id/courses/" + example, lesson,
		"/id/nowhere"} {
		b.open(path)
		if b.find("Keluar", "button") == nil && b.find("Sign out", "button") == nil {
			t.Errorf("%s has no way out", path)
		}
	}
	b.open(lesson)
	b.press("Keluar")
	b.open("/id/me")
	b.wants("Nomor peserta")
	b.lacks("Keluar")

	quiet := k.signIn(k.register("P-2", people.Participant, firstVillage))
	quiet.takeTest("pre", true)
	quiet.quiet = true
	quiet.open(lesson)
	quiet.press("Keluar")
	quiet.wants("tekan sekali lagi") // a browser that does not say where a form comes from presses twice
	quiet.press("Ya, lanjutkan")
	quiet.open("/id/me")
	quiet.wants("Nomor peserta")
}

func TestWhoIsHalfInCanLeave(t *testing.T) {
	k := newKit(t, demandsSecond)
	k.signIn(k.admin())
	b := k.browser()
	b.signInAs("A-1", pinOf(people.Admin))
	b.wants("Pasang kode kedua")
	b.press("Keluar")
	b.open("/id/second/new")
	b.lacks("Pasang kode kedua")
}
