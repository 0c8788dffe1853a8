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

// checkPlaced places forms on the sets and looks for figures that are none.
func checkPlaced(t *rapid.T, sets []rasch.Set) {
	var forms []rasch.Form
	for i, set := range sets {
		forms = append(forms, rasch.Form{ID: fmt.Sprint(i), Items: set.Items, Sets: []rasch.Set{set}})
	}
	for _, p := range rasch.Place(forms) {
		if p.Comparable() != (p.Link.Why == "") {
			t.Fatalf("form %s is comparable %v for the reason %q", p.ID, p.Comparable(), p.Link.Why)
		}
		last := rasch.Score{Ability: rasch.Ability{Theta: math.Inf(-1)}}
		for i, s := range p.Scores {
			if !finite(s.Theta, s.SE, s.Points) || s.Theta < last.Theta || s.Points < last.Points {
				t.Fatalf("form %s, %d right: %+v after %+v", p.ID, i, s, last)
			}
			last = s
		}
		e := p.Effect
		if !finite(e.Logits, e.SE, e.Points, e.Lo, e.Hi, p.Link.Shift) || e.Lo > e.Points || e.Points > e.Hi {
			t.Fatalf("form %s has the effect %+v", p.ID, e)
		}
	}
}

// TestWarmByHand solves Warm's equation for one item, score − p + (1 − 2p)/2 = 0: p is 1/4 where it is
// wrong and 3/4 where it is right. Of two like items with one right p is 1/2.
func TestWarmByHand(t *testing.T) {
	one := rasch.Abilities([]float64{0.5})
	for score, want := range []float64{0.5 - math.Log(3), 0.5 + math.Log(3)} {
		se := 1 / math.Sqrt(3.0/16)
		if math.Abs(one[score].Theta-want) > 1e-12 || math.Abs(one[score].SE-se) > 1e-12 {
			t.Errorf("%d of one right = %+v, want %v ± %v", score, one[score], want, se)
		}
	}
	if two := rasch.Abilities([]float64{-1, -1}); math.Abs(two[1].Theta+1) > 1e-12 ||
		math.Abs(two[1].SE-math.Sqrt2) > 1e-12 {
		t.Errorf("one of two right = %+v, want −1 ± √2", two[1])
	}
}

// TestWarmHasLessBias has many people of one ability take a test: the mean of Warm's estimates is
// nearer to it than that of the abilities at which the scores are expected.
func TestWarmHasLessBias(t *testing.T) {
	items := spread(rand.New(rand.NewPCG(1, 1)), 10, 1)
	for _, truth := range []float64{-1.5, 0, 1.5} {
		warm, plain := 0.0, 0.0
		for score, p := range chances(items, truth) {
			warm += p * rasch.Abilities(items)[score].Theta
			plain += p * rasch.AbilityOf(items, min(max(float64(score), 0.25), float64(len(items))-0.25))
		}
		if math.Abs(warm-truth) > 0.06 || math.Abs(warm-truth) > math.Abs(plain-truth)+0.02 {
			t.Errorf("at %v the mean is %v, of the plain ones %v", truth, warm, plain)
		}
	}
}

// chances of each score, by adding up all patterns.
func chances(items []float64, ability float64) []float64 {
	all := make([]float64, len(items)+1)
	for pattern := range 1 << len(items) {
		score, chance := 0, 1.0
		for i, right := range bits(pattern, len(items)) {
			p := 1 / (1 + math.Exp(items[i]-ability))
			if right {
				score, chance = score+1, chance*p
			} else {
				chance *= 1 - p
			}
		}
		all[score] += chance
	}
	return all
}

// twoForms are forms with eight items of their own and six anchors; the second is harder by so much, and its anchors
// are off by the given drifts.
func twoForms(rng *rand.Rand, n int, harder float64, drifts ...float64) []rasch.Form {
	anchors, own := ids("j", 6), ids("", 8)
	base := spread(rng, 6, 0.8)
	level := spread(rng, 8, 0.8)
	form := func(id string, mean, shift float64, drifts []float64) rasch.Form {
		items, b := slices.Clone(anchors), slices.Clone(base)
		for i, drift := range drifts {
			b[i] += drift
		}
		for i, name := range own {
			items, b = append(items, id+name), append(b, level[i]+shift)
		}
		return rasch.Form{ID: id, Items: items, Sets: []rasch.Set{simulate(rng, items, b, n, mean, 1)}}
	}
	return []rasch.Form{form("A", 0, 0, nil), form("B", 0.6, harder, drifts)}
}

