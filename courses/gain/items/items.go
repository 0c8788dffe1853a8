// Package items tells how the items of tests did their work: how hard they are and how well they
// tell people apart, by classical statistics and by the Rasch model, whether they treat both
// languages alike, how comparable that makes the forms, and what an author should look at. It reads
// no person and no store.
package items

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/gain/rasch"
)

// Answered is one item of a person's test, with the marks that it got, 0 or 1.
type Answered struct {
	Item   string
	Marks  int64
	Chosen []string // what is counted of the answer; empty where the item was left out
}

// Tests takes tests in one by one and holds nothing of them but counts, so that a million cost no
// more memory than ten. The counts are whole numbers: the order in which tests come in does not
// matter. The zero Tests is ready for use.
type Tests struct {
	sets  map[setKey]*setSums
	items map[string]*itemSums
}

// setKey names the tests on one form that had the same items.
type setKey struct{ form, items string }

// itemSums are sums over people: x are the marks on the item, t those on the whole test.
type itemSums struct {
	n, x, xx, t, tt, xt int64
	omitted             int64
	options             map[string]int64
}

// setSums are sums over the people whose test had the same items.
type setSums struct {
	form     string
	items    []string
	n, t, tt int64
	x, xx    []int64 // of each item
	scores   map[int64]*scoreSums
}

// scoreSums are sums over the people whose test had the same items and came to the same marks.
type scoreSums struct {
	n       int64
	right   []int64            // of each item
	options []map[string]int64 // of each item
	langs   map[courses.Lang]*langSums
}

// langSums are those of them who were shown the test in one language.
type langSums struct {
	n     int64
	right []int64 // of each item
}

// Add takes one person's test in, as it was shown in a language. It puts the items in the order of
// their ids.
func (s *Tests) Add(form string, lang courses.Lang, test []Answered) {
	if s.items == nil {
		s.items, s.sets = map[string]*itemSums{}, map[setKey]*setSums{}
	}
	byItem := func(a, b Answered) int { return cmp.Compare(a.Item, b.Item) }
	if !slices.IsSortedFunc(test, byItem) {
		slices.SortFunc(test, byItem)
	}
	total := int64(0)
	for _, a := range test {
		total += a.Marks
	}
	for _, a := range test {
		s.item(a.Item).add(a, total)
	}
	s.set(form, test).add(lang, test, total)
}

func (s *Tests) item(id string) *itemSums {
	sums, ok := s.items[id]
	if !ok {
		sums = &itemSums{options: map[string]int64{}}
		s.items[id] = sums
	}
	return sums
}

func (s *itemSums) add(a Answered, total int64) {
	s.n++
	s.x += a.Marks
	s.xx += a.Marks * a.Marks
	s.t += total
	s.tt += total * total
	s.xt += a.Marks * total
	if len(a.Chosen) == 0 {
		s.omitted++
	}
	for _, option := range a.Chosen {
		s.options[option]++
	}
}

func (s *Tests) set(form string, test []Answered) *setSums {
	ids := make([]string, len(test))
	for i, a := range test {
		ids[i] = a.Item
	}
	key := setKey{form, strings.Join(ids, " ")}
	sums, ok := s.sets[key]
	if !ok {
		sums = &setSums{form: form, items: ids, x: make([]int64, len(ids)), xx: make([]int64, len(ids)),
			scores: map[int64]*scoreSums{}}
		s.sets[key] = sums
	}
	return sums
}

func (s *setSums) add(lang courses.Lang, test []Answered, total int64) {
	s.n++
	s.t += total
	s.tt += total * total
	for i, a := range test {
		s.x[i] += a.Marks
		s.xx[i] += a.Marks * a.Marks
	}
	score, ok := s.scores[total]
	if !ok {
		score = &scoreSums{right: make([]int64, len(test)), options: make([]map[string]int64, len(test)),
			langs: map[courses.Lang]*langSums{}}
		for i := range score.options {
			score.options[i] = map[string]int64{}
		}
		s.scores[total] = score
	}
	score.add(lang, test)
}

func (s *scoreSums) add(lang courses.Lang, test []Answered) {
	own, ok := s.langs[lang]
	if !ok {
		own = &langSums{right: make([]int64, len(test))}
		s.langs[lang] = own
	}
	s.n++
	own.n++
	for i, a := range test {
		s.right[i] += a.Marks
		own.right[i] += a.Marks
		for _, option := range a.Chosen {
			s.options[i][option]++
		}
	}
}

// Items lists the ids of the items that were met, sorted.
func (s *Tests) Items() []string { return slices.Sorted(maps.Keys(s.items)) }

// Forms lists the forms that were met, sorted.
func (s *Tests) Forms() []string {
	met := map[string]bool{}
	for key := range s.sets {
		met[key.form] = true
	}
	return slices.Sorted(maps.Keys(met))
}

// ofForm are the sums of one form's sets, in one order.
func (s *Tests) ofForm(form string) []*setSums {
	var sets []*setSums
	for _, set := range s.inOrder() {
		if set.form == form {
			sets = append(sets, set)
		}
	}
	return sets
}

// inOrder are all sets in one order, so that sums of floats are repeatable.
func (s *Tests) inOrder() []*setSums {
	return slices.SortedFunc(maps.Values(s.sets), func(a, b *setSums) int {
		return cmp.Or(cmp.Compare(a.form, b.form), slices.Compare(a.items, b.items))
	})
}

// counts are those that a calibration needs.
func (s *setSums) counts() rasch.Set {
	set := rasch.NewSet(s.items)
	for total, score := range s.scores {
		if total >= 0 && total < int64(len(set.N)) {
			set.N[total], set.Right[total] = score.n, score.right
		}
	}
	return set
}

// Calibrate places all items on one scale, as far as tests compare them.
func (s *Tests) Calibrate() *rasch.Scale {
	var sets []rasch.Set
	for _, set := range s.inOrder() {
		sets = append(sets, set.counts())
	}
	return rasch.Calibrate(sets)
}
