package rasch_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/gain/rasch"
)

// The answers of 1,000 people to sections 6 and 7 of the Law School Admission Test, five items each,
// by response pattern from 00000 to 11111 (Bock and Lieberman 1970, Psychometrika 35, 179–197; the
// data set «bock» of the R package psych).
var (
	lsat6 = []int64{3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15,
		10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298}
	lsat7 = []int64{12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28,
		7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308}
)

// patterns counts how often each pattern of right answers came, from none to all, the first item
// being the highest bit.
func patterns(items []string, counts []int64) rasch.Set {
	set := rasch.NewSet(items)
	for pattern, n := range counts {
		set.Add(bits(pattern, len(items)), n)
	}
	return set
}

func bits(pattern, items int) []bool {
	right := make([]bool, items)
	for i := range right {
		right[i] = pattern>>(items-1-i)&1 == 1
	}
	return right
}

// ids are n items of the form.
func ids(form string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s%02d", form, i)
	}
	return all
}

// TestLSAT compares with published estimates, centred to sum to 0. Those are marginal (ability is
// normal): for section 6 a slope of 0.755 times the difficulties of Thissen (1982, Psychometrika 47,
// 175–186), for section 7 the easiness that the R package mirt prints for its data set LSAT7. Of
// Rasch items they and conditional ones estimate the same numbers. The conditional ones beside them
// were found by enumerating all patterns and climbing the slope.
func TestLSAT(t *testing.T) {
	tests := []struct {
		name                   string
		counts                 []int64
		published, conditional []float64
	}{
		{"section 6", lsat6, centred(-3.615*0.755, -1.322*0.755, -0.318*0.755, -1.730*0.755, -2.780*0.755),
			[]float64{-1.256128, 0.474906, 1.235984, 0.168411, -0.623172}},
		{"section 7", lsat7, centred(-1.868, -0.791, -1.461, -0.521, -1.993),
			[]float64{-0.541470, 0.536546, -0.133583, 0.805166, -0.666659}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			scale := rasch.Calibrate([]rasch.Set{patterns(ids("", 5), tt.counts)})
			for i, item := range scale.Items() {
				if item.Why != "" || math.Abs(item.B-tt.conditional[i]) > 1e-6 || math.Abs(item.B-tt.published[i]) > 0.003 {
					t.Errorf("item %d = %+v, want %v, published as %.3f", i+1, item, tt.conditional[i], tt.published[i])
				}
			}
		})
	}
}

func centred(b ...float64) []float64 {
	mean := 0.0
	for _, x := range b {
		mean += x / float64(len(b))
	}
	for i := range b {
		b[i] -= mean
	}
	return b
}

// TestTwoItemsByHand has 60 people with only the first of two items right and 40 with only the second,
// so that the difference of the difficulties is the logarithm of 60/40, with variance 1/60 + 1/40.
// Each such person is right on the first with a chance of 0.6, and both mean squares are 1.
func TestTwoItemsByHand(t *testing.T) {
	scale := rasch.Calibrate([]rasch.Set{patterns([]string{"a", "b"}, []int64{7, 40, 60, 5})})
	b, se := math.Log(1.5)/2, math.Sqrt(1.0/60+1.0/40)/2
	for id, want := range map[string]float64{"a": -b, "b": b} {
		got := scale.Item(id)
		if math.Abs(got.B-want) > 1e-9 || math.Abs(got.SE-se) > 1e-9 || math.Abs(got.Infit-1) > 1e-9 ||
			math.Abs(got.Outfit-1) > 1e-9 {
			t.Errorf("item %s = %+v, want %v ± %v with mean squares of 1", id, got, want, se)
		}
	}
}

