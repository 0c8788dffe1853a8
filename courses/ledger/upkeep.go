package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"melek/courses"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// method names the rules by which records are folded and counted; other rules have another name.
const method = "fold-5"

// foldedWith and foldedUpTo are settings: by which rules and courses everything was last folded,
// and how far a folding anew has come.
const (
	foldedWith = "ledger.folded_with"
	foldedUpTo = "ledger.folded_up_to"
	// refoldBatch is how many people are folded anew in one transaction.
	refoldBatch = 200
)

// CatchUp folds everybody anew where the rules or the courses have changed since the last time. It goes on
// where an earlier run was stopped and may run beside all other work.
func (l *Ledger) CatchUp(ctx context.Context) error {
	want := method + " " + l.syllabus.Digest()
	with, err := l.setting(ctx, foldedWith)
	if err != nil || with == want {
		return err
	}
	if with == "" && l.isEmpty(ctx) {
		return l.store.PutSetting(ctx, foldedWith, want)
	}
	upTo, err := l.setting(ctx, foldedUpTo)
	if err != nil {
		return err
	}
	after := ""
	if len(upTo) > len(want) && upTo[:len(want)] == want {
		after = upTo[len(want)+1:]
	}
	if err := l.refoldAll(ctx, want, after); err != nil {
		return err
	}
	if err := l.refigureAll(ctx); err != nil {
		return err
	}
	return l.store.PutSetting(ctx, foldedWith, want)
}

func (l *Ledger) setting(ctx context.Context, name string) (string, error) {
	value, err := l.store.Setting(ctx, name)
	if errors.Is(err, courses.NotFound) {
		return "", nil
	}
	return value, err
}

var errStop = errors.New("enough")

func (l *Ledger) isEmpty(ctx context.Context) bool {
	err := l.store.EachProjection(ctx, "", func(store.Projection) error { return errStop })
	return err == nil
}

func (l *Ledger) refoldAll(ctx context.Context, want, after string) error {
	for {
		persons, err := l.personsAfter(ctx, after)
		if err != nil || len(persons) == 0 {
			return err
		}
		if err := l.Refold(ctx, persons); err != nil {
			return err
		}
		after = persons[len(persons)-1]
		if err := l.store.PutSetting(ctx, foldedUpTo, want+" "+after); err != nil {
			return err
		}
	}
}

func (l *Ledger) personsAfter(ctx context.Context, after string) ([]string, error) {
	var persons []string
	err := l.store.EachProjection(ctx, after, func(p store.Projection) error {
		persons = append(persons, p.Person)
		if len(persons) == refoldBatch {
			return errStop
		}
		return nil
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	return persons, err
}

// refigureAll makes the figures of every tally anew, for a pass mark may have changed.
func (l *Ledger) refigureAll(ctx context.Context) error {
	keys, err := l.store.Tallied(ctx)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(keys, refoldBatch) {
		err := l.store.Change(ctx, func(tx store.Tx) error {
			cells, err := tx.Cells(batch)
			if err != nil {
				return err
			}
			figures, err := l.figures(cells)
			if err != nil {
				return err
			}
			return tx.PutFigures(figures)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Difference is one place where what is kept is not what the records amount to.
type Difference struct {
	What string // projection, cells or figures
	Of   string
}

// Verify folds every record again and compares projections, tallies and figures with what is kept.
// It calls found for each difference and returns how many people it looked at. Changes made
// meanwhile may show as differences.
func (l *Ledger) Verify(ctx context.Context, found func(Difference)) (int, error) {
	v := verifying{ledger: l, found: found, cells: map[tally.Key]map[string]int64{}}
	var set []record.Entry
	err := l.store.EachEntry(ctx, "", func(e record.Entry) error {
		if len(set) > 0 && set[0].Person != e.Person {
			if err := v.person(ctx, set); err != nil {
				return err
			}
			set = nil
		}
		set = append(set, e)
		return nil
	})
	if err == nil && len(set) > 0 {
		err = v.person(ctx, set)
	}
	if err != nil {
		return v.people, err
	}
	return v.people, v.tallies(ctx)
}

type verifying struct {
	ledger *Ledger
	found  func(Difference)
	cells  map[tally.Key]map[string]int64
	people int
}

func (v *verifying) person(ctx context.Context, set []record.Entry) error {
	v.people++
	id := set[0].Person
	kept, err := v.ledger.store.Projections(ctx, []string{id})
	if err != nil {
		return err
	}
	person, err := v.ledger.store.Person(ctx, id)
	if err != nil && !errors.Is(err, courses.NotFound) {
		return err
	}
	want, err := v.ledger.fold(newFolder(id, person, set, store.Projection{}))
	if err != nil {
		return err
	}
	if len(kept) != 1 || !sameProjection(kept[0], want) {
		v.found(Difference{"projection", id})
	}
	for _, part := range want.Parts {
		for _, c := range part.Counts {
			if v.cells[c.Key] == nil {
				v.cells[c.Key] = map[string]int64{}
			}
			v.cells[c.Key][c.Cell]++
		}
	}
	return nil
}

func (v *verifying) tallies(ctx context.Context) error {
	keys, err := v.ledger.store.Tallied(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if v.cells[key] == nil {
			v.cells[key] = nil
		}
	}
	figures, err := v.ledger.figures(v.cells)
	if err != nil {
		return err
	}
	all := slices.Collect(maps.Keys(v.cells))
	var kept map[tally.Key]map[string]int64
	err = v.ledger.store.Change(ctx, func(tx store.Tx) error {
		kept, err = tx.Cells(all)
		return err
	})
	if err != nil {
		return err
	}
	for _, key := range all {
		if !maps.Equal(kept[key], v.cells[key]) {
			v.found(Difference{"cells", fmt.Sprint(key)})
		}
	}
	return v.figures(ctx, figures)
}

func (v *verifying) figures(ctx context.Context, want map[tally.Key]tally.Figures) error {
	queries := map[store.FiguresQuery]bool{}
	for key := range want {
		base, day := key.Cut.Split()
		q := store.FiguresQuery{Course: key.Course, Role: key.Role, Base: base}
		if day != "" {
			q.From, q.To = "0000-01-01", "9999-12-31"
		}
		queries[q] = true
	}
	for q := range queries {
		kept, err := v.ledger.store.Figures(ctx, q)
		if err != nil {
			return err
		}
		for _, k := range kept {
			if k.Figures != want[k.Key] {
				v.found(Difference{"figures", fmt.Sprint(k.Key)})
			}
			delete(want, k.Key)
		}
	}
	for key, f := range want {
		if f != (tally.Figures{}) {
			v.found(Difference{"figures", fmt.Sprint(key)})
		}
	}
	return nil
}
