package handlers

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
)

// personForm is a person as typed into a form.
type personForm struct {
	ID        string `form:"id" validate:"person=id"`
	Name      string `form:"name" validate:"person=name"`
	Role      string `form:"role" validate:"person=role"`
	Area      string `form:"area" validate:"required,person=area"`
	Position  string `form:"position" validate:"person=position"`
	Phone     string `form:"phone" validate:"person=phone"`
	Language  string `form:"language" validate:"person=language"`
	Gender    string `form:"gender" validate:"person=gender"`
	BirthYear string `form:"birth_year" validate:"person=birth_year"`
	From      string `form:"valid_from" validate:"person=valid_from"`
}

// moveForm is another place of service from a day on.
type moveForm struct {
	ID       string `form:"id" validate:"required,max=64"`
	Area     string `form:"area" validate:"required,person=area"`
	Position string `form:"position" validate:"person=position"`
	From     string `form:"valid_from" validate:"datetime=2006-01-02"`
}

// formOf is the form that shows a person as known, with the last posting.
func formOf(p people.Person) personForm {
	f := personForm{ID: p.ID, Name: p.Name, Role: string(p.Role), Phone: p.Phone, Language: string(p.Language),
		Gender: p.Gender}
	if p.BirthYear != 0 {
		f.BirthYear = strconv.Itoa(p.BirthYear)
	}
	if n := len(p.Postings); n > 0 {
		last := p.Postings[n-1]
		f.Area, f.Position, f.From = last.Area, last.Position, last.From
	}
	return f
}

// person is the person of a form without faults.
func (f personForm) person() people.Person {
	year, _ := strconv.Atoi(f.BirthYear) // empty: unknown
	return people.Person{ID: f.ID, Name: f.Name, Role: people.Role(f.Role), Language: courses.Lang(f.Language),
		Phone: people.NormalPhone(f.Phone), Gender: f.Gender, BirthYear: year,
		Postings: []people.Posting{f.posting()}}
}

func (f personForm) posting() people.Posting {
	return people.Posting{Area: f.Area, Position: f.Position, From: f.From}
}

// faults are what is wrong with a form's fields, by field.
type faults map[string]string

// faultsOf words a problem with a person beside its field; any other error is returned.
func (s *server) faultsOf(c *fiber.Ctx, err error) (faults, error) {
	if err == nil {
		return nil, nil //nolint:nilnil // no faults is what a good form has
	}
	_, p := problem(err)
	field, ok := strings.CutPrefix(p.Key, "person.")
	if !ok || (p.Kind != courses.Invalid && p.Kind != courses.Conflict) {
		return nil, err
	}
	field = strings.TrimSuffix(field, "_nik")
	if field == "known" || field == "erased" {
		field = "id"
	}
	return faults{field: s.wording(c, p)}, nil
}

type personFormPage struct {
	page
	Form      personForm
	New       bool
	Action    string
	Fault     faults
	Areas     []areaGroup
	Roles     []choice
	Languages []choice
	Genders   []choice
}

// renderPersonForm shows the form; known is the name of the person who is corrected, empty for a new one.
func (s *server) renderPersonForm(c *fiber.Ctx, status int, f personForm, known string, fault faults) error {
	p := personFormPage{Form: f, New: known == "", Fault: fault}
	if p.New {
		p.page, p.Action = s.page(c, "people.new"), "/people/new"
	} else {
		p.Action = "/people/edit"
		p.page = s.page(c, "people.edit", known).at(p.Action + "?id=" + queryEscape(f.ID))
	}
	p.Areas = s.areaGroups(p.Words, s.Region.Root().Code, f.Area)
	p.Roles = roleChoices(p.Words, people.Roles, people.Role(f.Role), "")
	p.Languages = p.choices("people.language_", f.Language, "id", "en")
	p.Genders = p.choices("people.gender_", f.Gender, "L", "P")
	return s.render(c, status, "person_form.html", p)
}

func (s *server) showNewPerson(c *fiber.Ctx) error {
	return s.renderPersonForm(c, fiber.StatusOK, personForm{Role: string(people.Participant)}, "", nil)
}