func TestWithoutAnEstimate(t *testing.T) {
	three := []string{"a", "b", "c"}
	tests := []struct {
		name string
		sets []rasch.Set
		want map[string]rasch.Reason
	}{
		{"one person", []rasch.Set{patterns(three, []int64{0, 1})},
			map[string]rasch.Reason{"a": rasch.TooFewAnswers, "b": rasch.TooFewAnswers, "c": rasch.TooFewAnswers}},
		{"99 people", []rasch.Set{patterns(three, []int64{9, 20, 20, 10, 20, 10, 10})},
			map[string]rasch.Reason{"a": rasch.TooFewAnswers}},
		{"an item that all had right", []rasch.Set{patterns(three, []int64{0, 0, 0, 0, 10, 50, 40, 30})},
			map[string]rasch.Reason{"a": rasch.AllRight, "b": "", "c": ""}},
		{"an item that only those had wrong who had none right",
			[]rasch.Set{patterns(three, []int64{10, 0, 0, 0, 10, 50, 40, 30})},
			map[string]rasch.Reason{"a": rasch.AllRight, "b": "", "c": ""}},
		{"an item that nobody had right", []rasch.Set{patterns(three, []int64{10, 50, 60, 10})},
			map[string]rasch.Reason{"a": rasch.AllWrong, "b": "", "c": ""}},
		{"one item", []rasch.Set{patterns([]string{"a"}, []int64{70, 60})},
			map[string]rasch.Reason{"a": rasch.NotSeparable}},
		{"all or nothing", []rasch.Set{patterns(three, []int64{70, 0, 0, 0, 0, 0, 0, 60})},
			map[string]rasch.Reason{"a": rasch.NotSeparable, "b": rasch.NotSeparable, "c": rasch.NotSeparable}},
		{"nobody", nil, map[string]rasch.Reason{"a": rasch.TooFewAnswers}},
		{"two items that nobody has right before two others",
			[]rasch.Set{patterns([]string{"a", "b", "c", "d"}, []int64{0, 0, 0, 0, 30, 0, 0, 0, 40, 0, 0, 0, 10, 20, 30, 10})},
			map[string]rasch.Reason{"a": rasch.NotSeparable, "c": rasch.NotSeparable}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			scale := rasch.Calibrate(tt.sets)
			for id, want := range tt.want {
				if got := scale.Item(id); got.Why != want || (want != "" && (got.B != 0 || got.SE != 0)) {
					t.Errorf("item %s = %+v, want reason %q", id, got, want)
				}
			}
		})
	}
}

func TestFormsWithoutItemsInCommonAreParts(t *testing.T) {
	scale := rasch.Calibrate([]rasch.Set{patterns(ids("a", 5), lsat6), patterns(ids("b", 5), lsat7)})
	if scale.Parts() != 2 {
		t.Fatalf("%d parts, want 2", scale.Parts())
	}
	sums := []float64{0, 0}
	for _, item := range scale.Items() {
		sums[item.Part] += item.B
	}
	if math.Abs(sums[0]) > 1e-9 || math.Abs(sums[1]) > 1e-9 {
		t.Errorf("difficulties sum to %v, want 0 in each part", sums)
	}
	if got, want := scale.Item("b00").B, -0.541470; math.Abs(got-want) > 1e-6 {
		t.Errorf("an item of the second part = %v, want as if it were alone, %v", got, want)
	}
}

// simulate has n people of normal ability take a form.
func simulate(rng *rand.Rand, items []string, difficulties []float64, n int, mean, sd float64) rasch.Set {
	set, right := rasch.NewSet(items), make([]bool, len(items))
	for range n {
		ability := mean + sd*rng.NormFloat64()
		for i, b := range difficulties {
			right[i] = rng.Float64() < 1/(1+math.Exp(b-ability))
		}
		set.Add(right, 1)
	}
	return set
}

func spread(rng *rand.Rand, n int, sd float64) []float64 {
	b := make([]float64, n)
	for i := range b {
		b[i] = sd * rng.NormFloat64()
	}
	return b
}

// TestRecovery has two forms with anchors taken by groups of unlike ability, and a third of sixty items
// over a range of ten logits. Standardised errors must behave as such.
func TestRecovery(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 5))
	truth := map[string]float64{}
	set := func(items []string, n int, mean, sd float64) rasch.Set {
		b := make([]float64, len(items))
		for i, id := range items {
			if _, ok := truth[id]; !ok {
				truth[id] = sd * rng.NormFloat64()
			}
			b[i] = truth[id]
		}
		return simulate(rng, items, b, n, mean, 1)
	}
	anchors := ids("j", 6)
	tests := []struct {
		name string
		sets []rasch.Set
	}{
		{"two forms with anchors", []rasch.Set{set(append(ids("a", 20), anchors...), 4000, 0, 1),
			set(append(ids("b", 20), anchors...), 3000, 1.2, 1)}},
		{"sixty items", []rasch.Set{set(ids("s", 60), 4000, 0, 2.5)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			items := rasch.Calibrate(tt.sets).Items()
			middle := 0.0
			for _, item := range items {
				middle += truth[item.ID] / float64(len(items))
			}
			squares, noise := 0.0, 0.0
			for _, item := range items {
				z := (item.B - truth[item.ID] + middle) / item.SE
				if item.Why != "" || math.Abs(z) > 4 {
					t.Errorf("item %+v, want %v", item, truth[item.ID]-middle)
				}
				squares += z * z / float64(len(items))
				noise += math.Abs(item.Infit-1) / float64(len(items))
			}
			if squares < 0.5 || squares > 1.6 || noise > 0.05 {
				t.Errorf("standardised errors have a mean square of %v, mean squares of fit are off 1 by %v", squares, noise)
			}
		})
	}
}

