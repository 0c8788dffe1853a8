package sqlite

import (
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"

	"melek/courses/people"
	"melek/courses/tally"
)

// AddCells implements store.TallyTx.
func (t *tx) AddCells(deltas map[tally.Key]map[string]int64) error {
	for key, cells := range deltas {
		for cell, by := range cells {
			if by == 0 {
				continue
			}
			if err := t.addCell(key, cell, by); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) addCell(key tally.Key, cell string, by int64) error {
	args := []any{key.Course, string(key.Role), string(key.Cut), key.Area, cell}
	var n int64
	t.wrote = true
	err := t.each(func(rows *sql.Rows) error { return rows.Scan(&n) },
		`INSERT INTO cells (course, role, cut, area, cell, n) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET n = n + excluded.n RETURNING n`, append(args, by)...)
	if err != nil || n != 0 {
		return err
	}
	return t.exec(`DELETE FROM cells WHERE course = ? AND role = ? AND cut = ? AND area = ? AND cell = ?`,
		args...)
}

// Cells implements store.TallyTx.
func (t *tx) Cells(keys []tally.Key) (map[tally.Key]map[string]int64, error) {
	found := make(map[tally.Key]map[string]int64, len(keys))
	for _, key := range keys {
		cells := map[string]int64{}
		err := t.each(func(rows *sql.Rows) error {
			var cell string
			var n int64
			if err := rows.Scan(&cell, &n); err != nil {
				return err
			}
			cells[cell] = n
			return nil
		}, "SELECT cell, n FROM cells WHERE course = ? AND role = ? AND cut = ? AND area = ?",
			key.Course, string(key.Role), string(key.Cut), key.Area)
		if err != nil {
			return nil, err
		}
		if len(cells) > 0 {
			found[key] = cells
		}
	}
	return found, nil
}

// PutFigures implements store.TallyTx.
func (t *tx) PutFigures(figures map[tally.Key]tally.Figures) error {
	for key, f := range figures {
		base, day := key.Cut.Split()
		args := []any{key.Course, string(key.Role), string(base), day, key.Area}
		if f == (tally.Figures{}) {
			err := t.exec("DELETE FROM figures WHERE course = ? AND role = ? AND base = ? AND day = ? AND area = ?",
				args...)
			if err != nil {
				return err
			}
			continue
		}
		encoded, err := json.Marshal(f)
		if err != nil {
			return err
		}
		err = t.exec(`INSERT INTO figures (course, role, base, day, area, figures) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET figures = excluded.figures`, append(args, string(encoded))...)
		if err != nil {
			return err
		}
	}
	return nil
}

// encodeCounts writes counts as their strings, each after its length.
func encodeCounts(counts []tally.Count) []byte {
	b := []byte{} // never NULL
	for _, c := range counts {
		for _, s := range [...]string{c.Key.Course, string(c.Key.Role), string(c.Key.Cut), c.Key.Area, c.Cell} {
			b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
		}
	}
	return b
}

var errCounts = errors.New("sqlite: counts of a projection cannot be read")

func decodeCounts(b []byte) ([]tally.Count, error) {
	var counts []tally.Count
	text := string(b)
	for at := 0; at < len(b); {
		var parts [5]string
		for i := range parts {
			n, size := binary.Uvarint(b[at:])
			if size <= 0 || n > math.MaxInt32 || int(n) > len(b)-at-size {
				return nil, errCounts
			}
			end := at + size + int(n)
			parts[i], at = text[at+size:end], end
		}
		key := tally.Key{Course: parts[0], Role: people.Role(parts[1]), Cut: tally.Cut(parts[2]), Area: parts[3]}
		counts = append(counts, tally.Count{Key: key, Cell: parts[4]})
	}
	return counts, nil
}
