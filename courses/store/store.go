// Package store is the port to whatever keeps Melek's data: a few small interfaces and their
// promises. An adapter fetches and keeps; it holds no rule, checks no permission and knows no HTTP.
// Every promise has a check in storetest, which the memory store, SQLite and MongoDB all pass.
// Errors are courses.NotFound where a single thing is asked for and absent, courses.Unavailable
// where the database cannot be reached, and the context's own when it ends. Times are kept in UTC to the
// millisecond.
package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/tally"
)

// Store is everything that the program keeps.
type Store interface {
	Ledger
	Reports
	Directory
	Accounts
	Office
	Rights
	Drafts
	Workshops
	// Ping reports whether the database answers.
	Ping(ctx context.Context) error
	// Close ends every change under way and lets go of the database. It is called once; calls after it fail as
	// courses.Unavailable.
	Close() error
}

// Ledger keeps the learning records and what is derived from them.
type Ledger interface {
	// Change runs fn in one transaction: all that it does is kept durably before Change returns nil,
	// and none of it when fn or the commit fails; fn's own error is returned unchanged. Changes are
	// serialisable, and nobody else sees one before it is kept. fn may run several times, works through tx
	// alone and must not keep what it was given in it beyond its return. Many at once are committed together.
	Change(ctx context.Context, fn func(tx Tx) error) error
	// Projections returns those kept of the people, in no order; one without any is left out.
	Projections(ctx context.Context, persons []string) ([]Projection, error)
	// EachProjection calls fn with every projection in order of the person's id, from the first id greater than
	// after, until fn returns an error, which is returned. It need not be one snapshot. fn may use the store.
	EachProjection(ctx context.Context, after string, fn func(Projection) error) error
	// EachEntry calls fn with every record in order of person, id and digest, from the first person greater than
	// after, until fn returns an error, which is returned. It need not be one snapshot. fn may use the store.
	EachEntry(ctx context.Context, after string, fn func(record.Entry) error) error
	// Due returns the ids of at most limit people whose Projection.Due is set and not after t, the
	// earliest first.
	Due(ctx context.Context, t time.Time, limit int) ([]string, error)
}

// Tx is one transaction.
type Tx interface {
	RecordTx
	TallyTx
	PeopleTx
}

// RecordTx keeps records and projections within a transaction.
type RecordTx interface {
	// Insert keeps the entries that are not there yet and says of each, in order, how it stood. Two
	// entries of one call are judged one after the other.
	Insert(entries []record.Entry) ([]Standing, error)
	// Sets returns all entries kept of each person, those inserted in this transaction included,
	// ordered by id and digest. A person without any is left out.
	Sets(persons []string) (map[string][]record.Entry, error)
	// Revs returns the revision of each person's projection, which tells whether what is remembered of the
	// person still holds. It also holds off other changes of these people until the end. One without a
	// projection is left out.
	Revs(persons []string) (map[string]int64, error)
	// TxProjections is Projections within the transaction, and holds off others as Revs does.
	TxProjections(persons []string) (map[string]Projection, error)
	// PutProjections keeps the projections, each in place of the person's last. Of their parts, those that are
	// given take the place of the last ones, those without a state are taken away, and others stay.
	PutProjections(projections []Projection) error
}

// Standing says how an entry stood when it came in.
type Standing int

// The ways in which an entry can stand.
const (
	New       Standing = iota // its id was not known of this person
	Duplicate                 // the same content was there
	Other                     // its id was there with other content; it is kept beside it
)

// Projection is what is derived from one person's records: a part for each course, so that an answer changes
// one part, and the rest.
type Projection struct {
	Person string
	// Rev grows by one with every change of the person's records or projection.
	Rev int64
	// Due is the earliest end of a test that is under way, zero where there is none.
	Due time.Time
	// State is a record.State as JSON, and Counts are where the person counts, both without what has a part.
	// Only what an earlier Melek kept has courses here.
	State  []byte
	Counts []tally.Count
	Parts  map[string]Part // by course
}

// Part is what is derived from one person's records of one course.
type Part struct {
	State  []byte // record.Progress as JSON
	Counts []tally.Count
}

// Whole is the state with all its courses.
func (p Projection) Whole() (record.State, error) {
	var state record.State
	if err := json.Unmarshal(p.State, &state); err != nil {
		return state, fmt.Errorf("state of %q: %w", p.Person, err)
	}
	if state.Courses == nil && len(p.Parts) > 0 {
		state.Courses = make(map[string]*record.Progress, len(p.Parts))
	}
	for course, part := range p.Parts {
		progress := &record.Progress{}
		if err := json.Unmarshal(part.State, progress); err != nil {
			return state, fmt.Errorf("state of %q in %s: %w", p.Person, course, err)
		}
		state.Courses[course] = progress
	}
	return state, nil
}

// TallyTx keeps tallies within a transaction.
type TallyTx interface {
	// AddCells adds to the cells of tallies; cells not there are 0, and cells that come to 0 are taken away.
	AddCells(deltas map[tally.Key]map[string]int64) error
	// Cells returns the cells of each tally, those added in this transaction included.
	Cells(keys []tally.Key) (map[tally.Key]map[string]int64, error)
	// PutFigures keeps the figures of tallies; those of nobody are taken away.
	PutFigures(figures map[tally.Key]tally.Figures) error
}

// PeopleTx keeps people within a transaction.
type PeopleTx interface {
	// TxPeople returns the people with the ids; unknown ones are left out.
	TxPeople(ids []string) (map[string]people.Person, error)
	// PutPeople keeps the people, each in place of what was known under the id.
	PutPeople(persons []people.Person) error
	// Forget takes away every record of the person but those of kind erased.
	Forget(person string) error
	// RemovePeople takes the people's particulars, credentials, sessions, allowances and acknowledgements away,
	// the texts and answers of their requests, and their places in workshops; their records stay. Nothing of it
	// can be read in the files of an embedded database afterwards.
	RemovePeople(ids []string) error
}

// Reports reads what is made for reports.
type Reports interface {
	// Figures returns the figures of a course and role whose cut has the base and, where from or to
	// is given, a day from from to to, both included, ordered by area and cut. Without from and to
	// only cuts without a day.
	Figures(ctx context.Context, q FiguresQuery) ([]tally.KeyedFigures, error)
	// CellsOf returns the cells of a course, role and cut by area, in order of the areas; those without
	// figures are left out.
	CellsOf(ctx context.Context, course string, role people.Role, cut tally.Cut) ([]tally.KeyedCells, error)
	// CutsOf lists the cuts without a day of a course that begin with the prefix, sorted.
	CutsOf(ctx context.Context, course string, prefix tally.Cut) ([]tally.Cut, error)
	// Tallied lists every tally that has cells, in no order; for checking and making anew.
	Tallied(ctx context.Context) ([]tally.Key, error)
}

// FiguresQuery says which figures are wanted.
type FiguresQuery struct {
	Course   string
	Role     people.Role
	Base     tally.Cut
	From, To string // days YYYY-MM-DD; empty: open
}
