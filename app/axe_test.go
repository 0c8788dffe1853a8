package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axe is the source of axe-core, which finds faults against WCAG; where there is none the test skips with the
// reason, or fails in CI.
func axe(t *testing.T) string {
	t.Helper()
	file := os.Getenv("MELEK_AXE")
	if file == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("MELEK_AXE does not name the file of axe-core")
		}
		t.Skip("MELEK_AXE does not name the file of axe-core (.ci/run fetches it)")
	}
	source, err := os.ReadFile(file)
	must(t, err)
	return string(source)
}

// shownPage is one kind of page and the steps that show it in a language to who is signed in.
type shownPage struct {
	name string
	show func(b *browser, lang string)
}

// at is a page that its address alone shows.
func at(path string) shownPage {
	return shownPage{path, func(b *browser, lang string) { b.visit("/" + lang + path) }}
}

// after is a page that a press on another one shows.
func after(name, path string, press func(b *browser)) shownPage {
	return shownPage{name, func(b *browser, lang string) {
		b.visit("/" + lang + path)
		press(b)
	}}
}

// once is a page that is there to be visited after something has been done a single time.
func once(path string, first func(b *browser)) shownPage {
	done := false
	return shownPage{path, func(b *browser, lang string) {
		if !done {
			done = true
			first(b)
		}
		b.visit("/" + lang + path)
	}}
}

const axeCourse = "/courses/kota-cerdas"

// strangersPages are those that nobody needs to sign in for.
var strangersPages = []shownPage{
	at("/"), at("/sign-in"), at("/hall"), at("/about"), at("/glossary"), at("/privacy"), at("/display"), at("/display?saved=1&back=/about"),
	{"an unknown page", func(b *browser, lang string) { b.land(404, chromedp.Navigate(b.address+"/"+lang+"/nowhere")) }},
	after("a page that is being read aloud", "/about", func(b *browser) {
		b.click(".aloud [data-go]")
		b.await("said.length === 1")
	}),
	after("sign-in left empty", "/sign-in", func(b *browser) { b.submit(422, "main form .button.big") }),
}

// newcomersPages are the participant's way up to the first quiz.
func newcomersPages(module string) []shownPage {
	const pre = axeCourse + "/test/pre"
	quiz := module + "/quiz"
	return []shownPage{
		at("/"), at(axeCourse),
		once(axeCourse+"?begun", func(b *browser) { b.press("main .button.big") }),
		at(pre),
		once(pre+"/1", func(b *browser) { b.visit("/id" + pre); b.press("main .button.big") }),
		at(pre + "/review"),
		once(axeCourse+"/result", func(b *browser) { b.visit("/id" + pre + "/review"); b.press("main form .button.big") }),
		at(module),
		once(quiz+"/1", func(b *browser) { b.visit("/id" + module); b.press("main .button.big") }),
		after("a question left open", quiz+"/1", func(b *browser) { b.submit(422, "form#question .button.big") }),
		once(quiz+"/1?answered", func(b *browser) {
			b.visit("/id" + quiz + "/1")
			b.answer()
		}),
		once(quiz, func(b *browser) {
			for b.visit("/id" + quiz); b.has("form#question"); b.visit("/id" + quiz) {
				b.answer()
			}
		}),
		at("/pin"), at("/me"), at("/me/data"),
		after("a PIN that does not fit", "/pin", func(b *browser) { b.submit(422, "main form .button.big") }),
	}
}

// finishersPages are those of a completed course.
var finishersPages = []shownPage{at("/"), at(axeCourse), at(axeCourse + "/result"), at(axeCourse + "/proof"), at("/me")}

