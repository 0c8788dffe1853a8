package handlers_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"melek/courses/people"
	"melek/courses/record"
)

func TestTheRetentionTestIsALaterStepThatMayBeLeftOut(t *testing.T) {
	k := newKit(t)
	p := k.register("P-1", people.Participant, firstVillage)
	k.score("P-1", record.Pre, 40, "w1")
	err := k.ledger.Record(context.Background(), record.Record{ID: uuid.NewString(), Kind: record.Attended, Person: "P-1",
		By: "A-1", Course: example, Workshop: "w1", Session: "1", At: k.now()})
	if err != nil {
		t.Fatal(err)
	}
	k.score("P-1", record.Post, 80, "w1")
	b := k.signIn(p)
	b.open("/id/")
	b.wants("Tes ingatan terbuka mulai 23 Desember 2026.")
	b.open("/id/courses/" + example)
	b.wants("Tes ingatan (boleh dilewati)", "Terbuka mulai 23 Desember 2026")
	if b.open("/id/courses/"+example+"/test/retention").status != http.StatusConflict {
		t.Errorf("status %d before its time", b.status)
	}
	b.wants("Tes ini terbuka mulai 23 Desember 2026")

	k.wait(31 * 24 * time.Hour)
	b = k.signIn(p)
	b.open("/id/")
	b.wants("Mulai tes ingatan", "Boleh dilewati")
	b.open("/id/courses/" + example + "/test/retention")
	b.press("Mulai tes sekarang")
	b.open("/id/")
	b.wants("Lanjutkan tes ingatan")
	b.open("/id/courses/" + example + "/test/retention/review")
	b.press("Kumpulkan")
	b.wants("Tes ingatan sudah dikumpulkan")
	b.open("/id/courses/" + example)
	b.wants("Tes ingatan (boleh dilewati)", "Nilai 0 dari 100")
}
