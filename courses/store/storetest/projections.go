package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"melek/courses/store"
	"melek/courses/tally"
)

var projectionChecks = []check{
	{"a projection comes back as it was put", projectionRoundTrip},
	{"a projection takes the place of the last", projectionReplaced},
	{"parts that are given take the place of the last, others stay", partsReplaced},
	{"parts of one change add up", partsTogether},
	{"people without a projection are left out", projectionLeftOut},
	{"due people are those up to the time, the earliest first, at most so many", dueInOrder},
	{"a person whose due is taken away is not due", dueTakenAway},
	{"awkward names of counts are data", awkwardProjections},
}

func projectionRoundTrip(t *testing.T, s store.Store) {
	full := sampleProjection("P1")
	bare := store.Projection{Person: "P2", Rev: 1 << 40, State: []byte(`{}`)}
	putProjections(t, s, full, bare)
	for _, want := range []store.Projection{full, bare} {
		got, ok := projection(t, s, want.Person)
		if !ok {
			t.Fatalf("no projection of %s", want.Person)
		}
		sameProjection(t, got, want)
	}
	var inside map[string]store.Projection
	change(t, s, func(tx store.Tx) (err error) {
		inside, err = tx.TxProjections([]string{"P1", "P2", "P3"})
		return err
	})
	same(t, "projections inside", len(inside), 2)
	sameProjection(t, inside["P1"], full)
	sameProjection(t, inside["P2"], bare)
	change(t, s, func(tx store.Tx) error {
		revs, err := tx.Revs([]string{"P1", "P2", "P3"})
		same(t, "revisions", revs, map[string]int64{"P1": full.Rev, "P2": bare.Rev})
		return err
	})
}

// sameProjection compares without telling no counts and no parts from none.
func sameProjection(t *testing.T, got, want store.Projection) {
	t.Helper()
	same(t, "projection of "+want.Person, plain(got), plain(want))
}

func plain(p store.Projection) store.Projection {
	parts := map[string]store.Part{}
	for course, part := range p.Parts {
		part.Counts = append([]tally.Count{}, part.Counts...)
		parts[course] = part
	}
	p.Counts, p.Parts = append([]tally.Count{}, p.Counts...), parts
	return p
}

func partsReplaced(t *testing.T, s store.Store) {
	p := sampleProjection("P1")
	p.Parts["gone"], p.Parts["kept"] = store.Part{State: []byte(`1`)}, store.Part{State: []byte(`2`)}
	putProjections(t, s, p, sampleProjection("P2"))
	newer := store.Part{State: []byte(`3`), Counts: p.Counts[:1]}
	putProjections(t, s, store.Projection{Person: "P1", Rev: 8, State: []byte(`{}`),
		Parts: map[string]store.Part{"c": newer, "gone": {}, "never": {}, "new": newer}})
	want := store.Projection{Person: "P1", Rev: 8, State: []byte(`{}`),
		Parts: map[string]store.Part{"c": newer, "kept": p.Parts["kept"], "new": newer}}
	got, _ := projection(t, s, "P1")
	sameProjection(t, got, want)
	neighbour, _ := projection(t, s, "P2")
	sameProjection(t, neighbour, sampleProjection("P2"))
}

func partsTogether(t *testing.T, s store.Store) {
	part := func(text string) store.Part { return store.Part{State: []byte(text)} }
	put := func(rev int64, parts map[string]store.Part) store.Projection {
		return store.Projection{Person: "P1", Rev: rev, State: []byte(`{}`), Parts: parts}
	}
	putProjections(t, s, put(1, map[string]store.Part{"a": part("1"), "b": part("1"), "c": part("1")}))
	want := put(3, map[string]store.Part{"a": part("1"), "b": part("3"), "d": part("2")})
	var inside map[string]store.Projection
	change(t, s, func(tx store.Tx) error {
		second := put(2, map[string]store.Part{"b": part("2"), "c": {}, "d": part("2")})
		if err := tx.PutProjections([]store.Projection{second}); err != nil {
			return err
		}
		err := tx.PutProjections([]store.Projection{put(3, map[string]store.Part{"b": part("3")})})
		if err != nil {
			return err
		}
		inside, err = tx.TxProjections([]string{"P1"})
		return err
	})
	sameProjection(t, inside["P1"], want)
	got, _ := projection(t, s, "P1")
	sameProjection(t, got, want)
}

func projectionReplaced(t *testing.T, s store.Store) {
	putProjections(t, s, sampleProjection("P1"))
	large := bytes.Repeat([]byte(`{"a":"0123456789"} `), 1000)
	next := store.Projection{Person: "P1", Rev: 8, State: large,
		Parts: map[string]store.Part{"c": {State: large}}}
	putProjections(t, s, next)
	got, _ := projection(t, s, "P1")
	sameProjection(t, got, next)
}

func projectionLeftOut(t *testing.T, s store.Store) {
	putProjections(t, s, sampleProjection("P1"), sampleProjection("P3"))
	all, err := s.Projections(t.Context(), []string{"P1", "P2", "P3"})
	must(t, err)
	same(t, "projections", len(all), 2)
	none, err := s.Projections(t.Context(), nil)
	must(t, err)
	same(t, "projections of nobody", len(none), 0)
}

func dueInOrder(t *testing.T, s store.Store) {
	at := func(person string, minute int) store.Projection {
		p := sampleProjection(person)
		p.Due = noon.Add(time.Duration(minute) * time.Minute)
		return p
	}
	never := sampleProjection("P5")
	never.Due = time.Time{}
	putProjections(t, s, at("P1", 3), at("P2", 1), at("P3", 2), at("P4", 4), never)
	tests := []struct {
		fact   string
		minute int
		limit  int
		want   []string
	}{
		{"none before the first", 0, 9, nil},
		{"the time itself included", 1, 9, []string{"P2"}},
		{"the earliest first", 3, 9, []string{"P2", "P3", "P1"}},
		{"at most so many", 4, 2, []string{"P2", "P3"}},
		{"never those without", 1e6, 9, []string{"P2", "P3", "P1", "P4"}},
	}
	for _, tt := range tests {
		got, err := s.Due(t.Context(), noon.Add(time.Duration(tt.minute)*time.Minute), tt.limit)
		must(t, err)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.fact, got, tt.want)
		}
	}
}

func dueTakenAway(t *testing.T, s store.Store) {
	p := sampleProjection("P1")
	putProjections(t, s, p)
	p.Due = time.Time{}
	putProjections(t, s, p)
	due, err := s.Due(t.Context(), noon.Add(time.Hour), 9)
	must(t, err)
	same(t, "due", len(due), 0)
}

func awkwardProjections(t *testing.T, s store.Store) {
	for _, text := range awkward {
		p := sampleProjection(text)
		p.State = fmt.Appendf(nil, `{"person":%s}`, quoted(text))
		for i := range p.Counts {
			p.Counts[i].Cell, p.Counts[i].Key.Course, p.Counts[i].Key.Area = text, text, text
		}
		p.Parts[text] = store.Part{State: []byte(quoted(text)), Counts: p.Counts}
		putProjections(t, s, p)
		got, _ := projection(t, s, text)
		sameProjection(t, got, p)
	}
}
