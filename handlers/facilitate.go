package handlers

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/path"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// What a facilitator grants at one press, and at most, beyond a test's duration.
const (
	extraMinutes     = 10
	mostExtraMinutes = 120
)

type facilitatePage struct {
	page
	Course  *courses.Course
	Courses []choice
	Areas   []areaGroup
	// Workshops are those that the list can be narrowed to.
	Workshops []choice
	Search    string
	People    []helpedPerson
	pager
	Said    string // what was just done, in words
	Back    string // the query of this list, for the forms
	Minutes int
}

// helpedPerson is where one participant is, and what can be done for them now.
type helpedPerson struct {
	listedPerson
	Step    string
	Share   int
	Running *runningTest // nil where no test is under way
	CanOpen bool         // the post-test waits for the modules
	Opened  bool         // a facilitator has opened it
}

type runningTest struct {
	Phase record.Phase
	Left  int // minutes, 0 when the time is over
	Extra int // minutes beyond the duration after the next grant; 0 when no more can be granted
}

// showFacilitate lists the participants whom the facilitator helps and where each is in a course.
func (s *server) showFacilitate(c *fiber.Ctx) error {
	course, err := s.chosenCourse(c)
	if err != nil {
		return err
	}
	q, reach, err := s.reachedPeople(c)
	if err != nil {
		return err
	}
	q.Role = people.Participant
	p := facilitatePage{page: s.page(c, "facilitate.title").wide(), Course: course, Search: q.Search,
		Minutes: extraMinutes, Back: queryWith(c, "said", "")}
	p.Courses = s.courseChoices(p.Lang, course.ID)
	if p.Areas = s.areaGroups(p.Words, reach, c.Query("area")); p.Person.Role == people.Facilitator {
		p.Areas = nil // their people are those of their workshops, wherever they serve
	}
	if p.Workshops, err = s.narrowToWorkshop(c, &q); err != nil {
		return err
	}
	if said := c.Query("said"); slices.Contains([]string{"opened", "extended"}, said) {
		p.Said = p.T("facilitate." + said)
	}
	found, err := s.pageOfPeople(c, q, &p.pager)
	if err != nil {
		return err
	}
	if p.People, err = s.helped(c, p.page, course, found); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "facilitate.html", p)
}

// narrowToWorkshop lists the workshops whose people the one who is signed in helps, and narrows a list of
// people to the roster of the one that the address names.
func (s *server) narrowToWorkshop(c *fiber.Ctx, q *store.PeopleQuery) ([]choice, error) {
	since := people.FollowedSince(s.Now(), s.Zone)
	wanted := store.WorkshopsQuery{Since: since, Areas: q.Areas}
	if duty := signedIn(c).Duty; duty.Role == people.Facilitator {
		wanted = store.WorkshopsQuery{Since: since, Facilitator: duty.Person}
	}
	held, err := s.Store.Workshops(c.UserContext(), wanted)
	var all []choice
	for _, w := range held {
		if !w.Current(s.Now(), s.Zone) {
			continue
		}
		named := w.ID == c.Query("workshop")
		all = append(all, choice{w.ID, w.Title, named})
		if named {
			q.IDs = append([]string{}, w.Roster...)
		}
	}
	return all, err
}

// helped says of each participant where they are in the course.
func (s *server) helped(c *fiber.Ctx, p page, course *courses.Course,
	found []people.Person) ([]helpedPerson, error) {
	ids := make([]string, 0, len(found))
	for _, person := range found {
		if !person.Retired {
			ids = append(ids, person.ID)
		}
	}
	states, err := s.Ledger.States(c.UserContext(), ids)
	if err != nil {
		return nil, err
	}
	var all []helpedPerson
	for _, person := range found {
		if person.Retired {
			continue
		}
		allowances, err := s.Store.Allowances(c.UserContext(), person.ID)
		if err != nil {
			return nil, err
		}
		way := path.New(course, states[person.ID], allowances, s.Now())
		all = append(all, s.helpedOne(p, s.listed(p, person), way))
	}
	return all, nil
}

func (s *server) helpedOne(p page, person listedPerson, way path.Way) helpedPerson {
	h := helpedPerson{listedPerson: person, Step: stepInWords(p, way), Share: way.Share(),
		CanOpen: way.Begun() && courses.KindOf(way.MayBegin(record.Post)) == courses.Closed}
	granted := allowance(way.Allowances, way.Course.ID, record.Post)
	h.Opened = granted.Open && !way.Taken(record.Post)
	for _, phase := range []record.Phase{record.Pre, record.Post} {
		attempt := way.Current(phase)
		if attempt == nil {
			continue
		}
		seen, ok := s.Catalog.Version(way.Course.ID, attempt.Version)
		if !ok {
			continue
		}
		granted := allowance(way.Allowances, way.Course.ID, phase)
		h.Running = &runningTest{Phase: phase, Left: max(0, int(way.TimeLeft(attempt, seen).Minutes()))}
		if next := int(granted.Extra.Minutes()) + extraMinutes; next <= mostExtraMinutes {
			h.Running.Extra = next
		}
	}
	return h
}

