package reports

import (
	"context"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/store"
	"melek/courses/tally"
)

// node is a group of people: an area, a workshop or a pillar. Its parts, where it has any, add up
// to it.
type node struct {
	code, name string
	group      gain.Group
	kept       gain.Kept
	parts      []*node
	// unlisted is set on people who have no row of their own, as those of a kecamatan's own beside
	// its villages.
	unlisted bool
}

// bucket is the people who are tallied together: those of a village, or those of another area's own.
type bucket struct {
	area    string
	figures tally.Figures
}

// table is what a report is made of. The region is in every table, for its rows are told beside all
// others.
type table struct {
	region *node
	total  *node
	rows   []*node
	// sums are what else the rows are parts of.
	sums []*node
}

func (d *Desk) table(ctx context.Context, q Query) (table, error) {
	everybody, err := d.buckets(ctx, q, tally.Everybody)
	if err != nil {
		return table{}, err
	}
	tree := d.grow(q, everybody)
	if q.From+q.To == "" {
		if err := d.keep(ctx, q, tree); err != nil {
			return table{}, err
		}
	}
	t := table{region: tree.root, total: tree.nodes[q.Within]}
	if t.total == nil { // of another type than is asked for
		t.total = &node{code: q.Within, name: d.name(q.Within)}
	}
	switch q.By {
	case ByVillage:
		t.rows = d.listed(tree, q, people.Village, people.Ward)
	case ByWorkshop, ByPosition, ByAge, ByGender:
		err = d.byValue(ctx, q, tally.Dimension(q.By), &t)
	case ByPillar:
		err = d.byPillar(ctx, q, &t)
	default:
		t.rows = d.listed(tree, q, people.District)
	}
	return t, err
}

func (d *Desk) name(code string) string {
	area, _ := d.region.Area(code)
	return area.Name
}

// buckets reads the figures of a cut, one bucket an area in order of code.
func (d *Desk) buckets(ctx context.Context, q Query, cut tally.Cut) ([]bucket, error) {
	read, err := d.store.Figures(ctx, store.FiguresQuery{Course: q.Course, Role: q.Role, Base: cut,
		From: q.From, To: q.To})
	if err != nil {
		return nil, fmt.Errorf("reports: figures of %s: %w", q.Course, err)
	}
	var buckets []bucket
	for _, f := range read {
		area, known := d.region.Area(f.Key.Area)
		if q.Type != "" && !(known && area.Type == q.Type) {
			continue
		}
		if last := len(buckets) - 1; last >= 0 && buckets[last].area == f.Key.Area {
			buckets[last].figures = buckets[last].figures.Add(f.Figures)
			continue
		}
		buckets = append(buckets, bucket{f.Key.Area, f.Figures})
	}
	return buckets, nil
}

// tree is the region as its reports tell of it: the total, its kecamatan, their villages.
type tree struct {
	root  *node
	nodes map[string]*node
}

// grow makes the tree. People of a kecamatan's own are an unlisted part of it; those of the
// regency's own, and of areas that the region does not know, are an unlisted part of the total.
func (d *Desk) grow(q Query, buckets []bucket) tree {
	root := d.region.Root()
	t := tree{root: &node{code: root.Code, name: root.Name}, nodes: map[string]*node{}}
	t.nodes[root.Code] = t.root
	for _, types := range [][]people.AreaType{{people.District}, {people.Village, people.Ward}} {
		for _, area := range d.region.OfType(types...) {
			if area.IsVillage() && q.Type != "" && area.Type != q.Type {
				continue
			}
			n := &node{code: area.Code, name: area.Name}
			t.nodes[area.Code] = n
			above := t.above(d.region, area)
			above.parts = append(above.parts, n)
		}
	}
	for _, b := range buckets {
		t.add(d.region, b)
	}
	return t
}

// above is the node that the area's people count in beside their own.
func (t tree) above(g *people.Region, a people.Area) *node {
	if district, ok := g.Ancestor(a.Code, people.District); ok && district.Code != a.Code {
		return t.nodes[district.Code]
	}
	return t.root
}

