package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"melek/courses"
)

// Finding is one thing that keeps a course from being taught, worded for whoever writes the course.
type Finding struct {
	File    string // with the course's folder
	Line    int
	Message string
	Mend    string // what to do about it
}

// String is the finding on one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s; %s", f.File, f.Line, f.Message, f.Mend)
}

// Findings is the error of a course that is not fit to be taught. It is of the kind courses.Invalid.
type Findings []Finding

// Error lists the findings, one a line.
func (f Findings) Error() string {
	lines := make([]string, len(f))
	for i, finding := range f {
		lines[i] = finding.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap makes errors.Is find the kind.
func (f Findings) Unwrap() error { return courses.Invalid }

// sorted returns the findings in the order in which an author walks through the files.
func (f Findings) sorted() Findings {
	slices.SortStableFunc(f, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(f)
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

// oneOf words a choice for a mend.
func oneOf(choices []string) string { return "use one of " + strings.Join(choices, ", ") }
