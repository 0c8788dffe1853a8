package handlers

import (
	"errors"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/bench"
	"melek/courses/content"
	"melek/courses/sheet"
)

// pair is a wording to be written in both languages, side by side.
type pair struct {
	Name, Label, Note string
	Indonesian        string // names of the languages
	English           string
	Text              courses.Text
	Rows              int
}

// pair makes the fields of a wording.
func (p page) pair(name, label string, t courses.Text, rows int) pair {
	return pair{Name: name, Label: label, Text: t, Rows: rows, Indonesian: p.T("people.language_id"),
		English: p.T("people.language_en")}
}

// textSent reads the fields of a pair.
func textSent(c *fiber.Ctx, name string) courses.Text {
	return courses.Text{ID: posted(c, name+".id"), EN: posted(c, name+".en")}
}

// lessonSent reads the fields of a pair whose spaces count.
func lessonSent(c *fiber.Ctx, name string) courses.Text {
	read := func(lang courses.Lang) string {
		text := content.Plain(string(c.Context().PostArgs().Peek(name + "." + string(lang))))
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		return text
	}
	return courses.Text{ID: read(courses.Indonesian), EN: read(courses.English)}
}

// wordsSent reads a field that lists ids, between commas or spaces.
func wordsSent(c *fiber.Ctx, name string) []string {
	return strings.FieldsFunc(posted(c, name), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// linesSent reads a field that has an entry on each line.
func linesSent(c *fiber.Ctx, name string) []string {
	var all []string
	for line := range strings.Lines(posted(c, name)) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// isProblem reports whether the error has a wording of its own.
func isProblem(err error) bool {
	var p *courses.Problem
	return errors.As(err, &p)
}

// clashed is what a form shows when somebody else has saved the same part in the meantime: what is saved
// now and what was about to be, with the words marked. The form itself holds what was about to be.
type clashed struct {
	By      string
	Changes []toldChange
}

// tellClash words a clash over a part, and returns the state that the form then begins from. It is nil
// where the error is none.
func (s *server) tellClash(c *fiber.Ctx, p page, err error, part sheet.Part) (told *clashed, rev string) {
	var clash *bench.Clash
	if !errors.As(err, &clash) || clash.Theirs == nil {
		return nil, ""
	}
	told = &clashed{By: s.nameOf(c, clash.By)}
	for _, d := range sheet.Compare(clash.Theirs, clash.Mine) {
		if d.Part == part {
			told.Changes = p.tellChanges(d.Changes)
		}
	}
	return told, clash.Theirs.Rev(part)
}
