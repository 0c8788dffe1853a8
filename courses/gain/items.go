package gain

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"melek/courses/tally"
)

// Answered is one item of a person's test, with the marks that it got, 0 or 1.
type Answered struct {
	Item   string
	Marks  int64
	Chosen []string // ids of the chosen options; empty where the item was left out
}

// Tests takes tests in one by one and holds nothing of them but sums, so that a million cost no
// more memory than ten. The sums are whole numbers: the order in which tests come in does not
// matter. Its maps are made by the first Add.
type Tests struct {
	items map[string]*itemSums
	forms map[string]map[string]*setSums // by form and set of items
}

// itemSums are sums over people: x are the marks on the item, t those on the whole test.
type itemSums struct {
	n, x, xx, t, tt, xt int64
	omitted             int64
	options             map[string]int64
}

// setSums are sums over the people whose test had the same items.
type setSums struct {
	items    []string
	n, t, tt int64
	x, xx    []int64 // of each item
}

// Add takes one person's test in. It puts the items in the order of their ids.
func (s *Tests) Add(form string, test []Answered) {
	if s.items == nil {
		s.items, s.forms = map[string]*itemSums{}, map[string]map[string]*setSums{}
	}
	slices.SortFunc(test, func(a, b Answered) int { return cmp.Compare(a.Item, b.Item) })
	total := int64(0)
	for _, a := range test {
		total += a.Marks
	}
	for _, a := range test {
		s.item(a.Item).add(a, total)
	}
	s.set(form, test).add(test, total)
}

func (s *Tests) item(id string) *itemSums {
	sums, ok := s.items[id]
	if !ok {
		sums = &itemSums{options: map[string]int64{}}
		s.items[id] = sums
	}
	return sums
}

func (s *itemSums) add(a Answered, total int64) {
	s.n++
	s.x += a.Marks
	s.xx += a.Marks * a.Marks
	s.t += total
	s.tt += total * total
	s.xt += a.Marks * total
	if len(a.Chosen) == 0 {
		s.omitted++
	}
	for _, option := range a.Chosen {
		s.options[option]++
	}
}

func (s *Tests) set(form string, test []Answered) *setSums {
	ids := make([]string, len(test))
	for i, a := range test {
		ids[i] = a.Item
	}
	if s.forms[form] == nil {
		s.forms[form] = map[string]*setSums{}
	}
	name := strings.Join(ids, " ")
	sums, ok := s.forms[form][name]
	if !ok {
		sums = &setSums{items: ids, x: make([]int64, len(ids)), xx: make([]int64, len(ids))}
		s.forms[form][name] = sums
	}
	return sums
}

func (s *setSums) add(test []Answered, total int64) {
	s.n++
	s.t += total
	s.tt += total * total
	for i, a := range test {
		s.x[i] += a.Marks
		s.xx[i] += a.Marks * a.Marks
	}
}

// spread is n² times the variance of n whole numbers with the sum and the sum of squares.
func spread(n, sum, squares int64) float64 { return float64(n*squares - sum*sum) }

// Items lists the ids of the items that were met, sorted.
func (s *Tests) Items() []string { return slices.Sorted(maps.Keys(s.items)) }

// Forms lists the forms that were met, sorted.
func (s *Tests) Forms() []string { return slices.Sorted(maps.Keys(s.forms)) }

// ItemRow is what an item report says of one item.
type ItemRow struct {
	Item     string   `json:"item"`
	N        int64    `json:"n"`
	Facility *float64 `json:"facility"` // share of the marks, 0 to 1
	// Discrimination is 100 times the correlation of the item with the rest of the test.
	Discrimination  *float64         `json:"discrimination_index"`
	RestCorrelation *float64         `json:"rest_correlation"`
	Omitted         int64            `json:"omitted"`
	Options         map[string]int64 `json:"options"`
	// Rasch is nil in a report of classical statistics.
	Rasch   *Rasch  `json:"rasch"`
	Reasons Reasons `json:"reasons"`
}

// Rasch is an item's difficulty in logits with its standard error, and how well the item fits the
// model.
type Rasch struct {
	B      float64 `json:"b"`
	SE     float64 `json:"se"`
	Infit  float64 `json:"infit"`
	Outfit float64 `json:"outfit"`
}