// TestLinkIsAsSureAsItSays links many pairs of forms: the standardised errors of the form effect, whose
// truth is known, must behave as such.
func TestLinkIsAsSureAsItSays(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	const rounds, harder = 60, 0.7
	squares, inside := 0.0, 0
	truth := harder * 8 / 14 // of the mean difficulty
	for range rounds {
		placed := rasch.Place(twoForms(rng, 400, harder))
		e := placed[1].Effect
		if !placed[1].Comparable() {
			t.Fatalf("not linked: %+v", placed[1].Link)
		}
		z := (e.Logits - truth) / e.SE
		squares += z * z / rounds
		if math.Abs(z) < 1.96 {
			inside++
		}
		if e.Points < 2 || e.Points > 14 || e.Lo > e.Points || e.Hi < e.Points {
			t.Errorf("effect = %+v", e)
		}
	}
	if squares < 0.6 || squares > 1.6 || inside < rounds*85/100 {
		t.Errorf("standardised errors have a mean square of %v, %d of %d inside", squares, inside, rounds)
	}
}

func TestDriftedAnchorsAreNamed(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	tests := []struct {
		name    string
		drifts  []float64
		drifted []string // the worst first
		why     rasch.Reason
	}{
		{"all stay", nil, nil, ""},
		{"small drift stays", []float64{0.2}, nil, ""},
		{"one much harder", []float64{2}, []string{"j00"}, ""},
		{"one harder and one easier", []float64{0, 1.3, 0, -2.2}, []string{"j03", "j01"}, ""},
		{"too few stay", []float64{4, -4, 2, -2}, []string{"j00", "j01", "j02", "j03"}, rasch.TooFewAnchors},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			link := rasch.Place(twoForms(rng, 6000, 0.5, tt.drifts...))[1].Link
			var names []string
			for _, d := range link.Drifted {
				names = append(names, d.Item)
				if want := tt.drifts[slices.Index(ids("j", 6), d.Item)]; d.By*want < 0 {
					t.Errorf("%s drifted by %v, want the sign of %v", d.Item, d.By, want)
				}
			}
			slices.Sort(names)
			want := slices.Sorted(slices.Values(tt.drifted))
			if !slices.Equal(names, want) || link.Why != tt.why || len(link.Anchors)+len(names) != 6 {
				t.Errorf("drifted %v for %q with %v left, want %v for %q", names, link.Why, link.Anchors, tt.drifted, tt.why)
			}
			if len(tt.drifted) > 0 && tt.why == "" && link.Drifted[0].Item != tt.drifted[0] {
				t.Errorf("%s was taken out first, want %s", link.Drifted[0].Item, tt.drifted[0])
			}
		})
	}
}

