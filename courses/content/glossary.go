package content

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"melek/courses"
)

//go:embed glossary.csv
var glossaryFile []byte

// Term is a word that not every reader knows, with what it means.
type Term struct {
	ID      string // fit for an address
	Word    courses.Text
	Meaning courses.Text
	// Marked is set where lessons explain the word on the spot; the others are only in the glossary.
	Marked bool
	forms  map[courses.Lang][]string // the ways in which a text writes the word
}

// Glossary is the shipped glossary in the order of its file, which is compiled in and tested.
var Glossary = sync.OnceValue(func() []Term {
	terms, err := ReadGlossary(glossaryFile)
	if err != nil {
		panic(err)
	}
	return terms
})

// ReadGlossary reads a glossary from CSV with the header id_term,en_term,ui_note,mark,id_meaning,en_meaning.
// A word may be followed by its short form in parentheses.
func ReadGlossary(data []byte) ([]Term, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("content: glossary: %w", err)
	}
	var terms []Term
	seen := map[string]bool{}
	for i, row := range rows[min(1, len(rows)):] {
		if len(row) != 6 || row[0] == "" || row[1] == "" || row[4] == "" || row[5] == "" {
			return nil, fmt.Errorf("content: glossary: line %d is not whole in both languages", i+2)
		}
		t := Term{ID: slug(row[0]), Word: courses.Text{ID: row[0], EN: row[1]},
			Meaning: courses.Text{ID: row[4], EN: row[5]}, Marked: row[3] != "",
			forms: map[courses.Lang][]string{courses.Indonesian: forms(row[0]), courses.English: forms(row[1])}}
		if seen[t.ID] {
			return nil, fmt.Errorf("content: glossary: line %d explains %s again", i+2, row[0])
		}
		seen[t.ID] = true
		terms = append(terms, t)
	}
	return terms, nil
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slug(word string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(word), "-"), "-")
}

var withShort = regexp.MustCompile(`^(.+) \((.+)\)$`)

// forms are the ways in which a word is written: in full, and in short where it has a short form.
func forms(word string) []string {
	if parts := withShort.FindStringSubmatch(word); parts != nil {
		return parts[1:]
	}
	return []string{word}
}

// finders find the marked words of each language in a text. The longest words come first, so that none is
// found within another.
var finders = sync.OnceValue(func() map[courses.Lang]finder {
	all := map[courses.Lang]finder{}
	for _, lang := range courses.Langs {
		all[lang] = newFinder(lang)
	}
	return all
})

type finder struct {
	pattern *regexp.Regexp
	terms   map[string]Term // by form in small letters
}

func newFinder(lang courses.Lang) finder {
	f := finder{terms: map[string]Term{}}
	var words []string
	for _, t := range Glossary() {
		for _, form := range t.forms[lang] {
			if t.Marked {
				words = append(words, regexp.QuoteMeta(form))
				f.terms[strings.ToLower(form)] = t
			}
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	plural := ""
	if lang == courses.English {
		plural = "s?"
	}
	f.pattern = regexp.MustCompile(`(?i)\b(` + strings.Join(words, "|") + `)` + plural + `\b`)
	return f
}

// unmarked are the elements in which no word is explained: it would stand in a link or a heading, or in what
// is shown as it is typed.
var unmarked = map[atom.Atom]bool{atom.A: true, atom.Code: true, atom.Pre: true, atom.H2: true, atom.H3: true,
	atom.H4: true, atom.H5: true, atom.H6: true, atom.Th: true}

// Explain goes through the text of a lesson and lets mark write each explained word where it stands first; it
// returns the text and the words in the order in which they were met. What mark returns is taken as HTML.
func Explain(body string, lang courses.Lang, mark func(t Term, word string) string) (string, []Term) {
	f := finders()[lang]
	var out strings.Builder
	var met []Term
	depth := 0
	tokens := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken { // the end: a string cannot fail otherwise
			return out.String(), met
		}
		raw := string(tokens.Raw())
		if kind == html.TextToken && depth == 0 {
			out.WriteString(f.explain(raw, &met, mark))
			continue
		}
		name, _ := tokens.TagName()
		if unmarked[atom.Lookup(name)] {
			switch kind {
			case html.StartTagToken:
				depth++
			case html.EndTagToken:
				depth--
			}
		}
		out.WriteString(raw)
	}
}

// explain marks the words of one piece of text that were not met before.
func (f finder) explain(text string, met *[]Term, mark func(t Term, word string) string) string {
	return f.pattern.ReplaceAllStringFunc(text, func(word string) string {
		t, ok := f.terms[strings.ToLower(word)]
		if !ok {
			t, ok = f.terms[strings.TrimSuffix(strings.ToLower(word), "s")]
		}
		if !ok || slices.ContainsFunc(*met, func(m Term) bool { return m.ID == t.ID }) {
			return word
		}
		*met = append(*met, t)
		return mark(t, word)
	})
}
