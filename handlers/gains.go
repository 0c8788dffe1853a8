package handlers

import (
	"math"

	"github.com/gofiber/fiber/v2"

	"melek/courses/gain"
	"melek/courses/reports"
	"melek/locales"
)

// toldGains is a gains report in words, drawings and rows.
type toldGains struct {
	Headline string
	Counts   string // empty where they are hidden
	Map      *tilemap
	Plot     plot
	Heads    []string
	Rows     []toldRow
	Total    toldRow
	Done     *toldCompletion // nil where the rows are no areas
	Hides    bool            // some row is hidden
	Finer    toldFiner
	Says     []string // the total's figures in sentences, beside the headline
}

// toldRow is one row of figures as words.
type toldRow struct {
	Code, Name string
	Link       string
	Hidden     bool
	Cells      []cell
}

// cell is one figure, or why there is none.
type cell struct {
	Text string
	Why  string
}

// toldCompletion is a completion report as a drawing and rows.
type toldCompletion struct {
	Bars  bars
	Rows  []toldRow
	Total toldRow
	Hides bool
}

// tellGains asks for the report and puts it into words.
func (s *server) tellGains(c *fiber.Ctx, p page, q reports.Query) (*toldGains, error) {
	report, err := s.Desk.Gains(c.UserContext(), q)
	if err != nil {
		return nil, err
	}
	told := &toldGains{Headline: s.headline(p.Words, q, report.Total), Heads: gainColumns,
		Counts: counts(p.Words, report.Total)}
	var marks []mark
	for _, row := range report.Rows {
		row.Name = rowName(p.Words, q.By, row.Code, row.Name)
		link := s.rowLink(c, p, q.By, row.Code)
		marks = append(marks, markOf(row, link))
		told.Rows = append(told.Rows, tellRow(p.Words, row, link))
		told.Hides = told.Hides || row.Suppressed
	}
	told.Total = tellRow(p.Words, report.Total, "")
	told.Total.Name = p.T("reports.total", report.Total.Name)
	told.Finer = s.tellFiner(p.Words, report, told.Rows, told.Total)
	told.Says = sentences(p.Words, report)
	told.Plot = newPlot(p.Words, marks)
	if q.By == reports.ByDistrict {
		tiles := newTilemap(p.Words, s.Region, marks)
		told.Map = &tiles
	}
	if q.By == reports.ByDistrict || q.By == reports.ByVillage {
		told.Done, err = s.tellCompletion(c, p, q)
	}
	return told, err
}

// rowName is what people call a row.
func rowName(w *locales.Words, by reports.By, code, name string) string {
	if wording := by.Wording(code); wording != "" {
		return w.T(wording)
	}
	return name
}

// rowLink is where a row opens to: a kecamatan to its villages.
func (s *server) rowLink(c *fiber.Ctx, p page, by reports.By, code string) string {
	if by != reports.ByDistrict {
		return ""
	}
	query := queryWith(c, "by", "")
	if query != "" {
		query = "?" + query
	}
	return p.To("/reports/", code, query)
}

func markOf(row gain.Row, link string) mark {
	m := mark{Code: row.Code, Name: row.Name, Link: link, Lo: math.NaN(), Hi: math.NaN()}
	switch {
	case row.Suppressed:
		m.Kind = hidden
	case row.GainMean != nil:
		m.Kind, m.Mean = visible, *row.GainMean
		if row.GainCI95 != nil {
			m.Lo, m.Hi = row.GainCI95[0], row.GainCI95[1]
		}
	}
	return m
}

// headline is the whole report in one sentence.
func (s *server) headline(w *locales.Words, q reports.Query, total gain.Row) string {
	number := func(f float64) string { return w.Number(f, 1) }
	switch {
	case total.Suppressed && q.From+q.To+string(q.Type) != "":
		return w.T("headline.hidden_narrowed")
	case total.Suppressed:
		return w.T("headline.hidden", s.MinCell)
	case total.GainMean == nil:
		return w.T("headline.nobody")
	case total.GainCI95 == nil:
		return w.T("headline.single", signed(w, *total.GainMean))
	}
	mean, lo, hi := *total.GainMean, total.GainCI95[0], total.GainCI95[1]
	switch {
	case lo > 0:
		return w.T("headline.up", number(mean), number(lo), number(hi))
	case hi < 0:
		return w.T("headline.down", number(-mean), number(-hi), number(-lo))
	}
	return w.T("headline.unsure", signed(w, mean), signed(w, lo), signed(w, hi))
}

