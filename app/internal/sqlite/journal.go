package sqlite

import (
	"context"
	"database/sql"

	"melek/courses/store"
)

// AddLine implements store.Journal. Changes run one after the other, so that the head is read and moved by
// one at a time.
func (s *Store) AddLine(ctx context.Context, line store.AuditLine) error {
	return s.writer.do(ctx, func(t *tx) error {
		head, err := t.head()
		if err != nil {
			return err
		}
		l := head.Next(line)
		err = t.exec("INSERT INTO audit (n, at, by, action, target, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
			l.N, millis(l.At), l.By, l.Action, l.On, l.Detail, l.Hash)
		if err != nil {
			return err
		}
		return t.exec("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", store.HeadSetting,
			l.Head.String())
	})
}

// head is how far the chain goes; where it has not begun, its first line follows those from before.
func (t *tx) head() (store.Head, error) {
	var kept sql.NullString
	var before int64
	err := t.each(func(rows *sql.Rows) error { return rows.Scan(&kept, &before) },
		`SELECT (SELECT value FROM settings WHERE name = ?),
			coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0)`, store.HeadSetting)
	if err != nil {
		return store.Head{}, err
	}
	if !kept.Valid {
		return store.Head{N: before}, nil
	}
	return store.ReadHead(kept.String)
}

// Lines implements store.Journal.
func (s *Store) Lines(ctx context.Context, limit int) ([]store.AuditLine, error) {
	return s.lines(ctx, "ORDER BY n DESC LIMIT ?", limit)
}

// LinesAbout implements store.Journal.
func (s *Store) LinesAbout(ctx context.Context, person string, limit int) ([]store.AuditLine, error) {
	return s.lines(ctx, "WHERE target = ?1 OR by = ?1 ORDER BY n DESC LIMIT ?2", person, limit)
}

func (s *Store) lines(ctx context.Context, where string, args ...any) ([]store.AuditLine, error) {
	links, err := s.links(ctx, where, args...)
	var lines []store.AuditLine
	for _, link := range links {
		lines = append(lines, link.AuditLine)
	}
	return lines, err
}

func (s *Store) links(ctx context.Context, where string, args ...any) ([]store.Link, error) {
	var links []store.Link
	err := s.each(ctx, func(rows *sql.Rows) error {
		var l store.Link
		var at int64
		err := rows.Scan(&l.N, &at, &l.By, &l.Action, &l.On, &l.Detail, &l.Hash)
		l.At = moment(at)
		links = append(links, l)
		return err
	}, "SELECT n, at, by, action, target, detail, hash FROM audit "+where, args...)
	return links, err
}

// linksAtOnce is how many lines are read at a time.
const linksAtOnce = 100

// EachLink implements store.Journal.
func (s *Store) EachLink(ctx context.Context, fn func(store.Link) error) error {
	for after := int64(-1); ; {
		links, err := s.links(ctx, "WHERE n > ? ORDER BY n LIMIT ?", after, linksAtOnce)
		if err != nil || len(links) == 0 {
			return err
		}
		for _, link := range links {
			if err := fn(link); err != nil {
				return err
			}
		}
		after = links[len(links)-1].N
	}
}
