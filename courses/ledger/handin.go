package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"melek/courses"
	"melek/courses/record"
	"melek/courses/store"
)

// submissions is the namespace of the ids of tests that are handed in here. The id follows from the
// attempt: whether the person hands it in twice at once, or the clock does in several processes, it
// is one submission.
var submissions = uuid.MustParse("6f1d2f5e-3f5b-5c1e-9a53-8d2f0b0b7a11")

// HandIn hands in the person's attempt that is under way, with all that was answered.
func (l *Ledger) HandIn(ctx context.Context, person, course string, a *record.Attempt, node string) error {
	r := submission(person, course, a, l.now())
	r.Node = node
	return l.Record(ctx, r)
}

func submission(person, course string, a *record.Attempt, at time.Time) record.Record {
	name := fmt.Sprintf("%s/%s/%s/%s/%d", person, course, a.Phase, a.Form, a.OpenedAt.UnixMilli())
	answers := a.Answers
	if answers == nil {
		answers = record.Answers{}
	}
	return record.Record{ID: uuid.NewSHA1(submissions, []byte(name)).String(), Kind: record.Submitted,
		Person: person, Course: course, Phase: a.Phase, Form: a.Form, Version: a.Version, Workshop: a.Workshop,
		Answers: answers, Lang: courses.Lang(a.Lang), At: at.UTC().Truncate(time.Millisecond)}
}

// CloseOverdue hands in the tests whose time is over by more than grace, so that what was answered
// counts even when the participant never comes back. It returns how many.
func (l *Ledger) CloseOverdue(ctx context.Context, grace time.Duration) (int, error) {
	const most = 500
	persons, err := l.store.Due(ctx, l.now().Add(-grace), most)
	if err != nil {
		return 0, err
	}
	closed := 0
	for _, person := range persons {
		n, err := l.CloseOverdueOf(ctx, person, grace)
		if err != nil {
			return closed, fmt.Errorf("ledger: tests of %q: %w", person, err)
		}
		closed += n
	}
	return closed, nil
}

// CloseOverdueOf hands in the tests of one person whose time is over by more than grace. They end at
// the end of the grace, so that an answer that came within it counts.
func (l *Ledger) CloseOverdueOf(ctx context.Context, person string, grace time.Duration) (int, error) {
	state, err := l.State(ctx, person)
	if err != nil {
		return 0, err
	}
	allowances, err := l.store.Allowances(ctx, person)
	if err != nil {
		return 0, err
	}
	closed := 0
	for id, p := range state.Courses {
		for i := range p.Attempts {
			a := &p.Attempts[i]
			end, ok := l.End(id, a)
			if !ok || !a.Open() {
				continue
			}
			end = end.Add(extra(allowances, id, a.Phase) + grace)
			if end.After(l.now()) {
				continue
			}
			r := submission(person, id, a, end)
			r.By = "melek"
			if err := l.Record(ctx, r); err != nil {
				return closed, err
			}
			closed++
		}
	}
	return closed, nil
}

func extra(allowances []store.Allowance, course string, phase record.Phase) time.Duration {
	for _, a := range allowances {
		if a.Course == course && a.Phase == phase {
			return a.Extra
		}
	}
	return 0
}
