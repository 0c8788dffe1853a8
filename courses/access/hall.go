package access

import (
	"context"
	"errors"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// Hall is the kind of a session that somebody on a workshop's roster opened with its code. It proves no more
// than that they were told the code and chose a name, so it may do little: learn what the workshop teaches.
const Hall store.SessionKind = "hall"

// claimLife is how long a name that somebody is choosing is held against others who choose it just then.
const claimLife = 10 * time.Second

// hallActs are what a session of kind Hall may do.
var hallActs = []people.Act{people.Learn, people.Send}

// NewHallCode makes a code that no workshop has.
func (d *Door) NewHallCode(ctx context.Context) (string, error) {
	for {
		code := drawn(people.CodeLetters, people.CodeLength)
		found, err := d.Store.Workshops(ctx, store.WorkshopsQuery{Code: code, Limit: 1})
		if err != nil || len(found) == 0 {
			return code, err
		}
	}
}

// OpenedBy returns the workshop that the code opens now. Codes that open none are counted like wrong PINs, by
// network and in all: they are courses.Unsigned, and courses.Limited when there were too many.
func (d *Door) OpenedBy(ctx context.Context, code, address string) (people.Workshop, error) {
	bounds := boundsOf("hall/", address, ofCodes)
	if err := d.refuseBeyond(ctx, bounds); err != nil {
		return people.Workshop{}, err
	}
	found, err := d.withCode(ctx, people.NormalCode(code))
	if err != nil {
		return people.Workshop{}, err
	}
	open := slices.IndexFunc(found, func(w people.Workshop) bool { return w.Open(d.Now(), d.Zone) })
	if open >= 0 {
		return found[open], nil
	}
	if err := d.countEach(ctx, "wrong/", bounds); err != nil {
		return people.Workshop{}, err
	}
	return people.Workshop{}, courses.Problemf(courses.Unsigned, "hall.wrong")
}

// ofCodes bounds wrong codes of all networks together: so many that a few of them close no hall, and so few
// that, where twenty codes are good that day, one of them is found in one hour of guessing out of a thousand.
var ofCodes = bound{window: time.Hour, free: 3000, each: 3}

// withCode finds the workshops with a code; the empty code is none's.
func (d *Door) withCode(ctx context.Context, code string) ([]people.Workshop, error) {
	if code == "" {
		return nil, ctx.Err()
	}
	return d.Store.Workshops(ctx, store.WorkshopsQuery{Code: code})
}

// Names returns those on the roster who may enter, in order of their number: participants who have not left.
func (d *Door) Names(ctx context.Context, w people.Workshop) ([]people.Person, error) {
	if len(w.Roster) == 0 {
		return nil, ctx.Err()
	}
	found, err := d.Store.People(ctx, store.PeopleQuery{IDs: w.Roster, Role: people.Participant})
	return slices.DeleteFunc(found, func(p people.Person) bool { return p.Retired }), err
}

// Enter opens a session of kind Hall, until the end of the day, for somebody on the roster of the workshop
// that the code opens. A name that is in on another device is courses.Conflict, until it is released there.
func (d *Door) Enter(ctx context.Context, code, name string, t Try) (Entry, error) {
	w, err := d.OpenedBy(ctx, code, t.Address)
	if err != nil {
		return Entry{}, err
	}
	names, err := d.Names(ctx, w)
	if err != nil {
		return Entry{}, err
	}
	i := slices.IndexFunc(names, func(p people.Person) bool { return p.ID == name })
	if i < 0 {
		return Entry{}, courses.Problemf(courses.Unsigned, "hall.unlisted")
	}
	if err := d.claim(ctx, w.ID, name); err != nil {
		return Entry{}, err
	}
	if err := d.countEach(ctx, "in/", boundsOf("hall/", t.Address, ofCodes)); err != nil {
		return Entry{}, err
	}
	now := d.Now()
	year, month, day := now.In(d.Zone).Date()
	life := time.Date(year, month, day+1, 0, 0, 0, 0, d.Zone).Sub(now)
	return d.put(ctx, names[i], store.Session{Kind: Hall, Label: t.Label, Workshop: w.ID}, life)
}

// claim makes sure that a name is let in once: of several at the same time one is first, and whoever is in
// keeps the others out.
func (d *Door) claim(ctx context.Context, workshop, person string) error {
	taken := courses.Problemf(courses.Conflict, "hall.taken")
	inside, err := d.insideOf(ctx, workshop, person)
	if err != nil {
		return err
	}
	if len(inside) > 0 {
		return taken
	}
	return d.Store.ChangeCounter(ctx, claimKey(workshop, person), func(c *store.Counter) error {
		now := d.Now()
		if now.Before(c.Ends) {
			return taken
		}
		c.N, c.At, c.Ends = 1, now, now.Add(claimLife)
		return nil
	})
}

func claimKey(workshop, person string) string { return keyOf(person, "claim/"+hexSum(workshop)) }

// insideOf lists the sessions by which the person is in the workshop.
func (d *Door) insideOf(ctx context.Context, workshop, person string) ([]store.Session, error) {
	all, err := d.Store.SessionsOf(ctx, person)
	return slices.DeleteFunc(all, func(s store.Session) bool {
		return s.Kind != Hall || s.Workshop != workshop || !d.Now().Before(s.Expires)
	}), err
}

// Inside returns the sessions of those on the roster who are in, by person.
func (d *Door) Inside(ctx context.Context, w people.Workshop) (map[string]store.Session, error) {
	inside := map[string]store.Session{}
	for _, person := range w.Roster {
		sessions, err := d.insideOf(ctx, w.ID, person)
		if err != nil {
			return nil, err
		}
		if len(sessions) > 0 {
			inside[person] = sessions[0]
		}
	}
	return inside, nil
}

// Release ends the sessions by which the person is in the workshop, so that the name can be chosen again.
func (d *Door) Release(ctx context.Context, workshop, person string) error {
	sessions, err := d.insideOf(ctx, workshop, person)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		if err := d.Store.EndSessions(ctx, person, s.Hash); err != nil {
			return err
		}
	}
	return d.forgive(ctx, claimKey(workshop, person))
}

// hall returns the workshop of a session of kind Hall, as courses.Unsigned where it holds no longer: it was
// called off, or the person was taken off the roster.
func (d *Door) hall(ctx context.Context, s store.Session) (*people.Workshop, error) {
	w, err := d.Store.Workshop(ctx, s.Workshop)
	if errors.Is(err, courses.NotFound) || (err == nil && (w.Cancelled || !w.Enlisted(s.Person))) {
		return nil, courses.Problemf(courses.Unsigned, "signin.expired")
	}
	return &w, err
}

// charged is what the person is charged with now, with the people of the workshops that they run.
func (d *Door) charged(ctx context.Context, p *people.Person) (people.Duty, error) {
	duty := d.duty(p)
	if duty.Role != people.Facilitator {
		return duty, nil
	}
	since := people.FollowedSince(d.Now(), d.Zone)
	run, err := d.Store.Workshops(ctx, store.WorkshopsQuery{Facilitator: p.ID, Since: since})
	return duty.Charge(run, d.Now(), d.Zone), err
}
