package handlers

import (
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/reports"
)

// frozenRoutes are the pages of closed periods.
func (s *server) frozenRoutes() []route {
	return []route{
		{fiber.MethodGet, "/frozen", people.Govern, s.showFrozen},
		{fiber.MethodPost, "/frozen", people.Govern, s.freeze},
		{fiber.MethodGet, "/frozen/:id", people.Govern, s.showFrozenReport},
		{fiber.MethodGet, "/frozen/:id/report.json", people.Govern, s.sendFrozenReport},
	}
}

type frozenPage struct {
	page
	Courses []choice
	Form    freezeForm
	Faults  faults
	Reports []frozenReport
}

// freezeForm says which period of which course is closed; without days it is all of them.
type freezeForm struct {
	Course string `form:"course" validate:"course"`
	From   string `form:"from" validate:"omitempty,datetime=2006-01-02"`
	To     string `form:"to" validate:"omitempty,datetime=2006-01-02"`
}

// frozenReport is a frozen report as the pages name it.
type frozenReport struct {
	ID, Course, Period string
	At                 time.Time
	By                 string
	Seal               reports.Seal
}

func (s *server) showFrozen(c *fiber.Ctx) error {
	return s.renderFrozen(c, fiber.StatusOK, freezeForm{}, nil)
}

func (s *server) renderFrozen(c *fiber.Ctx, status int, f freezeForm, wrong faults) error {
	p := frozenPage{page: s.page(c, "frozen.title").wide(), Courses: s.courseChoices(s.lang(c), f.Course),
		Form: f, Faults: wrong}
	ids, err := s.Archive.List(c.UserContext())
	if err != nil {
		return err
	}
	for _, id := range ids {
		f, seal, err := s.Archive.Get(c.UserContext(), id)
		if err != nil {
			return err
		}
		p.Reports = append([]frozenReport{s.frozenReport(p.page, f, seal)}, p.Reports...)
	}
	return s.render(c, status, "frozen.html", p)
}

func (s *server) frozenReport(p page, f reports.Frozen, seal reports.Seal) frozenReport {
	named := frozenReport{ID: f.ID, Course: f.Query.Course, At: f.FrozenAt, By: f.By, Seal: seal}
	if course, ok := s.Catalog.Current(f.Query.Course); ok {
		named.Course = p.Say(course.Title)
	}
	named.Period = p.T("frozen.all_days")
	if f.Query.From+f.Query.To != "" {
		named.Period = fmt.Sprintf("%s – %s", f.Query.From, f.Query.To)
	}
	return named
}

// freeze closes a period: the report by kecamatan as it is now is kept for good.
func (s *server) freeze(c *fiber.Ctx) error {
	var f freezeForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderFrozen(c, fiber.StatusUnprocessableEntity, f, wrong)
	}
	q := reports.Query{Course: f.Course, From: f.From, To: f.To}
	kept, err := s.Archive.Freeze(c.UserContext(), q, signedIn(c).Person.ID)
	if courses.KindOf(err) == courses.Invalid { // the days contradict each other
		return s.renderFrozen(c, fiber.StatusUnprocessableEntity, f, faults{"to": s.reason(c, err)})
	}
	if err != nil {
		return err
	}
	if err := s.note(c, "report.frozen", q.Course, kept.ID); err != nil {
		return err
	}
	return s.goTo(c, "/frozen/"+kept.ID)
}

type frozenReportPage struct {
	page
	Report  frozenReport
	Frozen  reports.Frozen
	Same    bool
	Other   bool // it was made by another method, so it is not made again
	Changes []frozenChange
}

// frozenChange is one count that has changed since.
type frozenChange struct{ Name, Count, Frozen, Now string }

// showFrozenReport verifies the signature, makes the report again and lists what has changed since.
func (s *server) showFrozenReport(c *fiber.Ctx) error {
	f, seal, err := s.Archive.Get(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	p := frozenReportPage{page: s.page(c, "frozen.title").wide(), Frozen: f}
	p.Report = s.frozenReport(p.page, f, seal)
	same, cannot := s.Archive.Again(c.UserContext(), f)
	p.Same, p.Other = same, cannot != nil
	changes, err := s.Archive.Changes(c.UserContext(), f)
	if err != nil {
		return err
	}
	count := func(n *int64) string {
		if n == nil {
			return p.T("reports.hidden")
		}
		return p.Number(float64(*n), 0)
	}
	for _, change := range changes {
		name := rowName(p.Words, f.Query.By, change.Code, change.Name)
		if change.Code == f.Query.Within {
			name = p.T("reports.total", change.Name)
		}
		p.Changes = append(p.Changes, frozenChange{name, p.T("reports.head_" + change.Count), count(change.Frozen),
			count(change.Now)})
	}
	return s.render(c, fiber.StatusOK, "frozen_report.html", p)
}

// sendFrozenReport sends the report to the byte as it was signed.
func (s *server) sendFrozenReport(c *fiber.Ctx) error {
	f, _, err := s.Archive.Get(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	return sendFile(c, "melek-"+f.ID+".json", fiber.MIMEApplicationJSON, f.Report)
}
