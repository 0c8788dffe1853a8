package storetest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"melek/courses/record"
	"melek/courses/store"
)

var recordChecks = []check{
	{"an entry comes back as it was put in", entryRoundTrip},
	{"a record is new once and a duplicate after that", newThenDuplicate},
	{"other content under a known id is kept beside it", otherContent},
	{"entries of one call are judged one after the other", oneCall},
	{"no entries are no standings", noEntries},
	{"the same id of two people is two records", idOfTwoPeople},
	{"a duplicate does not change when the first was received", duplicateChangesNothing},
	{"sets are in order of id and digest, and those of nobody are left out", setsInOrder},
	{"forgetting a person leaves the erased record and other people", forget},
	{"a forgotten record is new again", forgottenIsNew},
	{"times are kept in UTC to the millisecond", recordTimes},
	{"awkward ids and texts are data", awkwardRecords},
}

func entryRoundTrip(t *testing.T, s store.Store) {
	raw := []byte(`{"id":"` + id(1) + `","kind":"answered","person":"P1","course":"c","phase":"pre","form":"A",
		"answers":{"i.1":["a","$b"]},"at":"2026-11-23T19:00:00.123+07:00","offset_ms":-5,"seq":3,"node":"n",
		"version":"v1","lang":"id","unknown":{"deep":[1,2.5,null,"x"]}}`)
	e, err := record.Parse(raw, noon)
	must(t, err)
	insert(t, s, e)
	same(t, "set", sets(t, s, "P1"), map[string][]record.Entry{"P1": {e}})
}

func newThenDuplicate(t *testing.T, s store.Store) {
	e := entry(t, "P1", 1, "m1")
	same(t, "first", insert(t, s, e), []store.Standing{store.New})
	same(t, "again", insert(t, s, e), []store.Standing{store.Duplicate})
	same(t, "kept", contents(t, s, "P1"), []string{string(e.Content)})
}

func otherContent(t *testing.T, s store.Store) {
	a, b, c := entry(t, "P1", 1, "m1"), entry(t, "P1", 1, "m2"), entry(t, "P1", 1, "m3")
	same(t, "a", insert(t, s, a), []store.Standing{store.New})
	same(t, "b", insert(t, s, b), []store.Standing{store.Other})
	same(t, "c", insert(t, s, c), []store.Standing{store.Other})
	again := []store.Standing{store.Duplicate, store.Duplicate, store.Duplicate}
	same(t, "all again", insert(t, s, b, a, c), again)
	same(t, "kept", len(contents(t, s, "P1")), 3)
}

func oneCall(t *testing.T, s store.Store) {
	a, b, c := entry(t, "P1", 1, "m1"), entry(t, "P1", 1, "m2"), entry(t, "P1", 2, "m1")
	other := entry(t, "P2", 1, "m1")
	got := insert(t, s, a, b, a, c, b, other)
	want := []store.Standing{store.New, store.Other, store.Duplicate, store.New, store.Duplicate, store.New}
	same(t, "standings", got, want)
	same(t, "kept", len(contents(t, s, "P1")), 3)
}

func noEntries(t *testing.T, s store.Store) {
	same(t, "standings", len(insert(t, s)), 0)
	same(t, "sets", len(sets(t, s)), 0)
}

func idOfTwoPeople(t *testing.T, s store.Store) {
	same(t, "of one", insert(t, s, entry(t, "P1", 1, "m1")), []store.Standing{store.New})
	same(t, "of another", insert(t, s, entry(t, "P2", 1, "m1")), []store.Standing{store.New})
	same(t, "people with records", len(sets(t, s, "P1", "P2")), 2)
}

func duplicateChangesNothing(t *testing.T, s store.Store) {
	e := entry(t, "P1", 1, "m1")
	late := e
	late.ReceivedAt = noon.Add(time.Hour)
	insert(t, s, e)
	insert(t, s, late)
	same(t, "received at", sets(t, s, "P1")["P1"][0].ReceivedAt, noon)
}

