package gain_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/gain"
	"melek/courses/tally"
)

// TestStudentsSleep is the first paired t interval ever: the hours of sleep that ten people gained with one drug over
// another (Student 1908, «The probable error of a mean», Biometrika 6, table I; the interval as R's t.test tells it).
func TestStudentsSleep(t *testing.T) {
	first := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	second := []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	pairs := make([]pair, len(first))
	for i := range first {
		pairs[i] = pair{first[i], second[i]}
	}
	row := group(village(pairs...)).Row("", "", 10)
	near(t, "gain_mean", row.GainMean, 1.58, 1e-9)
	near(t, "gain_sd", row.GainSD, 1.229995, 5e-7)
	near(t, "d_z", row.DZ, 4.062128/math.Sqrt(10), 5e-7)
	nearInterval(t, "gain_ci95_t", row.GainCI95T, 0.7001142, 2.4598858, 5e-8)
	if *row.CIMethod != gain.ByT || *row.GainCI95 != *row.GainCI95T {
		t.Errorf("one village: %v by %q, want the t interval", row.GainCI95, *row.CIMethod)
	}
}

// TestLakensMovies is the worked example of Lakens 2013, «Calculating and reporting effect sizes to facilitate
// cumulative science», Frontiers in Psychology 4:863, table 1 with its within-subject effect sizes.
func TestLakensMovies(t *testing.T) {
	movie1 := []float64{9, 7, 8, 9, 8, 9, 9, 10, 9, 9}
	movie2 := []float64{9, 6, 7, 8, 7, 9, 8, 8, 8, 7}
	pairs := make([]pair, len(movie1))
	for i := range movie1 {
		pairs[i] = pair{movie2[i], movie1[i]}
	}
	row := group(village(pairs...)).Row("", "", 10)
	near(t, "pre_sd", row.PreSD, 0.95, 0.005)
	near(t, "post_sd", row.PostSD, 0.82, 0.005)
	near(t, "gain_sd", row.GainSD, 0.67, 0.005)
	near(t, "d_z", row.DZ, 1.50, 0.005)
	near(t, "d_av", row.DAv, 1.13, 0.005)
	near(t, "hedges_g_av", row.HedgesGAv, 1.08, 0.005)
}

// TestWilson has the four examples of Newcombe 1998, «Two-sided confidence intervals for the single proportion»,
// Statistics in Medicine 17:857–872, table I, method 3.
func TestWilson(t *testing.T) {
	tests := []struct {
		k, n   int64
		lo, hi float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0.0000, 0.1611},
		{1, 29, 0.0061, 0.1718},
	}
	for _, tt := range tests {
		ci := gain.Wilson(tt.k, tt.n)
		nearInterval(t, "Wilson", &ci, tt.lo, tt.hi, 5e-5)
	}
	if ci := gain.Wilson(0, 7); ci[0] != 0 {
		t.Errorf("nobody of 7: lower end %v, want exactly 0", ci[0])
	}
	if ci := gain.Wilson(7, 7); ci[1] != 1 {
		t.Errorf("7 of 7: upper end %v, want exactly 1", ci[1])
	}
}

// TestVillagesAreClusters is worked by hand. Gains of 10 and 20, of 0, 10 and 20, and of 30: the mean is 15, the
// villages' sums of differences from it are 0, −15 and 15, so SE² = 3/2 · 450 / 36 = 18.75; t with 2 degrees of
// freedom is 4.302652730.
func TestVillagesAreClusters(t *testing.T) {
	row := gains([]float64{10, 20}, []float64{0, 10, 20}, []float64{30}).Row("", "", 10)
	half := 4.302652729749464 * math.Sqrt(18.75)
	nearInterval(t, "gain_ci95", row.GainCI95, 15-half, 15+half, 1e-9)
	if *row.CIMethod != gain.ByVillage {
		t.Errorf("ci_method = %q, want village", *row.CIMethod)
	}
	near(t, "gain_mean", row.GainMean, 15, 1e-9)
	half = 2.570581835636316 * math.Sqrt(110.0/6)
	nearInterval(t, "gain_ci95_t", row.GainCI95T, 15-half, 15+half, 1e-9)
}

func TestVillagesWithoutPairsAreNoClusters(t *testing.T) {
	g := gains([]float64{10, 20, 60})
	g.Add(dropouts(3, 40))
	row := g.Row("", "", 10)
	if *row.CIMethod != gain.ByT || *row.GainCI95 != *row.GainCI95T {
		t.Errorf("one village with pairs beside one without: by %q, want t", *row.CIMethod)
	}
}