// counts says how many people the report is on.
func counts(w *locales.Words, total gain.Row) string {
	if total.Suppressed {
		return ""
	}
	return w.T("reports.counts", int(*total.Enrolled), int(*total.Completed), int(*total.Matched))
}

// gainColumns are the figures that the page shows of each row, by the keys of their titles.
var gainColumns = []string{"pre_n", "post_n", "matched", "pre_mean", "post_mean", "gain_mean", "hake_g",
	"competent"}

func tellRow(w *locales.Words, row gain.Row, link string) toldRow {
	told := toldRow{Code: row.Code, Name: row.Name, Link: link, Hidden: row.Suppressed}
	if row.Suppressed {
		return told
	}
	why := func(name string) cell { return absent(w, "why.", row.Reasons[name]) }
	number := func(f *float64, decimals int, name string) cell {
		if f == nil {
			return why(name)
		}
		return cell{Text: w.Number(*f, decimals)}
	}
	told.Cells = []cell{count(w, row.PreN), count(w, row.PostN), count(w, row.Matched),
		number(row.PreMean, 1, "pre_mean"), number(row.PostMean, 1, "post_mean"), gainCell(w, row),
		number(row.HakeG, 2, "hake_g"), competentCell(w, row)}
	return told
}

// absent says why a figure is not there, in the wording below the prefix; of one that is there it says
// nothing.
func absent(w *locales.Words, prefix string, why gain.Reason) cell {
	if why == "" {
		return cell{}
	}
	return cell{Why: w.T(prefix + string(why))}
}

func count(w *locales.Words, n *int64) cell { return cell{Text: w.Number(float64(*n), 0)} }

func gainCell(w *locales.Words, row gain.Row) cell {
	switch {
	case row.GainMean == nil:
		return absent(w, "why.", row.Reasons["gain_mean"])
	case row.GainCI95 == nil:
		return cell{Text: signed(w, *row.GainMean)}
	}
	return cell{Text: withInterval(w, *row.GainMean, row.GainCI95[0], row.GainCI95[1])}
}

func competentCell(w *locales.Words, row gain.Row) cell {
	if row.Competent == nil || row.Competent.Share == nil {
		return absent(w, "why.", row.Reasons["competent.share"])
	}
	return cell{Text: w.T("bars.share", int(row.Competent.N), w.Number(100**row.Competent.Share, 0))}
}

// tellCompletion puts how far people have come beside what they gained.
func (s *server) tellCompletion(c *fiber.Ctx, p page, q reports.Query) (*toldCompletion, error) {
	report, err := s.Desk.Completion(c.UserContext(), q)
	if err != nil {
		return nil, err
	}
	told := &toldCompletion{}
	var marks []shareMark
	for _, row := range report.Rows {
		m := shareMark{mark: mark{Code: row.Code, Name: row.Name}}
		if row.Suppressed {
			m.Kind = hidden
		} else if *row.Enrolled > 0 {
			m.Kind, m.Part, m.Of = visible, *row.Completed, *row.Enrolled
		}
		marks = append(marks, m)
		told.Rows = append(told.Rows, tellCompleted(p.Words, row))
		told.Hides = told.Hides || row.Suppressed
	}
	told.Total = tellCompleted(p.Words, report.Total)
	told.Total.Name = p.T("reports.total", report.Total.Name)
	told.Bars = newBars(p.Words, marks)
	return told, nil
}

func tellCompleted(w *locales.Words, row reports.CompletionRow) toldRow {
	told := toldRow{Code: row.Code, Name: row.Name, Hidden: row.Suppressed}
	if row.Suppressed {
		return told
	}
	told.Cells = []cell{count(w, row.Enrolled), count(w, row.Completed)}
	if row.ShareCompleted == nil {
		return toldRow{Code: row.Code, Name: row.Name, Cells: append(told.Cells, cell{Why: w.T("why.nobody")})}
	}
	told.Cells = append(told.Cells, cell{Text: w.T("bars.percent", w.Number(100**row.ShareCompleted, 1))})
	return told
}
