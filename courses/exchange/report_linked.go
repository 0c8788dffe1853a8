package exchange

import (
	"bufio"
	"io"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/reports"
)

// WriteLinked writes a report on linked gains as JSON, for programs, or as a table for people in lang,
// with the wordings of the keys linked.…, gains.…, itemwhy.… and why.….
func WriteLinked(w io.Writer, format string, r reports.Linked, lang courses.Lang,
	words func(key string) string) error {
	switch format {
	case "json":
		return writeJSON(w, r)
	case "table":
	default:
		return courses.Problemf(courses.Invalid, "report.format", format)
	}
	s := newSheet("linked", r.About, lang, words)
	s.by = r.By
	out := bufio.NewWriter(w)
	if r.Simulated {
		writeLine(out, s.word("simulated"))
		writeLine(out, "")
	}
	writeLine(out, words("linked.title")+": "+r.About.Title.In(lang))
	writeLine(out, "")
	if r.Scale != nil {
		grid := [][]string{{words("items.col_form"), words("items.col_effect")}}
		for _, link := range r.Scale.Links {
			grid = append(grid, []string{link.Form, s.effectOf(r.Scale.Links, link.Form)})
		}
		writeGrid(out, grid)
		writeLine(out, "")
	}
	grid := [][]string{{s.firstHead(), words("linked.head_matched"), words("linked.head_raw"),
		words("linked.head_linked"), words("linked.head_logits")}}
	for _, row := range r.Rows {
		grid = append(grid, s.linkedCells(row, s.place(row.Code, row.Name)))
	}
	writeGrid(out, append(grid, s.linkedCells(r.Total, s.word("total"))))
	return out.Flush()
}

func (s *sheet) linkedCells(row reports.LinkedRow, name string) []string {
	if row.Suppressed {
		return []string{name, s.word("hidden")}
	}
	cells := []string{name, s.show(count, is(row.Matched)), s.meanOf(row.GainMean, row.GainCI95)}
	if row.Linked == nil {
		why := s.words("why." + string(row.Reasons["linked"]))
		return append(cells, why, none)
	}
	return append(cells, s.meanOf(row.Linked.GainMean, row.Linked.GainCI95),
		s.show(effect, is(row.Linked.LogitsMean)))
}

// meanOf is a mean gain with its interval, where it has one.
func (s *sheet) meanOf(mean *float64, ci *gain.Interval) string {
	if mean == nil || ci == nil {
		return s.signed(mean)
	}
	return s.signed(mean) + " (" + s.interval(ci) + ")"
}
