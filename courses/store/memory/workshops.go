package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// ownWorkshop is a workshop whose lists nobody else holds.
func ownWorkshop(w people.Workshop) people.Workshop {
	w.Courses, w.Facilitators, w.Roster = slices.Clone(w.Courses), slices.Clone(w.Facilitators),
		slices.Clone(w.Roster)
	return w
}

// Workshop implements store.Workshops.
func (s *Store) Workshop(ctx context.Context, id string) (people.Workshop, error) {
	all, err := s.now(ctx)
	if err != nil {
		return people.Workshop{}, err
	}
	w, ok := all.workshops[id]
	if !ok {
		return people.Workshop{}, courses.NotFound
	}
	return ownWorkshop(w), nil
}

// Workshops implements store.Workshops.
func (s *Store) Workshops(ctx context.Context, q store.WorkshopsQuery) ([]people.Workshop, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var found []people.Workshop
	for _, w := range all.workshops {
		if asked(w, q) {
			found = append(found, ownWorkshop(w))
		}
	}
	slices.SortFunc(found, func(a, b people.Workshop) int {
		return cmp.Or(strings.Compare(b.From, a.From), strings.Compare(a.ID, b.ID))
	})
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
	}
	return found, nil
}

func asked(w people.Workshop, q store.WorkshopsQuery) bool {
	return (q.Areas == nil || slices.Contains(q.Areas, w.Area)) &&
		(q.Facilitator == "" || slices.Contains(w.Facilitators, q.Facilitator)) &&
		(q.Member == "" || w.Enlisted(q.Member)) && (q.Code == "" || w.Code == q.Code) && w.To >= q.Since
}

// ChangeWorkshop implements store.Workshops.
func (s *Store) ChangeWorkshop(ctx context.Context, id string, fn func(*people.Workshop) error) error {
	return s.write(ctx, func(all *data) error {
		w := ownWorkshop(all.workshops[id])
		w.ID = id
		if err := fn(&w); err != nil {
			return err
		}
		w.ID, w.At = id, rounded(w.At)
		all.workshops[id] = ownWorkshop(w)
		return nil
	})
}

// forgetMember takes a person off the rosters and from those who run workshops.
func (d *data) forgetMember(id string) {
	for key, w := range maps.Clone(d.workshops) {
		w.Drop(id)
		d.workshops[key] = w
	}
}
