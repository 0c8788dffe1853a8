package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"melek/courses/people"
	"melek/courses/privacy"
	"melek/handlers"
)

// newcomer is signed in with a PIN of their own and has read nothing yet.
func (k *kit) newcomer(id string) *browser {
	k.t.Helper()
	p := k.register(id, people.Participant, firstVillage)
	entry, err := k.door.ChoosePIN(k.t.Context(), p, pinOf(p.Role), "")
	if err != nil {
		k.t.Fatal(err)
	}
	b := k.browser()
	b.cookies["melek"] = entry.Token
	return b
}

func TestTheNoticeComesBeforeTheFirstRecord(t *testing.T) {
	k := newKit(t)
	b := k.newcomer("P-1")
	for _, path := range []string{"/id/", "/id/courses/" + example, "/id/courses/" + example + "/test/pre"} {
		if b.open(path); !strings.HasPrefix(b.path, "/id/privacy?next=") {
			t.Errorf("%s leads to %s, want the notice", path, b.path)
		}
	}
	b.post("/id/courses/"+example, url.Values{})
	if b.wants("Pemberitahuan tentang data Anda"); !k.state("P-1").FirstAt.IsZero() {
		t.Error("a record was made before the notice was read")
	}
	b.wants("Dinas Contoh", "Dasar hukum", "Pasal 20 ayat 2 huruf e", "Tujuan", "Jenis data", "Masa simpan", "Rincian",
		"Jangka waktu", "Hak Anda", "NIK tidak diminta", "Ini bukan pernyataan setuju")
	b.open("/id/privacy?next=/id/courses/" + example)
	b.click("English")
	b.wants("Notice about your data", "Your rights")
	b.open("/id/privacy?next=/id/courses/" + example)
	b.press("Saya sudah membaca")
	if b.path != "/id/courses/"+example {
		t.Errorf("the button leads to %s, want the course that was asked for", b.path)
	}
	b.open("/id/privacy")
	b.wants("Anda menekan tombol di halaman ini pada 23 November 2026")
	a, err := k.store.Acknowledgement(t.Context(), "P-1")
	if err != nil || a.Notice == "" || a.Basis != "public-task" || a.At.IsZero() {
		t.Errorf("kept is %+v, %v", a, err)
	}
}

func TestTheNoticeIsReadByAnybody(t *testing.T) {
	b := newKit(t).browser()
	b.open("/id/sign-in")
	b.click("Pemberitahuan data pribadi")
	if b.wants("Dinas Contoh", "Hak Anda"); b.find("Saya sudah membaca", "button") != nil {
		t.Error("nobody is asked to acknowledge it")
	}
}

// office is a change of the setup.
func office(o privacy.Office) func(*handlers.Setup) {
	return func(s *handlers.Setup) {
		clerk := *s.Clerk
		clerk.Office = o
		s.Clerk = &clerk
	}
}

func TestAChangedNoticeIsShownAgain(t *testing.T) {
	k := newKit(t)
	b := k.newcomer("P-1")
	b.open("/id/privacy?next=/id/courses/" + example)
	b.press("Saya sudah membaca")
	b.press("Mulai")
	later := newKit(t, office(privacy.Office{Controller: "Dinas Lain", Basis: privacy.Consent, RetentionMonths: 24}),
		func(s *handlers.Setup) { s.Store, s.Ledger, s.Door, s.Catalog = k.store, k.ledger, k.door, k.catalog })
	c := later.browser()
	c.cookies = b.cookies
	if c.open("/id/"); !strings.HasPrefix(c.path, "/id/privacy") {
		t.Fatalf("a changed notice is not shown: %s", c.path)
	}
	c.wants("Dinas Lain", "24 bulan", "atas persetujuan Anda", "Anda setuju")
	c.post("/id/courses/"+example+"/test/pre", url.Values{"form": {"A"}})
	if !strings.HasPrefix(c.path, "/id/privacy") || len(k.state("P-1").Attempts) != 1 {
		t.Errorf("what was sent while the notice waits is lost, or the way is %s", c.path)
	}
	c.post("/id/privacy", url.Values{"notice": {"of another day"}})
	if c.wants("baru saja berubah"); c.status != http.StatusConflict {
		t.Errorf("an old notice acknowledged: %d, want 409", c.status)
	}
	c.press("Saya setuju")
	if c.path != "/id/" {
		t.Errorf("the button leads to %s, want home", c.path)
	}
	a, err := k.store.Acknowledgement(t.Context(), "P-1")
	if err != nil || a.Basis != "consent" {
		t.Errorf("kept is %+v, %v; want the consent", a, err)
	}
}

func TestProgramsReadNoNotice(t *testing.T) {
	k := newKit(t)
	p := k.register("P-1", people.Participant, firstVillage)
	if res, _ := k.api(http.MethodGet, "/id/courses/"+example, k.token(p), ""); res.StatusCode != http.StatusOK {
		t.Errorf("a program is answered %d, want 200", res.StatusCode)
	}
}
