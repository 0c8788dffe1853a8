package handlers

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses/access"
	"melek/courses/record"
)

type mePage struct {
	page
	Note     string
	Place    string
	Position string
	RoleName string
	Office   bool // signs in with a password
	Hall     bool // is in by a workshop's code, which does not look after the account
	Tests    []ownTest
}

type ownTest struct {
	Course string
	Phase  record.Phase
	At     time.Time
	Score  string
	Href   string
}

// showMe shows who is signed in and the tests they handed in.
func (s *server) showMe(c *fiber.Ctx) error {
	p := s.page(c, "me.title")
	posting := p.Person.Posting(s.Now(), s.Zone)
	view := mePage{page: p, Note: p.note(c),
		Place: s.placeName(p.Words, posting.Area), Position: posting.Position,
		RoleName: p.T("role." + string(p.Role)), Office: access.IsOffice(p.Role),
		Hall: signedIn(c).Session.Kind == access.Hall}
	ways, err := s.ways(c, s.Catalog.Courses()...)
	if err != nil {
		return err
	}
	for _, w := range ways {
		if !signedIn(c).Studies(w.Course.ID) {
			continue
		}
		for _, phase := range record.Phases {
			if result := p.scoreOf(w, phase); result != nil {
				view.Tests = append(view.Tests, ownTest{p.Say(w.Course.Title), phase, result.At, result.Score,
					"/courses/" + w.Course.ID + "/result"})
			}
		}
	}
	slices.SortStableFunc(view.Tests, func(a, b ownTest) int { return cmp.Compare(b.At.Unix(), a.At.Unix()) })
	return s.render(c, fiber.StatusOK, "me.html", view)
}
