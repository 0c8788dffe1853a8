package reports

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"slices"
	"sync"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/tally"
)

// Finer figures are made of everybody's exact marks: too dear for a request, cheap to keep. Each is
// kept beside a digest of the figures of its group, and shown while the group still has those, so that a
// report never mixes two states. What is asked for and not there is made by KeepRefined.

// subject is what finer figures are made for at a time.
type subject struct {
	Course string
	Role   people.Role
}

func (s subject) setting() string { return "finer/" + s.Course + "/" + string(s.Role) }

// refined are the finer figures of a subject by the names of their rows.
type refined map[string]refinedRow

type refinedRow struct {
	Of    string     `json:"of"` // digest of the group's figures
	Finer gain.Finer `json:"finer"`
}

// refinery keeps finer figures at hand and takes orders for others.
type refinery struct {
	mu      sync.Mutex
	known   map[subject]refined
	ordered map[subject]bool
	orders  chan subject
	done    int // rows of the subject under way
	of      int
}

// mostOrders is how many subjects can wait: all of a large catalogue for both roles.
const mostOrders = 1000

func newRefinery() *refinery {
	return &refinery{known: map[subject]refined{}, ordered: map[subject]bool{},
		orders: make(chan subject, mostOrders)}
}

// digest names figures by all their digits.
func digest(f tally.Figures) string {
	h := fnv.New128a()
	_, _ = fmt.Fprint(h, f) // a hash takes everything
	return fmt.Sprintf("%x", h.Sum(nil))
}

// refinedName names a row across reports: an area is the same whatever the report's rows are.
func refinedName(by By, n *node, total bool) string {
	if total || by == ByDistrict || by == ByVillage {
		return "area/" + n.code
	}
	return string(by) + "/" + n.code
}

// refine returns the row with its finer figures where they are there, and orders them where they are not.
func (d *Desk) refine(ctx context.Context, q Query, row gain.Row, n *node, total bool) gain.Row {
	areas := total || q.By == ByDistrict || q.By == ByVillage
	if !areas && q.Within != d.region.Root().Code || q.From+q.To+string(q.Type) != "" {
		return row.Refine(nil, gain.WholeOnly)
	}
	of := subject{q.Course, q.Role}
	kept, ok := d.refinedOf(ctx, of)[refinedName(q.By, n, total)]
	if ok && kept.Of == digest(n.group.Sum()) {
		return row.Refine(&kept.Finer, "")
	}
	if n.group.Sum().Matched > 0 {
		d.finer.order(of)
	}
	return row.Refine(nil, gain.Pending)
}

func (r *refinery) order(of subject) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ordered[of] {
		return
	}
	select {
	case r.orders <- of:
		r.ordered[of] = true
	default: // the next report orders it again
	}
}

// refinedOf returns what is kept of the subject; nothing where it cannot be read.
func (d *Desk) refinedOf(ctx context.Context, of subject) refined {
	d.finer.mu.Lock()
	known, ok := d.finer.known[of]
	d.finer.mu.Unlock()
	if ok {
		return known
	}
	known = refined{}
	value, err := d.store.Setting(ctx, of.setting())
	if err == nil {
		err = json.Unmarshal([]byte(value), &known)
	}
	if err != nil && !errors.Is(err, courses.NotFound) {
		return refined{}
	}
	d.finer.mu.Lock()
	defer d.finer.mu.Unlock()
	d.finer.known[of] = known
	return known
}

// Refining says how many rows of the finer figures under way are made, of how many; 0 of 0 while none are.
func (d *Desk) Refining() (done, of int) {
	d.finer.mu.Lock()
	defer d.finer.mu.Unlock()
	return d.finer.done, d.finer.of
}

// KeepRefined makes the finer figures that reports ask for until the context ends.
func (d *Desk) KeepRefined(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case of := <-d.finer.orders:
			d.finer.mu.Lock()
			delete(d.finer.ordered, of)
			d.finer.mu.Unlock()
			if err := d.Refine(ctx, of.Course, of.Role); err != nil && ctx.Err() == nil {
				slog.Warn("finer figures could not be made; the next report asks again", "course", of.Course,
					"error", err)
			}
		}
	}
}

// GainsWhole is Gains with every finer figure: those that are not kept are made before it answers.
func (d *Desk) GainsWhole(ctx context.Context, q Query) (Report, error) {
	report, err := d.Gains(ctx, q)
	if err != nil || !report.pending() {
		return report, err
	}
	if err := d.Refine(ctx, report.Course, report.About.Query.Role); err != nil {
		return Report{}, err
	}
	return d.Gains(ctx, q)
}

