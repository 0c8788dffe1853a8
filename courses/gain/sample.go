package gain

import (
	"cmp"
	"maps"
	"slices"

	"melek/courses/tally"
)

// Sample is the matched people of one group by their exact scores, those of one workshop together. The
// zero Sample is nobody.
type Sample struct {
	n         int64
	workshops map[string]map[scores]int64 // by the workshop's id, empty for those of none
}

// scores are the two that a matched person has.
type scores struct{ pre, post float64 }

// Add takes in the cells of a tally of the workshop's people, whose id is empty for those of none.
func (s *Sample) Add(workshop string, cells map[string]int64) error {
	for cell, n := range cells {
		standing, err := tally.ParseCell(cell)
		if err != nil {
			return err
		}
		if !standing.Matched || n <= 0 {
			continue
		}
		if s.workshops == nil {
			s.workshops = map[string]map[scores]int64{}
		}
		if s.workshops[workshop] == nil {
			s.workshops[workshop] = map[scores]int64{}
		}
		s.workshops[workshop][scores{standing.Pre.Score(), standing.Post.Score()}] += n
		s.n += n
	}
	return nil
}

// N is how many people there are.
func (s *Sample) N() int64 { return s.n }

// pairs counts people by their scores, whatever their workshop.
func (s *Sample) pairs() map[scores]int64 {
	all := map[scores]int64{}
	for _, own := range s.workshops {
		for p, n := range own {
			all[p] += n
		}
	}
	return all
}

// ordered are the scores with their numbers of people in one order, whatever that of arrival.
func ordered(of map[scores]int64) []counted {
	list := make([]counted, 0, len(of))
	for _, p := range slices.SortedFunc(maps.Keys(of), func(a, b scores) int {
		return cmp.Or(cmp.Compare(a.pre, b.pre), cmp.Compare(a.post, b.post))
	}) {
		list = append(list, counted{p, of[p]})
	}
	return list
}

// counted is so many people with the same scores.
type counted struct {
	scores
	n int64
}
