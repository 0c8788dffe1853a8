package gain

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"

	"melek/courses/tally"
)

// Village is the matched people of one village, of which a kecamatan has several.
type Village struct {
	District string
	Figures  tally.Figures
}

// Pooled is what a model of the gains of all kecamatan together says of each. Person i of village k of
// kecamatan j gained
//
//	d_ijk = μ + u_j + v_jk + e_ijk
//
// where u, v and e are independent and normal with means of 0. μ and the three variances are
// estimated by restricted maximum likelihood (Patterson and Thompson 1971; Pinheiro and Bates 2000, chapter
// 2). The gain of kecamatan j, μ + u_j, is then estimated by its best linear unbiased predictor: the
// fewer people a kecamatan has and the more alike the kecamatan are, the closer it lies to μ
// (Robinson 1991). It is of an average village of the kecamatan. Where no kecamatan has two villages with
// pairs, v cannot be told from u and is left out.
type Pooled struct {
	Mean       float64 `json:"mean"`        // μ
	DistrictSD float64 `json:"district_sd"` // of u
	VillageSD  float64 `json:"village_sd"`  // of v
	PersonSD   float64 `json:"person_sd"`   // of e

	districts map[string]pooledDistrict
	meanVar   float64 // of the estimate of μ
}

type pooledDistrict struct {
	weight float64 // of the kecamatan's villages together
	excess float64 // weighted sum of what their means have above μ
}

// Pool fits the model to villages in the order of their codes. The reason says why there is no model.
func Pool(villages []Village) (*Pooled, Reason) {
	m := newMixed(villages)
	switch {
	case len(m.districts) == 0:
		return nil, NoPairs
	case len(m.districts) == 1:
		return nil, OneDistrict
	case m.n-int64(m.villages()) <= 0 || m.within < tiny:
		return nil, NoSpread // nothing tells people from villages
	}
	return m.fit(), ""
}

// District returns the estimate for a kecamatan and its interval, false for a kecamatan that was not in
// the model. The interval has t with one degree less than there are kecamatan and the mean square error
// of the predictor, that μ and the variance of u are estimated included (Prasad and Rao 1990; Datta and
// Lahiri 2000): 2·D²/(A+D)³·V where A is the variance of u, D the kecamatan's own and V = 2/Σ 1/(A+D)².
func (p *Pooled) District(code string) (mean float64, ci Interval, ok bool) {
	d, ok := p.districts[code]
	if !ok {
		return 0, Interval{}, false
	}
	between, own := p.DistrictSD*p.DistrictSD, 1/d.weight
	share := between / (between + own) // of its own mean, the rest being μ's
	mean = p.Mean + share*d.excess/d.weight
	information := 0.0
	for _, code := range slices.Sorted(maps.Keys(p.districts)) {
		of := between + 1/p.districts[code].weight
		information += 1 / (of * of)
	}
	whole := between + own
	estimated := own * own / (whole * whole * whole) * 2 / information
	variance := share*own + (1-share)*(1-share)*p.meanVar + 2*estimated
	return mean, around(mean, student(int64(len(p.districts))-1)*math.Sqrt(variance)), true
}

// mixed is what the likelihood needs of the data: per village its number and mean, and how people
// differ within villages.
type mixed struct {
	codes     []string
	districts [][]cluster
	n         int64
	within    float64 // sum of squares within villages
}

func newMixed(villages []Village) mixed {
	m, at := mixed{}, map[string]int{}
	for _, v := range villages {
		if v.Figures.Matched == 0 {
			continue
		}
		i, ok := at[v.District]
		if !ok {
			i = len(m.districts)
			at[v.District] = i
			m.codes, m.districts = append(m.codes, v.District), append(m.districts, nil)
		}
		m.districts[i] = append(m.districts[i], cluster{v.Figures.Matched, v.Figures.Diff.Mean})
		m.n += v.Figures.Matched
		m.within += v.Figures.Diff.M2
	}
	return m
}

