// Package storetest holds the checks of every promise of the port in package store. Each adapter runs them
// over itself: Run over all of them, Lasting over those whose data outlives the process. A fault that showed
// in one adapter becomes a check here, and so a check for all. It knows no adapter.
package storetest

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// check is one fact about a store. It gets a store that is empty.
type check struct {
	fact string
	run  func(t *testing.T, s store.Store)
}

// Run checks every promise of the port. Open returns a new and empty store each time; Run closes it. What
// must be done after that, open registers with t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	groups := []struct {
		name   string
		checks []check
	}{
		{"changes", changeChecks}, {"together", togetherChecks}, {"records", recordChecks},
		{"projections", projectionChecks}, {"each", eachChecks}, {"tallies", tallyChecks},
		{"reports", reportChecks}, {"register", registerChecks}, {"people", peopleChecks},
		{"accounts", accountChecks}, {"office", officeChecks}, {"journal", journalChecks},
		{"rights", rightsChecks}, {"drafts", draftChecks}, {"workshops", workshopChecks},
		{"errors", errorChecks},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.checks {
				t.Run(c.fact, func(t *testing.T) {
					c.run(t, opened(t, open))
				})
			}
		})
	}
}

// closing is a store that its check may close; it is closed once.
type closing struct {
	store.Store
	once sync.Once
	err  error
}

func (c *closing) Close() error {
	c.once.Do(func() { c.err = c.Store.Close() })
	return c.err
}

func opened(t *testing.T, open func(t *testing.T) store.Store) store.Store {
	s := &closing{Store: open(t)}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// change does something in one transaction and fails the test where that fails.
func change(t *testing.T, s store.Store, fn func(tx store.Tx) error) {
	t.Helper()
	if err := s.Change(t.Context(), fn); err != nil {
		t.Fatalf("Change: %v", err)
	}
}

// must fails the test where err is set.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// same fails the test where got is not want, to the last byte.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func insert(t *testing.T, s store.Store, entries ...record.Entry) []store.Standing {
	t.Helper()
	var standings []store.Standing
	change(t, s, func(tx store.Tx) (err error) {
		standings, err = tx.Insert(entries)
		return err
	})
	return standings
}

func sets(t *testing.T, s store.Store, persons ...string) map[string][]record.Entry {
	t.Helper()
	var all map[string][]record.Entry
	change(t, s, func(tx store.Tx) (err error) {
		all, err = tx.Sets(persons)
		return err
	})
	return all
}

// contents lists what is kept of a person, in order.
func contents(t *testing.T, s store.Store, person string) []string {
	t.Helper()
	var all []string
	for _, e := range sets(t, s, person)[person] {
		all = append(all, string(e.Content))
	}
	return all
}

func putProjections(t *testing.T, s store.Store, projections ...store.Projection) {
	t.Helper()
	change(t, s, func(tx store.Tx) error { return tx.PutProjections(projections) })
}

func projection(t *testing.T, s store.Store, person string) (store.Projection, bool) {
	t.Helper()
	all, err := s.Projections(t.Context(), []string{person})
	must(t, err)
	if len(all) == 0 {
		return store.Projection{}, false
	}
	return all[0], true
}

type cellsOf = map[tally.Key]map[string]int64

func addCells(t *testing.T, s store.Store, deltas cellsOf) {
	t.Helper()
	change(t, s, func(tx store.Tx) error { return tx.AddCells(deltas) })
}

func cells(t *testing.T, s store.Store, keys ...tally.Key) cellsOf {
	t.Helper()
	var all cellsOf
	change(t, s, func(tx store.Tx) (err error) {
		all, err = tx.Cells(keys)
		return err
	})
	return all
}

func putFigures(t *testing.T, s store.Store, figures map[tally.Key]tally.Figures) {
	t.Helper()
	change(t, s, func(tx store.Tx) error { return tx.PutFigures(figures) })
}

// allAtOnce runs fn n times at the same time and returns the errors by number.
func allAtOnce(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start, done := make(chan struct{}), make(chan struct{})
	for i := range n {
		go func() {
			<-start
			errs[i] = fn(i)
			done <- struct{}{}
		}()
	}
	close(start)
	for range n {
		<-done
	}
	return errs
}

// allSucceed fails the test with the first error among errs.
func allSucceed(t *testing.T, errs []error) {
	t.Helper()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("number %d: %v", i, err)
		}
	}
}

// ended returns a context that has been cancelled.
func ended(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