func TestHakeIsOfPooledMeans(t *testing.T) {
	// Means of 50 and 80 before, 75 and 90 after: g of each is 0.5, of both (82.5 − 65) / 35 = 0.5 too; with other
	// numbers of people it is the pooled means that count.
	row := group(village(pair{50, 75}, pair{50, 75}, pair{50, 75}), village(pair{90, 92})).Row("", "", 10)
	near(t, "hake_g", row.HakeG, (79.25-60)/(100-60), 1e-12)
}

var beyondTheGroup = []string{"hake_g_ci95", "wilcoxon_p", "pooled_mean", "pooled_ci95", "kept_n", "kept_gain",
	"kept_gain_ci95"}

func TestFiguresThatDoNotExist(t *testing.T) {
	of := func(fields ...string) []string { return fields }
	spread := of("pre_sd", "post_sd", "gain_sd", "d_av", "hedges_g_av", "d_z")
	intervals := of("gain_ci95", "ci_method", "gain_ci95_t")
	leavers := of("dropout_pre_mean", "dropout_gap", "dropout_gap_ci95")
	tests := []struct {
		name  string
		group *gain.Group
		want  map[gain.Reason][]string
	}{
		{"nobody", group(), map[gain.Reason][]string{
			gain.NoPre: of("attrition"), gain.NoDropouts: leavers,
			gain.NoPairs: slices.Concat(spread, intervals, of("pre_mean", "post_mean", "gain_mean", "hake_g",
				"competent.share", "competent.ci95"))}},
		{"nobody came back", group(dropouts(12, 40)), map[gain.Reason][]string{
			gain.NoPairs: slices.Concat(spread, intervals, of("pre_mean", "post_mean", "gain_mean", "hake_g",
				"competent.share", "competent.ci95", "dropout_gap", "dropout_gap_ci95"))}},
		{"one pair", group(village(pair{50, 60})), map[gain.Reason][]string{
			gain.NoDropouts: leavers, gain.OnePair: slices.Concat(spread, intervals)}},
		{"all alike", group(village(pair{50, 60}, pair{50, 60})), map[gain.Reason][]string{
			gain.NoDropouts: leavers, gain.NoSpread: of("d_av", "hedges_g_av", "d_z")}},
		{"all gained alike", group(village(pair{50, 60}, pair{60, 70})), map[gain.Reason][]string{
			gain.NoDropouts: leavers, gain.NoSpread: of("d_z")}},
		{"perfect before", group(village(pair{100, 100}, pair{100, 90})), map[gain.Reason][]string{
			gain.NoDropouts: leavers, gain.PreMean100: of("hake_g")}},
		{"nine left", group(village(pair{50, 60}, pair{60, 80}), dropouts(9, 40)), map[gain.Reason][]string{
			gain.BelowMinCell: leavers}},
		{"ten left", group(village(pair{50, 60}, pair{60, 80}), dropouts(10, 40)), nil},
		{"all who left and stayed alike", group(village(pair{50, 60}, pair{50, 80}), dropouts(10, 50)),
			map[gain.Reason][]string{gain.NoSpread: of("dropout_gap_ci95")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			row := tt.group.Row("", "", 10)
			want := gain.Reasons{}
			for reason, fields := range tt.want {
				for _, field := range fields {
					want[field] = reason
				}
			}
			absent := absentIn(t, row)
			for _, later := range beyondTheGroup { // what more than the sums is needed for
				if row.Reasons[later] == "" || !slices.Contains(absent, later) {
					t.Errorf("%s is there, or has no reason", later)
				}
				delete(row.Reasons, later)
				absent = slices.DeleteFunc(absent, func(name string) bool { return name == later })
			}
			if len(want) != len(row.Reasons) || len(want) != len(absent) {
				t.Errorf("absent %v with reasons %v, want %v", absent, row.Reasons, want)
			}
			for field, reason := range want {
				if row.Reasons[field] != reason || !slices.Contains(absent, field) {
					t.Errorf("%s: reason %q, absent %v; want %q", field, row.Reasons[field], absent, reason)
				}
			}
		})
	}
}