func (m mixed) villages() int {
	n := 0
	for _, d := range m.districts {
		n += len(d)
	}
	return n
}

// relative are the standard deviations of kecamatan and of villages as multiples of the people's.
type relative struct{ district, village float64 }

// solved is what follows from relative deviations: μ and its weight, the people's variance, and what the
// likelihood lacks (its deviance, up to a constant).
type solved struct {
	mean, weight, variance, deviance float64
}

// solve takes the people's variance for 1. A village's mean then has the variance village² + 1/n, and
// a kecamatan's means have the covariance district² beside it (Sherman and Morrison).
func (m mixed) solve(r relative) solved {
	between, villages := r.district*r.district, r.village*r.village
	var weights, sums, logs float64
	for _, d := range m.districts {
		var w, wy float64
		for _, c := range d {
			own := 1 / (villages + 1/float64(c.n))
			w, wy, logs = w+own, wy+own*c.mean, logs+math.Log(float64(c.n)/own)
		}
		logs += math.Log1p(between * w)
		weights, sums = weights+w/(1+between*w), sums+wy/(1+between*w)
	}
	s := solved{mean: sums / weights, weight: weights}
	squares := m.within
	for _, d := range m.districts {
		var w, wx float64
		for _, c := range d {
			own, x := 1/(villages+1/float64(c.n)), c.mean-s.mean
			w, wx, squares = w+own, wx+own*x, squares+own*x*x
		}
		squares -= between * wx * wx / (1 + between*w)
	}
	df := float64(m.n - 1)
	s.variance = squares / df
	s.deviance = df*math.Log(s.variance) + logs + math.Log(weights)
	return s
}

// The search for relative deviations begins at start; what is below none is taken for 0.
const (
	start = 0.3
	none  = 1e-3
)

// fit finds the deviations at which the restricted likelihood is greatest. It is even in each of them, so
// the search may cross 0; where one is next to 0, it is 0 and the other is sought by itself.
func (m mixed) fit() *Pooled {
	nested := m.villages() > len(m.districts)
	best := m.search(true, nested)
	if best.district == 0 && best.village > 0 {
		best = m.search(false, nested)
	} else if best.village == 0 && nested && best.district > 0 {
		best = m.search(true, false)
	}
	s := m.solve(best)
	sd := math.Sqrt(s.variance)
	p := &Pooled{Mean: s.mean, DistrictSD: sd * best.district, VillageSD: sd * best.village, PersonSD: sd,
		meanVar: s.variance / s.weight, districts: map[string]pooledDistrict{}}
	for i, d := range m.districts {
		var own pooledDistrict
		for _, c := range d {
			weight := 1 / (p.VillageSD*p.VillageSD + s.variance/float64(c.n))
			own.weight, own.excess = own.weight+weight, own.excess+weight*(c.mean-s.mean)
		}
		p.districts[m.codes[i]] = own
	}
	return p
}

// search minimises the deviance over the deviations that are free, the others being 0.
func (m mixed) search(district, village bool) relative {
	read := func(x []float64) (r relative) {
		i := 0
		if district {
			r.district, i = math.Abs(x[i]), i+1
		}
		if village {
			r.village = math.Abs(x[i])
		}
		return r
	}
	var x []float64
	for _, free := range [...]bool{district, village} {
		if free {
			x = append(x, start)
		}
	}
	if len(x) == 0 {
		return relative{}
	}
	problem := optimize.Problem{Func: func(x []float64) float64 { return m.solve(read(x)).deviance }}
	settings := &optimize.Settings{Converger: &optimize.FunctionConverge{Absolute: 1e-9, Iterations: 15}}
	result, err := optimize.Minimize(problem, x, settings, &optimize.NelderMead{})
	if result == nil || err != nil && result.X == nil {
		return relative{}
	}
	r := read(result.X)
	if r.district < none {
		r.district = 0
	}
	if r.village < none {
		r.village = 0
	}
	return r
}