// pending reports whether finer figures of the report are still to be made.
func (r Report) pending() bool {
	return slices.ContainsFunc(append(slices.Clone(r.Rows), r.Total), func(row gain.Row) bool {
		return row.Reasons["hake_g_ci95"] == gain.Pending
	})
}

// Refine makes the finer figures of a course and role that are not kept or of other people than now. An
// unknown course is an error of kind courses.Invalid; participants are the role where none is named.
func (d *Desk) Refine(ctx context.Context, course string, role people.Role) error {
	if _, ok := d.syllabus.Current(course); !ok {
		return invalid("course", course)
	}
	of := subject{course, cmp.Or(role, people.Participant)}
	rows, err := d.refinable(ctx, of)
	if err != nil {
		return err
	}
	kept := d.refinedOf(ctx, of)
	next, missing := refined{}, map[string]*gain.Sample{}
	for name, figures := range rows {
		row, ok := kept[name]
		if own := digest(figures); !ok || row.Of != own {
			row, missing[name] = refinedRow{Of: own}, &gain.Sample{}
		}
		next[name] = row
	}
	if len(missing) == 0 && len(kept) == len(next) {
		return nil
	}
	if err := d.gather(ctx, of, missing); err != nil {
		return err
	}
	if err := d.fill(ctx, rows, next, missing); err != nil {
		return err
	}
	encoded, err := json.Marshal(next)
	if err != nil {
		return err
	}
	if err := d.store.PutSetting(ctx, of.setting(), string(encoded)); err != nil {
		return err
	}
	d.finer.mu.Lock()
	defer d.finer.mu.Unlock()
	d.finer.known[of] = next
	return nil
}

// fill makes the figures of the samples and says meanwhile how far it is. A sample that is of other people
// than its figures, because records came in between, is left for the next time.
func (d *Desk) fill(ctx context.Context, rows map[string]tally.Figures, next refined,
	missing map[string]*gain.Sample) error {
	defer d.progress(0, 0)
	done := 0
	for name, sample := range missing {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.progress(done, len(missing))
		done++
		if sample.N() != rows[name].Matched {
			delete(next, name)
			continue
		}
		next[name] = refinedRow{Of: next[name].Of, Finer: sample.Finer()}
	}
	return nil
}

func (d *Desk) progress(done, of int) {
	d.finer.mu.Lock()
	defer d.finer.mu.Unlock()
	d.finer.done, d.finer.of = done, of
}

// refinable are the figures of every row of the whole region that has anybody matched.
func (d *Desk) refinable(ctx context.Context, of subject) (map[string]tally.Figures, error) {
	rows := map[string]tally.Figures{}
	for _, by := range AllBy {
		q := Query{Course: of.Course, Role: of.Role, By: by, Within: d.region.Root().Code}
		t, err := d.table(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, n := range append(t.rows, t.total) {
			if f := n.group.Sum(); f.Matched > 0 {
				rows[refinedName(by, n, n == t.total)] = f
			}
		}
	}
	return rows, nil
}

// gather puts the cells of the subject's tallies in the samples of the rows that they belong to. Areas and
// workshops know who was in which workshop; the people of other rows are taken one by one.
func (d *Desk) gather(ctx context.Context, of subject, samples map[string]*gain.Sample) error {
	dimensions := []tally.Dimension{tally.Workshop, tally.Pillar, tally.Position, tally.Age, tally.Gender}
	for _, dimension := range dimensions {
		cuts, err := d.store.CutsOf(ctx, of.Course, dimension.Of(""))
		if err != nil {
			return err
		}
		for _, cut := range cuts {
			value := string(cut[len(dimension.Of("")):])
			workshop := ""
			if dimension == tally.Workshop {
				workshop = value
			}
			read, err := d.store.CellsOf(ctx, of.Course, of.Role, cut)
			if err != nil {
				return err
			}
			for _, tallied := range read {
				for _, name := range d.rowsOf(dimension, value, tallied.Key.Area) {
					if sample, ok := samples[name]; !ok {
						continue
					} else if err := sample.Add(workshop, tallied.Cells); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// rowsOf names the rows that a tally's people are in.
func (d *Desk) rowsOf(dimension tally.Dimension, value, area string) []string {
	names := []string{string(dimension) + "/" + value}
	if dimension != tally.Workshop {
		return names
	}
	root := d.region.Root().Code
	names = append(names, "area/"+root)
	if district, ok := d.region.Ancestor(area, people.District); ok {
		names = append(names, "area/"+district.Code)
	}
	if known, ok := d.region.Area(area); ok && known.IsVillage() {
		names = append(names, "area/"+area)
	}
	return names
}
