package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

func TestPeopleSeeAndSaveWhatIsHeldOnThem(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open("/id/courses/" + example)
	b.press("Mulai")
	b.takeTest(record.Pre, true)
	k.participant("P-2")
	for _, w := range []people.Workshop{
		{ID: "w1", Title: "Bimtek Kaligowong", Area: firstVillage, Place: "Balai desa", From: "2026-11-24",
			To: "2026-11-25", Facilitators: []string{"P-1"}, Roster: []string{"P-2"}},
		{ID: "w2", Title: "Bimtek lanjutan", Area: firstVillage, From: "2026-12-01", To: "2026-12-01",
			Facilitators: []string{"P-2"}, Roster: []string{"P-1"}, Cancelled: true}} {
		err := k.store.ChangeWorkshop(t.Context(), w.ID, func(kept *people.Workshop) error { *kept = w; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	b.open("/id/me")
	b.click("Data saya")
	b.wants("Sri P-1", "P-1", "Desa Kaligowong", "Masuk dengan peramban", "Mengumpulkan tes", "Tes awal", "Pemberitahuan dibaca")
	b.wants("Bimtek Kaligowong: 24 November 2026 – 25 November 2026; Balai desa; Desa Kaligowong",
		"Anda fasilitatornya", "Bimtek lanjutan: 1 Desember 2026; Desa Kaligowong",
		"Anda di daftar pesertanya; dibatalkan")
	b.lacks("P-2")
	b.open("/id/me/data.json")
	var held struct {
		Person  struct{ Name string }
		Records []struct{ Record record.Record }
	}
	if err := json.Unmarshal([]byte(b.body), &held); err != nil || held.Person.Name != "Sri P-1" || len(held.Records) < 3 {
		t.Errorf("the file for programs holds %+v, %v", held, err)
	}
	for _, lang := range []string{"id", "en"} {
		b.open("/" + lang + "/me/data.html")
		if !strings.Contains(b.header.Get("Content-Disposition"), "data-saya.html") || b.status != http.StatusOK {
			t.Errorf("the file to read comes as %d %v", b.status, b.header)
		}
		b.wants("Sri P-1")
		if strings.Contains(b.body, "<script") || strings.Contains(b.body, `"/static/`) {
			t.Error("the file to read needs Melek")
		}
	}
}

func TestARequestIsAskedForAndAnswered(t *testing.T) {
	k := newKit(t)
	b, office := k.participant("P-1"), k.signIn(k.admin())
	b.open("/id/me/data")
	b.press("Kirim permintaan")
	b.wants("Tuliskan alasannya")
	b.press("Kirim permintaan", "kind=correction", "text=NIK 3307010101800001")
	if b.wants("16 angka"); b.status != http.StatusUnprocessableEntity {
		t.Errorf("a NIK is answered %d, want 422", b.status)
	}
	b.press("Kirim permintaan", "kind=correction", "text=Nama saya Sri Wahyuni")
	b.wants("Permintaan sudah dicatat", "menunggu", "Dijawab paling lambat 26 November 2026")
	office.open("/id/requests")
	office.wants("Sri P-1", "Nama saya Sri Wahyuni", "menunggu")
	office.lacks("lewat waktu")
	k.wait(72*time.Hour + time.Minute)
	office = k.signIn(k.admin())
	office.open("/id/requests")
	office.wants("1 permintaan sudah lewat waktu")
	office.press("Tolak dengan alasan")
	office.wants("Tuliskan alasan penolakan")
	office.press("Sudah dipenuhi", "answer=Nama sudah diperbaiki")
	office.wants("Jawaban sudah tersimpan", "dipenuhi", "Selesai 26 November 2026")
	b.open("/id/me/data")
	b.wants("dipenuhi", "Nama sudah diperbaiki")
	for _, want := range []string{"P-1 request.made P-1 correction", "A-1 request.done P-1 correction"} {
		if !strings.Contains(k.lines(), want) {
			t.Errorf("the audit log lacks %q:\n%s", want, k.lines())
		}
	}
}

func TestAPersonWithdrawsOnlyTheirOwn(t *testing.T) {
	k := newKit(t)
	b, other := k.participant("P-1"), k.participant("P-2")
	b.post("/id/me/data/ask", url.Values{"kind": {"erasure"}})
	all, err := k.store.Requests(t.Context(), store.RequestsQuery{})
	if err != nil || len(all) != 1 {
		t.Fatalf("requests %v, %v", all, err)
	}
	other.post("/id/me/data/withdraw", url.Values{"id": {all[0].ID}})
	if other.status != http.StatusNotFound {
		t.Errorf("another's request is answered %d, want 404", other.status)
	}
	b.press("Tarik kembali")
	b.wants("sudah ditarik kembali")
}

func TestARequestOnPaperIsWrittenDown(t *testing.T) {
	k := newKit(t)
	k.participant("P-1")
	b := k.signIn(k.admin())
	b.open("/id/requests")
	b.press("Catat", "person=P-9", "text=x")
	b.wants("Orang ini tidak ada di daftar")
	b.press("Catat", "person=P-1", "kind=access", "text=Minta salinan")
	b.wants("Permintaan sudah dicatat", "Sri P-1", "Minta salinan")
}

func TestAnAdministratorErasesAPerson(t *testing.T) {
	k := newKit(t)
	gone, b := k.participant("P-1"), k.signIn(k.admin())
	gone.open("/id/courses/" + example)
	gone.press("Mulai")
	gone.post("/id/me/data/ask", url.Values{"kind": {"erasure"}, "text": {"Saya pindah ke luar daerah"}})
	b.open("/id/requests")
	b.click("Hapus data orang ini")
	b.press("Hapus untuk selamanya", "typed=P-2")
	if b.wants("belum sama"); b.status != http.StatusUnprocessableEntity {
		t.Errorf("another number is answered %d, want 422", b.status)
	}
	b.press("Hapus untuk selamanya", "typed=P-1")
	b.wants("Data orang itu sudah dihapus")
	b.lacks("Sri P-1")
	if gone.open("/id/me"); !strings.HasPrefix(gone.path, "/id/sign-in") {
		t.Errorf("the erased person is still in: %s", gone.path)
	}
	if state, err := k.ledger.State(t.Context(), "P-1"); err != nil || !state.Erased || len(state.Courses) > 0 {
		t.Errorf("the fold is %+v, %v", state, err)
	}
	b.open("/id/requests")
	b.wants("dipenuhi")
	b.lacks("Saya pindah")
	b.open("/id/people/erase?id=A-1")
	b.press("Hapus untuk selamanya", "typed=A-1")
	b.wants("tidak dapat menghapus data Anda sendiri")
}
