// Package bank carries items between Melek and the item banks of other systems: GIFT, Moodle XML, QTI. What
// it takes from a file it lists item by item, with what was changed or left out and why; it never believes
// what a file says of its own size or depth. It decides nothing about a course, keeps nothing and fetches
// nothing that a file refers to.
package bank

import (
	"slices"

	"melek/courses"
)

// What a file may amount to. The whole shipped curriculum is a tenth of it.
const (
	MaxBytes    = 20 << 20 // also of a package once it is unpacked
	mostItems   = 5000
	mostOptions = 60
	mostNotes   = 30     // on one item
	mostText    = 10_000 // characters of one wording
)

// Bank is a set of items on their way between systems.
type Bank struct {
	Title string
	Items []Entry
}

// Entry is an item and the name of the group in which it is filed: a module, or the tests.
type Entry struct {
	courses.Item
	Group string
}

// Fate says what became of an item of a file.
type Fate int

// The fates of items.
const (
	Taken   Fate = iota + 1 // as it was, or with what the item's other notes say
	Changed                 // taken, but for this
	LeftOut
)

// Note is one line of the list of what became of a file.
type Note struct {
	File   string // within a package; empty where the file is all there is
	Line   int    // 0 where it is about the whole file
	Item   string // what the file or, once taken, Melek calls it
	Fate   Fate
	Reason error // a courses.Problem; nil for what was taken
}

// Haul is what was got out of a file.
type Haul struct {
	Bank
	Notes []Note
}

// Count returns how many notes are of the fate.
func (h *Haul) Count(fate Fate) int {
	n := 0
	for _, note := range h.Notes {
		if note.Fate == fate {
			n++
		}
	}
	return n
}

// testGroup is where the items of test forms are filed.
const testGroup = "test"

// Of returns the items of a course in teaching order: those of its quizzes and, where tests is set, those of
// its test forms. What was withdrawn stays at home.
func Of(c *courses.Course, tests bool) Bank {
	b := Bank{Title: c.ID}
	seen := map[string]bool{}
	add := func(group string, ids []string) {
		for _, id := range ids {
			it := c.Items[id]
			if it == nil || it.Withdrawn != "" || seen[id] {
				continue
			}
			seen[id] = true
			b.Items = append(b.Items, Entry{*it, group})
		}
	}
	for _, m := range c.Modules {
		add(m.ID, m.Quiz)
	}
	if tests {
		for _, f := range c.Forms {
			add(testGroup, f.Items)
		}
	}
	return b
}

// groups lists the groups in the order in which they first come.
func (b Bank) groups() []string {
	var all []string
	for _, e := range b.Items {
		if !slices.Contains(all, e.Group) {
			all = append(all, e.Group)
		}
	}
	return all
}

// bilingual reports whether the item tells its languages apart.
func bilingual(it *courses.Item) bool { return it.Stem.ID != "" && it.Stem.EN != "" }

// texts gives every wording of the item.
func texts(it *courses.Item) []*courses.Text {
	all := []*courses.Text{&it.Stem, &it.Unit, &it.Why}
	for i := range it.Options {
		all = append(all, &it.Options[i].Text, &it.Options[i].Why)
	}
	for i := range it.Targets {
		all = append(all, &it.Targets[i].Text)
	}
	return all
}

// missing reports whether the item lacks, in the language, a wording that its other language has.
func missing(it *courses.Item, lang courses.Lang) bool {
	return slices.ContainsFunc(texts(it), func(t *courses.Text) bool {
		return t.In(lang) == "" && *t != courses.Text{}
	})
}

func put(t *courses.Text, lang courses.Lang, wording string) {
	if lang == courses.English {
		t.EN = wording
	} else {
		t.ID = wording
	}
}

func other(lang courses.Lang) courses.Lang {
	if lang == courses.English {
		return courses.Indonesian
	}
	return courses.English
}
