package reports

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/store"
	"melek/courses/tally"
)

// A report can be narrowed by the days of the pre-test and by the type of area. Two such tables, or one and
// the whole, can be subtracted from each other, so that what they tell cannot be judged by each table alone.
//
// The whole report is judged first. It leaves units, the finest groups that it tells of. A narrower table
// tells of an area if every unit in it may be told column by column, a column being a type of area, or a
// type and a span of days; and of the region if no union of columns leaves few people when the units that lie
// in it are taken away. For both, no union may leave few people when the workshops that lie in it are.
// Spans are days, weeks, months, quarters or years: the finest of them with which the region can be told,
// at most a dozen. A range of days that cuts through a span, with people on both sides, is not told. So
// whatever these tables tell, and whatever is found by subtracting it, is of nobody or of enough people.
// What is told depends on the figures alone, never on what was asked before.

// spans name the span that a day is in, from the finest to the widest.
var spans = []func(day time.Time) string{
	func(t time.Time) string { return t.Format(time.DateOnly) },
	func(t time.Time) string { year, week := t.ISOWeek(); return fmt.Sprintf("%04d-%02d", year, week) },
	func(t time.Time) string { return t.Format("2006-01") },
	func(t time.Time) string { return fmt.Sprintf("%04d/%d", t.Year(), (int(t.Month())-1)/3) },
	func(t time.Time) string { return t.Format("2006") },
}

// mostSpans is how many spans with people there may be, those without a pre-test being one.
const mostSpans = 12

// some are people of one area who began on one day, or who have no day; key names whom they are told with.
type some struct {
	key, area, day string
	figures        tally.Figures
}

// judge says what narrower tables may tell of the areas of one course and role.
type judge struct {
	desk   *Desk
	counts func(tally.Figures) []int64
	least  int64
	base   tree
	hidden map[*node]bool // in the whole report

	unitOf     map[string]int // of the leaves of base by their codes
	workshopOf map[string]int
	all, taken crowd // everybody by area and by workshop, without days
	byDay      crowd // the same with days, where they are asked for
	takenByDay crowd

	types  bool           // the region may be told by type
	typed  []bool         // the units that may be told by type
	spanOf map[string]int // of days; nil where the region cannot be told by days
	width  int            // the number of spans
	dated  []bool         // the units that may be told by type and span
}

// crowd is people by the leaf that they are in.
type crowd map[string][]some

// of are the people of some leaves.
func (c crowd) of(leaves []*node) []some {
	var all []some
	for _, leaf := range leaves {
		all = append(all, c[leaf.code]...)
	}
	return all
}

// in puts people in the leaves of the whole report.
func (j *judge) in(c crowd, people []some) {
	for _, s := range people {
		leaf := j.base.leafOf(j.desk.region, s.area)
		c[leaf] = append(c[leaf], s)
	}
}

// narrow returns which areas of the table, which is of the query, must not be told of.
func (d *Desk) narrow(ctx context.Context, q Query, t table, counts func(tally.Figures) []int64) (
	map[*node]bool, error) {
	j := judge{desk: d, counts: counts, least: int64(d.minCell), hidden: map[*node]bool{},
		unitOf: map[string]int{}, workshopOf: map[string]int{}, all: crowd{}, taken: crowd{}, byDay: crowd{},
		takenByDay: crowd{}}
	if err := j.read(ctx, q); err != nil {
		return nil, err
	}
	j.judgeTypes()
	if q.From+q.To != "" {
		j.judgeDays()
	}
	hidden := map[*node]bool{}
	for _, n := range append(slices.Collect(maps.Values(t.areas.nodes)), t.total) {
		if !j.tells(q, n) {
			hidden[n] = true
		}
	}
	return hidden, nil
}

// tells reports whether the narrower table that n is of may tell of it.
func (j *judge) tells(q Query, n *node) bool {
	whole := j.base.nodes[n.code]
	if whole == nil || j.hidden[whole] {
		return false
	}
	own, of := n.group.Sum(), whole.group.Sum()
	if own.Enrolled == 0 || own.Enrolled == of.Enrolled && own.PreN == of.PreN && own.Matched == of.Matched {
		return true // nothing that the whole report does not tell
	}
	dates := q.From+q.To != ""
	if dates && !j.aligned(q) {
		return false
	}
	leaves := whole.leaves()
	if whole == j.base.root {
		return q.Type == "" || j.types
	}
	for _, leaf := range leaves {
		unit := j.unitOf[leaf.code]
		if dates && !j.dated[unit] || !dates && !j.typed[unit] {
			return false
		}
	}
	if dates {
		return j.apart(j.workshopOf, j.takenByDay.of(leaves), j.spanOf, j.width)
	}
	return gain.Separable(j.columns(j.workshopOf, j.taken.of(leaves), areaTypes, j.byType), j.least)
}

