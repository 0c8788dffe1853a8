package rasch

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

const (
	// steepest is the slope of the likelihood, by test, below which its top is reached.
	steepest = 1e-11
	// mostSteps is far more than Newton's method needs.
	mostSteps = 200
	// widest is the standard error in logits of an estimate that is none: the likelihood grows
	// for ever. A single answer against the rest gives one of about 1.
	widest = 3
)

// likelihood is that of which answers were right given how many were, of the items of one part.
type likelihood struct {
	size   int
	groups []group   // their items are places in the part
	tests  float64   // that say something of the items
	right  []float64 // of each item in these tests
}

func newLikelihood(p part) *likelihood {
	l := &likelihood{size: len(p.items), right: make([]float64, len(p.items))}
	for _, g := range p.groups {
		own := group{items: make([]int, len(g.items)), n: g.n, right: g.right}
		for i, place := range g.items {
			own.items[i] = slices.Index(p.items, place)
		}
		for score := 1; score < len(g.items); score++ {
			l.tests += g.n[score]
			for i, place := range own.items {
				l.right[place] += g.right[score][i]
			}
		}
		l.groups = append(l.groups, own)
	}
	return l
}

// maximize returns the difficulties, which sum to 0, and their covariances; false where the
// likelihood has no top.
func (l *likelihood) maximize() (b []float64, cov *mat.SymDense, ok bool) {
	problem := optimize.Problem{
		Func: func(b []float64) float64 { return l.value(b) },
		Grad: func(grad, b []float64) { copy(grad, l.slope(b)) },
		Hess: func(hess *mat.SymDense, b []float64) { hess.CopySym(l.curvature(b)) },
	}
	settings := &optimize.Settings{GradientThreshold: steepest, MajorIterations: mostSteps,
		Converger: optimize.NeverTerminate{}}
	// Newton's method also ends where a step can no longer be told from rounding; whether that
	// is the top is for the slope and the covariances to say.
	result, _ := optimize.Minimize(problem, make([]float64, l.size), settings, &optimize.Newton{})
	if result == nil || floats.HasNaN(result.X) || floats.Norm(l.slope(result.X), math.Inf(1)) > 1e-7 {
		return nil, nil, false
	}
	b = result.X
	floats.AddConst(-floats.Sum(b)/float64(l.size), b)
	cov, ok = l.covariances(b)
	return b, cov, ok
}

// chances returns, of one group, the chance of each item being right at the ability that is the
// group's mean difficulty. Scores are distributed as sums of such items, and the conditional
// probabilities do not depend on the ability, so these chances stand in for the elementary symmetric
// functions without ever growing large.
func (g *group) chances(b []float64) []float64 {
	q, mean := make([]float64, len(g.items)), 0.0
	for _, place := range g.items {
		mean += b[place] / float64(len(g.items))
	}
	for i, place := range g.items {
		q[i] = chance(mean, b[place])
	}
	return q
}

// chance of a right answer.
func chance(ability, difficulty float64) float64 { return 1 / (1 + math.Exp(difficulty-ability)) }

// scores returns the chances of 0, 1 … right answers to independent items, leaving out those at
// the two places (−1: none). It is the summation algorithm (Andersen 1972): every term is positive,
// so that nothing cancels.
func scores(q []float64, one, other int) []float64 {
	p := make([]float64, 1, len(q)+1)
	p[0] = 1
	for i, right := range q {
		if i == one || i == other {
			continue
		}
		p = append(p, p[len(p)-1]*right)
		for score := len(p) - 2; score > 0; score-- {
			p[score] = p[score]*(1-right) + p[score-1]*right
		}
		p[0] *= 1 - right
	}
	return p
}

// value is the negative logarithm of the likelihood, by test. What holds the sum of the
// difficulties at 0 is added; it takes nothing from the likelihood, which depends on differences only.
func (l *likelihood) value(b []float64) float64 {
	sum := 0.0
	for i, right := range l.right {
		sum += right * b[i]
	}
	for _, g := range l.groups {
		q := g.chances(b)
		wrong, mean := 0.0, 0.0
		for i, place := range g.items {
			wrong += math.Log1p(-q[i])
			mean += b[place] / float64(len(g.items))
		}
		for score, p := range scores(q, -1, -1) {
			if g.n[score] > 0 && score > 0 && score < len(g.items) {
				sum += g.n[score] * (math.Log(p) - wrong - float64(score)*mean)
			}
		}
	}
	drift := floats.Sum(b)
	return sum/l.tests + drift*drift/2
}

