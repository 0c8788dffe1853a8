package reports

import (
	"context"
	"maps"
	"slices"

	"melek/courses/gain"
	"melek/courses/tally"
)

// measure is by which counts a group is too small to be told of, the one that matters most first.
type measure func(*node) []int64

// byFigures measures a group by its figures.
func byFigures(counts func(tally.Figures) []int64) measure {
	return func(n *node) []int64 { return counts(n.group.Sum()) }
}

// What reports judge groups by.
func tested(f tally.Figures) []int64   { return []int64{f.Matched, f.PreN} }
func dropouts(f tally.Figures) []int64 { return []int64{f.Dropouts} }
func enrolled(f tally.Figures) []int64 { return []int64{f.Enrolled} }

// secrets are the nodes of which nothing is told, and those of which the dropouts or the retention is not.
type secrets struct {
	rows, dropouts, kept map[*node]bool
	minCell              int
	noDropouts           bool // of no row
}

// secrets judges the table of the query.
func (d *Desk) secrets(ctx context.Context, q Query, t table) (secrets, error) {
	s := secrets{rows: map[*node]bool{}, minCell: d.minCell}
	if q.Unsuppressed {
		return s, nil
	}
	if q.narrowed() {
		narrow, err := d.narrow(ctx, q, t, tested)
		if err != nil {
			return s, err
		}
		s.rows = narrow
	}
	for n, barred := range t.barred {
		s.rows[n] = s.rows[n] || barred
	}
	t.hide(byFigures(tested), s.rows, int64(d.minCell))
	s.dropouts, s.kept = maps.Clone(s.rows), maps.Clone(s.rows)
	if q.narrowed() || q.By.ofValues() {
		// Few leavers could be what two tables differ by.
		s.noDropouts = true
	} else {
		t.hide(byFigures(dropouts), s.dropouts, int64(d.minCell))
	}
	t.region.hide((*node).keptNow, s.kept, int64(d.minCell))
	return s, nil
}

func (s secrets) row(n *node) gain.Row {
	row := n.group.Row(n.code, n.name, s.minCell)
	if s.rows[n] {
		return row.Suppress()
	}
	if s.dropouts[n] || s.noDropouts {
		return row.SuppressDropouts()
	}
	return row
}

// pool fits the model of kecamatan to those that are told, for what it says of one depends on all.
func (r *Report) pool(t table, s secrets) {
	var villages []gain.Village
	for _, district := range t.rows {
		if s.rows[district] {
			continue
		}
		for _, part := range district.parts {
			villages = append(villages, gain.Village{District: district.code, Figures: part.group.Sum()})
		}
	}
	pooled, why := gain.Pool(villages)
	r.Pooling = pooled
	for i := range r.Rows {
		r.Rows[i] = r.Rows[i].Pool(pooled, why)
	}
}

// hide adds to hidden what must not be told, given what is hidden already. Where the total is
// hidden that rows other than areas add up to, none of them is told.
func (t table) hide(by measure, hidden map[*node]bool, least int64) {
	t.region.hide(by, hidden, least)
	for _, sum := range t.sums {
		for _, row := range t.rows {
			if hidden[t.total] && slices.Max(by(row)) > 0 {
				hidden[row] = true
			}
		}
		sum.hide(by, hidden, least)
	}
}

// hide adds to hidden what must not be told of the node and its parts.
func (n *node) hide(by measure, hidden map[*node]bool, least int64) {
	nodes := map[*gain.Part]*node{}
	gain.Hide(n.part(by, hidden, nodes), least)
	for part, of := range nodes {
		if part.Hidden {
			hidden[of] = true
		}
	}
}

// part is the node as its small groups are judged; nodes takes down which node each part stands for.
func (n *node) part(by measure, hidden map[*node]bool, nodes map[*gain.Part]*node) *gain.Part {
	p := &gain.Part{Code: n.code, People: by(n), Hidden: n.unlisted || hidden[n]}
	nodes[p] = n
	for _, below := range n.parts {
		p.Parts = append(p.Parts, below.part(by, hidden, nodes))
	}
	return p
}
