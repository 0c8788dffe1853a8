package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

const workshopColumns = "id, title, courses, area, place, first_day, last_day, facilitators, roster, code, " +
	"cancelled, by, at"

// list is a list of ids, kept as JSON.
type list []string

// Scan implements sql.Scanner.
func (l *list) Scan(kept any) error {
	text, ok := kept.(string)
	if !ok {
		return fmt.Errorf("sqlite: a list is kept as %T", kept)
	}
	return json.Unmarshal([]byte(text), l)
}

// array is the list as it is kept.
func array(ids []string) (string, error) {
	b, err := json.Marshal(ids)
	return string(b), err
}

func scanWorkshop(rows *sql.Rows) (people.Workshop, error) {
	var w people.Workshop
	var at int64
	err := rows.Scan(&w.ID, &w.Title, (*list)(&w.Courses), &w.Area, &w.Place, &w.From, &w.To,
		(*list)(&w.Facilitators), (*list)(&w.Roster), &w.Code, &w.Cancelled, &w.By, &at)
	w.At = moment(at)
	return w, err
}

// Workshop implements store.Workshops.
func (s *Store) Workshop(ctx context.Context, id string) (people.Workshop, error) {
	found, err := s.workshops(ctx, "WHERE id = ?", id)
	if err == nil && len(found) == 0 {
		return people.Workshop{}, fmt.Errorf("sqlite: workshop %q: %w", id, courses.NotFound)
	}
	if err != nil {
		return people.Workshop{}, err
	}
	return found[0], nil
}

// Workshops implements store.Workshops.
func (s *Store) Workshops(ctx context.Context, q store.WorkshopsQuery) ([]people.Workshop, error) {
	where, args := "WHERE last_day >= ?", []any{q.Since}
	if q.Areas != nil {
		codes, err := array(q.Areas)
		if err != nil {
			return nil, err
		}
		where += " AND area IN (SELECT value FROM json_each(?))"
		args = append(args, codes)
	}
	for _, of := range []struct {
		person string
		runs   bool
	}{{q.Facilitator, true}, {q.Member, false}} {
		if of.person != "" {
			where += " AND id IN (SELECT workshop FROM workshop_people WHERE person = ? AND runs = ?)"
			args = append(args, of.person, of.runs)
		}
	}
	if q.Code != "" {
		where += " AND code = ? AND code <> ''"
		args = append(args, q.Code)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = -1
	}
	return s.workshops(ctx, where+" ORDER BY first_day DESC, id LIMIT ?", append(args, limit)...)
}

func (s *Store) workshops(ctx context.Context, where string, args ...any) ([]people.Workshop, error) {
	var found []people.Workshop
	err := s.each(ctx, func(rows *sql.Rows) error {
		w, err := scanWorkshop(rows)
		found = append(found, w)
		return err
	}, "SELECT "+workshopColumns+" FROM workshops "+where, args...)
	return found, err
}

// ChangeWorkshop implements store.Workshops.
func (s *Store) ChangeWorkshop(ctx context.Context, id string, fn func(*people.Workshop) error) error {
	return s.writer.do(ctx, func(t *tx) error {
		w := people.Workshop{ID: id}
		found, err := t.workshops("WHERE id = ?", id)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			w = found[0]
		}
		if err := fn(&w); err != nil {
			return err
		}
		w.ID = id
		return t.putWorkshop(w)
	})
}

func (t *tx) workshops(where string, args ...any) ([]people.Workshop, error) {
	var found []people.Workshop
	err := t.each(func(rows *sql.Rows) error {
		w, err := scanWorkshop(rows)
		found = append(found, w)
		return err
	}, "SELECT "+workshopColumns+" FROM workshops "+where, args...)
	return found, err
}

func (t *tx) putWorkshop(w people.Workshop) error {
	var lists [3]string
	for i, ids := range [...][]string{w.Courses, w.Facilitators, w.Roster} {
		var err error
		if lists[i], err = array(ids); err != nil {
			return fmt.Errorf("sqlite: workshop %q: %w", w.ID, err)
		}
	}
	err := t.exec("INSERT OR REPLACE INTO workshops ("+workshopColumns+
		") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", w.ID, w.Title, lists[0], w.Area, w.Place, w.From, w.To,
		lists[1], lists[2], w.Code, w.Cancelled, w.By, millis(w.At))
	if err != nil {
		return err
	}
	if err := t.exec("DELETE FROM workshop_people WHERE workshop = ?", w.ID); err != nil {
		return err
	}
	return t.exec(`INSERT OR IGNORE INTO workshop_people (person, runs, workshop)
		SELECT value, TRUE, ?1 FROM json_each(?2) UNION ALL SELECT value, FALSE, ?1 FROM json_each(?3)`,
		w.ID, lists[1], lists[2])
}

// leaveWorkshops takes a person out of all of them.
func (t *tx) leaveWorkshops(person string) error {
	found, err := t.workshops("WHERE id IN (SELECT workshop FROM workshop_people WHERE person = ?)", person)
	if err != nil {
		return err
	}
	for _, w := range found {
		w.Drop(person)
		if err := t.putWorkshop(w); err != nil {
			return err
		}
	}
	return nil
}
