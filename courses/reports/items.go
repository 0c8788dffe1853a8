package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// Items is a report on how the items of a course's tests did their work.
type Items struct {
	Course      string         `json:"course"`
	Phase       record.Phase   `json:"phase"`
	Form        string         `json:"form,omitempty"` // empty: all forms
	Method      string         `json:"method"`
	GeneratedAt time.Time      `json:"generated_at"`
	Items       []gain.ItemRow `json:"items"`
	Forms       []gain.FormRow `json:"forms"`
	Simulated   bool           `json:"simulated,omitempty"`
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
	if !slices.Contains(record.Phases, phase) {
		return Items{}, invalid("phase", string(phase))
	}
	if form != "" {
		if _, err := current.Form(form); err != nil {
			return Items{}, invalid("form", form)
		}
	}
	count := counting{syllabus: d.syllabus, course: course, phase: phase, form: form}
	if err := d.store.EachProjection(ctx, "", count.take); err != nil {
		return Items{}, fmt.Errorf("reports: items of %s: %w", course, err)
	}
	report := Items{Course: course, Phase: phase, Form: form, Method: method, GeneratedAt: d.time(),
		Items: []gain.ItemRow{}, Forms: []gain.FormRow{}, Simulated: d.simulated}
	forms, items := count.told(current)
	for _, id := range items {
		report.Items = append(report.Items, d.itemRow(&count.tests, id, current.Items[id]))
	}
	for _, id := range forms {
		report.Forms = append(report.Forms, count.tests.Form(id))
	}
	return report, nil
}

// counting takes tests out of projections.
type counting struct {
	syllabus record.Syllabus
	course   string
	phase    record.Phase
	form     string
	tests    gain.Tests
}

// take counts the test of one person. People who are in no tally, as those of whom the register
// does not know yet, count in no report.
func (c *counting) take(p store.Projection) error {
	if !slices.ContainsFunc(p.Counts, func(n tally.Count) bool { return n.Key.Course == c.course }) {
		return nil
	}
	var state record.State
	if err := json.Unmarshal(p.State, &state); err != nil {
		return fmt.Errorf("state of %q: %w", p.Person, err)
	}
	progress, ok := state.Courses[c.course]
	if !ok {
		return nil
	}
	attempt := progress.Counted(c.phase)
	if attempt == nil || attempt.Paper || c.form != "" && attempt.Form != c.form {
		return nil
	}
	if test := c.test(attempt); len(test) > 0 {
		c.tests.Add(attempt.Form, test)
	}
	return nil
}

// test marks the attempt item by item as its version has them. Of what was answered only what fits the
// item is told.
func (c *counting) test(a *record.Attempt) []gain.Answered {
	course, ok := c.syllabus.Version(c.course, a.Version)
	if !ok {
		return nil
	}
	form, err := course.Form(a.Form)
	if err != nil {
		return nil
	}
	test := make([]gain.Answered, 0, len(form.Items))
	for _, id := range form.Items {
		if c.syllabus.Withdrawn(c.course, id) {
			continue
		}
		item := course.Items[id]
		answer := a.Answers[id]
		test = append(test, gain.Answered{Item: id, Marks: int64(item.Mark(answer)), Chosen: item.Tally(answer)})
	}
	return test
}

// told lists the forms and items to report on: those of the current version in its order, then what
// was met beside them.
func (c *counting) told(current *courses.Course) (forms, items []string) {
	for _, form := range current.Forms {
		if c.form != "" && form.ID != c.form {
			continue
		}
		forms = append(forms, form.ID)
		for _, id := range form.Items {
			if !c.syllabus.Withdrawn(c.course, id) && !slices.Contains(items, id) {
				items = append(items, id)
			}
		}
	}
	for _, id := range c.tests.Forms() {
		if !slices.Contains(forms, id) {
			forms = append(forms, id)
		}
	}
	for _, id := range c.tests.Items() {
		if !slices.Contains(items, id) {
			items = append(items, id)
		}
	}
	return forms, items
}
