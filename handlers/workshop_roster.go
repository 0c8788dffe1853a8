package handlers

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// enlisted lists the roster, village by village, and who of it is in.
func (s *server) enlisted(c *fiber.Ctx, p page, w people.Workshop) ([]enlistedPerson, error) {
	if len(w.Roster) == 0 {
		return nil, nil
	}
	found, err := s.Store.People(c.UserContext(), store.PeopleQuery{IDs: w.Roster})
	if err != nil {
		return nil, err
	}
	inside, err := s.Door.Inside(c.UserContext(), w)
	if err != nil {
		return nil, err
	}
	all := make([]enlistedPerson, len(found))
	for i, person := range found {
		all[i] = enlistedPerson{listedPerson: s.listed(p, person)}
		if session, in := inside[person.ID]; in {
			all[i].In, all[i].On, all[i].Since = true, session.Label, session.MadeAt
		}
	}
	slices.SortStableFunc(all, func(a, b enlistedPerson) int {
		return strings.Compare(a.Place+"\n"+a.Name, b.Place+"\n"+b.Name)
	})
	return all, nil
}

type enlistPage struct {
	page
	Workshop people.Workshop
	Search   string
	Areas    []areaGroup
	// Village is the one that the list is narrowed to, by name, and VillageCode its code; empty for none.
	Village, VillageCode string
	People               []enlistable
	pager
	Fault string
}

type enlistable struct {
	listedPerson
	Enlisted bool
}

// showEnlist lists the participants who may be put on the roster.
func (s *server) showEnlist(c *fiber.Ctx) error {
	w, err := s.held(c)
	if err != nil {
		return err
	}
	return s.renderEnlist(c, fiber.StatusOK, w, "")
}

func (s *server) renderEnlist(c *fiber.Ctx, status int, w people.Workshop, fault string) error {
	reach, err := s.reach(c)
	if err != nil {
		return err
	}
	q := s.peopleQuery(c, reach)
	q.Role = people.Participant
	p := enlistPage{page: s.page(c, "workshop.enlist").wide(), Workshop: w, Search: q.Search, Fault: fault}
	p.Areas = s.areaGroups(p.Words, reach, c.Query("area"))
	if area, ok := s.Region.Area(c.Query("area")); ok && area.IsVillage() {
		p.Village, p.VillageCode = areaName(p.Words, area), area.Code
	}
	found, err := s.pageOfPeople(c, q, &p.pager)
	if err != nil {
		return err
	}
	for _, person := range found {
		if signedIn(c).Duty.Enlists(&person, s.Region) {
			p.People = append(p.People, enlistable{s.listed(p.page, person), w.Enlisted(person.ID)})
		}
	}
	return s.render(c, status, "workshop_roster.html", p)
}

// enlistForm names who is to be put on the roster: some people, or everybody of a village.
type enlistForm struct {
	People  []string `form:"person" validate:"max=500,dive,max=64"`
	Village string   `form:"village" validate:"max=32"`
}

// enlist puts people on the roster, all that the form names or none. Those who are on it stay.
func (s *server) enlist(c *fiber.Ctx) error {
	w, err := s.held(c)
	if err != nil {
		return err
	}
	var f enlistForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	if wrong != nil || (f.Village == "" && len(f.People) == 0) {
		return s.renderEnlist(c, fiber.StatusUnprocessableEntity, w, s.words(c).T("problem.workshop.nobody"))
	}
	ids, err := s.toEnlist(c, w, f)
	if err != nil {
		return err
	}
	if len(ids) == 0 { // sent before
		return s.goTo(c, "/workshops/"+w.ID+"?said=enlisted")
	}
	full, err := s.faultsOfWorkshop(c, s.changeWorkshop(c, func(w *people.Workshop) error {
		w.Enlist(ids...)
		return nil
	}))
	if err != nil {
		return err
	}
	if full != nil {
		return s.renderEnlist(c, fiber.StatusUnprocessableEntity, w, full["roster"])
	}
	return s.toWorkshop(c, "workshop.enlist", "enlisted", ids...)
}

// toEnlist are the ids of those whom the form names and who are not on the roster yet. Somebody who serves
// elsewhere, or is no participant, is refused like somebody who is not there.
func (s *server) toEnlist(c *fiber.Ctx, w people.Workshop, f enlistForm) ([]string, error) {
	q := store.PeopleQuery{IDs: f.People}
	if f.Village != "" {
		q = store.PeopleQuery{Areas: []string{f.Village}, Role: people.Participant}
	}
	found, err := s.Store.People(c.UserContext(), q)
	if err != nil {
		return nil, err
	}
	if f.Village != "" {
		found = slices.DeleteFunc(found, func(p people.Person) bool { return p.Retired })
	}
	if len(found) == 0 {
		return nil, courses.Problemf(courses.Forbidden, "workshop.reach_person")
	}
	var ids []string
	for _, person := range found {
		if w.Enlisted(person.ID) {
			continue
		}
		if !signedIn(c).Duty.Enlists(&person, s.Region) {
			return nil, courses.Problemf(courses.Forbidden, "workshop.reach_person")
		}
		ids = append(ids, person.ID)
	}
	return ids, nil
}

// pressedMember is the workshop of the address and the number of whom a button of its roster stands beside.
func (s *server) pressedMember(c *fiber.Ctx) (people.Workshop, string, error) {
	w, err := s.held(c)
	if err != nil {
		return w, "", err
	}
	var f pressedForm
	err = s.readPressed(c, &f)
	return w, f.ID, err
}

// strike takes somebody off the roster, which ends what they are in by, for good.
func (s *server) strike(c *fiber.Ctx) error {
	w, id, err := s.pressedMember(c)
	if err != nil {
		return err
	}
	if !w.Enlisted(id) {
		return s.goTo(c, "/workshops/"+w.ID) // struck off before
	}
	err = s.changeWorkshop(c, func(w *people.Workshop) error { w.Strike(id); return nil })
	if err != nil {
		return err
	}
	if err := s.Door.Release(c.UserContext(), w.ID, id); err != nil {
		return err
	}
	return s.toWorkshop(c, "workshop.strike", "struck", id)
}

// release ends what somebody is in by, so that the name can be chosen on another device.
func (s *server) release(c *fiber.Ctx) error {
	w, id, err := s.pressedMember(c)
	if err != nil {
		return err
	}
	if !w.Enlisted(id) {
		return s.goTo(c, "/workshops/"+w.ID)
	}
	if err := s.Door.Release(c.UserContext(), w.ID, id); err != nil {
		return err
	}
	s.sessions.forget(id)
	return s.toWorkshop(c, "workshop.release", "released", id)
}
