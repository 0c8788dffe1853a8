package gain_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/gain"
	"melek/courses/record"
	"melek/courses/tally"
)

// cellsOf are the cells of matched people with the scores.
func cellsOf(pairs ...pair) map[string]int64 {
	cells := map[string]int64{}
	for _, p := range pairs {
		s := tally.Standing{Pre: &record.Marks{Raw: p.pre, Max: 100}, Post: &record.Marks{Raw: p.post, Max: 100},
			Matched: true}
		cells[s.Cell()]++
	}
	return cells
}

func sampleOf(t interface{ Fatal(...any) }, pairs ...pair) *gain.Sample {
	s := &gain.Sample{}
	if err := s.Add("", cellsOf(pairs...)); err != nil {
		t.Fatal(err)
	}
	return s
}

// paired puts two rows of scores side by side.
func paired(pre, post []float64) []pair {
	pairs := make([]pair, len(pre))
	for i := range pre {
		pairs[i] = pair{pre[i], post[i]}
	}
	return pairs
}

// TestWilcoxonsDepression has the depression scale factors of nine patients at the first and the second visit
// (Hollander, Wolfe and Chicken 2014, «Nonparametric Statistical Methods», table 3.1). The sum of the ranks
// that fell is 40, with a one-sided p of 0.0195.
func TestWilcoxonsDepression(t *testing.T) {
	first := []float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}
	second := []float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29}
	p, why := sampleOf(t, paired(first, second)...).Wilcoxon()
	if why != "" || math.Abs(p-2*10.0/512) > 1e-12 {
		t.Errorf("p = %v (%s), want 20/512 = 0.0391", p, why)
	}
}