// stepInWords is the next step of a participant, as a facilitator says it.
func stepInWords(p page, way path.Way) string {
	if !way.Begun() {
		return p.T("facilitate.not_begun")
	}
	step := way.Next()
	switch step.Kind {
	case path.Test:
		return p.T("facilitate.test_" + string(step.Phase))
	case path.Finish:
		return p.T("facilitate.finished")
	}
	module, _, err := way.Course.Module(step.Module)
	if err != nil {
		return step.Module
	}
	if step.Kind == path.Quiz {
		return p.T("facilitate.quiz", p.Say(module.Title), step.Item+1)
	}
	return p.T("facilitate.read", p.Say(module.Title))
}

// allowance is what was granted for one test, the zero Allowance where nothing was.
func allowance(all []store.Allowance, course string, phase record.Phase) store.Allowance {
	for _, a := range all {
		if a.Course == course && a.Phase == phase {
			return a
		}
	}
	return store.Allowance{Course: course, Phase: phase}
}

// helpForm is a button beside a participant of the list.
type helpForm struct {
	ID   string `form:"id" validate:"max=64"`
	Back string `form:"back" validate:"max=2000"` // the query of the list
}

// openForm opens the post-test of a course.
type openForm struct {
	helpForm
	Course string `form:"course" validate:"required,max=64"`
}

// extendForm names the whole of what is then granted for the test under way, so that sending it twice grants
// it once.
type extendForm struct {
	openForm
	Phase   string `form:"phase" validate:"oneof=pre post"`
	Minutes string `form:"minutes" validate:"required,number,max=3"`
}

// participantHelped is the participant, if the one who is signed in may help them.
func (s *server) participantHelped(c *fiber.Ctx, id string) (people.Person, error) {
	other, err := s.Store.Person(c.UserContext(), id)
	if err != nil && courses.KindOf(err) != courses.NotFound {
		return people.Person{}, err
	}
	if err != nil || !signedIn(c).Duty.Helps(&other, s.Region) {
		return people.Person{}, courses.Problemf(courses.Forbidden, "facilitate.reach")
	}
	return other, nil
}

// grant changes what a participant is allowed for one test of a course.
func (s *server) grant(c *fiber.Ctx, f openForm, phase record.Phase, action string,
	change func(*store.Allowance)) error {
	other, err := s.participantHelped(c, f.ID)
	if err != nil {
		return err
	}
	course, err := s.Catalog.Course(f.Course)
	if err != nil {
		return err
	}
	all, err := s.Store.Allowances(c.UserContext(), other.ID)
	if err != nil {
		return err
	}
	granted := allowance(all, course.ID, phase)
	change(&granted)
	granted.Person, granted.By, granted.At = other.ID, signedIn(c).Person.ID, s.Now().UTC()
	if err := s.Store.PutAllowance(c.UserContext(), granted); err != nil {
		return err
	}
	detail := course.ID + " " + string(phase) + " " + strconv.Itoa(int(granted.Extra.Minutes()))
	return s.note(c, action, other.ID, detail)
}

// openTest opens the post-test for a participant before the modules are done.
func (s *server) openTest(c *fiber.Ctx) error {
	var f openForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	err := s.grant(c, f, record.Post, "test.open", func(a *store.Allowance) { a.Open = true })
	if err != nil {
		return err
	}
	return s.backToList(c, f.helpForm, "opened")
}

// extendTest gives a participant more time for the test under way.
func (s *server) extendTest(c *fiber.Ctx) error {
	var f extendForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	minutes, err := strconv.Atoi(f.Minutes)
	if err != nil || minutes < 1 || minutes > mostExtraMinutes {
		return courses.Problemf(courses.Invalid, "facilitate.minutes", mostExtraMinutes)
	}
	err = s.grant(c, f.openForm, record.Phase(f.Phase), "test.extend", func(a *store.Allowance) {
		a.Extra = max(a.Extra, time.Duration(minutes)*time.Minute)
	})
	if err != nil {
		return err
	}
	return s.backToList(c, f.helpForm, "extended")
}

// makeHelpedCode makes a one-time code for a participant who has forgotten the PIN.
func (s *server) makeHelpedCode(c *fiber.Ctx) error { return s.rescue(c, "/facilitate") }

func (s *server) backToList(c *fiber.Ctx, f helpForm, said string) error {
	query := listQuery(f.Back)
	if query != "" {
		query += "&"
	}
	return s.goTo(c, "/facilitate?"+query+"said="+said+"#"+queryEscape(f.ID))
}
