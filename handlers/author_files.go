package handlers

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"melek/courses/bench"
	"melek/courses/content"
	"melek/courses/sheet"
)

// filePage is one file of a draft as it is.
type filePage struct {
	draftBase
	File     string
	Rev      string
	Text     string
	By       string      // who has changed the file meanwhile; empty where nobody has
	Changes  []toldPiece // between what is saved and what the form holds
	Findings []toldFinding
}

func (s *server) file(c *fiber.Ctx) (filePage, error) {
	name := c.Params("file")
	base, err := s.draft(c, "bench.file", name)
	if err != nil {
		return filePage{}, err
	}
	p := filePage{draftBase: base, File: name, Rev: bench.FileRev(base.Draft.Files, name),
		Text: base.Draft.Files[name]}
	for i, told := range base.tellFindings(base.Draft.Findings) {
		if f := base.Draft.Findings[i]; f.File == name {
			told.Where, told.Href = base.T("bench.line", f.File, f.Line), ""
			p.Findings = append(p.Findings, told)
		}
	}
	return p, nil
}

// showFile shows a file as it is, for what no form offers.
func (s *server) showFile(c *fiber.Ctx) error {
	p, err := s.file(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "course_file.html", p)
}

// saveFile keeps a file as it was written, unless somebody else has changed it in the meantime; an empty
// one is taken away.
func (s *server) saveFile(c *fiber.Ctx) error {
	draft, name := c.Params("draft"), c.Params("file")
	text := content.Plain(string(c.Context().PostArgs().Peek("text")))
	failed := s.bench.ChangeFile(c.UserContext(), draft, signedIn(c).Person.ID, name, posted(c, "rev"), text)
	if failed == nil {
		return s.goTo(c, "/author/"+draft+"/files/"+name+"?note=saved")
	}
	var clash *bench.Clash
	if !errors.As(failed, &clash) {
		return failed
	}
	p, err := s.file(c)
	if err != nil {
		return err
	}
	p.By, p.Changes, p.Text = s.nameOf(c, clash.By), p.tellPieces(sheet.Words(clash.Text, text)), text
	return s.render(c, fiber.StatusConflict, "course_file.html", p)
}
