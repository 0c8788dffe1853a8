package storetest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// BenchmarkAnswers measures changes as one answer in a test makes them, from so many callers at once for each
// processor, each for a person of its own: the revision is read, the record, the projection and one part are
// kept.
func BenchmarkAnswers(b *testing.B, s store.Store, callers int) {
	var people, records atomic.Int64
	state := sampleState()
	b.SetParallelism(callers)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		person := fmt.Sprintf("P%d", people.Add(1))
		for rev := int64(1); pb.Next(); rev++ {
			e := entry(b, person, int(records.Add(1)), "m1")
			err := s.Change(b.Context(), func(tx store.Tx) error { return answer(tx, e, rev, state) })
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func answer(tx store.Tx, e record.Entry, rev int64, state []byte) error {
	if _, err := tx.Revs([]string{e.Person}); err != nil {
		return err
	}
	if _, err := tx.Insert([]record.Entry{e}); err != nil {
		return err
	}
	return tx.PutProjections([]store.Projection{withPart(e.Person, rev, state)})
}

// withPart is a projection with one part.
func withPart(person string, rev int64, state []byte) store.Projection {
	p := sampleProjection(person)
	p.Rev, p.Counts, p.Parts["c"] = rev, nil, store.Part{State: state, Counts: p.Counts}
	return p
}

// sampleState is about as large as the progress of a person in the middle of a course.
func sampleState() []byte {
	state := []byte(`{"quizzes":{`)
	for n := range 20 {
		state = fmt.Appendf(state, `"item-%d":{"chosen":["a"],"marks":1,"version":"v1","at":%q},`, n,
			noon.Format(time.RFC3339))
	}
	return append(state, `"last":{}}}`...)
}

// BenchmarkImport measures records taken in from a file: changes of 500 records of ten people, their
// projections, and the tallies that they change. One round of the benchmark is one record.
func BenchmarkImport(b *testing.B, s store.Store) {
	const batch, perPerson = 500, 50
	state := sampleState()
	for n := 0; n < b.N; n += batch {
		b.StopTimer()
		var entries []record.Entry
		for i := range min(batch, b.N-n) {
			entries = append(entries, entry(b, fmt.Sprintf("P%d", (n+i)/perPerson), n+i, "m1"))
		}
		b.StartTimer()
		err := s.Change(b.Context(), func(tx store.Tx) error { return importBatch(tx, entries, state) })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func importBatch(tx store.Tx, entries []record.Entry, state []byte) error {
	var persons []string
	for _, e := range entries {
		if len(persons) == 0 || persons[len(persons)-1] != e.Person {
			persons = append(persons, e.Person)
		}
	}
	if _, err := tx.TxPeople(persons); err != nil {
		return err
	}
	if _, err := tx.TxProjections(persons); err != nil {
		return err
	}
	if _, err := tx.Sets(persons); err != nil {
		return err
	}
	if _, err := tx.Insert(entries); err != nil {
		return err
	}
	var projections []store.Projection
	deltas, figures := cellsOf{}, map[tally.Key]tally.Figures{}
	for i, person := range persons {
		p := withPart(person, 1, state)
		projections = append(projections, p)
		for _, c := range p.Parts["c"].Counts {
			c.Key.Area = village(i)
			deltas[c.Key], figures[c.Key] = map[string]int64{c.Cell: 1}, sampleFigures(int64(i))
		}
	}
	if err := tx.PutProjections(projections); err != nil {
		return err
	}
	if err := tx.AddCells(deltas); err != nil {
		return err
	}
	return tx.PutFigures(figures)
}
