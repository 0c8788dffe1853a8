// Package gate judges whether courses are fit to be shipped: beyond what the loader refuses, it asks whether
// they teach plainly, test fairly and are true to the curriculum. It is pure and reads no file of a course;
// the command `melek check` and the tests of the shipped courses ask it alike.
package gate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"melek/courses"
)

// Finding is one thing that a course must mend before it is shipped, worded for whoever writes it.
type Finding struct {
	Course  string
	Part    string // id of the module, item or form, or "course"
	Message string
	Mend    string // what to do about it
}

// String is the finding on one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s; %s", f.Course, f.Part, f.Message, f.Mend)
}

// Judge holds the courses against every law, and against each other. The findings are in the order of the
// courses, then of the parts, those of pairs of courses last.
func Judge(all []*courses.Course, curriculum Curriculum) []Finding {
	var found []Finding
	for _, c := range all {
		found = append(found, judge(c, curriculum)...)
	}
	return append(found, repeated(all)...)
}

// JudgeOne holds one course against every law, and against the others. The findings are those of Judge that
// are of the course, were it the last of all.
func JudgeOne(c *courses.Course, others []*courses.Course, curriculum Curriculum) []Finding {
	again := repeated(append(slices.Clip(others), c))
	again = slices.DeleteFunc(again, func(f Finding) bool { return f.Course != c.ID })
	return append(judge(c, curriculum), again...)
}

func judge(c *courses.Course, curriculum Curriculum) []Finding {
	j := &judging{course: c}
	j.whole()
	j.translated()
	j.readable()
	j.fair()
	j.linked()
	j.pictured()
	j.trueTo(curriculum)
	slices.SortFunc(j.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.Message, b.Message))
	})
	return j.found
}

// judging is one course before the gate.
type judging struct {
	course *courses.Course
	found  []Finding
}

func (j *judging) find(part, mend, message string, args ...any) {
	j.found = append(j.found, Finding{j.course.ID, part, fmt.Sprintf(message, args...), mend})
}

// items returns the items with the ids, of those of the course without ids.
func (j *judging) items(ids []string) []*courses.Item {
	items := make([]*courses.Item, 0, len(ids))
	for _, id := range ids {
		if it, ok := j.course.Items[id]; ok {
			items = append(items, it)
		}
	}
	return items
}

// all returns every item of the course in the order of the ids.
func (j *judging) all() []*courses.Item {
	return j.items(slices.Sorted(maps.Keys(j.course.Items)))
}

// whole asks for what gains and linking rest on, and for every text in both languages.
func (j *judging) whole() {
	c := j.course
	if len(c.Forms) < 2 || len(c.Anchors) == 0 {
		j.find("course", "write parallel forms that share anchors", "it has %d forms and %d anchors", len(c.Forms),
			len(c.Anchors))
	}
	quiz := map[string]bool{}
	for _, m := range c.Modules {
		for _, id := range m.Quiz {
			quiz[id] = true
		}
		for _, lang := range courses.Langs {
			if m.Title.In(lang) == "" || m.Body.In(lang) == "" || m.Goal.In(lang) == "" {
				j.find(m.ID, "write its title, goal and text", "it is not whole in %s", langNames[lang])
			}
		}
	}
	for _, id := range c.Anchors {
		if quiz[id] {
			j.find(id, "write an item of its own for the test", "the anchor stands in a quiz, which tells its answer")
		}
	}
	for _, it := range j.all() {
		j.differing(it)
	}
}

var langNames = map[courses.Lang]string{courses.Indonesian: "Indonesian", courses.English: "English"}

// differing asks that an item offers nothing twice.
func (j *judging) differing(it *courses.Item) {
	for what, options := range map[string][]courses.Option{"option": it.Options, "target": it.Targets} {
		for _, lang := range courses.Langs {
			seen := map[string]string{}
			for _, o := range options {
				text := gist(o.Text.In(lang))
				if first, ok := seen[text]; ok {
					j.find(it.ID, "write another "+what, "%s %s says in %s what %s says", what, o.ID, langNames[lang],
						first)
				}
				seen[text] = o.ID
			}
		}
	}
}

// translated asks that the English was confirmed against the Indonesian as it stands now, and that it has
// the same build: a paragraph for a paragraph, a row for a row.
func (j *judging) translated() {
	for _, part := range j.course.Stale {
		j.find(part, "compare the two, then run: melek check --confirm FOLDER --only "+part,
			"its English was not confirmed against the Indonesian as it is now")
	}
	for _, m := range j.course.Modules {
		id, en := build(m.Body.ID), build(m.Body.EN)
		for i := range max(len(id), len(en)) {
			if i >= len(id) || i >= len(en) || id[i] != en[i] {
				j.find(m.ID, "translate paragraph for paragraph",
					"from block %d on, the English is built otherwise than the Indonesian", i+1)
				break
			}
		}
	}
}

// repeated finds stems that are asked twice, within a course or across courses. A quiz tells its answers, so
// a test that asked the same would measure memory; two items alike measure one thing twice.
func repeated(all []*courses.Course) []Finding {
	var found []Finding
	for _, lang := range courses.Langs {
		seen := map[string]string{}
		for _, c := range all {
			for _, id := range slices.Sorted(maps.Keys(c.Items)) {
				text := gist(c.Items[id].Stem.In(lang))
				if first, ok := seen[text]; ok {
					found = append(found, Finding{c.ID, id, "it asks in " + langNames[lang] + " what " + first + " asks",
						"write another situation"})
				}
				seen[text] = c.ID + "/" + id
			}
		}
	}
	return found
}

// Strings lists the findings as lines.
func Strings(found []Finding) string {
	lines := make([]string, len(found))
	for i, f := range found {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}
