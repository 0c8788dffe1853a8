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

// Counts are written as their strings, each after its length. A person's counts have most of them in
// common, so after the mark each length is one more than it is, and 0 stands for the string of the
// count before; without the mark, as in older rows, every string is written out. No course has a name
// of length 0.
const shortCounts = 0

func stringsOf(c tally.Count) [5]string {
	return [...]string{c.Key.Course, string(c.Key.Role), string(c.Key.Cut), c.Key.Area, c.Cell}
}

func encodeCounts(counts []tally.Count) []byte {
	b := []byte{} // never NULL
	if len(counts) > 0 {
		b = append(make([]byte, 0, 32*len(counts)), shortCounts)
	}
	for i, c := range counts {
		var before [5]string
		if i > 0 {
			before = stringsOf(counts[i-1])
		}
		for field, s := range stringsOf(c) {
			if i > 0 && s == before[field] {
				b = append(b, 0)
				continue
			}
			b = append(binary.AppendUvarint(b, uint64(len(s))+1), s...)
		}
	}
	return b
}

var errCounts = errors.New("sqlite: counts of a projection cannot be read")

func decodeCounts(b []byte) ([]tally.Count, error) {
	var counts []tally.Count
	var parts [5]string
	text, at, short := string(b), 0, uint64(0)
	if len(b) > 0 && b[0] == shortCounts {
		at, short = 1, 1
	}
	for at < len(b) {
		for i := range parts {
			n, size := binary.Uvarint(b[at:])
			if size <= 0 || n > math.MaxInt32 {
				return nil, errCounts
			}
			at += size
			if n < short {
				continue // as before
			}
			end := at + int(n-short)
			if end > len(b) {
				return nil, errCounts
			}
			parts[i], at = text[at:end], end
		}
		key := tally.Key{Course: parts[0], Role: people.Role(parts[1]), Cut: tally.Cut(parts[2]), Area: parts[3]}
		counts = append(counts, tally.Count{Key: key, Cell: parts[4]})
	}
	return counts, nil
}
