package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// page is how many rows a walk through a whole table reads at a time, so that no reader holds off a
// checkpoint.
const page = 500

// EachEntry implements store.Ledger.
func (s *Store) EachEntry(ctx context.Context, after string, fn func(record.Entry) error) error {
	where, args := "WHERE person > ?", []any{after}
	for {
		var found []record.Entry
		err := s.each(ctx, func(rows *sql.Rows) error {
			e, err := scanEntry(rows)
			found = append(found, e)
			return err
		}, "SELECT digest, content, received FROM records "+where+" ORDER BY person, id, digest LIMIT ?",
			append(args, page)...)
		if err != nil || len(found) == 0 {
			return err
		}
		for _, e := range found {
			if err := fn(e); err != nil {
				return err
			}
		}
		last := found[len(found)-1]
		where, args = "WHERE (person, id, digest) > (?, ?, ?)", []any{last.Person, last.ID, last.Digest[:]}
	}
}

// Figures implements store.Reports.
func (s *Store) Figures(ctx context.Context, q store.FiguresQuery) ([]tally.KeyedFigures, error) {
	from, to := "", ""
	if q.From != "" || q.To != "" {
		from, to = max(q.From, "0"), q.To
		if to == "" {
			to = "9999-99-99"
		}
	}
	var found []tally.KeyedFigures
	err := s.each(ctx, func(rows *sql.Rows) error {
		f := tally.KeyedFigures{Key: tally.Key{Course: q.Course, Role: q.Role, Cut: q.Base}}
		var day string
		var encoded []byte
		if err := rows.Scan(&day, &f.Key.Area, &encoded); err != nil {
			return err
		}
		if day != "" {
			f.Key.Cut = q.Base.ByDay(day)
		}
		if err := json.Unmarshal(encoded, &f.Figures); err != nil {
			return fmt.Errorf("sqlite: figures of %v: %w", f.Key, err)
		}
		found = append(found, f)
		return nil
	}, `SELECT day, area, figures FROM figures WHERE course = ? AND role = ? AND base = ? AND day BETWEEN ? AND ?
		ORDER BY area, day`, q.Course, string(q.Role), string(q.Base), from, to)
	return found, err
}

// CellsOf implements store.Reports.
func (s *Store) CellsOf(ctx context.Context, course string, role people.Role, cut tally.Cut) (
	[]tally.KeyedCells, error) {
	base, day := cut.Split()
	var found []tally.KeyedCells
	err := s.each(ctx, func(rows *sql.Rows) error {
		var area, cell string
		var n int64
		if err := rows.Scan(&area, &cell, &n); err != nil {
			return err
		}
		if last := len(found) - 1; last < 0 || found[last].Key.Area != area {
			key := tally.Key{Course: course, Role: role, Cut: cut, Area: area}
			found = append(found, tally.KeyedCells{Key: key, Cells: map[string]int64{}})
		}
		found[len(found)-1].Cells[cell] = n
		return nil
	}, `SELECT area, cell, n FROM cells WHERE course = ?1 AND role = ?2 AND cut = ?3 AND area IN
		(SELECT area FROM figures WHERE course = ?1 AND role = ?2 AND base = ?4 AND day = ?5) ORDER BY area`,
		course, string(role), string(cut), string(base), day)
	return found, err
}

// CutsOf implements store.Reports.
func (s *Store) CutsOf(ctx context.Context, course string, prefix tally.Cut) ([]tally.Cut, error) {
	var cuts []tally.Cut
	err := s.each(ctx, func(rows *sql.Rows) error {
		var cut string
		err := rows.Scan(&cut)
		cuts = append(cuts, tally.Cut(cut))
		return err
	}, `SELECT DISTINCT base FROM figures WHERE course = ?1 AND day = '' AND substr(base, 1, length(?2)) = ?2
		ORDER BY base`, course, string(prefix))
	return cuts, err
}

// Tallied implements store.Reports.
func (s *Store) Tallied(ctx context.Context) ([]tally.Key, error) {
	var keys []tally.Key
	err := s.each(ctx, func(rows *sql.Rows) error {
		var role, cut string
		var key tally.Key
		if err := rows.Scan(&key.Course, &role, &cut, &key.Area); err != nil {
			return err
		}
		key.Role, key.Cut = people.Role(role), tally.Cut(cut)
		keys = append(keys, key)
		return nil
	}, "SELECT DISTINCT course, role, cut, area FROM cells")
	return keys, err
}
