package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"melek/courses"
	"melek/courses/store"
)

// Acknowledgement implements store.Rights.
func (s *Store) Acknowledgement(ctx context.Context, person string) (store.Acknowledgement, error) {
	a := store.Acknowledgement{Person: person}
	err := s.each(ctx, func(rows *sql.Rows) error {
		var at int64
		err := rows.Scan(&a.Notice, &a.Basis, &at)
		a.At = moment(at)
		return err
	}, "SELECT notice, basis, at FROM acknowledgements WHERE person = ?", person)
	return a, err
}

// PutAcknowledgement implements store.Rights.
func (s *Store) PutAcknowledgement(ctx context.Context, a store.Acknowledgement) error {
	return s.exec(ctx, "INSERT OR REPLACE INTO acknowledgements (person, notice, basis, at) VALUES (?, ?, ?, ?)",
		a.Person, a.Notice, a.Basis, millis(a.At))
}

const requestColumns = "id, person, kind, text, made_at, due, state, by, answer, ended_at"

func scanRequest(rows *sql.Rows) (store.Request, error) {
	var r store.Request
	var kind, state string
	var made, due, ended int64
	err := rows.Scan(&r.ID, &r.Person, &kind, &r.Text, &made, &due, &state, &r.By, &r.Answer, &ended)
	r.Kind, r.State = store.RequestKind(kind), store.RequestState(state)
	r.MadeAt, r.Due, r.EndedAt = moment(made), moment(due), moment(ended)
	return r, err
}

// Request implements store.Rights.
func (s *Store) Request(ctx context.Context, id string) (store.Request, error) {
	found, err := s.requests(ctx, "WHERE id = ?", id)
	if err == nil && len(found) == 0 {
		return store.Request{}, fmt.Errorf("sqlite: request %q: %w", id, courses.NotFound)
	}
	if err != nil {
		return store.Request{}, err
	}
	return found[0], nil
}

// Requests implements store.Rights.
func (s *Store) Requests(ctx context.Context, q store.RequestsQuery) ([]store.Request, error) {
	where, args := "WHERE TRUE", []any{}
	if q.Person != "" {
		where += " AND person = ?"
		args = append(args, q.Person)
	}
	if q.Open {
		where += " AND state = 'open'"
	}
	limit := q.Limit
	if limit <= 0 {
		limit = -1
	}
	return s.requests(ctx, where+` ORDER BY state <> 'open',
		CASE state WHEN 'open' THEN due ELSE -ended_at END, id LIMIT ?`, append(args, limit)...)
}

func (s *Store) requests(ctx context.Context, where string, args ...any) ([]store.Request, error) {
	var found []store.Request
	err := s.each(ctx, func(rows *sql.Rows) error {
		r, err := scanRequest(rows)
		found = append(found, r)
		return err
	}, "SELECT "+requestColumns+" FROM requests "+where, args...)
	return found, err
}

// ChangeRequest implements store.Rights.
func (s *Store) ChangeRequest(ctx context.Context, id string, fn func(*store.Request) error) error {
	return s.writer.do(ctx, func(t *tx) error {
		r := store.Request{ID: id}
		err := t.each(func(rows *sql.Rows) (err error) {
			r, err = scanRequest(rows)
			return err
		}, "SELECT "+requestColumns+" FROM requests WHERE id = ?", id)
		if err != nil {
			return err
		}
		if err := fn(&r); err != nil {
			return err
		}
		return t.exec("INSERT OR REPLACE INTO requests ("+requestColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			id, r.Person, string(r.Kind), r.Text, millis(r.MadeAt), millis(r.Due), string(r.State), r.By, r.Answer,
			millis(r.EndedAt))
	})
}
