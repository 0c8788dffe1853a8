package exchange

import (
	"io"
	"maps"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/reports"
)

// ReportFormats lists the formats that reports are written in.
var ReportFormats = []string{"table", "json", "csv", "xlsx", "pdf"}

// WriteGains writes a gains report in one of ReportFormats. JSON and CSV are for programs: the
// contract's names, full precision. The others are for people, in lang, with the wordings of the
// keys gains.… and pillar.….
func WriteGains(w io.Writer, format string, r reports.Report, lang courses.Lang,
	words func(key string) string) error {
	if format == "json" {
		return writeJSON(w, r)
	}
	s := newSheet("gains", r.About, lang, words)
	s.by, s.generatedAt, s.minCell, s.simulated = r.By, r.GeneratedAt, r.MinCell, r.Simulated
	s.columns, s.heads = gainsColumns, gainsHeads
	for _, row := range r.Rows {
		s.rows = append(s.rows, s.gainsLine(row))
	}
	s.total = s.gainsLine(r.Total)
	return s.write(w, format)
}

// WriteCompletion writes a completion report as WriteGains writes one on gains.
func WriteCompletion(w io.Writer, format string, r reports.Completion, lang courses.Lang,
	words func(key string) string) error {
	if format == "json" {
		return writeJSON(w, r)
	}
	s := newSheet("completion", r.About, lang, words)
	s.by, s.generatedAt, s.minCell, s.simulated = r.By, r.GeneratedAt, r.MinCell, r.Simulated
	s.columns, s.heads = completionColumns, completionHeads
	for _, row := range r.Rows {
		s.rows = append(s.rows, s.completionLine(row))
	}
	s.total = s.completionLine(r.Total)
	return s.write(w, format)
}

// kind says how the values of a column are shown to people.
type kind int

const (
	text   kind = iota
	count       // a whole number
	points      // one decimal
	effect      // two decimals
	chance      // four decimals
	share       // of 1, as per cent
	flag        // whether the row is hidden
	method      // of an interval
	codes       // for programs only
)

// column is one column of the files with every figure.
type column struct {
	name string // as the contract has it, nested names joined
	kind kind
}

var gainsColumns = []column{{"code", text}, {"name", text}, {"enrolled", count}, {"completed", count},
	{"pre_n", count}, {"post_n", count}, {"matched", count}, {"attrition", share}, {"pre_mean", points},
	{"post_mean", points}, {"pre_sd", points}, {"post_sd", points}, {"gain_mean", points}, {"gain_sd", points},
	{"gain_ci95_lo", points}, {"gain_ci95_hi", points}, {"ci_method", method}, {"gain_ci95_t_lo", points},
	{"gain_ci95_t_hi", points}, {"hake_g", effect}, {"d_av", effect}, {"hedges_g_av", effect}, {"d_z", effect},
	{"competent_n", count}, {"competent_of", count}, {"competent_share", share}, {"competent_ci95_lo", share},
	{"competent_ci95_hi", share}, {"dropout_pre_mean", points}, {"suppressed", flag}, {"reasons", codes},
	{"dropout_gap", points}, {"dropout_gap_ci95_lo", points}, {"dropout_gap_ci95_hi", points},
	{"hake_g_ci95_lo", effect}, {"hake_g_ci95_hi", effect}, {"wilcoxon_p", chance}, {"pooled_mean", points},
	{"pooled_ci95_lo", points}, {"pooled_ci95_hi", points}, {"kept_n", count}, {"kept_gain", share},
	{"kept_gain_ci95_lo", share}, {"kept_gain_ci95_hi", share}}

var completionColumns = []column{{"code", text}, {"name", text}, {"enrolled", count}, {"completed", count},
	{"pre_n", count}, {"post_n", count}, {"share_completed", share}, {"suppressed", flag}, {"reasons", codes}}

// line is one row of a report. Values stand in the columns' order and are nil where a figure does
// not exist.
type line struct {
	code, name string
	values     []any
	printed    []string // under the heads
	hidden     bool
	mean       *float64 // of the gain, with its interval, to be drawn
	ci         *gain.Interval
	share      *float64 // of the enrolled who are done, to be drawn
}

