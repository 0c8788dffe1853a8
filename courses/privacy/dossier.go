package privacy

import (
	"cmp"
	"context"
	"slices"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// mostLines is how many lines of the audit log a dossier holds, and how far noteOnce looks back.
const mostLines = 1000

// Dossier is everything that is held on one person.
type Dossier struct {
	MadeAt          time.Time
	Person          people.Person
	Acknowledgement store.Acknowledgement
	SignIn          SignIn
	Sessions        []store.Session
	Allowances      []store.Allowance
	Workshops       []Workshop
	Requests        []store.Request
	Progress        record.State
	Records         []record.Entry // in the order in which they happened
	Lines           []store.AuditLine
}

// SignIn says what is kept for signing in. The secrets are kept as hashes, which nobody is shown.
type SignIn struct {
	HasPIN      bool      `json:"has_pin"`
	HasSecond   bool      `json:"has_second_factor"`
	CodeExpires time.Time `json:"code_expires,omitzero"`
}

// Workshop is one that the person is asked to come to or runs, without the others who are.
type Workshop struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Courses   []string `json:"courses"`
	Area      string   `json:"area"`
	Place     string   `json:"place,omitempty"`
	From      string   `json:"from"`
	To        string   `json:"to"`
	Runs      bool     `json:"runs"` // otherwise on the roster
	Cancelled bool     `json:"cancelled"`
}

// Dossier gathers what is held on a person who is in the register.
func (k *Clerk) Dossier(ctx context.Context, person string) (Dossier, error) {
	d := Dossier{MadeAt: k.Now().UTC()}
	var err error
	if d.Person, err = k.Store.Person(ctx, person); err != nil {
		return d, err
	}
	if d.Acknowledgement, err = k.Store.Acknowledgement(ctx, person); err != nil {
		return d, err
	}
	credential, err := k.Store.Credential(ctx, person)
	if err != nil {
		return d, err
	}
	d.SignIn = SignIn{HasPIN: credential.PIN != "", HasSecond: credential.Second != ""}
	if credential.Code != "" {
		d.SignIn.CodeExpires = credential.CodeExpires
	}
	if d.Sessions, err = k.Store.SessionsOf(ctx, person); err != nil {
		return d, err
	}
	if d.Allowances, err = k.Store.Allowances(ctx, person); err != nil {
		return d, err
	}
	if d.Workshops, err = k.workshops(ctx, person); err != nil {
		return d, err
	}
	if d.Requests, err = k.Store.Requests(ctx, store.RequestsQuery{Person: person}); err != nil {
		return d, err
	}
	if d.Progress, err = k.Ledger.State(ctx, person); err != nil {
		return d, err
	}
	if d.Records, err = k.records(ctx, person); err != nil {
		return d, err
	}
	d.Lines, err = k.Store.LinesAbout(ctx, person, mostLines)
	return d, err
}

// workshops are those whose roster the person is on, then those that the person runs, the latest first.
func (k *Clerk) workshops(ctx context.Context, person string) ([]Workshop, error) {
	var all []Workshop
	for _, q := range []store.WorkshopsQuery{{Member: person}, {Facilitator: person}} {
		found, err := k.Store.Workshops(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, w := range found {
			all = append(all, Workshop{w.ID, w.Title, w.Courses, w.Area, w.Place, w.From, w.To, q.Member == "",
				w.Cancelled})
		}
	}
	return all, nil
}

func (k *Clerk) records(ctx context.Context, person string) ([]record.Entry, error) {
	var set []record.Entry
	err := k.Store.Change(ctx, func(tx store.Tx) error {
		sets, err := tx.Sets([]string{person})
		set = sets[person]
		return err
	})
	slices.SortFunc(set, func(a, b record.Entry) int {
		return cmp.Or(a.Time().Compare(b.Time()), cmp.Compare(a.ID, b.ID))
	})
	return set, err
}
