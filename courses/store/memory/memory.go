// Package memory is the reference store: everything in maps, one change at a time. It is the fake of tests;
// nothing outlives the process.
package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

var _ store.Store = (*Store)(nil)

// Store is safe for concurrent use. A change works on a copy, which takes the place of the data when it
// succeeds; who reads meanwhile sees the data as they were.
type Store struct {
	changing sync.Mutex
	data     atomic.Pointer[data] // nil when closed
}

// data is all that is kept. Slices and maps in it are never changed in place, so a copy of the outer maps is
// a copy of all.
type data struct {
	entries      map[string][]record.Entry // by person, ordered by id and digest
	projections  map[string]store.Projection
	cells        map[tally.Key]map[string]int64
	figures      map[tally.Key]tally.Figures
	people       map[string]people.Person
	allowances   map[allowanceKey]store.Allowance
	credentials  map[string]store.Credential
	sessions     map[string]store.Session
	counters     map[string]store.Counter
	acknowledged map[string]store.Acknowledgement
	requests     map[string]store.Request
	drafts       map[string]store.Draft
	workshops    map[string]people.Workshop
	courses      []store.CourseSource
	settings     map[string]string
	lines        []store.Link
}

type allowanceKey struct {
	person, course string
	phase          record.Phase
}

// New makes an empty store.
func New() *Store {
	s := &Store{}
	s.data.Store(&data{
		entries: map[string][]record.Entry{}, projections: map[string]store.Projection{},
		cells: map[tally.Key]map[string]int64{}, figures: map[tally.Key]tally.Figures{},
		people: map[string]people.Person{}, allowances: map[allowanceKey]store.Allowance{},
		credentials: map[string]store.Credential{}, sessions: map[string]store.Session{},
		acknowledged: map[string]store.Acknowledgement{}, requests: map[string]store.Request{},
		counters: map[string]store.Counter{}, drafts: map[string]store.Draft{},
		workshops: map[string]people.Workshop{}, settings: map[string]string{}})
	return s
}

func (d *data) clone() *data {
	return &data{maps.Clone(d.entries), maps.Clone(d.projections), maps.Clone(d.cells), maps.Clone(d.figures),
		maps.Clone(d.people), maps.Clone(d.allowances), maps.Clone(d.credentials), maps.Clone(d.sessions),
		maps.Clone(d.counters), maps.Clone(d.acknowledged), maps.Clone(d.requests), maps.Clone(d.drafts),
		maps.Clone(d.workshops), slices.Clone(d.courses), maps.Clone(d.settings), slices.Clone(d.lines)}
}

// now is the data as they are; changes replace them and so never touch what a reader has.
func (s *Store) now(ctx context.Context) (*data, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if d := s.data.Load(); d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("memory: closed: %w", courses.Unavailable)
}

// write runs fn on a copy and keeps it where fn succeeds.
func (s *Store) write(ctx context.Context, fn func(d *data) error) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	d, err := s.now(ctx)
	if err != nil {
		return err
	}
	next := d.clone()
	if err := fn(next); err != nil {
		return err
	}
	s.data.Store(next)
	return nil
}

// Ping reports whether the store is open.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.now(ctx)
	return err
}

// Close makes every later call fail.
func (s *Store) Close() error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.data.Store(nil)
	return nil
}

// rounded is a time as stores keep it.
func rounded(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Change implements store.Ledger.
func (s *Store) Change(ctx context.Context, fn func(tx store.Tx) error) error {
	return s.write(ctx, func(d *data) error { return fn(&tx{d}) })
}

// Projections implements store.Ledger.
func (s *Store) Projections(ctx context.Context, persons []string) ([]store.Projection, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Collect(maps.Values(pick(all.projections, persons))), nil
}

// EachProjection implements store.Ledger.
func (s *Store) EachProjection(ctx context.Context, after string, fn func(store.Projection) error) error {
	all, err := s.now(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(all.projections)) {
		if id <= after {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := fn(all.projections[id]); err != nil {
			return err
		}
	}
	return nil
}

// EachEntry implements store.Ledger.
func (s *Store) EachEntry(ctx context.Context, after string, fn func(record.Entry) error) error {
	all, err := s.now(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(all.entries)) {
		if id <= after {
			continue
		}
		for _, e := range all.entries[id] {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := fn(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// Due implements store.Ledger.
func (s *Store) Due(ctx context.Context, t time.Time, limit int) ([]string, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var due []store.Projection
	for _, p := range all.projections {
		if !p.Due.IsZero() && !p.Due.After(t) {
			due = append(due, p)
		}
	}
	slices.SortFunc(due, func(a, b store.Projection) int {
		return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.Person, b.Person))
	})
	var ids []string
	for _, p := range due[:min(limit, len(due))] {
		ids = append(ids, p.Person)
	}
	return ids, nil
}

// Figures implements store.Reports.
func (s *Store) Figures(ctx context.Context, q store.FiguresQuery) ([]tally.KeyedFigures, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var found []tally.KeyedFigures
	for key, f := range all.figures {
		base, day := key.Cut.Split()
		dated := q.From != "" || q.To != ""
		inRange := day >= q.From && (q.To == "" || day <= q.To)
		if key.Course == q.Course && key.Role == q.Role && base == q.Base && dated == (day != "") && inRange {
			found = append(found, tally.KeyedFigures{Key: key, Figures: f})
		}
	}
	slices.SortFunc(found, func(a, b tally.KeyedFigures) int {
		return cmp.Or(strings.Compare(a.Key.Area, b.Key.Area), cmp.Compare(a.Key.Cut, b.Key.Cut))
	})
	return found, nil
}

// CellsOf implements store.Reports.
func (s *Store) CellsOf(ctx context.Context, course string, role people.Role, cut tally.Cut) (
	[]tally.KeyedCells, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var found []tally.KeyedCells
	for key := range all.figures {
		if key.Course == course && key.Role == role && key.Cut == cut && len(all.cells[key]) > 0 {
			found = append(found, tally.KeyedCells{Key: key, Cells: maps.Clone(all.cells[key])})
		}
	}
	slices.SortFunc(found, func(a, b tally.KeyedCells) int { return strings.Compare(a.Key.Area, b.Key.Area) })
	return found, nil
}

// CutsOf implements store.Reports.
func (s *Store) CutsOf(ctx context.Context, course string, prefix tally.Cut) ([]tally.Cut, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	cuts := map[tally.Cut]bool{}
	for key := range all.figures {
		_, day := key.Cut.Split()
		if key.Course == course && day == "" && strings.HasPrefix(string(key.Cut), string(prefix)) {
			cuts[key.Cut] = true
		}
	}
	return slices.Sorted(maps.Keys(cuts)), nil
}

// Tallied implements store.Reports.
func (s *Store) Tallied(ctx context.Context) ([]tally.Key, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Collect(maps.Keys(all.cells)), nil
}