// slope is the gradient of value.
func (l *likelihood) slope(b []float64) []float64 {
	slope := slices.Clone(l.right)
	for _, g := range l.groups {
		for i, expected := range g.expected(b) {
			for score := 1; score < len(g.items); score++ {
				slope[g.items[i]] -= g.n[score] * expected[score]
			}
		}
	}
	floats.Scale(1/l.tests, slope)
	floats.AddConst(floats.Sum(b), slope)
	return slope
}

// expected returns, for each item and score, the chance that the item is among those that are
// right.
func (g *group) expected(b []float64) [][]float64 {
	q := g.chances(b)
	all, expected := scores(q, -1, -1), make([][]float64, len(q))
	for i := range q {
		rest := scores(q, i, -1)
		expected[i] = make([]float64, len(all))
		for score := 1; score < len(all); score++ {
			expected[i][score] = q[i] * rest[score-1] / all[score]
		}
	}
	return expected
}

// curvature is the second derivatives of value.
func (l *likelihood) curvature(b []float64) *mat.SymDense {
	h := l.information(b)
	for i := range l.size {
		for j := i; j < l.size; j++ {
			h.SetSym(i, j, h.At(i, j)/l.tests+1)
		}
	}
	return h
}

// information is that on the difficulties: the covariances, given the scores, of the right answers.
func (l *likelihood) information(b []float64) *mat.SymDense {
	info := mat.NewSymDense(l.size, nil)
	add := func(i, j int, x float64) { info.SetSym(i, j, info.At(i, j)+x) }
	for _, g := range l.groups {
		q, expected := g.chances(b), g.expected(b)
		all := scores(q, -1, -1)
		for i, place := range g.items {
			for score := 1; score < len(g.items); score++ {
				add(place, place, g.n[score]*expected[i][score]*(1-expected[i][score]))
			}
			for j := range i {
				rest, sum := scores(q, i, j), 0.0
				for score := 1; score < len(g.items); score++ {
					both := 0.0
					if score > 1 {
						both = q[i] * q[j] * rest[score-2] / all[score]
					}
					sum += g.n[score] * (both - expected[i][score]*expected[j][score])
				}
				add(place, g.items[j], sum)
			}
		}
	}
	return info
}

// covariances of difficulties that sum to 0: the inverse of the information where that exists, in
// the room of such difficulties. False where some have no bounds.
func (l *likelihood) covariances(b []float64) (*mat.SymDense, bool) {
	info := l.information(b)
	size := float64(l.size)
	mean := mat.Trace(info) / size
	for i := range l.size {
		for j := i; j < l.size; j++ {
			info.SetSym(i, j, info.At(i, j)+mean/size)
		}
	}
	var decomposed mat.Cholesky
	cov := mat.NewSymDense(l.size, nil)
	if !decomposed.Factorize(info) || decomposed.InverseTo(cov) != nil {
		return nil, false
	}
	for i := range l.size {
		for j := i; j < l.size; j++ {
			cov.SetSym(i, j, cov.At(i, j)-1/(mean*size))
		}
		if v := cov.At(i, i); !(v > 0 && v < widest*widest) {
			return nil, false
		}
	}
	return cov, true
}

// fit returns the mean squares of each item.
func (l *likelihood) fit(b []float64) (infit, outfit []float64) {
	infit, outfit = make([]float64, l.size), make([]float64, l.size)
	information, tests := make([]float64, l.size), make([]float64, l.size)
	for _, g := range l.groups {
		for i, expected := range g.expected(b) {
			place := g.items[i]
			for score := 1; score < len(g.items); score++ {
				p, n, right := expected[score], g.n[score], g.right[score][i]
				squares := right*(1-p)*(1-p) + (n-right)*p*p
				infit[place] += squares
				outfit[place] += squares / (p * (1 - p))
				information[place] += n * p * (1 - p)
				tests[place] += n
			}
		}
	}
	for i := range infit {
		infit[i] /= information[i]
		outfit[i] /= tests[i]
	}
	return infit, outfit
}
