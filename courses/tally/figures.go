package tally

import (
	"maps"
	"math"
	"slices"
)

// Figures is what reports need of one tally: counts, and moments of the matched people's scores (0 to 100).
// The zero value is that of nobody.
type Figures struct {
	Enrolled  int64 `json:"enrolled"`
	Completed int64 `json:"completed"`
	PreN      int64 `json:"pre_n"`
	PostN     int64 `json:"post_n"`
	Matched   int64 `json:"matched"`
	Competent int64 `json:"competent"` // matched with a post-test score at or above the pass mark
	Dropouts  int64 `json:"dropouts"`  // with a pre-test and without a post-test

	Pre        Moments `json:"pre"`  // of the matched
	Post       Moments `json:"post"` // of the matched
	Diff       Moments `json:"diff"` // post − pre of the matched
	DropoutPre Moments `json:"dropout_pre"`
}

// Moments are the mean and the sum of squared differences from it; how many people they are of
// stands beside them.
type Moments struct {
	Mean float64 `json:"mean"`
	M2   float64 `json:"m2"`
}

// KeyedCells are the cells of one tally.
type KeyedCells struct {
	Key   Key
	Cells map[string]int64
}

// KeyedFigures are the figures of one tally.
type KeyedFigures struct {
	Key     Key
	Figures Figures
}

// Of makes figures of a tally's cells, in the order of their names. A cell that cannot be read is an error.
func Of(cells map[string]int64, passMark float64) (Figures, error) {
	var f Figures
	for _, cell := range slices.Sorted(maps.Keys(cells)) {
		n := cells[cell]
		if n == 0 {
			continue
		}
		s, err := ParseCell(cell)
		if err != nil {
			return Figures{}, err
		}
		f = f.Add(figures(s, n, passMark))
	}
	return f, nil
}

// figures are those of n people who stand alike.
func figures(s Standing, n int64, passMark float64) Figures {
	f := Figures{Enrolled: n}
	if s.Completed {
		f.Completed = n
	}
	if s.Pre != nil {
		f.PreN = n
	}
	if s.Post != nil {
		f.PostN = n
	}
	if s.Pre != nil && s.Post == nil {
		f.Dropouts, f.DropoutPre.Mean = n, s.Pre.Score()
	}
	if s.Matched {
		pre, post := s.Pre.Score(), s.Post.Score()
		f.Matched = n
		f.Pre.Mean, f.Post.Mean, f.Diff.Mean = pre, post, post-pre
		if post >= passMark {
			f.Competent = n
		}
	}
	return f
}

// Add returns the figures of both groups together. Sums are repeatable only in a fixed order.
func (f Figures) Add(g Figures) Figures {
	return Figures{
		Enrolled: f.Enrolled + g.Enrolled, Completed: f.Completed + g.Completed,
		PreN: f.PreN + g.PreN, PostN: f.PostN + g.PostN, Matched: f.Matched + g.Matched,
		Competent: f.Competent + g.Competent, Dropouts: f.Dropouts + g.Dropouts,
		Pre:        merge(f.Pre, f.Matched, g.Pre, g.Matched),
		Post:       merge(f.Post, f.Matched, g.Post, g.Matched),
		Diff:       merge(f.Diff, f.Matched, g.Diff, g.Matched),
		DropoutPre: merge(f.DropoutPre, f.Dropouts, g.DropoutPre, g.Dropouts),
	}
}

// merge joins the moments of two groups (Chan, Golub and LeVeque 1983, formula 1.5).
func merge(a Moments, an int64, b Moments, bn int64) Moments {
	if an == 0 {
		return b
	}
	if bn == 0 {
		return a
	}
	n, d := float64(an+bn), b.Mean-a.Mean
	return Moments{
		Mean: a.Mean + d*float64(bn)/n,
		M2:   a.M2 + b.M2 + d*d*float64(an)*float64(bn)/n,
	}
}

// SD is the standard deviation of n values with n − 1 degrees of freedom; one below 1e-9 is 0, and
// fewer than two values have none.
func (m Moments) SD(n int64) (float64, bool) {
	if n < 2 {
		return 0, false
	}
	sd := math.Sqrt(m.M2 / float64(n-1))
	if sd < 1e-9 {
		return 0, true
	}
	return sd, true
}
