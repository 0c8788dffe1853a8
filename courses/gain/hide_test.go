package gain_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/gain"
)

// told draws a tree as «code:counts», hidden parts in brackets.
func told(p *gain.Part) string {
	text := p.Code
	if p.Hidden {
		text = "[" + text + "]"
	}
	if len(p.Parts) == 0 {
		return text
	}
	below := make([]string, len(p.Parts))
	for i, q := range p.Parts {
		below[i] = told(q)
	}
	return text + "(" + strings.Join(below, " ") + ")"
}

func leaf(code string, people ...int64) *gain.Part { return &gain.Part{Code: code, People: people} }

// unlisted are people of no row.
func unlisted(people ...int64) *gain.Part { return &gain.Part{Code: "-", People: people, Hidden: true} }

// sum is a part whose counts are those of its parts.
func sum(code string, parts ...*gain.Part) *gain.Part {
	p := &gain.Part{Code: code, Parts: parts}
	for _, q := range parts {
		p.People = slices.Grow(p.People, len(q.People))[:len(q.People)]
		for i, n := range q.People {
			p.People[i] += n
		}
	}
	return p
}

func TestHide(t *testing.T) {
	tests := []struct {
		name  string
		whole *gain.Part
		want  string
	}{
		{"nothing small", sum("T", leaf("a", 10), leaf("b", 20), leaf("c", 0)), "T(a b c)"},
		{"one small takes the next smallest with it",
			sum("T", leaf("a", 30), leaf("b", 3), leaf("c", 20), leaf("d", 0)), "T(a [b] [c] d)"},
		{"two small that together are few take a third",
			sum("T", leaf("a", 30), leaf("b", 3), leaf("c", 4), leaf("d", 12)), "T(a [b] [c] [d])"},
		{"two small that together are enough need no third",
			sum("T", leaf("a", 30), leaf("b", 9), leaf("c", 1), leaf("d", 12)), "T(a [b] [c] d)"},
		{"of equals the first code is taken",
			sum("T", leaf("c", 30), leaf("a", 3), leaf("b", 30), leaf("d", 40)), "T(c [a] [b] d)"},
		{"a small total is hidden", sum("T", leaf("a", 3), leaf("b", 4), leaf("c", 0)), "[T]([a] [b] c)"},
		{"one small and nobody else", sum("T", leaf("a", 3), leaf("b", 0)), "[T]([a] b)"},
		{"small by the second count only",
			sum("T", leaf("a", 0, 5), leaf("b", 0, 30), leaf("c", 20, 30)), "T([a] [b] c)"},
		{"what is lacking is matched people, so one without them is no help",
			sum("T", leaf("a", 3, 12), leaf("b", 0, 30), leaf("c", 20, 30)), "T([a] b [c])"},
		{"few people of no row are found by subtraction",
			sum("T", leaf("a", 30), leaf("b", 20), unlisted(3)), "T(a [b] [-])"},
		{"many people of no row need no help", sum("T", leaf("a", 30), leaf("b", 20), unlisted(12)), "T(a b [-])"},
		{"within a part that is told",
			sum("T", sum("K", leaf("a", 3), leaf("b", 20), leaf("c", 30)), sum("L", leaf("d", 40))),
			"T(K([a] [b] c) L(d))"},
		{"a hidden part is not found by adding its parts up",
			sum("T", sum("K", leaf("a", 3)), sum("L", leaf("b", 12), leaf("c", 14)), sum("M", leaf("d", 40))),
			"T([K]([a]) [L]([b] c) M(d))"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if gain.Hide(tt.whole, 10); told(tt.whole) != tt.want {
				t.Errorf("got  %s\nwant %s", told(tt.whole), tt.want)
			}
		})
	}
}

func genLeaf(t *rapid.T, code string) *gain.Part {
	pre := rapid.OneOf(rapid.Int64Range(0, 12), rapid.Int64Range(0, 60)).Draw(t, "pre")
	matched := rapid.Int64Range(0, pre).Draw(t, "matched")
	p := leaf(code, matched, pre)
	p.Hidden = rapid.IntRange(0, 5).Draw(t, "unlisted") == 0
	return p
}

func genTree(t *rapid.T) *gain.Part {
	var parts []*gain.Part
	for k := range rapid.IntRange(1, 4).Draw(t, "districts") {
		var villages []*gain.Part
		for v := range rapid.IntRange(1, 3).Draw(t, "villages") {
			villages = append(villages, genLeaf(t, fmt.Sprintf("%d.%d", k, v)))
		}
		parts = append(parts, sum(fmt.Sprint(k), villages...))
	}
	if rapid.Bool().Draw(t, "officers") {
		officers := genLeaf(t, "-")
		officers.Hidden = true
		parts = append(parts, officers)
	}
	return sum("T", parts...)
}

// TestNothingSmallIsFoundBySubtraction takes all that is told of a region on every level for linear equations in its
// leaves, and looks for a set of leaves whose sum follows from them although it is small.
func TestNothingSmallIsFoundBySubtraction(t *testing.T) {
	const least = 10
	rapid.Check(t, func(t *rapid.T) {
		whole := genTree(t)
		gain.Hide(whole, least)
		leaves := leavesOf(whole)
		known := span{}
		for _, p := range partsOf(whole) {
			if !p.Hidden {
				known.add(indicator(leaves, leavesOf(p)))
			}
		}
		for set := 1; set < 1<<len(leaves); set++ {
			var chosen []*gain.Part
			for i, p := range leaves {
				if set>>i&1 == 1 {
					chosen = append(chosen, p)
				}
			}
			total := sum("", chosen...)
			for _, n := range total.People {
				if 0 < n && n < least && known.has(indicator(leaves, chosen)) {
					t.Fatalf("%v of %s can be found: %v", n, told(whole), codes(chosen))
				}
			}
		}
	})
}

func partsOf(p *gain.Part) []*gain.Part {
	all := []*gain.Part{p}
	for _, q := range p.Parts {
		all = append(all, partsOf(q)...)
	}
	return all
}

func leavesOf(p *gain.Part) []*gain.Part {
	return slices.DeleteFunc(partsOf(p), func(q *gain.Part) bool { return len(q.Parts) > 0 })
}

func codes(parts []*gain.Part) []string {
	all := make([]string, len(parts))
	for i, p := range parts {
		all[i] = fmt.Sprint(p.Code, p.People)
	}
	return all
}

func indicator(leaves, of []*gain.Part) []float64 {
	row := make([]float64, len(leaves))
	for i, p := range leaves {
		if slices.Contains(of, p) {
			row[i] = 1
		}
	}
	return row
}

// span is what follows from linear equations: rows in echelon form.
type span struct{ rows [][]float64 }

// reduce takes from the row what the span says of it, and returns the first place left, −1 for none.
func (s *span) reduce(row []float64) int {
	for _, r := range s.rows {
		lead := slices.IndexFunc(r, func(x float64) bool { return x != 0 })
		factor := row[lead] / r[lead]
		for i := range row {
			if row[i] -= factor * r[i]; math.Abs(row[i]) < 1e-9 {
				row[i] = 0
			}
		}
	}
	return slices.IndexFunc(row, func(x float64) bool { return x != 0 })
}

func (s *span) add(row []float64) {
	if s.reduce(row) >= 0 {
		s.rows = append(s.rows, row)
	}
}

func (s *span) has(row []float64) bool { return s.reduce(row) < 0 }
