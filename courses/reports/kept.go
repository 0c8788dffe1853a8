package reports

import (
	"context"

	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/tally"
)

// keep puts on the nodes of areas what their people kept of the gain.
func (d *Desk) keep(ctx context.Context, q Query, t tree) error {
	gained, err := d.buckets(ctx, q, tally.KeptGain)
	if err != nil || len(gained) == 0 {
		return err
	}
	left, err := d.buckets(ctx, q, tally.KeptLeft)
	if err != nil {
		return err
	}
	byArea := make(map[string]tally.Figures, len(left))
	for _, b := range left {
		byArea[b.area] = b.figures
	}
	for _, b := range gained {
		for _, n := range t.nodesOf(d.region, b.area) {
			n.kept.Add(b.figures, byArea[b.area])
		}
	}
	return nil
}

// nodesOf are the nodes that the people of a bucket's area count in, an unlisted part for those of no village
// included.
func (t tree) nodesOf(g *people.Region, area string) []*node {
	known, _ := g.Area(area)
	n := t.nodes[known.Code]
	switch {
	case n == nil || n == t.root:
		return []*node{t.root, t.root.own()}
	case known.Type == people.District:
		return []*node{n, n.own(), t.root}
	}
	if above := t.above(g, known); above != t.root {
		return []*node{n, above, t.root}
	}
	return []*node{n, t.root}
}

// keptNow are the counts by which what is told on retention is judged.
func (n *node) keptNow() []int64 { return []int64{n.kept.N()} }

// keepRow returns the row with what its people kept of the gain. Retention is tallied for areas, and told of
// everybody there, whatever their days and types.
func (s secrets) keepRow(q Query, row gain.Row, n *node, total bool) gain.Row {
	areas := total || q.By == ByDistrict || q.By == ByVillage
	switch {
	case !areas || q.narrowed():
		return row.Keep(nil, gain.WholeOnly)
	case s.kept[n]:
		return row.Keep(nil, gain.Suppressed)
	}
	return row.Keep(&n.kept, "")
}
