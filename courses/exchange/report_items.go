package exchange

import (
	"bufio"
	"io"
	"strings"

	"melek/courses"
	"melek/courses/gain/items"
	"melek/courses/reports"
)

// WriteItems writes an item report as JSON, for programs, or as a table for people in lang, with the
// wordings of the keys items.…, verdict.… and itemwhy.….
func WriteItems(w io.Writer, format string, r reports.Items, lang courses.Lang,
	words func(key string) string) error {
	switch format {
	case "json":
		return writeJSON(w, r)
	case "table":
	default:
		return courses.Problemf(courses.Invalid, "report.format", format)
	}
	s := newSheet("items", reports.About{}, lang, words)
	out := bufio.NewWriter(w)
	if r.Simulated {
		writeLine(out, s.word("simulated"))
		writeLine(out, "")
	}
	writeGrid(out, s.formsGrid(r))
	writeLine(out, "")
	writeGrid(out, s.itemsGrid(r))
	return out.Flush()
}

// writeLine leaves it to Flush to tell of the first failure.
func writeLine(out *bufio.Writer, line string) {
	_, _ = out.WriteString(strings.TrimRight(line, " ") + "\n")
}

// writeGrid writes a table with a rule under its heads.
func writeGrid(out *bufio.Writer, grid [][]string) {
	widths := widthsOf(grid)
	for i, cells := range grid {
		writeLine(out, aligned(cells, widths))
		if i == 0 {
			writeLine(out, ruleUnder(widths))
		}
	}
}

func (s *sheet) formsGrid(r reports.Items) [][]string {
	first := "items.col_form"
	if r.Phase == reports.Quizzes {
		first = "items.col_quiz"
	}
	grid := [][]string{{s.words(first), s.words("items.col_n"), s.words("items.col_mean"),
		s.words("items.col_sd"), s.words("items.col_alpha"), s.words("items.col_effect")}}
	for _, f := range r.Forms {
		grid = append(grid, []string{f.Form, s.show(count, f.N), s.show(points, is(f.Mean)),
			s.show(points, is(f.SD)), s.show(effect, is(f.Alpha)), s.effectOf(r.Links, f.Form)})
	}
	return grid
}

// effectOf is how many points less people have on a form than on the reference form, or why that is
// not known.
func (s *sheet) effectOf(links []items.Link, form string) string {
	for _, link := range links {
		switch {
		case link.Form != form:
		case !link.Comparable:
			return s.words("itemwhy." + string(link.Reasons["scores"]))
		case link.Form == link.Reference:
			return s.words("items.col_reference")
		default:
			return s.signed(link.EffectPoints) + " (" + s.interval(link.EffectCI95) + ")"
		}
	}
	return none
}

func (s *sheet) itemsGrid(r reports.Items) [][]string {
	grid := [][]string{{s.words("items.head_item"), s.words("items.head_n"), s.words("items.head_facility"),
		s.words("items.head_rest"), s.words("items.head_b"), s.words("items.col_se"), "infit", "outfit",
		s.words("items.head_dif"), s.words("items.head_verdict")}}
	for _, row := range r.Items {
		rasch := []string{none, none, none, none}
		if known := row.Rasch; known != nil {
			rasch = []string{s.decimal(known.B, 2), s.decimal(known.SE, 2), s.decimal(known.Infit, 2),
				s.decimal(known.Outfit, 2)}
		}
		class := none
		if row.DIF != nil {
			class = row.DIF.Class
		}
		cells := append([]string{row.Item, s.show(count, row.N), s.show(share, is(row.Facility)),
			s.show(effect, is(row.RestCorrelation))}, rasch...)
		grid = append(grid, append(cells, class, s.words("verdict."+string(row.Verdict))))
	}
	return grid
}
