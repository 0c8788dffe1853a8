package record_test

import (
	"fmt"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/record"
)

// syllabus is a course «c» of two versions: v1 with one module, v2 with a second one; «d» is the same again.
type syllabus struct {
	versions  map[string]*courses.Course
	current   string
	withdrawn map[string]bool
}

func (s syllabus) Version(course, version string) (*courses.Course, bool) {
	c, ok := s.versions[version]
	return c, ok && (course == "c" || course == "d")
}

func (s syllabus) Current(course string) (*courses.Course, bool) { return s.Version(course, s.current) }

func (s syllabus) Withdrawn(_, item string) bool { return s.withdrawn[item] }

func newSyllabus() syllabus {
	v1, v2 := course("v1", 1), course("v2", 2)
	return syllabus{versions: map[string]*courses.Course{"v1": v1, "v2": v2}, current: "v1",
		withdrawn: map[string]bool{}}
}

func course(version string, modules int) *courses.Course {
	c := &courses.Course{ID: "c", Version: version, Pillar: "aman", PassMark: 70, MinutesPerItem: 1.5,
		Items: map[string]*courses.Item{}}
	add := func(id, pillar string) string {
		c.Items[id] = &courses.Item{ID: id, Pillar: pillar, Key: []string{"a"},
			Options: []courses.Option{{ID: "a"}, {ID: "b"}}}
		return id
	}
	for m := range modules {
		module := courses.Module{ID: fmt.Sprintf("m%d", m+1)}
		for q := range 2 {
			module.Quiz = append(module.Quiz, add(fmt.Sprintf("q%d-%d", m+1, q+1), "aman"))
		}
		c.Modules = append(c.Modules, module)
	}
	for _, form := range []string{"A", "B"} {
		c.Forms = append(c.Forms, courses.Form{ID: form, Items: []string{add(form+"1", "aman"), add(form+"2", "etika"),
			add("anchor", "aman")}})
	}
	return c
}

var day = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// at is the nth minute of the day.
func at(minute int) time.Time { return day.Add(time.Duration(minute) * time.Minute) }

func id(n int) string { return fmt.Sprintf("0193a000-0000-7000-8000-%012d", n) }

// make1 fills in what every record needs and parses it as if it had been sent.
func make1(t testing.TB, n int, r record.Record) record.Entry {
	t.Helper()
	r.ID = id(n)
	if r.Person == "" {
		r.Person = "P1"
	}
	if r.Course == "" && r.Kind != record.Voided && r.Kind != record.Erased {
		r.Course = "c"
	}
	if r.At.IsZero() {
		r.At = at(n)
	}
	if r.Version == "" && (r.Answers != nil || r.Kind == record.Opened) {
		r.Version = "v1"
	}
	e, err := record.Make(r, day)
	if err != nil {
		t.Fatalf("record %d: %v", n, err)
	}
	return e
}

func opened(phase record.Phase, form string) record.Record {
	return record.Record{Kind: record.Opened, Phase: phase, Form: form}
}

func answered(phase record.Phase, form, item, option string) record.Record {
	return record.Record{Kind: record.Answered, Phase: phase, Form: form,
		Answers: record.Answers{item: {option}}}
}

func submitted(phase record.Phase, form string, answers record.Answers) record.Record {
	return record.Record{Kind: record.Submitted, Phase: phase, Form: form, Answers: answers}
}

func read(module string) record.Record { return record.Record{Kind: record.Read, Module: module} }

func quiz(module, item, option string) record.Record {
	return record.Record{Kind: record.Answered, Module: module, Answers: record.Answers{item: {option}}}
}

func fold(t testing.TB, s syllabus, rs ...record.Record) *record.Progress {
	t.Helper()
	var set []record.Entry
	for i, r := range rs {
		set = append(set, make1(t, i+1, r))
	}
	p := record.Fold("P1", set, s).Courses["c"]
	if p == nil {
		return &record.Progress{}
	}
	return p
}
