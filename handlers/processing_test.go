package handlers_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"melek/courses/people"
	"melek/courses/privacy"
)

func TestTheRecordOfProcessing(t *testing.T) {
	k := newKit(t, office(privacy.Office{Controller: "=Dinas Contoh", Basis: privacy.LegalObligation,
		RetentionMonths: 24}))
	b := k.signIn(k.admin())
	b.post("/id/people/code", map[string][]string{"id": {k.register("P-1", people.Participant, firstVillage).ID}})
	for lang, want := range map[string][]string{
		"id": {"Rekam pemrosesan data", "huruf c", "24 bulan", "di bawah 10 orang", "harus dicek Bagian Hukum", "Argon2id",
			"Membuat kode sekali pakai"},
		"en": {"Record of processing", "article 20 (2) c", "24 months", "below 10 people", "must be checked", "Argon2id",
			"one-time code"},
	} {
		b.open("/" + lang + "/people")
		b.click(want[0])
		b.wants(want...)
		b.lacks("processing.", "notice.")
	}
	b.open("/id/processing.csv")
	in := csv.NewReader(strings.NewReader(b.body))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 4+1+9+1 || len(rows[4]) != 6 || rows[0][1] != "'=Dinas Contoh" {
		t.Errorf("the file has %d rows: %v", len(rows), rows)
	}
	if last := strings.Join(rows[len(rows)-1][1:4], " "); last != "A-1 Membuat kode sekali pakai P-1" {
		t.Errorf("the last row says %q", last)
	}
}

func TestRetentionIsShownBeforeItIsCarriedOut(t *testing.T) {
	k := newKit(t, office(privacy.Office{Basis: privacy.PublicTask, RetentionMonths: 24}))
	for id, to := range map[string]string{"P-1": "2020-01-01", "P-2": "2026-01-01", "P-3": ""} {
		p := k.register(id, people.Participant, firstVillage)
		p.Postings[0].To, p.Retired = to, to == ""
		k.put(p)
	}
	k.register("P-4", people.Participant, firstVillage)
	b := k.signIn(k.admin())
	b.open("/id/processing")
	b.click("Masa simpan")
	b.wants("setelah 24 bulan", "1 orang akan dihapus", "Pada pekerjaan berikutnya", "1 Januari 2028", "Tanggal belum diisi")
	b.lacks("P-4")
	if _, err := k.store.Person(t.Context(), "P-1"); err != nil {
		t.Errorf("looking took P-1 away: %v", err)
	}
}

func TestWhoOpensAPersonsDataIsRecorded(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	b, own := k.signIn(k.admin()), k.participant("P-1")
	b.open("/id/people/one?id=P-1")
	b.open("/id/people/one?id=A-1")
	if n := strings.Count(k.lines(), "person.view"); n != 1 || !strings.Contains(k.lines(), "A-1 person.view P-1") {
		t.Errorf("the audit log tells of %d views, want that of P-1:\n%s", n, k.lines())
	}
	b.open("/id/processing")
	b.wants("Membuka data orang")
	own.open("/id/me/data")
	own.wants("Membuka data orang", "oleh A-1")
}

func TestWhoLeavesTodayIsKnownToHaveLeftToday(t *testing.T) {
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	b := k.signIn(k.admin())
	b.open("/id/people/one?id=P-1")
	b.press("Tandai sudah keluar")
	if p, err := k.store.Person(t.Context(), "P-1"); err != nil || p.Postings[0].To != "2026-11-23" || !p.Retired {
		t.Errorf("kept is %+v, %v", p, err)
	}
	b.press("Tandai kembali bertugas")
	if p, err := k.store.Person(t.Context(), "P-1"); err != nil || p.Postings[0].To != "" || p.Retired {
		t.Errorf("after the return: %+v, %v", p, err)
	}
}