// TestWilcoxonsSleep: of Student's ten people nine slept more with the second drug and one the same, so that
// the two outermost of 2⁹ assignments of signs are as far out.
func TestWilcoxonsSleep(t *testing.T) {
	first := []float64{0.7, 1.6, 0.2, 1.2, 0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	second := []float64{1.9, 2.8, 1.5, 2.5, 0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	if p, why := sampleOf(t, paired(first, second)...).Wilcoxon(); why != "" || math.Abs(p-2.0/512) > 1e-12 {
		t.Errorf("p = %v (%s), want 2/512", p, why)
	}
}

// TestWilcoxonOfManyIsNearlyExact compares the approximation for 60 people with the counted distribution of
// rank sums without ties.
func TestWilcoxonOfManyIsNearlyExact(t *testing.T) {
	const n = 60
	ways := []float64{1}
	for rank := 1; rank <= n; rank++ {
		next := make([]float64, len(ways)+rank)
		for sum, w := range ways {
			next[sum], next[sum+rank] = next[sum]+w/2, next[sum+rank]+w/2
		}
		ways = next
	}
	for down := range 25 { // the people with the smallest changes fell, but every third of them
		var pairs []pair
		sum := 0
		for rank := 1; rank <= n; rank++ {
			change := float64(rank) / 2
			if rank <= 2*down && rank%3 > 0 {
				change = -change
			} else {
				sum += rank
			}
			pairs = append(pairs, pair{50, 50 + change})
		}
		var high float64
		for _, w := range ways[sum:] {
			high += w
		}
		p, _ := sampleOf(t, pairs...).Wilcoxon()
		if want := min(1, 2*min(high, 1-high)); math.Abs(p-want) > 0.003 {
			t.Errorf("rank sum %d: p = %.4f, want %.4f", sum, p, want)
		}
	}
}

// TestAnorexia has the weights of 72 girls before and after treatment (Hand and others 1994, «A
// Handbook of Small Data Sets», set 285; MASS::anorexia). Paired t intervals as R's t.test tells them;
// they are published for the family treatment in Everitt 1994: a mean gain of 7.26 pounds, t = 4.185.
func TestAnorexia(t *testing.T) {
	tests := []struct {
		treatment    string
		pre, post    []float64
		mean, sd, tt float64
	}{
		{"control", []float64{80.7, 89.4, 91.8, 74.0, 78.1, 88.3, 87.3, 75.1, 80.6, 78.4, 77.6, 88.7, 81.3, 78.1, 70.5,
			77.3, 85.2, 86.0, 84.1, 79.7, 85.5, 84.4, 79.6, 77.5, 72.3, 89.0},
			[]float64{80.2, 80.1, 86.4, 86.3, 76.1, 78.1, 75.1, 86.7, 73.5, 84.6, 77.4, 79.5, 89.6, 81.4, 81.8, 77.3,
				84.2, 75.4, 79.5, 73.0, 88.3, 84.7, 81.4, 81.2, 88.2, 78.8}, -0.45, 7.988705, -0.2872},
		{"cognitive", []float64{80.5, 84.9, 81.5, 82.6, 79.9, 88.7, 94.9, 76.3, 81.0, 80.5, 85.0, 89.2, 81.3, 76.5, 70.0,
			80.4, 83.3, 83.0, 87.7, 84.2, 86.4, 76.5, 80.2, 87.8, 83.3, 79.7, 84.5, 80.8, 87.4},
			[]float64{82.2, 85.6, 81.4, 81.9, 76.4, 103.6, 98.4, 93.4, 73.4, 82.1, 96.7, 95.3, 82.4, 72.5, 90.9, 71.3,
				85.4, 81.6, 89.1, 83.9, 82.7, 75.7, 82.6, 100.4, 85.2, 83.6, 84.6, 96.2, 86.7}, 3.006897, 7.308504, 2.2156},
		{"family", []float64{83.8, 83.3, 86.0, 82.5, 86.7, 79.6, 76.9, 94.2, 73.4, 80.5, 81.6, 82.1, 77.6, 83.5, 89.9,
			86.0, 87.3},
			[]float64{95.2, 94.3, 91.5, 91.9, 100.3, 76.7, 76.8, 101.6, 94.9, 75.2, 77.8, 95.5, 90.7, 92.5, 93.8, 91.7,
				98.0}, 7.264706, 7.157421, 4.1849},
	}
	for _, tt := range tests {
		t.Run(tt.treatment, func(t *testing.T) {
			row := group(village(paired(tt.pre, tt.post)...)).Row("", "", 10)
			near(t, "gain_mean", row.GainMean, tt.mean, 1e-6)
			near(t, "gain_sd", row.GainSD, tt.sd, 1e-6)
			near(t, "t", new(*row.DZ*math.Sqrt(float64(len(tt.pre)))), tt.tt, 1e-4)
		})
	}
}

func TestHakeIntervalHoldsG(t *testing.T) {
	var pairs []pair
	for i := range 40 {
		pairs = append(pairs, pair{float64(30 + i%5*10), float64(50 + i%7*5)})
	}
	s := sampleOf(t, pairs...)
	g := group(village(pairs...)).Row("", "", 10).HakeG
	ci, why := s.HakeInterval()
	if why != "" || ci[0] >= *g || ci[1] <= *g {
		t.Fatalf("interval %v (%s) of g = %v", ci, why, *g)
	}
	// g is nearly normal here, so the interval is about that of the delta method, whose half width is
	// 1.96 standard errors.
	if again, _ := sampleOf(t, pairs...).HakeInterval(); again != ci {
		t.Errorf("the same people have the intervals %v and %v", ci, again)
	}
}

// TestWorkshopsAreDrawnWhole: people of one workshop who all gained alike say no more than the workshop does.
func TestWorkshopsAreDrawnWhole(t *testing.T) {
	whole, alone := &gain.Sample{}, &gain.Sample{}
	for w := range 6 {
		var pairs []pair
		for range 20 {
			pairs = append(pairs, pair{40, float64(45 + 8*w)})
		}
		for s, id := range map[*gain.Sample]string{whole: fmt.Sprint("w", w), alone: ""} {
			if err := s.Add(id, cellsOf(pairs...)); err != nil {
				t.Fatal(err)
			}
		}
	}
	wide, _ := whole.HakeInterval()
	narrow, _ := alone.HakeInterval()
	if ratio := (wide[1] - wide[0]) / (narrow[1] - narrow[0]); ratio < 3 || ratio > 6 {
		t.Errorf("drawn whole the interval is %.1f times as wide, want about √20", ratio)
	}
}

// TestManyAlikeAreDrawnAsManyDifferent compares the two ways of drawing: people in many cells one by one,
// and the same number in few cells.
func TestManyAlikeAreDrawnAsManyDifferent(t *testing.T) {
	var few, many []pair
	for i := range 2000 {
		pre, post := float64(30+i%4*10), float64(50+i%3*15)
		few = append(few, pair{pre, post})
		many = append(many, pair{pre + float64(i)*1e-6, post})
	}
	a, _ := sampleOf(t, few...).HakeInterval()
	b, _ := sampleOf(t, many...).HakeInterval()
	if ratio := (a[1] - a[0]) / (b[1] - b[0]); ratio < 0.9 || ratio > 1.1 {
		t.Errorf("widths %v and %v differ", a[1]-a[0], b[1]-b[0])
	}
}

// TestDegenerateSamplesHaveReasons holds for any people: a figure is a number in its range, or there is a
// reason.
func TestDegenerateSamplesHaveReasons(t *testing.T) {
	score := rapid.SampledFrom([]float64{0, 25, 50, 99, 100})
	rapid.Check(t, func(t *rapid.T) {
		s := &gain.Sample{}
		for w := range rapid.IntRange(0, 4).Draw(t, "workshops") {
			pairs := make([]pair, rapid.IntRange(0, 5).Draw(t, "people"))
			for i := range pairs {
				pairs[i] = pair{score.Draw(t, "pre"), score.Draw(t, "post")}
			}
			id := fmt.Sprint("w", w)
			if w == 0 {
				id = ""
			}
			if err := s.Add(id, cellsOf(pairs...)); err != nil {
				t.Fatal(err)
			}
		}
		ci, why := s.HakeInterval()
		if why == "" && (math.IsNaN(ci[0]+ci[1]) || math.IsInf(ci[0]+ci[1], 0) || ci[0] > ci[1] || ci[1] > 1) {
			t.Fatalf("interval %v", ci)
		}
		p, why := s.Wilcoxon()
		if why == "" && !(p > 0 && p <= 1) {
			t.Fatalf("p = %v", p)
		}
		if s.N() == 0 && why != gain.NoPairs {
			t.Fatalf("nobody has p = %v", p)
		}
	})
	for _, tt := range []struct {
		name  string
		pairs []pair
		g, p  gain.Reason
	}{
		{"nobody", nil, gain.NoPairs, gain.NoPairs},
		{"one person", []pair{{40, 60}}, gain.OnePair, ""},
		{"perfect before", []pair{{100, 100}, {100, 90}}, gain.PreMean100, ""},
		{"one was not perfect", []pair{{100, 100}, {99, 100}}, gain.PreMean100, ""},
		{"nobody changed", []pair{{40, 40}, {60, 60}}, "", gain.NoChange},
	} {
		s := sampleOf(t, tt.pairs...)
		_, g := s.HakeInterval()
		_, p := s.Wilcoxon()
		if g != tt.g || p != tt.p {
			t.Errorf("%s: reasons %q and %q, want %q and %q", tt.name, g, p, tt.g, tt.p)
		}
	}
}

func BenchmarkPool(b *testing.B) {
	var villages []gain.Village
	for i := range 265 {
		own := []float64{float64(i % 17), float64(i % 5), 20, float64(i % 29)}
		villages = append(villages, gain.Village{District: fmt.Sprint(i % 15), Figures: gains(own).Sum()})
	}
	for b.Loop() {
		gain.Pool(villages)
	}
}
