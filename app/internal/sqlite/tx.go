package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"

	"melek/courses/record"
	"melek/courses/store"
)

// tx is one change on the writer's connection.
type tx struct {
	stmts   *stmts
	wrote   bool  // it has done something that others must not see if it fails
	removed bool  // it has taken people away, of whom nothing may stay in the files
	cleans  bool  // the whole file is to be written anew after it
	err     error // the first statement that failed; SQLite may have undone the whole transaction
}

func (t *tx) exec(query string, args ...any) error {
	t.wrote = true
	_, err := t.stmts.exec(query, args...)
	return t.note(err)
}

// each runs a query, which may write and return what it wrote, and calls fn for every row.
func (t *tx) each(fn func(*sql.Rows) error, query string, args ...any) error {
	return t.note(t.stmts.each(context.Background(), fn, query, args...))
}

func (t *tx) note(err error) error {
	if err != nil {
		t.wrote, t.err = true, cmp.Or(t.err, err)
	}
	return err
}

// Insert implements store.RecordTx.
func (t *tx) Insert(entries []record.Entry) ([]store.Standing, error) {
	standings := make([]store.Standing, len(entries))
	for i, e := range entries {
		standing, err := t.insert(e)
		if err != nil {
			return nil, fmt.Errorf("sqlite: %s: %w", &e.Record, err)
		}
		standings[i] = standing
	}
	return standings, nil
}

// insert keeps an entry that is not there yet, and sees in the same statement whether its id was.
func (t *tx) insert(e record.Entry) (store.Standing, error) {
	standing := store.Duplicate
	t.wrote = true
	err := t.each(func(rows *sql.Rows) error {
		var other bool
		err := rows.Scan(&other)
		if standing = store.New; other {
			standing = store.Other
		}
		return err
	}, `INSERT INTO records (person, id, digest, kind, content, received) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING RETURNING EXISTS (SELECT 1 FROM records AS o
			WHERE o.person = records.person AND o.id = records.id AND o.digest <> records.digest)`,
		e.Person, e.ID, e.Digest[:], string(e.Kind), e.Content, millis(e.ReceivedAt))
	return standing, err
}

// Sets implements store.RecordTx.
func (t *tx) Sets(persons []string) (map[string][]record.Entry, error) {
	sets := make(map[string][]record.Entry, len(persons))
	for _, person := range persons {
		var set []record.Entry
		err := t.each(func(rows *sql.Rows) error {
			e, err := scanEntry(rows)
			set = append(set, e)
			return err
		}, "SELECT digest, content, received FROM records WHERE person = ? ORDER BY id, digest", person)
		if err != nil {
			return nil, err
		}
		if len(set) > 0 {
			sets[person] = set
		}
	}
	return sets, nil
}

func scanEntry(rows *sql.Rows) (record.Entry, error) {
	var digest, content []byte
	var received int64
	if err := rows.Scan(&digest, &content, &received); err != nil {
		return record.Entry{}, err
	}
	if len(digest) != 32 {
		return record.Entry{}, fmt.Errorf("sqlite: digest of %d bytes", len(digest))
	}
	return record.Revive(content, [32]byte(digest), moment(received))
}

// Forget implements store.PeopleTx.
func (t *tx) Forget(person string) error {
	return t.exec("DELETE FROM records WHERE person = ? AND kind <> 'erased'", person)
}
