package ledger

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// filing is the work of one transaction. It is made anew when the transaction is repeated.
type filing struct {
	ledger  *Ledger
	tx      store.Tx
	answers []Answer

	people      map[string]people.Person
	projections map[string]store.Projection
	sets        map[string][]record.Entry
	deltas      map[tally.Key]map[string]int64
	changed     []store.Projection
}

// begin reads what is known of the people and their records.
func (w *filing) begin(persons []string) error {
	var err error
	if w.projections, err = w.tx.TxProjections(persons); err != nil {
		return err
	}
	w.sets = make(map[string][]record.Entry, len(persons))
	w.people = make(map[string]people.Person, len(persons))
	var missing []string
	for _, id := range persons {
		known, ok := w.ledger.sets.at(id, w.projections[id].Rev)
		if !ok {
			missing = append(missing, id)
			continue
		}
		w.sets[id] = known.set
		if known.person.ID != "" {
			w.people[id] = known.person
		}
	}
	if len(missing) == 0 {
		return nil
	}
	read, err := w.tx.Sets(missing)
	if err != nil {
		return err
	}
	maps.Copy(w.sets, read)
	registered, err := w.tx.TxPeople(missing)
	maps.Copy(w.people, registered)
	return err
}

func (w *filing) file(entries []record.Entry) error {
	persons := personsOf(entries)
	if err := w.begin(persons); err != nil {
		return err
	}
	var kept []record.Entry
	var places []int
	for i, e := range entries {
		if w.erased(e.Person) {
			w.answers[i] = Answer{ID: e.ID, Status: Erased}
			continue
		}
		if e.Kind == record.Erased {
			if err := w.erase(e.Person); err != nil {
				return err
			}
			w.sets[e.Person] = []record.Entry{e}
		}
		kept, places = append(kept, e), append(places, i)
	}
	standings, err := w.tx.Insert(kept)
	if err != nil {
		return err
	}
	touched := map[string]bool{}
	for i, standing := range standings {
		e := kept[i]
		w.answers[places[i]] = w.answer(e, standing)
		if standing != store.Duplicate {
			touched[e.Person] = true
			w.add(e)
		}
	}
	return w.derive(slices.Sorted(maps.Keys(touched)))
}

// add puts the entry in the person's set without touching a slice that others may hold.
func (w *filing) add(e record.Entry) {
	set := w.sets[e.Person]
	if slices.ContainsFunc(set, func(o record.Entry) bool { return o.ID == e.ID && o.Digest == e.Digest }) {
		return
	}
	w.sets[e.Person] = append(slices.Clip(set), e)
}

func (w *filing) erased(person string) bool {
	return slices.ContainsFunc(w.sets[person], func(e record.Entry) bool { return e.Kind == record.Erased })
}

func (w *filing) erase(person string) error {
	delete(w.people, person)
	if err := w.tx.Forget(person); err != nil {
		return err
	}
	return w.tx.RemovePeople([]string{person})
}

func (w *filing) answer(e record.Entry, standing store.Standing) Answer {
	switch standing {
	case store.Duplicate:
		return Answer{ID: e.ID, Status: Duplicate}
	case store.Other:
		return Answer{ID: e.ID, Status: Conflict, Reason: courses.Problemf(courses.Conflict, "record.conflict")}
	}
	if _, ok := w.people[e.Person]; !ok && e.Kind != record.Erased {
		return Answer{ID: e.ID, Status: Quarantined,
			Reason: courses.Problemf(courses.NotFound, "record.person", e.Person)}
	}
	if !record.Known(&e.Record, w.ledger.syllabus) {
		return Answer{ID: e.ID, Status: Quarantined,
			Reason: courses.Problemf(courses.NotFound, "record.version", e.Course, e.Version)}
	}
	return Answer{ID: e.ID, Status: Stored}
}

// register merges rows into the register and folds the people anew.
func (w *filing) register(rows []people.Person) error {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if err := w.begin(ids); err != nil {
		return err
	}
	for _, row := range rows {
		if known, ok := w.people[row.ID]; ok {
			row = known.Merge(row)
		}
		w.people[row.ID] = row
	}
	merged := make([]people.Person, len(ids))
	for i, id := range ids {
		merged[i] = w.people[id]
	}
	return w.enter(merged)
}

// replace puts one person as given in the place of what is known.
func (w *filing) replace(p people.Person) error {
	if err := w.begin([]string{p.ID}); err != nil {
		return err
	}
	w.people[p.ID] = p
	return w.enter([]people.Person{p})
}

