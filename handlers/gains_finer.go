package handlers

import (
	"melek/courses/gain"
	"melek/courses/reports"
	"melek/locales"
)

// finerColumns are the figures that say how sure a row's gain is, by the keys of their titles. The raw
// gain and how many people it is of always stand beside the pooled one.
var finerColumns = []string{"matched", "gain_mean", "pooled_mean", "hake_g_ci95", "wilcoxon_p", "attrition",
	"dropout_gap", "kept_gain"}

// toldFiner is how sure the figures of each row are.
type toldFiner struct {
	Heads []string
	Rows  []toldRow
	Total toldRow
	// Making says how far figures are that are still being made, empty where none are.
	Making string
}

// tellFiner puts into words how sure the report's figures are.
func (s *server) tellFiner(w *locales.Words, report reports.Report, names []toldRow,
	total toldRow) toldFiner {
	told := toldFiner{Heads: finerColumns}
	for i, row := range report.Rows {
		told.Rows = append(told.Rows, tellFinerRow(w, row, names[i]))
	}
	told.Total = tellFinerRow(w, report.Total, total)
	if report.Total.Reasons["wilcoxon_p"] == gain.Pending {
		done, of := s.Desk.Refining()
		told.Making = w.T("finer.ordered")
		if of > 0 {
			told.Making = w.T("finer.making", done, of)
		}
	}
	return told
}

func tellFinerRow(w *locales.Words, row gain.Row, named toldRow) toldRow {
	told := toldRow{Code: named.Code, Name: named.Name, Link: named.Link, Hidden: row.Suppressed}
	if row.Suppressed {
		return told
	}
	why := func(name string) cell { return absent(w, "why.", row.Reasons[name]) }
	interval := func(mean *float64, ci *gain.Interval, name string) cell {
		switch {
		case mean == nil:
			return why(name)
		case ci == nil:
			return cell{Text: signed(w, *mean)}
		}
		return cell{Text: withInterval(w, *mean, ci[0], ci[1])}
	}
	g, p, lost := why("hake_g_ci95"), why("wilcoxon_p"), why("attrition")
	if row.HakeGCI95 != nil && row.HakeG != nil {
		g = cell{Text: w.T("plot.value", w.Number(*row.HakeG, 2), w.Number(row.HakeGCI95[0], 2),
			w.Number(row.HakeGCI95[1], 2))}
	}
	if row.WilcoxonP != nil {
		p = cell{Text: chance(w, *row.WilcoxonP)}
	}
	if row.Attrition != nil {
		lost = cell{Text: w.T("bars.percent", w.Number(100**row.Attrition, 1))}
	}
	kept := why("kept_gain")
	if row.KeptGain != nil {
		kept = cell{Text: share100(w, *row.KeptGain)}
		if ci := row.KeptGainCI95; ci != nil {
			kept = cell{Text: w.T("plot.value", kept.Text, share100(w, ci[0]), share100(w, ci[1]))}
		}
	}
	told.Cells = []cell{count(w, row.Matched), interval(row.GainMean, row.GainCI95, "gain_mean"),
		interval(row.PooledMean, row.PooledCI95, "pooled_mean"), g, p, lost,
		interval(row.DropoutGap, row.DropoutGapCI95, "dropout_gap"), kept}
	return told
}

// share100 writes a share as per cent.
func share100(w *locales.Words, f float64) string { return w.T("bars.percent", w.Number(100*f, 0)) }

// chance writes a probability; a very small one only as small.
func chance(w *locales.Words, p float64) string {
	if p < 0.001 {
		return w.T("finer.below", w.Number(0.001, 3))
	}
	return w.Number(p, 3)
}

// sentences say each figure of the total for people who are no statisticians; a figure that does not
// exist is passed over. The gain itself is the headline.
func sentences(w *locales.Words, report reports.Report) []string {
	total := report.Total
	if total.Suppressed || total.Matched == nil || *total.Matched == 0 {
		return nil
	}
	var said []string
	say := func(key string, args ...any) { said = append(said, w.T("says."+key, args...)) }
	percent := func(f float64) string { return w.Number(100*f, 0) }
	if g := total.HakeG; g != nil {
		if ci := total.HakeGCI95; ci != nil && *g > 0 {
			say("hake_interval", percent(*g), percent(ci[0]), percent(ci[1]))
		} else if *g > 0 {
			say("hake", percent(*g))
		}
	}
	if c := total.Competent; c.CI95 != nil {
		say("competent", int(c.N), int(c.Of), percent(*c.Share), percent(c.CI95[0]), percent(c.CI95[1]))
	}
	if p := total.WilcoxonP; p != nil && *p < 0.05 {
		say("chance_small", chance(w, *p))
	} else if p != nil {
		say("chance_large", chance(w, *p))
	}
	if total.Attrition != nil {
		say("attrition", percent(*total.Attrition))
	}
	if kept := total.KeptGain; kept != nil && total.KeptGainCI95 != nil {
		ci := total.KeptGainCI95
		say("kept_interval", int(*total.KeptN), percent(*kept), percent(ci[0]), percent(ci[1]))
	} else if kept != nil {
		say("kept", int(*total.KeptN), percent(*kept))
	}
	return append(said, leaverSentence(w, total), poolingSentence(w, report.Pooling))
}

// leaverSentence compares those who left with those who stayed, empty where it cannot.
func leaverSentence(w *locales.Words, total gain.Row) string {
	gap, ci := total.DropoutGap, total.DropoutGapCI95
	switch {
	case gap == nil || ci == nil:
		return ""
	case ci[1] < 0:
		return w.T("says.leavers_lower", w.Number(-*gap, 1))
	case ci[0] > 0:
		return w.T("says.leavers_higher", w.Number(*gap, 1))
	}
	return w.T("says.leavers_alike", signed(w, *gap), signed(w, ci[0]), signed(w, ci[1]))
}

// poolingSentence says how much kecamatan differ, empty where there is no model.
func poolingSentence(w *locales.Words, p *gain.Pooled) string {
	switch {
	case p == nil:
		return ""
	case p.DistrictSD == 0:
		return w.T("says.pooled_alike", signed(w, p.Mean))
	}
	return w.T("says.pooled", signed(w, p.Mean), w.Number(p.DistrictSD, 1))
}
