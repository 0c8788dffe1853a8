package gain_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/gain"
)

// batches makes each row of values the gains of one village.
func batches(district func(i int) string, values ...[]float64) []gain.Village {
	var all []gain.Village
	for i, own := range values {
		all = append(all, gain.Village{District: district(i), Figures: gains(own).Sum()})
	}
	return all
}

func roughly(t *testing.T, name string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s = %v, want %v", name, got, want)
	}
}

// TestDyestuff has the yield of five samples of each of six batches (Davies and Goldsmith 1972,
// «Statistical Methods in Research and Production», table 6.1), and the REML estimates that Bates,
// Mächler, Bolker and Walker publish for it with lme4: Yield ~ 1 + (1|Batch), variances 1764 and
// 2451, mean 1527.50.
func TestDyestuff(t *testing.T) {
	p, why := gain.Pool(batches(func(i int) string { return fmt.Sprint(i) },
		[]float64{1545, 1440, 1440, 1520, 1580}, []float64{1540, 1555, 1490, 1560, 1495},
		[]float64{1595, 1550, 1605, 1510, 1560}, []float64{1445, 1440, 1595, 1465, 1545},
		[]float64{1595, 1630, 1515, 1635, 1625}, []float64{1520, 1455, 1450, 1480, 1445}))
	if why != "" {
		t.Fatal(why)
	}
	roughly(t, "μ", p.Mean, 1527.5, 1e-6)
	roughly(t, "variance of batches", p.DistrictSD*p.DistrictSD, 1764.05, 0.05)
	roughly(t, "variance within", p.PersonSD*p.PersonSD, 2451.25, 0.05)
	roughly(t, "SD of villages", p.VillageSD, 0, 0)
	// The predictor shrinks a batch's mean by 5·1764.05 / (5·1764.05 + 2451.25).
	mean, ci, _ := p.District("4")
	shrink := 5 * 1764.05 / (5*1764.05 + 2451.25)
	roughly(t, "fifth batch", mean, 1527.5+shrink*(1600-1527.5), 1e-2)
	if ci[0] >= mean || ci[1] <= mean {
		t.Errorf("interval %v does not hold %v", ci, mean)
	}
}

// TestDyestuff2 are the simulated data of Box and Tiao (1973), «Bayesian Inference in Statistical
// Analysis», table 5.1.4, in which batches do not differ: lme4 publishes a variance of 0 between
// them, one of 13.81 within, and the mean 5.6656.
func TestDyestuff2(t *testing.T) {
	p, why := gain.Pool(batches(func(i int) string { return fmt.Sprint(i) },
		[]float64{7.298, 3.846, 2.434, 9.566, 7.990}, []float64{5.220, 6.556, 0.608, 11.788, -0.892},
		[]float64{0.110, 10.386, 13.434, 5.510, 8.166}, []float64{2.212, 4.852, 7.092, 9.288, 4.980},
		[]float64{0.282, 9.014, 4.458, 9.446, 7.198}, []float64{1.722, 4.782, 8.106, 0.758, 3.758}))
	if why != "" {
		t.Fatal(why)
	}
	roughly(t, "μ", p.Mean, 5.6656, 5e-5)
	roughly(t, "variance of batches", p.DistrictSD, 0, 0)
	roughly(t, "variance within", p.PersonSD*p.PersonSD, 13.81, 5e-3)
}

// TestPastes has the strength of a paste, assayed twice in each of three casks of ten batches (Davies and
// Goldsmith 1972, table 6.6), and the REML estimates published in Bates 2010, «lme4: Mixed-effects
// modeling with R», section 2.2: standard deviations 1.2874 of batches, 2.9041 of casks within
// them and 0.8234 of assays, mean 60.0533.
func TestPastes(t *testing.T) {
	p, why := gain.Pool(batches(func(i int) string { return fmt.Sprint(i / 3) },
		[]float64{62.8, 62.6}, []float64{60.1, 62.3}, []float64{62.7, 63.1},
		[]float64{60.0, 61.4}, []float64{57.5, 56.9}, []float64{61.1, 58.9},
		[]float64{58.7, 57.5}, []float64{63.9, 63.1}, []float64{65.4, 63.7},
		[]float64{57.1, 56.4}, []float64{56.9, 58.6}, []float64{64.7, 64.5},
		[]float64{55.1, 55.1}, []float64{54.7, 54.2}, []float64{58.8, 57.5},
		[]float64{63.4, 64.9}, []float64{59.3, 58.1}, []float64{60.5, 60.0},
		[]float64{62.5, 62.6}, []float64{61.0, 58.7}, []float64{56.9, 57.7},
		[]float64{59.2, 59.4}, []float64{65.2, 66.0}, []float64{64.8, 64.1},
		[]float64{54.8, 54.8}, []float64{64.0, 64.0}, []float64{57.7, 56.8},
		[]float64{58.3, 59.3}, []float64{59.2, 59.2}, []float64{58.9, 56.6}))
	if why != "" {
		t.Fatal(why)
	}
	roughly(t, "μ", p.Mean, 60.0533, 5e-5)
	roughly(t, "SD of batches", p.DistrictSD, 1.2874, 5e-4)
	roughly(t, "SD of casks", p.VillageSD, 2.9041, 5e-4)
	roughly(t, "SD of assays", p.PersonSD, 0.8234, 5e-4)
}

