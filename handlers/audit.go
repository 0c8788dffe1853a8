package handlers

import (
	"bytes"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/people"
	"melek/courses/store"
)

// linesShown is how many lines of the audit log a page shows.
const linesShown = 200

// actions are those of the audit log that have a wording.
var actions = []string{"admin.create", "admin.reset", "audit.export", "code.make", "course.import",
	"course.publish", "draft.discard", "office.link", "office.unlink",
	"people.export", "people.import", "people.slips", "person.add", "person.correct", "person.erase",
	"person.expire", "person.move", "person.retire", "person.return", "person.view", "request.done",
	"request.made", "request.refused", "request.withdrawn", "restore.erased", "records.export",
	"report.unsuppressed", "second.enrol", "second.remove", "sessions.end", "token.end", "token.make",
	"test.extend", "test.open", "workshop.cancel", "workshop.change", "workshop.code", "workshop.enlist",
	"workshop.plan", "workshop.release", "workshop.strike"}

type auditPage struct {
	page
	Lines []auditLine
	Head  store.Head
}

type auditLine struct {
	store.AuditLine
	What string
}

// actionName words an action of the audit log; one without a wording is itself.
func (p page) actionName(action string) string {
	if !slices.Contains(actions, action) {
		return action
	}
	return p.T("action." + action)
}

// showAudit lists who did what, the newest first.
func (s *server) showAudit(c *fiber.Ctx) error {
	lines, err := s.Store.Lines(c.UserContext(), linesShown)
	if err != nil {
		return err
	}
	p := auditPage{page: s.page(c, "audit.title").wide()}
	if p.Head, err = s.journalHead(c); err != nil {
		return err
	}
	for _, line := range lines {
		p.Lines = append(p.Lines, auditLine{line, p.actionName(line.Action)})
	}
	return s.render(c, fiber.StatusOK, "audit.html", p)
}

// saveAudit answers with the whole audit log as a file. That it was taken is its last line.
func (s *server) saveAudit(format string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := s.note(c, "audit.export", "", format); err != nil {
			return err
		}
		var b bytes.Buffer
		journal, err := exchange.NewJournal(&b, format)
		if err != nil {
			return err
		}
		if err := s.Store.EachLink(c.UserContext(), journal.Add); err != nil {
			return err
		}
		if err := journal.Flush(); err != nil {
			return err
		}
		day := s.Now().In(s.Zone).Format(time.DateOnly)
		return sendFile(c, "melek-audit-"+day+"."+format, auditTypes[format], b.Bytes())
	}
}

// auditTypes are the media types of the audit log by format.
var auditTypes = map[string]string{"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}

// journalHead is how far the audit log goes, to be noted elsewhere.
func (s *server) journalHead(c *fiber.Ctx) (store.Head, error) {
	kept, err := s.Store.Setting(c.UserContext(), store.HeadSetting)
	if courses.KindOf(err) == courses.NotFound {
		return store.Head{}, nil
	}
	if err != nil {
		return store.Head{}, err
	}
	return store.ReadHead(kept)
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