// aligned reports whether the range cuts through no span.
func (j *judge) aligned(q Query) bool {
	inside := map[int]bool{}
	for day, at := range j.spanOf {
		in := day != "" && day >= q.From && (q.To == "" || day <= q.To)
		if before, ok := inside[at]; ok && before != in {
			return false
		}
		inside[at] = in
	}
	return j.spanOf != nil
}

func (j *judge) byType(s some) int { return j.desk.typeOf(s.area) }

// judgeTypes judges the columns of types.
func (j *judge) judgeTypes() {
	leaves := j.base.root.leaves()
	units := j.columns(j.unitOf, j.all.of(leaves), areaTypes, j.byType)
	for _, u := range units {
		j.typed = append(j.typed, u.Split(j.least))
	}
	j.types = gain.Separable(units, j.least) &&
		gain.Separable(j.columns(j.workshopOf, j.taken.of(leaves), areaTypes, j.byType), j.least)
}

// judgeDays finds the spans and judges their columns.
func (j *judge) judgeDays() {
	leaves := j.base.root.leaves()
	dated, finer := j.byDay.of(leaves), map[string]int{}
	parts := slices.Clone(dated)
	for i, s := range dated { // units that may be told by type are units by type here
		unit := j.unitOf[s.key]
		parts[i].key = fmt.Sprint(unit)
		if j.typed[unit] {
			parts[i].key = fmt.Sprint(unit, "/", j.byType(s))
		}
		if _, ok := finer[parts[i].key]; !ok {
			finer[parts[i].key] = len(finer)
		}
	}
	for _, span := range spans {
		spanOf, width := spread(dated, span)
		if width > mostSpans || !j.apart(finer, parts, spanOf, width) ||
			!j.apart(j.workshopOf, j.takenByDay.of(leaves), spanOf, width) {
			continue
		}
		j.spanOf, j.width = spanOf, width
		for _, u := range j.columns(j.unitOf, dated, areaTypes*width, func(s some) int {
			return areaTypes*spanOf[s.day] + j.byType(s)
		}) {
			j.dated = append(j.dated, u.Split(j.least))
		}
		return
	}
}

// spread puts the days on which anybody began into spans, and those who did not begin into one.
func spread(all []some, span func(time.Time) string) (spanOf map[string]int, width int) {
	spanOf, names := map[string]int{}, map[string]int{}
	for _, s := range all {
		if s.day == "" && s.figures.Enrolled == 0 {
			continue
		}
		if _, ok := spanOf[s.day]; ok {
			continue
		}
		name := ""
		if day, err := time.Parse(time.DateOnly, s.day); err == nil {
			name = span(day)
		}
		if _, ok := names[name]; !ok {
			names[name] = len(names)
		}
		spanOf[s.day] = names[name]
	}
	return spanOf, len(names)
}

// apart reports whether people can be told by spans, all of them and those of each type.
func (j *judge) apart(unitOf map[string]int, people []some, spanOf map[string]int, width int) bool {
	all := j.columns(unitOf, people, width, func(s some) int { return spanOf[s.day] })
	if !gain.Separable(all, j.least) {
		return false
	}
	for of := range areaTypes {
		columns := j.columns(unitOf, people, width+1, func(s some) int {
			if j.byType(s) != of {
				return width
			}
			return spanOf[s.day]
		})
		if !gain.Separable(columns, j.least) {
			return false
		}
	}
	return true
}

// columns counts the people of each unit by column.
func (j *judge) columns(unitOf map[string]int, people []some, width int,
	column func(some) int) []gain.Columns {
	counts := len(j.counts(tally.Figures{}))
	number := 0
	for _, unit := range unitOf {
		number = max(number, unit+1)
	}
	units := make([]gain.Columns, number)
	for i := range units {
		units[i] = make(gain.Columns, width)
		for c := range units[i] {
			units[i][c] = make([]int64, counts)
		}
	}
	for _, s := range people {
		own := units[unitOf[s.key]][column(s)]
		for i, n := range j.counts(s.figures) {
			own[i] += n
		}
	}
	return units
}

