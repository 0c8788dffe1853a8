package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"melek/courses"
	"melek/courses/store"
)

const draftColumns = "course, base, files, by, at"

func scanDraft(rows *sql.Rows) (store.Draft, error) {
	var d store.Draft
	var files []byte
	var at int64
	if err := rows.Scan(&d.Course, &d.Base, &files, &d.By, &at); err != nil {
		return d, err
	}
	d.At = moment(at)
	return d, json.Unmarshal(files, &d.Files)
}

// Draft implements store.Drafts.
func (s *Store) Draft(ctx context.Context, course string) (store.Draft, error) {
	found, err := s.drafts(ctx, "WHERE course = ?", course)
	if err == nil && len(found) == 0 {
		return store.Draft{}, fmt.Errorf("sqlite: draft %q: %w", course, courses.NotFound)
	}
	if err != nil {
		return store.Draft{}, err
	}
	return found[0], nil
}

// Drafts implements store.Drafts.
func (s *Store) Drafts(ctx context.Context) ([]store.Draft, error) {
	return s.drafts(ctx, "ORDER BY course")
}

func (s *Store) drafts(ctx context.Context, where string, args ...any) ([]store.Draft, error) {
	var found []store.Draft
	err := s.each(ctx, func(rows *sql.Rows) error {
		d, err := scanDraft(rows)
		found = append(found, d)
		return err
	}, "SELECT "+draftColumns+" FROM drafts "+where, args...)
	return found, err
}

// ChangeDraft implements store.Drafts.
func (s *Store) ChangeDraft(ctx context.Context, course string, fn func(*store.Draft) error) error {
	return s.writer.do(ctx, func(t *tx) error {
		d := store.Draft{Course: course}
		err := t.each(func(rows *sql.Rows) (err error) {
			d, err = scanDraft(rows)
			return err
		}, "SELECT "+draftColumns+" FROM drafts WHERE course = ?", course)
		if err != nil {
			return err
		}
		if err := fn(&d); err != nil {
			return err
		}
		if len(d.Files) == 0 {
			return t.exec("DELETE FROM drafts WHERE course = ?", course)
		}
		files, err := json.Marshal(d.Files)
		if err != nil {
			return fmt.Errorf("sqlite: draft %q: %w", course, err)
		}
		return t.exec("INSERT OR REPLACE INTO drafts ("+draftColumns+") VALUES (?, ?, ?, ?, ?)",
			course, d.Base, string(files), d.By, millis(d.At))
	})
}
