package handlers

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"

	"melek/courses"
	"melek/courses/people"
	"melek/locales"
	"melek/static"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pageSet is every page's template over the one layout, by file name. A page is made when it is first asked
// for: each has a copy of all parts, which together are more than the rest of the program keeps in memory.
type pageSet map[string]func() (*template.Template, error)

// parsePages finds the pages. Files whose names begin with _ are parts that every page may use.
func parsePages() (pageSet, error) {
	layout, err := template.New("").ParseFS(pageFiles, "pages/_*.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(pageFiles, "pages/[^_]*.html")
	if err != nil {
		return nil, err
	}
	set := pageSet{}
	for _, name := range names {
		set[path.Base(name)] = sync.OnceValues(func() (*template.Template, error) {
			return template.Must(layout.Clone()).ParseFS(pageFiles, name)
		})
	}
	return set, nil
}

// page is what every page shows; the page's own struct embeds it.
type page struct {
	*locales.Words
	Lang      courses.Lang
	Path      string // below the language, with its query: where the other language's page is
	Title     string
	Role      people.Role   // of who is signed in; empty where nobody is
	Person    people.Person // zero where nobody is signed in
	FormToken string
	Simulated bool
	Wide      bool   // takes the whole screen, for tables
	Look      string // how this browser wants pages to look: the class of <html>
	hall      string // the workshop whose code the person came in by; empty for others
	section   string
	assets    *static.Files
}

// page makes the common part; the title is the wording of a key.
func (s *server) page(c *fiber.Ctx, titleKey string, args ...any) page {
	entry := signedIn(c)
	p := page{Words: s.words(c), Lang: s.lang(c), Path: "/", Person: entry.Person, Simulated: s.Simulated,
		Look: s.wishedLook(c), hall: entry.Session.Workshop, assets: s.assets}
	if entry.Whole() {
		p.Role = entry.Duty.Role
	}
	p.FormToken = s.formToken(c)
	p.Title = p.T(titleKey, args...)
	return p.at(s.pathBelow(c))
}

// at is the page as one that is found at the path below its language.
func (p page) at(path string) page {
	p.Path = path
	p.section, _, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	p.section, _, _ = strings.Cut(p.section, "?")
	return p
}

// pathBelow is where the page that answers the request is found below its language. A form that is
// shown again after it was sent is found where it was before; what is only sent to is not found.
func (s *server) pathBelow(c *fiber.Ctx) string {
	below, ok := strings.CutPrefix(c.OriginalURL(), "/"+string(s.lang(c))+"/")
	if !ok || !s.shown[c.Route().Path] {
		return "/"
	}
	if c.Method() != fiber.MethodGet {
		below, _, _ = strings.Cut(below, "?")
	}
	return "/" + below
}

// shared is the page as it is kept for everybody of the role: nothing of one person is in it.
func (p page) shared(path string) page {
	p.Path, p.Person, p.FormToken, p.Look, p.hall = path, people.Person{}, "", "", ""
	return p
}

// wide is the page over the whole screen.
func (p page) wide() page {
	p.Wide = true
	return p
}

// To is the address of a page in the page's language.
func (p page) To(parts ...string) string { return "/" + string(p.Lang) + strings.Join(parts, "") }

// Asset is the address of a file that browsers keep for ever.
func (p page) Asset(name string) string { return "/static/" + p.assets.Name(name) }

// Say is a text in the page's language.
func (p page) Say(t courses.Text) string { return t.In(p.Lang) }

// OtherLang is the language that the page is not in.
func (p page) OtherLang() courses.Lang {
	if p.Lang == courses.English {
		return courses.Indonesian
	}
	return courses.English
}

// May reports whether the one who is signed in may do the act, for what a page offers.
func (p page) May(act string) bool {
	return p.Role != "" && people.Duty{Role: p.Role}.May(people.Act(act))
}

// In reports whether the page lies in the section, the first part of its path; the home page is in "".
func (p page) In(section string) bool { return p.section == section }

// ToDisplay is the address of the page where the look of pages is chosen, from where this page can be found
// again.
func (p page) ToDisplay() string {
	if p.In("display") {
		return p.To(p.Path)
	}
	return p.To("/display?back=", queryEscape(p.Path))
}

// lang is the language of the address, or else the one that the browser asks for.
func (s *server) lang(c *fiber.Ctx) courses.Lang {
	first, _, _ := strings.Cut(strings.TrimPrefix(c.Path(), "/"), "/")
	for _, lang := range courses.Langs {
		if string(lang) == first {
			return lang
		}
	}
	return asked(c.Get(fiber.HeaderAcceptLanguage))
}

var matcher = language.NewMatcher([]language.Tag{language.Indonesian, language.English})

// asked chooses the language of an Accept-Language header, Indonesian where it names neither.
func asked(header string) courses.Lang {
	_, i := language.MatchStrings(matcher, header)
	return courses.Langs[i]
}

func (s *server) words(c *fiber.Ctx) *locales.Words { return s.book.Words(string(s.lang(c))) }

// path is the address of a page in the language of the request.
func (s *server) path(c *fiber.Ctx, below string) string { return "/" + string(s.lang(c)) + below }

func queryEscape(s string) string { return url.QueryEscape(s) }

// goTo sends the browser on after a change.
func (s *server) goTo(c *fiber.Ctx, below string) error {
	return c.Redirect(s.path(c, below), fiber.StatusSeeOther)
}

// zipFrom is the size in bytes from which a personal page is compressed: smaller ones fit into few
// packets anyway.
const zipFrom = 4 << 10

// render answers with a page that is for this person only.
func (s *server) render(c *fiber.Ctx, status int, name string, data any) error {
	body, err := s.pages.execute(name, data)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Status(status)
	if len(body) >= zipFrom && takesGzip(c) {
		zipped, err := zipFast(body)
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentEncoding, "gzip")
		c.Vary(fiber.HeaderAcceptEncoding)
		return c.Send(zipped)
	}
	return c.Send(body)
}

func (p pageSet) execute(name string, data any) ([]byte, error) { return p.part(name, "layout", data) }

// part makes one part of a page, of which the layout is all.
func (p pageSet) part(name, part string, data any) ([]byte, error) {
	page, ok := p[name]
	if !ok {
		return nil, fmt.Errorf("handlers: no page %q", name)
	}
	t, err := page()
	if err != nil {
		return nil, fmt.Errorf("handlers: page %q: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, part, data); err != nil {
		return nil, fmt.Errorf("handlers: page %q: %w", name, err)
	}
	return b.Bytes(), nil
}

func takesGzip(c *fiber.Ctx) bool {
	return strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip")
}
