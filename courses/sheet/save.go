package sheet

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"melek/courses"
	"melek/courses/content"
)

var errWriting = errors.New("sheet: what was written does not read as what was meant")

// Save returns the files with the sheet written into them; the files that it was read from stay as they
// are. A text that YAML or Markdown cannot keep, which is one that is no UTF-8, is courses.Invalid.
func (s *Sheet) Save(files map[string]string) (map[string]string, error) {
	if !valid(normal(reflect.ValueOf(*s))) {
		return nil, courses.Problemf(courses.Invalid, "draft.text")
	}
	before, err := Read(files)
	if err != nil {
		return nil, err
	}
	out := maps.Clone(files)
	s.saveLessons(out, before)
	for _, way := range []func(){
		func() {
			out[content.CourseFile] = s.splicedCourse(files[content.CourseFile], before)
			out[content.ItemsFile] = s.splicedItems(files[content.ItemsFile], before)
		},
		func() {
			out[content.CourseFile] = render(func(w *writer) { w.course(s) })
			out[content.ItemsFile] = render(func(w *writer) { w.items(s.Items) })
		},
	} {
		way()
		if written, err := Read(out); err == nil && same(s, written) {
			return out, nil
		}
	}
	return nil, errWriting
}

// Files writes a course that has no files yet.
func (s *Sheet) Files() (map[string]string, error) {
	return s.Save(map[string]string{content.CourseFile: "{}\n", content.ItemsFile: "items: []\n"})
}

// valid reports whether every text below a value is UTF-8.
func valid(v any) bool {
	if all, ok := v.([]any); ok {
		return !slices.ContainsFunc(all, func(each any) bool { return !valid(each) })
	}
	text, ok := v.(string)
	return !ok || utf8.ValidString(text)
}

// same reports whether two sheets say the same.
func same(a, b *Sheet) bool {
	bare := func(s *Sheet) Sheet {
		c := *s
		c.Items = slices.Clone(s.Items)
		for i := range c.Items {
			c.Items[i].at = 0
		}
		return c
	}
	x, y := bare(a), bare(b)
	return reflect.DeepEqual(normal(reflect.ValueOf(x)), normal(reflect.ValueOf(y)))
}

// normal is the value with empty lists as none, and texts without the space around them, which no course has.
func normal(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Slice:
		var all []any
		for i := range v.Len() {
			all = append(all, normal(v.Index(i)))
		}
		return all
	case reflect.Struct:
		var all []any
		for i := range v.NumField() {
			all = append(all, normal(v.Field(i)))
		}
		return all
	case reflect.Int:
		return v.Int()
	}
	return strings.TrimSpace(content.Plain(v.String()))
}

// saveLessons writes the modules' texts under the names that go with their places.
func (s *Sheet) saveLessons(out map[string]string, before *Sheet) {
	each := func(s *Sheet, fn func(name, text string)) {
		for i, m := range s.Modules {
			for _, lang := range courses.Langs {
				fn(content.LessonFile(i+1, m.ID, lang), m.Text.In(lang))
			}
		}
	}
	each(before, func(name, _ string) { delete(out, name) })
	each(s, func(name, text string) {
		if text = content.Plain(text); text != "" {
			out[name] = text
		}
	})
}

// splicedCourse is course.yaml with the fields that differ written anew.
func (s *Sheet) splicedCourse(file string, before *Sheet) string {
	root, err := content.Tree(content.CourseFile, file)
	values, ok := root.(ast.MapNode)
	if err != nil || !ok {
		return ""
	}
	var starts []int
	at := map[string]int{} // place of a field from 1
	for each := values.MapRange(); each.Next(); {
		starts = append(starts, each.Key().GetToken().Position.Line)
		at[each.Key().GetToken().Value] = len(starts)
	}
	blocks := cut(file, starts)
	last := 0
	for _, f := range courseFields {
		now := render(func(w *writer) { f.write(w, s) })
		place, there := at[f.name]
		switch {
		case now == render(func(w *writer) { f.write(w, before) }):
		case there:
			blocks[place].body = now
		default:
			blocks[last].body += now
		}
		if there {
			last = place
		}
	}
	return joined(blocks)
}

// splicedItems is items.yaml with the items that differ written anew.
func (s *Sheet) splicedItems(file string, before *Sheet) string {
	root, err := content.Tree(content.ItemsFile, file)
	if err != nil {
		return ""
	}
	sequence, ok := fields(root)["items"].(*ast.SequenceNode)
	if !ok || sequence.IsFlowStyle || len(sequence.Entries) == 0 {
		return ""
	}
	var starts []int
	for _, entry := range sequence.Entries {
		starts = append(starts, entry.Start.Position.Line)
	}
	blocks := cut(file, starts)
	old := blocks[1:]
	out := blocks[:1:1]
	for _, it := range s.Items {
		b := block{}
		if it.at > 0 {
			b = old[it.at-1]
			old[it.at-1] = block{}
		}
		if it.at == 0 || !reflect.DeepEqual(before.Items[it.at-1], it) {
			b.body = render(func(w *writer) {
				w.indent = strings.Repeat(" ", sequence.Start.Position.Column-1)
				w.entryHere(func() { w.item(it) })
			})
		}
		out = append(out, b)
	}
	return joined(out) + leads(old)
}

// leads are the comments of what was taken away: they may speak of more than that.
func leads(blocks []block) string {
	var b strings.Builder
	for _, each := range blocks {
		b.WriteString(each.lead)
	}
	return b.String()
}

// block is a part of a file that is written as a whole: the comments before it, and its lines.
type block struct{ lead, body string }

// cut cuts a file into what stands before the first start, and a block from each start, which are lines
// from 1.
func cut(file string, starts []int) []block {
	lines := strings.SplitAfter(content.Plain(file), "\n")
	if last := len(lines) - 1; lines[last] != "" {
		lines[last] += "\n"
	}
	blocks := make([]block, 1, len(starts)+1)
	from := 0
	add := func(to int) {
		to = max(from, min(to, len(lines)))
		body := to
		if len(blocks) > 1 { // comments before the first start are the file's own
			for body > from && isComment(lines[body-1]) {
				body--
			}
		}
		blocks[len(blocks)-1].body = strings.Join(lines[from:body], "")
		blocks = append(blocks, block{lead: strings.Join(lines[body:to], "")})
		from = to
	}
	for _, start := range starts {
		add(start - 1)
	}
	blocks[len(blocks)-1].body = strings.Join(lines[from:], "")
	return blocks
}

func isComment(line string) bool {
	bare := strings.TrimSpace(line)
	return bare == "" || strings.HasPrefix(bare, "#")
}

func joined(blocks []block) string {
	var b strings.Builder
	for _, each := range blocks {
		b.WriteString(each.lead + each.body)
	}
	return b.String()
}