// enter keeps people, whose number must not be that of an erased person, and folds them anew.
func (w *filing) enter(persons []people.Person) error {
	ids := make([]string, len(persons))
	for i, p := range persons {
		if w.erased(p.ID) {
			return courses.Problemf(courses.Conflict, "person.erased", p.ID)
		}
		ids[i] = p.ID
	}
	if err := w.tx.PutPeople(persons); err != nil {
		return err
	}
	return w.derive(ids)
}

func (w *filing) refold(persons []string) error {
	if err := w.begin(persons); err != nil {
		return err
	}
	return w.derive(persons)
}

// derive folds the people's sets, moves them between the cells of the tallies and keeps all of it.
// A person without records has no projection.
func (w *filing) derive(persons []string) error {
	w.deltas = map[tally.Key]map[string]int64{}
	for _, id := range persons {
		set, old := w.sets[id], w.projections[id]
		if len(set) == 0 {
			continue
		}
		next, err := w.ledger.project(id, set, w.people[id])
		if err != nil {
			return err
		}
		next.Rev = old.Rev + 1
		if !slices.Equal(old.Counts, next.Counts) { // an answer within a test changes no figure
			w.move(old.Counts, -1)
			w.move(next.Counts, +1)
		}
		w.changed = append(w.changed, next)
	}
	if len(w.changed) == 0 {
		return nil
	}
	if err := w.tx.PutProjections(w.changed); err != nil {
		return err
	}
	return w.keepTallies()
}

// project derives what is kept of one person; the zero Person stands for one who is not in the register.
func (l *Ledger) project(id string, set []record.Entry, p people.Person) (store.Projection, error) {
	state := record.Fold(id, set, l.syllabus)
	encoded, err := json.Marshal(state)
	if err != nil {
		return store.Projection{}, err
	}
	projection := store.Projection{Person: id, State: encoded, Due: l.due(state)}
	if p.ID != "" {
		projection.Counts = tally.Counts(state, p, l.zone)
		tally.Sort(projection.Counts)
	}
	return projection, nil
}

func (w *filing) move(counts []tally.Count, by int64) {
	for _, c := range counts {
		cells := w.deltas[c.Key]
		if cells == nil {
			cells = map[string]int64{}
			w.deltas[c.Key] = cells
		}
		if cells[c.Cell] += by; cells[c.Cell] == 0 {
			delete(cells, c.Cell)
		}
	}
}

func (w *filing) keepTallies() error {
	maps.DeleteFunc(w.deltas, func(_ tally.Key, cells map[string]int64) bool { return len(cells) == 0 })
	if len(w.deltas) == 0 {
		return nil
	}
	if err := w.tx.AddCells(w.deltas); err != nil {
		return err
	}
	cells, err := w.tx.Cells(slices.Collect(maps.Keys(w.deltas)))
	if err != nil {
		return err
	}
	for key := range w.deltas {
		if cells[key] == nil {
			cells[key] = nil // nobody is left: figures of nobody
		}
	}
	figures, err := w.ledger.figures(cells)
	if err != nil {
		return err
	}
	return w.tx.PutFigures(figures)
}

// remember keeps the people's sets for their next record, once the transaction is durable.
func (w *filing) remember() {
	for _, p := range w.changed {
		w.ledger.sets.keep(cached{p.Person, p.Rev, w.sets[p.Person], w.people[p.Person]})
	}
}

func (w *filing) persons() []string {
	if w == nil {
		return nil
	}
	return slices.Collect(maps.Keys(w.sets))
}

func personsOf(entries []record.Entry) []string {
	persons := make([]string, len(entries))
	for i, e := range entries {
		persons[i] = e.Person
	}
	slices.Sort(persons)
	return slices.Compact(persons)
}

// due is the earliest end of a test under way by the form's own duration, zero where none is under way.
func (l *Ledger) due(s record.State) time.Time {
	var due time.Time
	for id, p := range s.Courses {
		for i := range p.Attempts {
			a := &p.Attempts[i]
			if !a.Open() {
				continue
			}
			if end, ok := l.End(id, a); ok && (due.IsZero() || end.Before(due)) {
				due = end
			}
		}
	}
	return due
}

// End is when an open attempt ends by its form's duration, without what a facilitator granted;
// false where the version or form is not known.
func (l *Ledger) End(course string, a *record.Attempt) (time.Time, bool) {
	c, ok := l.syllabus.Version(course, a.Version)
	if !ok {
		return time.Time{}, false
	}
	form, err := c.Form(a.Form)
	if err != nil {
		return time.Time{}, false
	}
	return a.OpenedAt.Add(c.Duration(form)), true
}

// sameProjection reports whether two projections say the same, whatever their revision.
func sameProjection(a, b store.Projection) bool {
	return bytes.Equal(a.State, b.State) && slices.Equal(a.Counts, b.Counts) && a.Due.Equal(b.Due)
}