// The reasons of item reports.
const (
	Nobody      Reason = "nobody"        // nobody took the test
	OnePerson   Reason = "one_person"    // one test has no spread
	OneItem     Reason = "one_item"      // one item has nothing to agree with
	ItemsDiffer Reason = "items_differ"  // versions of the form had other items
	NotModelled Reason = "not_estimated" // no model was fitted
)

// Item returns the row of an item; options names those that it offers, so that one chosen by nobody
// has its 0.
func (s *Tests) Item(id string, options []string) ItemRow {
	row := ItemRow{Item: id, Options: map[string]int64{}, Reasons: Reasons{"rasch": NotModelled}}
	for _, option := range options {
		row.Options[option] = 0
	}
	sums, ok := s.items[id]
	if !ok {
		row.Reasons.add(Nobody, "facility", "discrimination_index", "rest_correlation")
		return row
	}
	maps.Copy(row.Options, sums.options)
	row.N, row.Omitted = sums.n, sums.omitted
	row.Facility = figure(float64(sums.x) / float64(sums.n))
	r, why := sums.restCorrelation()
	if why != "" {
		row.Reasons.add(why, "discrimination_index", "rest_correlation")
		return row
	}
	row.RestCorrelation, row.Discrimination = figure(r), figure(100*r)
	return row
}

// restCorrelation is that of the marks on the item with those on the rest of the test.
func (s *itemSums) restCorrelation() (float64, Reason) {
	if s.n == 1 {
		return 0, OnePerson
	}
	rest, restSquares := s.t-s.x, s.tt-2*s.xt+s.xx
	covariance := float64(s.n*(s.xt-s.xx) - s.x*rest)
	product := spread(s.n, s.x, s.xx) * spread(s.n, rest, restSquares)
	if product == 0 {
		return 0, NoSpread
	}
	return covariance / math.Sqrt(product), ""
}

// FormRow is what an item report says of one form. Mean, SD and SEM are of scores from 0 to 100.
type FormRow struct {
	Form    string   `json:"form"`
	N       int64    `json:"n"`
	Mean    *float64 `json:"mean"`
	SD      *float64 `json:"sd"`
	Alpha   *float64 `json:"alpha"` // Cronbach's; with marks of 0 and 1 it is KR-20
	SEM     *float64 `json:"sem"`   // standard error of one score
	Reasons Reasons  `json:"reasons"`
}

// Form returns the row of a form.
func (s *Tests) Form(id string) FormRow {
	row := FormRow{Form: id, Reasons: Reasons{}}
	sets := s.forms[id]
	names := slices.Sorted(maps.Keys(sets))
	var scores tally.Moments
	for _, name := range names {
		row.N += sets[name].n
		scores.Mean += sets[name].mean() * float64(sets[name].n)
	}
	if row.N == 0 {
		row.Reasons.add(Nobody, "mean", "sd", "alpha", "sem")
		return row
	}
	scores.Mean /= float64(row.N)
	for _, name := range names {
		apart := sets[name].mean() - scores.Mean
		scores.M2 += sets[name].m2() + float64(sets[name].n)*apart*apart
	}
	row.Mean = figure(scores.Mean)
	sd, ok := scores.SD(row.N)
	if !ok {
		row.Reasons.add(OnePerson, "sd", "alpha", "sem")
		return row
	}
	row.SD = figure(sd)
	if len(names) > 1 {
		row.Reasons.add(ItemsDiffer, "alpha", "sem")
		return row
	}
	alpha, why := sets[names[0]].alpha()
	if why != "" {
		row.Reasons.add(why, "alpha", "sem")
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
func (s *setSums) alpha() (float64, Reason) {
	if len(s.items) < 2 {
		return 0, OneItem
	}
	whole := spread(s.n, s.t, s.tt)
	if whole == 0 {
		return 0, NoSpread
	}
	single := 0.0
	for i := range s.items {
		single += spread(s.n, s.x[i], s.xx[i])
	}
	k := float64(len(s.items))
	return k / (k - 1) * (1 - single/whole), ""
}