func setsInOrder(t *testing.T, s store.Store) {
	var all []record.Entry
	for _, n := range []int{3, 1, 2} {
		for m := range 4 {
			all = append(all, entry(t, "P1", n, fmt.Sprintf("m%d", m)))
		}
	}
	insert(t, s, all...)
	insert(t, s, entry(t, "P10", 1, "m1"))
	slices.SortFunc(all, byPersonAndID)
	same(t, "sets", sets(t, s, "P1", "P2", "P"), map[string][]record.Entry{"P1": all})
	same(t, "asked twice", sets(t, s, "P1", "P1"), map[string][]record.Entry{"P1": all})
}

func forget(t *testing.T, s store.Store) {
	erased := made(t, record.Record{ID: id(9), Kind: record.Erased, Person: "P1"})
	other := entry(t, "P2", 1, "m1")
	insert(t, s, entry(t, "P1", 1, "m1"), erased, entry(t, "P1", 10, "m1"), other)
	var inside map[string][]record.Entry
	change(t, s, func(tx store.Tx) error {
		if err := tx.Forget("P1"); err != nil {
			return err
		}
		var err error
		inside, err = tx.Sets([]string{"P1", "P2"})
		return err
	})
	want := map[string][]record.Entry{"P1": {erased}, "P2": {other}}
	same(t, "inside", inside, want)
	same(t, "afterwards", sets(t, s, "P1", "P2"), want)
	change(t, s, func(tx store.Tx) error { return tx.Forget("nobody") })
}

func forgottenIsNew(t *testing.T, s store.Store) {
	e := entry(t, "P1", 1, "m1")
	insert(t, s, e)
	var again []store.Standing
	change(t, s, func(tx store.Tx) error {
		if err := tx.Forget("P1"); err != nil {
			return err
		}
		var err error
		again, err = tx.Insert([]record.Entry{e, e})
		return err
	})
	same(t, "standings", again, []store.Standing{store.New, store.Duplicate})
	same(t, "kept", contents(t, s, "P1"), []string{string(e.Content)})
}

func recordTimes(t *testing.T, s store.Store) {
	e := entry(t, "P1", 1, "m1")
	e.ReceivedAt = odd
	insert(t, s, e)
	isRounded(t, "received at", sets(t, s, "P1")["P1"][0].ReceivedAt)
}

// odd is a time that is neither in UTC nor of whole milliseconds.
var odd = time.Date(2026, 11, 23, 19, 0, 0, 123456789, time.FixedZone("WIB", 7*60*60))

// isRounded fails the test where got is not odd as a store gives it back.
func isRounded(t *testing.T, what string, got time.Time) {
	t.Helper()
	if off := got.Sub(odd).Abs(); off >= time.Millisecond || got != got.UTC().Truncate(time.Millisecond) {
		t.Errorf("%s = %v, want %v in UTC and whole milliseconds", what, got, odd)
	}
}

func awkwardRecords(t *testing.T, s store.Store) {
	var all []record.Entry
	var persons []string
	for n, text := range awkward {
		all, persons = append(all, awkwardEntry(t, n, text)), append(persons, text)
	}
	for _, standing := range insert(t, s, all...) {
		same(t, "standing", standing, store.New)
	}
	kept := sets(t, s, persons...)
	for _, e := range all {
		same(t, "set of "+e.Person, kept[e.Person], []record.Entry{e})
	}
	slices.SortFunc(all, byPersonAndID)
	var got []record.Entry
	must(t, s.EachEntry(t.Context(), "", func(e record.Entry) error {
		got = append(got, e)
		return nil
	}))
	same(t, "each entry", got, all)
}

// awkwardEntry is of a person and with a text that no record that was checked may have.
func awkwardEntry(t *testing.T, n int, text string) record.Entry {
	t.Helper()
	content, err := json.Marshal(map[string]any{"id": id(n), "kind": record.Read, "person": text, "course": text,
		"module": "m", "at": noon, text: text})
	must(t, err)
	e, err := record.Revive(content, sha256.Sum256(content), noon)
	must(t, err)
	return e
}
