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

// Person implements store.Directory.
func (s *Store) Person(ctx context.Context, id string) (people.Person, error) {
	all, err := s.now(ctx)
	if err != nil {
		return people.Person{}, err
	}
	p, ok := all.people[id]
	if !ok {
		return people.Person{}, courses.NotFound
	}
	p.Postings = slices.Clone(p.Postings)
	return p, nil
}

// PersonByPhone implements store.Directory.
func (s *Store) PersonByPhone(ctx context.Context, phone string) (people.Person, error) {
	all, err := s.now(ctx)
	if err != nil {
		return people.Person{}, err
	}
	var found []people.Person
	for _, p := range all.people {
		if phone != "" && p.Phone == phone {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return people.Person{}, courses.NotFound
	case 1:
		return found[0], nil
	}
	return people.Person{}, courses.Conflict
}

// People implements store.Directory.
func (s *Store) People(ctx context.Context, q store.PeopleQuery) ([]people.Person, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var found []people.Person
	for _, id := range slices.Sorted(maps.Keys(all.people)) {
		p := all.people[id]
		if id > q.After && wanted(p, q) {
			p.Postings = slices.Clone(p.Postings)
			found = append(found, p)
		}
		if q.Limit > 0 && len(found) == q.Limit {
			break
		}
	}
	return found, nil
}

func wanted(p people.Person, q store.PeopleQuery) bool {
	area := ""
	if n := len(p.Postings); n > 0 {
		area = p.Postings[n-1].Area
	}
	search := strings.ToLower(q.Search)
	return (q.Areas == nil || slices.Contains(q.Areas, area)) &&
		(q.IDs == nil || slices.Contains(q.IDs, p.ID)) && (q.Role == "" || p.Role == q.Role) &&
		(strings.Contains(strings.ToLower(p.ID), search) || strings.Contains(strings.ToLower(p.Name), search))
}

// Allowances implements store.Directory.
func (s *Store) Allowances(ctx context.Context, person string) ([]store.Allowance, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var found []store.Allowance
	for key, a := range all.allowances {
		if key.person == person {
			found = append(found, a)
		}
	}
	return found, nil
}

// PutAllowance implements store.Directory.
func (s *Store) PutAllowance(ctx context.Context, a store.Allowance) error {
	return s.write(ctx, func(d *data) error {
		a.At = rounded(a.At)
		d.allowances[allowanceKey{a.Person, a.Course, a.Phase}] = a
		return nil
	})
}

// PutCourse implements store.Office.
func (s *Store) PutCourse(ctx context.Context, c store.CourseSource) error {
	return s.write(ctx, func(d *data) error {
		for _, kept := range d.courses {
			if kept.Course == c.Course && kept.Version == c.Version {
				return nil
			}
		}
		c.Files, c.KeptAt = maps.Clone(c.Files), rounded(c.KeptAt)
		d.courses = append(d.courses, c)
		slices.SortStableFunc(d.courses, func(a, b store.CourseSource) int {
			return cmp.Or(strings.Compare(a.Course, b.Course), a.KeptAt.Compare(b.KeptAt))
		})
		return nil
	})
}

// Courses implements store.Office.
func (s *Store) Courses(ctx context.Context) ([]store.CourseSource, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	sources := slices.Clone(all.courses)
	for i := range sources {
		sources[i].Files = maps.Clone(sources[i].Files)
	}
	return sources, nil
}

// Setting implements store.Office.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	all, err := s.now(ctx)
	if err != nil {
		return "", err
	}
	value, ok := all.settings[name]
	if !ok {
		return "", courses.NotFound
	}
	return value, nil
}

// SettingNames implements store.Office.
func (s *Store) SettingNames(ctx context.Context, prefix string) ([]string, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range all.settings {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// PutSetting implements store.Office.
func (s *Store) PutSetting(ctx context.Context, name, value string) error {
	return s.write(ctx, func(d *data) error { d.settings[name] = value; return nil })
}
