package ledger

import (
	"maps"
	"slices"

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

	folders map[string]*folder
	deltas  map[tally.Key]map[string]int64
	changed []store.Projection
}

// begin fetches the people's folders: those at hand that still hold, others from the store.
func (w *filing) begin(persons []string) error {
	revs, err := w.tx.Revs(persons)
	if err != nil {
		return err
	}
	w.folders = make(map[string]*folder, len(persons))
	var missing []string
	for _, id := range persons {
		if f := w.ledger.cache.take(id, revs[id]); f != nil {
			w.folders[id] = f
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return w.read(missing)
}

// read makes the people's folders from what is kept of them.
func (w *filing) read(persons []string) error {
	projections, err := w.tx.TxProjections(persons)
	if err != nil {
		return err
	}
	sets, err := w.tx.Sets(persons)
	if err != nil {
		return err
	}
	registered, err := w.tx.TxPeople(persons)
	if err != nil {
		return err
	}
	for _, id := range persons {
		w.folders[id] = newFolder(id, registered[id], sets[id], projections[id])
	}
	return nil
}

func (w *filing) file(entries []record.Entry) error {
	persons := personsOf(entries)
	if err := w.begin(persons); err != nil {
		return err
	}
	var kept []record.Entry
	var places []int
	for i, e := range entries {
		if w.folders[e.Person].facts.Erased() {
			w.answers[i] = Answer{ID: e.ID, Status: Erased}
			continue
		}
		if e.Kind == record.Erased {
			if err := w.erase(e); err != nil {
				return err
			}
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
			w.folders[e.Person].facts.Add(e)
		}
	}
	return w.derive(slices.Sorted(maps.Keys(touched)))
}

// erase leaves nothing of the person but the entry that says so.
func (w *filing) erase(e record.Entry) error {
	f := w.folders[e.Person]
	w.folders[e.Person] = newFolder(e.Person, people.Person{}, []record.Entry{e}, f.kept)
	if err := w.tx.Forget(e.Person); err != nil {
		return err
	}
	return w.tx.RemovePeople([]string{e.Person})
}

func (w *filing) answer(e record.Entry, standing store.Standing) Answer {
	switch standing {
	case store.Duplicate:
		return Answer{ID: e.ID, Status: Duplicate}
	case store.Other:
		return Answer{ID: e.ID, Status: Conflict, Reason: courses.Problemf(courses.Conflict, "record.conflict")}
	}
	if w.folders[e.Person].person.ID == "" && e.Kind != record.Erased {
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
		f := w.folders[row.ID]
		if f.person.ID != "" {
			row = f.person.Merge(row)
		}
		f.register(row)
	}
	return w.enter(ids)
}

// replace puts one person as given in the place of what is known.
func (w *filing) replace(p people.Person) error {
	if err := w.begin([]string{p.ID}); err != nil {
		return err
	}
	w.folders[p.ID].register(p)
	return w.enter([]string{p.ID})
}

// enter keeps what the register says of people, whose number must not be that of an erased person, and folds
// them anew.
func (w *filing) enter(ids []string) error {
	persons := make([]people.Person, len(ids))
	for i, id := range ids {
		if w.folders[id].facts.Erased() {
			return courses.Problemf(courses.Conflict, "person.erased", id)
		}
		persons[i] = w.folders[id].person
	}
	if err := w.tx.PutPeople(persons); err != nil {
		return err
	}
	return w.derive(ids)
}

// refold derives everything of the people anew from what the store has.
func (w *filing) refold(persons []string) error {
	if _, err := w.tx.Revs(persons); err != nil {
		return err
	}
	w.folders = make(map[string]*folder, len(persons))
	if err := w.read(persons); err != nil {
		return err
	}
	return w.derive(persons)
}

// derive folds what has changed of the people, moves them between the cells of the tallies and keeps all of
// it. A person without records has no projection.
func (w *filing) derive(persons []string) error {
	w.deltas = map[tally.Key]map[string]int64{}
	for _, id := range persons {
		f := w.folders[id]
		if f.facts.Empty() {
			continue
		}
		next, err := w.ledger.fold(f)
		if err != nil {
			return err
		}
		w.count(f.kept, next)
		f.put(next)
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

// count moves a person from where they count to where they will. An answer within a test moves nobody.
func (w *filing) count(old, next store.Projection) {
	w.move(old.Counts, -1)
	for course, part := range next.Parts {
		if before := old.Parts[course].Counts; !slices.Equal(before, part.Counts) {
			w.move(before, -1)
			w.move(part.Counts, +1)
		}
	}
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

// remember keeps the people's folders for their next record, once the transaction is durable.
func (w *filing) remember() {
	for _, f := range w.folders {
		if !f.facts.Empty() {
			w.ledger.cache.keep(f)
		}
	}
}

func personsOf(entries []record.Entry) []string {
	persons := make([]string, len(entries))
	for i, e := range entries {
		persons[i] = e.Person
	}
	slices.Sort(persons)
	return slices.Compact(persons)
}
