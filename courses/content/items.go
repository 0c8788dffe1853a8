package content

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"melek/courses"
	"melek/courses/store"
)

// draft is an item under reading: where it was written and where it is used.
type draft struct {
	item    *courses.Item
	line    int
	options []int // the line of each option
	quiz    string
	forms   []string
}

// idPattern keeps ids fit for addresses, file names and answers, in which «=» joins two of them.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$`)

const longestID = 64

// id reads an id that must be there and of which what has only one; seen holds the line of each that came
// before.
func (m mapping) id(what string, seen map[string]int) (string, bool) {
	w, ok := m.word("id")
	if !ok {
		return "", false
	}
	if !idPattern.MatchString(w.text) || len(w.text) > longestID {
		m.find(w.line, "id "+quoted(w.text)+" cannot be used in an address",
			fmt.Sprintf("use at most %d letters and digits, joined by hyphens", longestID))
		return "", false
	}
	if first, ok := seen[w.text]; ok {
		m.find(w.line, fmt.Sprintf("%s %s is there twice, first on line %d", what, w.text, first),
			"give this one another id")
		return "", false
	}
	seen[w.text] = w.line
	return w.text, true
}

func (r *reading) readItems() {
	s, root, ok := r.open(itemsFile)
	if !ok {
		return
	}
	top, ok := s.mapping(root, "the file", "items")
	if !ok {
		return
	}
	r.items = map[string]*draft{}
	seen := map[string]int{}
	for i, node := range top.list("items") {
		if d, ok := s.item(node, i+1, seen); ok {
			r.items[d.item.ID] = d
		}
	}
}

// ReadItems reads an items.yaml apart from its course, which is named for the findings only. It returns the
// items in their order as far as they can be made out and, as the error, the Findings of what they still
// lack.
func ReadItems(course, source string) ([]courses.Item, error) {
	r := &reading{source: store.CourseSource{Course: course, Files: map[string]string{itemsFile: plain(source)}}}
	r.readItems()
	byLine := func(a, b *draft) int { return cmp.Compare(a.line, b.line) }
	drafts := slices.SortedFunc(maps.Values(r.items), byLine)
	items := make([]courses.Item, len(drafts))
	for i, d := range drafts {
		items[i] = *d.item
	}
	if len(r.findings) > 0 {
		return items, r.findings.sorted()
	}
	return items, nil
}

// item reads one item. It is false where not even an id can be made out; other findings let the item stand,
// so that what refers to it is not called unknown.
func (s sheet) item(node ast.Node, place int, seen map[string]int) (*draft, bool) {
	m, ok := s.mapping(node, fmt.Sprintf("item number %d", place), "id", "fact", "type", "pillar", "stem",
		"options", "targets", "key", "tolerance", "unit", "why", "withdrawn")
	if !ok {
		return nil, false
	}
	id, ok := m.id("item", seen)
	if !ok {
		return nil, false
	}
	m.what = id
	d := &draft{line: m.line, item: &courses.Item{ID: id, Fact: m.maybe("fact").text, Pillar: m.pillar(),
		Stem: m.text("stem"), Withdrawn: m.maybe("withdrawn").text}}
	m.answering(d)
	return d, true
}

// pillar reads a pillar that may be left out.
func (m mapping) pillar() string {
	w := m.maybe("pillar")
	if w.text != "" && !slices.Contains(courses.Pillars, w.text) {
		m.find(w.line, "pillar "+quoted(w.text)+" is unknown", oneOf(courses.Pillars))
	}
	return w.text
}

// offers reads what the field of an item offers, and the line of each.
func (m mapping) offers(field, what string) (offered []courses.Option, lines []int) {
	seen := map[string]int{}
	nodes := m.list(field)
	known := []string{"id", "text"}
	if field == "options" && m.explained() {
		known = append(known, "why")
	}
	for i, node := range nodes {
		o, ok := m.mapping(node, fmt.Sprintf("%s number %d of %s", what, i+1, m.what), known...)
		if !ok {
			continue
		}
		id, ok := o.id(what, seen)
		if !ok {
			continue
		}
		o.what = what + " " + id + " of " + m.what
		option := courses.Option{ID: id, Text: o.text("text")}
		if o.has("why") {
			option.Why = o.text("why")
		}
		offered = append(offered, option)
		lines = append(lines, o.line)
	}
	if m.has(field) && len(nodes) < 2 {
		m.find(m.line, m.what+" has fewer than 2 "+field, "add "+field+", each with its id and text")
	}
	return offered, lines
}
