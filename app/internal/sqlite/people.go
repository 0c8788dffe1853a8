package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

const personColumns = "id, name, role, phone, language, gender, birth_year, retired, postings"

// TxPeople implements store.PeopleTx.
func (t *tx) TxPeople(ids []string) (map[string]people.Person, error) {
	found := make(map[string]people.Person, len(ids))
	for _, id := range ids {
		err := t.each(func(rows *sql.Rows) error {
			p, err := scanPerson(rows)
			found[id] = p
			return err
		}, "SELECT "+personColumns+" FROM people WHERE id = ?", id)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func scanPerson(rows *sql.Rows) (people.Person, error) {
	var p people.Person
	var role, language, postings string
	err := rows.Scan(&p.ID, &p.Name, &role, &p.Phone, &language, &p.Gender, &p.BirthYear, &p.Retired, &postings)
	if err != nil {
		return p, err
	}
	p.Role, p.Language = people.Role(role), courses.Lang(language)
	if err := json.Unmarshal([]byte(postings), &p.Postings); err != nil {
		return p, fmt.Errorf("sqlite: postings of %q: %w", p.ID, err)
	}
	return p, nil
}

// PutPeople implements store.PeopleTx.
func (t *tx) PutPeople(persons []people.Person) error {
	for _, p := range persons {
		postings, err := json.Marshal(p.Postings)
		if err != nil {
			return err
		}
		area := ""
		if n := len(p.Postings); n > 0 {
			area = p.Postings[n-1].Area
		}
		folded := strings.ToLower(p.ID) + "\n" + strings.ToLower(p.Name)
		err = t.exec(`INSERT OR REPLACE INTO people (`+personColumns+`, area, folded)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.ID, p.Name, string(p.Role), p.Phone, string(p.Language),
			p.Gender, p.BirthYear, p.Retired, string(postings), area, folded)
		if err != nil {
			return err
		}
	}
	return nil
}

// RemovePeople implements store.PeopleTx.
func (t *tx) RemovePeople(ids []string) error {
	if len(ids) > 0 {
		t.removed = true
		err := t.exec("INSERT OR REPLACE INTO settings (name, value) VALUES (?, 'yes')", uncleanSetting)
		if err != nil {
			return err
		}
	}
	for _, id := range ids {
		for _, query := range [...]string{"DELETE FROM people WHERE id = ?",
			"DELETE FROM credentials WHERE person = ?", "DELETE FROM sessions WHERE person = ?",
			"DELETE FROM allowances WHERE person = ?", "DELETE FROM acknowledgements WHERE person = ?",
			"UPDATE requests SET text = '', answer = '' WHERE person = ?"} {
			if err := t.exec(query, id); err != nil {
				return err
			}
		}
		if err := t.leaveWorkshops(id); err != nil {
			return err
		}
	}
	return nil
}

// Person implements store.Directory.
func (s *Store) Person(ctx context.Context, id string) (people.Person, error) {
	found, err := s.persons(ctx, "WHERE id = ?", id)
	return one(found, err, "person "+id)
}

// PersonByPhone implements store.Directory.
func (s *Store) PersonByPhone(ctx context.Context, phone string) (people.Person, error) {
	found, err := s.persons(ctx, "WHERE phone = ? AND phone <> '' LIMIT 2", phone)
	return one(found, err, "phone")
}

func one(found []people.Person, err error, what string) (people.Person, error) {
	switch {
	case err != nil:
		return people.Person{}, err
	case len(found) == 0:
		return people.Person{}, fmt.Errorf("sqlite: %s: %w", what, courses.NotFound)
	case len(found) > 1:
		return people.Person{}, fmt.Errorf("sqlite: %s: %w", what, courses.Conflict)
	}
	return found[0], nil
}

func (s *Store) persons(ctx context.Context, where string, args ...any) ([]people.Person, error) {
	var found []people.Person
	err := s.each(ctx, func(rows *sql.Rows) error {
		p, err := scanPerson(rows)
		found = append(found, p)
		return err
	}, "SELECT "+personColumns+" FROM people "+where, args...)
	return found, err
}

// People implements store.Directory.
func (s *Store) People(ctx context.Context, q store.PeopleQuery) ([]people.Person, error) {
	where, args := "WHERE id > ?", []any{q.After}
	for _, of := range []struct {
		column string
		wanted []string
	}{{"area", q.Areas}, {"id", q.IDs}} {
		if of.wanted == nil {
			continue
		}
		values, err := array(of.wanted)
		if err != nil {
			return nil, err
		}
		where += " AND " + of.column + " IN (SELECT value FROM json_each(?))"
		args = append(args, values)
	}
	if q.Role != "" {
		where += " AND role = ?"
		args = append(args, string(q.Role))
	}
	if q.Search != "" {
		where += " AND instr(folded, ?) > 0"
		args = append(args, strings.ToLower(q.Search))
	}
	limit := q.Limit
	if limit <= 0 {
		limit = -1
	}
	return s.persons(ctx, where+" ORDER BY id LIMIT ?", append(args, limit)...)
}

// Allowances implements store.Directory.
func (s *Store) Allowances(ctx context.Context, person string) ([]store.Allowance, error) {
	var found []store.Allowance
	err := s.each(ctx, func(rows *sql.Rows) error {
		a := store.Allowance{Person: person}
		var phase string
		var extra, at int64
		if err := rows.Scan(&a.Course, &phase, &extra, &a.Open, &a.By, &at); err != nil {
			return err
		}
		a.Phase, a.Extra, a.At = record.Phase(phase), time.Duration(extra)*time.Millisecond, moment(at)
		found = append(found, a)
		return nil
	}, `SELECT course, phase, extra, open, by, at FROM allowances WHERE person = ?
		ORDER BY course, phase`, person)
	return found, err
}

// PutAllowance implements store.Directory.
func (s *Store) PutAllowance(ctx context.Context, a store.Allowance) error {
	return s.exec(ctx, `INSERT OR REPLACE INTO allowances (person, course, phase, extra, open, by, at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, a.Person, a.Course, string(a.Phase), a.Extra.Milliseconds(), a.Open, a.By,
		millis(a.At))
}
