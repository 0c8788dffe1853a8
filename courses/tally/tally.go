// Package tally counts people by their exact marks, so that reports need no person. A tally of a
// village is a set of integers, added and taken away in any order; figures are made from it in key
// order and sums of figures in code order, so that no float depends on the order of arrival. It
// knows nothing of names, storage or HTTP.
package tally

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"melek/courses/people"
	"melek/courses/record"
)

// Key names one tally: the people of one role in one area and course, within one cut.
type Key struct {
	Course string
	Role   people.Role
	Cut    Cut
	Area   string // a village's code; for people of no village their area's own
}

// Cut is a dimension of the tally and its value, empty for everybody. Cuts by day hold the people
// whose first valid pre-test was on that day (YYYY-MM-DD in the reports' time zone).
type Cut string

// Everybody is the cut that leaves nobody out.
const Everybody Cut = ""

// ByDay narrows a cut to one day of the pre-test.
func (c Cut) ByDay(day string) Cut { return c + Cut("@"+day) }

// ByPillar is the cut that marks only the items of one pillar.
func ByPillar(pillar string) Cut { return Cut("pillar=" + pillar) }

// ByWorkshop is the cut of the people of one workshop; an empty id stands for those without one.
func ByWorkshop(workshop string) Cut { return Cut("workshop=" + workshop) }

// Split returns the cut without its day, and the day, empty where it has none.
func (c Cut) Split() (base Cut, day string) {
	if i := strings.LastIndexByte(string(c), '@'); i >= 0 && len(c)-i == len("@2006-01-02") {
		return c[:i], string(c[i+1:])
	}
	return c, ""
}

// Standing is how one person stands in a course, or in one pillar of it.
type Standing struct {
	Pre, Post *record.Marks // the counted tests; nil where there is none
	Matched   bool          // both, in their order
	Completed bool
}

// Cell writes the standing as the name of its cell.
func (s Standing) Cell() string {
	flags := ""
	if s.Matched {
		flags += "m"
	}
	if s.Completed {
		flags += "c"
	}
	return marks(s.Pre) + "|" + marks(s.Post) + "|" + flags
}

func marks(m *record.Marks) string {
	if m == nil {
		return ""
	}
	return strconv.FormatFloat(m.Raw, 'g', -1, 64) + "/" + strconv.FormatFloat(m.Max, 'g', -1, 64)
}

// ParseCell reads a cell's name.
func ParseCell(cell string) (Standing, error) {
	parts := strings.Split(cell, "|")
	if len(parts) != 3 {
		return Standing{}, fmt.Errorf("tally: cell %q", cell)
	}
	pre, err := parseMarks(parts[0])
	if err != nil {
		return Standing{}, fmt.Errorf("tally: cell %q: %w", cell, err)
	}
	post, err := parseMarks(parts[1])
	if err != nil {
		return Standing{}, fmt.Errorf("tally: cell %q: %w", cell, err)
	}
	return Standing{Pre: pre, Post: post, Matched: strings.Contains(parts[2], "m"),
		Completed: strings.Contains(parts[2], "c")}, nil
}

func parseMarks(s string) (*record.Marks, error) {
	if s == "" {
		return nil, nil //nolint:nilnil // no marks is a value of a cell
	}
	raw, maximum, _ := strings.Cut(s, "/")
	r, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return nil, err
	}
	m, err := strconv.ParseFloat(maximum, 64)
	if err != nil {
		return nil, err
	}
	return &record.Marks{Raw: r, Max: m}, nil
}

// Count is one person in one cell of one tally.
type Count struct {
	Key  Key
	Cell string
}

// Counts lists the cells in which a person counts. Each course counts in the area where the person
// served at the first valid pre-test, or without one at the first record of the course.
func Counts(s record.State, p people.Person, zone *time.Location) []Count {
	var counts []Count
	for course, progress := range s.Courses {
		pre, post, matched := progress.Matched()
		at := progress.FirstAt
		if pre != nil {
			at = pre.EndedAt
		}
		key := Key{Course: course, Role: p.Role, Area: p.Posting(at, zone).Area}
		add := func(cut Cut, standing Standing) {
			key.Cut = cut
			counts = append(counts, Count{key, standing.Cell()})
			if pre != nil {
				key.Cut = cut.ByDay(pre.EndedAt.In(zone).Format(time.DateOnly))
				counts = append(counts, Count{key, standing.Cell()})
			}
		}
		completed := !progress.CompletedAt.IsZero()
		whole := Standing{Pre: whole(pre), Post: whole(post), Matched: matched, Completed: completed}
		add(Everybody, whole)
		add(ByWorkshop(workshop(pre, post)), whole)
		for pillar := range pillars(pre, post) {
			part := Standing{Pre: part(pre, pillar), Post: part(post, pillar), Completed: completed}
			part.Matched = matched && part.Pre != nil && part.Post != nil
			add(ByPillar(pillar), part)
		}
	}
	return counts
}

func whole(a *record.Attempt) *record.Marks {
	if a == nil {
		return nil
	}
	return a.Marks
}

func part(a *record.Attempt, pillar string) *record.Marks {
	if a == nil {
		return nil
	}
	if m, ok := a.Pillars[pillar]; ok {
		return &m
	}
	return nil
}

func pillars(attempts ...*record.Attempt) map[string]bool {
	all := map[string]bool{}
	for _, a := range attempts {
		if a != nil {
			for pillar := range a.Pillars {
				all[pillar] = true
			}
		}
	}
	return all
}

// workshop is that of the pre-test, or without one that of the post-test.
func workshop(attempts ...*record.Attempt) string {
	for _, a := range attempts {
		if a != nil && a.Workshop != "" {
			return a.Workshop
		}
	}
	return ""
}

// Sort puts counts in one order, so that equal counts are equal slices.
func Sort(counts []Count) {
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Key.Course, b.Key.Course), cmp.Compare(a.Key.Role, b.Key.Role),
			cmp.Compare(a.Key.Cut, b.Key.Cut), cmp.Compare(a.Key.Area, b.Key.Area), cmp.Compare(a.Cell, b.Cell))
	})
}
