package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// held is the one workshop in the store.
func (k *kit) held() people.Workshop {
	k.t.Helper()
	all, err := k.store.Workshops(context.Background(), store.WorkshopsQuery{})
	if err != nil || len(all) != 1 {
		k.t.Fatalf("workshops %v, %v; want one", all, err)
	}
	return all[0]
}

func TestAFacilitatorPlansAWorkshopAndFillsItsRoster(t *testing.T) {
	k := newKit(t)
	for _, id := range []string{"P-1", "P-2", "P-3"} {
		k.register(id, people.Participant, firstVillage)
	}
	k.register("P-9", people.Participant, secondVillage)
	b := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	b.open("/id/")
	b.click("Bimtek")
	b.wants("Belum ada bimtek")
	b.click("Rencanakan bimtek")
	action, fields := b.form("Simpan rencana", "title=Bimtek Wadaslintang", "courses="+example, "place=Pendapa",
		"from=2026-11-23", "to=2026-11-24")
	b.post(action, fields)
	b.wants("Bimtek sudah direncanakan", "23 November 2026 – 24 November 2026", "Pendapa", "Kursus contoh", "Sri F-1",
		"Daftar masih kosong")
	b.post(action, fields) // the same form sent twice is one workshop
	w := k.held()
	if len(w.Code) != people.CodeLength || w.Facilitators[0] != "F-1" || w.Area != firstDistrict {
		t.Errorf("the workshop is %+v", w)
	}
	b.click("Tambah peserta")
	b.wants("P-1", "P-2", "P-3")
	b.lacks("P-9")
	b.press("Masukkan yang dipilih")
	b.wants("Pilih dahulu siapa")
	b.press("Masukkan yang dipilih", "person=P-1", "person=P-2")
	b.wants("Peserta sudah dimasukkan", "2 peserta di daftar", "Sri P-1", "Belum masuk dengan kode")
	b.click("Tambah peserta")
	b.open(strings.SplitN(b.path, "?", 2)[0] + "?area=" + firstVillage)
	b.press("Masukkan semua peserta Desa")
	b.wants("3 peserta di daftar")
	if n := strings.Count(k.lines(), "workshop.enlist P-1 "); n != 1 {
		t.Errorf("that P-1 was put on the roster is told %d times", n)
	}
	b.post("/id/workshops/"+w.ID+"/roster", url.Values{"person": {"P-1"}})
	b.wants("Peserta sudah dimasukkan", "3 peserta di daftar")
	b.press("Coret Sri P-1")
	b.wants("Peserta sudah dicoret", "2 peserta di daftar")
	b.lacks("Sri P-1")
	if got, want := strings.Join(k.held().Roster, " "), "P-2 P-3"; got != want {
		t.Errorf("roster %s, want %s", got, want)
	}
	for _, line := range []string{"F-1 workshop.plan " + w.ID, "F-1 workshop.enlist P-1 " + w.ID,
		"F-1 workshop.strike P-1 " + w.ID} {
		if !strings.Contains(k.lines(), line) {
			t.Errorf("the audit log lacks %q:\n%s", line, k.lines())
		}
	}
	b.click("Dampingi peserta bimtek ini") // whom it reaches counts at once
	b.wants("Sri P-2", "Sri P-3")
	b.lacks("Sri P-1")
}

func TestWhoIsPutOnARosterServesInTheArea(t *testing.T) {
	k := newKit(t)
	k.register("P-9", people.Participant, secondVillage)
	k.register("F-2", people.Facilitator, firstDistrict)
	gone := k.register("P-gone", people.Participant, firstVillage)
	gone.Retired = true
	k.put(gone)
	k.register("P-1", people.Participant, firstVillage)
	w := k.hold("F-1")
	b := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	for _, form := range []url.Values{{"person": {"P-9"}}, {"person": {"P-1", "P-9"}}, {"person": {"F-2"}},
		{"person": {"P-gone"}}, {"person": {"nobody"}}, {"village": {secondVillage}}, {"village": {"99"}}} {
		if b.post("/id/workshops/"+w.ID+"/roster", form); b.status != http.StatusForbidden {
			t.Errorf("%v answers %d", form, b.status)
		}
	}
	if roster := k.held().Roster; len(roster) != 0 {
		t.Errorf("the roster is %v", roster)
	}
}

