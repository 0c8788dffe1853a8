package gain

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"melek/courses/record"
	"melek/courses/tally"
)

// Worth is what the numbers of right answers on one form are worth on the scale that all forms share,
// from none to all right.
type Worth struct {
	Scores []Score
	SE     float64 // of the form's link to the scale, in logits; 0 for the form that is the scale
}

// Score is what one number of right answers is worth: points of 100 on the reference form, the ability
// in logits, and how many points more it would be were the form a logit harder.
type Score struct{ Points, Theta, Slope float64 }

// Linked is what a group gained on the scale that all forms share, whichever forms people took.
type Linked struct {
	N          int64     `json:"n"` // matched people, both of whose tests are on the scale
	GainMean   *float64  `json:"gain_mean"`
	GainCI95   *Interval `json:"gain_ci95"`
	LogitsMean *float64  `json:"logits_mean"`
	LogitsCI95 *Interval `json:"logits_ci95"`
	Reasons    Reasons   `json:"reasons"`
}

// NotLinked is the reason where no two forms that people took can be compared.
const NotLinked Reason = "not_linked"

// LinkedGroup is people of one or more villages by their places on the scale. The zero LinkedGroup is
// nobody.
type LinkedGroup struct {
	points, logits Group
	// pull is, for each form, the sums over people of how much more they would have gained, in points
	// and in logits, were the form a logit harder.
	pull map[string][2]float64
	se   map[string]float64 // of the forms' links
}

// LinkedVillage is people of one village, on their way into a group.
type LinkedVillage struct {
	points, logits tally.Figures
	pull           map[string][2]float64
	se             map[string]float64
}

// Add takes in the cells of people who took the first form and then the second. People without two
// matched tests, and those whose tests were on other items than the forms have now, stay out.
func (v *LinkedVillage) Add(pre, post string, worth map[string]Worth, cells map[string]int64) error {
	points, logits := map[string]int64{}, map[string]int64{}
	for _, cell := range slices.Sorted(maps.Keys(cells)) {
		n := cells[cell]
		standing, err := tally.ParseCell(cell)
		if err != nil {
			return err
		}
		before, ok := worth[pre].of(standing.Pre)
		after, also := worth[post].of(standing.Post)
		if !standing.Matched || !ok || !also || n <= 0 {
			continue
		}
		points[placed(before.Points, after.Points)] += n
		logits[placed(before.Theta, after.Theta)] += n
		v.pulled(pre, worth, -before.Slope, -1, n)
		v.pulled(post, worth, after.Slope, 1, n)
	}
	onPoints, err := tally.Of(points, 0)
	if err != nil {
		return err
	}
	onLogits, err := tally.Of(logits, 0)
	v.points, v.logits = v.points.Add(onPoints), v.logits.Add(onLogits)
	return err
}

// of is what a test's marks are worth; false where they are not of as many items as the form has.
func (w Worth) of(marks *record.Marks) (Score, bool) {
	if marks == nil || int(marks.Max) != len(w.Scores)-1 || marks.Raw != math.Trunc(marks.Raw) ||
		marks.Raw < 0 || marks.Raw > marks.Max {
		return Score{}, false
	}
	return w.Scores[int(marks.Raw)], true
}

// placed names the cell of people with two places on a scale, as marks of 100 so that their scores are
// these.
func placed(pre, post float64) string {
	return tally.Standing{Pre: &record.Marks{Raw: pre, Max: 100}, Post: &record.Marks{Raw: post, Max: 100},
		Matched: true}.Cell()
}

func (v *LinkedVillage) pulled(form string, worth map[string]Worth, points, logits float64, n int64) {
	if worth[form].SE == 0 {
		return
	}
	if v.pull == nil {
		v.pull, v.se = map[string][2]float64{}, map[string]float64{}
	}
	sum := v.pull[form]
	v.pull[form] = [2]float64{sum[0] + points*float64(n), sum[1] + logits*float64(n)}
	v.se[form] = worth[form].SE
}

// Add takes one village in. Villages are added in the order of their codes, each once.
func (g *LinkedGroup) Add(v LinkedVillage) {
	g.points.Add(v.points)
	g.logits.Add(v.logits)
	if g.pull == nil {
		g.pull, g.se = map[string][2]float64{}, map[string]float64{}
	}
	for form, sum := range v.pull {
		own := g.pull[form]
		g.pull[form], g.se[form] = [2]float64{own[0] + sum[0], own[1] + sum[1]}, v.se[form]
	}
}

// N is how many people there are.
func (g *LinkedGroup) N() int64 { return g.points.sum.Matched }

// Linked is what the group gained. The intervals are those of gain_ci95, widened by the error of the
// links: where as many people took the forms in one order as in the other it nearly cancels, where all
// took them in the same order it does not.
func (g *LinkedGroup) Linked() Linked {
	l := Linked{N: g.N(), Reasons: Reasons{}}
	if l.N == 0 {
		l.Reasons.add(NoPairs, "gain_mean", "gain_ci95", "logits_mean", "logits_ci95")
		return l
	}
	l.GainMean, l.LogitsMean = figure(g.points.sum.Diff.Mean), figure(g.logits.sum.Diff.Mean)
	if l.N == 1 {
		l.Reasons.add(OnePair, "gain_ci95", "logits_ci95")
		return l
	}
	l.GainCI95, l.LogitsCI95 = g.interval(&g.points, 0), g.interval(&g.logits, 1)
	return l
}

// interval widens that of the points (0) or logits (1) by the error of the links.
func (g *LinkedGroup) interval(of *Group, unit int) *Interval {
	ci := studentInterval(of.sum.Diff, of.sum.Matched)
	if len(of.clusters) >= 2 {
		ci = of.clusterInterval()
	}
	half := (ci[1] - ci[0]) / 2
	squares := half * half
	z := -distuv.UnitNormal.Quantile(confidence95)
	for _, form := range slices.Sorted(maps.Keys(g.pull)) {
		off := z * g.pull[form][unit] / float64(g.N()) * g.se[form]
		squares += off * off
	}
	widened := around(of.sum.Diff.Mean, math.Sqrt(squares))
	return &widened
}
