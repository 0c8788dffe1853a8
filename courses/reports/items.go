package reports

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/gain/items"
	"melek/courses/record"
	"melek/courses/store"
)

// The phases that item reports know beside those of testing.
const (
	AllTests record.Phase = "all"  // all tests that count, each on its own
	Quizzes  record.Phase = "quiz" // the quizzes of modules, which stand in the place of forms
)

// ItemPhases lists what item reports can be on.
var ItemPhases = append(slices.Clone(record.Phases), AllTests, Quizzes)

// Items is a report on how the items of a course's tests or quizzes did their work.
type Items struct {
	Course      string          `json:"course"`
	Phase       record.Phase    `json:"phase"`
	Form        string          `json:"form,omitempty"` // empty: all forms
	Method      string          `json:"method"`
	GeneratedAt time.Time       `json:"generated_at"`
	Items       []items.Row     `json:"items"`
	Forms       []items.FormRow `json:"forms"`
	// Links compares the forms, where the report is on all of them.
	Links     []items.Link `json:"links,omitempty"`
	Simulated bool         `json:"simulated,omitempty"`
}

// Items reports on the tests of one phase that count and were taken on a device, of everybody, on
// one form or on all. It reads every projection once and holds sums only. An item of several forms
// is told of once, over all of them; items and forms of earlier versions follow those of the
// current one.
func (d *Desk) Items(ctx context.Context, course string, phase record.Phase, form string) (Items, error) {
	current, ok := d.syllabus.Current(course)
	if !ok {
		return Items{}, invalid("course", course)
	}
	if !slices.Contains(ItemPhases, phase) {
		return Items{}, invalid("phase", string(phase))
	}
	named := func(f courses.Form) bool { return f.ID == form }
	if form != "" && !slices.ContainsFunc(formsOf(current, phase), named) {
		return Items{}, invalid("form", form)
	}
	count := counting{syllabus: d.syllabus, course: course, form: form}
	err := d.eachProgress(ctx, func(progress map[string]*record.Progress) error {
		if p, ok := progress[course]; ok {
			count.take(phase, p)
		}
		return nil
	})
	if err != nil {
		return Items{}, fmt.Errorf("reports: items of %s: %w", course, err)
	}
	return d.report(current, phase, form, &count), nil
}

// report tells of what was counted.
func (d *Desk) report(c *courses.Course, phase record.Phase, form string, count *counting) Items {
	report := Items{Course: c.ID, Phase: phase, Form: form, Method: method, GeneratedAt: d.time(),
		Items: []items.Row{}, Forms: []items.FormRow{}, Simulated: d.simulated}
	current := count.current(formsOf(c, phase))
	scale := count.tests.Calibrate()
	forms, ids := count.told(current)
	for _, id := range ids {
		report.Items = append(report.Items, d.itemRow(&count.tests, id, c.Items[id], scale))
	}
	for _, id := range forms {
		report.Forms = append(report.Forms, count.tests.FormRow(id))
	}
	if form == "" && phase != Quizzes {
		report.Links = count.tests.Links(current)
	}
	return report
}

// formsOf are the forms of the course's tests, or its modules' quizzes as forms.
func formsOf(c *courses.Course, phase record.Phase) []courses.Form {
	if phase != Quizzes {
		return c.Forms
	}
	forms := make([]courses.Form, len(c.Modules))
	for i, m := range c.Modules {
		forms[i] = courses.Form{ID: m.ID, Items: m.Quiz}
	}
	return forms
}

// eachProgress calls fn with everybody's progress, by course, until fn returns an error, which is
// returned. Where people are in no tally, as those of whom the register does not know yet, they count
// in no report.
func (d *Desk) eachProgress(ctx context.Context, fn func(map[string]*record.Progress) error) error {
	return d.store.EachProjection(ctx, "", func(p store.Projection) error {
		counted := map[string]bool{}
		for _, n := range p.Counts {
			counted[n.Key.Course] = true
		}
		for course, part := range p.Parts {
			if len(part.Counts) > 0 {
				counted[course] = true
			}
		}
		if len(counted) == 0 {
			return nil
		}
		state, err := p.Whole()
		if err != nil {
			return err
		}
		maps.DeleteFunc(state.Courses, func(course string, _ *record.Progress) bool { return !counted[course] })
		return fn(state.Courses)
	})
}

