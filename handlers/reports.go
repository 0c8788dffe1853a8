package handlers

import (
	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/reports"
)

// The page of gains is for people who are no statisticians: one sentence first, then drawings, then
// the figures.

type reportPage struct {
	page
	Course  *courses.Course
	Area    people.Area
	Place   string
	Up      string // where the wider report is, empty on the widest
	Filter  reportFilter
	Tabs    []tab
	Fault   string // what is wrong with the filter; then there is no report
	Told    *toldGains
	Reading []term
	Files   []fileLink
	Query   string // for links that keep the filter
	// LinkedAt is where the same gains are on the scale that the forms share.
	LinkedAt string
	MinCell  int
}

// reportFilter is the form that narrows a report.
type reportFilter struct {
	Courses, Roles, Types []choice
	By, From, To          string
	Narrowed              bool // by anything but the course
	Unsuppressed          bool
}

type tab struct {
	Label, Link string
	Current     bool
}

type fileLink struct{ Label, Link string }

// term is a word of the report and what it means.
type term struct{ Word, Means string }

// terms are the words that the page explains.
var terms = []string{"matched", "gain", "interval", "pooled", "g", "chance", "attrition", "leavers",
	"kept", "competent", "completed"}

// otherRows are what the rows of a report can be beside areas.
var otherRows = []reports.By{reports.ByPillar, reports.ByWorkshop, reports.ByPosition, reports.ByAge,
	reports.ByGender}

// showReports shows what was gained in the region, and showArea in one area of it; an officer of a
// kecamatan is led to the own one.
func (s *server) showReports(c *fiber.Ctx) error {
	reach, err := s.reach(c)
	if err != nil {
		return err
	}
	if reach != s.Region.Root().Code {
		return s.goTo(c, "/reports/"+reach+"?"+queryWith(c, "area", ""))
	}
	return s.showGains(c, reach)
}

func (s *server) showArea(c *fiber.Ctx) error {
	area, err := s.reportArea(c, c.Params("area"))
	if err != nil {
		return err
	}
	return s.showGains(c, area)
}

// reportArea is the area that a report is on, if the one who is signed in may see it; where none is
// named it is the widest one that they may see.
func (s *server) reportArea(c *fiber.Ctx, asked string) (string, error) {
	reach, err := s.reach(c)
	if err != nil || asked == "" {
		return reach, err
	}
	if _, ok := s.Region.Area(asked); !ok {
		return "", courses.Problemf(courses.NotFound, "report.area", asked)
	}
	if !s.Region.Within(asked, reach) {
		return "", courses.Problemf(courses.Forbidden, "report.reach")
	}
	return asked, nil
}

// reportQuery reads which report is asked for. Small groups are shown to those only who govern, and
// that they were is noted.
func (s *server) reportQuery(c *fiber.Ctx, course, area string) (reports.Query, error) {
	q := reports.Query{Course: course, By: reports.By(c.Query("by")), From: c.Query("from"), To: c.Query("to"),
		Type: people.AreaType(c.Query("type")), Role: people.Role(c.Query("role")), Within: area,
		Unsuppressed: c.Query("unsuppressed") != ""}
	if !q.Unsuppressed {
		return q, nil
	}
	if !signedIn(c).May(people.Govern) {
		return q, courses.Problemf(courses.Forbidden, "report.unsuppressed")
	}
	return q, s.note(c, "report.unsuppressed", course, string(c.Context().QueryArgs().QueryString()))
}

func (s *server) showGains(c *fiber.Ctx, area string) error {
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
	p := s.reportPage(c, course, q)
	status := fiber.StatusOK
	p.Told, err = s.tellGains(c, p.page, q)
	if courses.KindOf(err) == courses.Invalid {
		p.Fault, status, err = s.reason(c, err), fiber.StatusUnprocessableEntity, nil
	}
	if err != nil {
		return err
	}
	return s.render(c, status, "reports.html", p)
}

// ownRows is what the rows of an area's report are where nobody asks for others: kecamatan, and in a
// kecamatan its villages.
func (s *server) ownRows(area string) reports.By {
	if area == s.Region.Root().Code {
		return reports.ByDistrict
	}
	return reports.ByVillage
}

func (s *server) reportPage(c *fiber.Ctx, course *courses.Course, q reports.Query) reportPage {
	p := reportPage{page: s.page(c, "reports.title").wide(), Course: course, MinCell: s.MinCell}
	p.Area, _ = s.Region.Area(q.Within)
	p.Place = s.placeName(p.Words, q.Within)
	p.Query = queryWith(c, "unsuppressed", "")
	if q.Within != signedIn(c).Duty.Area {
		p.Up = p.To("/reports?", p.Query)
	}
	p.LinkedAt = p.To("/reports/", q.Within, "/forms?course=", queryEscape(course.ID))
	p.Filter = s.reportFilter(p.page, q)
	for _, by := range append([]reports.By{s.ownRows(q.Within)}, otherRows...) {
		p.Tabs = append(p.Tabs, tab{p.T("reports.by_" + string(by)), linkWith(c, "by", string(by)), by == q.By})
	}
	for _, word := range terms {
		p.Reading = append(p.Reading, term{p.T("reading." + word), p.T("reading." + word + "_means")})
	}
	file := queryWith(c, "area", q.Within)
	for _, format := range fileFormats {
		p.Files = append(p.Files, fileLink{p.T("reports.file_" + format), p.To("/reports."+format+"?", file)})
	}
	return p
}

func (s *server) reportFilter(p page, q reports.Query) reportFilter {
	roles := []people.Role{people.Participant, people.Facilitator}
	types := p.choices("reports.type_", string(q.Type), string(people.Village), string(people.Ward))
	return reportFilter{Courses: s.courseChoices(p.Lang, q.Course), By: string(q.By), From: q.From, To: q.To,
		Roles: roleChoices(p.Words, roles, q.Role, ""), Unsuppressed: q.Unsuppressed,
		Types:    append([]choice{{"", p.T("reports.any_type"), q.Type == ""}}, types...),
		Narrowed: q.From+q.To+string(q.Type) != "" || q.Role == people.Facilitator || q.Unsuppressed}
}
