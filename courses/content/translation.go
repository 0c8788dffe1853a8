package content

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"melek/courses"
	"melek/courses/store"
)

// TranslationsFile says against which Indonesian text each English one was confirmed. It is a part of the
// course like any other file, so that a confirmation reaches every node that the course reaches.
const TranslationsFile = "translations.yaml"

const translationsHead = `# The Indonesian text that each English text was confirmed against, as
# 12 digits of its SHA-256. A part whose Indonesian has changed since is
# stale until somebody has compared the two and run
# melek check --confirm FOLDER
`

// coursePart is what is neither a module's nor an item's: title, summary and checks.
const coursePart = "course"

// part is a piece of a course that is translated as a whole.
type part struct {
	section string // course, modules or items
	id      string
	digest  string // of its Indonesian
}

// parts lists what is translated: the course, its modules in order, its items by id.
func (r *reading) parts() []part {
	c := r.course
	own := []string{c.Title.ID, c.Summary.ID}
	for _, check := range c.Checks {
		own = append(own, check.Module, check.Note.ID)
	}
	all := []part{{coursePart, coursePart, digest(own...)}}
	for i, m := range c.Modules {
		text := r.source.Files[lessonFile(i+1, m.ID, courses.Indonesian)]
		all = append(all, part{"modules", m.ID, digest(m.Goal.ID, plain(text))})
	}
	for _, id := range slices.Sorted(maps.Keys(r.items)) {
		it := r.items[id].item
		texts := []string{it.Stem.ID, it.Unit.ID, it.Why.ID}
		for _, o := range slices.Concat(it.Options, it.Targets) {
			texts = append(texts, o.ID, o.Text.ID, o.Why.ID)
		}
		all = append(all, part{"items", id, digest(texts...)})
	}
	return all
}

func digest(texts ...string) string {
	sum := sha256.New()
	for _, text := range texts {
		_, _ = fmt.Fprintf(sum, "%d\x00%s", len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// confirmed reads the digests that were confirmed, by section and id. What is no digest confirms nothing, and
// what belongs to no part any more is passed over.
func (r *reading) confirmed() map[part]bool {
	known := map[part]bool{}
	if _, ok := r.source.Files[TranslationsFile]; !ok {
		return known
	}
	s, root, ok := r.open(TranslationsFile)
	if !ok {
		return known
	}
	m, ok := s.mapping(root, "the file", coursePart, "modules", "items")
	if !ok {
		return known
	}
	if m.has(coursePart) {
		known[part{coursePart, coursePart, m.maybe(coursePart).text}] = true
	}
	for _, section := range []string{"modules", "items"} {
		if !m.has(section) {
			continue
		}
		ids, ok := m.fields[section].(ast.MapNode)
		if !ok {
			m.find(lineOf(m.fields[section]), section+" has no fields", "write it as lines of id: digest")
			continue
		}
		for each := ids.MapRange(); each.Next(); {
			if text, ok := scalar(each.Value()); ok {
				known[part{section, each.Key().GetToken().Value, text}] = true
			}
		}
	}
	return known
}

// findStale lists the parts whose English was not confirmed against the Indonesian as it is now.
func (r *reading) findStale() {
	known := r.confirmed()
	for _, p := range r.parts() {
		if !known[p] {
			r.course.Stale = append(r.course.Stale, p.id)
		}
	}
}

// Confirm returns what translations.yaml of the course in the folder dir must hold once the English of the
// named parts, or of all where none is named, was compared with the Indonesian. A name that no part has is an
// error, and so is a course that is not fit to be taught.
func Confirm(source store.CourseSource, only ...string) (string, error) {
	r := reading{source: source, course: &courses.Course{}}
	if _, err := r.read(); err != nil {
		return "", err
	}
	all, known := r.parts(), r.confirmed()
	for _, id := range only {
		if !slices.ContainsFunc(all, func(p part) bool { return p.id == id }) {
			return "", fmt.Errorf("content: course %q has no part %q", r.course.ID, id)
		}
	}
	var b strings.Builder
	b.WriteString(translationsHead)
	section := ""
	for _, p := range all {
		if p.digest = settled(p, known, only); p.digest == "" {
			continue
		}
		if p.section == coursePart {
			fmt.Fprintf(&b, "%s: \"%s\"\n", coursePart, p.digest)
			continue
		}
		if p.section != section {
			section = p.section
			fmt.Fprintf(&b, "%s:\n", section)
		}
		fmt.Fprintf(&b, "  %s: \"%s\"\n", p.id, p.digest)
	}
	return b.String(), nil
}

// settled is the digest that stands after a confirmation: the new one of what was confirmed, else the one
// that stood before; none where there was none.
func settled(p part, known map[part]bool, only []string) string {
	if len(only) == 0 || slices.Contains(only, p.id) {
		return p.digest
	}
	for k := range known {
		if k.section == p.section && k.id == p.id {
			return k.digest
		}
	}
	return ""
}