func (s *sheet) gainsLine(r gain.Row) line {
	var competent gain.Competent
	var n, of *int64
	if r.Competent != nil {
		competent = *r.Competent
		n, of = &competent.N, &competent.Of
	}
	values := []any{r.Code, r.Name, is(r.Enrolled), is(r.Completed), is(r.PreN), is(r.PostN), is(r.Matched),
		is(r.Attrition), is(r.PreMean), is(r.PostMean), is(r.PreSD), is(r.PostSD), is(r.GainMean), is(r.GainSD),
		end(r.GainCI95, 0), end(r.GainCI95, 1), is(r.CIMethod), end(r.GainCI95T, 0), end(r.GainCI95T, 1),
		is(r.HakeG), is(r.DAv), is(r.HedgesGAv), is(r.DZ), is(n), is(of), is(competent.Share),
		end(competent.CI95, 0), end(competent.CI95, 1), is(r.DropoutPre), r.Suppressed,
		reasons(r.Suppressed, r.Reasons), is(r.DropoutGap), end(r.DropoutGapCI95, 0), end(r.DropoutGapCI95, 1),
		end(r.HakeGCI95, 0), end(r.HakeGCI95, 1), is(r.WilcoxonP), is(r.PooledMean), end(r.PooledCI95, 0),
		end(r.PooledCI95, 1), is(r.KeptN), is(r.KeptGain), end(r.KeptGainCI95, 0), end(r.KeptGainCI95, 1)}
	printed := []string{s.show(count, is(r.Enrolled)), s.show(count, is(r.Completed)), s.show(count, is(r.PreN)),
		s.show(count, is(r.PostN)), s.show(count, is(r.Matched)), s.show(share, is(r.Attrition)),
		s.show(points, is(r.PreMean)), s.show(points, is(r.PostMean)), s.signed(r.GainMean),
		s.interval(r.GainCI95), s.show(effect, is(r.HakeG)), s.show(share, is(competent.Share))}
	return line{code: r.Code, name: s.place(r.Code, r.Name), values: values, printed: printed,
		hidden: r.Suppressed, mean: r.GainMean, ci: r.GainCI95}
}

// gainsHeads are the columns that people are shown, of all that files have.
var gainsHeads = []string{"enrolled", "completed", "pre_n", "post_n", "matched", "attrition", "pre_mean",
	"post_mean", "gain_mean", "gain_ci95", "hake_g", "competent_share"}

var completionHeads = []string{"enrolled", "completed", "share_completed", "pre_n", "post_n"}

func (s *sheet) completionLine(r reports.CompletionRow) line {
	values := []any{r.Code, r.Name, is(r.Enrolled), is(r.Completed), is(r.PreN), is(r.PostN),
		is(r.ShareCompleted), r.Suppressed, reasons(r.Suppressed, r.Reasons)}
	printed := []string{s.show(count, is(r.Enrolled)), s.show(count, is(r.Completed)),
		s.show(share, is(r.ShareCompleted)), s.show(count, is(r.PreN)), s.show(count, is(r.PostN))}
	return line{code: r.Code, name: s.place(r.Code, r.Name), values: values, printed: printed,
		hidden: r.Suppressed, share: r.ShareCompleted}
}

// reasons writes why figures do not exist, once for all where the whole row is hidden.
func reasons(suppressed bool, of gain.Reasons) string {
	if suppressed {
		return string(gain.Suppressed)
	}
	pairs := make([]string, 0, len(of))
	for _, name := range slices.Sorted(maps.Keys(of)) {
		pairs = append(pairs, name+"="+string(of[name]))
	}
	return strings.Join(pairs, " ")
}

// is is the value that a pointer points to, nil for none.
func is[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// end is the lower or the upper end of an interval.
func end(ci *gain.Interval, i int) any {
	if ci == nil {
		return nil
	}
	return ci[i]
}

// place is what people call a row: a village with its kecamatan, for village names are not unique.
func (s *sheet) place(code, name string) string {
	if wording := s.by.Wording(code); wording != "" && code != s.about.Area.Code {
		return s.words(wording)
	}
	if s.by != reports.ByVillage {
		return name
	}
	if district, ok := s.about.Region.Ancestor(code, people.District); ok && district.Code != code {
		return name + ", " + district.Name
	}
	return name
}