// TestAMisfittingItemShows has an item that is answered by guessing.
func TestAMisfittingItemShows(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	set, right := rasch.NewSet(ids("", 12)), make([]bool, 12)
	for range 3000 {
		ability := 1.2 * rng.NormFloat64()
		for i := range right {
			right[i] = rng.Float64() < 1/(1+math.Exp(-ability))
		}
		right[0] = rng.Float64() < 0.5
		set.Add(right, 1)
	}
	for i, item := range rasch.Calibrate([]rasch.Set{set}).Items() {
		if odd := item.Infit > 1.1 && item.Outfit > 1.1; odd != (i == 0) {
			t.Errorf("item %d has mean squares of %.2f and %.2f", i, item.Infit, item.Outfit)
		}
	}
}

// enumerated climbs the conditional likelihood of one set by its definition: the chance of a pattern
// among all patterns with as many right.
func enumerated(items int, counts []int64) []float64 {
	b := make([]float64, items)
	for range 20_000 {
		slope, most := make([]float64, items), 0.0
		for score := 1; score < items; score++ {
			n, whole, weights := 0.0, 0.0, make([]float64, items)
			for pattern, count := range counts {
				right := bits(pattern, items)
				number, weight := 0, 0.0
				for i, ok := range right {
					if ok {
						number, weight = number+1, weight-b[i]
					}
				}
				if number != score {
					continue
				}
				n, whole = n+float64(count), whole+math.Exp(weight)
				for i, ok := range right {
					if ok {
						weights[i] += math.Exp(weight)
						slope[i] -= float64(count)
					}
				}
			}
			for i := range slope {
				slope[i] += n * weights[i] / whole
			}
			most += n
		}
		for i := range b {
			b[i] += slope[i] / most
		}
	}
	return centred(b...)
}

func TestEstimatesAreThoseOfTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.IntRange(2, 4).Draw(t, "items")
		counts := rapid.SliceOfN(rapid.Int64Range(30, 90), 1<<items, 1<<items).Draw(t, "counts")
		want := enumerated(items, counts)
		for i, item := range rasch.Calibrate([]rasch.Set{patterns(ids("", items), counts)}).Items() {
			if item.Why != "" || math.Abs(item.B-want[i]) > 1e-6 {
				t.Fatalf("item %d = %+v, want %v", i, item, want[i])
			}
		}
	})
}

// TestEveryItemHasAnEstimateOrAReason draws designs and answers of all kinds, sparse ones above all.
func TestEveryItemHasAnEstimateOrAReason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sets []rasch.Set
		for range rapid.IntRange(0, 3).Draw(t, "sets") {
			first := rapid.IntRange(0, 4).Draw(t, "first")
			set := rasch.NewSet(ids("", 12)[first : first+rapid.IntRange(1, 7).Draw(t, "items")])
			for range rapid.IntRange(0, 6).Draw(t, "patterns") {
				pattern := rapid.IntRange(0, 1<<len(set.Items)-1).Draw(t, "pattern")
				set.Add(bits(pattern, len(set.Items)), rapid.Int64Range(1, 200).Draw(t, "n"))
			}
			sets = append(sets, set)
		}
		scale := rasch.Calibrate(sets)
		for _, item := range scale.Items() {
			known := item.SE > 0 && item.Infit > 0 && item.Outfit > 0
			if known != (item.Why == "") || !finite(item.B, item.SE, item.Infit, item.Outfit) {
				t.Fatalf("item = %+v", item)
			}
		}
		slices.Reverse(sets)
		again := rasch.Calibrate(sets)
		for i, item := range scale.Items() {
			if other := again.Items()[i]; other.Why != item.Why || math.Abs(other.B-item.B) > 1e-6 {
				t.Fatalf("in another order %+v, want %+v", other, item)
			}
		}
		checkPlaced(t, sets)
	})
}

func finite(xs ...float64) bool {
	return !slices.ContainsFunc(xs, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
}
