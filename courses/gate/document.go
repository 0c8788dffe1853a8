package gate

import (
	"fmt"
	"strings"

	"melek/courses"
)

// Document is the report on the courses as Markdown: how much they are, how hard they are to read, and what
// waits to be confirmed. The same courses give the same document.
func Document(all []*courses.Course) string {
	var b strings.Builder
	b.WriteString(`# The courses in figures

Made by ` + "`go run ./app check --report`" + `; a test holds it in step with the courses.
Words, sentences and letters are counted in the lessons, Indonesian / English; headings and cells count as
sentences. A participant who left school after SMP should manage a mean of 12 words a sentence in Indonesian
and 14 in English; no sentence anywhere in a course has more than 20 and 25 words. Stale are the parts whose
English was not confirmed against the Indonesian as it is now.

| Course | Modules | Words | Quiz items | Test items | Forms | Checks | Stale |
|---|--:|--:|--:|--:|--:|--:|--:|
`)
	var sum figures
	for _, c := range all {
		f := figuresOf(c)
		fmt.Fprintf(&b, "| %s (`%s`) %s", c.Title.EN, c.ID, f.cells())
		sum.add(f)
	}
	fmt.Fprintf(&b, "| All %s", sum.cells())
	for _, c := range all {
		if len(c.Modules) > 0 {
			modules(&b, c)
		}
	}
	types(&b, all)
	return b.String()
}

// figures are the sums of a course.
type figures struct {
	modules, quiz, test, forms, checks, stale int
	words                                     [2]int // by language
}

func figuresOf(c *courses.Course) figures {
	f := figures{modules: len(c.Modules), forms: len(c.Forms), checks: len(c.Checks), stale: len(c.Stale)}
	for _, m := range c.Modules {
		f.quiz += len(m.Quiz)
		for i, lang := range courses.Langs {
			f.words[i] += LevelOf(m.Body.In(lang)).Words
		}
	}
	f.test = len(c.Items) - f.quiz
	return f
}

func (f *figures) add(g figures) {
	f.modules, f.quiz, f.test = f.modules+g.modules, f.quiz+g.quiz, f.test+g.test
	f.forms, f.checks, f.stale = f.forms+g.forms, f.checks+g.checks, f.stale+g.stale
	for i := range f.words {
		f.words[i] += g.words[i]
	}
}

func (f figures) cells() string {
	return fmt.Sprintf("| %d | %d / %d | %d | %d | %d | %d | %d |\n", f.modules, f.words[0], f.words[1], f.quiz,
		f.test, f.forms, f.checks, f.stale)
}

// modules writes how hard the modules of a course are to read.
func modules(b *strings.Builder, c *courses.Course) {
	fmt.Fprintf(b, "\n## %s\n\n| Module | Words | Words a sentence | Longest sentence | Letters a word |\n"+
		"|---|--:|--:|--:|--:|\n", c.Title.EN)
	for _, m := range c.Modules {
		id, en := LevelOf(m.Body.ID), LevelOf(m.Body.EN)
		fmt.Fprintf(b, "| %s | %d / %d | %.1f / %.1f | %d / %d | %.1f / %.1f |\n", m.Title.EN, id.Words, en.Words,
			id.Mean, en.Mean, id.Longest, en.Longest, id.Letters, en.Letters)
	}
	if len(c.Stale) > 0 {
		fmt.Fprintf(b, "\nStale: %s.\n", strings.Join(c.Stale, ", "))
	}
}

// types writes how often each type of item is used.
func types(b *strings.Builder, all []*courses.Course) {
	count := map[courses.ItemType]int{}
	for _, c := range all {
		for _, it := range c.Items {
			count[it.Type]++
		}
	}
	b.WriteString("\n## Types of items\n\n| Type | Items |\n|---|--:|\n")
	for _, t := range courses.ItemTypes {
		if count[t] > 0 {
			fmt.Fprintf(b, "| `%s` | %d |\n", t, count[t])
		}
	}
}
