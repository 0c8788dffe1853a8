// Package gain turns sums of marks into statistics: what people gained between two tests, how sure
// that is, how the items of a test did their work, and which small groups must not be told of. It
// reads no person and no store; everything is a pure function of what it is given.
//
// Sums are taken in the order in which they are given, so the same sums in the same order give the
// same figures to the last bit. Quantiles are gonum's.
package gain

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"melek/courses/tally"
)

// tiny is the standard deviation, or the room left to gain, below which there is none: what remains
// of it is rounding.
const tiny = 1e-9

// confidence95 is the share of the distribution that lies above the upper end of a 95 % interval.
const confidence95 = 0.025

// Group is people of one or more villages, each village being a cluster. The zero Group is nobody.
type Group struct {
	sum      tally.Figures
	clusters []cluster
}

// cluster is the matched people of one village.
type cluster struct {
	n    int64
	mean float64 // of their gains
}

// Add takes one village in. Villages are added in the order of their codes, each once.
func (g *Group) Add(village tally.Figures) {
	g.sum = g.sum.Add(village)
	if village.Matched > 0 {
		g.clusters = append(g.clusters, cluster{village.Matched, village.Diff.Mean})
	}
}

// Sum returns the figures of everybody in the group.
func (g *Group) Sum() tally.Figures { return g.sum }

// Interval is the lower and the upper end of a confidence interval.
type Interval [2]float64

// around is the interval of half the width on either side of the middle.
func around(middle, half float64) Interval {
	return Interval{*figure(middle - half), *figure(middle + half)}
}

// studentInterval is Student's interval for a mean of n ≥ 2 values.
func studentInterval(m tally.Moments, n int64) Interval {
	sd, _ := m.SD(n)
	return around(m.Mean, student(n-1)*sd/math.Sqrt(float64(n)))
}

// clusterInterval is the interval for the mean gain where whole villages were drawn: people of one
// village are taught together and resemble each other, so that the villages, not the people, say
// how sure the mean is (Cochran 1977, section 9A; SE² = G/(G−1) · Σ_v (Σ_{i∈v} (d_i − mean))² /
// n²).
func (g *Group) clusterInterval() Interval {
	n, villages, squares := float64(g.sum.Matched), float64(len(g.clusters)), 0.0
	for _, c := range g.clusters {
		excess := float64(c.n) * (c.mean - g.sum.Diff.Mean)
		squares += excess * excess
	}
	se := math.Sqrt(villages/(villages-1)*squares) / n
	if se < tiny {
		se = 0
	}
	return around(g.sum.Diff.Mean, student(int64(len(g.clusters))-1)*se)
}

// welchInterval is the interval for the difference of two independent means, a less b, with spreads of
// their own (Welch 1947); false where it has none.
func welchInterval(a tally.Moments, an int64, b tally.Moments, bn int64) (Interval, bool) {
	asd, aok := a.SD(an)
	bsd, bok := b.SD(bn)
	va, vb := asd*asd/float64(an), bsd*bsd/float64(bn)
	if !aok || !bok || va+vb == 0 {
		return Interval{}, false
	}
	df := (va + vb) * (va + vb) / (va*va/float64(an-1) + vb*vb/float64(bn-1))
	t := -distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(confidence95)
	return around(a.Mean-b.Mean, t*math.Sqrt(va+vb)), true
}

// student is the quantile of Student's t distribution for a 95 % interval.
func student(df int64) float64 {
	return -distuv.StudentsT{Sigma: 1, Nu: float64(df)}.Quantile(confidence95)
}

// Wilson is the score interval for a share of k in n > 0 (Wilson 1927).
func Wilson(k, n int64) Interval {
	z := -distuv.UnitNormal.Quantile(confidence95)
	size, share := float64(n), float64(k)/float64(n)
	middle := (share + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(share*(1-share)/size+z*z/(4*size*size))
	ci := around(middle, half)
	if k == 0 {
		ci[0] = 0
	}
	if k == n {
		ci[1] = 1
	}
	return ci
}
