package gain_test

import (
	"math"
	"testing"

	"melek/courses/gain"
	"melek/courses/tally"
)

// pair is one matched person's scores.
type pair struct{ pre, post float64 }

// village sums matched people.
func village(pairs ...pair) tally.Figures {
	var sum tally.Figures
	for _, p := range pairs {
		one := tally.Figures{Enrolled: 1, PreN: 1, PostN: 1, Matched: 1}
		one.Pre.Mean, one.Post.Mean, one.Diff.Mean = p.pre, p.post, p.post-p.pre
		if p.post >= 70 {
			one.Competent = 1
		}
		sum = sum.Add(one)
	}
	return sum
}

// dropouts are n people who left after a pre-test with the score.
func dropouts(n int64, score float64) tally.Figures {
	return tally.Figures{Enrolled: n, PreN: n, Dropouts: n, DropoutPre: tally.Moments{Mean: score}}
}

func group(villages ...tally.Figures) *gain.Group {
	g := &gain.Group{}
	for _, v := range villages {
		g.Add(v)
	}
	return g
}

// gains are villages of people who gained so much.
func gains(villages ...[]float64) *gain.Group {
	g := &gain.Group{}
	for _, ds := range villages {
		pairs := make([]pair, len(ds))
		for i, d := range ds {
			pairs[i] = pair{10, 10 + d}
		}
		g.Add(village(pairs...))
	}
	return g
}

// near compares a figure with what is wanted, to so many decimals as its source gives.
func near(t *testing.T, name string, got *float64, want, within float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > within {
		t.Errorf("%s = %v, want %v", name, show(got), want)
	}
}

func nearInterval(t *testing.T, name string, got *gain.Interval, lo, hi, within float64) {
	t.Helper()
	if got == nil || math.Abs(got[0]-lo) > within || math.Abs(got[1]-hi) > within {
		t.Errorf("%s = %v, want [%v %v]", name, got, lo, hi)
	}
}

func show(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}
