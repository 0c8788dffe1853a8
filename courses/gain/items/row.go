package items

import (
	"maps"
	"math"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/gain/rasch"
	"melek/courses/tally"
)

// Row is what an item report says of one item.
type Row struct {
	Item     string   `json:"item"`
	N        int64    `json:"n"`
	Facility *float64 `json:"facility"` // share of the marks, 0 to 1
	// Discrimination is 100 times the correlation of the item with the rest of the test.
	Discrimination  *float64         `json:"discrimination_index"`
	RestCorrelation *float64         `json:"rest_correlation"`
	Omitted         int64            `json:"omitted"`
	Options         map[string]int64 `json:"options"`
	Rasch           *Rasch           `json:"rasch"`
	// Thirds are who answered what among the people with the lowest, the middle and the highest scores.
	Thirds  *[3]Third    `json:"thirds"`
	DIF     *DIF         `json:"dif"`
	Verdict Verdict      `json:"verdict"`
	Reasons gain.Reasons `json:"reasons"`
}

// Rasch is an item's difficulty in logits with its standard error, and how well the item fits the
// model.
type Rasch struct {
	B      float64 `json:"b"`
	SE     float64 `json:"se"`
	Infit  float64 `json:"infit"`
	Outfit float64 `json:"outfit"`
}

// The reasons of item reports, beside those of packages gain and rasch.
const (
	OnePerson   gain.Reason = "one_person"   // one test has no spread
	OneItem     gain.Reason = "one_item"     // one item has nothing to agree with
	ItemsDiffer gain.Reason = "items_differ" // versions of the form had other items
)

// absent gives the figures with the names a reason.
func absent(reasons gain.Reasons, why gain.Reason, names ...string) {
	for _, name := range names {
		reasons[name] = why
	}
}

// figure is a figure that exists. There is no negative 0 in a report.
func figure(x float64) *float64 {
	if x == 0 {
		x = 0
	}
	return &x
}

// Row returns the row of an item on a scale of the tests. Item is what the course says of it, nil
// where the course no longer has it; every answer that it knows has its count, 0 for one that nobody
// gave.
func (s *Tests) Row(id string, item *courses.Item, scale *rasch.Scale) Row {
	row := Row{Item: id, Options: options(item), Reasons: gain.Reasons{}}
	sums, ok := s.items[id]
	if !ok {
		absent(row.Reasons, gain.Nobody, "facility", "discrimination_index", "rest_correlation", "rasch",
			"thirds", "dif")
		row.Verdict = TooFew
		return row
	}
	maps.Copy(row.Options, sums.options)
	row.N, row.Omitted = sums.n, sums.omitted
	row.Facility = figure(float64(sums.x) / float64(sums.n))
	if r, why := sums.restCorrelation(); why != "" {
		absent(row.Reasons, why, "discrimination_index", "rest_correlation")
	} else {
		row.RestCorrelation, row.Discrimination = figure(r), figure(100*r)
	}
	if known := scale.Item(id); known.Why != "" {
		absent(row.Reasons, gain.Reason(known.Why), "rasch")
	} else {
		row.Rasch = &Rasch{*figure(known.B), known.SE, known.Infit, known.Outfit}
	}
	row.Thirds = s.thirds(id, item)
	row.judgeLanguages(s.strata(id))
	row.Verdict = row.judge(item)
	return row
}

// options are the counts, 0, of the answers that the item knows.
func options(item *courses.Item) map[string]int64 {
	counts := map[string]int64{}
	if item != nil {
		for _, answer := range item.Tallied() {
			counts[answer] = 0
		}
	}
	return counts
}

// spread is n² times the variance of n whole numbers with the sum and the sum of squares.
func spread(n, sum, squares int64) float64 { return float64(n*squares - sum*sum) }

// restCorrelation is that of the marks on the item with those on the rest of the test.
func (s *itemSums) restCorrelation() (float64, gain.Reason) {
	if s.n == 1 {
		return 0, OnePerson
	}
	rest, restSquares := s.t-s.x, s.tt-2*s.xt+s.xx
	covariance := float64(s.n*(s.xt-s.xx) - s.x*rest)
	product := spread(s.n, s.x, s.xx) * spread(s.n, rest, restSquares)
	if product == 0 {
		return 0, gain.NoSpread
	}
	return covariance / math.Sqrt(product), ""
}

// FormRow is what an item report says of one form. Mean, SD and SEM are of scores from 0 to 100.
type FormRow struct {
	Form    string       `json:"form"`
	N       int64        `json:"n"`
	Mean    *float64     `json:"mean"`
	SD      *float64     `json:"sd"`
	Alpha   *float64     `json:"alpha"` // Cronbach's; with marks of 0 and 1 it is KR-20
	SEM     *float64     `json:"sem"`   // standard error of one score
	Reasons gain.Reasons `json:"reasons"`
}

// FormRow returns the row of a form.
func (s *Tests) FormRow(id string) FormRow {
	row := FormRow{Form: id, Reasons: gain.Reasons{}}
	sets := s.ofForm(id)
	var scores tally.Moments
	for _, set := range sets {
		row.N += set.n
		scores.Mean += set.mean() * float64(set.n)
	}
	if row.N == 0 {
		absent(row.Reasons, gain.Nobody, "mean", "sd", "alpha", "sem")
		return row
	}
	scores.Mean /= float64(row.N)
	for _, set := range sets {
		apart := set.mean() - scores.Mean
		scores.M2 += set.m2() + float64(set.n)*apart*apart
	}
	row.Mean = figure(scores.Mean)
	sd, ok := scores.SD(row.N)
	if !ok {
		absent(row.Reasons, OnePerson, "sd", "alpha", "sem")
		return row
	}
	row.SD = figure(sd)
	if len(sets) > 1 {
		absent(row.Reasons, ItemsDiffer, "alpha", "sem")
		return row
	}
	alpha, why := sets[0].alpha()
	if why != "" {
		absent(row.Reasons, why, "alpha", "sem")
		return row
	}
	row.Alpha, row.SEM = figure(alpha), figure(sd*math.Sqrt(max(0, 1-alpha)))
	return row
}

// mean is that of the scores.
func (s *setSums) mean() float64 { return 100 * float64(s.t) / float64(s.n*int64(len(s.items))) }

// m2 is the sum of squared differences of the scores from their mean.
func (s *setSums) m2() float64 {
	unit := 100 / float64(len(s.items))
	return unit * unit * spread(s.n, s.t, s.tt) / float64(s.n)
}

// alpha is Cronbach's (1951).
func (s *setSums) alpha() (float64, gain.Reason) {
	if len(s.items) < 2 {
		return 0, OneItem
	}
	whole := spread(s.n, s.t, s.tt)
	if whole == 0 {
		return 0, gain.NoSpread
	}
	single := 0.0
	for i := range s.items {
		single += spread(s.n, s.x[i], s.xx[i])
	}
	k := float64(len(s.items))
	return k / (k - 1) * (1 - single/whole), ""
}
