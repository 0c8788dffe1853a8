package gain

import (
	"maps"
	"math"

	"melek/courses/tally"
)

// Kept is people who took the pre-test, the post-test and, later, the retention test. The zero Kept
// is nobody.
type Kept struct {
	gained tally.Figures // from pre-test to post-test
	left   tally.Figures // from pre-test to retention test
	parts  []keptCluster
}

// keptCluster is the people of one village: how many, and what they gained and had left on average.
type keptCluster struct{ n, gained, left float64 }

// Add takes one village in: the same people's figures from pre-test to post-test, and from pre-test to
// retention test. Villages are added in the order of their codes.
func (k *Kept) Add(gained, left tally.Figures) {
	if left.Matched == 0 || gained.Matched != left.Matched {
		return
	}
	k.gained, k.left = k.gained.Add(gained), k.left.Add(left)
	k.parts = append(k.parts, keptCluster{float64(left.Matched), gained.Diff.Mean, left.Diff.Mean})
}

// N is how many people there are.
func (k *Kept) N() int64 { return k.left.Matched }

// Share is how much of the gain was kept, (retention − pre)/(post − pre) on means: 1 is all of it. The reason
// says why there is none.
func (k *Kept) Share() (float64, Reason) {
	switch {
	case k.N() == 0:
		return 0, NoRetention
	case k.gained.Diff.Mean < tiny:
		return 0, NoGain
	}
	return k.left.Diff.Mean / k.gained.Diff.Mean, ""
}

// Interval is that of Share by the delta method with villages as clusters: SE² = G/(G−1) · Σ_v
// (n_v·(left_v − share·gained_v))² / (n·gained)², t with G − 1 degrees (Cochran 1977, section 6.3).
func (k *Kept) Interval() (Interval, Reason) {
	share, why := k.Share()
	if why != "" {
		return Interval{}, why
	}
	if len(k.parts) < 2 {
		return Interval{}, OneVillage
	}
	villages, squares := float64(len(k.parts)), 0.0
	for _, p := range k.parts {
		residual := p.n * (p.left - share*p.gained)
		squares += residual * residual
	}
	se := math.Sqrt(villages/(villages-1)*squares) / (float64(k.N()) * k.gained.Diff.Mean)
	if se < tiny {
		se = 0
	}
	return around(share, student(int64(len(k.parts))-1)*se), ""
}

// Keep returns the row with what was kept of the gain or, where k is nil, with why that is not told.
func (r Row) Keep(k *Kept, why Reason) Row {
	if r.Suppressed {
		return r
	}
	r.Reasons = maps.Clone(r.Reasons)
	r.KeptN, r.KeptGain, r.KeptGainCI95 = nil, nil, nil
	if k == nil {
		for _, name := range keptFigures {
			r.Reasons.put(name, why)
		}
		return r
	}
	r.KeptN = new(k.N())
	share, noShare := k.Share()
	if noShare == "" {
		r.KeptGain = figure(share)
	}
	ci, noInterval := k.Interval()
	if noInterval == "" {
		r.KeptGainCI95 = &ci
	}
	r.Reasons.put("kept_n", "")
	r.Reasons.put("kept_gain", noShare)
	r.Reasons.put("kept_gain_ci95", noInterval)
	return r
}

// keptFigures are the names of those on retention.
var keptFigures = []string{"kept_n", "kept_gain", "kept_gain_ci95"}
