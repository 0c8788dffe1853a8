package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

func TestAnswers(t *testing.T) {
	k := newKit(t)
	k.register(t, person(1))
	read := record.Record{ID: id(1), Kind: record.Read, Person: "P1", Module: "m1"}
	other := read
	other.Module = "m2"
	unknown := read
	unknown.ID, unknown.Person = id(2), "P9"
	old := test(3, "P1", record.Pre, "A", true)
	oldRaw := json.RawMessage(`{"id":"` + old.ID + `","kind":"submitted","person":"P1","course":"c","phase":"pre",` +
		`"form":"A","answers":{},"version":"v0","at":"2026-11-23T08:00:00Z"}`)
	tests := []struct {
		name string
		raw  json.RawMessage
		want ledger.Status
	}{
		{"new", raw(read), ledger.Stored},
		{"again", raw(read), ledger.Duplicate},
		{"the id with other content", raw(other), ledger.Conflict},
		{"the other content again", raw(other), ledger.Duplicate},
		{"nobody known", raw(unknown), ledger.Quarantined},
		{"a version that is not here", oldRaw, ledger.Quarantined},
		{"no record", json.RawMessage(`{"id":"x"}`), ledger.Invalid},
		{"not JSON", json.RawMessage(`[`), ledger.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := k.take(t, tt.raw)[0]
			if got.Status != tt.want {
				t.Errorf("status = %s (%v), want %s", got.Status, got.Reason, tt.want)
			}
			if kept := got.Status == ledger.Stored || got.Status == ledger.Duplicate; kept != (got.Reason == nil) {
				t.Errorf("reason = %v", got.Reason)
			}
		})
	}
	k.verify(t)
}

func TestOneBatchMayHoldARecordTwice(t *testing.T) {
	k := newKit(t)
	k.register(t, person(1))
	pre := raw(test(1, "P1", record.Pre, "A", true))
	got := k.take(t, pre, json.RawMessage(`{}`), pre)
	want := []ledger.Status{ledger.Stored, ledger.Invalid, ledger.Duplicate}
	for i := range want {
		if got[i].Status != want[i] {
			t.Errorf("answer %d = %s, want %s", i, got[i].Status, want[i])
		}
	}
	if n := k.figures(t).PreN; n != 1 {
		t.Errorf("pre_n = %d, want 1", n)
	}
}

func TestWhatASenderMaySay(t *testing.T) {
	k, g := newKit(t), people.Wonosobo()
	inReach, outside := person(1), person(2)
	onRoster := people.Workshop{Facilitators: []string{"F1"}, Roster: []string{"P1"}, To: "2099-12-31"}
	facilitator := people.Person{ID: "F1", Name: "Relawan", Role: people.Facilitator,
		Postings: []people.Posting{{Area: "33.07.01"}}}
	admin := people.Person{ID: "A1", Name: "Admin", Role: people.Admin}
	k.register(t, inReach, outside, facilitator, admin)
	tests := []struct {
		name   string
		sender people.Person
		record record.Record
		may    bool
	}{
		{"one's own reading", inReach, record.Record{Kind: record.Read, Person: "P1"}, true},
		{"somebody else's reading", inReach, record.Record{Kind: record.Read, Person: "P2"}, false},
		{"one's own paper marks", inReach, record.Record{Kind: record.Scored, Person: "P1"}, false},
		{"voiding one's own test", inReach, record.Record{Kind: record.Voided, Person: "P1"}, false},
		{"paper marks of somebody on the own roster", facilitator, record.Record{Kind: record.Scored, Person: "P1"}, true},
		{"paper marks of somebody who is on none", facilitator, record.Record{Kind: record.Scored, Person: "P2"}, false},
		{"paper marks of nobody known", facilitator, record.Record{Kind: record.Scored, Person: "P9"}, false},
		{"a facilitator's own paper marks", facilitator, record.Record{Kind: record.Scored, Person: "F1"}, false},
		{"anybody's, by an administrator", admin, record.Record{Kind: record.Scored, Person: "P2"}, true},
		{"an erasure, by nobody", admin, record.Record{Kind: record.Erased, Person: "P2"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			duty := tt.sender.Duty(time.Now(), time.UTC, g).Charge([]people.Workshop{onRoster}, time.Now(), time.UTC)
			err := k.Sender(context.Background(), duty, g).May(&tt.record)
			if (err == nil) != tt.may {
				t.Errorf("May = %v, want allowed %v", err, tt.may)
			}
		})
	}
}

