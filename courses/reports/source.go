package reports

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
	"melek/courses/tally"
)

// tallies are the cells that a report was made of, as they are kept with it: what each question of the report
// was answered with. From them the report can be made again without the database.
type tallies struct {
	PassMark float64                `json:"pass_mark"`
	Cuts     map[string][]tally.Cut `json:"cuts"`  // by prefix
	Keys     map[string][]tally.Key `json:"keys"`  // whose figures were asked for, by the question
	Cells    map[string][]keptCells `json:"cells"` // by the cut
	Finer    map[string]string      `json:"-"`     // settings, while the report is made
	// Workshops are what those in the report were called, by id.
	Workshops map[string]keptWorkshop `json:"workshops,omitempty"`
}

// keptWorkshop is by what a workshop is known in a report.
type keptWorkshop struct {
	Title string `json:"title"`
	From  string `json:"from"`
}

// keptCells are the cells of one area.
type keptCells struct {
	Area  string           `json:"area"`
	Cells map[string]int64 `json:"cells"`
}

// source answers a desk from tallies; while live is set, what is missing is read there and taken down.
type source struct {
	live   keeper
	course string
	role   people.Role
	kept   tallies
}

func newSource(live keeper, course string, role people.Role, passMark float64) *source {
	return &source{live: live, course: course, role: role, kept: tallies{PassMark: passMark,
		Cuts: map[string][]tally.Cut{}, Keys: map[string][]tally.Key{}, Cells: map[string][]keptCells{},
		Finer: map[string]string{}, Workshops: map[string]keptWorkshop{}}}
}

// Workshop is what the workshop was called when the report was frozen; nothing else of it is kept.
func (s *source) Workshop(ctx context.Context, id string) (people.Workshop, error) {
	if s.live != nil {
		w, err := s.live.Workshop(ctx, id)
		if err != nil {
			return people.Workshop{}, err
		}
		s.kept.Workshops[id] = keptWorkshop{w.Title, w.From}
	}
	w, ok := s.kept.Workshops[id]
	if !ok {
		return people.Workshop{}, courses.NotFound
	}
	return people.Workshop{ID: id, Title: w.Title, From: w.From}, nil
}

// errNotKept is a question that the report did not ask when it was frozen.
var errNotKept = errors.New("reports: the frozen tallies do not hold what is asked for")

// Figures implements store.Reports: they are made of the cells, as the ledger makes them.
func (s *source) Figures(ctx context.Context, q store.FiguresQuery) ([]tally.KeyedFigures, error) {
	question := fmt.Sprint(q.Base, " ", q.From, " ", q.To)
	keys, ok := s.kept.Keys[question]
	if !ok {
		if s.live == nil {
			return nil, errNotKept
		}
		read, err := s.live.Figures(ctx, q)
		if err != nil {
			return nil, err
		}
		keys = []tally.Key{}
		for _, f := range read {
			keys = append(keys, f.Key)
		}
		s.kept.Keys[question] = keys
	}
	figures := make([]tally.KeyedFigures, 0, len(keys))
	for _, key := range keys {
		cells, err := s.CellsOf(ctx, key.Course, key.Role, key.Cut)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(cells, func(c tally.KeyedCells) bool { return c.Key == key })
		if i < 0 {
			continue // emptied since the figures were read
		}
		f, err := tally.Of(cells[i].Cells, s.kept.PassMark)
		if err != nil {
			return nil, err
		}
		figures = append(figures, tally.KeyedFigures{Key: key, Figures: f})
	}
	return figures, nil
}

// CellsOf implements store.Reports.
func (s *source) CellsOf(ctx context.Context, course string, role people.Role, cut tally.Cut) (
	[]tally.KeyedCells, error) {
	kept, ok := s.kept.Cells[string(cut)]
	if !ok {
		if s.live == nil {
			return nil, errNotKept
		}
		read, err := s.live.CellsOf(ctx, course, role, cut)
		if err != nil {
			return nil, err
		}
		kept = []keptCells{}
		for _, c := range read {
			kept = append(kept, keptCells{c.Key.Area, c.Cells})
		}
		s.kept.Cells[string(cut)] = kept
	}
	cells := make([]tally.KeyedCells, len(kept))
	for i, c := range kept {
		key := tally.Key{Course: course, Role: role, Cut: cut, Area: c.Area}
		cells[i] = tally.KeyedCells{Key: key, Cells: c.Cells}
	}
	return cells, nil
}

// CutsOf implements store.Reports.
func (s *source) CutsOf(ctx context.Context, course string, prefix tally.Cut) ([]tally.Cut, error) {
	cuts, ok := s.kept.Cuts[string(prefix)]
	if ok {
		return slices.Clone(cuts), nil
	}
	if s.live == nil {
		return nil, errNotKept
	}
	cuts, err := s.live.CutsOf(ctx, course, prefix)
	if err == nil {
		s.kept.Cuts[string(prefix)] = slices.Clone(cuts)
	}
	return cuts, err
}

// Tallied implements store.Reports; no report asks for it.
func (s *source) Tallied(context.Context) ([]tally.Key, error) { return nil, errNotKept }

// EachProjection is not for reports of tallies.
func (s *source) EachProjection(context.Context, string, func(store.Projection) error) error {
	return errNotKept
}

// Setting keeps finer figures while the report is made.
func (s *source) Setting(_ context.Context, name string) (string, error) {
	value, ok := s.kept.Finer[name]
	if !ok {
		return "", courses.NotFound
	}
	return value, nil
}

// PutSetting keeps finer figures while the report is made.
func (s *source) PutSetting(_ context.Context, name, value string) error {
	s.kept.Finer[name] = value
	return nil
}

// zipped writes tallies small.
func zipped(t tallies) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if err := json.NewEncoder(w).Encode(t); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func unzipped(raw []byte) (t tallies, err error) {
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return t, err
	}
	return t, errors.Join(json.NewDecoder(r).Decode(&t), r.Close())
}

// regionText writes the region as the file that people.ReadRegion reads.
func regionText(g *people.Region) (string, error) {
	var b strings.Builder
	out := csv.NewWriter(&b)
	rows := [][]string{{"code", "name", "type", "parent"}}
	levels := [][]people.AreaType{{people.Regency}, {people.District}, {people.Village, people.Ward}}
	for _, types := range levels {
		for _, a := range g.OfType(types...) {
			rows = append(rows, []string{a.Code, a.Name, string(a.Type), a.Parent})
		}
	}
	err := out.WriteAll(rows)
	return b.String(), err
}
