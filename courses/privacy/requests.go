package privacy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// Limits of what one person may ask.
const (
	mostText = 1000 // characters
	mostOpen = 10   // requests at a time
)

// Kinds lists what can be asked for, in the order in which it is offered.
var Kinds = []store.RequestKind{store.Correction, store.Erasure, store.Access, store.Objection}

// Ask puts a person's request in the register; by is who wrote it down, the person or whoever received it on
// paper. The clock runs from now. The same request sent twice is one.
func (k *Clerk) Ask(ctx context.Context, person string, kind store.RequestKind, text,
	by string) (store.Request, error) {
	text = strings.TrimSpace(text)
	if err := CheckKind(string(kind)); err != nil {
		return store.Request{}, err
	}
	if text == "" && kind != store.Erasure && kind != store.Access {
		return store.Request{}, courses.Problemf(courses.Invalid, "request.text")
	}
	if err := CheckText(text); err != nil {
		return store.Request{}, err
	}
	if _, err := k.Store.Person(ctx, person); errors.Is(err, courses.NotFound) {
		return store.Request{}, courses.Problemf(courses.NotFound, "person.unknown")
	} else if err != nil {
		return store.Request{}, err
	}
	open, err := k.Store.Requests(ctx, store.RequestsQuery{Person: person, Open: true})
	if err != nil {
		return store.Request{}, err
	}
	for _, r := range open {
		if r.Kind == kind && r.Text == text {
			return r, nil
		}
	}
	if len(open) >= mostOpen {
		return store.Request{}, courses.Problemf(courses.Limited, "request.many", mostOpen)
	}
	return k.put(ctx, store.Request{Person: person, Kind: kind, Text: text}, by)
}

// put keeps a new request. A person who was erased meanwhile has none.
func (k *Clerk) put(ctx context.Context, next store.Request, by string) (store.Request, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return next, err
	}
	now := k.Now().UTC()
	next.ID, next.State, next.MadeAt, next.Due = id.String(), store.RequestOpen, now, now.Add(AnswerWithin)
	err = k.Store.ChangeRequest(ctx, next.ID, func(r *store.Request) error { *r = next; return nil })
	if err != nil {
		return next, err
	}
	if _, err := k.Store.Person(ctx, next.Person); errors.Is(err, courses.NotFound) {
		return next, k.end(ctx, next.ID, func(r *store.Request) error {
			r.State, r.Text, r.EndedAt = store.RequestDone, "", now
			return nil
		})
	}
	return next, k.note(ctx, by, "request.made", next.Person, string(next.Kind))
}

// CheckKind judges what is asked for.
func CheckKind(kind string) error {
	if !slices.Contains(Kinds, store.RequestKind(kind)) {
		return courses.Problemf(courses.Invalid, "request.kind")
	}
	return nil
}

// CheckText judges what was typed in a request or its answer.
func CheckText(text string) error {
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	switch {
	case len([]rune(text)) > mostText || strings.ContainsFunc(text, control):
		return courses.Problemf(courses.Invalid, "request.long", mostText)
	case people.HoldsNIK(text):
		return courses.Problemf(courses.Invalid, "request.nik")
	}
	return nil
}

// Answer ends a request: done or refused, with a reason where it is refused. An erasure is done by erasing.
// The same answer sent twice is one; another one is courses.Conflict.
func (k *Clerk) Answer(ctx context.Context, id string, state store.RequestState, answer, by string) error {
	answer = strings.TrimSpace(answer)
	switch {
	case state != store.RequestDone && state != store.RequestRefused:
		return courses.Problemf(courses.Invalid, "request.state")
	case state == store.RequestRefused && answer == "":
		return courses.Problemf(courses.Invalid, "request.why")
	}
	if err := CheckText(answer); err != nil {
		return err
	}
	var kept store.Request
	again := false
	err := k.end(ctx, id, func(r *store.Request) error {
		again = r.State == state && r.Answer == answer
		switch {
		case again:
			return nil
		case r.State != store.RequestOpen:
			return courses.Problemf(courses.Conflict, "request.ended")
		case r.Kind == store.Erasure && state == store.RequestDone:
			return courses.Problemf(courses.Conflict, "request.erase")
		}
		r.State, r.Answer, r.By, r.EndedAt = state, answer, by, k.Now().UTC()
		kept = *r
		return nil
	})
	if err != nil || again {
		return err
	}
	return k.note(ctx, by, "request."+string(state), kept.Person, string(kept.Kind))
}

// Withdraw ends a person's own open request.
func (k *Clerk) Withdraw(ctx context.Context, id, person string) error {
	again := false
	var kind store.RequestKind
	err := k.end(ctx, id, func(r *store.Request) error {
		again, kind = r.State == store.RequestWithdrawn, r.Kind
		switch {
		case r.Person != person:
			return courses.Problemf(courses.NotFound, "request.unknown")
		case again:
			return nil
		case r.State != store.RequestOpen:
			return courses.Problemf(courses.Conflict, "request.ended")
		}
		r.State, r.By, r.EndedAt = store.RequestWithdrawn, person, k.Now().UTC()
		return nil
	})
	if err != nil || again {
		return err
	}
	return k.note(ctx, person, "request.withdrawn", person, string(kind))
}

// end changes a request that is known.
func (k *Clerk) end(ctx context.Context, id string, fn func(*store.Request) error) error {
	return k.Store.ChangeRequest(ctx, id, func(r *store.Request) error {
		if r.Person == "" {
			return courses.Problemf(courses.NotFound, "request.unknown")
		}
		return fn(r)
	})
}
