package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

var changeChecks = []check{
	{"what a change did is there when it returns", aChangeIsKept},
	{"nothing of a change that fails is kept, and its error comes back unchanged", aFailedChangeLeavesNothing},
	{"a change sees what it did itself", aChangeSeesItself},
	{"others do not see a change that is under way", aChangeIsUnseen},
	{"a change that panics leaves nothing, and the next one works", aPanicLeavesNothing},
	{"a change whose context ends is kept whole or not at all", anEndedChangeIsWhole},
	{"a change that only reads is none", aReadingChange},
}

// doEverything uses every way of writing in a transaction.
func doEverything(tx store.Tx, e record.Entry) error {
	if _, err := tx.Insert([]record.Entry{e}); err != nil {
		return err
	}
	if err := tx.PutProjections([]store.Projection{sampleProjection(e.Person)}); err != nil {
		return err
	}
	deltas := cellsOf{key(tally.Everybody, village(1)): {"1/2||": 1}}
	if err := tx.AddCells(deltas); err != nil {
		return err
	}
	figures := map[tally.Key]tally.Figures{key(tally.Everybody, village(1)): sampleFigures(1)}
	if err := tx.PutFigures(figures); err != nil {
		return err
	}
	return tx.PutPeople([]people.Person{person(e.Person, "Siti", village(1))})
}

// traces lists what doEverything left behind, seen from outside.
func traces(t *testing.T, s store.Store, id string) []string {
	t.Helper()
	var found []string
	if len(contents(t, s, id)) > 0 {
		found = append(found, "record")
	}
	if _, ok := projection(t, s, id); ok {
		found = append(found, "projection")
	}
	if len(cells(t, s, key(tally.Everybody, village(1)))) > 0 {
		found = append(found, "cells")
	}
	figures, err := s.Figures(t.Context(), store.FiguresQuery{Course: "c", Role: people.Participant})
	must(t, err)
	if len(figures) > 0 {
		found = append(found, "figures")
	}
	if _, err := s.Person(t.Context(), id); err == nil {
		found = append(found, "person")
	}
	return found
}

var everyTrace = []string{"record", "projection", "cells", "figures", "person"}

func aChangeIsKept(t *testing.T, s store.Store) {
	e := entry(t, "P1", 1, "m1")
	change(t, s, func(tx store.Tx) error { return doEverything(tx, e) })
	same(t, "traces", traces(t, s, "P1"), everyTrace)
}

func aFailedChangeLeavesNothing(t *testing.T, s store.Store) {
	e, refusal := entry(t, "P1", 1, "m1"), errors.New("refused")
	err := s.Change(t.Context(), func(tx store.Tx) error {
		if err := doEverything(tx, e); err != nil {
			return err
		}
		return refusal
	})
	if err != refusal { //nolint:errorlint // unchanged means the very same
		t.Errorf("Change = %v, want fn's own error", err)
	}
	same(t, "traces", traces(t, s, "P1"), []string(nil))
	change(t, s, func(tx store.Tx) error { return doEverything(tx, e) })
	same(t, "traces after the next change", traces(t, s, "P1"), everyTrace)
}

func aChangeSeesItself(t *testing.T, s store.Store) {
	e, k := entry(t, "P1", 1, "m1"), key(tally.Everybody, village(1))
	var inside string
	change(t, s, func(tx store.Tx) error {
		if err := doEverything(tx, e); err != nil {
			return err
		}
		set, err := tx.Sets([]string{"P1"})
		if err != nil {
			return err
		}
		projections, err := tx.TxProjections([]string{"P1"})
		if err != nil {
			return err
		}
		own, err := tx.Cells([]tally.Key{k})
		if err != nil {
			return err
		}
		known, err := tx.TxPeople([]string{"P1"})
		inside = fmt.Sprintln(len(set["P1"]), projections["P1"].Rev, own[k]["1/2||"], known["P1"].Name)
		return err
	})
	same(t, "seen inside", inside, "1 7 1 Siti\n")
}

func aChangeIsUnseen(t *testing.T, s store.Store) {
	e := entry(t, "P1", 1, "m1")
	var seen int
	var lookErr error
	change(t, s, func(tx store.Tx) error {
		if err := doEverything(tx, e); err != nil {
			return err
		}
		var kept []store.Projection
		kept, lookErr = s.Projections(t.Context(), []string{"P1"})
		seen = len(kept)
		return nil
	})
	must(t, lookErr)
	same(t, "projections seen by others", seen, 0)
}

func aPanicLeavesNothing(t *testing.T, s store.Store) {
	e := entry(t, "P1", 1, "m1")
	err := guarded(func() error {
		return s.Change(t.Context(), func(tx store.Tx) error {
			if err := doEverything(tx, e); err != nil {
				return err
			}
			panic("a fault in fn")
		})
	})
	if err == nil {
		t.Error("Change = nil, want an error or the panic")
	}
	same(t, "traces", traces(t, s, "P1"), []string(nil))
	change(t, s, func(tx store.Tx) error { return doEverything(tx, e) })
	same(t, "traces after the next change", traces(t, s, "P1"), everyTrace)
}

// guarded makes a panic an error, as stores may or may not do themselves.
func guarded(call func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return call()
}

func anEndedChangeIsWhole(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	e := entry(t, "P1", 1, "m1")
	err := s.Change(ctx, func(tx store.Tx) error {
		defer cancel()
		return doEverything(tx, e)
	})
	want := everyTrace
	if err != nil {
		want = nil
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Change = %v, want context.Canceled", err)
		}
	}
	same(t, "traces", traces(t, s, "P1"), want)
}

func aReadingChange(t *testing.T, s store.Store) {
	change(t, s, func(tx store.Tx) error {
		_, err := tx.TxProjections([]string{"P1", "P2"})
		return err
	})
	same(t, "traces", traces(t, s, "P1"), []string(nil))
}