func TestRecordsWaitForTheirPerson(t *testing.T) {
	k := newKit(t)
	k.take(t, raw(test(1, "P1", record.Pre, "A", false)), raw(test(2, "P1", record.Post, "B", true)))
	if f := k.figures(t); f.Enrolled != 0 {
		t.Errorf("somebody unknown is counted: %+v", f)
	}
	k.register(t, person(1))
	if f := k.figures(t); f.Matched != 1 || f.Diff.Mean != 50 {
		t.Errorf("figures = %+v, want one matched with a gain of 50", f)
	}
	k.verify(t)
}

func TestALatePreTestChangesThePair(t *testing.T) {
	k := newKit(t)
	k.register(t, person(1))
	k.take(t, raw(test(5, "P1", record.Pre, "A", true)), raw(test(9, "P1", record.Post, "B", true)))
	k.take(t, raw(test(2, "P1", record.Pre, "A", false)))
	if f := k.figures(t); f.Matched != 1 || f.Pre.Mean != 50 {
		t.Errorf("figures = %+v, want the earlier pre-test of 50", f)
	}
	k.verify(t)
}

func TestAMoveCountsOnce(t *testing.T) {
	k := newKit(t)
	k.register(t, person(1))
	k.take(t, raw(test(1, "P1", record.Pre, "A", true)))
	before := person(1)
	before.Postings = []people.Posting{{Area: "33.07.02.2001", From: "2026-01-01"}}
	k.register(t, before)
	rows, err := k.store.Figures(context.Background(), store.FiguresQuery{Course: "c", Role: people.Participant})
	if err != nil || len(rows) != 1 || rows[0].Key.Area != "33.07.02.2001" {
		t.Errorf("figures = %+v, %v; want one row, in the village of the pre-test", rows, err)
	}
	k.verify(t)
}

func TestErasureIsFinal(t *testing.T) {
	k, ctx := newKit(t), context.Background()
	k.register(t, person(1), person(4))
	k.take(t, raw(test(1, "P1", record.Pre, "A", true)), raw(test(2, "P4", record.Pre, "A", true)))
	if err := k.Record(ctx, record.Record{ID: id(3), Kind: record.Erased, Person: "P1", At: day}); err != nil {
		t.Fatal(err)
	}
	if f := k.figures(t); f.PreN != 1 {
		t.Errorf("pre_n = %d, want 1: the other one", f.PreN)
	}
	if _, err := k.store.Person(ctx, "P1"); !errors.Is(err, courses.NotFound) {
		t.Errorf("the particulars are still there: %v", err)
	}
	if got := k.take(t, raw(test(1, "P1", record.Pre, "A", true)))[0].Status; got != ledger.Erased {
		t.Errorf("a late record is %s, want erased", got)
	}
	if err := k.Register(ctx, []people.Person{person(1)}); !errors.Is(err, courses.Conflict) {
		t.Errorf("the number is used again: %v", err)
	}
	kept := 0
	_ = k.store.EachEntry(ctx, "", func(e record.Entry) error {
		if e.Person == "P1" {
			kept++
		}
		return nil
	})
	if kept != 1 {
		t.Errorf("%d records of the erased person are kept, want the erasure alone", kept)
	}
	k.verify(t)
}