func (t tree) add(g *people.Region, b bucket) {
	area, _ := g.Area(b.area)
	n := t.nodes[area.Code]
	switch {
	case n == nil || n == t.root:
		t.root.addUnlisted(b.figures)
		return
	case area.Type == people.District:
		n.addUnlisted(b.figures)
	default:
		n.group.Add(b.figures)
		if above := t.above(g, area); above != t.root {
			above.group.Add(b.figures)
		}
	}
	t.root.group.Add(b.figures)
}

func (n *node) addUnlisted(f tally.Figures) {
	n.group.Add(f)
	own := &node{unlisted: true}
	own.group.Add(f)
	n.parts = append(n.parts, own)
}

// listed are the nodes of the areas that have a row.
func (d *Desk) listed(t tree, q Query, types ...people.AreaType) []*node {
	var rows []*node
	for _, area := range d.region.OfType(types...) {
		if n := t.nodes[area.Code]; n != nil && d.region.Within(area.Code, q.Within) {
			rows = append(rows, n)
		}
	}
	return rows
}

// byValue makes a row each value of the dimension that anybody has; those who have none come last.
func (d *Desk) byValue(ctx context.Context, q Query, by tally.Dimension, t *table) error {
	cuts, err := d.store.CutsOf(ctx, q.Course, by.Of(""))
	if err != nil {
		return fmt.Errorf("reports: %s of %s: %w", by, q.Course, err)
	}
	for _, none := range []tally.Cut{by.Of(""), by.Of(tally.Unknown)} {
		if i := slices.Index(cuts, none); i >= 0 {
			cuts = append(slices.Delete(cuts, i, i+1), none)
		}
	}
	for _, cut := range cuts {
		n, err := d.cut(ctx, q, cut, string(cut[len(by.Of("")):]))
		if err != nil {
			return err
		}
		if n.group.Sum().Enrolled > 0 {
			n.name = capitalised(n.name)
			t.rows = append(t.rows, n)
		}
	}
	t.sums = []*node{{group: t.total.group, parts: t.rows}}
	return nil
}

// capitalised writes a value that is kept in small letters as a name; others begin with what has no case
// or with a capital already.
func capitalised(value string) string {
	first, size := utf8.DecodeRuneInString(value)
	if first == utf8.RuneError {
		return value
	}
	return string(unicode.ToUpper(first)) + value[size:]
}

// byPillar makes a row a pillar. Pillars are marks of the same people, so no row can be found by
// subtracting the others. One pillar alone is the whole test of everybody but those who were tested
// on paper, who are then what remains.
func (d *Desk) byPillar(ctx context.Context, q Query, t *table) error {
	course, _ := d.syllabus.Current(q.Course)
	for _, pillar := range course.PillarsOf() {
		n, err := d.cut(ctx, q, tally.ByPillar(pillar), pillar)
		if err != nil {
			return err
		}
		t.rows = append(t.rows, n)
	}
	if len(t.rows) == 1 {
		paper := &node{unlisted: true}
		paper.group.Add(remainder(t.total.group.Sum(), t.rows[0].group.Sum()))
		t.sums = []*node{{group: t.total.group, parts: []*node{t.rows[0], paper}}}
		return nil
	}
	t.sums = t.rows
	return nil
}

// remainder counts those of the whole who are not in the part.
func remainder(whole, part tally.Figures) tally.Figures {
	return tally.Figures{PreN: whole.PreN - part.PreN, Matched: whole.Matched - part.Matched,
		Dropouts: whole.Dropouts - part.Dropouts}
}

// cut sums the people of a cut within the area that is asked for.
func (d *Desk) cut(ctx context.Context, q Query, cut tally.Cut, code string) (*node, error) {
	buckets, err := d.buckets(ctx, q, cut)
	if err != nil {
		return nil, err
	}
	n := &node{code: code, name: code}
	for _, b := range buckets {
		if q.Within == d.region.Root().Code || d.region.Within(b.area, q.Within) {
			n.group.Add(b.figures)
		}
	}
	return n, nil
}
