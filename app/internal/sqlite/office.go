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

// SettingNames implements store.Office.
func (s *Store) SettingNames(ctx context.Context, prefix string) ([]string, error) {
	var names []string
	err := s.each(ctx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	}, "SELECT name FROM settings WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name", prefix)
	return names, err
}

// PutSetting implements store.Office.
func (s *Store) PutSetting(ctx context.Context, name, value string) error {
	return s.exec(ctx, "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, value)
}
