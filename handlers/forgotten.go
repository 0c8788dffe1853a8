package handlers

import (
	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
)

type forgottenPage struct {
	page
	Search string
	People []listedPerson
	pager
	Back string // the query of this list, for the forms
}

// showForgotten lists those for whom the one who is signed in may make a one-time code. Nothing of what they
// learned is on it.
func (s *server) showForgotten(c *fiber.Ctx) error {
	reach, err := s.reach(c)
	if err != nil {
		return err
	}
	q := s.peopleQuery(c, reach)
	p := forgottenPage{page: s.page(c, "forgotten.title").wide(), Search: q.Search,
		Back: queryWith(c, "said", "")}
	found, err := s.pageOfPeople(c, q, &p.pager)
	if err != nil {
		return err
	}
	for _, person := range found {
		if signedIn(c).Duty.Rescues(&person, s.Region) {
			p.People = append(p.People, s.listed(p.page, person))
		}
	}
	return s.render(c, fiber.StatusOK, "forgotten.html", p)
}

// makeRescueCode makes a one-time code for a person who has forgotten the PIN or password.
func (s *server) makeRescueCode(c *fiber.Ctx) error {
	other, err := s.rescuedByForm(c)
	if err != nil {
		return err
	}
	return s.showCode(c, other, "/forgotten?"+listQuery(posted(c, "back")))
}

// rescuedByForm is the person that a form names, if the one who is signed in may make a code for them.
func (s *server) rescuedByForm(c *fiber.Ctx) (people.Person, error) {
	other, err := s.Store.Person(c.UserContext(), posted(c, "id"))
	if err != nil && courses.KindOf(err) != courses.NotFound {
		return people.Person{}, err
	}
	if err != nil || !signedIn(c).Duty.Rescues(&other, s.Region) {
		return people.Person{}, courses.Problemf(courses.Forbidden, "forgotten.reach")
	}
	return other, nil
}