func TestWhereThereIsNoModel(t *testing.T) {
	one := func(int) string { return "1" }
	each := func(i int) string { return fmt.Sprint(i) }
	tests := []struct {
		name     string
		villages []gain.Village
		want     gain.Reason
	}{
		{"nobody", nil, gain.NoPairs},
		{"one kecamatan", batches(one, []float64{1, 2}, []float64{3, 4}), gain.OneDistrict},
		{"one person a village", batches(each, []float64{1}, []float64{2}, []float64{5}), gain.NoSpread},
		{"people of a village alike", batches(each, []float64{1, 1}, []float64{2, 2}), gain.NoSpread},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, why := gain.Pool(tt.villages); why != tt.want {
				t.Errorf("reason %q, want %q", why, tt.want)
			}
		})
	}
}

// TestPooledEstimatesLieBetween holds for any data: nothing is NaN, and a kecamatan's estimate lies between μ
// and a mean of its villages' means, nearer to μ than the farthest of them.
func TestPooledEstimatesLieBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var villages []gain.Village
		farthest := map[string]float64{}
		for d := range rapid.IntRange(0, 5).Draw(t, "districts") {
			for range rapid.IntRange(1, 4).Draw(t, "villages") {
				own := rapid.SliceOfN(rapid.Float64Range(-100, 100), 0, 4).Draw(t, "gains")
				villages = append(villages, gain.Village{District: fmt.Sprint(d), Figures: gains(own).Sum()})
			}
		}
		p, why := gain.Pool(villages)
		if why != "" {
			return
		}
		for _, v := range villages {
			if v.Figures.Matched > 0 {
				farthest[v.District] = max(farthest[v.District], math.Abs(v.Figures.Diff.Mean-p.Mean))
			}
		}
		for code, far := range farthest {
			mean, ci, ok := p.District(code)
			if !ok || math.IsNaN(mean) || math.IsNaN(ci[0]) || math.IsNaN(ci[1]) || ci[0] > ci[1] {
				t.Fatalf("%s: %v, %v, %v", code, mean, ci, ok)
			}
			if math.Abs(mean-p.Mean) > far+1e-6 {
				t.Fatalf("%s: %v is farther from μ = %v than %v", code, mean, p.Mean, far)
			}
		}
	})
}

// TestPoolingErrsLessWhereKecamatanAreAlike simulates the model itself with small kecamatan.
func TestPoolingErrsLessWhereKecamatanAreAlike(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var raw, pooled, held, asked float64
	for range 60 {
		var villages []gain.Village
		truth := map[string]float64{}
		sums := map[string]*gain.Group{}
		for d := range 15 {
			code := fmt.Sprint(d)
			truth[code], sums[code] = 12+2*rng.NormFloat64(), &gain.Group{}
			for range 5 {
				own, effect := make([]float64, 3), 1.5*rng.NormFloat64()
				for i := range own {
					own[i] = truth[code] + effect + 14*rng.NormFloat64()
				}
				f := gains(own).Sum()
				villages = append(villages, gain.Village{District: code, Figures: f})
				sums[code].Add(f)
			}
		}
		p, why := gain.Pool(villages)
		if why != "" {
			t.Fatal(why)
		}
		for code, want := range truth {
			mean, ci, _ := p.District(code)
			asked++
			if ci[0] <= want && want <= ci[1] {
				held++
			}
			pooled += (mean - want) * (mean - want)
			raw += math.Pow(sums[code].Sum().Diff.Mean-want, 2)
		}
	}
	if pooled > raw/2 {
		t.Errorf("mean square error %.2f pooled, %.2f raw; want less than half", pooled/asked, raw/asked)
	}
	t.Logf("mean square error %.2f pooled, %.2f raw; intervals hold %.3f", pooled/asked, raw/asked, held/asked)
	if held/asked < 0.85 {
		t.Errorf("intervals hold the truth in %.3f, want about 0.95", held/asked)
	}
}
