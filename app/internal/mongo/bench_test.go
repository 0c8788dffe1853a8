package mongo_test

import (
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/store/storetest"
	"melek/courses/tally"
)

func BenchmarkAnswers(b *testing.B) {
	uri := testURI(b)
	s := open(b, uri, freshDatabase(b, uri))
	defer closeStore(b, s)
	storetest.BenchmarkAnswers(b, s, 16) // callers for each processor
}

func BenchmarkImport(b *testing.B) {
	uri := testURI(b)
	s := open(b, uri, freshDatabase(b, uri))
	defer closeStore(b, s)
	storetest.BenchmarkImport(b, s)
}

// BenchmarkHandIn measures a hall whose people hand a test in at once: each has records of an own, and all of a
// village change the same tallies.
func BenchmarkHandIn(b *testing.B) {
	for _, villages := range []int{1, 8} {
		b.Run(fmt.Sprintf("villages=%d", villages), func(b *testing.B) {
			uri := testURI(b)
			s := open(b, uri, freshDatabase(b, uri))
			defer closeStore(b, s)
			var number, tries atomic.Int64
			b.SetParallelism(16)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					n := int(number.Add(1))
					e := entry(b, n)
					err := s.Change(b.Context(), func(tx store.Tx) error {
						tries.Add(1)
						return handIn(tx, e, fmt.Sprintf("33.07.01.2%03d", n%villages))
					})
					if err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(tries.Load())/float64(b.N), "tries/op")
		})
	}
}

func entry(t testing.TB, n int) record.Entry {
	t.Helper()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	id := fmt.Sprintf("0193a000-0000-7000-8000-%012d", n)
	e, err := record.Make(record.Record{ID: id, Kind: record.Read, Person: fmt.Sprintf("P%d", n), Course: "c",
		Module: "m", At: at}, at)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// handIn changes eight tallies of the area.
func handIn(tx store.Tx, e record.Entry, area string) error {
	if _, err := tx.TxProjections([]string{e.Person}); err != nil {
		return err
	}
	if _, err := tx.Insert([]record.Entry{e}); err != nil {
		return err
	}
	if err := tx.PutProjections([]store.Projection{{Person: e.Person, Rev: 1, State: []byte("{}")}}); err != nil {
		return err
	}
	deltas := map[tally.Key]map[string]int64{}
	for n := range 8 {
		cut := tally.ByPillar(fmt.Sprint(n))
		deltas[tally.Key{Course: "c", Role: people.Participant, Cut: cut, Area: area}] = map[string]int64{"1/2||": 1}
	}
	if err := tx.AddCells(deltas); err != nil {
		return err
	}
	cells, err := tx.Cells(slices.Collect(maps.Keys(deltas)))
	if err != nil {
		return err
	}
	figures := map[tally.Key]tally.Figures{}
	for key := range cells {
		figures[key] = tally.Figures{Enrolled: cells[key]["1/2||"]}
	}
	return tx.PutFigures(figures)
}