func TestClosingOverdueTests(t *testing.T) {
	k, ctx := newKit(t), context.Background()
	k.register(t, person(1))
	opened := record.Record{ID: id(1), Kind: record.Opened, Person: "P1", Phase: record.Pre, Form: "A"}
	answer := record.Record{ID: id(2), Kind: record.Answered, Person: "P1", Phase: record.Pre, Form: "A",
		Answers: record.Answers{"a1": {"a"}}, At: day.Add(time.Minute)}
	k.take(t, raw(opened), raw(answer))
	closeAt := func(at time.Time) int {
		k.now = at
		n, err := k.CloseOverdue(ctx, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := closeAt(day.Add(3 * time.Minute)); n != 0 {
		t.Error("handed in before its end and the grace were over")
	}
	extra := store.Allowance{Person: "P1", Course: "c", Phase: record.Pre, Extra: 10 * time.Minute}
	if err := k.store.PutAllowance(ctx, extra); err != nil {
		t.Fatal(err)
	}
	if n := closeAt(day.Add(13 * time.Minute)); n != 0 {
		t.Error("handed in within the time that the facilitator granted")
	}
	if n := closeAt(day.Add(15 * time.Minute)); n != 1 {
		t.Errorf("%d handed in, want 1", n)
	}
	if n := closeAt(day.Add(16 * time.Minute)); n != 0 {
		t.Errorf("%d handed in again", n)
	}
	state, err := k.State(ctx, "P1")
	if err != nil {
		t.Fatal(err)
	}
	if pre := state.Courses["c"].Counted(record.Pre); pre == nil || pre.Marks.Score() != 50 {
		t.Errorf("pre-test = %+v, want what was answered: 50", pre)
	}
	k.verify(t)
}

func TestAnAnswerWithinTheGraceCounts(t *testing.T) {
	k, ctx := newKit(t), context.Background()
	k.register(t, person(1))
	opened := record.Record{ID: id(1), Kind: record.Opened, Person: "P1", Phase: record.Pre, Form: "A"}
	late := record.Record{ID: id(2), Kind: record.Answered, Person: "P1", Phase: record.Pre, Form: "A",
		Answers: record.Answers{"a1": {"a"}}, At: day.Add(3*time.Minute + 30*time.Second)}
	k.take(t, raw(opened), raw(late))
	k.now = day.Add(time.Hour)
	if n, err := k.CloseOverdueOf(ctx, "P1", time.Minute); n != 1 || err != nil {
		t.Fatalf("%d handed in, %v; want 1", n, err)
	}
	state, err := k.State(ctx, "P1")
	if err != nil {
		t.Fatal(err)
	}
	if pre := state.Courses["c"].Counted(record.Pre); pre == nil || pre.Marks.Score() != 50 {
		t.Errorf("pre-test = %+v, want 50", pre)
	}
}

func TestHandingInTwiceIsOneSubmission(t *testing.T) {
	k, ctx := newKit(t), context.Background()
	k.register(t, person(1))
	k.take(t, raw(record.Record{ID: id(1), Kind: record.Opened, Person: "P1", Phase: record.Pre, Form: "A"}))
	state, err := k.State(ctx, "P1")
	if err != nil {
		t.Fatal(err)
	}
	a := state.Courses["c"].Current(record.Pre)
	for range 2 {
		k.now = k.now.Add(time.Minute)
		if err := k.HandIn(ctx, "P1", "c", a, "web"); err != nil {
			t.Fatal(err)
		}
	}
	if state, err = k.State(ctx, "P1"); err != nil || len(state.Courses["c"].Attempts) != 1 {
		t.Errorf("%d attempts, %v; want 1", len(state.Courses["c"].Attempts), err)
	}
	k.verify(t)
}

func TestCatchUpAfterAWithdrawal(t *testing.T) {
	k, ctx := newKit(t), context.Background()
	k.register(t, person(1))
	if err := k.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	k.take(t, raw(test(1, "P1", record.Pre, "A", false)), raw(test(2, "P1", record.Post, "B", true)))
	k.syllabus.withdrawn["b1"] = true
	if err := k.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if f := k.figures(t); f.Post.Mean != 100 || f.Pre.Mean != 50 {
		t.Errorf("figures = %+v, want the withdrawn item in no score", f)
	}
	k.syllabus.course.PassMark = 101
	if err := k.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if f := k.figures(t); f.Competent != 0 {
		t.Errorf("competent = %d, want 0 under the new pass mark", f.Competent)
	}
	k.verify(t)
}

func TestVerifyFindsWhatWasChanged(t *testing.T) {
	k, ctx := newKit(t), context.Background()
	k.register(t, person(1))
	k.take(t, raw(test(1, "P1", record.Pre, "A", true)))
	err := k.store.Change(ctx, func(tx store.Tx) error {
		all, err := tx.TxProjections([]string{"P1"})
		if err != nil {
			return err
		}
		p := all["P1"]
		part := p.Parts["c"]
		part.State = []byte(`{"first_at":"2026-11-23T01:00:00Z"}`)
		p.Parts = map[string]store.Part{"c": part}
		return tx.PutProjections([]store.Projection{p})
	})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	if _, err := k.Verify(ctx, func(ledger.Difference) { found++ }); err != nil || found != 1 {
		t.Errorf("%d differences, %v; want 1", found, err)
	}
}

// TestWhatAnEarlierMelekKept has a projection as it was before courses had parts, and one more record.
func TestWhatAnEarlierMelekKept(t *testing.T) {
	k, ctx := newKit(t), context.Background()
	k.register(t, person(1))
	k.take(t, raw(test(1, "P1", record.Pre, "A", true)))
	err := k.store.Change(ctx, func(tx store.Tx) error {
		all, err := tx.TxProjections([]string{"P1"})
		if err != nil {
			return err
		}
		old := all["P1"]
		old.State = slices.Concat([]byte(`{"person":"P1","courses":{"c":`), old.Parts["c"].State, []byte(`}}`))
		old.Rev, old.Counts, old.Parts = old.Rev+1, old.Parts["c"].Counts, map[string]store.Part{"c": {}}
		return tx.PutProjections([]store.Projection{old})
	})
	if err != nil {
		t.Fatal(err)
	}
	if state, err := k.State(ctx, "P1"); err != nil || state.Courses["c"].Counted(record.Pre) == nil {
		t.Errorf("state = %+v, %v; want the pre-test before anything is folded anew", state, err)
	}
	k.take(t, raw(test(2, "P1", record.Post, "B", true)))
	if f := k.figures(t); f.Matched != 1 || f.PreN != 1 {
		t.Errorf("figures = %+v, want one matched person", f)
	}
	k.verify(t)
}

func TestManyAtOnce(t *testing.T) {
	k := newKit(t)
	k.register(t, person(1))
	var wg sync.WaitGroup
	for n := range 40 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			k.take(t, raw(test(n+1, "P1", record.Pre, "A", n > 0)))
		}()
	}
	wg.Wait()
	if f := k.figures(t); f.PreN != 1 || f.Enrolled != 1 {
		t.Errorf("figures = %+v, want one person with one pre-test", f)
	}
	k.verify(t)
}

