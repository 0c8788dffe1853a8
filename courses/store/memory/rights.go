package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/store"
)

// Acknowledgement implements store.Rights.
func (s *Store) Acknowledgement(ctx context.Context, person string) (store.Acknowledgement, error) {
	all, err := s.now(ctx)
	if err != nil {
		return store.Acknowledgement{}, err
	}
	if a, ok := all.acknowledged[person]; ok {
		return a, nil
	}
	return store.Acknowledgement{Person: person}, nil
}

// PutAcknowledgement implements store.Rights.
func (s *Store) PutAcknowledgement(ctx context.Context, a store.Acknowledgement) error {
	return s.write(ctx, func(d *data) error {
		a.At = rounded(a.At)
		d.acknowledged[a.Person] = a
		return nil
	})
}

// Request implements store.Rights.
func (s *Store) Request(ctx context.Context, id string) (store.Request, error) {
	all, err := s.now(ctx)
	if err != nil {
		return store.Request{}, err
	}
	if r, ok := all.requests[id]; ok {
		return r, nil
	}
	return store.Request{}, courses.NotFound
}

// Requests implements store.Rights.
func (s *Store) Requests(ctx context.Context, q store.RequestsQuery) ([]store.Request, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var found []store.Request
	for r := range maps.Values(all.requests) {
		if (q.Person == "" || r.Person == q.Person) && (!q.Open || r.State == store.RequestOpen) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, byUrgency)
	if q.Limit > 0 {
		found = found[:min(q.Limit, len(found))]
	}
	return found, nil
}

func byUrgency(a, b store.Request) int {
	aOpen, bOpen := a.State == store.RequestOpen, b.State == store.RequestOpen
	switch {
	case aOpen && bOpen:
		return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.ID, b.ID))
	case aOpen:
		return -1
	case bOpen:
		return 1
	}
	return cmp.Or(b.EndedAt.Compare(a.EndedAt), strings.Compare(a.ID, b.ID))
}

// ChangeRequest implements store.Rights.
func (s *Store) ChangeRequest(ctx context.Context, id string, fn func(*store.Request) error) error {
	return s.write(ctx, func(d *data) error {
		r := d.requests[id]
		r.ID = id
		if err := fn(&r); err != nil {
			return err
		}
		r.ID, r.MadeAt, r.Due, r.EndedAt = id, rounded(r.MadeAt), rounded(r.Due), rounded(r.EndedAt)
		d.requests[id] = r
		return nil
	})
}
