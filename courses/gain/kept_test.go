package gain_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/gain"
)

// keptOf makes each village of people with three scores.
func keptOf(villages ...[][3]float64) *gain.Kept {
	k := &gain.Kept{}
	for _, people := range villages {
		var gained, left []pair
		for _, p := range people {
			gained, left = append(gained, pair{p[0], p[1]}), append(left, pair{p[0], p[2]})
		}
		k.Add(village(gained...), village(left...))
	}
	return k
}

// TestKeptGainIsARatioOfMeans is worked by hand: gains of 20, 40 and 30, of which 10, 30 and 30 were left. The share
// is 70/90; the villages' residuals are 10 + 30 − 60·7/9 = −20/3 and 30 − 30·7/9 = 20/3, so SE =
// √(2·2·(20/3)²)/90 = 40/270, and t with one degree is 12.706205.
func TestKeptGainIsARatioOfMeans(t *testing.T) {
	k := keptOf([][3]float64{{40, 60, 50}, {30, 70, 60}}, [][3]float64{{50, 80, 80}})
	row := group(village(pair{40, 60})).Row("", "", 10).Keep(k, "")
	near(t, "kept_gain", row.KeptGain, 7.0/9, 1e-12)
	half := 12.706204736 * 40 / 270
	nearInterval(t, "kept_gain_ci95", row.KeptGainCI95, 7.0/9-half, 7.0/9+half, 1e-8)
	if *row.KeptN != 3 {
		t.Errorf("kept_n = %d, want 3", *row.KeptN)
	}
}

func TestWhereNothingWasKept(t *testing.T) {
	tests := []struct {
		name            string
		kept            *gain.Kept
		share, interval gain.Reason
	}{
		{"nobody came again", keptOf(), gain.NoRetention, gain.NoRetention},
		{"nothing was gained", keptOf([][3]float64{{50, 50, 60}}, [][3]float64{{50, 40, 60}}), gain.NoGain, gain.NoGain},
		{"one village", keptOf([][3]float64{{50, 60, 60}, {50, 70, 60}}), "", gain.OneVillage},
		{"all kept all", keptOf([][3]float64{{50, 60, 60}}, [][3]float64{{50, 70, 70}}), "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, share := tt.kept.Share()
			if _, interval := tt.kept.Interval(); share != tt.share || interval != tt.interval {
				t.Errorf("reasons %q and %q, want %q and %q", share, interval, tt.share, tt.interval)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		k := &gain.Kept{}
		score := rapid.SampledFrom([]float64{0, 50, 100})
		for range rapid.IntRange(0, 4).Draw(t, "villages") {
			var gained, left []pair
			for range rapid.IntRange(0, 3).Draw(t, "people") {
				pre := score.Draw(t, "pre")
				gained = append(gained, pair{pre, score.Draw(t, "post")})
				left = append(left, pair{pre, score.Draw(t, "retention")})
			}
			k.Add(village(gained...), village(left...))
		}
		share, why := k.Share()
		ci, noInterval := k.Interval()
		if why == "" && (math.IsNaN(share) || math.IsInf(share, 0)) ||
			noInterval == "" && (math.IsNaN(ci[0]) || ci[0] > share || ci[1] < share) {
			t.Fatalf("share %v, interval %v", share, ci)
		}
	})
}
