package reports_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
)

func (k *kit) archive(seed byte) *reports.Archive {
	n := 0
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(seed), ed25519.SeedSize)))
	return reports.NewArchive(k.Desk, k.store, func() (ed25519.PrivateKey, error) { return key, nil },
		func() string { n++; return fmt.Sprint("f", n) })
}

func TestAFrozenReportComesOutTheSameAgain(t *testing.T) {
	ctx := context.Background()
	k := finest(t)
	for _, q := range []reports.Query{{}, {By: reports.ByVillage, Within: "33.1"}, {By: reports.ByWorkshop},
		{By: reports.ByGender}, {By: reports.ByPillar}, {From: "2026-11-01", To: "2026-11-30"}, {Type: people.Village}} {
		q.Course = "c"
		archive := k.archive('a')
		f, err := archive.Freeze(ctx, q, "A1")
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		if same, err := archive.Again(ctx, f); !same || err != nil {
			t.Errorf("%+v: the same again = %v, %v", q, same, err)
		}
		if changes, err := archive.Changes(ctx, f); len(changes) > 0 || err != nil {
			t.Errorf("%+v: changes %v, %v; want none yet", q, changes, err)
		}
		var live reports.Report
		if err := json.Unmarshal(f.Report, &live); err != nil || brief(live) != brief(k.gains(t, q)) {
			t.Errorf("%+v: frozen %s, live %s, %v", q, brief(live), brief(k.gains(t, q)), err)
		}
	}
}

func TestAFrozenReportKeepsTheNamesOfItsWorkshops(t *testing.T) {
	ctx := context.Background()
	k := newKit()
	for i := range 10 {
		p := k.newcomer("33.1.1")
		for phase, raw := range map[record.Phase]float64{record.Pre: float64(i), record.Post: 60} {
			k.say(record.Record{Kind: record.Scored, Person: p, Phase: phase, Workshop: "W1",
				At: day.AddDate(0, 0, len(phase)), Score: &record.Score{Raw: raw, Max: 100}})
		}
	}
	k.file(t)
	q := reports.Query{Course: "c", By: reports.ByWorkshop}
	rename := func(title string) {
		err := k.store.ChangeWorkshop(ctx, "W1", func(w *people.Workshop) error {
			w.Title, w.From = title, "2026-11-24"
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	rename("Bimtek Kertek")
	archive := k.archive('a')
	f, err := archive.Freeze(ctx, q, "A1")
	if err != nil {
		t.Fatal(err)
	}
	rename("Bimtek lain")
	if same, err := archive.Again(ctx, f); !same || err != nil || !strings.Contains(string(f.Report), "Bimtek Kertek (24") {
		t.Errorf("the same again = %v, %v: %s", same, err, f.Report)
	}
}

func TestAFrozenReportStaysAsItWas(t *testing.T) {
	ctx := context.Background()
	k := finest(t)
	archive := k.archive('a')
	f, err := archive.Freeze(ctx, reports.Query{Course: "c"}, "A1")
	if err != nil {
		t.Fatal(err)
	}
	if int(f.Records.Count) != len(k.entries) || len(f.Records.SHA256) != 64 || f.Method == "" || f.Version != "v1" {
		t.Errorf("records %+v, method %q, version %q", f.Records, f.Method, f.Version)
	}
	k.pairs("33.1.1", 2)
	k.entries = append(k.entries, erased(t, "P0001"))
	k.persons = slices.DeleteFunc(k.persons, func(p people.Person) bool { return p.ID == "P0001" })
	k.file(t)
	again, seal, err := archive.Get(ctx, f.ID)
	if err != nil || seal != reports.OwnSeal || string(again.Report) != string(f.Report) {
		t.Errorf("after an erasure: seal %q, %v; same report %v", seal, err, string(again.Report) == string(f.Report))
	}
	if same, err := archive.Again(ctx, again); !same || err != nil {
		t.Errorf("the same again = %v, %v", same, err)
	}
	changes, err := archive.Changes(ctx, again)
	if err != nil || len(changes) == 0 {
		t.Fatalf("changes %v, %v", changes, err)
	}
	if c := changes[0]; c.Code != "33.1" || c.Count != "enrolled" || *c.Now-*c.Frozen != 1 {
		t.Errorf("first change %+v from %d to %d, want one more: two came and one was erased", c, *c.Frozen, *c.Now)
	}
	if _, seal, _ := k.archive('b').Get(ctx, f.ID); seal != reports.OtherSeal {
		t.Errorf("with another key the seal is %q", seal)
	}
	kept, err := k.store.Setting(ctx, "frozen/"+f.ID)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := strings.Replace(kept, `"payload":"ey`, `"payload":"eyJ9ey`, 1)
	for name, value := range map[string]string{"frozen/f9": kept, "frozen/" + f.ID: spoilt} {
		if err := k.store.PutSetting(ctx, name, value); err != nil {
			t.Fatal(err)
		}
	}
	if _, seal, err := archive.Get(ctx, "f9"); seal != reports.BadSeal || err != nil {
		t.Errorf("under another id: seal %q, %v", seal, err)
	}
	if _, seal, err := archive.Get(ctx, f.ID); seal == reports.OwnSeal {
		t.Errorf("a changed report has the seal %q, %v", seal, err)
	}
	if ids, err := archive.List(ctx); len(ids) != 2 || err != nil {
		t.Errorf("list = %v, %v", ids, err)
	}
	if _, _, err := archive.Get(ctx, "f8"); !errors.Is(err, courses.NotFound) {
		t.Errorf("an unknown one: %v", err)
	}
}

// erased is the record of a person's erasure.
func erased(t *testing.T, person string) record.Entry {
	t.Helper()
	e, err := record.Make(record.Record{ID: "0193a000-0000-7000-8000-999999999999", Kind: record.Erased, Person: person,
		At: day.AddDate(0, 1, 0)}, day)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
