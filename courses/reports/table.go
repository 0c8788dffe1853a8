package reports

import (
	"context"
	"fmt"

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
	areas  tree
	region *node // the root of areas
	total  *node
	rows   []*node
	// sums are what else the rows are parts of.
	sums []*node
	// barred are rows that must not be told, whatever their size.
	barred map[*node]bool
}

func (d *Desk) table(ctx context.Context, q Query) (table, error) {
	everybody, err := d.buckets(ctx, q, tally.Everybody)
	if err != nil {
		return table{}, err
	}
	tree := d.grow(q, everybody)
	if !q.narrowed() {
		if err := d.keep(ctx, q, tree); err != nil {
			return table{}, err
		}
	}
	t := table{areas: tree, region: tree.root, total: tree.nodes[q.Within], barred: map[*node]bool{}}
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
	n.own().group.Add(f)
}

// own is the unlisted part of the node.
func (n *node) own() *node {
	for _, part := range n.parts {
		if part.unlisted {
			return part
		}
	}
	own := &node{code: ownCode(n.code), unlisted: true}
	n.parts = append(n.parts, own)
	return own
}

// ownCode stands for the people of an area's own; no area has such a code.
func ownCode(area string) string { return area + "/" }

// leafOf is the code of the leaf in which the area's people are.
func (t tree) leafOf(g *people.Region, code string) string {
	area, _ := g.Area(code)
	switch n := t.nodes[area.Code]; {
	case n == nil || n == t.root:
		return ownCode(t.root.code)
	case area.Type == people.District:
		return ownCode(area.Code)
	}
	return area.Code
}

// leaves are the finest parts of the node, itself where it has none.
func (n *node) leaves() []*node {
	if len(n.parts) == 0 {
		return []*node{n}
	}
	var all []*node
	for _, part := range n.parts {
		all = append(all, part.leaves()...)
	}
	return all
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

// byPillar makes a row a pillar. Pillars are marks of the same people, so no row can be found by
// subtracting the others; where the report is narrowed, a row is told if nobody was tested on paper, for
// otherwise two tables may differ by few who were not. One pillar alone is the whole test of everybody but
// those who were tested on paper, who are then what remains.
func (d *Desk) byPillar(ctx context.Context, q Query, t *table) error {
	course, _ := d.syllabus.Current(q.Course)
	for _, pillar := range course.PillarsOf() {
		n, err := d.cut(ctx, q, tally.ByPillar(pillar), pillar)
		if err != nil {
			return err
		}
		t.rows = append(t.rows, n)
		own, all := n.group.Sum(), t.total.group.Sum()
		t.barred[n] = q.narrowed() && (own.PreN != all.PreN || own.Matched != all.Matched)
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
