package content

import (
	"bytes"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"melek/courses"
)

// markdown knows tables and nothing else beyond the standard. Alignment is an attribute, since pages allow
// no style.
var markdown = goldmark.New(goldmark.WithExtensions(
	extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))))

// pagePolicy lets through what a lesson is made of. It is the second fence: what it would take away has
// been found before, or was never made.
var pagePolicy = newPagePolicy()

func newPagePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "strong", "em", "code", "pre", "blockquote",
		"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("src").Matching(pictureName).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("img")
	p.AllowAttrs("loading").Matching(regexp.MustCompile("^lazy$")).OnElements("img")
	p.AllowAttrs("href").Matching(regexp.MustCompile("^(?:https?|mailto):")).OnElements("a")
	p.AllowStandardURLs()
	p.AllowRelativeURLs(true) // of pictures; an address of a link begins with its scheme
	return p
}

var lessonName = regexp.MustCompile(`^([0-9]{2})-(.+)\.(id|en)\.md$`)

func lessonFile(place int, module string, lang courses.Lang) string {
	return fmt.Sprintf("%02d-%s.%s.md", place, module, lang)
}

// readLessons reads the text of each module in each language, and finds files that are no module's text.
func (r *reading) readLessons() {
	r.shown = map[string]bool{}
	misnamed := r.strayFiles()
	for i := range r.course.Modules {
		m := &r.course.Modules[i]
		for _, lang := range courses.Langs {
			name := lessonFile(i+1, m.ID, lang)
			source, ok := r.source.Files[name]
			switch {
			case ok:
				title, body := r.readLesson(name, []byte(source))
				put(&m.Title, lang, title)
				put(&m.Body, lang, body)
			case !misnamed[name]:
				r.find(courseFile, r.moduleLines[i], "module "+m.ID+" has no text in "+langNames[lang], "add "+name)
			}
		}
	}
}

func put(t *courses.Text, lang courses.Lang, wording string) {
	if lang == courses.English {
		t.EN = wording
	} else {
		t.ID = wording
	}
}

// strayFiles finds the files that are no module's text and returns the right names of those that bear a
// wrong number.
func (r *reading) strayFiles() map[string]bool {
	misnamed := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(r.source.Files)) {
		if name == courseFile || name == itemsFile || name == TranslationsFile || strings.HasSuffix(name, ".svg") {
			continue
		}
		var module, lang string
		if parts := lessonName.FindStringSubmatch(name); parts != nil {
			module, lang = parts[2], parts[3]
		}
		_, place, err := r.course.Module(module)
		if err != nil {
			r.find(name, 1, "belongs to no module", "name it NN-<module>.id.md or NN-<module>.en.md, or remove it")
			continue
		}
		if right := lessonFile(place+1, module, courses.Lang(lang)); right != name {
			r.find(name, 1, fmt.Sprintf("belongs to module number %d", place+1), "rename it to "+right)
			misnamed[right] = true
		}
	}
	return misnamed
}

// readLesson returns the title of a module, which is the text's first heading, and the rest as sanitised
// HTML.
func (r *reading) readLesson(name string, source []byte) (title, body string) {
	doc := markdown.Parser().Parse(text.NewReader(source))
	heading, ok := doc.FirstChild().(*ast.Heading)
	if !ok || heading.Level != 1 {
		r.find(name, 1, "does not begin with a title", "write the first line as # Title of the module")
		return "", ""
	}
	doc.RemoveChild(doc, heading)
	title = html.UnescapeString(bluemonday.StrictPolicy().Sanitize(render(heading, source)))
	if title = strings.TrimSpace(title); title == "" {
		r.find(name, 1, "has an empty title", "write the first line as # Title of the module")
	}
	if doc.FirstChild() == nil {
		r.find(name, 1, "has no text below the title", "write the lesson")
	}
	r.checkMarkdown(name, doc, source)
	return title, strings.TrimSpace(pagePolicy.Sanitize(render(doc, source)))
}

func render(node ast.Node, source []byte) string {
	var out bytes.Buffer
	// A bytes.Buffer takes every write, so rendering cannot fail.
	_ = markdown.Renderer().Render(&out, source, node)
	return out.String()
}

// checkMarkdown finds what a page would not show.
func (r *reading) checkMarkdown(name string, doc ast.Node, source []byte) {
	// The walker returns only errors of the function, which has none.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		line := markdownLine(n, source)
		switch n := n.(type) {
		case *ast.HTMLBlock, *ast.RawHTML:
			r.find(name, line, "holds raw HTML, which is not shown", "write it in Markdown")
		case *ast.Image:
			r.showPicture(name, line, n, source)
		case *ast.Heading:
			if n.Level == 1 {
				r.find(name, line, "has a second title", "write the heading with ##")
			}
		}
		return ast.WalkContinue, nil
	})
}

// markdownLine is the line on which the node, or failing that the block around it, begins.
func markdownLine(n ast.Node, source []byte) int {
	start := 0
	if raw, ok := n.(*ast.RawHTML); ok && raw.Segments.Len() > 0 {
		start = raw.Segments.At(0).Start
	} else {
		for n.Type() == ast.TypeInline || n.Lines().Len() == 0 {
			if n = n.Parent(); n == nil || n.Type() == ast.TypeDocument {
				return 1
			}
		}
		start = n.Lines().At(0).Start
	}
	return 1 + bytes.Count(source[:start], []byte("\n"))
}
