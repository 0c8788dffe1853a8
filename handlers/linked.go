package handlers

import (
	"github.com/gofiber/fiber/v2"

	"melek/courses/gain"
	"melek/courses/reports"
	"melek/locales"
)

// The page of linked gains shows beside each raw gain what it is on the scale that the forms share.

type linkedPage struct {
	page
	Course  string
	Place   string
	Up      string
	Courses []choice
	Chosen  string
	Fault   string
	Made    string // when the forms were compared; empty where they never were
	Links   []toldLink
	Heads   []string
	By      reports.By
	Rows    []toldRow
	Total   toldRow
	MinCell int
}

// linkedColumns are the figures that the page shows of each row, by the keys of their titles.
var linkedColumns = []string{"matched", "raw", "linked", "logits"}

func (s *server) showLinked(c *fiber.Ctx) error {
	area, err := s.reportArea(c, c.Params("area"))
	if err != nil {
		return err
	}
	course, err := s.chosenCourse(c)
	if err != nil {
		return err
	}
	q, err := s.reportQuery(c, course.ID, area)
	if err != nil {
		return err
	}
	q.By, q.From, q.To = s.ownRows(area), "", ""
	report, err := s.Desk.Linked(c.UserContext(), q)
	if err != nil {
		return err
	}
	p := linkedPage{page: s.page(c, "linked.title").wide(), By: q.By, Heads: linkedColumns, MinCell: s.MinCell,
		Place: s.placeName(s.words(c), area), Up: s.path(c, "/reports/"+area+"?course="+queryEscape(course.ID))}
	p.Course, p.Courses = course.Title.In(p.Lang), s.courseChoices(p.Lang, course.ID)
	if report.Scale != nil {
		p.Made = p.T("linked.made", report.Scale.At)
		for _, link := range report.Scale.Links {
			p.Links = append(p.Links, tellLink(p.Words, link))
		}
	}
	for _, row := range report.Rows {
		p.Rows = append(p.Rows, tellLinked(p.Words, row))
	}
	p.Total = tellLinked(p.Words, report.Total)
	p.Total.Name = p.T("reports.total", report.Total.Name)
	return s.render(c, fiber.StatusOK, "linked.html", p)
}

func tellLinked(w *locales.Words, row reports.LinkedRow) toldRow {
	told := toldRow{Code: row.Code, Name: row.Name, Hidden: row.Suppressed}
	if row.Suppressed {
		return told
	}
	told.Cells = []cell{count(w, row.Matched),
		meanCell(w, row.GainMean, row.GainCI95, 1, row.Reasons["gain_mean"])}
	if row.Linked == nil {
		why := absent(w, "why.", row.Reasons["linked"])
		told.Cells = append(told.Cells, why, why)
		return told
	}
	l := row.Linked
	told.Cells = append(told.Cells, meanCell(w, l.GainMean, l.GainCI95, 1, l.Reasons["gain_mean"]),
		meanCell(w, l.LogitsMean, nil, 2, l.Reasons["logits_mean"]))
	return told
}

// meanCell is a mean with its interval, where it has one, or why there is no mean.
func meanCell(w *locales.Words, mean *float64, ci *gain.Interval, decimals int, why gain.Reason) cell {
	switch number := func(x float64) string { return withSign(x, w.Number(x, decimals)) }; {
	case mean == nil:
		return absent(w, "why.", why)
	case ci == nil:
		return cell{Text: number(*mean)}
	default:
		return cell{Text: w.T("plot.value", number(*mean), number(ci[0]), number(ci[1]))}
	}
}

// withSign puts a plus before what is above 0 as it is written.
func withSign(x float64, written string) string {
	if x > 0 {
		return "+" + written
	}
	return written
}

// sendLinked answers the API with the gains on the scale that the forms share.
func (s *server) sendLinked(c *fiber.Ctx) error {
	q, _, err := s.apiQuery(c)
	if err != nil {
		return err
	}
	report, err := s.Desk.Linked(c.UserContext(), q)
	if err != nil {
		return err
	}
	return sendJSON(c, report)
}
