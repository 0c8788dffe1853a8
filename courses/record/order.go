package record

import (
	"cmp"
	"slices"
)

// inOrder puts the facts of a course in the order in which they count: by time, then id, while the facts of
// one node keep the order of their seq even where its clock jumped. It merges the nodes' sequences, always
// taking the earliest head, so the order is a function of the set.
func inOrder(entries []*Entry) []*Entry {
	nodes := map[string][]*Entry{}
	var single []*Entry
	for _, e := range entries {
		if e.Seq > 0 {
			nodes[e.Node] = append(nodes[e.Node], e)
		} else {
			single = append(single, e)
		}
	}
	slices.SortFunc(single, byTime)
	heads := [][]*Entry{single}
	for _, own := range nodes {
		slices.SortFunc(own, func(a, b *Entry) int { return cmp.Or(cmp.Compare(a.Seq, b.Seq), byTime(a, b)) })
		heads = append(heads, own)
	}
	ordered := make([]*Entry, 0, len(entries))
	for len(ordered) < len(entries) {
		first := -1
		for i, h := range heads {
			if len(h) > 0 && (first < 0 || byTime(h[0], heads[first][0]) < 0) {
				first = i
			}
		}
		ordered = append(ordered, heads[first][0])
		heads[first] = heads[first][1:]
	}
	return ordered
}

func byTime(a, b *Entry) int {
	return cmp.Or(a.Time().Compare(b.Time()), cmp.Compare(a.ID, b.ID))
}
