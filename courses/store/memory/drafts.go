package memory

import (
	"context"
	"maps"
	"slices"

	"melek/courses"
	"melek/courses/store"
)

// Draft implements store.Drafts.
func (s *Store) Draft(ctx context.Context, course string) (store.Draft, error) {
	all, err := s.now(ctx)
	if err != nil {
		return store.Draft{}, err
	}
	d, ok := all.drafts[course]
	if !ok {
		return store.Draft{}, courses.NotFound
	}
	d.Files = maps.Clone(d.Files)
	return d, nil
}

// Drafts implements store.Drafts.
func (s *Store) Drafts(ctx context.Context) ([]store.Draft, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var drafts []store.Draft
	for _, course := range slices.Sorted(maps.Keys(all.drafts)) {
		d := all.drafts[course]
		d.Files = maps.Clone(d.Files)
		drafts = append(drafts, d)
	}
	return drafts, nil
}

// ChangeDraft implements store.Drafts.
func (s *Store) ChangeDraft(ctx context.Context, course string, fn func(*store.Draft) error) error {
	return s.write(ctx, func(all *data) error {
		d := all.drafts[course]
		d.Course, d.Files = course, maps.Clone(d.Files)
		if err := fn(&d); err != nil {
			return err
		}
		d.Course, d.Files, d.At = course, maps.Clone(d.Files), rounded(d.At)
		if all.drafts[course] = d; len(d.Files) == 0 {
			delete(all.drafts, course)
		}
		return nil
	})
}
