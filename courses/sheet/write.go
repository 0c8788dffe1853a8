package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"melek/courses"
)

// writer writes YAML in the canonical form. Fields that hold nothing are left out.
type writer struct {
	b      strings.Builder
	indent string
	dash   bool // the next line begins an entry of a list
}

// render is what fn writes.
func render(fn func(w *writer)) string {
	var w writer
	fn(&w)
	return w.b.String()
}

func (w *writer) line(parts ...string) {
	indent := w.indent
	if w.dash {
		indent, w.dash = indent[:len(indent)-2]+"- ", false
	}
	w.b.WriteString(indent + strings.Join(parts, "") + "\n")
}

// within writes what fn writes two columns further in.
func (w *writer) within(fn func()) {
	before := w.indent
	w.indent += "  "
	fn()
	w.indent = before
}

// entry writes one entry of a list, its dash two columns further in.
func (w *writer) entry(fn func()) { w.within(func() { w.entryHere(fn) }) }

func (w *writer) entryHere(fn func()) {
	w.within(func() {
		w.dash = true
		fn()
		if w.dash { // nothing is known of it
			w.line("{}")
		}
	})
}

func (w *writer) word(name, value string) {
	if value != "" {
		w.line(name, ": ", plain(value))
	}
}

// quoted writes a field that is prose.
func (w *writer) quoted(name, value string) {
	if value != "" {
		w.line(name, ": ", quote(value))
	}
}

// text writes a wording on a line for each language.
func (w *writer) text(name string, t courses.Text) {
	if t == (courses.Text{}) {
		return
	}
	w.line(name, ":")
	w.within(func() {
		w.quoted("id", t.ID)
		w.quoted("en", t.EN)
	})
}

// short writes a wording on one line.
func (w *writer) short(name string, t courses.Text) {
	var parts []string
	if t.ID != "" {
		parts = append(parts, "id: "+quote(t.ID))
	}
	if t.EN != "" {
		parts = append(parts, "en: "+quote(t.EN))
	}
	if len(parts) > 0 {
		w.line(name, ": {", strings.Join(parts, ", "), "}")
	}
}

func (w *writer) words(name string, values []string) {
	if len(values) == 0 {
		return
	}
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = plain(v)
	}
	w.line(name, ": [", strings.Join(all, ", "), "]")
}

// number writes a field that is a number, or whatever else stands there.
func (w *writer) number(name, value string) {
	if _, err := strconv.ParseFloat(value, 64); err == nil && numberForm.MatchString(value) {
		w.line(name, ": ", value)
		return
	}
	w.quoted(name, value)
}

var numberForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// courseFields are the fields of course.yaml in order, and what writes each.
var courseFields = []struct {
	name  string
	write func(w *writer, s *Sheet)
}{
	{"id", func(w *writer, s *Sheet) { w.word("id", s.ID) }},
	{"pillar", func(w *writer, s *Sheet) { w.word("pillar", s.Pillar) }},
	{"title", func(w *writer, s *Sheet) { w.text("title", s.Title) }},
	{"summary", func(w *writer, s *Sheet) { w.text("summary", s.Summary) }},
	{"pass_mark", func(w *writer, s *Sheet) { w.number("pass_mark", s.PassMark) }},
	{"minutes_per_item", func(w *writer, s *Sheet) { w.number("minutes_per_item", s.MinutesPerItem) }},
	{"modules", func(w *writer, s *Sheet) { w.modules(s.Modules) }},
	{"anchors", func(w *writer, s *Sheet) { w.words("anchors", s.Anchors) }},
	{"forms", func(w *writer, s *Sheet) { w.forms(s.Forms) }},
	{"check", func(w *writer, s *Sheet) { w.checks(s.Checks) }},
}

// course writes the whole of course.yaml.
func (w *writer) course(s *Sheet) {
	for _, f := range courseFields {
		f.write(w, s)
	}
	if w.b.Len() == 0 {
		w.line("{}")
	}
}

// particulars writes what belongs to the course as a whole.
func (w *writer) particulars(s *Sheet) {
	for _, f := range courseFields {
		if f.name != "modules" {
			f.write(w, s)
		}
	}
}

func (w *writer) modules(all []Module) {
	if len(all) == 0 {
		return
	}
	w.line("modules:")
	for _, m := range all {
		w.entry(func() {
			w.word("id", m.ID)
			w.text("goal", m.Goal)
			w.words("quiz", m.Quiz)
		})
	}
}

func (w *writer) forms(all []courses.Form) {
	if len(all) == 0 {
		return
	}
	w.line("forms:")
	for _, f := range all {
		w.entry(func() {
			w.word("id", f.ID)
			w.words("items", f.Items)
		})
	}
}

func (w *writer) checks(all []courses.Check) {
	if len(all) == 0 {
		return
	}
	w.line("check:")
	for _, c := range all {
		w.entry(func() {
			w.word("module", c.Module)
			w.text("note", c.Note)
		})
	}
}

// items writes the whole of items.yaml.
func (w *writer) items(all []Item) {
	if len(all) == 0 {
		w.line("items: []")
		return
	}
	w.line("items:")
	for _, it := range all {
		w.entry(func() { w.item(it) })
	}
}

func (w *writer) item(it Item) {
	w.word("id", it.ID)
	w.word("fact", it.Fact)
	if it.Type != impliedType(it.Key) {
		w.word("type", string(it.Type))
	}
	w.word("pillar", it.Pillar)
	w.text("stem", it.Stem)
	w.options("options", it.Options)
	w.options("targets", it.Targets)
	w.key(it)
	w.number("tolerance", it.Tolerance)
	w.short("unit", it.Unit)
	w.text("why", it.Why)
	w.quoted("withdrawn", it.Withdrawn)
}

func (w *writer) options(name string, all []courses.Option) {
	if len(all) == 0 {
		return
	}
	w.line(name, ":")
	for _, o := range all {
		w.entry(func() {
			w.word("id", o.ID)
			w.short("text", o.Text)
			w.short("why", o.Why)
		})
	}
}

// key writes one answer as it is, and several as a list.
func (w *writer) key(it Item) {
	switch {
	case len(it.Key) == 1 && it.Type == courses.Number:
		w.number("key", it.Key[0])
	case len(it.Key) == 1 && slices.Contains(oneKeyed, it.Type):
		w.word("key", it.Key[0])
	default:
		w.words("key", it.Key)
	}
}

// oneKeyed are the types whose key is one word.
var oneKeyed = []courses.ItemType{courses.Single, courses.TrueFalse, courses.Number}

// plainForm are words that need no quotation marks in YAML, but for those that mean something else there.
var plainForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*([-./][A-Za-z0-9]+)*$`)

var spoken = []string{"null", "yes", "no", "on", "off", "y", "n"}

func plain(s string) string {
	if plainForm.MatchString(s) && !slices.Contains(spoken, strings.ToLower(s)) {
		return s
	}
	return quote(s)
}

// quote writes a text between double quotes; the escapes of Go are also those of YAML.
func quote(s string) string { return strconv.Quote(s) }
