package ledger

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// folder is what is at hand of one person: the facts, what the register says, and what is kept as derived
// from both.
type folder struct {
	id     string
	person people.Person // zero where the register does not have them
	facts  *record.Facts
	digest string               // of the courses that the facts were folded with
	dues   map[string]time.Time // by course the end of a test under way
	kept   store.Projection
}

func newFolder(id string, p people.Person, set []record.Entry, kept store.Projection) *folder {
	kept.Person = id
	return &folder{id: id, person: p, facts: record.NewFacts(id, set), kept: kept,
		dues: map[string]time.Time{}}
}

// register puts what the register says now in the place of what it said. All counts follow from it.
func (f *folder) register(p people.Person) {
	f.person = p
	f.facts.Anew()
}

// fold folds what has changed and returns what is to be put in the place of what is kept: of the parts only
// those that are no longer the same.
func (l *Ledger) fold(f *folder) (store.Projection, error) {
	if digest := l.syllabus.Digest(); f.digest != digest {
		f.facts.Anew()
		f.digest = digest
	}
	state, courses := f.facts.Fold(l.syllabus)
	encoded, err := json.Marshal(state)
	if err != nil {
		return store.Projection{}, err
	}
	next := store.Projection{Person: f.id, Rev: f.kept.Rev + 1, State: encoded,
		Parts: make(map[string]store.Part, len(courses))}
	for course := range f.kept.Parts {
		if !f.facts.Of(course) {
			courses[course] = nil
		}
	}
	for course, progress := range courses {
		part, err := l.part(f, course, progress)
		if err != nil {
			return store.Projection{}, err
		}
		if !samePart(part, f.kept.Parts[course]) {
			next.Parts[course] = part
		}
	}
	for _, due := range f.dues {
		if next.Due.IsZero() || due.Before(next.Due) {
			next.Due = due
		}
	}
	return next, nil
}

// part derives what is kept of the person in one course; nothing of a course in which they did nothing.
func (l *Ledger) part(f *folder, course string, p *record.Progress) (store.Part, error) {
	delete(f.dues, course)
	if p == nil {
		return store.Part{}, nil
	}
	if due := l.due(course, p); !due.IsZero() {
		f.dues[course] = due
	}
	encoded, err := json.Marshal(p)
	if err != nil {
		return store.Part{}, err
	}
	part := store.Part{State: encoded}
	if f.person.ID != "" {
		part.Counts = tally.Counts(course, p, f.person, l.zone)
		tally.Sort(part.Counts)
	}
	return part, nil
}

// put puts what was derived in the place of what is kept.
func (f *folder) put(next store.Projection) {
	parts := make(map[string]store.Part, len(f.kept.Parts)+len(next.Parts))
	maps.Copy(parts, f.kept.Parts)
	maps.Copy(parts, next.Parts)
	maps.DeleteFunc(parts, func(_ string, part store.Part) bool { return part.State == nil })
	f.kept, f.kept.Parts = next, parts
}

// due is the earliest end of a test under way by the form's own duration, zero where none is under way.
func (l *Ledger) due(course string, p *record.Progress) time.Time {
	var due time.Time
	for i := range p.Attempts {
		a := &p.Attempts[i]
		if !a.Open() {
			continue
		}
		if end, ok := l.End(course, a); ok && (due.IsZero() || end.Before(due)) {
			due = end
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

func samePart(a, b store.Part) bool {
	return bytes.Equal(a.State, b.State) && slices.Equal(a.Counts, b.Counts)
}

// sameProjection reports whether two projections say the same, whatever their revision.
func sameProjection(a, b store.Projection) bool {
	return bytes.Equal(a.State, b.State) && slices.Equal(a.Counts, b.Counts) && a.Due.Equal(b.Due) &&
		maps.EqualFunc(a.Parts, b.Parts, samePart)
}
