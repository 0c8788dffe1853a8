package sheet

import (
	"fmt"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/content"
)

// Difference is a part in which two sheets differ.
type Difference struct {
	Part    Part
	File    string // where it is written
	Was, Is bool   // whether the first and the second sheet have the part
	Changes []Change
}

// Change is a field that differs.
type Change struct {
	Field string // as course.yaml and items.yaml name it; an option's is "option" or "option_why"
	Of    string // the id of the option, target or form, or the number of the check
	ID    []Piece
	EN    []Piece
	Both  []Piece // of what is the same in every language
}

// field is one value of a part.
type field struct {
	name, of string
	lang     courses.Lang // empty: of every language
	value    string
}

type fieldList []field

func (l *fieldList) add(name, of, value string) { *l = append(*l, field{name, of, "", value}) }

func (l *fieldList) text(name, of string, t courses.Text) {
	for _, lang := range courses.Langs {
		*l = append(*l, field{name, of, lang, t.In(lang)})
	}
}

func ids(list []string) string { return strings.Join(list, ", ") }

func (s *Sheet) particulars() fieldList {
	var l fieldList
	l.text("title", "", s.Title)
	l.text("summary", "", s.Summary)
	l.add("pillar", "", s.Pillar)
	l.add("pass_mark", "", s.PassMark)
	l.add("minutes_per_item", "", s.MinutesPerItem)
	var modules []string
	for _, m := range s.Modules {
		modules = append(modules, m.ID)
	}
	l.add("modules", "", ids(modules))
	l.add("anchors", "", ids(s.Anchors))
	for _, f := range s.Forms {
		l.add("form", f.ID, ids(f.Items))
	}
	for i, c := range s.Checks {
		l.add("check_module", fmt.Sprint(i+1), c.Module)
		l.text("check", fmt.Sprint(i+1), c.Note)
	}
	return l
}

func (m Module) fields() fieldList {
	var l fieldList
	l.text("goal", "", m.Goal)
	l.add("quiz", "", ids(m.Quiz))
	l.text("text", "", m.Text)
	return l
}

func (it Item) fields() fieldList {
	var l fieldList
	l.add("type", "", string(it.Type))
	l.add("fact", "", it.Fact)
	l.add("pillar", "", it.Pillar)
	l.text("stem", "", it.Stem)
	l.add("options", "", ids(optionIDs(it.Options)))
	for _, o := range it.Options {
		l.text("option", o.ID, o.Text)
		l.text("option_why", o.ID, o.Why)
	}
	for _, o := range it.Targets {
		l.text("target", o.ID, o.Text)
	}
	l.add("key", "", ids(it.Key))
	l.add("tolerance", "", it.Tolerance)
	l.text("unit", "", it.Unit)
	l.text("why", "", it.Why)
	l.add("withdrawn", "", it.Withdrawn)
	return l
}

func optionIDs(options []courses.Option) []string {
	all := make([]string, len(options))
	for i, o := range options {
		all[i] = o.ID
	}
	return all
}

// section is a part of a sheet with its fields.
type section struct {
	part   Part
	file   string
	fields fieldList
}

func (s *Sheet) sections() []section {
	if s == nil {
		return nil
	}
	all := []section{{Part{Kind: PartCourse}, content.CourseFile, s.particulars()}}
	for i, m := range s.Modules {
		name := strings.TrimSuffix(content.LessonFile(i+1, m.ID, courses.Indonesian), ".id.md")
		all = append(all, section{Part{PartModule, m.ID}, name, m.fields()})
	}
	for _, it := range s.Items {
		all = append(all, section{Part{PartItem, it.ID}, content.ItemsFile, it.fields()})
	}
	return all
}

// Compare lists what is different in the second sheet, part by part in its order; what it lacks comes last.
// No sheet at all has no parts.
func Compare(first, second *Sheet) []Difference {
	before, after := first.sections(), second.sections()
	find := func(all []section, p Part) int {
		return slices.IndexFunc(all, func(s section) bool { return s.part == p })
	}
	var found []Difference
	add := func(d Difference, was, is fieldList) {
		if d.Changes = compare(was, is); len(d.Changes) > 0 {
			found = append(found, d)
		}
	}
	for _, now := range after {
		i := find(before, now.part)
		d := Difference{Part: now.part, File: now.file, Is: true, Was: i >= 0}
		if i < 0 {
			add(d, nil, now.fields)
		} else {
			add(d, before[i].fields, now.fields)
		}
	}
	for _, old := range before {
		if find(after, old.part) < 0 {
			add(Difference{Part: old.part, File: old.file, Was: true}, old.fields, nil)
		}
	}
	return found
}

// CompareItem lists what is different in the second item; nil is one that is not there.
func CompareItem(first, second *Item) []Change {
	var was, is fieldList
	if first != nil {
		was = first.fields()
	}
	if second != nil {
		is = second.fields()
	}
	return compare(was, is)
}

func compare(was, is fieldList) []Change {
	value := func(l fieldList, f field) string {
		i := slices.IndexFunc(l, func(g field) bool { return g.name == f.name && g.of == f.of && g.lang == f.lang })
		if i < 0 {
			return ""
		}
		return l[i].value
	}
	var changes []Change
	seen := map[field]bool{}
	for _, f := range slices.Concat(is, was) {
		key := field{name: f.name, of: f.of, lang: f.lang}
		old, now := value(was, f), value(is, f)
		if seen[key] || old == now {
			continue
		}
		seen[key] = true
		n := len(changes)
		if n == 0 || changes[n-1].Field != f.name || changes[n-1].Of != f.of {
			changes = append(changes, Change{Field: f.name, Of: f.of})
			n++
		}
		c := &changes[n-1]
		switch f.lang {
		case courses.Indonesian:
			c.ID = Words(old, now)
		case courses.English:
			c.EN = Words(old, now)
		default:
			c.Both = Words(old, now)
		}
	}
	return changes
}
