package content

import (
	"fmt"
	"slices"

	"melek/courses"
)

// readCourse reads course.yaml against the items; false where it is not even a mapping.
func (r *reading) readCourse() bool {
	s, root, ok := r.open(courseFile)
	if !ok {
		return false
	}
	m, ok := s.mapping(root, "the course", "id", "pillar", "title", "summary", "roles", "pass_mark",
		"minutes_per_item", "modules", "anchors", "forms", "check")
	if !ok {
		return false
	}
	c := r.course
	r.courseID(m)
	if _, ok := m.word("pillar"); ok {
		c.Pillar = m.pillar()
	}
	c.Title, c.Summary = m.text("title"), m.text("summary")
	r.readRoles(m)
	c.PassMark = m.number("pass_mark", func(n float64) bool { return n >= 0 && n <= 100 }, "from 0 to 100")
	c.MinutesPerItem = m.number("minutes_per_item",
		func(n float64) bool { return n > 0 && n <= 60 }, "above 0, at most 60")
	r.readModules(m)
	r.readTest(m)
	r.readChecks(m)
	return true
}

// learners are the roles that a course may be meant for.
var learners = []string{"participant", "facilitator"}

// readRoles reads whom the course is offered to, which may be left out.
func (r *reading) readRoles(m mapping) {
	if !m.has("roles") {
		return
	}
	for _, role := range m.words("roles") {
		if !slices.Contains(learners, role.text) {
			m.find(role.line, "role "+quoted(role.text)+" is unknown", oneOf(learners))
			continue
		}
		r.course.Roles = append(r.course.Roles, role.text)
	}
}

func (r *reading) courseID(m mapping) {
	id, ok := m.id("course", map[string]int{})
	if ok && r.source.Course != "" && id != r.source.Course {
		w, _ := m.word("id")
		m.find(w.line, "course "+quoted(id)+" lies in the folder "+quoted(r.source.Course),
			"rename the folder or the course; both bear one name")
	}
	r.course.ID = id
}

// readModules reads the modules in teaching order. A course may have none: then it is a test only.
func (r *reading) readModules(m mapping) {
	if !m.has("modules") {
		return
	}
	seen := map[string]int{}
	for i, node := range m.list("modules") {
		each, ok := m.mapping(node, fmt.Sprintf("module number %d", i+1), "id", "goal", "quiz")
		if !ok {
			continue
		}
		id, ok := each.id("module", seen)
		if !ok {
			continue
		}
		each.what = "module " + id
		module := courses.Module{ID: id, Goal: each.text("goal")}
		for _, ref := range each.words("quiz") {
			r.useInQuiz(each, ref)
			module.Quiz = append(module.Quiz, ref.text)
		}
		r.course.Modules = append(r.course.Modules, module)
		r.moduleLines = append(r.moduleLines, each.line)
	}
}

// item finds the item that the list names. It is nil without a finding where items.yaml could not be read.
func (r *reading) item(m mapping, list string, ref word) *draft {
	d := r.items[ref.text]
	if d == nil && r.items != nil {
		m.find(ref.line, list+" names no item of "+itemsFile+": "+quoted(ref.text),
			"write that item or name another one")
	}
	return d
}

func (r *reading) useInQuiz(m mapping, ref word) {
	place := "quiz of " + m.what
	d := r.item(m, place, ref)
	if d == nil {
		return
	}
	if d.quiz != "" {
		m.find(ref.line, ref.text+" stands in the "+d.quiz+" and again in the "+place, "name it in one of them")
		return
	}
	d.quiz = place
	r.checkFeedback(d)
}

// checkFeedback finds a quiz item that would leave its answer unexplained.
func (r *reading) checkFeedback(d *draft) {
	if slices.Contains(takes[d.item.Type], "why") {
		if d.item.Why == (courses.Text{}) {
			r.find(itemsFile, d.line, "the quiz item "+d.item.ID+" has no why",
				"say why the key is right, in both languages")
		}
		return
	}
	for i, o := range d.item.Options {
		if o.Why == (courses.Text{}) {
			r.find(itemsFile, d.options[i], "option "+o.ID+" of the quiz item "+d.item.ID+" has no why",
				"say why it is right or wrong, in both languages")
		}
	}
}

// readChecks reads what the office must verify before it relies on it.
func (r *reading) readChecks(m mapping) {
	if !m.has("check") {
		return
	}
	for i, node := range m.list("check") {
		each, ok := m.mapping(node, fmt.Sprintf("check number %d", i+1), "module", "note")
		if !ok {
			continue
		}
		about, ok := each.word("module")
		if ok && !slices.ContainsFunc(r.course.Modules, func(m courses.Module) bool { return m.ID == about.text }) {
			each.find(about.line, each.what+" is about an unknown module "+quoted(about.text),
				oneOf(moduleIDs(r.course)))
		}
		r.course.Checks = append(r.course.Checks, courses.Check{Module: about.text, Note: each.text("note")})
	}
}

func moduleIDs(c *courses.Course) []string {
	ids := make([]string, len(c.Modules))
	for i, m := range c.Modules {
		ids[i] = m.ID
	}
	return ids
}

// checkUse finds items that stand in no quiz and no form. A withdrawn one may: it stays in the file so that
// it also counts in no older version, where it is still part of a form.
func (r *reading) checkUse() {
	for id, d := range r.items {
		if d.quiz == "" && len(d.forms) == 0 && d.item.Withdrawn == "" {
			r.find(itemsFile, d.line, id+" is used nowhere", "name it in a quiz or a form, or take it away")
		}
	}
}
