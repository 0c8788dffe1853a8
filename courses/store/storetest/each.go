package storetest

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"testing"

	"melek/courses/record"
	"melek/courses/store"
)

var eachChecks = []check{
	{"projections come in order of person, from the first after", eachProjection},
	{"entries come in order of person, id and digest, from the first person after", eachEntry},
	{"an error stops it and is returned", eachStops},
	{"the store can be used meanwhile", eachWhileUsing},
}

func eachProjection(t *testing.T, s store.Store) {
	persons := []string{"P1", "P10", "P2", "Q", "p", "é", "日"} // in order of bytes
	var all []store.Projection
	for _, id := range persons {
		all = append(all, sampleProjection(id))
	}
	slices.Reverse(all)
	putProjections(t, s, all...)
	for i, after := range append([]string{""}, persons...) {
		var got []string
		must(t, s.EachProjection(t.Context(), after, func(p store.Projection) error {
			sameProjection(t, p, sampleProjection(p.Person))
			got = append(got, p.Person)
			return nil
		}))
		if !slices.Equal(got, persons[i:]) {
			t.Errorf("after %q: got %v, want %v", after, got, persons[i:])
		}
	}
}

// manyEntries are more than stores read at a time, of three people.
func manyEntries(t *testing.T) []record.Entry {
	var all []record.Entry
	for _, person := range []string{"P1", "P2", "P3"} {
		for n := range 400 {
			all = append(all, entry(t, person, n, "m1"))
		}
	}
	twin := entry(t, "P2", 399, "m2")
	all = append(all, twin)
	slices.SortFunc(all, byPersonAndID)
	return all
}

func byPersonAndID(a, b record.Entry) int {
	return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.ID, b.ID),
		bytes.Compare(a.Digest[:], b.Digest[:]))
}

func eachEntry(t *testing.T, s store.Store) {
	all := manyEntries(t)
	shuffled := slices.Clone(all)
	slices.Reverse(shuffled)
	insert(t, s, shuffled...)
	for after, from := range map[string]int{"": 0, "P1": 400, "P10": 400, "P2": 801, "P3": 1201} {
		var got []record.Entry
		must(t, s.EachEntry(t.Context(), after, func(e record.Entry) error {
			got = append(got, e)
			return nil
		}))
		if !slices.EqualFunc(got, all[from:], func(a, b record.Entry) bool {
			return a.Person == b.Person && a.Digest == b.Digest && bytes.Equal(a.Content, b.Content)
		}) {
			t.Errorf("after %q: got %d entries, want %d in order", after, len(got), len(all)-from)
		}
	}
}

var errEnough = errors.New("enough")

func eachStops(t *testing.T, s store.Store) {
	insert(t, s, entry(t, "P1", 1, "m1"), entry(t, "P2", 1, "m1"))
	putProjections(t, s, sampleProjection("P1"), sampleProjection("P2"))
	calls := 0
	stop := func() error { calls++; return errEnough }
	err := s.EachEntry(t.Context(), "", func(record.Entry) error { return stop() })
	if !errors.Is(err, errEnough) {
		t.Errorf("EachEntry = %v, want fn's error", err)
	}
	err = s.EachProjection(t.Context(), "", func(store.Projection) error { return stop() })
	if !errors.Is(err, errEnough) {
		t.Errorf("EachProjection = %v, want fn's error", err)
	}
	same(t, "calls", calls, 2)
}

func eachWhileUsing(t *testing.T, s store.Store) {
	insert(t, s, manyEntries(t)...)
	errs := allAtOnce(callers, func(int) error {
		last := ""
		return s.EachEntry(t.Context(), "", func(e record.Entry) error {
			if e.Person == last {
				return nil
			}
			last = e.Person
			if _, err := s.Projections(t.Context(), []string{e.Person}); err != nil {
				return err
			}
			return s.Change(t.Context(), func(tx store.Tx) error { return raise(tx, e.Person) })
		})
	})
	allSucceed(t, errs)
	p, _ := projection(t, s, "P3")
	same(t, "revision", p.Rev, int64(callers))
}
