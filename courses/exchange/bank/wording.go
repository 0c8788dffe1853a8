package bank

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"melek/courses"
)

// tidy returns a text as Melek writes it: one line without signs that steer a terminal or a page. Hard spaces
// stay, since authors put them between «Rp» and its number.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !strings.ContainsRune(space, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune(space, r)
	}), " "))
}

const space = " \t\n\r\f\v"

// phrase is a wording under reading, in one language or in both.
type phrase struct {
	id, en  strings.Builder
	spans   []string // the language of each open element, "" for both
	hush    int      // how many open elements are not for readers
	spanned bool     // its languages were told apart
	lost    []string // keys of what a page of Melek would not show
}

func (p *phrase) lang() string {
	if len(p.spans) == 0 {
		return ""
	}
	return p.spans[len(p.spans)-1]
}

func (p *phrase) text(s string) {
	if p.hush > 0 {
		return
	}
	if lang := p.lang(); lang == "" || lang == string(courses.Indonesian) {
		p.id.WriteString(s)
	}
	if lang := p.lang(); lang == "" || lang == string(courses.English) {
		p.en.WriteString(s)
	}
}

func (p *phrase) lose(key string) {
	if !slices.Contains(p.lost, key) {
		p.lost = append(p.lost, key)
	}
}

// silent elements hold nothing for readers; blocks stand on lines of their own.
var (
	silent = []string{"script", "style", "head", "template", "noscript", "title", "textarea", "select"}
	blocks = []string{"p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "td", "th", "tr", "table", "pre",
		"hr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "figure", "figcaption",
		"prompt"}
	losses = map[string]string{"img": "bank.picture", "svg": "bank.picture", "audio": "bank.media",
		"video": "bank.media", "iframe": "bank.media", "object": "bank.media", "embed": "bank.media",
		"table": "bank.table", "math": "bank.formula", "sup": "bank.formula", "sub": "bank.formula"}
)

// open begins an element; attr returns its attributes. An element without an end is closed at once.
func (p *phrase) open(name string, attr func(string) string, empty bool) {
	if key, ok := losses[name]; ok && p.hush == 0 {
		p.lose(key)
	}
	if slices.Contains(blocks, name) {
		p.text(" ")
	}
	if name == "img" {
		p.text(" " + attr("alt") + " ")
	}
	if empty {
		return
	}
	if slices.Contains(silent, name) {
		p.hush++
	}
	lang := p.lang()
	if name == "span" && slices.Contains(strings.Fields(attr("class")), "multilang") {
		lang, _, _ = strings.Cut(strings.ToLower(attr("lang")), "-")
		p.spanned = true
		if lang != string(courses.Indonesian) && lang != string(courses.English) {
			p.lose("bank.language")
		}
	}
	if name == "span" {
		p.spans = append(p.spans, lang)
	}
}

func (p *phrase) close(name string) {
	if slices.Contains(silent, name) && p.hush > 0 {
		p.hush--
	}
	if name == "span" && len(p.spans) > 0 {
		p.spans = p.spans[:len(p.spans)-1]
	}
	if slices.Contains(blocks, name) {
		p.text(" ")
	}
}

// wording returns the text in both languages; where they were not told apart they are the same.
func (p *phrase) wording() courses.Text {
	return courses.Text{ID: tidy(p.id.String()), EN: tidy(p.en.String())}
}

// fromHTML reads a text that may hold HTML. Signs that only look like HTML, as in «a <b or c», stay.
func fromHTML(source string) *phrase {
	p := &phrase{}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case html.ErrorToken:
			p.text(raw)
			return p
		case html.TextToken:
			p.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			t := z.Token()
			switch {
			case t.DataAtom == 0 && t.Data != "svg" && t.Data != "lang":
				p.text(html.UnescapeString(raw))
			case kind == html.EndTagToken:
				p.close(t.Data)
			default:
				p.open(t.Data, attributes(t), kind == html.SelfClosingTagToken || void[t.DataAtom])
			}
		}
	}
}

var void = map[atom.Atom]bool{atom.Img: true, atom.Br: true, atom.Hr: true, atom.Input: true, atom.Col: true,
	atom.Embed: true, atom.Source: true, atom.Track: true, atom.Link: true, atom.Meta: true, atom.Wbr: true}

func attributes(t html.Token) func(string) string {
	return func(name string) string {
		for _, a := range t.Attr {
			if a.Key == name {
				return a.Val
			}
		}
		return ""
	}
}

// toHTML writes a wording for a page of Moodle. A bilingual item marks each language, so that its filter
// shows one of them.
func toHTML(t courses.Text, both bool) string {
	if !both {
		return html.EscapeString(t.ID + t.EN)
	}
	var b strings.Builder
	for _, lang := range courses.Langs {
		if s := t.In(lang); s != "" {
			b.WriteString(`<span lang="` + string(lang) + `" class="multilang">` + html.EscapeString(s) + `</span>`)
		}
	}
	return b.String()
}
