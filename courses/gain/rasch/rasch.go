// Package rasch places the items of tests, and the people who took them, on one scale by the Rasch
// model: the chance of a right answer is logistic in the difference of a person's ability and an
// item's difficulty, both in logits. It reads counts, no person and no store.
//
// Difficulties are conditional maximum likelihood estimates (Andersen 1972): given how many items
// of a test were right, which ones they were does not depend on the person, so nothing is assumed
// of who took the test, and a test on some of the items is no harm. The counts of a Set are all that
// the estimates, their standard errors and the fit of the items depend on, so that calibrating a
// million tests takes no longer than calibrating a hundred.
package rasch

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// MinAnswers is how many answers an item needs to be calibrated.
const MinAnswers = 100

// Set is the tests that had the same items, counted by how many of the items were right.
type Set struct {
	Items []string  // ids, each once
	N     []int64   // tests with 0, 1 … len(Items) right answers
	Right [][]int64 // of the tests with so many right, how many had each item right
}

// NewSet is the set of no tests on the items.
func NewSet(items []string) Set {
	s := Set{Items: items, N: make([]int64, len(items)+1), Right: make([][]int64, len(items)+1)}
	for score := range s.Right {
		s.Right[score] = make([]int64, len(items))
	}
	return s
}

// Add counts n tests with the same answers; right says of each item whether it was right.
func (s *Set) Add(right []bool, n int64) {
	score := 0
	for _, ok := range right {
		if ok {
			score++
		}
	}
	s.N[score] += n
	for i, ok := range right {
		if ok {
			s.Right[score][i] += n
		}
	}
}

// Reason says why there is no estimate.
type Reason string

// The reasons.
const (
	TooFewAnswers Reason = "too_few_answers" // fewer than MinAnswers to some item of the test
	AllRight      Reason = "all_right"       // whoever had not all items right had this one right
	AllWrong      Reason = "all_wrong"       // whoever had any item right had this one wrong
	NotSeparable  Reason = "not_separable"   // the answers order some items before others without exception
	NoAnchors     Reason = "no_anchors"      // the forms have no calibrated item in common
	TooFewAnchors Reason = "too_few_anchors" // fewer than MinAnchors keep their difficulty
	NotCalibrated Reason = "not_calibrated"  // the form has fewer than two calibrated items
)

// Item is what is known of one item. Where Why is set there is no estimate.
type Item struct {
	ID    string
	N     int64 // answers
	Why   Reason
	B, SE float64 // difficulty in logits and its standard error
	// Infit and Outfit are mean squares of the residuals, weighted by information and not, of
	// those tests that say something of the items; 1 is expected, more is noise, less is a
	// redundant item. The expectations are conditional on the score (Christensen and Kreiner
	// 2013, Müller 2020), so that short tests have no bias.
	Infit, Outfit float64
	// Part numbers the items that are compared with each other through tests; the difficulties
	// of each part sum to 0 on their own.
	Part int
}

// Scale is calibrated items. Those of one part sum to 0.
type Scale struct {
	items []Item // in order of id
	place map[string]int
	cov   []*mat.SymDense // of each part's difficulties, its items in order of id
	order [][]int         // of each part, the places of its items
}

// Calibrate estimates the difficulties of all items in the sets. Sets that hold an item with too
// few answers are left out, and items that all, or nobody, had right are set aside. It is a
// function of the counts alone, in whatever order the sets come.
func Calibrate(sets []Set) *Scale {
	s := newScale(sets)
	groups := s.groups(sets)
	groups = s.setAside(groups)
	for _, part := range s.parts(groups) {
		s.estimate(part)
	}
	return s
}

func newScale(sets []Set) *Scale {
	answers := map[string]int64{}
	for _, set := range sets {
		for _, id := range set.Items {
			answers[id] += total(set.N)
		}
	}
	s := &Scale{place: map[string]int{}}
	for id, n := range answers {
		s.items = append(s.items, Item{ID: id, N: n, Why: TooFewAnswers})
	}
	slices.SortFunc(s.items, func(a, b Item) int { return strings.Compare(a.ID, b.ID) })
	for i, item := range s.items {
		s.place[item.ID] = i
	}
	return s
}

func total(counts []int64) int64 {
	sum := int64(0)
	for _, n := range counts {
		sum += n
	}
	return sum
}

// Items lists all items that were met, in order of id.
func (s *Scale) Items() []Item { return s.items }

// Item returns what is known of the item; one that was not met has too few answers.
func (s *Scale) Item(id string) Item {
	if i, ok := s.place[id]; ok {
		return s.items[i]
	}
	return Item{ID: id, Why: TooFewAnswers}
}

// Parts is how many groups of items are not compared with each other by any test.
func (s *Scale) Parts() int { return len(s.order) }

// group is a set under way: the items left in it, by their places in the scale, and the tests that
// say something of them.
type group struct {
	items []int
	n     []float64
	right [][]float64
}

