package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"melek/courses/store"
)

// ofProjections reads projections, a row for each part; one without parts has a row too.
const ofProjections = `SELECT p.person, p.rev, p.due, p.counts, p.state, t.course, t.counts, t.state
	FROM projections AS p LEFT JOIN parts AS t ON t.person = p.person `

// projections puts the projections together that each hands over row by row, parts of one person together.
func projections(each func(fn func(*sql.Rows) error) error) ([]store.Projection, error) {
	var found []store.Projection
	err := each(func(rows *sql.Rows) error {
		var next store.Projection
		var due int64
		var course sql.NullString
		var part store.Part
		var counts, partCounts []byte
		err := rows.Scan(&next.Person, &next.Rev, &due, &counts, &next.State, &course, &partCounts, &part.State)
		if err != nil {
			return err
		}
		if n := len(found); n == 0 || found[n-1].Person != next.Person {
			next.Due = moment(due)
			if next.Counts, err = decodeCounts(counts); err != nil {
				return err
			}
			found = append(found, next)
		}
		if !course.Valid {
			return nil
		}
		last := &found[len(found)-1]
		if last.Parts == nil {
			last.Parts = map[string]store.Part{}
		}
		part.Counts, err = decodeCounts(partCounts)
		last.Parts[course.String] = part
		return err
	})
	return found, err
}

// Projections implements store.Ledger.
func (s *Store) Projections(ctx context.Context, persons []string) ([]store.Projection, error) {
	if len(persons) == 1 {
		return s.projections(ctx, "WHERE p.person = ?", persons[0])
	}
	ids, err := json.Marshal(persons)
	if err != nil {
		return nil, err
	}
	const where = "WHERE p.person IN (SELECT value FROM json_each(?)) ORDER BY p.person"
	return s.projections(ctx, where, string(ids))
}

func (s *Store) projections(ctx context.Context, where string, args ...any) ([]store.Projection, error) {
	return projections(func(fn func(*sql.Rows) error) error {
		return s.each(ctx, fn, ofProjections+where, args...)
	})
}

// EachProjection implements store.Ledger.
func (s *Store) EachProjection(ctx context.Context, after string, fn func(store.Projection) error) error {
	for {
		found, err := s.projections(ctx, `WHERE p.person IN (SELECT person FROM projections WHERE person > ?
			ORDER BY person LIMIT ?) ORDER BY p.person`, after, page)
		if err != nil || len(found) == 0 {
			return err
		}
		for _, p := range found {
			if err := fn(p); err != nil {
				return err
			}
		}
		after = found[len(found)-1].Person
	}
}

// Due implements store.Ledger.
func (s *Store) Due(ctx context.Context, t time.Time, limit int) ([]string, error) {
	var ids []string
	err := s.each(ctx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT person FROM projections WHERE due > 0 AND due <= ? ORDER BY due, person LIMIT ?`,
		t.UnixMilli(), limit)
	return ids, err
}

// Revs implements store.RecordTx.
func (t *tx) Revs(persons []string) (map[string]int64, error) {
	revs := make(map[string]int64, len(persons))
	for _, person := range persons {
		err := t.each(func(rows *sql.Rows) error {
			var rev int64
			err := rows.Scan(&rev)
			revs[person] = rev
			return err
		}, "SELECT rev FROM projections WHERE person = ?", person)
		if err != nil {
			return nil, err
		}
	}
	return revs, nil
}

// TxProjections implements store.RecordTx.
func (t *tx) TxProjections(persons []string) (map[string]store.Projection, error) {
	all := make(map[string]store.Projection, len(persons))
	for _, person := range persons {
		found, err := projections(func(fn func(*sql.Rows) error) error {
			return t.each(fn, ofProjections+"WHERE p.person = ?", person)
		})
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			all[person] = p
		}
	}
	return all, nil
}

// PutProjections implements store.RecordTx.
func (t *tx) PutProjections(projections []store.Projection) error {
	for _, p := range projections {
		err := t.exec(`INSERT INTO projections (person, rev, due, counts, state) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (person) DO UPDATE SET rev = excluded.rev, due = excluded.due, counts = excluded.counts,
			state = excluded.state`, p.Person, p.Rev, millis(p.Due), encodeCounts(p.Counts), p.State)
		if err != nil {
			return err
		}
		for course, part := range p.Parts {
			if err := t.putPart(p.Person, course, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) putPart(person, course string, part store.Part) error {
	if part.State == nil {
		return t.exec("DELETE FROM parts WHERE person = ? AND course = ?", person, course)
	}
	return t.exec(`INSERT INTO parts (person, course, counts, state) VALUES (?, ?, ?, ?)
		ON CONFLICT (person, course) DO UPDATE SET counts = excluded.counts, state = excluded.state`,
		person, course, encodeCounts(part.Counts), part.State)
}
