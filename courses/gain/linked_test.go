package gain_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/gain"
	"melek/courses/gain/rasch"
	"melek/courses/record"
	"melek/courses/tally"
)

// worthByHand has two forms of two items: of the second one right is worth 60 points and not 50.
func worthByHand(se float64) map[string]gain.Worth {
	a := gain.Worth{Scores: []gain.Score{{Theta: -2}, {Points: 50}, {Points: 100, Theta: 2}}}
	b := gain.Worth{Scores: []gain.Score{{Theta: -1}, {Points: 60, Theta: 1, Slope: 20}, {Points: 100, Theta: 3}}, SE: se}
	return map[string]gain.Worth{"A": a, "B": b}
}

func pairCell(pre, post, most int) string {
	return tally.Standing{Pre: &record.Marks{Raw: float64(pre), Max: float64(most)},
		Post: &record.Marks{Raw: float64(post), Max: float64(most)}, Matched: true}.Cell()
}

// TestLinkedByHand has three people who took A and then B: 0→1, 0→2 and 1→1, and one who took B and
// then A: 1→2. They gained 60, 100, 10 and 40 points, and 3, 5, 1 and 1 logits. Were B a logit harder
// by an error of its link of 0.1, the gains in points would change by 20·(1 + 1 − 1)/4 · 0.1 in the
// mean, and those in logits by (3 − 1)/4 · 0.1.
func TestLinkedByHand(t *testing.T) {
	of := func(se float64) gain.Linked {
		var v gain.LinkedVillage
		worth := worthByHand(se)
		for _, c := range []struct {
			pre, post string
			cells     map[string]int64
		}{
			{"A", "B", map[string]int64{pairCell(0, 1, 2): 1, pairCell(0, 2, 2): 1, pairCell(1, 1, 2): 1, pairCell(1, 1, 3): 7,
				"||": 3, "1/2||c": 5}},
			{"B", "A", map[string]int64{pairCell(1, 2, 2): 1}},
			{"A", "C", map[string]int64{pairCell(1, 2, 2): 9}},
		} {
			if err := v.Add(c.pre, c.post, worth, c.cells); err != nil {
				t.Fatal(err)
			}
		}
		var g gain.LinkedGroup
		g.Add(v)
		return g.Linked()
	}
	sure, unsure := of(0), of(0.1)
	if sure.N != 4 {
		t.Fatalf("n = %d, want 4", sure.N)
	}
	near(t, "gain_mean", sure.GainMean, 52.5, 1e-12)
	near(t, "logits_mean", sure.LogitsMean, 2.5, 1e-12)
	half := func(ci *gain.Interval) float64 { return (ci[1] - ci[0]) / 2 }
	const z = 1.959963984540054
	points, logits := math.Hypot(half(sure.GainCI95), z*0.1*20/4), math.Hypot(half(sure.LogitsCI95), z*0.1*2/4)
	if got := half(unsure.GainCI95); math.Abs(got-points) > 1e-9 {
		t.Errorf("half the interval in points = %v, want %v", got, points)
	}
	if got := half(unsure.LogitsCI95); math.Abs(got-logits) > 1e-9 {
		t.Errorf("half the interval in logits = %v, want %v", got, logits)
	}
	d := []float64{60, 100, 10, 40}
	mean, sd := moments(d)
	nearInterval(t, "gain_ci95", sure.GainCI95, mean-3.182446305*sd/2, mean+3.182446305*sd/2, 1e-6)
}

func TestLinkedOfFew(t *testing.T) {
	var nobody, one gain.LinkedGroup
	var v gain.LinkedVillage
	if err := v.Add("A", "B", worthByHand(0.1), map[string]int64{pairCell(0, 1, 2): 1}); err != nil {
		t.Fatal(err)
	}
	one.Add(v)
	if l := nobody.Linked(); l.GainMean != nil || l.Reasons["gain_mean"] != gain.NoPairs {
		t.Errorf("nobody gained %+v", l)
	}
	if l := one.Linked(); *l.GainMean != 60 || l.GainCI95 != nil || l.Reasons["gain_ci95"] != gain.OnePair {
		t.Errorf("one gained %+v", l)
	}
	if err := v.Add("A", "B", worthByHand(0.1), map[string]int64{"unreadable": 1}); err == nil {
		t.Error("a cell that cannot be read is no error")
	}
}

func TestLinkedHasNoFigureThatIsNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g gain.LinkedGroup
		for range rapid.IntRange(0, 4).Draw(t, "villages") {
			var v gain.LinkedVillage
			cells := map[string]int64{}
			for range rapid.IntRange(0, 4).Draw(t, "people") {
				cells[pairCell(rapid.IntRange(0, 3).Draw(t, "pre"), rapid.IntRange(0, 3).Draw(t, "post"), 2)]++
			}
			forms := []string{"A", "B", "C"}
			pre, post := rapid.SampledFrom(forms).Draw(t, "pre form"), rapid.SampledFrom(forms).Draw(t, "post form")
			if err := v.Add(pre, post, worthByHand(rapid.Float64Range(0, 1).Draw(t, "se")), cells); err != nil {
				t.Fatal(err)
			}
			g.Add(v)
		}
		raw, err := json.Marshal(g.Linked())
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]any
		if err := json.Unmarshal(raw, &fields); err != nil {
			t.Fatal(err)
		}
		reasons, _ := fields["reasons"].(map[string]any)
		for name, value := range fields {
			if _, ok := reasons[name]; ok != (value == nil) {
				t.Fatalf("%s is %v in %s", name, value, raw)
			}
		}
	})
}

// regencies is how many are simulated below; more say more and take longer.
const regencies = 20

// simulated is one regency: people within villages within kecamatan, half the villages taking form A
// first and half form B, whose own items are 0.9 logits harder; some leave after the pre-test, whatever
// they had.
type simulated struct {
	truth  []float64 // by kecamatan: the gain in points on form A, of its villages and people beyond number
	raw    []gain.Group
	linked []gain.LinkedGroup
}

// The simulated design.
const (
	districts, villages, perVillage = 8, 12, 9
	own, anchors                    = 8, 4
	harder                          = 0.9
)

func difficulties(rng *rand.Rand) (a, b []float64) {
	for i := range own + anchors {
		d := 0.8 * rng.NormFloat64()
		a = append(a, d)
		if i >= anchors {
			d = 0.8*rng.NormFloat64() + harder
		}
		b = append(b, d)
	}
	return a, b
}

func names(form string) []string {
	all := make([]string, own+anchors)
	for i := range all {
		all[i] = fmt.Sprintf("j%02d", i)
		if i >= anchors {
			all[i] = fmt.Sprintf("%s%02d", form, i)
		}
	}
	return all
}