func TestAPlanThatIsWrongIsSaidBesideItsField(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	good := []string{"title=Bimtek", "courses=" + example, "from=2026-11-23", "to=2026-11-23"}
	for field, bad := range map[string]string{"title": "", "from": "besok", "to": "2026-11-22", "area": secondDistrict,
		"courses": "tidak-ada", "place": strings.Repeat("x", 121)} {
		b.open("/id/workshops/new")
		b.press("Simpan rencana", append([]string{field + "=" + bad}, without(good, field+"=")...)...)
		if b.status != http.StatusUnprocessableEntity || b.withID(field+"-fault") == nil {
			t.Errorf("%s=%q answers %d:\n%s", field, bad, b.status, b.text())
		}
	}
	b.open("/id/workshops/new")
	b.press("Simpan rencana", append(good, "facilitators=F-2")...)
	if runs := k.held().Facilitators; len(runs) != 1 || runs[0] != "F-1" {
		t.Errorf("a facilitator charges %v", runs)
	}
}

func without(all []string, prefix string) []string {
	var kept []string
	for _, s := range all {
		if !strings.HasPrefix(s, prefix) {
			kept = append(kept, s)
		}
	}
	return kept
}

func TestAnOfficerChargesFacilitators(t *testing.T) {
	k := newKit(t)
	k.register("F-1", people.Facilitator, firstDistrict)
	k.register("F-2", people.Facilitator, secondDistrict)
	b := k.signIn(k.officer(firstDistrict))
	b.open("/id/workshops/new")
	b.wants("Sri F-1")
	b.lacks("Sri F-2")
	b.press("Simpan rencana", "title=Bimtek", "courses="+example, "from=2026-11-23", "facilitators=F-2")
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("a facilitator of elsewhere is charged: %d", b.status)
	}
	b.press("Simpan rencana", "facilitators=F-1")
	if w := k.held(); w.Facilitators[0] != "F-1" || w.To != "2026-11-23" {
		t.Errorf("the workshop is %+v", w)
	}
	b.click("Ubah rencana")
	b.press("Simpan", "title=Bimtek kedua")
	b.wants("Rencana sudah diubah", "Bimtek kedua")
}

func TestAnOfficerWithoutFacilitatorsIsToldWhomToAsk(t *testing.T) {
	k := newKit(t)
	k.register("F-2", people.Facilitator, secondDistrict)
	b := k.signIn(k.officer(firstDistrict))
	b.open("/id/workshops/new")
	b.wants("Mintalah pengelola menambahkannya")
	b = k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	b.open("/id/workshops/new")
	b.lacks("Belum ada fasilitator")
}

func TestARosterThatIsFullIsSaidOnItsPage(t *testing.T) {
	k := newKit(t)
	all := make([]string, people.MostRoster)
	for i := range all {
		all[i] = fmt.Sprint("Q-", i)
	}
	k.register("P-1", people.Participant, firstVillage)
	w := k.hold("F-1", all...)
	b := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	b.open("/id/workshops/" + w.ID + "/roster")
	b.press("Masukkan yang dipilih", "person=P-1")
	b.wants("paling banyak 500 orang", "Cari nama")
}

