package handlers

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// workshopForm is a workshop as typed into a form. ID is made when a new form is shown, so that the same form
// sent twice is one workshop.
type workshopForm struct {
	ID           string   `form:"id" validate:"omitempty,uuid"`
	Title        string   `form:"title" validate:"required,max=120"`
	Area         string   `form:"area" validate:"required,max=32"`
	Place        string   `form:"place" validate:"max=120"`
	From         string   `form:"from" validate:"required,datetime=2006-01-02"`
	To           string   `form:"to" validate:"omitempty,datetime=2006-01-02"`
	Courses      []string `form:"courses" validate:"max=50,dive,max=64"`
	Facilitators []string `form:"facilitators" validate:"max=50,dive,max=64"`
}

// into puts what was typed into a workshop. A last day that was left empty is the first.
func (f workshopForm) into(w *people.Workshop) {
	w.Title, w.Area, w.Place, w.From, w.To = f.Title, f.Area, f.Place, f.From, f.To
	if w.To == "" {
		w.To = f.From
	}
	w.Courses, w.Facilitators = f.Courses, f.Facilitators
}

func workshopFormOf(w people.Workshop) workshopForm {
	return workshopForm{ID: w.ID, Title: w.Title, Area: w.Area, Place: w.Place, From: w.From, To: w.To,
		Courses: w.Courses, Facilitators: w.Facilitators}
}

type workshopFormPage struct {
	page
	Form         workshopForm
	New          bool
	Action       string
	Faults       faults
	Areas        []areaGroup
	Courses      []choice
	Facilitators []choice // empty where who plans is who runs it
}

func (s *server) renderWorkshopForm(c *fiber.Ctx, status int, f workshopForm, isNew bool,
	wrong faults) error {
	p := workshopFormPage{page: s.page(c, "workshops.new").wide(), Form: f, New: isNew, Faults: wrong,
		Action: "/workshops/new"}
	if !isNew {
		p.page = s.page(c, "workshops.edit").wide()
		p.Action = "/workshops/" + f.ID + "/edit"
	}
	reach, err := s.reach(c)
	if err != nil {
		return err
	}
	p.Areas = s.areaGroups(p.Words, reach, f.Area)
	for _, course := range s.Catalog.Courses() {
		p.Courses = append(p.Courses, choice{course.ID, p.Say(course.Title), slices.Contains(f.Courses, course.ID)})
	}
	if p.Facilitators, err = s.facilitatorChoices(c, f.Facilitators); err != nil {
		return err
	}
	return s.render(c, status, "workshop_form.html", p)
}

// facilitatorChoices are the facilitators whom the one who is signed in may charge with a workshop: an
// officer those who serve in the own area or around it. A facilitator charges nobody else.
func (s *server) facilitatorChoices(c *fiber.Ctx, chosen []string) ([]choice, error) {
	duty := signedIn(c).Duty
	if duty.Role == people.Facilitator {
		return nil, nil
	}
	found, err := s.Store.People(c.UserContext(), store.PeopleQuery{Role: people.Facilitator})
	if err != nil {
		return nil, err
	}
	var choices []choice
	for _, person := range found {
		area, is := person.Posting(s.Now(), s.Zone).Area, slices.Contains(chosen, person.ID)
		near := s.Region.Within(area, duty.Area) || s.Region.Within(duty.Area, area)
		if !person.Retired && (near || is) {
			choices = append(choices, choice{person.ID, person.Name + " · " + s.placeName(s.words(c), area), is})
		}
	}
	return choices, nil
}

// runners are the ids of those whom the one who is signed in may charge with a workshop.
func (s *server) runners(c *fiber.Ctx) ([]string, error) {
	if duty := signedIn(c).Duty; duty.Role == people.Facilitator {
		return []string{duty.Person}, nil
	}
	offered, err := s.facilitatorChoices(c, nil)
	ids := make([]string, len(offered))
	for i, o := range offered {
		ids[i] = o.Value
	}
	return ids, err
}

// readWorkshopForm reads the form, each list in order.
func (s *server) readWorkshopForm(c *fiber.Ctx) (f workshopForm, wrong faults, err error) {
	wrong, err = s.readForm(c, &f)
	return f, wrong, err
}

// faultsOfWorkshop words a problem with a workshop beside its field; any other error is returned.
func (s *server) faultsOfWorkshop(c *fiber.Ctx, err error) (faults, error) {
	_, p := problem(err)
	field, ok := strings.CutPrefix(p.Key, "workshop.bad_")
	if err == nil || !ok {
		return nil, err
	}
	return faults{field: s.wording(c, p)}, nil
}

