package handlers

import (
	"github.com/gofiber/fiber/v2"

	"melek/courses"
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
	q, _, err := s.reachedPeople(c)
	if err != nil {
		return err
	}
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
func (s *server) makeRescueCode(c *fiber.Ctx) error { return s.rescue(c, "/forgotten") }

// rescue makes a one-time code for whom the button of a list stands beside.
func (s *server) rescue(c *fiber.Ctx, list string) error {
	var f helpForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	other, err := s.Store.Person(c.UserContext(), f.ID)
	if err != nil && courses.KindOf(err) != courses.NotFound {
		return err
	}
	if err != nil || !signedIn(c).Duty.Rescues(&other, s.Region) {
		return courses.Problemf(courses.Forbidden, "forgotten.reach")
	}
	return s.showCode(c, other, list+"?"+listQuery(f.Back))
}
