package ledger

import (
	"context"
	"slices"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
)

// ownKinds are what people say of themselves.
var ownKinds = []record.Kind{record.Enrolled, record.Read, record.Opened, record.Answered, record.Submitted}

// Sender judges what one signed-in person may say.
type Sender struct {
	ledger *Ledger
	duty   people.Duty
	region *people.Region
	ctx    context.Context //nolint:containedctx // a sender lives as long as one delivery
	known  map[string]bool
}

// Sender returns the judge of one delivery by whoever has the duty.
func (l *Ledger) Sender(ctx context.Context, d people.Duty, region *people.Region) *Sender {
	return &Sender{ledger: l, duty: d, region: region, ctx: ctx, known: map[string]bool{}}
}

// May says why the sender may not say the record, nil where it may: everybody what they did
// themselves, facilitators what people of their area did, administrators everything. An erasure is
// made by erasing, never sent.
func (s *Sender) May(r *record.Record) error {
	if r.Kind == record.Erased {
		return courses.Problemf(courses.Forbidden, "record.erased")
	}
	if s.duty.Role == people.Admin {
		return nil
	}
	if r.Person == s.duty.Person && slices.Contains(ownKinds, r.Kind) {
		return nil
	}
	if s.duty.Role == people.Facilitator && r.Person != s.duty.Person && s.reaches(r.Person) {
		return nil
	}
	return courses.Problemf(courses.Forbidden, "record.sender")
}

func (s *Sender) reaches(id string) bool {
	if ok, asked := s.known[id]; asked {
		return ok
	}
	other, err := s.ledger.store.Person(s.ctx, id)
	s.known[id] = err == nil && s.duty.Reaches(&other, s.region)
	return s.known[id]
}
