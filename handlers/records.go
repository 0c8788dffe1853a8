package handlers

import (
	"encoding/json"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
)

// recordRoutes are the API of what is taught and what people did.
func (s *server) recordRoutes() []route {
	return []route{
		{fiber.MethodPost, "/api/v1/records", people.Send, s.addRecords},
		{fiber.MethodGet, "/api/v1/courses", people.Look, s.listCourses},
		{fiber.MethodGet, "/api/v1/areas", people.Look, s.listAreas},
		{fiber.MethodGet, "/api/v1/openapi.json", people.Look, s.describeAPI},
	}
}

// mostRecords is how many records one delivery may hold.
const mostRecords = 1000

// recordAnswer says what became of one record.
type recordAnswer struct {
	ID     string        `json:"id"`
	Status ledger.Status `json:"status"`
	Reason string        `json:"reason,omitempty"`
}

// addRecords takes a delivery of learning records in. Each record has its own answer; delivering one again
// changes nothing.
func (s *server) addRecords(c *fiber.Ctx) error {
	raws, err := readRecords(c)
	if err != nil {
		return err
	}
	sender := s.Ledger.Sender(c.UserContext(), signedIn(c).Duty, s.Region)
	taken, err := s.Ledger.Take(c.UserContext(), raws, func(r *record.Record) error {
		if err := mayTell(c, r); err != nil {
			return err
		}
		return sender.May(r)
	})
	if err != nil {
		return err
	}
	answers := make([]recordAnswer, len(taken))
	for i, a := range taken {
		answers[i] = recordAnswer{ID: a.ID, Status: a.Status}
		if a.Reason != nil {
			answers[i].Reason = s.reason(c, a.Reason)
		}
	}
	return sendJSON(c, answers)
}

// readRecords reads the body as a JSON array of records, each left as it was sent.
func readRecords(c *fiber.Ctx) ([]json.RawMessage, error) {
	kind, _, _ := strings.Cut(string(c.Request().Header.ContentType()), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEApplicationJSON) {
		return nil, fiber.ErrUnsupportedMediaType
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(c.Body(), &raws); err != nil || raws == nil {
		return nil, courses.Problemf(courses.Invalid, "records.array")
	}
	if len(raws) > mostRecords {
		return nil, courses.Problemf(courses.Invalid, "records.many", mostRecords)
	}
	return raws, nil
}

// sendJSON answers with what no browser and no proxy keeps.
func sendJSON(c *fiber.Ctx, v any) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(v)
}
