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

// Sort puts counts in one order, so that equal counts are equal slices.
func Sort(counts []Count) {
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Key.Course, b.Key.Course), cmp.Compare(a.Key.Role, b.Key.Role),
			cmp.Compare(a.Key.Cut, b.Key.Cut), cmp.Compare(a.Key.Area, b.Key.Area), cmp.Compare(a.Cell, b.Cell))
	})
}
