package gain

import (
	"encoding/binary"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// resamples is how often a sample is drawn again.
const resamples = 2000

// leastDefined is the share of resamples in which Hake's g must exist.
const leastDefined = 0.95

// sums are those of a group's scores, of which Hake's g is made.
type sums struct{ n, pre, post float64 }

func (a sums) add(b sums, times float64) sums {
	return sums{a.n + times*b.n, a.pre + times*b.pre, a.post + times*b.post}
}

// hake is Hake's g; false where nothing was left to gain.
func (a sums) hake() (float64, bool) {
	left := 100*a.n - a.pre
	if a.n == 0 || left/a.n < tiny {
		return 0, false
	}
	return (a.post - a.pre) / left, true
}

// HakeInterval is the bootstrap interval of Hake's g: bias-corrected and accelerated (Efron 1987), of
// 2000 resamples. People are drawn again with both their scores; where several workshops were
// held, whole workshops are, beside the people of none, because people of one workshop were taught
// together. The draws depend on the sample alone, so the same people always have the same interval.
func (s *Sample) HakeInterval() (Interval, Reason) {
	switch s.n {
	case 0:
		return Interval{}, NoPairs
	case 1:
		return Interval{}, OnePair
	}
	parts := s.parts()
	var all sums
	for _, p := range parts {
		all = all.add(p.sum, 1)
	}
	g, ok := all.hake()
	if !ok {
		return Interval{}, PreMean100
	}
	rng := rand.New(s.source(parts)) //nolint:gosec // chance that must repeat
	drawn := make([]float64, 0, resamples)
	for range resamples {
		var sum sums
		for _, p := range parts {
			sum = sum.add(p.draw(rng), 1)
		}
		if value, ok := sum.hake(); ok {
			drawn = append(drawn, value)
		}
	}
	if float64(len(drawn)) < leastDefined*resamples {
		return Interval{}, PreMean100
	}
	slices.Sort(drawn)
	return accelerated(drawn, g, acceleration(parts, all)), ""
}

// part is what is drawn again by itself: all workshops, or the people of none.
type part struct {
	units []unit
	upTo  []int64 // how many there are of the units up to each
	sum   sums
	n     int64
}

// unit is so many alike that can be drawn: workshops with their sums, or people with theirs.
type unit struct {
	sum  sums
	many int64
}

func newPart(units []unit) part {
	p := part{units: units}
	for _, u := range units {
		p.n += u.many
		p.upTo = append(p.upTo, p.n)
		p.sum = p.sum.add(u.sum, float64(u.many))
	}
	return p
}

// parts are the parts of the sample. A single workshop says nothing of how workshops differ, so its
// people are drawn one by one with all others.
func (s *Sample) parts() []part {
	people := func(of map[scores]int64) part {
		var units []unit
		for _, p := range ordered(of) {
			units = append(units, unit{sums{1, p.pre, p.post}, p.n})
		}
		return newPart(units)
	}
	var workshops []unit
	for _, id := range slices.Sorted(maps.Keys(s.workshops)) {
		if id != "" {
			workshops = append(workshops, unit{people(s.workshops[id]).sum, 1})
		}
	}
	if len(workshops) < 2 {
		return []part{people(s.pairs())}
	}
	parts := []part{newPart(workshops)}
	if alone := s.workshops[""]; len(alone) > 0 {
		parts = append(parts, people(alone))
	}
	return parts
}

// source is the chance that the draws come from.
func (s *Sample) source(parts []part) *rand.PCG {
	h := fnv.New64a()
	for _, p := range parts {
		for _, u := range p.units {
			for _, f := range [...]float64{u.sum.n, u.sum.pre, u.sum.post, float64(u.many)} {
				_ = binary.Write(h, binary.BigEndian, f) // a hash takes everything
			}
		}
	}
	return rand.NewPCG(h.Sum64(), uint64(s.n)) //nolint:gosec // a count is never negative
}

// draw draws as many of the part's units as there are, with replacement.
func (p part) draw(rng *rand.Rand) sums {
	var sum sums
	if p.n <= 4*int64(len(p.units)) {
		for range p.n {
			sum = sum.add(p.units[p.pick(rng)].sum, 1)
		}
		return sum
	}
	// Many are alike: how often each is drawn is binomial, given the draws that the others before it left.
	draws, left := p.n, p.n
	for i, u := range p.units {
		times := draws
		if i < len(p.units)-1 {
			times = binomial(rng, draws, float64(u.many)/float64(left))
		}
		sum = sum.add(u.sum, float64(times))
		draws, left = draws-times, left-u.many
	}
	return sum
}

func binomial(rng *rand.Rand, n int64, p float64) int64 {
	if n == 0 || p <= 0 {
		return 0
	}
	if p >= 1 {
		return n
	}
	return int64(distuv.Binomial{N: float64(n), P: p, Src: rng}.Rand())
}

// pick is the place of a unit, each as likely as there are of it.
func (p part) pick(rng *rand.Rand) int {
	at, _ := slices.BinarySearch(p.upTo, rng.Int64N(p.n)+1)
	return at
}

// acceleration is that of the jackknife, which leaves one unit out at a time (Efron 1987, formula
// 6.6).
func acceleration(parts []part, all sums) float64 {
	var values, weights []float64
	for _, p := range parts {
		for _, u := range p.units {
			if g, ok := all.add(u.sum, -1).hake(); ok {
				values, weights = append(values, g), append(weights, float64(u.many))
			}
		}
	}
	if len(values) == 0 {
		return 0
	}
	mean := stat.Mean(values, weights)
	var squares, cubes float64
	for i, g := range values {
		d := mean - g
		squares += weights[i] * d * d
		cubes += weights[i] * d * d * d
	}
	if squares < tiny*tiny {
		return 0
	}
	return cubes / (6 * math.Pow(squares, 1.5))
}

// accelerated are the bias-corrected and accelerated quantiles of sorted resamples around g.
func accelerated(drawn []float64, g, acceleration float64) Interval {
	below, equal := 0.0, 0.0
	for _, v := range drawn {
		if v < g-tiny {
			below++
		} else if v <= g+tiny {
			equal++
		}
	}
	// Scores are few fractions, so that resamples often equal g: half of those lie below.
	share := min(max((below+equal/2)/float64(len(drawn)), 1/float64(len(drawn))), 1-1/float64(len(drawn)))
	bias := distuv.UnitNormal.Quantile(share)
	end := func(p float64) float64 {
		z := bias + distuv.UnitNormal.Quantile(p)
		level := distuv.UnitNormal.CDF(bias + z/(1-acceleration*z))
		return stat.Quantile(min(max(level, 0), 1), stat.Empirical, drawn, nil)
	}
	return Interval{*figure(end(confidence95)), *figure(end(1 - confidence95))}
}
