package record

import (
	"bytes"
	"slices"
	"time"
)

// Facts are the set of one person's records, sorted by course. They know which courses have changed since
// they were folded last, and fold only those. They are not safe for concurrent use.
type Facts struct {
	person string
	byID   map[string]*Entry   // of several contents under one id the one that counts
	groups map[string][]*Entry // by course; ofNoCourse is one of them
	stale  map[string]bool     // groups that have changed
}

// ofNoCourse is the group of what is said of the person or of other records.
const ofNoCourse = ""

// NewFacts returns the set, nothing of it folded.
func NewFacts(person string, set []Entry) *Facts {
	f := &Facts{person: person, byID: make(map[string]*Entry, len(set)), groups: map[string][]*Entry{},
		stale: map[string]bool{}}
	for _, e := range set {
		f.Add(e)
	}
	return f
}

// Add puts an entry into the set. One that is there already changes nothing.
func (f *Facts) Add(e Entry) {
	known, ok := f.byID[e.ID]
	if ok && bytes.Compare(known.Digest[:], e.Digest[:]) <= 0 {
		return
	}
	if ok {
		f.remove(known)
	}
	e.Content = nil // what it says is in the record
	f.byID[e.ID] = &e
	for _, group := range e.groups() {
		f.groups[group] = append(f.groups[group], &e)
	}
	f.touch(&e)
}

func (f *Facts) remove(e *Entry) {
	for _, group := range e.groups() {
		f.groups[group] = slices.DeleteFunc(f.groups[group], func(o *Entry) bool { return o == e })
	}
	f.touch(e)
}

// groups are those that the entry says something of by itself.
func (e *Entry) groups() []string {
	switch {
	case e.Kind == Voided || e.Kind == Erased || e.Course == "":
		return []string{ofNoCourse}
	case e.Kind == Attended:
		return []string{ofNoCourse, e.Course}
	}
	return []string{e.Course}
}

// touch makes what follows from the entry be folded again. What it voids may be of any course.
func (f *Facts) touch(e *Entry) {
	if e.Kind == Voided || e.Kind == Erased {
		f.Anew()
	}
	for _, group := range e.groups() {
		f.stale[group] = true
	}
}

// Anew makes everything be folded again, for something else than the set has changed.
func (f *Facts) Anew() {
	for group := range f.groups {
		f.stale[group] = true
	}
}

// Empty reports whether nothing is known of the person.
func (f *Facts) Empty() bool { return len(f.byID) == 0 }

// Of reports whether the set has records of the course.
func (f *Facts) Of(course string) bool { return len(f.groups[course]) > 0 }

// Erased reports whether the person was erased.
func (f *Facts) Erased() bool {
	return slices.ContainsFunc(f.groups[ofNoCourse], func(e *Entry) bool { return e.Kind == Erased })
}

// Fold returns the person's state without courses, and by course the progress of those that have changed
// since it was last called: nil where none is left. Records that the syllabus cannot judge are passed over.
func (f *Facts) Fold(s Syllabus) (State, map[string]*Progress) {
	erased, void := f.Erased(), f.void()
	changed := make(map[string]*Progress, len(f.stale))
	for group := range f.stale {
		if group == ofNoCourse {
			continue
		}
		changed[group] = nil
		if !erased {
			folding := folding{syllabus: s, void: void, course: group}
			changed[group] = folding.fold(f.groups[group])
		}
	}
	clear(f.stale)
	if erased {
		return State{Person: f.person, Erased: true}, changed
	}
	return State{Person: f.person, Attended: f.attended(s, void)}, changed
}

// void are the ids of voided records.
func (f *Facts) void() map[string]bool {
	var void map[string]bool
	for _, e := range f.groups[ofNoCourse] {
		if e.Kind == Voided {
			void = put(void, e.Voids, true)
		}
	}
	return void
}

// attended holds the sessions that the person was present at.
func (f *Facts) attended(s Syllabus, void map[string]bool) map[string]time.Time {
	var attended map[string]time.Time
	for _, e := range inOrder(f.groups[ofNoCourse]) {
		key := e.Workshop + "/" + e.Session
		_, known := attended[key]
		if e.Kind == Attended && !known && !void[e.ID] && Known(&e.Record, s) {
			attended = put(attended, key, e.Time())
		}
	}
	return attended
}

// Fold derives a person's state from everything that is kept of that person. It is a function of the set: any
// order, any repetition and any split into deliveries give the same state.
func Fold(person string, set []Entry, s Syllabus) State {
	state, courses := NewFacts(person, set).Fold(s)
	for course, p := range courses {
		if p != nil {
			state.Courses = put(state.Courses, course, p)
		}
	}
	return state
}
