package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"melek/app/internal/sqlite"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/store/storetest"
	"melek/courses/tally"
)

func openAt(tb testing.TB, path string) *sqlite.Store {
	tb.Helper()
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func openNew(tb testing.TB) *sqlite.Store {
	tb.Helper()
	s := openAt(tb, filepath.Join(tb.TempDir(), "melek.db"))
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// BenchmarkAnswers is one answer a change from 64 callers; alone is the same from one caller.
func BenchmarkAnswers(b *testing.B) {
	b.Run("64", func(b *testing.B) { storetest.BenchmarkAnswers(b, openNew(b), 64/runtime.GOMAXPROCS(0)) })
	b.Run("alone", func(b *testing.B) {
		s := openNew(b)
		for i := range b.N {
			answer(b, s, made(b, "P1", i))
		}
	})
}

// BenchmarkImport is records a second in changes of 500.
func BenchmarkImport(b *testing.B) {
	storetest.BenchmarkImport(b, openNew(b))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// made is the nth record of a person, as it would come parsed.
func made(tb testing.TB, person string, n int) record.Entry {
	tb.Helper()
	e, err := record.Make(record.Record{ID: fmt.Sprintf("0193a000-0000-7000-8000-%012d", n), Kind: record.Answered,
		Person: person, Course: "c", Version: "v1", Phase: record.Pre, Form: "A", At: time.Unix(1.8e9, 0),
		Answers: record.Answers{"item": {"a"}}}, time.Unix(1.8e9, 0))
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func answer(tb testing.TB, s store.Store, e record.Entry) {
	err := s.Change(context.Background(), func(tx store.Tx) error {
		revs, err := tx.Revs([]string{e.Person})
		if err != nil {
			return err
		}
		if _, err := tx.Insert([]record.Entry{e}); err != nil {
			return err
		}
		return tx.PutProjections([]store.Projection{{Person: e.Person, Rev: revs[e.Person] + 1, State: []byte(`{}`),
			Parts: map[string]store.Part{"c": {State: state, Counts: counts}}}})
	})
	if err != nil {
		tb.Error(err)
	}
}

var (
	state  = slices.Repeat([]byte(`{"item":{"chosen":["a"],"marks":1,"version":"v1"}}`), 40)
	counts = slices.Repeat([]tally.Count{{Key: tally.Key{Course: "c", Role: people.Participant, Cut: "pillar=aman",
		Area: "33.07.01.2001"}, Cell: "1/2||"}}, 16)
)

// BenchmarkAgainstBare takes rounds of answers and of bare inserts in turn, both from 64 callers and committed in
// groups, and reports the median of the ratios: 1 is as many a second as the bare inserts.
func BenchmarkAgainstBare(b *testing.B) {
	s, insert := openNew(b), bareInserts(b)
	const callers, changes = 64, 4000
	n := 0
	var ratios, spread []float64
	for b.Loop() {
		n++
		bare, _ := together(callers, changes, func(int) { insert(b) })
		entries := make([]record.Entry, changes)
		for i := range entries {
			entries[i] = made(b, fmt.Sprintf("P%d", i%callers), n*changes+i)
		}
		ours, took := together(callers, changes, func(i int) { answer(b, s, entries[i]) })
		slices.Sort(took)
		ratios = append(ratios, float64(bare)/float64(ours))
		spread = append(spread, float64(took[changes*99/100])/float64(took[changes/2]))
		b.ReportMetric(float64(ours.Microseconds())/changes, "µs/answer")
		b.ReportMetric(float64(bare.Microseconds())/changes, "µs/bare")
	}
	slices.Sort(ratios)
	slices.Sort(spread)
	b.ReportMetric(ratios[len(ratios)/2], "ratio")
	b.ReportMetric(spread[len(spread)/2], "p99/p50")
}

// together has fn called n times by so many callers and returns how long it took, together and each.
func together(callers, n int, fn func(i int)) (time.Duration, []time.Duration) {
	took := make([]time.Duration, n)
	var wg sync.WaitGroup
	begun := time.Now()
	for caller := range callers {
		wg.Go(func() {
			for i := caller; i < n; i += callers {
				at := time.Now()
				fn(i)
				took[i] = time.Since(at)
			}
		})
	}
	wg.Wait()
	return time.Since(begun), took
}

// bareInserts is the yardstick: one table, one insert a caller, whatever waits committed as one group.
func bareInserts(b *testing.B) func(tb testing.TB) {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "bare.db")+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if _, err := db.Exec("CREATE TABLE records (n INTEGER PRIMARY KEY, content BLOB)"); err != nil {
		b.Fatal(err)
	}
	queue := make(chan chan error, 256)
	b.Cleanup(func() { close(queue) })
	content := slices.Repeat([]byte("0123456789"), 30)
	go func() {
		for first := range queue {
			group := []chan error{first}
			for len(queue) > 0 && len(group) < 256 {
				group = append(group, <-queue)
			}
			err := insertGroup(db, len(group), content)
			for _, done := range group {
				done <- err
			}
		}
	}()
	return func(tb testing.TB) {
		done := make(chan error, 1)
		queue <- done
		if err := <-done; err != nil {
			tb.Error(err)
		}
	}
}

func insertGroup(db *sql.DB, n int, content []byte) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	stmt, err := tx.Prepare("INSERT INTO records (content) VALUES (?)")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for range n {
		if _, err := stmt.Exec(content); err != nil {
			return err
		}
	}
	return tx.Commit()
}
