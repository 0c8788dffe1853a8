package handlers

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
	"melek/locales"
)

// officeRoutes are the pages of those who look after others: reports, the register of people, help
// for participants and the audit log.
func (s *server) officeRoutes() []route {
	var files []route
	for _, format := range fileFormats {
		files = append(files, route{fiber.MethodGet, "/reports." + format, people.Report, s.saveGains(format)})
	}
	return slices.Concat(files, s.frozenRoutes(), s.peopleRoutes(), s.itemRoutes(), []route{
		{fiber.MethodGet, "/method", people.Report, s.showMethod},
		{fiber.MethodGet, "/reports", people.Report, s.showReports},
		{fiber.MethodGet, "/reports/:area", people.Report, s.showArea},
		{fiber.MethodGet, "/reports/:area/forms", people.Report, s.showLinked},
		{fiber.MethodGet, "/facilitate", people.Facilitate, s.showFacilitate},
		{fiber.MethodPost, "/facilitate/open", people.Facilitate, s.openTest},
		{fiber.MethodPost, "/facilitate/extend", people.Facilitate, s.extendTest},
		{fiber.MethodPost, "/facilitate/code", people.Facilitate, s.makeHelpedCode},
		{fiber.MethodGet, "/forgotten", people.Rescue, s.showForgotten},
		{fiber.MethodPost, "/forgotten", people.Rescue, s.makeRescueCode},
		{fiber.MethodGet, "/audit", people.Govern, s.showAudit},
		{fiber.MethodGet, "/audit.csv", people.Govern, s.saveAudit("csv")},
		{fiber.MethodGet, "/audit.ndjson", people.Govern, s.saveAudit("ndjson")},
		{fiber.MethodGet, "/about", people.Look, s.showAbout},
		{fiber.MethodGet, "/glossary", people.Look, s.showGlossary},
	})
}

func (s *server) peopleRoutes() []route {
	return []route{
		{fiber.MethodGet, "/people", people.Roster, s.showPeople},
		{fiber.MethodGet, "/people/one", people.Roster, s.showPerson},
		{fiber.MethodGet, "/people/new", people.Roster, s.showNewPerson},
		{fiber.MethodPost, "/people/new", people.Roster, s.addPerson},
		{fiber.MethodGet, "/people/edit", people.Roster, s.showEditPerson},
		{fiber.MethodPost, "/people/edit", people.Roster, s.correctPerson},
		{fiber.MethodPost, "/people/move", people.Roster, s.movePerson},
		{fiber.MethodPost, "/people/retire", people.Roster, s.retirePerson},
		{fiber.MethodPost, "/people/code", people.Roster, s.makeCode},
		{fiber.MethodPost, "/people/second", people.Roster, s.forgetSecond},
		{fiber.MethodPost, "/people/sessions", people.Roster, s.endSessions},
		{fiber.MethodGet, "/people/import", people.Roster, s.showImport},
		{fiber.MethodPost, "/people/import", people.Roster, s.previewImport},
		{fiber.MethodPost, "/people/import/confirm", people.Roster, s.confirmImport},
		{fiber.MethodGet, "/people/example.csv", people.Roster, s.sendExample},
		{fiber.MethodGet, "/people/slips", people.Roster, s.showSlips},
		{fiber.MethodPost, "/people/slips", people.Roster, s.makeSlips},
	}
}

// posted is a field of the form in the request's body, without surrounding space.
func posted(c *fiber.Ctx, name string) string {
	return strings.TrimSpace(string(c.Context().PostArgs().Peek(name)))
}

// sendFile answers with a file to be saved, made for this person only.
func sendFile(c *fiber.Ctx, name, mediaType string, body []byte) error {
	c.Set(fiber.HeaderContentType, mediaType)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Send(body)
}

// note keeps a line of the audit log: who is signed in did the action on something.
func (s *server) note(c *fiber.Ctx, action, on, detail string) error {
	return s.Store.AddLine(c.UserContext(), store.AuditLine{At: s.Now().UTC(), By: signedIn(c).Person.ID,
		Action: action, On: on, Detail: detail})
}

// choice is one option of a list.
type choice struct {
	Value, Label string
	Chosen       bool
}

// choices are the values, each worded by its key below the prefix.
func (p page) choices(prefix, chosen string, values ...string) []choice {
	all := make([]choice, len(values))
	for i, value := range values {
		all[i] = choice{value, p.T(prefix + value), value == chosen}
	}
	return all
}

// areaGroup is a kecamatan and what lies in it, for a list of areas.
type areaGroup struct {
	Label   string
	Choices []choice
}

// areaGroups lists the areas within the outer one, kecamatan by kecamatan.
func (s *server) areaGroups(w *locales.Words, within, chosen string) []areaGroup {
	var groups []areaGroup
	add := func(head people.Area, below ...people.Area) {
		group := areaGroup{Label: areaName(w, head)}
		for _, area := range append([]people.Area{head}, below...) {
			if s.Region.Within(area.Code, within) {
				group.Choices = append(group.Choices, choice{area.Code, areaName(w, area), area.Code == chosen})
			}
		}
		if len(group.Choices) > 0 {
			groups = append(groups, group)
		}
	}
	add(s.Region.Root())
	for _, district := range s.Region.OfType(people.District) {
		add(district, s.Region.Children(district.Code)...)
	}
	return groups
}

// areaName is an area with its type: Desa Kaligowong.
func areaName(w *locales.Words, a people.Area) string { return w.T("area."+string(a.Type), a.Name) }

// placeName is an area in words; a village stands with its kecamatan, for some names are borne twice.
func (s *server) placeName(w *locales.Words, code string) string {
	area, ok := s.Region.Area(code)
	if !ok {
		return code
	}
	if district, ok := s.Region.Ancestor(code, people.District); ok && area.IsVillage() {
		return areaName(w, area) + ", " + areaName(w, district)
	}
	return areaName(w, area)
}

// areasIn lists the codes of an area and of all that lie in it.
func (s *server) areasIn(code string) []string {
	var codes []string
	for _, a := range s.Region.OfType(people.Regency, people.District, people.Village, people.Ward) {
		if s.Region.Within(a.Code, code) {
			codes = append(codes, a.Code)
		}
	}
	return codes
}

// reach is the area that the signed-in person's acts are limited to; without one there are none.
func (s *server) reach(c *fiber.Ctx) (string, error) {
	reach := signedIn(c).Duty.Area
	if reach == "" {
		return "", courses.Problemf(courses.Forbidden, "reach.none")
	}
	return reach, nil
}

// courseChoices lists the courses by title.
func (s *server) courseChoices(lang courses.Lang, chosen string) []choice {
	var choices []choice
	for _, course := range s.Catalog.Courses() {
		choices = append(choices, choice{course.ID, course.Title.In(lang), course.ID == chosen})
	}
	return choices
}

// chosenCourse is the course that the query names, or else the first.
func (s *server) chosenCourse(c *fiber.Ctx) (*courses.Course, error) {
	all := s.Catalog.Courses()
	if id := c.Query("course"); id != "" || len(all) == 0 {
		return s.Catalog.Course(id)
	}
	return all[0], nil
}

// roleChoices lists roles; any stands for all of them where it is not empty.
func roleChoices(w *locales.Words, roles []people.Role, chosen people.Role, anyKey string) []choice {
	var choices []choice
	if anyKey != "" {
		choices = append(choices, choice{"", w.T(anyKey), chosen == ""})
	}
	for _, role := range roles {
		choices = append(choices, choice{string(role), w.T("role." + string(role)), role == chosen})
	}
	return choices
}
