package handlers

import (
	"bytes"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/bench"
	"melek/courses/content"
	"melek/courses/people"
	"melek/courses/sheet"
)

// The bench is where authors write courses. Everything in it shows keys, so all of it is behind one act.

// authorRoutes are the pages of those who write courses.
func (s *server) authorRoutes() []route {
	const draft = "/author/:draft"
	const module, item, file = draft + "/modules/:module", draft + "/items/:item", draft + "/files/:file"
	all := []route{
		{fiber.MethodGet, "/author", "", s.showBench},
		{fiber.MethodPost, "/author/new", "", s.createDraft},
		{fiber.MethodPost, "/author/take", "", s.takeDraft},
		{fiber.MethodGet, draft, "", s.showDraft},
		{fiber.MethodPost, draft + "/begin", "", s.beginDraft},
		{fiber.MethodPost, draft + "/discard", "", s.discardDraft},
		{fiber.MethodGet, draft + "/changes", "", s.showChanges},
		{fiber.MethodPost, draft + "/publish", "", s.publishDraft},
		{fiber.MethodPost, draft + "/confirm", "", s.confirmTranslation},
		{fiber.MethodGet, draft + "/draft.zip", "", s.sendDraft},
		{fiber.MethodGet, draft + "/published.zip", "", s.sendPublished},
		{fiber.MethodGet, draft + "/course", "", s.showParticulars},
		{fiber.MethodPost, draft + "/course", "", s.saveParticulars},
		{fiber.MethodPost, draft + "/modules", "", s.addModule},
		{fiber.MethodPost, draft + "/items", "", s.addItem},
		{fiber.MethodPost, draft + "/move", "", s.movePart},
		{fiber.MethodGet, module, "", s.showWriting},
		{fiber.MethodPost, module, "", s.saveWriting},
		{fiber.MethodPost, module + "/preview", "", s.previewWriting},
		{fiber.MethodPost, module + "/remove", "", s.removeModule},
		{fiber.MethodGet, item, "", s.showItemForm},
		{fiber.MethodPost, item, "", s.saveItem},
		{fiber.MethodPost, item + "/preview", "", s.previewItem},
		{fiber.MethodPost, item + "/remove", "", s.removeItem},
		{fiber.MethodGet, item + "/history", "", s.showHistory},
		{fiber.MethodGet, file, "", s.showFile},
		{fiber.MethodPost, file, "", s.saveFile},
	}
	for i := range all {
		all[i].act = people.Write
	}
	return all
}

type benchPage struct {
	page
	Fault   string
	Form    newCourseForm
	Pillars []choice
	Courses []benchCourse
	Note    string
}

// benchCourse is a course that is taught, or a draft of one, or both.
type benchCourse struct {
	ID, Title string
	Version   string // empty where it is not taught
	Stale     int    // parts whose English waits to be confirmed
	Draft     *benchDraft
}

type benchDraft struct {
	Saved string // by whom and when
	Bars  string // how much keeps it from being published; empty where nothing does
	Asks  string // how much the gate finds
	Stale int
}

type newCourseForm struct {
	ID     string `form:"id" validate:"required,max=64"`
	Pillar string `form:"pillar" validate:"required"`
	NameID string `form:"name_id" validate:"required,max=200"`
	NameEN string `form:"name_en" validate:"required,max=200"`
}

// showBench lists the courses with their drafts.
func (s *server) showBench(c *fiber.Ctx) error {
	return s.renderBench(c, fiber.StatusOK, benchPage{})
}

func (s *server) renderBench(c *fiber.Ctx, status int, p benchPage) error {
	p.page = s.page(c, "bench.title").wide().at("/author")
	p.Pillars = p.choices("pillar.", p.Form.Pillar, courses.Pillars...)
	p.Note = p.benchNote(c)
	for _, course := range s.Catalog.Courses() {
		p.Courses = append(p.Courses, benchCourse{ID: course.ID, Title: p.Say(course.Title),
			Version: course.Version, Stale: len(course.Stale)})
	}
	drafts, err := s.bench.Drafts(c.UserContext())
	if err != nil {
		return err
	}
	for _, d := range drafts {
		told := &benchDraft{Stale: d.Stale(), Saved: p.T("bench.saved_by", s.nameOf(c, d.By), d.At)}
		if bars := d.Bars(); bars > 0 {
			told.Bars = p.N("bench.bars", bars)
		} else if len(d.Findings) > 0 {
			told.Asks = p.N("bench.asks", len(d.Findings))
		}
		i := slices.IndexFunc(p.Courses, func(w benchCourse) bool { return w.ID == d.Draft.Course })
		if i < 0 {
			i = len(p.Courses)
			p.Courses = append(p.Courses, benchCourse{ID: d.Draft.Course, Title: p.draftTitle(d)})
		}
		p.Courses[i].Draft = told
	}
	return s.render(c, status, "author.html", p)
}