// groups are the sets whose items all have enough answers in the sets that are left.
func (s *Scale) groups(sets []Set) []group {
	kept := slices.DeleteFunc(slices.Clone(sets), func(set Set) bool {
		return len(set.Items) == 0 || total(set.N) == 0
	})
	for {
		answers := map[string]int64{}
		for _, set := range kept {
			for _, id := range set.Items {
				answers[id] += total(set.N)
			}
		}
		before := len(kept)
		kept = slices.DeleteFunc(kept, func(set Set) bool {
			return slices.ContainsFunc(set.Items, func(id string) bool { return answers[id] < MinAnswers })
		})
		if len(kept) == before {
			break
		}
	}
	slices.SortFunc(kept, func(a, b Set) int { return slices.Compare(a.Items, b.Items) })
	groups := make([]group, len(kept))
	for i, set := range kept {
		groups[i] = s.group(set)
	}
	return groups
}

func (s *Scale) group(set Set) group {
	g := group{items: make([]int, len(set.Items))}
	for i, id := range set.Items {
		g.items[i] = s.place[id]
		s.items[g.items[i]].Why = ""
	}
	for score, n := range set.N {
		row := make([]float64, len(set.Items))
		for i, right := range set.Right[score] {
			row[i] = float64(right)
		}
		g.n, g.right = append(g.n, float64(n)), append(g.right, row)
	}
	return g
}

// setAside takes out of the groups, until there are none, the items that everybody or nobody had
// right who had some but not all right: their difficulty is beyond all bounds.
func (s *Scale) setAside(groups []group) []group {
	for {
		right, of := make([]float64, len(s.items)), make([]float64, len(s.items))
		for _, g := range groups {
			for score := 1; score < len(g.items); score++ {
				for i, place := range g.items {
					right[place] += g.right[score][i]
					of[place] += g.n[score]
				}
			}
		}
		done := true
		for place := range s.items {
			item := &s.items[place]
			if item.Why != "" || (right[place] > 0 && right[place] < of[place]) {
				continue
			}
			done = false
			switch {
			case of[place] == 0:
				item.Why = NotSeparable
			case right[place] == 0:
				item.Why = AllWrong
			default:
				item.Why = AllRight
			}
		}
		if done {
			return groups
		}
		for i := range groups {
			groups[i] = s.without(groups[i])
		}
	}
}

// without is the group without the items that were set aside. Tests with none or all right stay
// such and say nothing, so they are let go.
func (s *Scale) without(g group) group {
	left, alwaysRight := []int{}, 0
	for i, place := range g.items {
		switch s.items[place].Why {
		case "":
			left = append(left, i)
		case AllRight:
			alwaysRight++
		}
	}
	if len(left) == len(g.items) {
		return g
	}
	small := group{items: make([]int, len(left)), n: make([]float64, len(left)+1),
		right: make([][]float64, len(left)+1)}
	for j, i := range left {
		small.items[j] = g.items[i]
	}
	for score := range small.n {
		small.right[score] = make([]float64, len(left))
		from := score + alwaysRight
		if from == 0 || from >= len(g.items) {
			continue
		}
		small.n[score] = g.n[from]
		for j, i := range left {
			small.right[score][j] = g.right[from][i]
		}
	}
	return small
}

// part is items that tests compare with each other.
type part struct {
	items  []int // places in the scale, in order
	groups []group
}

// parts sorts the groups into those that have items in common, directly or through others.
func (s *Scale) parts(groups []group) []part {
	root := make([]int, len(s.items))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			i = root[i]
		}
		return i
	}
	for _, g := range groups {
		for _, place := range g.items {
			if a, b := find(g.items[0]), find(place); a < b {
				root[b] = a
			} else {
				root[a] = b
			}
		}
	}
	var parts []part
	number := map[int]int{}
	for place, item := range s.items {
		if item.Why != "" {
			continue
		}
		first := find(place)
		if _, ok := number[first]; !ok {
			number[first] = len(parts)
			parts = append(parts, part{})
		}
		p := &parts[number[first]]
		p.items = append(p.items, place)
	}
	for _, g := range groups {
		if len(g.items) > 0 {
			p := &parts[number[find(g.items[0])]]
			p.groups = append(p.groups, g)
		}
	}
	return parts
}

// estimate fills in the items of the part, or says why it cannot.
func (s *Scale) estimate(p part) {
	l := newLikelihood(p)
	b, cov, ok := l.maximize()
	if !ok {
		for _, place := range p.items {
			s.items[place].Why = NotSeparable
		}
		return
	}
	infit, outfit := l.fit(b)
	for i, place := range p.items {
		item := &s.items[place]
		item.B, item.SE, item.Part = b[i], math.Sqrt(cov.At(i, i)), len(s.order)
		item.Infit, item.Outfit = infit[i], outfit[i]
	}
	s.order, s.cov = append(s.order, p.items), append(s.cov, cov)
}