// counting takes the tests or quizzes of one course out of people's progress.
type counting struct {
	syllabus record.Syllabus
	course   string
	form     string // empty: all forms
	tests    items.Tests
}

// take counts what one person did in the phase.
func (c *counting) take(phase record.Phase, p *record.Progress) {
	switch phase {
	case Quizzes:
		c.takeQuizzes(p)
	case AllTests:
		for _, phase := range record.Phases {
			c.takeTest(p.Counted(phase))
		}
	default:
		c.takeTest(p.Counted(phase))
	}
}

func (c *counting) takeTest(a *record.Attempt) {
	if a == nil || a.Paper || c.form != "" && a.Form != c.form {
		return
	}
	if test := c.test(a); len(test) > 0 {
		c.tests.Add(a.Form, courses.Lang(a.Lang), test)
	}
}

// test marks the attempt item by item as its version has them. Of what was answered only what fits the
// item is told.
func (c *counting) test(a *record.Attempt) []items.Answered {
	course, ok := c.syllabus.Version(c.course, a.Version)
	if !ok {
		return nil
	}
	form, err := course.Form(a.Form)
	if err != nil {
		return nil
	}
	test := make([]items.Answered, 0, len(form.Items))
	for _, id := range form.Items {
		if c.syllabus.Withdrawn(c.course, id) {
			continue
		}
		item := course.Items[id]
		answer := a.Answers[id]
		test = append(test, items.Answered{Item: id, Marks: int64(item.Mark(answer)), Chosen: item.Tally(answer)})
	}
	return test
}

// takeQuizzes counts each quiz of which every item is answered: one that is broken off may have been
// so because of what came next, and then what is missing is not missing by chance.
func (c *counting) takeQuizzes(p *record.Progress) {
	current, ok := c.syllabus.Current(c.course)
	if !ok {
		return
	}
	for _, m := range current.Modules {
		if c.form != "" && m.ID != c.form {
			continue
		}
		if quiz := c.quiz(m, p.Quizzes[m.ID]); len(quiz) > 0 {
			c.tests.Add(m.ID, "", quiz)
		}
	}
}

// quiz is the module's quiz as it was answered and marked; nothing where an item is not answered.
func (c *counting) quiz(m courses.Module, answers map[string]record.Answer) []items.Answered {
	quiz := make([]items.Answered, 0, len(m.Quiz))
	for _, id := range m.Quiz {
		if c.syllabus.Withdrawn(c.course, id) {
			continue
		}
		answer, ok := answers[id]
		if !ok {
			return nil
		}
		answered := items.Answered{Item: id, Marks: int64(answer.Marks)}
		if course, ok := c.syllabus.Version(c.course, answer.Version); ok && course.Items[id] != nil {
			answered.Chosen = course.Items[id].Tally(answer.Chosen)
		}
		quiz = append(quiz, answered)
	}
	return quiz
}

// current are the forms that the report is on, with the items that count now.
func (c *counting) current(forms []courses.Form) []courses.Form {
	var current []courses.Form
	for _, form := range forms {
		if c.form != "" && form.ID != c.form {
			continue
		}
		form.Items = slices.DeleteFunc(slices.Clone(form.Items), func(id string) bool {
			return c.syllabus.Withdrawn(c.course, id)
		})
		current = append(current, form)
	}
	return current
}

// told lists the forms and items to report on: the current ones in their order, then what was met
// beside them.
func (c *counting) told(current []courses.Form) (forms, ids []string) {
	for _, form := range current {
		forms = append(forms, form.ID)
		for _, id := range form.Items {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	for _, id := range c.tests.Forms() {
		if !slices.Contains(forms, id) {
			forms = append(forms, id)
		}
	}
	for _, id := range c.tests.Items() {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return forms, ids
}
