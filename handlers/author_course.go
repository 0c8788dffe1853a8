package handlers

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/sheet"
)

// particularsPage is what belongs to a course as a whole, being written.
type particularsPage struct {
	draftBase
	Sheet    *sheet.Sheet // what the form holds
	Rev      string
	Clash    *clashed
	Findings []toldFinding
	Pillars  []choice
	Name     pair
	Summary  pair
	Anchors  string
	Forms    []formRow
	Checks   []checkRow
}

// formRow is a test form; N is its place.
type formRow struct {
	N     int
	ID    string
	Items string
}

type checkRow struct {
	N       int
	Modules []choice
	Note    pair
}

func (s *server) particulars(c *fiber.Ctx) (particularsPage, error) {
	base, err := s.sheetOf(c, "bench.particulars")
	if err != nil {
		return particularsPage{}, err
	}
	part := sheet.Part{Kind: sheet.PartCourse}
	p := particularsPage{draftBase: base, Rev: base.Draft.Sheet.Rev(part), Findings: base.findingsOf(part)}
	p.fill(base.Draft.Sheet)
	return p, nil
}

func (p *particularsPage) fill(sh *sheet.Sheet) {
	const lines = 3
	p.Sheet, p.Anchors, p.Forms, p.Checks = sh, strings.Join(sh.Anchors, ", "), nil, nil
	p.Pillars = p.choices("pillar.", sh.Pillar, courses.Pillars...)
	p.Name = p.pair("title", p.T("bench.field_title"), sh.Title, 1)
	p.Summary = p.pair("summary", p.T("bench.field_summary"), sh.Summary, lines)
	for i, f := range append(sh.Forms[:len(sh.Forms):len(sh.Forms)], courses.Form{}) {
		p.Forms = append(p.Forms, formRow{i + 1, f.ID, strings.Join(f.Items, ", ")})
	}
	for i, check := range append(sh.Checks[:len(sh.Checks):len(sh.Checks)], courses.Check{}) {
		n := i + 1
		row := checkRow{N: n, Note: p.pair(fmt.Sprintf("check.%d", n), p.T("bench.field_check", fmt.Sprint(n)),
			check.Note, lines)}
		for _, m := range p.Draft.Sheet.Modules {
			row.Modules = append(row.Modules, choice{m.ID, p.moduleTitle(m), m.ID == check.Module})
		}
		p.Checks = append(p.Checks, row)
	}
}

func (s *server) showParticulars(c *fiber.Ctx) error {
	p, err := s.particulars(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "particulars.html", p)
}

// mostRows bounds how many rows of a kind a form may bring.
const mostRows = 40

// particularsSent reads the form into a sheet; rows that were emptied are gone.
func particularsSent(c *fiber.Ctx, sh *sheet.Sheet) {
	sh.Title, sh.Summary, sh.Pillar = textSent(c, "title"), textSent(c, "summary"), posted(c, "pillar")
	sh.PassMark = strings.Replace(posted(c, "pass_mark"), ",", ".", 1)
	sh.MinutesPerItem = strings.Replace(posted(c, "minutes_per_item"), ",", ".", 1)
	sh.Anchors, sh.Forms, sh.Checks = wordsSent(c, "anchors"), nil, nil
	for n := 1; n <= mostRows; n++ {
		f := courses.Form{ID: posted(c, fmt.Sprintf("form.%d.key", n)),
			Items: wordsSent(c, fmt.Sprintf("form.%d.items", n))}
		if f.ID != "" || len(f.Items) > 0 {
			sh.Forms = append(sh.Forms, f)
		}
		at := fmt.Sprintf("check.%d", n)
		if note := textSent(c, at); note != (courses.Text{}) {
			sh.Checks = append(sh.Checks, courses.Check{Module: posted(c, at+".module"), Note: note})
		}
	}
}

// saveParticulars keeps the particulars, unless somebody else has changed them in the meantime.
func (s *server) saveParticulars(c *fiber.Ctx) error {
	edit := s.edit(c, sheet.PartCourse, "")
	failed := s.bench.Change(c.UserContext(), edit, func(sh *sheet.Sheet) error {
		particularsSent(c, sh)
		return nil
	})
	if failed == nil {
		return s.goTo(c, "/author/"+edit.Course+"/course?note=saved")
	}
	p, err := s.particulars(c)
	if err != nil {
		return err
	}
	if p.Clash, p.Rev = s.tellClash(c, p.page, failed, edit.Part); p.Clash == nil {
		return failed
	}
	sent := *p.Draft.Sheet
	particularsSent(c, &sent)
	p.fill(&sent)
	return s.render(c, fiber.StatusConflict, "particulars.html", p)
}
