package handlers

import (
	"encoding/base64"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/sheet"
)

// writingPage is the text of a module being written.
type writingPage struct {
	draftBase
	Module   string
	Place    int
	Rev      string
	Goal     pair
	Text     pair
	Clash    *clashed
	Previews []lessonPreview
	Findings []toldFinding // of this module
	Quiz     []draftItem
}

// lessonPreview is a lesson as the participant will see it.
type lessonPreview struct {
	Lang  courses.Lang
	Name  string
	Title string
	Goal  string
	Place string
	Body  template.HTML
	Amiss []toldFinding
}

// writing opens a module of the draft; the form holds the given texts, or those of the draft.
func (s *server) writing(c *fiber.Ctx) (writingPage, error) {
	base, err := s.sheetOf(c, "bench.module", c.Params("module"))
	if err != nil {
		return writingPage{}, err
	}
	sh := base.Draft.Sheet
	i, err := sh.Module(c.Params("module"))
	if err != nil {
		return writingPage{}, err
	}
	m := sh.Modules[i]
	base.Title = base.moduleTitle(m)
	p := writingPage{draftBase: base, Module: m.ID, Place: i + 1,
		Rev: sh.Rev(sheet.Part{Kind: sheet.PartModule, ID: m.ID}), Quiz: base.items(sh, m.Quiz)}
	p.fill(m)
	p.Findings = base.findingsOf(sheet.Part{Kind: sheet.PartModule, ID: m.ID})
	return p, nil
}

func (p *writingPage) fill(m sheet.Module) {
	const lines, textLines = 2, 24
	p.Goal = p.pair("goal", p.T("bench.field_goal"), m.Goal, lines)
	p.Text = p.pair("text", p.T("bench.field_text"), m.Text, textLines)
	p.Text.Note = p.T("bench.text_note")
}

// findingsOf are the findings about one part.
func (b draftBase) findingsOf(part sheet.Part) []toldFinding {
	var all []toldFinding
	for i, told := range b.tellFindings(b.Draft.Findings) {
		if b.Draft.Findings[i].Part == part {
			all = append(all, told)
		}
	}
	return all
}

// showWriting shows the form of a module.
func (s *server) showWriting(c *fiber.Ctx) error {
	p, err := s.writing(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "writing.html", p)
}

func writingSent(c *fiber.Ctx) sheet.Module {
	return sheet.Module{ID: c.Params("module"), Goal: textSent(c, "goal"), Text: lessonSent(c, "text")}
}

// saveWriting keeps the module's texts, unless somebody else has changed them in the meantime.
func (s *server) saveWriting(c *fiber.Ctx) error {
	sent := writingSent(c)
	edit := s.edit(c, sheet.PartModule, sent.ID)
	failed := s.bench.Change(c.UserContext(), edit, func(sh *sheet.Sheet) error {
		i, err := sh.Module(sent.ID)
		if err != nil {
			return err
		}
		sh.Modules[i].Goal, sh.Modules[i].Text = sent.Goal, sent.Text
		return nil
	})
	if failed == nil {
		return s.goTo(c, "/author/"+edit.Course+"/modules/"+sent.ID+"?note=saved")
	}
	p, err := s.writing(c)
	if err != nil {
		return err
	}
	if p.Clash, p.Rev = s.tellClash(c, p.page, failed, edit.Part); p.Clash == nil {
		return failed
	}
	p.fill(sent)
	return s.render(c, fiber.StatusConflict, "writing.html", p)
}

// previewWriting shows the lesson as the participant will see it; nothing is kept. A script asks for the
// preview alone.
func (s *server) previewWriting(c *fiber.Ctx) error {
	p, err := s.writing(c)
	if err != nil {
		return err
	}
	sent := writingSent(c)
	p.fill(sent)
	p.Rev = posted(c, "rev")
	for i, lang := range courses.Langs {
		p.Previews = append(p.Previews, s.previewOf(p, sent, lang, []string{p.Text.Indonesian, p.Text.English}[i]))
	}
	return s.renderPreview(c, "writing.html", p)
}

// previewOf is the lesson in one language.
func (s *server) previewOf(p writingPage, m sheet.Module, lang courses.Lang, name string) lessonPreview {
	file := content.LessonFile(p.Place, m.ID, lang)
	written := content.Lesson(p.Draft.Files, file, m.Text.In(lang))
	reader := p.page
	reader.Words, reader.Lang = s.book.Words(string(lang)), lang
	told := lessonPreview{Lang: lang, Name: name, Title: written.Title, Goal: m.Goal.In(lang),
		Place: reader.T("lesson.goal")}
	told.Body = reader.framed(template.HTML(drawn(written))) //nolint:gosec // the loader has sanitised it
	for _, f := range written.Findings {
		told.Amiss = append(told.Amiss, toldFinding{Where: p.T("bench.line", file, f.Line),
			Says: p.Retell(f.Message), Mend: p.Retell(f.Mend)})
	}
	return told
}

// drawn is a text with its pictures in it: those of a draft have no address yet.
func drawn(w content.Written) string {
	var pairs []string
	for name, picture := range w.Pictures {
		packed := base64.StdEncoding.EncodeToString([]byte(picture.Body))
		pairs = append(pairs, `src="`+name+`"`, `src="data:image/svg+xml;base64,`+packed+`"`)
	}
	return strings.NewReplacer(pairs...).Replace(w.Body)
}

// renderPreview answers with the page or, where a script asks, with the preview in it alone.
func (s *server) renderPreview(c *fiber.Ctx, name string, data any) error {
	if !strings.EqualFold(c.Get("X-Part"), "preview") {
		return s.render(c, fiber.StatusOK, name, data)
	}
	body, err := s.pages.part(name, "preview", data)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(body)
}
