package content

import (
	"fmt"
	"slices"
	"strings"

	"melek/courses"
)

// formDraft is a test form under reading.
type formDraft struct {
	mapping
	id    string
	items []word
}

func (f formDraft) place(item string) int {
	return slices.IndexFunc(f.items, func(w word) bool { return w.text == item })
}

// readTest reads the forms and the anchors that tie them together: gains and linking rely on forms of one
// length and on anchors that every participant meets at the same place.
func (r *reading) readTest(m mapping) {
	var anchors []word
	if m.has("anchors") {
		anchors = m.words("anchors")
	}
	forms := r.forms(m)
	for _, f := range forms {
		r.course.Forms = append(r.course.Forms, courses.Form{ID: f.id, Items: texts(f.items)})
		if len(f.items) != len(forms[0].items) {
			f.find(f.line, fmt.Sprintf("the number of items is %d in form %s and %d in form %s", len(f.items), f.id,
				len(forms[0].items), forms[0].id), "give all forms the same number of items")
		}
		for _, ref := range f.items {
			r.useInForm(f, ref, anchors)
		}
	}
	for i, anchor := range anchors {
		if slices.Contains(texts(anchors[:i]), anchor.text) {
			m.find(anchor.line, "anchor "+anchor.text+" is there twice", "take one of them away")
			continue
		}
		r.checkAnchor(m, anchor, forms)
	}
	r.course.Anchors = texts(anchors)
}

func (r *reading) forms(m mapping) []formDraft {
	var forms []formDraft
	seen := map[string]int{}
	for i, node := range m.list("forms") {
		each, ok := m.mapping(node, fmt.Sprintf("form number %d", i+1), "id", "items")
		if !ok {
			continue
		}
		id, ok := each.id("form", seen)
		if !ok {
			continue
		}
		each.what = "form " + id
		forms = append(forms, formDraft{each, id, each.words("items")})
	}
	return forms
}

func (r *reading) useInForm(f formDraft, ref word, anchors []word) {
	d := r.item(f.mapping, f.what, ref)
	if d == nil {
		return
	}
	switch {
	case slices.Contains(d.forms, f.id):
		f.find(ref.line, ref.text+" stands twice in form "+f.id, "name another item")
		return
	case d.quiz != "":
		f.find(ref.line, ref.text+" stands in the "+d.quiz+" and in form "+f.id,
			"write an item of its own for the test; the quiz tells the answer")
	case len(d.forms) > 0 && !slices.Contains(texts(anchors), ref.text):
		f.find(ref.line, ref.text+" stands in form "+d.forms[0]+" and form "+f.id+" and is no anchor",
			"name it under anchors, or write another item")
	}
	d.forms = append(d.forms, f.id)
}

// checkAnchor holds an anchor against the first form.
func (r *reading) checkAnchor(m mapping, anchor word, forms []formDraft) {
	if d := r.item(m, "anchors", anchor); d == nil || len(forms) == 0 {
		return
	}
	var missing []string
	first := forms[0].place(anchor.text)
	for _, f := range forms {
		place := f.place(anchor.text)
		switch {
		case place < 0:
			missing = append(missing, f.id)
		case first >= 0 && place != first:
			f.find(f.items[place].line, fmt.Sprintf("anchor %s is number %d in form %s and number %d in form %s",
				anchor.text, place+1, f.id, first+1, forms[0].id), fmt.Sprintf("move it to number %d", first+1))
		}
	}
	if len(missing) > 0 {
		m.find(anchor.line, "anchor "+anchor.text+" is missing from form "+strings.Join(missing, ", "),
			"put it into every form, or take it from the anchors")
	}
}

func texts(words []word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.text
	}
	return out
}
