package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
)

// reportRoutes are the API's reports.
func (s *server) reportRoutes() []route {
	return []route{
		{fiber.MethodGet, "/api/v1/reports/gains", people.Report, s.sendGains},
		{fiber.MethodGet, "/api/v1/reports/completion", people.Report, s.sendCompletion},
		{fiber.MethodGet, "/api/v1/reports/linked", people.Report, s.sendLinked},
		{fiber.MethodGet, "/api/v1/open/gains", people.Look, s.sendOpenGains},
		{fiber.MethodGet, "/api/v1/reports/items", people.Review, s.sendItems},
	}
}

// fileFormats are those in which a report can be saved, in the order in which they are offered.
var fileFormats = []string{"csv", "xlsx", "pdf"}

// mediaTypes are those of reports by format.
var mediaTypes = map[string]string{
	"json": fiber.MIMEApplicationJSON,
	"csv":  "text/csv; charset=utf-8",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"pdf":  "application/pdf",
}

// apiQuery reads which report the API is asked for, and in which format.
func (s *server) apiQuery(c *fiber.Ctx) (q reports.Query, format string, err error) {
	format = c.Query("format", "json")
	if _, ok := mediaTypes[format]; !ok {
		return q, "", courses.Problemf(courses.Invalid, "report.format", format)
	}
	area, err := s.reportArea(c, c.Query("area"))
	if err != nil {
		return q, "", err
	}
	q, err = s.reportQuery(c, c.Query("course"), area)
	return q, format, err
}

func (s *server) sendGains(c *fiber.Ctx) error {
	q, format, err := s.apiQuery(c)
	if err != nil {
		return err
	}
	return s.writeGains(c, q, format)
}

// saveGains answers with the report that the page shows, as a file.
func (s *server) saveGains(format string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		area, err := s.reportArea(c, c.Query("area"))
		if err != nil {
			return err
		}
		course, err := s.chosenCourse(c)
		if err != nil {
			return err
		}
		q, err := s.reportQuery(c, course.ID, area)
		if err != nil {
			return err
		}
		if q.By == "" {
			q.By = s.ownRows(area)
		}
		day := s.Now().In(s.Zone).Format(time.DateOnly)
		c.Attachment(fmt.Sprintf("melek-%s-%s-%s.%s", course.ID, area, day, format))
		return s.writeGains(c, q, format)
	}
}

// writeGains answers with the report whole: what a page shows later is made first, so that the API and the
// command line give the same.
func (s *server) writeGains(c *fiber.Ctx, q reports.Query, format string) error {
	report, err := s.Desk.GainsWhole(c.UserContext(), q)
	if err != nil {
		return err
	}
	report.Simulated = s.Simulated
	var b bytes.Buffer
	if err := exchange.WriteGains(&b, format, report, s.lang(c), s.word(c)); err != nil {
		return err
	}
	return sendReport(c, format, b.Bytes())
}

// sendOpenGains answers everybody with the reports by kecamatan that are open to all, of each course or of
// the one that is named.
func (s *server) sendOpenGains(c *fiber.Ctx) error {
	open := struct {
		Courses []json.RawMessage `json:"courses"`
	}{[]json.RawMessage{}}
	for _, course := range s.Catalog.Courses() {
		if asked := c.Query("course"); asked != "" && asked != course.ID {
			continue
		}
		report, err := s.Desk.Open(c.UserContext(), course.ID)
		if courses.KindOf(err) == courses.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		open.Courses = append(open.Courses, report)
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	body, err := json.Marshal(open)
	if err != nil {
		return err
	}
	return c.Send(body)
}

func (s *server) sendCompletion(c *fiber.Ctx) error {
	q, format, err := s.apiQuery(c)
	if err != nil {
		return err
	}
	report, err := s.Desk.Completion(c.UserContext(), q)
	if err != nil {
		return err
	}
	report.Simulated = s.Simulated
	var b bytes.Buffer
	if err := exchange.WriteCompletion(&b, format, report, s.lang(c), s.word(c)); err != nil {
		return err
	}
	return sendReport(c, format, b.Bytes())
}

// word gives the wordings of a file's titles.
func (s *server) word(c *fiber.Ctx) func(string) string {
	words := s.words(c)
	return func(key string) string { return words.T(key) }
}

func sendReport(c *fiber.Ctx, format string, body []byte) error {
	c.Set(fiber.HeaderContentType, mediaTypes[format])
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(body)
}

// sendItems answers the API with how the items of a test did, over the whole region.
func (s *server) sendItems(c *fiber.Ctx) error {
	phase := record.Phase(c.Query("phase"))
	report, err := s.Desk.Items(c.UserContext(), c.Query("course"), phase, c.Query("form"))
	if err != nil {
		return err
	}
	return sendJSON(c, report)
}
