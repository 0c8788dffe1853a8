// Package privacy carries out what UU 27/2022 asks of an office that keeps data on people: what each may see
// and ask for, erasure, the end of retention. It knows nothing of HTTP or of wording, and how long things are
// kept is the office's to say.
package privacy

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"melek/courses"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// Basis is the ground on which the office processes the data (UU 27/2022 Pasal 20 ayat 2).
type Basis string

// The grounds that fit an office that trains officials. Consent is asked for where it is the ground, and
// nowhere else.
const (
	PublicTask      Basis = "public-task"      // a task in the public interest, or authority by law (huruf e)
	LegalObligation Basis = "legal-obligation" // a duty of the office by law (huruf c)
	Consent         Basis = "consent"          // (huruf a)
)

// Bases lists the grounds.
var Bases = []Basis{PublicTask, LegalObligation, Consent}

// Office is what the office says of how it processes the data.
type Office struct {
	Controller string // who decides on the purpose, such as «Dinas …»
	Contact    string // where a person turns to; empty: whoever looks after Melek
	Basis      Basis
	// RetentionMonths is how long the data of who has left are kept, 0 for as long as Melek is used.
	RetentionMonths int
}

// AnswerWithin is how long an office has to answer a request (Pasal 30 and 32).
const AnswerWithin = 3 * 24 * time.Hour

// Setup is what a clerk works with.
type Setup struct {
	Office
	Store  store.Store
	Ledger *ledger.Ledger
	Zone   *time.Location // of the days on which postings end
	Now    func() time.Time
}

// Clerk is safe for concurrent use, and several processes may have one on the same store.
type Clerk struct{ Setup }

// New makes a clerk.
func New(s Setup) *Clerk { return &Clerk{s} }

// Erase takes a person out of everything: it leaves one erased record and, of what was asked, that it was.
// The person's number must be typed once more. Erasing again changes nothing. Whoever erases cannot erase
// themselves, so that an administrator remains.
func (k *Clerk) Erase(ctx context.Context, person, typed, by string) error {
	switch {
	case typed != person:
		return courses.Problemf(courses.Invalid, "erase.typed")
	case person == by:
		return courses.Problemf(courses.Conflict, "erase.self")
	}
	if err := k.known(ctx, person); err != nil {
		return err
	}
	return k.erase(ctx, person, by, "person.erase", "")
}

// known says that nothing is known of the person: no particulars and no records.
func (k *Clerk) known(ctx context.Context, person string) error {
	_, err := k.Store.Person(ctx, person)
	if !errors.Is(err, courses.NotFound) {
		return err
	}
	kept, err := k.Store.Projections(ctx, []string{person})
	if err == nil && len(kept) == 0 {
		return courses.Problemf(courses.NotFound, "person.unknown")
	}
	return err
}

func (k *Clerk) erase(ctx context.Context, person, by, action, detail string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	now := k.Now().UTC()
	err = k.Ledger.Record(ctx, record.Record{ID: id.String(), Kind: record.Erased, Person: person, By: by,
		At: now})
	if err != nil && !errors.Is(err, courses.Forbidden) { // forbidden: erased before, maybe not to the end
		return err
	}
	open, err := k.Store.Requests(ctx, store.RequestsQuery{Person: person, Open: true})
	if err != nil {
		return err
	}
	for _, r := range open {
		err := k.Store.ChangeRequest(ctx, r.ID, func(r *store.Request) error {
			r.State, r.By, r.EndedAt, r.Text, r.Answer = store.RequestDone, by, now, "", ""
			return nil
		})
		if err != nil {
			return err
		}
	}
	return k.noteOnce(ctx, store.AuditLine{At: now, By: by, Action: action, On: person, Detail: detail})
}

// noteOnce keeps a line that says what can be done to a person only once.
func (k *Clerk) noteOnce(ctx context.Context, line store.AuditLine) error {
	about, err := k.Store.LinesAbout(ctx, line.On, mostLines)
	if err != nil {
		return err
	}
	said := func(l store.AuditLine) bool { return l.Action == line.Action && l.On == line.On }
	if slices.ContainsFunc(about, said) {
		return nil
	}
	return k.Store.AddLine(ctx, line)
}

func (k *Clerk) note(ctx context.Context, by, action, on, detail string) error {
	return k.Store.AddLine(ctx, store.AuditLine{At: k.Now().UTC(), By: by, Action: action, On: on,
		Detail: detail})
}

// retainer is who does what the end of retention asks for.
const retainer = "retention"

// Leaver is somebody whose service has ended.
type Leaver struct {
	Person people.Person
	// Left is the last day of service, zero where it is not known: such a person's data are not taken away.
	Left time.Time
	// Last is the latest of Left and of what the person did here, Until when the data may be taken away.
	Last, Until time.Time
}
