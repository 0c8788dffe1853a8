package reports

import (
	"cmp"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/tally"
)

// By is what the rows of a report are.
type By string

// The rows that there are.
const (
	ByDistrict By = "district"
	ByVillage  By = "village"
	ByWorkshop By = "workshop"
	ByPillar   By = "pillar"
	ByPosition By = "position"
	ByAge      By = "age"
	ByGender   By = "gender"
)

// AllBy lists what the rows of a gains report can be.
var AllBy = []By{ByDistrict, ByVillage, ByWorkshop, ByPillar, ByPosition, ByAge, ByGender}

// personal reports whether the rows tell people apart by what the register says of them. Such rows
// are of whole areas and all days: each narrower table more could be subtracted from another.
func (b By) personal() bool { return b == ByPosition || b == ByAge || b == ByGender }

// Wording is the key of what people call the row with the code, empty where the row's name says it.
func (b By) Wording(code string) string {
	switch {
	case b == ByPillar:
		return "pillar." + code
	case b == ByWorkshop && code == "":
		return "group.no_workshop"
	case b.personal() && code == tally.Unknown:
		return "group.unknown"
	case b == ByAge, b == ByGender:
		return "group." + string(b) + "_" + code
	}
	return ""
}

// Query says which people a report is on, and by what. Zero fields do not narrow it.
type Query struct {
	Course string
	By     By // ByDistrict where empty
	// From and To are days YYYY-MM-DD of the first valid pre-test, both included. With either,
	// people without a pre-test are left out of every count.
	From, To string
	Type     people.AreaType // Village or Ward: only people of such areas
	Role     people.Role     // Participant where empty
	// Within is the area that the rows lie in and the total is of. What is hidden is what a report
	// on the whole region hides.
	Within string
	// Unsuppressed shows small groups also; who may ask so is for the caller to judge.
	Unsuppressed bool
}

// ofValues reports whether the rows are values of people, not areas.
func (b By) ofValues() bool { return b.personal() || b == ByWorkshop || b == ByPillar }

// narrowed reports whether people are left out by days or by type.
func (q Query) narrowed() bool { return q.From+q.To+string(q.Type) != "" }

// whole is the query without what narrows it.
func (q Query) whole() Query {
	q.From, q.To, q.Type = "", "", ""
	return q
}

// roles are those that reports are made on.
var roles = []people.Role{people.Participant, people.Facilitator}

// about checks the query, fills in its defaults and says what the report is about.
func (d *Desk) about(q Query, allowed ...By) (Query, About, error) {
	q.By, q.Role = cmp.Or(q.By, ByDistrict), cmp.Or(q.Role, people.Participant)
	q.Within = cmp.Or(q.Within, d.region.Root().Code)
	course, ok := d.syllabus.Current(q.Course)
	if !ok {
		return q, About{}, invalid("course", q.Course)
	}
	area, ok := d.region.Area(q.Within)
	if !ok {
		return q, About{}, invalid("area", q.Within)
	}
	if err := q.check(allowed); err != nil {
		return q, About{}, err
	}
	return q, About{Query: q, Title: course.Title, Area: area, Region: d.region,
		Zone: d.zone}, nil
}

func (q Query) check(allowed []By) error {
	if !slices.Contains(allowed, q.By) {
		return invalid("by", string(q.By))
	}
	if !slices.Contains(roles, q.Role) {
		return invalid("role", string(q.Role))
	}
	if q.Type != "" && q.Type != people.Village && q.Type != people.Ward {
		return invalid("type", string(q.Type))
	}
	if q.By.personal() && q.narrowed() {
		return invalid("narrowed", string(q.By))
	}
	if !isDay(q.From) {
		return invalid("from", q.From)
	}
	if !isDay(q.To) {
		return invalid("to", q.To)
	}
	if q.From != "" && q.To != "" && q.To < q.From {
		return invalid("range", q.From, q.To)
	}
	return nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

func invalid(field string, args ...any) error {
	return courses.Problemf(courses.Invalid, "report."+field, args...)
}