func (s *server) showNewWorkshop(c *fiber.Ctx) error {
	today := s.Now().In(s.Zone).Format(time.DateOnly)
	f := workshopForm{ID: uuid.Must(uuid.NewV7()).String(), From: today, To: today}
	if reach, err := s.reach(c); err == nil && reach != s.Region.Root().Code {
		f.Area = reach
	}
	return s.renderWorkshopForm(c, fiber.StatusOK, f, true, nil)
}

// planWorkshop makes a workshop, with a code that opens it on its days.
func (s *server) planWorkshop(c *fiber.Ctx) error {
	f, wrong, err := s.readWorkshopForm(c)
	if err != nil {
		return err
	}
	if f.ID == "" {
		return courses.Problemf(courses.Invalid, "page.malformed")
	}
	if wrong == nil {
		wrong, err = s.faultsOfWorkshop(c, s.plan(c, f))
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderWorkshopForm(c, fiber.StatusUnprocessableEntity, f, true, wrong)
	}
	return s.goTo(c, "/workshops/"+f.ID+"?said=planned")
}

func (s *server) plan(c *fiber.Ctx, f workshopForm) error {
	code, err := s.Door.NewHallCode(c.UserContext())
	if err != nil {
		return err
	}
	runners, err := s.runners(c)
	if err != nil {
		return err
	}
	self, known := signedIn(c).Person.ID, false
	err = s.Store.ChangeWorkshop(c.UserContext(), f.ID, func(w *people.Workshop) error {
		if known = w.By != ""; known {
			return s.mayHold(c, w) // the same form once more
		}
		f.into(w)
		w.Code, w.By, w.At = code, self, s.Now().UTC()
		if signedIn(c).Duty.Role == people.Facilitator {
			w.Facilitators = []string{self}
		}
		w.Tidy()
		return s.mayPlan(c, *w, people.Workshop{}, runners)
	})
	if err != nil || known {
		return err
	}
	for _, id := range append(f.Facilitators, self) {
		s.sessions.forget(id)
	}
	return s.note(c, "workshop.plan", f.ID, f.Title)
}

func (s *server) mayHold(c *fiber.Ctx, w *people.Workshop) error {
	if !signedIn(c).Duty.Holds(w, s.Region) {
		return courses.Problemf(courses.Forbidden, "workshop.reach")
	}
	return nil
}

// mayPlan judges what a workshop has become: what is taught is known, who runs it is one of the runners, and
// it is held where the one who is signed in plans workshops. What was so before may stay.
func (s *server) mayPlan(c *fiber.Ctx, w, before people.Workshop, runners []string) error {
	if err := w.Check(s.Region); err != nil {
		return err
	}
	if w.Area != before.Area && !signedIn(c).Duty.Plans(w.Area, s.Region) {
		return courses.Problemf(courses.Invalid, "workshop.bad_area")
	}
	for _, id := range w.Courses {
		if _, ok := s.Catalog.Current(id); !ok && !slices.Contains(before.Courses, id) {
			return courses.Problemf(courses.Invalid, "workshop.bad_courses")
		}
	}
	for _, id := range w.Facilitators {
		if !slices.Contains(before.Facilitators, id) && !slices.Contains(runners, id) {
			return courses.Problemf(courses.Invalid, "workshop.bad_facilitators")
		}
	}
	return nil
}

func (s *server) showEditWorkshop(c *fiber.Ctx) error {
	w, err := s.held(c)
	if err != nil {
		return err
	}
	return s.renderWorkshopForm(c, fiber.StatusOK, workshopFormOf(w), false, nil)
}

// changePlan replaces what is planned; who runs it is changed by those who oversee facilitators.
func (s *server) changePlan(c *fiber.Ctx) error {
	known, err := s.held(c)
	if err != nil {
		return err
	}
	f, wrong, err := s.readWorkshopForm(c)
	if err != nil {
		return err
	}
	f.ID = known.ID
	runners, err := s.runners(c)
	if err != nil {
		return err
	}
	if wrong == nil {
		wrong, err = s.faultsOfWorkshop(c, s.changeWorkshop(c, func(w *people.Workshop) error {
			before := *w
			f.into(w)
			if signedIn(c).Duty.Role == people.Facilitator {
				w.Facilitators = before.Facilitators
			}
			return s.mayPlan(c, *w, before, runners)
		}))
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderWorkshopForm(c, fiber.StatusUnprocessableEntity, f, false, wrong)
	}
	return s.toWorkshop(c, "workshop.change", "changed")
}
