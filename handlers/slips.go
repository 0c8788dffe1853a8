package handlers

import (
	"bytes"
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/exchange"
	"melek/courses/people"
	"melek/courses/store"
)

// mostSlips is how many slips one file holds: a kecamatan's people, made within one request.
const mostSlips = 1000

type slipsPage struct {
	page
	Areas []areaGroup
	Roles []choice
	All   bool
	Fault string
	Life  int // of a code, in days
}

// slipRole is whom slips are for where nobody says otherwise.
const slipRole = people.Participant

func (s *server) showSlips(c *fiber.Ctx) error {
	return s.renderSlips(c, fiber.StatusOK, c.Query("area"), slipRole, false, nil)
}

func (s *server) renderSlips(c *fiber.Ctx, status int, area string, role people.Role, all bool,
	fault error) error {
	p := slipsPage{page: s.page(c, "slips.title"), All: all, Life: int(access.CodeLife.Hours() / 24)}
	p.Areas = s.areaGroups(p.Words, s.Region.Root().Code, area)
	p.Roles = roleChoices(p.Words, people.Roles, role, "")
	if fault != nil {
		p.Fault = s.reason(c, fault)
	}
	return s.render(c, status, "slips.html", p)
}

// slipsForm says whom slips are for; an area that is none is told by slipPeople.
type slipsForm struct {
	Area string `form:"area" validate:"max=64"`
	Role string `form:"role" validate:"person=role"`
	All  string `form:"all" validate:"max=3"`
}

// makeSlips makes a one-time code for everybody chosen and answers with the slips to print. Asked
// again it makes new codes, and the slips printed last are the ones that open.
func (s *server) makeSlips(c *fiber.Ctx) error {
	var f slipsForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	area, role, all := f.Area, people.Role(f.Role), f.All != ""
	chosen, err := s.slipPeople(c.UserContext(), area, role, all)
	if courses.KindOf(err) == courses.Invalid {
		return s.renderSlips(c, fiber.StatusUnprocessableEntity, area, role, all, err)
	}
	if err != nil {
		return err
	}
	sheet := exchange.SlipSheet{Address: s.BaseURL, Until: s.Now().Add(access.CodeLife).In(s.Zone),
		Simulated: s.Simulated}
	for _, person := range chosen {
		code, err := s.Door.MakeCode(c.UserContext(), person.ID)
		if err != nil {
			return err
		}
		sheet.Slips = append(sheet.Slips, exchange.NewSlip(person, code, s.Region))
	}
	if err := s.note(c, "people.slips", area, strconv.Itoa(len(chosen))); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := exchange.WriteSlips(&b, sheet); err != nil {
		return err
	}
	return sendFile(c, "slip-"+area+".pdf", "application/pdf", b.Bytes())
}

// slipPeople are those of the area who get a slip: whoever has not retired and, unless all are
// wanted, has no PIN yet. That there is nobody, or too many for one file, is a problem of kind Invalid.
func (s *server) slipPeople(ctx context.Context, area string, role people.Role,
	all bool) ([]people.Person, error) {
	if _, ok := s.Region.Area(area); !ok {
		return nil, courses.Problemf(courses.Invalid, "slips.area")
	}
	found, err := s.Store.People(ctx, store.PeopleQuery{Areas: s.areasIn(area), Role: role})
	if err != nil {
		return nil, err
	}
	var chosen []people.Person
	for _, person := range found {
		if person.Retired {
			continue
		}
		credential, err := s.Store.Credential(ctx, person.ID)
		if err != nil {
			return nil, err
		}
		if all || credential.PIN == "" {
			chosen = append(chosen, person)
		}
		if len(chosen) > mostSlips {
			return nil, courses.Problemf(courses.Invalid, "slips.many", mostSlips)
		}
	}
	if len(chosen) == 0 {
		return nil, courses.Problemf(courses.Invalid, "slips.nobody")
	}
	return chosen, nil
}