// simulate draws a regency. All kecamatan gain about 0.8 logits, some more and some less; in which of
// its villages which form comes first is drawn, so that few kecamatan are balanced.
func simulate(t *testing.T, rng *rand.Rand) simulated {
	b := map[string][]float64{}
	b["A"], b["B"] = difficulties(rng)
	sets := map[string]*rasch.Set{"A": new(rasch.NewSet(names("A"))), "B": new(rasch.NewSet(names("B")))}
	take := func(form string, ability float64) int {
		right, score := make([]bool, own+anchors), 0
		for i, d := range b[form] {
			if right[i] = rng.Float64() < 1/(1+math.Exp(d-ability)); right[i] {
				score++
			}
		}
		sets[form].Add(right, 1)
		return score
	}
	s := simulated{}
	type tested struct {
		district, village int
		pre, post         string
		cells             map[string]int64
	}
	var all []tested
	for d := range districts {
		level, growth := -0.3+0.3*rng.NormFloat64(), 0.8+0.25*rng.NormFloat64()
		s.truth = append(s.truth, expectedGain(rng, b["A"], level, growth))
		for v := range villages {
			level, growth := level+0.3*rng.NormFloat64(), growth+0.15*rng.NormFloat64()
			forms := []string{"A", "B"}
			if rng.IntN(2) == 1 {
				slices.Reverse(forms)
			}
			own := tested{d, v, forms[0], forms[1], map[string]int64{}}
			for range perVillage {
				ability := level + 0.8*rng.NormFloat64()
				pre := take(forms[0], ability)
				if rng.Float64() < 0.25 {
					continue
				}
				own.cells[pairCell(pre, take(forms[1], ability+growth+0.3*rng.NormFloat64()), len(b["A"]))]++
			}
			all = append(all, own)
		}
	}
	placed := rasch.Place([]rasch.Form{{ID: "A", Items: names("A"), Sets: []rasch.Set{*sets["A"]}},
		{ID: "B", Items: names("B"), Sets: []rasch.Set{*sets["B"]}}})
	worth := map[string]gain.Worth{}
	for _, p := range placed {
		if !p.Comparable() {
			t.Fatalf("form %s is not comparable: %s", p.ID, p.Link.Why)
		}
		w := gain.Worth{SE: p.Effect.SE}
		for _, score := range p.Scores {
			w.Scores = append(w.Scores, gain.Score{Points: score.Points, Theta: score.Theta, Slope: score.Slope})
		}
		worth[p.ID] = w
	}
	s.raw, s.linked = make([]gain.Group, districts), make([]gain.LinkedGroup, districts)
	for _, own := range all {
		figures, err := tally.Of(own.cells, 70)
		if err != nil {
			t.Fatal(err)
		}
		s.raw[own.district].Add(figures)
		var v gain.LinkedVillage
		if err := v.Add(own.pre, own.post, worth, own.cells); err != nil {
			t.Fatal(err)
		}
		s.linked[own.district].Add(v)
	}
	return s
}

// expectedGain is the mean gain of a kecamatan in points on the form, over villages and people beyond
// number.
func expectedGain(rng *rand.Rand, form []float64, level, growth float64) float64 {
	const draws = 4000
	sum := 0.0
	for range draws {
		before := level + math.Hypot(0.3, 0.8)*rng.NormFloat64()
		after := before + growth + math.Hypot(0.15, 0.3)*rng.NormFloat64()
		sum += rasch.Expected(form, after) - rasch.Expected(form, before)
	}
	return 100 * sum / draws / float64(len(form))
}

// TestLinkedGainsHoldTheTruth simulates regencies with two forms of unequal difficulty. On the linked scale
// there is next to no bias and the intervals hold the truth as often as they say. Raw scores are farther off:
// their t interval holds the truth far too seldom, and that with villages as clusters, to which the order of
// the forms looks like a difference between villages, only by being much wider.
func TestLinkedGainsHoldTheTruth(t *testing.T) {
	rng := rand.New(rand.NewPCG(2026, 11))
	var n, bias, inside, off, width, rawInside, rawOff, rawWidth float64
	for range regencies {
		s := simulate(t, rng)
		for d, truth := range s.truth {
			l, raw := s.linked[d].Linked(), s.raw[d].Row("", "", 10)
			if l.N < 20 {
				continue
			}
			n++
			bias += *l.GainMean - truth
			off += math.Abs(*l.GainMean - truth)
			rawOff += math.Abs(*raw.GainMean - truth)
			width += l.GainCI95[1] - l.GainCI95[0]
			rawWidth += raw.GainCI95[1] - raw.GainCI95[0]
			if l.GainCI95[0] <= truth && truth <= l.GainCI95[1] {
				inside++
			}
			if raw.GainCI95T[0] <= truth && truth <= raw.GainCI95T[1] {
				rawInside++
			}
		}
	}
	if n < 0.9*districts*regencies {
		t.Fatalf("only %v kecamatan have 20 pairs", n)
	}
	if math.Abs(bias/n) > 1 {
		t.Errorf("bias of %v points on the linked scale", bias/n)
	}
	if inside/n < 0.9 {
		t.Errorf("%v of the intervals hold the truth", inside/n)
	}
	if rawInside/n > 0.9 || rawOff < 1.2*off || rawWidth < 1.2*width {
		t.Errorf("raw scores do as well: %v inside, off by %v and not %v, intervals of %v and not %v", rawInside/n,
			rawOff/n, off/n, rawWidth/n, width/n)
	}
}