// absentIn lists the fields of a row that are null in JSON.
func absentIn(t *testing.T, row any) []string {
	t.Helper()
	raw, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	var absent []string
	for name, value := range fields {
		if value == nil {
			absent = append(absent, name)
		}
		if inner, ok := value.(map[string]any); ok && name == "competent" {
			for below, value := range inner {
				if value == nil {
					absent = append(absent, name+"."+below)
				}
			}
		}
	}
	return absent
}

func TestAllAlikeHaveAnIntervalWithoutWidth(t *testing.T) {
	row := gains([]float64{10, 10}, []float64{10}, []float64{10, 10, 10}).Row("", "", 10)
	if want := (gain.Interval{10, 10}); *row.GainCI95 != want || *row.GainCI95T != want {
		t.Errorf("intervals %v and %v, want %v", row.GainCI95, row.GainCI95T, want)
	}
	if *row.GainSD != 0 {
		t.Errorf("gain_sd = %v, want 0", *row.GainSD)
	}
}

func TestRowHasTheFieldsOfTheContract(t *testing.T) {
	raw, err := json.Marshal(group(village(pair{40, 60}, pair{50, 80})).Row("33.07.01", "Wadaslintang", 10))
	if err != nil {
		t.Fatal(err)
	}
	beyond := []string{"dropout_gap", "dropout_gap_ci95"}
	want := []string{"code", "name", "enrolled", "completed", "pre_n", "post_n", "matched", "attrition", "pre_mean",
		"post_mean", "pre_sd", "post_sd", "gain_mean", "gain_sd", "gain_ci95", "ci_method", "gain_ci95_t", "hake_g",
		"d_av", "hedges_g_av", "d_z", "competent", "dropout_pre_mean", "suppressed", "reasons"}
	want = slices.Concat(want, beyond, beyondTheGroup)
	var got map[string]json.RawMessage
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range want {
		if _, ok := got[name]; !ok {
			t.Errorf("no field %s", name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d fields, want %d: %s", len(got), len(want), raw)
	}
	if string(got["competent"][:12]) != `{"n":1,"of":` || string(got["ci_method"]) != `"t"` {
		t.Errorf("competent %s, ci_method %s", got["competent"], got["ci_method"])
	}
}

func TestSuppressedRowsTellNothing(t *testing.T) {
	row := group(village(pair{40, 60}, pair{50, 80}), dropouts(12, 30)).Row("33.07.01", "Wadaslintang", 10).Suppress()
	raw, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	if fields["code"] != "33.07.01" || fields["name"] != "Wadaslintang" || fields["suppressed"] != true {
		t.Errorf("row = %s", raw)
	}
	for name, value := range fields {
		if slices.Contains([]string{"code", "name", "suppressed", "reasons"}, name) {
			continue
		}
		if value != nil || row.Reasons[name] != gain.Suppressed {
			t.Errorf("%s = %v with reason %q, want null, suppressed", name, value, row.Reasons[name])
		}
	}
}

func TestDropoutsAreSuppressedAlone(t *testing.T) {
	whole := group(village(pair{40, 60}, pair{50, 80}), dropouts(12, 30)).Row("", "", 10)
	row := whole.SuppressDropouts()
	if row.DropoutPre != nil || row.Reasons["dropout_pre_mean"] != gain.Suppressed || row.GainMean == nil {
		t.Errorf("row = %+v", row)
	}
	if whole.DropoutPre == nil || whole.Reasons["dropout_pre_mean"] != "" {
		t.Error("hiding changed the row that it was made of")
	}
	few := group(village(pair{40, 60}, pair{50, 80}), dropouts(2, 30)).Row("", "", 10).SuppressDropouts()
	if few.Reasons["dropout_pre_mean"] != gain.BelowMinCell {
		t.Errorf("reason = %q, want the one it had", few.Reasons["dropout_pre_mean"])
	}
}

// TestRowIsThatOfThePeople compares rows made from villages' sums with the definitions over the raw pairs.
func TestRowIsThatOfThePeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, everybody, sums := &gain.Group{}, []pair(nil), []float64(nil)
		byVillage := [][]pair(nil)
		for range rapid.IntRange(1, 6).Draw(t, "villages") {
			pairs := rapid.SliceOfN(genPair, 0, 15).Draw(t, "pairs")
			g.Add(village(pairs...))
			if everybody = append(everybody, pairs...); len(pairs) > 0 {
				byVillage = append(byVillage, pairs)
			}
		}
		row := g.Row("", "", 10)
		if raw, err := json.Marshal(row); err != nil || slices.Contains(raw, 'N') {
			t.Fatalf("%s, %v", raw, err)
		}
		if len(everybody) < 2 {
			return
		}
		d := diffs(everybody)
		mean, sd := moments(d)
		preMean, preSD := moments(project(everybody, func(p pair) float64 { return p.pre }))
		postMean, postSD := moments(project(everybody, func(p pair) float64 { return p.post }))
		for _, pairs := range byVillage {
			sum := 0.0
			for _, x := range diffs(pairs) {
				sum += x - mean
			}
			sums = append(sums, sum)
		}
		same(t, "gain_mean", row.GainMean, mean)
		same(t, "pre_mean", row.PreMean, preMean)
		same(t, "post_mean", row.PostMean, postMean)
		same(t, "gain_sd", row.GainSD, sd)
		same(t, "pre_sd", row.PreSD, preSD)
		same(t, "post_sd", row.PostSD, postSD)
		if row.HakeG != nil {
			same(t, "hake_g", row.HakeG, (postMean-preMean)/(100-preMean))
		}
		if row.DZ != nil {
			same(t, "d_z", row.DZ, mean/sd)
		}
		if (row.GainCI95[1]-row.GainCI95[0])/2 > 0 && len(sums) > 1 {
			squares := 0.0
			for _, s := range sums {
				squares += s * s
			}
			villages, n := float64(len(sums)), float64(len(d))
			se := math.Sqrt(villages / (villages - 1) * squares / (n * n))
			width := quantiles[len(sums)-1] * se
			same(t, "gain_ci95", &row.GainCI95[0], mean-width)
			same(t, "gain_ci95", &row.GainCI95[1], mean+width)
		}
	})
}

