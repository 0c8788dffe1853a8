package handlers_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"melek/courses/record"
)

func TestAPersonsPageShowsTestsThatAreNotCounted(t *testing.T) {
	k := newKit(t)
	k.participant("P-1")
	k.score("P-1", record.Pre, 40, "")
	k.score("P-1", record.Pre, 55, "")
	void := record.Record{ID: uuid.NewString(), Kind: record.Scored, By: "A-1", Person: "P-1", Course: example,
		Phase: record.Post, Score: &record.Score{Raw: 90, Max: 100}, At: k.now()}
	for _, r := range []record.Record{void, {ID: uuid.NewString(), Kind: record.Voided, By: "A-1", Person: "P-1",
		Voids: void.ID, At: k.now()}} {
		if err := k.ledger.Record(context.Background(), r); err != nil {
			t.Fatal(err)
		}
	}
	b := k.signIn(k.admin())
	b.open("/id/people/one?id=P-1")
	b.wants("dihitung", "40", "tidak dihitung: bukan yang pertama", "55", "tidak dihitung: dinyatakan tidak sah", "90")
}
