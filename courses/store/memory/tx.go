package memory

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// tx works on a copy of the data that nobody else sees.
type tx struct{ *data }

// Insert implements store.RecordTx.
func (t *tx) Insert(entries []record.Entry) ([]store.Standing, error) {
	standings := make([]store.Standing, len(entries))
	for i, e := range entries {
		standings[i] = t.insert(e)
	}
	return standings, nil
}

func (t *tx) insert(e record.Entry) store.Standing {
	set := t.entries[e.Person]
	place, found := slices.BinarySearchFunc(set, e, func(a, b record.Entry) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), bytes.Compare(a.Digest[:], b.Digest[:]))
	})
	if found {
		return store.Duplicate
	}
	e.ReceivedAt = rounded(e.ReceivedAt)
	t.entries[e.Person] = slices.Insert(slices.Clone(set), place, e)
	if slices.ContainsFunc(set, func(o record.Entry) bool { return o.ID == e.ID }) {
		return store.Other
	}
	return store.New
}

// Sets implements store.RecordTx.
func (t *tx) Sets(persons []string) (map[string][]record.Entry, error) {
	sets := map[string][]record.Entry{}
	for _, id := range persons {
		if set := t.entries[id]; len(set) > 0 {
			sets[id] = slices.Clone(set)
		}
	}
	return sets, nil
}

// Forget implements store.PeopleTx.
func (t *tx) Forget(person string) error {
	kept := slices.DeleteFunc(slices.Clone(t.entries[person]), func(e record.Entry) bool {
		return e.Kind != record.Erased
	})
	if len(kept) == 0 {
		delete(t.entries, person)
	} else {
		t.entries[person] = kept
	}
	return nil
}

// Revs implements store.RecordTx.
func (t *tx) Revs(persons []string) (map[string]int64, error) {
	revs := map[string]int64{}
	for id, p := range pick(t.projections, persons) {
		revs[id] = p.Rev
	}
	return revs, nil
}

// TxProjections implements store.RecordTx.
func (t *tx) TxProjections(persons []string) (map[string]store.Projection, error) {
	return pick(t.projections, persons), nil
}

// PutProjections implements store.RecordTx.
func (t *tx) PutProjections(projections []store.Projection) error {
	for _, p := range projections {
		p.State, p.Counts, p.Due = slices.Clone(p.State), slices.Clone(p.Counts), rounded(p.Due)
		p.Parts = joined(t.projections[p.Person].Parts, p.Parts)
		t.projections[p.Person] = p
	}
	return nil
}

// joined are the old parts with the new ones in place of the last.
func joined(old, changes map[string]store.Part) map[string]store.Part {
	parts := map[string]store.Part{}
	maps.Copy(parts, old)
	for course, part := range changes {
		if part.State == nil {
			delete(parts, course)
		} else {
			parts[course] = store.Part{State: slices.Clone(part.State), Counts: slices.Clone(part.Counts)}
		}
	}
	return parts
}

// AddCells implements store.TallyTx.
func (t *tx) AddCells(deltas map[tally.Key]map[string]int64) error {
	for key, delta := range deltas {
		cells := maps.Clone(t.cells[key])
		if cells == nil {
			cells = map[string]int64{}
		}
		for cell, by := range delta {
			if cells[cell] += by; cells[cell] == 0 {
				delete(cells, cell)
			}
		}
		if len(cells) == 0 {
			delete(t.cells, key)
		} else {
			t.cells[key] = cells
		}
	}
	return nil
}

// Cells implements store.TallyTx.
func (t *tx) Cells(keys []tally.Key) (map[tally.Key]map[string]int64, error) {
	found := map[tally.Key]map[string]int64{}
	for _, key := range keys {
		if cells, ok := t.cells[key]; ok {
			found[key] = maps.Clone(cells)
		}
	}
	return found, nil
}

// PutFigures implements store.TallyTx.
func (t *tx) PutFigures(figures map[tally.Key]tally.Figures) error {
	for key, f := range figures {
		if f == (tally.Figures{}) {
			delete(t.figures, key)
		} else {
			t.figures[key] = f
		}
	}
	return nil
}

// TxPeople implements store.PeopleTx.
func (t *tx) TxPeople(ids []string) (map[string]people.Person, error) {
	return pick(t.people, ids), nil
}

// PutPeople implements store.PeopleTx.
func (t *tx) PutPeople(persons []people.Person) error {
	for _, p := range persons {
		p.Postings = slices.Clone(p.Postings)
		t.people[p.ID] = p
	}
	return nil
}

// RemovePeople implements store.PeopleTx.
func (t *tx) RemovePeople(ids []string) error {
	for _, id := range ids {
		delete(t.people, id)
		delete(t.credentials, id)
		maps.DeleteFunc(t.sessions, func(_ string, s store.Session) bool { return s.Person == id })
		maps.DeleteFunc(t.allowances, func(k allowanceKey, _ store.Allowance) bool { return k.person == id })
		delete(t.acknowledged, id)
		t.forgetMember(id)
		for key, r := range t.requests {
			if r.Person == id {
				r.Text, r.Answer = "", ""
				t.requests[key] = r
			}
		}
	}
	return nil
}

func pick[V any](all map[string]V, ids []string) map[string]V {
	found := map[string]V{}
	for _, id := range ids {
		if v, ok := all[id]; ok {
			found[id] = v
		}
	}
	return found
}
