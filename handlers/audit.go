package handlers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"melek/courses/people"
	"melek/courses/store"
)

// linesShown is how many lines of the audit log a page shows.
const linesShown = 200

// actions are those of the audit log that have a wording.
var actions = []string{"admin.create", "admin.reset", "code.make", "course.import", "people.export",
	"people.import", "people.slips",
	"person.add", "person.correct", "person.move", "person.retire", "person.return",
	"records.export", "report.unsuppressed", "second.enrol", "second.remove", "token.end", "token.make",
	"test.extend", "test.open"}

type auditPage struct {
	page
	Lines []auditLine
}

type auditLine struct {
	store.AuditLine
	What string
}

// showAudit lists who did what, the newest first.
func (s *server) showAudit(c *fiber.Ctx) error {
	lines, err := s.Store.Lines(c.UserContext(), linesShown)
	if err != nil {
		return err
	}
	p := auditPage{page: s.page(c, "audit.title").wide()}
	for _, line := range lines {
		what := line.Action
		if slices.Contains(actions, what) {
			what = p.T("action." + what)
		}
		p.Lines = append(p.Lines, auditLine{line, what})
	}
	return s.render(c, fiber.StatusOK, "audit.html", p)
}

type aboutPage struct {
	page
	Villages, Wards, Districts int
	Version                    string
}

// showAbout says what Melek is, whose data it stands on and what it keeps of people.
func (s *server) showAbout(c *fiber.Ctx) error {
	count := func(t people.AreaType) int { return len(s.Region.OfType(t)) }
	return s.render(c, fiber.StatusOK, "about.html", aboutPage{page: s.page(c, "about.title"),
		Villages: count(people.Village), Wards: count(people.Ward), Districts: count(people.District),
		Version: s.Version})
}
