package gain

import (
	"maps"

	"melek/courses/tally"
)

// Row is what a gains report says of one group. Its fields and their JSON names are the report's, and
// a figure that does not exist is nil, with its reason under the figure's name in Reasons.
type Row struct {
	Code       string     `json:"code"`
	Name       string     `json:"name"`
	Enrolled   *int64     `json:"enrolled"`
	Completed  *int64     `json:"completed"`
	PreN       *int64     `json:"pre_n"`
	PostN      *int64     `json:"post_n"`
	Matched    *int64     `json:"matched"`
	Attrition  *float64   `json:"attrition"`
	PreMean    *float64   `json:"pre_mean"`
	PostMean   *float64   `json:"post_mean"`
	PreSD      *float64   `json:"pre_sd"`
	PostSD     *float64   `json:"post_sd"`
	GainMean   *float64   `json:"gain_mean"`
	GainSD     *float64   `json:"gain_sd"`
	GainCI95   *Interval  `json:"gain_ci95"`
	CIMethod   *Method    `json:"ci_method"`
	GainCI95T  *Interval  `json:"gain_ci95_t"`
	HakeG      *float64   `json:"hake_g"`
	DAv        *float64   `json:"d_av"`
	HedgesGAv  *float64   `json:"hedges_g_av"`
	DZ         *float64   `json:"d_z"`
	Competent  *Competent `json:"competent"`
	DropoutPre *float64   `json:"dropout_pre_mean"`
	// DropoutGap is DropoutPre less the mean pre-test score of the matched, with Welch's interval.
	DropoutGap     *float64  `json:"dropout_gap"`
	DropoutGapCI95 *Interval `json:"dropout_gap_ci95"`

	// HakeGCI95 and WilcoxonP are made of everybody's exact marks, in the background.
	HakeGCI95 *Interval `json:"hake_g_ci95"`
	WilcoxonP *float64  `json:"wilcoxon_p"`
	// PooledMean is the gain of a kecamatan by the model of Pooled.
	PooledMean *float64  `json:"pooled_mean"`
	PooledCI95 *Interval `json:"pooled_ci95"`
	// KeptN people took a retention test after both others; KeptGain is the share of the gain that was left.
	KeptN        *int64    `json:"kept_n"`
	KeptGain     *float64  `json:"kept_gain"`
	KeptGainCI95 *Interval `json:"kept_gain_ci95"`

	Suppressed bool    `json:"suppressed"`
	Reasons    Reasons `json:"reasons"`
}

// Competent says how many of the matched people reached the pass mark.
type Competent struct {
	N     int64     `json:"n"`
	Of    int64     `json:"of"`
	Share *float64  `json:"share"`
	CI95  *Interval `json:"ci95"`
}

// Method says how an interval was made.
type Method string

// The methods of gain_ci95.
const (
	ByVillage Method = "village" // villages are clusters
	ByT       Method = "t"       // people are independent
)

// Reason says why a figure does not exist.
type Reason string

// The reasons.
const (
	Nobody       Reason = "nobody"         // nobody is there to be told of
	NoPairs      Reason = "no_pairs"       // nobody is matched
	OnePair      Reason = "one_pair"       // one matched person has no spread
	NoSpread     Reason = "no_spread"      // the standard deviation to divide by is 0
	PreMean100   Reason = "pre_mean_100"   // nothing was left to gain
	NoPre        Reason = "no_pre"         // nobody took the pre-test
	NoDropouts   Reason = "no_dropouts"    // everybody with a pre-test took the post-test
	BelowMinCell Reason = "below_min_cell" // too few people to be told of
	NoChange     Reason = "no_change"      // everybody's score stayed the same
	Pending      Reason = "pending"        // it is being made
	WholeOnly    Reason = "whole_only"     // it is made of the whole region's rows only
	DistrictOnly Reason = "district_only"  // it is made of kecamatan only
	NoRetention  Reason = "no_retention"   // nobody took all three tests
	NoGain       Reason = "no_gain"        // nothing was gained that could be kept
	OneVillage   Reason = "one_village"    // one village has nothing to be compared with
	OneDistrict  Reason = "one_district"   // one kecamatan has nothing to be pooled with
	Suppressed   Reason = "suppressed"     // hidden, because few people could be found out
)

// Reasons are the reasons of a row's absent figures by the figures' names.
type Reasons map[string]Reason

// put sets one figure's reason, or takes it away.
func (r Reasons) put(name string, why Reason) {
	if why == "" {
		delete(r, name)
		return
	}
	r[name] = why
}

func (r Reasons) add(why Reason, names ...string) {
	for _, name := range names {
		r[name] = why
	}
}

// figures are the names of all that suppression hides.
var figures = []string{"enrolled", "completed", "pre_n", "post_n", "matched", "attrition",
	"pre_mean", "post_mean", "pre_sd", "post_sd", "gain_mean", "gain_sd", "gain_ci95", "ci_method",
	"gain_ci95_t", "hake_g", "d_av", "hedges_g_av", "d_z", "competent", "dropout_pre_mean",
	"dropout_gap", "dropout_gap_ci95", "hake_g_ci95", "wilcoxon_p", "pooled_mean", "pooled_ci95",
	"kept_n", "kept_gain", "kept_gain_ci95"}

// dropoutFigures are the names of those that tell of the people who left.
var dropoutFigures = []string{"dropout_pre_mean", "dropout_gap", "dropout_gap_ci95"}