// TestStateIsAFunctionOfTheSet delivers the same facts and people in any order, in any batches and again and again.
func TestStateIsAFunctionOfTheSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raws := genRaws(t)
		persons := []people.Person{person(1), person(2), person(4)}
		straight := newKit(t)
		straight.register(t, persons...)
		straight.take(t, raws...)
		want := straight.dump(t)

		k := newKit(t)
		rest := append(rapid.Permutation(raws).Draw(t, "order"), raws[:len(raws)/2]...)
		late := rapid.IntRange(0, len(rest)).Draw(t, "people come after")
		for i := 0; i < len(rest); {
			if i >= late && late >= 0 {
				k.register(t, rapid.Permutation(persons).Draw(t, "people")...)
				late = -1
			}
			n := min(rapid.IntRange(1, 7).Draw(t, "batch"), len(rest)-i)
			k.take(t, rest[i:i+n]...)
			i += n
		}
		k.register(t, persons...)
		if got := k.dump(t); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
		k.verify(t)
	})
}

func genRaws(t *rapid.T) []json.RawMessage {
	var raws []json.RawMessage
	for n := range rapid.IntRange(0, 30).Draw(t, "n") {
		p := rapid.SampledFrom([]string{"P1", "P2", "P4"}).Draw(t, "person")
		phase := rapid.SampledFrom([]record.Phase{record.Pre, record.Post}).Draw(t, "phase")
		form := rapid.SampledFrom([]string{"A", "B"}).Draw(t, "form")
		r := test(n+1, p, phase, form, rapid.Bool().Draw(t, "right"))
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			r = record.Record{ID: r.ID, Kind: record.Read, Person: p, Module: "m1", At: r.At}
		case 1:
			r = record.Record{ID: r.ID, Kind: record.Answered, Person: p, Module: "m1", At: r.At,
				Answers: record.Answers{"q1": {"b"}}}
		case 2:
			r.ID = id(1 + rapid.IntRange(0, n).Draw(t, "same id"))
		}
		raws = append(raws, raw(r))
	}
	return raws
}

func TestACorrectionIsCountedAtOnce(t *testing.T) {
	k := newKit(t)
	k.register(t, person(1))
	k.take(t, raw(test(1, "P1", record.Pre, "A", true)))
	corrected := person(1)
	corrected.Postings = []people.Posting{{Area: "33.07.05.2001"}}
	if err := k.Replace(context.Background(), corrected); err != nil {
		t.Fatal(err)
	}
	k.take(t, raw(test(2, "P1", record.Post, "B", true)))
	rows, err := k.store.Figures(context.Background(), store.FiguresQuery{Course: "c", Role: people.Participant})
	if err != nil || len(rows) != 1 || rows[0].Key.Area != "33.07.05.2001" || rows[0].Figures.Matched != 1 {
		t.Errorf("figures = %+v, %v; want one row with one pair, in the corrected village", rows, err)
	}
	k.verify(t)
}
