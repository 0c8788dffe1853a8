// Package sheet opens the files of a course so that they can be changed part by part. It knows nothing of
// drafts or versions, and does not judge: that a course is fit to be taught is for package content to say.
//
// The files stay the truth. Save writes only what differs: an item, or a field of course.yaml, that was not
// touched stays as its author wrote it, to the byte, and so do order and comments between them. What was
// touched is written in one canonical form, that of the shipped courses, and loses the comments inside it
// and any field that no course has. Where a file is written in a way in which its parts cannot be told by
// lines, such as all on one, the whole file takes the canonical form.
package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"melek/courses"
)

// Sheet is a course on the way between its files and a form.
type Sheet struct {
	ID             string
	Pillar         string
	Title, Summary courses.Text
	PassMark       string // as written
	MinutesPerItem string // as written
	Modules        []Module
	Anchors        []string
	Forms          []courses.Form
	Checks         []courses.Check
	Items          []Item
}

// Module is one lesson with its quiz.
type Module struct {
	ID   string
	Goal courses.Text
	Quiz []string
	Text courses.Text // Markdown, from the title on
}

// Item is one question as it is written.
type Item struct {
	ID, Fact, Pillar string
	Type             courses.ItemType // never empty
	Stem             courses.Text
	Options, Targets []courses.Option
	Key              []string
	Tolerance        string // as written
	Unit, Why        courses.Text
	Withdrawn        string
	at               int // its place in items.yaml from 1; 0 for a new one
}

// New begins a course without anything in it.
func New(id, pillar string, title courses.Text) *Sheet {
	return &Sheet{ID: id, Pillar: pillar, Title: title, PassMark: "70", MinutesPerItem: "1.5"}
}

// Take makes the item say what another says; it stays where it is written, under its id.
func (it *Item) Take(other Item) {
	other.ID, other.at = it.ID, it.at
	*it = other
}

// Item returns the place of the item with the id, or courses.NotFound.
func (s *Sheet) Item(id string) (int, error) {
	i := slices.IndexFunc(s.Items, func(it Item) bool { return it.ID == id })
	if i < 0 {
		return 0, courses.Problemf(courses.NotFound, "item.unknown", id)
	}
	return i, nil
}

// Module returns the place of the module with the id, or courses.NotFound.
func (s *Sheet) Module(id string) (int, error) {
	i := slices.IndexFunc(s.Modules, func(m Module) bool { return m.ID == id })
	if i < 0 {
		return 0, courses.Problemf(courses.NotFound, "module.unknown", id)
	}
	return i, nil
}

// Use says where an item is asked: a module's quiz, or the first form that has it; both empty where nowhere.
func (s *Sheet) Use(item string) (module, form string) {
	for _, m := range s.Modules {
		if slices.Contains(m.Quiz, item) {
			return m.ID, ""
		}
	}
	for _, f := range s.Forms {
		if slices.Contains(f.Items, item) {
			return "", f.ID
		}
	}
	return "", ""
}

// Rev names what a part holds: the particulars for PartCourse, a module or an item for the others, and the
// order of all for PartOrder. A part that is not there has the empty one.
func (s *Sheet) Rev(p Part) string {
	var text string
	switch p.Kind {
	case PartCourse:
		text = render(func(w *writer) { w.particulars(s) })
	case PartOrder:
		for _, m := range s.Modules {
			text += m.ID + render(func(w *writer) { w.words("quiz", m.Quiz) })
		}
	case PartModule:
		i, err := s.Module(p.ID)
		if err != nil {
			return ""
		}
		m := s.Modules[i]
		text = render(func(w *writer) { w.text("goal", m.Goal) }) + "\x00" + m.Text.ID + "\x00" + m.Text.EN
	case PartItem:
		i, err := s.Item(p.ID)
		if err != nil {
			return ""
		}
		text = render(func(w *writer) { w.item(s.Items[i]) })
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// Part names what is changed at one time.
type Part struct {
	Kind PartKind
	ID   string // of the module or item
}

// PartKind says what a part is.
type PartKind string

// The kinds of parts.
const (
	PartCourse PartKind = "course" // title, summary, marks, forms, anchors and checks
	PartOrder  PartKind = "order"  // which modules there are, and which items their quizzes have, in order
	PartModule PartKind = "module"
	PartItem   PartKind = "item"
)
