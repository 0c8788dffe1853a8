package bench

import (
	"errors"
	"path"
	"slices"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/gate"
	"melek/courses/sheet"
	"melek/courses/store"
)

// Finding is something that an author should mend.
type Finding struct {
	sheet.Place        // its Part's Kind is empty where the place cannot be told
	File        string // empty where the finding is about a part, wherever that is written
	Line        int
	Message     string
	Mend        string
	// Bars is set where the course cannot be published with it.
	Bars bool
}

// judge loads a draft and, where it is fit to be taught, holds it against the content gate.
func (b *Bench) judge(d store.Draft) (*courses.Course, []Finding) {
	course, err := content.Understand(store.CourseSource{Course: d.Course, Files: d.Files})
	var found content.Findings
	var all []Finding
	if errors.As(err, &found) {
		for _, f := range found {
			name := path.Base(f.File)
			all = append(all, Finding{Place: sheet.Locate(d.Files, name, f.Line), File: name, Line: f.Line,
				Message: f.Message, Mend: f.Mend, Bars: true})
		}
		return nil, all
	}
	// English that waits to be confirmed is told by Course.Stale, as a list to be worked off.
	confirmed := *course
	confirmed.Stale = nil
	others := slices.DeleteFunc(b.catalog.Courses(), func(c *courses.Course) bool { return c.ID == d.Course })
	for _, f := range gate.JudgeOne(&confirmed, others, gate.Shipped()) {
		all = append(all, Finding{Place: PlaceOf(course, f.Part), Message: f.Message, Mend: f.Mend})
	}
	return course, all
}

// PlaceOf finds the part of a course that the loader or the gate names by its id.
func PlaceOf(c *courses.Course, part string) sheet.Place {
	if _, ok := c.Items[part]; ok {
		return sheet.Place{Part: sheet.Part{Kind: sheet.PartItem, ID: part}}
	}
	if _, _, err := c.Module(part); err == nil {
		return sheet.Place{Part: sheet.Part{Kind: sheet.PartModule, ID: part}}
	}
	place := sheet.Place{Part: sheet.Part{Kind: sheet.PartCourse}}
	if _, err := c.Form(part); err == nil {
		place.Field = "forms"
	}
	return place
}