// Suppress returns the row with nothing but its area.
func (r Row) Suppress() Row {
	hidden := Row{Code: r.Code, Name: r.Name, Suppressed: true, Reasons: Reasons{}}
	hidden.Reasons.add(Suppressed, figures...)
	return hidden
}

// SuppressDropouts returns the row without the figures on those who left. A reason that they have is
// kept.
func (r Row) SuppressDropouts() Row {
	if r.DropoutPre == nil {
		return r
	}
	r.DropoutPre, r.DropoutGap, r.DropoutGapCI95, r.Reasons = nil, nil, nil, maps.Clone(r.Reasons)
	r.Reasons.add(Suppressed, dropoutFigures...)
	return r
}

// Row makes the row of the group. Fewer than minCell people who left have no mean of their own.
func (g *Group) Row(code, name string, minCell int) Row {
	f := g.sum
	row := Row{Code: code, Name: name, Reasons: Reasons{}, Enrolled: new(f.Enrolled),
		Completed: new(f.Completed), PreN: new(f.PreN), PostN: new(f.PostN), Matched: new(f.Matched)}
	row.count(f, int64(minCell))
	row.compare(f)
	row.compete(f)
	row.bound(g)
	return row.Refine(nil, Pending).Pool(nil, DistrictOnly).Keep(nil, NoRetention)
}

// count fills what needs no pairs.
func (r *Row) count(f tally.Figures, minCell int64) {
	if f.PreN == 0 {
		r.Reasons.add(NoPre, "attrition")
	} else {
		r.Attrition = figure(1 - float64(f.Matched)/float64(f.PreN))
	}
	switch {
	case f.Dropouts == 0:
		r.Reasons.add(NoDropouts, dropoutFigures...)
	case f.Dropouts < minCell:
		r.Reasons.add(BelowMinCell, dropoutFigures...)
	default:
		r.DropoutPre = figure(f.DropoutPre.Mean)
		r.contrast(f)
	}
}

// contrast fills how those who left differed from those who stayed.
func (r *Row) contrast(f tally.Figures) {
	if f.Matched == 0 {
		r.Reasons.add(NoPairs, "dropout_gap", "dropout_gap_ci95")
		return
	}
	r.DropoutGap = figure(f.DropoutPre.Mean - f.Pre.Mean)
	ci, ok := welchInterval(f.DropoutPre, f.Dropouts, f.Pre, f.Matched)
	switch {
	case ok:
		r.DropoutGapCI95 = &ci
	case f.Matched == 1 || f.Dropouts == 1:
		r.Reasons.add(OnePair, "dropout_gap_ci95")
	default:
		r.Reasons.add(NoSpread, "dropout_gap_ci95")
	}
}

// compare fills means, standard deviations and effect sizes.
func (r *Row) compare(f tally.Figures) {
	if f.Matched == 0 {
		r.Reasons.add(NoPairs, "pre_mean", "post_mean", "pre_sd", "post_sd", "gain_mean", "gain_sd",
			"hake_g", "d_av", "hedges_g_av", "d_z")
		return
	}
	r.PreMean, r.PostMean, r.GainMean = figure(f.Pre.Mean), figure(f.Post.Mean), figure(f.Diff.Mean)
	if left := 100 - f.Pre.Mean; left < tiny {
		r.Reasons.add(PreMean100, "hake_g")
	} else {
		r.HakeG = figure((f.Post.Mean - f.Pre.Mean) / left)
	}
	if f.Matched == 1 {
		r.Reasons.add(OnePair, "pre_sd", "post_sd", "gain_sd", "d_av", "hedges_g_av", "d_z")
		return
	}
	pre, _ := f.Pre.SD(f.Matched)
	post, _ := f.Post.SD(f.Matched)
	diff, _ := f.Diff.SD(f.Matched)
	r.PreSD, r.PostSD, r.GainSD = figure(pre), figure(post), figure(diff)
	if average := (pre + post) / 2; average == 0 {
		r.Reasons.add(NoSpread, "d_av", "hedges_g_av")
	} else {
		d := f.Diff.Mean / average
		r.DAv, r.HedgesGAv = figure(d), figure(d*(1-3/(8*float64(f.Matched)-9)))
	}
	if diff == 0 {
		r.Reasons.add(NoSpread, "d_z")
	} else {
		r.DZ = figure(f.Diff.Mean / diff)
	}
}

// compete fills who reached the pass mark.
func (r *Row) compete(f tally.Figures) {
	r.Competent = &Competent{N: f.Competent, Of: f.Matched}
	if f.Matched == 0 {
		r.Reasons.add(NoPairs, "competent.share", "competent.ci95")
		return
	}
	ci := Wilson(f.Competent, f.Matched)
	r.Competent.Share, r.Competent.CI95 = figure(float64(f.Competent)/float64(f.Matched)), &ci
}

// bound fills the intervals of the mean gain.
func (r *Row) bound(g *Group) {
	if g.sum.Matched < 2 {
		why := NoPairs
		if g.sum.Matched == 1 {
			why = OnePair
		}
		r.Reasons.add(why, "gain_ci95", "ci_method", "gain_ci95_t")
		return
	}
	t := studentInterval(g.sum.Diff, g.sum.Matched)
	r.GainCI95, r.CIMethod, r.GainCI95T = &t, new(ByT), new(t)
	if len(g.clusters) >= 2 {
		r.GainCI95, r.CIMethod = new(g.clusterInterval()), new(ByVillage)
	}
}

// figure is a figure that exists. There is no negative 0 in a report.
func figure(x float64) *float64 {
	if x == 0 {
		x = 0
	}
	return &x
}