var genPair = rapid.Custom(func(t *rapid.T) pair {
	items := rapid.IntRange(1, 40).Draw(t, "items")
	return pair{100 * float64(rapid.IntRange(0, items).Draw(t, "pre")) / float64(items),
		100 * float64(rapid.IntRange(0, items).Draw(t, "post")) / float64(items)}
})

// quantiles of Student's t at 0.975 for 1 to 5 degrees of freedom, by mpmath.
var quantiles = []float64{0, 12.7062047361747046, 4.30265272974946385, 3.18244630528370959, 2.77644510519779436,
	2.57058183563631551}

func same(t *rapid.T, name string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Fatalf("%s = %v, want %v", name, show(got), want)
	}
}

func project(pairs []pair, of func(pair) float64) []float64 {
	xs := make([]float64, len(pairs))
	for i, p := range pairs {
		xs[i] = of(p)
	}
	return xs
}

func diffs(pairs []pair) []float64 {
	return project(pairs, func(p pair) float64 { return p.post - p.pre })
}

func moments(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sd += (x - mean) * (x - mean)
	}
	if sd = math.Sqrt(sd / float64(len(xs)-1)); sd < 1e-9 {
		sd = 0
	}
	return mean, sd
}

func TestNoFigureIsNegativeZero(t *testing.T) {
	f := tally.Figures{Matched: 2, PreN: 2}
	f.Diff.Mean = math.Copysign(0, -1)
	raw, err := json.Marshal(group(f).Row("", "", 10))
	if err != nil || slices.Contains(raw, '-') {
		t.Errorf("%s, %v", raw, err)
	}
}

// TestLeaversAreComparedByWelch repeats the example of Welch's test in NIST's handbook, section
// 1.3.5.3 (the AUTO83B data: miles per gallon of 249 American and 79 Japanese cars; means 20.14458 and
// 30.48101, standard deviations 6.41470 and 6.10771, unpooled t −12.94627 with 136.8750 degrees).
func TestLeaversAreComparedByWelch(t *testing.T) {
	m2 := func(sd float64, n int64) float64 { return sd * sd * float64(n-1) }
	var g gain.Group
	g.Add(tally.Figures{PreN: 328, Matched: 79, Dropouts: 249,
		Pre:        tally.Moments{Mean: 30.48101, M2: m2(6.10771, 79)},
		DropoutPre: tally.Moments{Mean: 20.14458, M2: m2(6.41470, 249)}})
	row := g.Row("", "", 10)
	const difference, quantile = -10.33643, 1.977486 // of t with 136.8750 degrees
	half := quantile * difference / -12.94627
	near(t, "dropout_gap", row.DropoutGap, difference, 1e-4)
	nearInterval(t, "dropout_gap_ci95", row.DropoutGapCI95, difference-half, difference+half, 1e-3)
}
