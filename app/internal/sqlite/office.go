package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"melek/courses"
	"melek/courses/store"
)

// PutCourse implements store.Office.
func (s *Store) PutCourse(ctx context.Context, c store.CourseSource) error {
	files, err := json.Marshal(c.Files)
	if err != nil {
		return fmt.Errorf("sqlite: course %s %s: %w", c.Course, c.Version, err)
	}
	return s.exec(ctx, `INSERT INTO courses (course, version, current, kept_at, files) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, c.Course, c.Version, c.Current, millis(c.KeptAt), string(files))
}

// Courses implements store.Office.
func (s *Store) Courses(ctx context.Context) ([]store.CourseSource, error) {
	var all []store.CourseSource
	err := s.each(ctx, func(rows *sql.Rows) error {
		var c store.CourseSource
		var keptAt int64
		var files []byte
		if err := rows.Scan(&c.Course, &c.Version, &c.Current, &keptAt, &files); err != nil {
			return err
		}
		c.KeptAt = moment(keptAt)
		all = append(all, c)
		return json.Unmarshal(files, &all[len(all)-1].Files)
	}, "SELECT course, version, current, kept_at, files FROM courses ORDER BY course, kept_at, n")
	return all, err
}

// Setting implements store.Office.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	var value sql.NullString
	err := s.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&value) },
		"SELECT value FROM settings WHERE name = ?", name)
	if err == nil && !value.Valid {
		err = fmt.Errorf("sqlite: setting %s: %w", name, courses.NotFound)
	}
	return value.String, err
}

// PutSetting implements store.Office.
func (s *Store) PutSetting(ctx context.Context, name, value string) error {
	return s.exec(ctx, "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, value)
}

// AddLine implements store.Journal.
func (s *Store) AddLine(ctx context.Context, line store.AuditLine) error {
	return s.exec(ctx, "INSERT INTO audit (at, by, action, target, detail) VALUES (?, ?, ?, ?, ?)",
		millis(line.At), line.By, line.Action, line.On, line.Detail)
}

// Lines implements store.Journal.
func (s *Store) Lines(ctx context.Context, limit int) ([]store.AuditLine, error) {
	return s.lines(ctx, "ORDER BY at DESC, n DESC LIMIT ?", limit)
}

// LinesAbout implements store.Journal.
func (s *Store) LinesAbout(ctx context.Context, person string, limit int) ([]store.AuditLine, error) {
	return s.lines(ctx, "WHERE target = ?1 OR by = ?1 ORDER BY at DESC, n DESC LIMIT ?2", person, limit)
}

func (s *Store) lines(ctx context.Context, where string, args ...any) ([]store.AuditLine, error) {
	var lines []store.AuditLine
	err := s.each(ctx, func(rows *sql.Rows) error {
		var line store.AuditLine
		var at int64
		if err := rows.Scan(&at, &line.By, &line.Action, &line.On, &line.Detail); err != nil {
			return err
		}
		line.At = moment(at)
		lines = append(lines, line)
		return nil
	}, "SELECT at, by, action, target, detail FROM audit "+where, args...)
	return lines, err
}