func TestTheCodeOfSeveralDaysOpensOnEach(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	facilitator := k.register("F-1", people.Facilitator, firstDistrict)
	w := k.hold("F-1", "P-1")
	w.To = "2026-11-24"
	k.keep(w)
	helper := k.signIn(facilitator)
	helper.open("/id/workshops/" + w.ID)
	helper.wants("setiap hari sampai hari terakhir")
	b := k.atWorkshop(w, "P-1")
	b.takeTest(record.Pre, true)
	k.wait(24 * time.Hour)
	b.open("/id/courses/" + example)
	b.wants("Waktu masuk Anda sudah habis", "Masuk dengan kode bimtek")
	b = k.atWorkshop(w, "P-1")
	b.open("/id/courses/" + example + "/result")
	b.wants("Tes awal", "100") // of the first day
	helper.open("/id/workshops/" + w.ID)
	helper.wants("1 dari 1 peserta", "sampai tengah malam")
	helper.lacks("setiap hari sampai hari terakhir")
}

func TestWhoIsAtAWorkshopEntersWithItsCode(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	k.register("P-2", people.Participant, firstVillage)
	k.hold("F-1", "P-1", "P-2")
	b := k.browser()
	b.agent = "Mozilla/5.0 (Linux; Android 9; SM-J260G)"
	b.open("/id/")
	b.click("Masuk dengan kode bimtek")
	b.press("Lanjut", "workshop=XXXXXX")
	b.wants("Kode ini tidak membuka bimtek apa pun hari ini")
	b.press("Lanjut", "workshop=bcd fgh")
	b.wants("Bimtek F-1", "Siapa nama Anda?", "Desa Kaligowong", "Sri P-1", "Sri P-2")
	b.press("Sri P-1")
	b.wants("Apakah ini Anda?", "Sri P-1")
	b.press("Bukan")
	b.wants("Siapa nama Anda?")
	b.press("Sri P-1")
	b.press("Ya, ini saya")
	b.press("Saya sudah membaca")
	b.wants("Sri P-1", "Bimtek: Bimtek F-1", "Kursus contoh")
	b.lacks("Kota Cerdas")
	b.takeTest(record.Pre, true)
	if a := k.state("P-1").Counted(record.Pre); a == nil || a.Workshop != "w-F-1" {
		t.Errorf("the pre-test is %+v", a)
	}
	b.open("/id/me/devices")
	b.wants("Halaman ini terbuka setelah Anda masuk dengan nomor dan PIN")
	for path, status := range map[string]int{"/id/me": 200, "/id/courses/kota-cerdas": 403, "/id/me/data": 403,
		"/id/me/devices": 403, "/id/me/tokens": 403, "/id/reports": 403, "/id/workshops": 403} {
		if b.open(path); b.status != status {
			t.Errorf("%s answers %d, want %d", path, b.status, status)
		}
	}
	b.open("/id/me")
	b.wants("sampai tengah malam")
	b.lacks("Ganti PIN", "Perangkat saya")
	if b.post("/id/pin", url.Values{"pin": {"294857"}, "again": {"294857"}}); b.status == http.StatusOK {
		t.Error("somebody who named a name chooses its PIN")
	}
	b.open("/id/me")
	b.press("Keluar")
	b.wants("Kode bimtek") // for whoever takes the device next
	b.open("/id/courses/" + example)
	b.wants("Nomor peserta atau nomor ponsel")
}

func TestACodeShowsNothingFromBeforeTheWorkshop(t *testing.T) {
	k := newKit(t)
	own := k.participant("P-1")
	own.takeTest(record.Pre, true)
	own.takeModules()
	w := k.hold("F-1", "P-1")
	b := k.browser()
	b.open("/id/hall?code=" + w.Code)
	b.press("Lanjut")
	b.press("Sri P-1")
	b.press("Ya, ini saya")
	for _, path := range []string{"/id/me", "/id/courses/" + example + "/result"} {
		b.open(path)
		b.lacks("100")
	}
	b.takeTest(record.Post, true)
	b.open("/id/courses/" + example + "/result")
	b.wants("Tes akhir", "100")
	b.lacks("Tes awal 100", "naik")
	b.open("/id/courses/" + example + "/proof")
	b.wants("Hasil dari sebelum bimtek ini")
	own.open("/id/courses/" + example + "/proof")
	own.wants("Tes awal", "Tes akhir")
}

