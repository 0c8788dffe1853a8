package storetest

import (
	"errors"
	"fmt"
	"testing"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// callers is how many work at once, rounds how often each of them.
const (
	callers = 16
	rounds  = 8
)

var togetherChecks = []check{
	{"changes of one person at once all count", onePerson},
	{"changes of one tally at once all count, and its figures are of its last cells", oneTally},
	{"one record delivered by many at once is new once", oneRecord},
	{"changes that fail do not fail their neighbours", neighbours},
	{"of a record and a registration at once the later sees the earlier", recordAndRegistration},
	{"changes that read two people and write one do not pass each other", noSkew},
}

// raise counts one more in the person's revision, starting from none.
func raise(tx store.Tx, person string) error {
	known, err := tx.TxProjections([]string{person})
	if err != nil {
		return err
	}
	next := store.Projection{Person: person, Rev: known[person].Rev + 1, State: []byte(`{}`)}
	return tx.PutProjections([]store.Projection{next})
}

func onePerson(t *testing.T, s store.Store) { countTogether(t, []store.Store{s}) }

// countTogether raises one person's revision through several stores that keep in one place.
func countTogether(t *testing.T, stores []store.Store) {
	t.Helper()
	allSucceed(t, allAtOnce(callers, func(i int) error {
		for range rounds {
			err := stores[i%len(stores)].Change(t.Context(), func(tx store.Tx) error { return raise(tx, "P1") })
			if err != nil {
				return err
			}
		}
		return nil
	}))
	p, _ := projection(t, stores[0], "P1")
	same(t, "revision", p.Rev, int64(callers*rounds))
}

func oneTally(t *testing.T, s store.Store) {
	k := key(tally.Everybody, village(1))
	allSucceed(t, allAtOnce(callers, func(i int) error {
		for range rounds {
			err := s.Change(t.Context(), func(tx store.Tx) error {
				return countIn(tx, k, fmt.Sprintf("%d/16||", i%3))
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	total := int64(0)
	for _, n := range cells(t, s, k)[k] {
		total += n
	}
	same(t, "people in the cells", total, int64(callers*rounds))
	rows, err := s.Figures(t.Context(), store.FiguresQuery{Course: "c", Role: people.Participant})
	must(t, err)
	want := []tally.KeyedFigures{{Key: k, Figures: tally.Figures{Enrolled: callers * rounds}}}
	same(t, "figures", rows, want)
}

// countIn adds one to the cell and keeps figures that say how many are in the tally.
func countIn(tx store.Tx, k tally.Key, cell string) error {
	if err := tx.AddCells(cellsOf{k: {cell: 1}}); err != nil {
		return err
	}
	all, err := tx.Cells([]tally.Key{k})
	if err != nil {
		return err
	}
	var f tally.Figures
	for _, n := range all[k] {
		f.Enrolled += n
	}
	return tx.PutFigures(map[tally.Key]tally.Figures{k: f})
}

func oneRecord(t *testing.T, s store.Store) {
	e := entry(t, "P1", 1, "m1")
	stood := make([]store.Standing, callers)
	allSucceed(t, allAtOnce(callers, func(i int) error {
		return s.Change(t.Context(), func(tx store.Tx) error {
			standings, err := tx.Insert([]record.Entry{e})
			if err == nil {
				stood[i] = standings[0]
			}
			return err
		})
	}))
	count := map[store.Standing]int{}
	for _, standing := range stood {
		count[standing]++
	}
	same(t, "standings", count, map[store.Standing]int{store.New: 1, store.Duplicate: callers - 1})
	same(t, "kept", len(contents(t, s, "P1")), 1)
}

func neighbours(t *testing.T, s store.Store) {
	refusal := errors.New("refused")
	entries := make([]record.Entry, callers*rounds)
	for n := range entries {
		entries[n] = entry(t, "P1", n, "m1")
	}
	allSucceed(t, allAtOnce(callers, func(i int) error {
		for round := range rounds {
			n, want := i*rounds+round, error(nil)
			if n%3 == 0 {
				want = refusal
			}
			err := guarded(func() error {
				return s.Change(t.Context(), func(tx store.Tx) error {
					if _, err := tx.Insert(entries[n : n+1]); err != nil {
						return err
					}
					if n%6 == 0 {
						panic(refusal)
					}
					return want
				})
			})
			if (err == nil) != (want == nil) {
				return fmt.Errorf("change %d = %w, want %w", n, err, want)
			}
		}
		return nil
	}))
	var want []string
	for n, e := range entries {
		if n%3 != 0 {
			want = append(want, string(e.Content))
		}
	}
	same(t, "kept", contents(t, s, "P1"), want)
}

// recordAndRegistration is what makes a record that waits for its person be taken up: whichever comes later
// finds the other.
func recordAndRegistration(t *testing.T, s store.Store) {
	for n := range 2 * rounds {
		id := fmt.Sprintf("P%d", n)
		e, p := entry(t, id, n, "m1"), person(id, "Siti", village(1))
		var saw [2]bool
		allSucceed(t, allAtOnce(2, func(i int) error {
			return s.Change(t.Context(), func(tx store.Tx) (err error) {
				saw[i], err = fileOrRegister(tx, i == 0, e, p)
				return err
			})
		}))
		if saw[0] == saw[1] {
			t.Fatalf("round %d: the record saw the person: %v, the registration saw the record: %v; want one of them",
				n, saw[0], saw[1])
		}
	}
}

// fileOrRegister does one of both and reports whether the other had been done.
func fileOrRegister(tx store.Tx, file bool, e record.Entry, p people.Person) (bool, error) {
	if _, err := tx.TxProjections([]string{p.ID}); err != nil {
		return false, err
	}
	if file {
		known, err := tx.TxPeople([]string{p.ID})
		if err != nil {
			return false, err
		}
		_, err = tx.Insert([]record.Entry{e})
		return len(known) > 0, err
	}
	set, err := tx.Sets([]string{p.ID})
	if err != nil {
		return false, err
	}
	return len(set) > 0, tx.PutPeople([]people.Person{p})
}

func noSkew(t *testing.T, s store.Store) {
	for n := range 2 * rounds {
		pair := []string{fmt.Sprintf("A%d", n), fmt.Sprintf("B%d", n)}
		allSucceed(t, allAtOnce(2, func(i int) error {
			return s.Change(t.Context(), func(tx store.Tx) error {
				known, err := tx.TxProjections(pair)
				if err != nil || len(known) > 0 {
					return err
				}
				return raise(tx, pair[i])
			})
		}))
		kept, err := s.Projections(t.Context(), pair)
		must(t, err)
		if len(kept) != 1 {
			t.Fatalf("round %d: %d took what only one may have", n, len(kept))
		}
	}
}