func TestFormsThatCannotBeCompared(t *testing.T) {
	form := func(id string, set rasch.Set) rasch.Form {
		return rasch.Form{ID: id, Items: set.Items, Sets: []rasch.Set{set}}
	}
	a := form("A", patterns(ids("a", 5), lsat6))
	tests := []struct {
		name  string
		other rasch.Form
		want  rasch.Reason
	}{
		{"no anchors", form("B", patterns(ids("b", 5), lsat7)), rasch.NoAnchors},
		{"two anchors", form("B", patterns([]string{"a00", "a01", "b00", "b01", "b02"}, lsat6)), rasch.TooFewAnchors},
		{"few answers", form("B", patterns(ids("a", 5), lsat6[:16])), rasch.TooFewAnswers},
		{"nobody", rasch.Form{ID: "B", Items: ids("a", 5)}, rasch.TooFewAnswers},
		{"all alike", form("B", patterns(ids("a", 2), []int64{100, 0, 0, 100})), rasch.NotCalibrated},
		{"an item of the form that no test had",
			rasch.Form{ID: "B", Items: append(ids("a", 5), "new"), Sets: a.Sets}, rasch.TooFewAnswers},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			placed := rasch.Place([]rasch.Form{a, tt.other})
			if got := placed[1]; got.Link.Why != tt.want || got.Comparable() || got.Effect != (rasch.Effect{}) {
				t.Errorf("placed = %+v, want reason %q", got, tt.want)
			}
			if !placed[0].Comparable() {
				t.Errorf("the reference form is not comparable: %q", placed[0].Link.Why)
			}
		})
	}
	few := form("A", patterns(ids("a", 5), lsat6[:16]))
	unknown := rasch.Form{ID: "A", Items: append(ids("a", 5), "new"), Sets: a.Sets}
	for _, reference := range []rasch.Form{few, unknown} {
		if got := rasch.Place([]rasch.Form{reference, a})[1]; got.Comparable() || got.Link.Why != rasch.TooFewAnswers {
			t.Errorf("compared with a reference that few took: %+v", got)
		}
	}
}

// TestPointsOnTheReferenceFormAreTheScore: equating a form with itself changes nothing, and an equally
// hard form, the same but for the names of its own items, is worth the same.
func TestPointsOnTheReferenceFormAreTheScore(t *testing.T) {
	a := patterns(ids("a", 5), lsat6)
	b := patterns([]string{"a00", "a01", "a02", "b03", "b04"}, lsat6)
	placed := rasch.Place([]rasch.Form{{ID: "A", Items: a.Items, Sets: []rasch.Set{a}},
		{ID: "B", Items: b.Items, Sets: []rasch.Set{b}}})
	for _, p := range placed {
		for score, worth := range p.Scores {
			if want := 20 * float64(score); math.Abs(worth.Points-want) > 1e-9 {
				t.Errorf("form %s, %d of 5 right is %v points, want %v", p.ID, score, worth.Points, want)
			}
		}
	}
	if e := placed[1].Effect; math.Abs(e.Logits) > 1e-9 || math.Abs(e.Points) > 1e-9 {
		t.Errorf("a form that is equally hard has the effect %+v", e)
	}
}

// TestItemsSetAsideKeepTheirPlaceInTheScore has a form of four items of which all have one right, so
// that a score of 1 is as if nothing were known, and 0 is below it.
func TestItemsSetAsideKeepTheirPlaceInTheScore(t *testing.T) {
	set := patterns([]string{"a", "b", "c", "d"}, []int64{0, 0, 0, 0, 0, 0, 0, 0, 20, 20, 30, 20, 40, 30, 20, 20})
	p := rasch.Place([]rasch.Form{{ID: "A", Items: set.Items, Sets: []rasch.Set{set}}})[0]
	if p.Scale.Item("a").Why != rasch.AllRight || len(p.Scores) != 5 {
		t.Fatalf("placed = %+v", p)
	}
	if p.Scores[0].Theta != p.Scores[1].Theta || p.Scores[1].Theta >= p.Scores[2].Theta {
		t.Errorf("abilities are %+v", p.Scores)
	}
	for score, want := range []float64{0, 25, 50, 75, 100} {
		if math.Abs(p.Scores[score].Points-want) > 1e-9 {
			t.Errorf("%d right is %v points, want %v", score, p.Scores[score].Points, want)
		}
	}
}

// BenchmarkCalibrate counts a million answers to a form of thirty items, test by test, and calibrates
// the form.
func BenchmarkCalibrate(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	items := ids("", 30)
	difficulties := spread(rng, 30, 1)
	tests := make([][]bool, 1_000_000/30)
	for i := range tests {
		tests[i] = make([]bool, 30)
		ability := rng.NormFloat64()
		for j, d := range difficulties {
			tests[i][j] = rng.Float64() < 1/(1+math.Exp(d-ability))
		}
	}
	b.ResetTimer()
	for range b.N {
		set := rasch.NewSet(items)
		for _, right := range tests {
			set.Add(right, 1)
		}
		rasch.Calibrate([]rasch.Set{set})
	}
}