func TestANameTakenElsewhereIsReleasedByTheFacilitator(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	w := k.hold("F-1", "P-1")
	helper := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	enter := func() *browser { return k.atWorkshop(w, "P-1") }
	first := enter()
	first.wants("Selamat datang, Sri P-1")
	second := enter()
	second.wants("Nama ini sudah masuk di perangkat lain")
	helper.open("/id/workshops/" + w.ID)
	helper.wants("1 dari 1 peserta sudah masuk", "Sudah masuk")
	helper.press("Lepas Sri P-1")
	helper.wants("Nama sudah dilepas", "0 dari 1 peserta")
	if !strings.Contains(k.lines(), "F-1 workshop.release P-1 "+w.ID) {
		t.Errorf("the audit log does not tell of it:\n%s", k.lines())
	}
	first.open("/id/courses/" + example)
	first.wants("Nomor peserta atau nomor ponsel", "Masuk dengan kode bimtek")
	enter().wants("Selamat datang, Sri P-1")
}

func TestWhoWasStruckOffStaysOut(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	w := k.hold("F-1", "P-1")
	helper := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	stranger := k.atWorkshop(w, "P-1")
	helper.open("/id/workshops/" + w.ID)
	helper.press("Coret Sri P-1")
	helper.post("/id/workshops/"+w.ID+"/roster", url.Values{"person": {"P-1"}})
	helper.wants("1 peserta di daftar", "Belum masuk dengan kode")
	stranger.open("/id/me")
	stranger.wants("Nomor peserta atau nomor ponsel")
}

// atWorkshop is a browser in which somebody on the roster has come in with the code.
func (k *kit) atWorkshop(w people.Workshop, id string) *browser {
	b := k.browser()
	b.open("/id/hall?code=" + w.Code)
	b.press("Lanjut")
	b.press("Sri " + id)
	b.press("Ya, ini saya")
	if b.find("Saya sudah membaca", "button") != nil {
		b.press("Saya sudah membaca")
	}
	return b
}

func TestAnAnswerOutlivesTheSessionOfAWorkshop(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	w := k.hold("F-1", "P-1")
	b := k.atWorkshop(w, "P-1")
	b.open("/id/courses/" + example + "/test/pre")
	b.press("Mulai tes")
	question := b.path
	_, given := b.form("Simpan dan lanjut", "chosen=b")
	helper := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	helper.open("/id/workshops/" + w.ID)
	helper.press("Lepas Sri P-1")
	b.press("Simpan dan lanjut", "chosen=b")
	b.click("Masuk")
	b.click("Masuk dengan kode bimtek")
	b.press("Lanjut", "workshop="+w.Code)
	b.press("Sri P-1")
	b.press("Bukan")
	b.press("Sri P-1")
	b.press("Ya, ini saya")
	if path, _, _ := strings.Cut(b.path, "?"); path != question {
		t.Errorf("coming back in leads to %s, want the question %s", b.path, question)
	}
	if _, kept := b.form("Simpan dan lanjut"); kept.Get("chosen") != given.Get("chosen") {
		t.Errorf("the form holds %v, want what was given: %v", kept, given)
	}
}

func TestTwoWorkshopsOnOneDay(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	b := k.atWorkshop(k.hold("F-1", "P-1"), "P-1")
	second := k.hold("F-2", "P-1")
	second.Code = "KRTKBM"
	k.keep(second)
	b.open("/id/hall?code=" + second.Code)
	b.press("Lanjut")
	b.press("Sri P-1")
	b.press("Ya, ini saya")
	b.wants("Bimtek: Bimtek F-2")
}

func TestWhoHasThePINSeesWhoIsInByACode(t *testing.T) {
	k := newKit(t)
	own := k.participant("P-1")
	stranger := k.atWorkshop(k.hold("F-1", "P-1"), "P-1")
	own.open("/id/me/devices")
	own.wants("lewat kode bimtek")
	own.press("Akhiri semua")
	stranger.open("/id/me")
	stranger.wants("Nomor peserta atau nomor ponsel")
}