// areaTypes are the columns by type: desa, kelurahan, and whoever belongs to neither.
const areaTypes = 3

func (d *Desk) typeOf(code string) int {
	switch area, _ := d.region.Area(code); area.Type {
	case people.Village:
		return 0
	case people.Ward:
		return 1
	}
	return 2
}

// read reads everybody and judges the whole report.
func (j *judge) read(ctx context.Context, q Query) error {
	whole := Query{Course: q.Course, Role: q.Role, Within: j.desk.region.Root().Code}
	everybody, err := j.desk.buckets(ctx, whole, tally.Everybody)
	if err != nil {
		return err
	}
	j.judgeWhole(whole, everybody)
	var all []some
	for _, b := range everybody {
		all = append(all, some{j.base.leafOf(j.desk.region, b.area), b.area, "", b.figures})
	}
	j.in(j.all, all)
	if q.From+q.To != "" {
		dated, err := j.desk.withDays(ctx, whole, tally.Everybody, all)
		if err != nil {
			return err
		}
		j.in(j.byDay, dated)
	}
	return j.readWorkshops(ctx, whole, q.From+q.To != "")
}

// judgeWhole judges the whole report, which is of everybody.
func (j *judge) judgeWhole(whole Query, everybody []bucket) {
	j.base = j.desk.grow(whole, everybody)
	parts := map[*gain.Part]*node{}
	top := j.base.root.part(byFigures(j.counts), j.hidden, parts)
	gain.Hide(top, j.least)
	for part, n := range parts {
		if part.Hidden {
			j.hidden[n] = true
		}
	}
	for unit, leaves := range gain.Units(top) {
		for _, leaf := range leaves {
			j.unitOf[parts[leaf].code] = unit
		}
	}
}

// readWorkshops reads who was in which workshop; those that are too small to be told of, and people of none
// where they are, are one unit.
func (j *judge) readWorkshops(ctx context.Context, whole Query, days bool) error {
	cuts, err := j.desk.store.CutsOf(ctx, whole.Course, tally.Workshop.Of(""))
	if err != nil {
		return err
	}
	top := &gain.Part{People: j.counts(j.base.root.group.Sum())}
	for _, cut := range cuts {
		read, err := j.desk.buckets(ctx, whole, cut)
		if err != nil {
			return err
		}
		var own []some
		part := &gain.Part{Code: string(cut), People: make([]int64, len(top.People))}
		for _, b := range read {
			own = append(own, some{string(cut), b.area, "", b.figures})
			for i, n := range j.counts(b.figures) {
				part.People[i] += n
			}
		}
		top.Parts = append(top.Parts, part)
		j.in(j.taken, own)
		if days {
			dated, err := j.desk.withDays(ctx, whole, cut, own)
			if err != nil {
				return err
			}
			j.in(j.takenByDay, dated)
		}
	}
	gain.Hide(top, j.least)
	for unit, leaves := range gain.Units(top) {
		for _, leaf := range leaves {
			j.workshopOf[leaf.Code] = unit
		}
	}
	return nil
}

// withDays parts people by the day on which they began; those who did not are what the days leave.
func (d *Desk) withDays(ctx context.Context, q Query, cut tally.Cut, all []some) ([]some, error) {
	read, err := d.store.Figures(ctx, store.FiguresQuery{Course: q.Course, Role: q.Role, Base: cut,
		From: "0000-01-01"})
	if err != nil {
		return nil, err
	}
	keys, left := map[string]string{}, map[string]tally.Figures{}
	for _, s := range all {
		keys[s.area], left[s.area] = s.key, s.figures
	}
	var parted []some
	for _, f := range read {
		_, day := f.Key.Cut.Split()
		area := f.Key.Area
		parted = append(parted, some{keys[area], area, day, f.Figures})
		rest := left[area]
		rest.Enrolled, rest.PreN = rest.Enrolled-f.Figures.Enrolled, rest.PreN-f.Figures.PreN
		rest.Matched -= f.Figures.Matched
		left[area] = rest
	}
	for _, s := range all {
		s.figures = left[s.area]
		parted = append(parted, s)
	}
	return parted, nil
}