// draftTitle names a draft, by its id where it has no title yet.
func (p page) draftTitle(d bench.Draft) string {
	if d.Sheet != nil && p.Say(d.Sheet.Title) != "" {
		return p.Say(d.Sheet.Title)
	}
	return d.Draft.Course
}

// benchNotes are what a page of the bench may say of what has just been done.
var benchNotes = []string{"saved", "published", "discarded", "confirmed", "removed"}

func (p page) benchNote(c *fiber.Ctx) string {
	name := c.Query("note")
	if !slices.Contains(benchNotes, name) {
		return ""
	}
	return p.T("bench.note_" + name)
}

// nameOf is the name of a person, or else the id.
func (s *server) nameOf(c *fiber.Ctx, id string) string {
	if p, err := s.Store.Person(c.UserContext(), id); err == nil && p.Name != "" {
		return p.Name
	}
	return id
}

// createDraft begins a new course.
func (s *server) createDraft(c *fiber.Ctx) error {
	var f newCourseForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	if wrong == nil && !slices.Contains(courses.Pillars, f.Pillar) {
		wrong = faults{"pillar": s.words(c).T("problem.field.wrong")}
	}
	if wrong == nil {
		title := courses.Text{ID: strings.TrimSpace(f.NameID), EN: strings.TrimSpace(f.NameEN)}
		err = s.bench.Create(c.UserContext(), sheet.New(f.ID, f.Pillar, title), signedIn(c).Person.ID)
	} else {
		err = courses.Problemf(courses.Invalid, "draft.fields")
	}
	if kind := courses.KindOf(err); kind == courses.Invalid || kind == courses.Conflict {
		return s.renderBench(c, statuses[kind], benchPage{Fault: s.reason(c, err), Form: f})
	}
	if err != nil {
		return err
	}
	return s.goTo(c, "/author/"+f.ID)
}

// takeDraft takes in a course as one file. A draft that is there is kept, unless the form names its state.
func (s *server) takeDraft(c *fiber.Ctx) error {
	_, packed, err := uploaded(c, ".zip")
	var id string
	if err == nil {
		id, err = s.takeFile(c, packed)
	}
	if kind := courses.KindOf(err); kind == courses.Invalid || kind == courses.Conflict {
		return s.renderBench(c, statuses[kind], benchPage{Fault: s.reason(c, err)})
	}
	if err != nil {
		return err
	}
	return s.goTo(c, "/author/"+id)
}

func (s *server) takeFile(c *fiber.Ctx, packed []byte) (string, error) {
	source, err := content.ReadFile(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return "", err
	}
	over := ""
	if form, err := c.MultipartForm(); err == nil && len(form.Value["over"]) > 0 {
		over = form.Value["over"][0]
	}
	return s.bench.Take(c.UserContext(), source, over, signedIn(c).Person.ID)
}

// beginDraft makes a draft of what is taught; one that is there is opened.
func (s *server) beginDraft(c *fiber.Ctx) error {
	if err := s.bench.Begin(c.UserContext(), c.Params("draft"), signedIn(c).Person.ID); err != nil {
		return err
	}
	return s.goTo(c, "/author/"+c.Params("draft"))
}

// versionForm is a button that acts on a draft as it was seen.
type versionForm struct {
	Version string `form:"version" validate:"required,max=64"`
}

// discardDraft throws a draft away as it was seen.
func (s *server) discardDraft(c *fiber.Ctx) error {
	var f versionForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	id := c.Params("draft")
	if err := s.bench.Discard(c.UserContext(), id, f.Version); err != nil {
		return err
	}
	if err := s.note(c, "draft.discard", id, f.Version); err != nil {
		return err
	}
	return s.goTo(c, "/author?note=discarded")
}

// sendDraft sends a draft as one file.
func (s *server) sendDraft(c *fiber.Ctx) error {
	d, err := s.Store.Draft(c.UserContext(), c.Params("draft"))
	if err != nil {
		return err
	}
	return sendCourse(c, d.Course, d.Files, "draft")
}

// sendPublished sends the version that is taught as one file.
func (s *server) sendPublished(c *fiber.Ctx) error {
	source, err := s.Catalog.Source(c.Params("draft"))
	if err != nil {
		return err
	}
	return sendCourse(c, source.Course, source.Files, source.Version)
}

func sendCourse(c *fiber.Ctx, id string, files map[string]string, version string) error {
	var b bytes.Buffer
	if err := content.WriteFile(&b, courseSource(id, files)); err != nil {
		return err
	}
	return sendFile(c, id+"-"+version+".zip", "application/zip", b.Bytes())
}