// adminsPages are the office's.
func adminsPages(person, csv string) []shownPage {
	const course = "?course=kota-cerdas"
	return []shownPage{
		at("/reports" + course), at("/reports" + course + "&by=pillar"), at("/reports/33.07.08" + course),
		at("/reports/33.07.08/forms" + course),
		at("/people"), at("/people?q=nobody-is-called-so"), at("/people/one?id=" + person), at("/people/new"),
		after("a new person left empty", "/people/new", func(b *browser) {
			b.do(chromedp.Evaluate[chromedp.Void]("document.querySelector('main form').noValidate = true"))
			b.submit(422, "main form .button")
		}),
		at("/people/edit?id=" + person), at("/people/erase?id=" + person), at("/requests"), at("/processing"),
		at("/retention"),
		after("a request of nobody", "/requests", func(b *browser) {
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('form[action$="/new"]').noValidate = true`))
			b.submit(422, `form[action$="/requests/new"] .button`)
		}),
		after("a one-time code", "/people/one?id="+person, func(b *browser) { b.press(`form[action$="/people/code"] button`) }),
		at("/people/import"),
		after("an import looked at", "/people/import", func(b *browser) {
			b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{csv}))
			b.press("main form .button")
		}),
		at("/people/slips"), at("/facilitate" + course), at("/audit"),
		at("/items" + course),
		once("/items"+course+"&made", func(b *browser) {
			b.visit("/id/items" + course)
			b.press(`form[action$="/items/review"] button`)
			for range 100 {
				if b.visit("/id/items" + course); b.has("table.sums") {
					return
				}
			}
		}),
		after("an item", "/items"+course, func(b *browser) { b.press("table.sums tbody a") }),
		at("/me/devices"), at("/me/tokens"), at("/second/new"), at("/method"), at("/frozen"),
		once("/frozen?closed", func(b *browser) {
			b.visit("/id/frozen")
			b.press("main form .button")
		}),
		after("a closed period", "/frozen", func(b *browser) { b.press("main table a") }),
	}
}

// facilitatorsPages are those of who runs workshops.
var facilitatorsPages = []shownPage{
	at("/"), at("/facilitate?course=kota-cerdas"), at("/workshops"), at("/workshops/new"),
	after("a plan left empty", "/workshops/new", func(b *browser) { b.submit(422, "main form .button") }),
	at("/workshops/" + demoWorkshop), at("/workshops/" + demoWorkshop + "/edit"),
	at("/workshops/" + demoWorkshop + "/roster"), at("/workshops/" + demoWorkshop + "/screen"),
}

// demoWorkshop is the workshop of today of a simulation.
const demoWorkshop = "bimtek-hari-ini"

// hallPages are the way in by a workshop's code, up to the question whether the name is the right one.
func hallPages(code string) []shownPage {
	names := func(b *browser) { b.press("main form .button.big") }
	return []shownPage{
		after("names of a workshop", "/hall?code="+code, names),
		after("a name of a workshop", "/hall?code="+code, func(b *browser) {
			names(b)
			b.click("main details summary")
			b.press("main details .name")
		}),
	}
}

// authorsPages are the workshop's; a draft of the course is begun in it.
func authorsPages(module string) []shownPage {
	const draft = "/author/kota-cerdas"
	lesson := draft + module[strings.Index(module, "/modules/"):]
	return []shownPage{
		at("/author"),
		once(draft, func(b *browser) {
			b.visit("/id/author")
			b.press(`form[action$="` + draft + `/begin"] button`)
		}),
		at(draft + "/course"), at(lesson), at(draft + "/items/kc-1-1"), at(draft + "/items/kc-1-1/history"),
		at(draft + "/files/course.yaml"), at(draft + "/changes"),
	}
}

// findNothing shows every kind of page in both languages and lets axe-core look at it, at a phone's width and a
// desk's: at its structure once, at its colours in every look, for which one language is enough. It wants no
// finding, no page wider than the screen, with very large text neither, and no small target.
func (s *simulation) findNothing(t *testing.T) {
	source := axe(t)
	b := s.open(t, true)
	b.axe, b.seen, b.linked = source, map[string]bool{}, map[string]string{}
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error { // colours do not fade in
		still := emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"}
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{&still}})
		return err
	}))
	b.withMouth(mouth) // the button for reading aloud is on every page that has one
	b.seeAll("nobody", strangersPages)

	b.enter("admin", s.accounts["admin"])
	csv := filepath.Join(t.TempDir(), "people.csv")
	must(t, os.WriteFile(csv, []byte("id,name,role,area\nAXE-2,Warsito,participant,33.07.08.2003\n,Tanpa Nomor,x,y\n"), 0o600))
	b.addPerson("AXE-1", "Siti Aminah Pertanggungjawaban")
	b.seeAll("admin", adminsPages("AXE-1", csv))
	b.visit("/id/people/one?id=AXE-1")
	b.press(`form[action$="/people/code"] button`)
	code := strings.TrimSpace(b.text(".secret"))

	b.enter("author", s.accounts["author"])
	b.seeAll("author", authorsPages(s.firstModule(t)))
	b.enter("district officer", s.accounts["district_officer"])
	b.seeAll("district officer", []shownPage{at("/reports"), at("/forgotten")})
	b.enter("facilitator", s.accounts["facilitator"])
	b.seeAll("facilitator", facilitatorsPages)
	b.seeAll("somebody at a workshop", hallPages(s.hallCode))

	b.enter("newcomer", account{"AXE-1", code})
	b.seeAll("newcomer", []shownPage{at("/pin")})
	b.choosePIN()
	b.seeAll("newcomer", newcomersPages(s.firstModule(t)))
	b.enter("who has finished", account{"UJI-id", "270591"})
	b.seeAll("who has finished", finishersPages)
	b.missesNone()
}

// missesNone wants every kind of page that a seen page links to among those that were seen.
func (b *browser) missesNone() {
	for shape, address := range b.linked {
		if !b.seen[shape] {
			b.t.Errorf("%s is linked and not among the pages of this table", address)
		}
	}
}

// variable finds what differs in the addresses of pages of one kind.
var variable = regexp.MustCompile(`^/(id|en)|/(courses|modules|test|author|items|files|frozen|workshops)/[^/]+|/33(\.\d+)+|/\d+$|[?#].*`)

// shape is what the addresses of pages of one kind have in common.
func shape(address string) string {
	return variable.ReplaceAllStringFunc(address, func(part string) string {
		if word, _, found := strings.Cut(strings.TrimPrefix(part, "/"), "/"); found {
			return "/" + word + "/x"
		}
		if strings.HasPrefix(part, "/33") || strings.ContainsAny(part, "123456789") && !strings.ContainsAny(part, "?#") {
			return "/x"
		}
		return ""
	})
}

// note keeps which kind of page is seen and to which ones it links.
func (b *browser) note() {
	b.t.Helper()
	b.seen[shape(b.path())] = true
	for _, address := range find(b, "links", chromedp.Evaluate[[]string](`[...document.querySelectorAll("a[href^='/']:not([download])")]
		.map(a => a.getAttribute("href"))`)) {
		if path, _, _ := strings.Cut(address, "?"); filepath.Ext(path) == "" || strings.Contains(path, "/33") { // no file
			b.linked[shape(address)] = address
		}
	}
}

// firstModule is the path of the first module of the course.
func (s *simulation) firstModule(t *testing.T) string {
	t.Helper()
	_, body := s.get(t, "admin", "/api/v1/courses")
	var courses []struct {
		ID      string
		Modules []struct{ ID string }
	}
	must(t, json.Unmarshal([]byte(body), &courses))
	for _, course := range courses {
		if strings.HasSuffix(axeCourse, course.ID) {
			return axeCourse + "/modules/" + course.Modules[0].ID
		}
	}
	t.Fatalf("no course %s", axeCourse)
	return ""
}

// answer chooses the second option of a question and sends it.
func (b *browser) answer() {
	b.click(`label.choice:has(input[value="b"])`)
	b.press("form#question .button.big")
}

// looksSeen are the classes of <html> that a reader may choose. Structure is looked at in the first one; the others
// change colours only.
var looksSeen = []string{"light", "dark", "strong light", "strong dark"}

// widthsSeen are a small phone's, which is also a desk's at 400 %, and a desk's.
var widthsSeen = []int64{320, 1280}

func (b *browser) seeAll(who string, pages []shownPage) {
	for _, page := range pages {
		for i, lang := range []string{"id", "en"} {
			page.show(b, lang)
			b.see(who+", "+lang+": "+page.name, looksSeen[:len(looksSeen)-3*i])
		}
	}
}

// see looks at the page that is shown, at every width and in the looks, the first of which is for all rules.
func (b *browser) see(what string, looks []string) {
	b.t.Helper()
	b.note()
	b.do(chromedp.Evaluate[chromedp.Void](b.axe + "; document.querySelectorAll('details').forEach(d => d.open = true)"))
	for _, width := range widthsSeen {
		b.width(width)
		for i, look := range looks {
			rules := `{runOnly: ["color-contrast"]}`
			if i == 0 {
				rules = `{rules: {"target-size": {enabled: true}}}`
			}
			b.dress(look)
			found := find(b, "axe-core", chromedp.Evaluate[string](`axe.run(document, `+rules+`).then(found => found.violations
				.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + "\n    " + n.failureSummary.replaceAll("\n", " "))).join("\n"))`,
				chromedp.EvalAwaitPromise))
			if found != "" {
				b.t.Errorf("%s, %d pixels, %s:\n%s", what, width, look, found)
			}
		}
		name := strconv.FormatInt(width, 10) + " " + strings.NewReplacer("/", "_", ":", "", "?", "_", "&", "_").Replace(what)
		for _, look := range []string{"light", "light larger"} {
			b.dress(look)
			b.fits()
			b.touches(what)
			b.poster(name + " " + look)
		}
		b.dress("light")
		b.space(true)
		b.fits()
		b.space(false)
	}
}

// space gives letters, words and lines the room that WCAG 1.4.12 lets readers ask for, or takes it away.
func (b *browser) space(more bool) {
	b.do(chromedp.Evaluate[chromedp.Void](`document.adoptedStyleSheets = (() => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
		return ` + strconv.FormatBool(more) + ` ? [sheet] : [];
	})()`))
}

func (b *browser) dress(look string) {
	b.do(chromedp.Evaluate[chromedp.Void]("document.documentElement.className = " + strconv.Quote(look)))
}

// touches fails the test where something to press is smaller than a fingertip: 44 pixels, but for links in a
// sentence, which WCAG excepts.
func (b *browser) touches(what string) {
	b.t.Helper()
	small := find(b, "measure targets", chromedp.Evaluate[string](`[...document.querySelectorAll(
		"button, .button, summary, select, input:not([type=hidden]), nav a, header a, footer a, .up a, .row a")]
		.map(e => [e, (e.matches(".choice input, .check input") ? e.closest("label") : e).getBoundingClientRect()])
		.filter(([e, r]) => r.width > 0 && !e.closest(".skip") && (r.height < 43.5 || r.width < 43.5))
		.map(([e, r]) => e.tagName + "." + e.className + " «" + e.textContent.trim().slice(0, 40) + "» " + Math.round(r.width) + "×" + Math.round(r.height))
		.join("\n")`))
	if small != "" {
		b.t.Errorf("%s: small targets:\n%s", what, small)
	}
}
