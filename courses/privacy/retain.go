package privacy

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// Retention, decided 2026-11: when the time is over the whole person is erased, as on request. Keeping the
// scores without the name would not do: they still hang on the participant number, which stands on attendance
// lists and slips, so they would remain personal data. What an office needs for longer is the published
// report, which holds sums of groups and stays as it was frozen. The clock runs from the last day of service
// or from what the person did here last, whichever is later. Nobody is taken away whose last day is not
// known: a date that was never entered is mended by a person, not guessed.

// page is how many people are read at a time.
const page = 500

// EachLeaver calls fn with everybody whose service has ended, in order of number, until fn returns an error.
func (k *Clerk) EachLeaver(ctx context.Context, fn func(Leaver) error) error {
	for after := ""; ; {
		persons, err := k.Store.People(ctx, store.PeopleQuery{After: after, Limit: page})
		if err != nil || len(persons) == 0 {
			return err
		}
		if err := k.leavers(ctx, persons, fn); err != nil {
			return err
		}
		after = persons[len(persons)-1].ID
	}
}

func (k *Clerk) leavers(ctx context.Context, persons []people.Person, fn func(Leaver) error) error {
	today := k.Now().In(k.Zone).Format(time.DateOnly)
	var left []Leaver
	var ids []string
	for _, p := range persons {
		if l, ok := leaver(p, today, k.Zone); ok {
			left, ids = append(left, l), append(ids, p.ID)
		}
	}
	if len(left) == 0 {
		return nil
	}
	states, err := k.Ledger.States(ctx, ids)
	if err != nil {
		return err
	}
	for _, l := range left {
		if l.Last = l.Left; !l.Left.IsZero() {
			l.Last = latest(l.Left, states[l.Person.ID])
			l.Until = l.Last.In(k.Zone).AddDate(0, k.RetentionMonths, 0)
		}
		if err := fn(l); err != nil {
			return err
		}
	}
	return nil
}

// leaver reports whether the person's service has ended by the day.
func leaver(p people.Person, today string, zone *time.Location) (Leaver, bool) {
	last := people.Posting{}
	if n := len(p.Postings); n > 0 {
		last = slices.MaxFunc(p.Postings, func(a, b people.Posting) int { return cmp.Compare(a.From, b.From) })
	}
	ended := last.To != "" && last.To < today
	l := Leaver{Person: p}
	if ended {
		l.Left, _ = time.ParseInLocation(time.DateOnly, last.To, zone) // checked when it was entered
	}
	return l, ended || p.Retired
}

// latest is the later of a time and the last thing that the person did.
func latest(t time.Time, s record.State) time.Time {
	for _, p := range s.Courses {
		if p.LastAt.After(t) {
			t = p.LastAt
		}
	}
	for _, at := range s.Attended {
		if at.After(t) {
			t = at
		}
	}
	return t
}

// IsDue reports whether the leaver's data are to be taken away now.
func (k *Clerk) IsDue(l Leaver) bool {
	return k.RetentionMonths > 0 && !l.Left.IsZero() && !k.Now().Before(l.Until)
}

// stillDue looks once more: the person may have come back since.
func (k *Clerk) stillDue(ctx context.Context, id string) (bool, error) {
	p, err := k.Store.Person(ctx, id)
	if errors.Is(err, courses.NotFound) { // taken away by another process
		return false, nil
	}
	if err != nil {
		return false, err
	}
	due := false
	err = k.leavers(ctx, []people.Person{p}, func(l Leaver) error { due = k.IsDue(l); return nil })
	return due, err
}

// Retain erases at most so many of those who are due, and returns how many. It may be broken off and begun
// again.
func (k *Clerk) Retain(ctx context.Context, most int) (int, error) {
	if k.RetentionMonths == 0 {
		return 0, nil
	}
	var due []Leaver
	err := k.EachLeaver(ctx, func(l Leaver) error {
		if k.IsDue(l) && len(due) < most {
			due = append(due, l)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, l := range due {
		still, err := k.stillDue(ctx, l.Person.ID)
		if err != nil {
			return n, err
		}
		if !still {
			continue
		}
		detail := "left " + l.Left.Format(time.DateOnly)
		if err := k.erase(ctx, l.Person.ID, retainer, "person.expire", detail); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
