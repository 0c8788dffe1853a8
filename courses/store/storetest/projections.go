package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"melek/courses/store"
)

var projectionChecks = []check{
	{"a projection comes back as it was put", projectionRoundTrip},
	{"a projection takes the place of the last", projectionReplaced},
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
}

// sameProjection compares without telling no counts from none.
func sameProjection(t *testing.T, got, want store.Projection) {
	t.Helper()
	if len(got.Counts) == 0 && len(want.Counts) == 0 {
		got.Counts, want.Counts = nil, nil
	}
	same(t, "projection of "+want.Person, got, want)
}

func projectionReplaced(t *testing.T, s store.Store) {
	putProjections(t, s, sampleProjection("P1"))
	next := store.Projection{Person: "P1", Rev: 8, State: bytes.Repeat([]byte(`{"a":"0123456789"} `), 1000)}
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
		putProjections(t, s, p)
		got, _ := projection(t, s, text)
		sameProjection(t, got, p)
	}
}