func TestTheFormOfAWorkshopKeepsTheCodeInTheOtherLanguage(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	w := k.hold("F-1", "P-1")
	b := k.browser()
	b.open("/id/hall?code=" + w.Code)
	b.press("Lanjut")
	b.click("English")
	b.press("Continue")
	b.wants("What is your name?", "Sri P-1")
	b.press("Load the names again")
	b.wants("Sri P-1")
}

func TestTheDoorOfAWorkshop(t *testing.T) {
	k := newKit(t)
	w := k.hold("F-1", "P-1")
	b := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	b.open("/id/workshops/" + w.ID)
	b.wants("BCD FGH", "Kode berlaku hari ini", "http://example.com/id/hall")
	b.click("Tampilkan di layar")
	b.wants("BCD FGH", "Tekan nama Anda", "0 dari 1")
	image := b.find("", "img")
	for n := range elements(b.root, "img") {
		if strings.HasPrefix(attr(n, "src"), "data:image/png;base64,") {
			image = n
		}
	}
	if image == nil || attr(image, "alt") == "" {
		t.Error("there is no QR code with a text")
	}
	b.click("Kembali ke bimtek")
	b.press("Ganti kode")
	b.lacks("BCD FGH")
	b.wants("Kode baru sudah berlaku")
	b.press("Tutup pintu")
	if k.held().Code != "" {
		t.Error("the door is open")
	}
	b.wants("Pintu ditutup")
	b.open("/id/workshops/" + w.ID + "/screen")
	b.wants("Pintu ditutup")
	b.open("/id/workshops/" + w.ID)
	b.press("Buka pintu dengan kode baru")
	if k.held().Code == "" {
		t.Error("the door is closed")
	}
	b.press("Batalkan bimtek")
	b.wants("Bimtek ini dibatalkan")
	b.press("Aktifkan kembali")
	b.wants("Bimtek sudah diaktifkan kembali")
	k.wait(24 * time.Hour)
	b = k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	b.open("/id/workshops")
	b.wants("Sudah lewat", "Bimtek F-1")
	b.open("/id/workshops/" + w.ID + "/screen")
	b.wants("sudah lewat")
}

// elements are those of the tag below the node.
func elements(root *html.Node, tag string) map[*html.Node]bool {
	all := map[*html.Node]bool{}
	each(root, func(n *html.Node) {
		if n.Data == tag {
			all[n] = true
		}
	})
	return all
}

func TestASessionOfAWorkshopTellsOfItOnly(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	w := k.hold("F-1", "P-1")
	b := k.atWorkshop(w, "P-1")
	const now = "2026-11-23T01:00:00Z"
	tests := []struct{ name, course, workshop, at, want string }{
		{"its course", example, w.ID, now, "stored"},
		{"another course", "kota-cerdas", w.ID, now, "refused"},
		{"another workshop", example, "w-F-2", now, "refused"},
		{"no workshop", example, "", now, "refused"},
		{"the day before", example, w.ID, "2026-11-22T16:59:59Z", "refused"},
	}
	for i, tt := range tests {
		workshop := ""
		if tt.workshop != "" {
			workshop = `"workshop":"` + tt.workshop + `",`
		}
		rec := fmt.Sprintf(`[{"id":"0193a000-0000-7000-8000-00000000000%d","kind":"enrolled","person":"P-1",%s`+
			`"course":%q,"at":%q}]`, i, workshop, tt.course, tt.at)
		req := httptest.NewRequest(http.MethodPost, "/api/v1/records", strings.NewReader(rec))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.AddCookie(&http.Cookie{Name: "melek", Value: b.cookies["melek"]})
		if got := readAll(t, k.send(req)); !strings.Contains(got, `"`+tt.want+`"`) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
