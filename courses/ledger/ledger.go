// Package ledger takes learning records in and keeps what is derived from them in step: in one
// transaction the record, the person's projection and the tallies that it changes. It knows the
// rules of delivery; it does not know how records came or where they are kept.
package ledger

import (
	"context"
	"encoding/json"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// Ledger is safe for concurrent use, and several processes may have one on the same store.
type Ledger struct {
	store    store.Store
	syllabus Syllabus
	zone     *time.Location
	now      func() time.Time
	erased   func(context.Context, []record.Entry) error
	cache    *cache
}

// Setup is what a ledger works with.
type Setup struct {
	Store    store.Store
	Syllabus Syllabus
	Zone     *time.Location // of days in reports and postings
	Now      func() time.Time
	// Erased is told of erasures once they are durable, again when they are delivered again; nil tells nobody.
	Erased func(ctx context.Context, erased []record.Entry) error
}

// Syllabus is what the ledger must know of the courses.
type Syllabus interface {
	record.Syllabus
	// Digest names what the courses are: as long as it stays, so does everything that follows from them.
	Digest() string
}

// New makes a ledger.
func New(s Setup) *Ledger {
	return &Ledger{store: s.Store, syllabus: s.Syllabus, zone: s.Zone, now: s.Now, erased: s.Erased,
		cache: newCache(cachedPeople)}
}

// Status is the answer to one delivered record.
type Status string

// The answers. Invalid and Refused are not kept: the sender keeps those.
const (
	Stored      Status = "stored"
	Duplicate   Status = "duplicate"
	Conflict    Status = "conflict"    // the id came before with other content; both are kept
	Quarantined Status = "quarantined" // kept until its person or course version is known
	Erased      Status = "erased"      // the person was erased: acknowledged and not kept
	Refused     Status = "refused"     // this sender may not say this
	Invalid     Status = "invalid"
)

// Answer says what became of one record.
type Answer struct {
	ID     string `json:"id"`
	Status Status `json:"status"`
	// Reason is empty for a record that was stored.
	Reason error `json:"-"`
}

// Take reads, judges and files a batch of records as they were sent. May says whether the sender
// may say a record; its error becomes the reason of a refusal. The answers stand in the order of
// the records. An error means that nothing was filed and the batch can be sent again.
func (l *Ledger) Take(ctx context.Context, raws []json.RawMessage,
	may func(*record.Record) error) ([]Answer, error) {
	answers := make([]Answer, len(raws))
	entries := make([]record.Entry, 0, len(raws))
	places := make([]int, 0, len(raws))
	for i, raw := range raws {
		entry, err := record.Parse(raw, l.now())
		answers[i].ID = idOf(raw)
		if err != nil {
			answers[i].Status, answers[i].Reason = Invalid, err
			continue
		}
		if err := may(&entry.Record); err != nil {
			answers[i].Status, answers[i].Reason = Refused, err
			continue
		}
		entries, places = append(entries, entry), append(places, i)
	}
	filed, err := l.File(ctx, entries)
	if err != nil {
		return nil, err
	}
	for i, answer := range filed {
		answer.ID = answers[places[i]].ID
		answers[places[i]] = answer
	}
	return answers, nil
}

// idOf reads the id of a record as it was sent, empty where there is none.
func idOf(raw []byte) string {
	var sent struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &sent) != nil {
		return ""
	}
	return sent.ID
}

// Record files one record that this program made and returns when it is durable.
func (l *Ledger) Record(ctx context.Context, r record.Record) error {
	entry, err := record.Make(r, l.now())
	if err != nil {
		return err
	}
	answers, err := l.File(ctx, []record.Entry{entry})
	if err != nil {
		return err
	}
	if answers[0].Status == Erased {
		return courses.Problemf(courses.Forbidden, "person.erased")
	}
	return nil
}

// File files entries that have been checked and permitted, all of them or, on an error, none; where only
// telling of an erasure failed, they are filed and can be sent again.
func (l *Ledger) File(ctx context.Context, entries []record.Entry) ([]Answer, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	var work *filing
	err := l.store.Change(ctx, func(tx store.Tx) error {
		work = &filing{ledger: l, tx: tx, answers: make([]Answer, len(entries))}
		return work.file(entries)
	})
	if err != nil {
		return nil, err
	}
	work.remember()
	if err := l.tell(ctx, entries); err != nil {
		return nil, err
	}
	return work.answers, nil
}

// tell hands the erasures among the entries on.
func (l *Ledger) tell(ctx context.Context, entries []record.Entry) error {
	var erased []record.Entry
	for _, e := range entries {
		if e.Kind == record.Erased {
			erased = append(erased, e)
		}
	}
	if l.erased == nil || len(erased) == 0 {
		return nil
	}
	return l.erased(ctx, erased)
}

// State returns a person's progress; of a person without records the empty state.
func (l *Ledger) State(ctx context.Context, person string) (record.State, error) {
	states, err := l.States(ctx, []string{person})
	if err != nil {
		return record.State{}, err
	}
	return states[person], nil
}

// States returns the progress of each person, the empty state of those without records.
func (l *Ledger) States(ctx context.Context, persons []string) (map[string]record.State, error) {
	projections, err := l.store.Projections(ctx, persons)
	if err != nil {
		return nil, err
	}
	states := make(map[string]record.State, len(persons))
	for _, id := range persons {
		states[id] = record.State{Person: id}
	}
	for _, p := range projections {
		if states[p.Person], err = p.Whole(); err != nil {
			return nil, err
		}
	}
	return states, nil
}

// Register puts people in the register, merging rows of one person, and takes up the records that
// waited for them. The id of an erased person is a courses.Conflict: it is never used again, and
// nobody of the call is kept.
func (l *Ledger) Register(ctx context.Context, rows []people.Person) error {
	var work *filing
	err := l.store.Change(ctx, func(tx store.Tx) error {
		work = &filing{ledger: l, tx: tx}
		return work.register(rows)
	})
	if err != nil {
		return err
	}
	work.remember()
	return nil
}

// Replace puts one person in the register as given, postings included; for corrections by hand. The id of an
// erased person is a courses.Conflict.
func (l *Ledger) Replace(ctx context.Context, p people.Person) error {
	var work *filing
	err := l.store.Change(ctx, func(tx store.Tx) error {
		work = &filing{ledger: l, tx: tx}
		return work.replace(p)
	})
	if err != nil {
		return err
	}
	work.remember()
	return nil
}

// Refold derives everything of the people anew.
func (l *Ledger) Refold(ctx context.Context, persons []string) error {
	return l.store.Change(ctx, func(tx store.Tx) error {
		work := &filing{ledger: l, tx: tx}
		return work.refold(persons)
	})
}

// passMark of a course as it stands now; of an unknown course nobody is competent.
func (l *Ledger) passMark(course string) float64 {
	if c, ok := l.syllabus.Current(course); ok {
		return c.PassMark
	}
	return neverPassed
}

const neverPassed = 101

// figures makes the figures of each touched tally.
func (l *Ledger) figures(cells map[tally.Key]map[string]int64) (map[tally.Key]tally.Figures, error) {
	all := make(map[tally.Key]tally.Figures, len(cells))
	for key, own := range cells {
		f, err := tally.Of(own, l.passMark(key.Course))
		if err != nil {
			return nil, err
		}
		all[key] = f
	}
	return all, nil
}