// addPerson puts one person in the register. The same form sent twice is one person.
func (s *server) addPerson(c *fiber.Ctx) error {
	var f personForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	person := f.person()
	if wrong == nil {
		wrong, err = s.faultsOf(c, s.addIfNew(c, person))
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderPersonForm(c, fiber.StatusUnprocessableEntity, f, "", wrong)
	}
	return s.goTo(c, "/people/one?id="+queryEscape(person.ID))
}

func (s *server) addIfNew(c *fiber.Ctx, person people.Person) error {
	known, err := s.Store.Person(c.UserContext(), person.ID)
	if err == nil && reflect.DeepEqual(known, person) {
		return nil
	}
	if err == nil {
		return courses.Problemf(courses.Conflict, "person.known")
	}
	if courses.KindOf(err) != courses.NotFound {
		return err
	}
	if err := s.Ledger.Register(c.UserContext(), []people.Person{person}); err != nil {
		return err
	}
	return s.note(c, "person.add", person.ID, "")
}

func (s *server) showEditPerson(c *fiber.Ctx) error {
	person, err := s.Store.Person(c.UserContext(), c.Query("id"))
	if err != nil {
		return unknownPerson(err)
	}
	return s.renderPersonForm(c, fiber.StatusOK, formOf(person), person.Name, nil)
}

// correctPerson replaces what is known of a person; the posting that the form shows is the last one.
func (s *server) correctPerson(c *fiber.Ctx) error {
	var f personForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	known, err := s.Store.Person(c.UserContext(), f.ID)
	if err != nil {
		return unknownPerson(err)
	}
	person := f.person()
	person.Retired = known.Retired
	person.Postings = known.Postings[:max(0, len(known.Postings)-1)]
	person.Post(f.posting())
	if wrong == nil {
		wrong, err = s.faultsOf(c, s.mayCorrect(c, known, person))
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderPersonForm(c, fiber.StatusUnprocessableEntity, f, known.Name, wrong)
	}
	if err := s.Ledger.Replace(c.UserContext(), person); err != nil {
		return err
	}
	return s.afterChange(c, "person.correct", person.ID, "")
}

// mayCorrect judges a correction. Nobody changes the own role, so that an administrator remains.
func (s *server) mayCorrect(c *fiber.Ctx, known, person people.Person) error {
	if err := person.Check(s.Region, s.Now()); err != nil {
		return err
	}
	if known.ID == signedIn(c).Person.ID && known.Role != person.Role {
		return courses.Problemf(courses.Conflict, "person.own_role")
	}
	return nil
}

// afterChange ends a change of one person: it counts at once, is noted and shown.
func (s *server) afterChange(c *fiber.Ctx, action, id, detail string) error {
	s.sessions.forget(id)
	if err := s.note(c, action, id, detail); err != nil {
		return err
	}
	return s.goTo(c, "/people/one?id="+queryEscape(id))
}

// movePerson gives a person another place of service from a day on; what was done before stays where
// it was done.
func (s *server) movePerson(c *fiber.Ctx) error {
	var f moveForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	known, err := s.Store.Person(c.UserContext(), f.ID)
	if err != nil {
		return unknownPerson(err)
	}
	row := known
	row.Postings = []people.Posting{{Area: f.Area, Position: f.Position, From: f.From}}
	if wrong == nil {
		wrong, err = s.faultsOf(c, row.Check(s.Region, s.Now()))
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderPerson(c, fiber.StatusUnprocessableEntity, known, f, wrong)
	}
	if err := s.Ledger.Register(c.UserContext(), []people.Person{row}); err != nil {
		return err
	}
	return s.afterChange(c, "person.move", f.ID, f.Area+" "+f.From)
}

type retireForm struct {
	ID      string `form:"id" validate:"required,max=64"`
	Retired string `form:"retired" validate:"oneof=yes no"`
}

// retirePerson marks a person who has left, or takes the mark away. Records stay; signing in ends.
func (s *server) retirePerson(c *fiber.Ctx) error {
	var f retireForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	person, err := s.another(c, f.ID, "person.own_leave")
	if err != nil {
		return err
	}
	if f.Retired == "yes" {
		person.Leave(s.Now().In(s.Zone).Format(time.DateOnly))
	} else {
		person.Return()
	}
	if err := s.Ledger.Replace(c.UserContext(), person); err != nil {
		return err
	}
	action := "person.return"
	if person.Retired {
		action = "person.retire"
	}
	return s.afterChange(c, action, person.ID, "")
}
