// Package courses holds what is taught: courses, their modules, items and test forms, how an answer
// is marked, and the kinds of errors that the whole program speaks of. It knows nothing of people,
// storage or HTTP.
package courses

import (
	"slices"
	"time"
)

// Lang is a language that Melek speaks, as an ISO 639-1 code.
type Lang string

// The languages of every course and page.
const (
	Indonesian Lang = "id"
	English    Lang = "en"
)

// Langs lists the languages in the order in which they are offered.
var Langs = []Lang{Indonesian, English}

// Text is one wording in both languages.
type Text struct {
	ID string `json:"id" yaml:"id"`
	EN string `json:"en" yaml:"en"`
}

// In returns the wording in lang; any language but English is Indonesian.
func (t Text) In(lang Lang) string {
	if lang == English {
		return t.EN
	}
	return t.ID
}

// Pillars lists the content domains that items belong to, in the order of reports.
var Pillars = []string{"cakap", "aman", "budaya", "etika", "layanan", "kota-cerdas"}

// Course is one published version of a course. It is never changed after loading.
type Course struct {
	ID      string
	Version string // names the exact content: other content has another version
	Pillar  string // the pillar of items that name none
	Title   Text
	Summary Text
	Roles   []string // of those whom it is offered to; empty: everybody
	// PassMark is the post-test score, 0 to 100, from which a participant counts as competent.
	PassMark       float64
	MinutesPerItem float64
	Modules        []Module
	Forms          []Form
	Anchors        []string // ids of the items that stand in every form
	Checks         []Check
	Items          map[string]*Item
	// Stale names the parts whose English was not confirmed against the Indonesian as it is now: "course", then
	// modules and items by id.
	Stale []string
	// Pictures are those of the lessons, by file name, which is also what a lesson's text calls them.
	Pictures map[string]Picture
}

// Module is one lesson with its quiz.
type Module struct {
	ID    string
	Title Text
	Goal  Text
	Body  Text     // sanitised HTML
	Quiz  []string // ids of its items
}

// Picture is a drawing of a lesson. It is SVG that neither runs nor fetches anything.
type Picture struct {
	Body          string
	Digest        string // names the content
	Width, Height int
}

// Form is one of the parallel versions of a course's test.
type Form struct {
	ID    string
	Items []string
}

// Check is a statement that the office must verify before it relies on it.
type Check struct {
	Module string
	Note   Text
}

// Module returns the module with the given id and its place, counted from 0.
func (c *Course) Module(id string) (Module, int, error) {
	i := slices.IndexFunc(c.Modules, func(m Module) bool { return m.ID == id })
	if i < 0 {
		return Module{}, 0, Problemf(NotFound, "module.unknown", id)
	}
	return c.Modules[i], i, nil
}

// Form returns the test form with the given id.
func (c *Course) Form(id string) (Form, error) {
	i := slices.IndexFunc(c.Forms, func(f Form) bool { return f.ID == id })
	if i < 0 {
		return Form{}, Problemf(NotFound, "form.unknown", id)
	}
	return c.Forms[i], nil
}

// Item returns the item with the given id.
func (c *Course) Item(id string) (*Item, error) {
	item, ok := c.Items[id]
	if !ok {
		return nil, Problemf(NotFound, "item.unknown", id)
	}
	return item, nil
}

// OfferedTo reports whether the course is meant for people of the role.
func (c *Course) OfferedTo(role string) bool {
	return len(c.Roles) == 0 || slices.Contains(c.Roles, role)
}

// Duration returns how long a test on the form may take.
func (c *Course) Duration(f Form) time.Duration {
	return time.Duration(float64(len(f.Items)) * c.MinutesPerItem * float64(time.Minute))
}

// PillarsOf lists the pillars of the course's test items in the order of Pillars.
func (c *Course) PillarsOf() []string {
	used := map[string]bool{}
	for _, f := range c.Forms {
		for _, id := range f.Items {
			used[c.Items[id].Pillar] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(Pillars), func(p string) bool { return !used[p] })
}
