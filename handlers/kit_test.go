package handlers_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"melek/courses/access"
	"melek/courses/content"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/privacy"
	"melek/courses/record"
	"melek/courses/reports"
	"melek/courses/store"
	"melek/courses/store/memory"
	"melek/handlers"
)

// TestMain keeps the log out of what the tests have to say, and fails where a page had no wording for something.
func TestMain(m *testing.M) {
	gaps := &wordless{}
	slog.SetDefault(slog.New(gaps))
	status := m.Run()
	gaps.keys.Range(func(key, _ any) bool {
		fmt.Fprintf(os.Stderr, "no wording for %v\n", key)
		status = 1
		return true
	})
	os.Exit(status)
}

// wordless is a log that remembers the keys that had no wording, and nothing else.
type wordless struct{ keys sync.Map }

func (*wordless) Enabled(context.Context, slog.Level) bool { return true }
func (w *wordless) WithAttrs([]slog.Attr) slog.Handler     { return w }
func (w *wordless) WithGroup(string) slog.Handler          { return w }

func (w *wordless) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "no wording" {
		return nil
	}
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "key" {
			w.keys.Store(a.Value.String(), true)
		}
		return true
	})
	return nil
}

var jakarta = time.FixedZone("WIB", 7*60*60)

// kit is the whole program behind its HTTP side, over the memory store and with a clock of its own.
type kit struct {
	t        testing.TB
	app      *fiber.App
	store    store.Store
	ledger   *ledger.Ledger
	catalog  *content.Catalog
	door     *access.Door
	region   *people.Region
	reviewer *reports.Reviewer
	desk     *reports.Desk
	mu       sync.Mutex
	clock    time.Time
}

// newKit makes the program; change may change its setup before it is put together.
func newKit(t testing.TB, change ...func(*handlers.Setup)) *kit {
	t.Helper()
	k := &kit{t: t, store: memory.New(), region: people.Wonosobo(),
		clock: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	catalog, err := content.Open(context.Background(), k.store, exampleCourses(t))
	if err != nil {
		t.Fatal(err)
	}
	k.catalog = catalog
	k.ledger = ledger.New(ledger.Setup{Store: k.store, Syllabus: catalog, Zone: jakarta, Now: k.now})
	k.door = access.NewDoor(access.Setup{Store: k.store, Region: k.region, Zone: jakarta, Now: k.now,
		Cost: access.Cost{Memory: 8, Passes: 1, Lanes: 1}})
	setup := handlers.Setup{Store: k.store, Ledger: k.ledger, Catalog: catalog, Door: k.door, Region: k.region,
		Zone: jakarta, Now: k.now, BaseURL: "http://example.com", MinCell: 10, Version: "test",
		Rates: handlers.Rates{Person: handlers.Unbounded, Network: handlers.Unbounded},
		Desk: reports.New(reports.Setup{Store: k.store, Region: k.region, Syllabus: catalog, Zone: jakarta, MinCell: 10,
			Now: k.now})}
	setup.Clerk = privacy.New(privacy.Setup{Store: k.store, Ledger: k.ledger, Zone: jakarta, Now: k.now,
		Office: privacy.Office{Controller: "Dinas Contoh", Basis: privacy.PublicTask}})
	setup.Reviewer = reports.NewReviewer(setup.Desk, k.store, catalog.Courses)
	seal := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	setup.Archive = reports.NewArchive(setup.Desk, k.store, func() (ed25519.PrivateKey, error) { return seal, nil },
		func() string { return "0193a000-0000-7000-8000-000000000001" })
	k.reviewer, k.desk = setup.Reviewer, setup.Desk
	for _, c := range change {
		c(&setup)
	}
	if k.app, err = handlers.New(setup); err != nil {
		t.Fatal(err)
	}
	return k
}

// now is the kit's clock: it goes on by a few milliseconds each time that somebody looks.
func (k *kit) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.clock = k.clock.Add(5 * time.Millisecond)
	return k.clock
}

// wait lets time go by.
func (k *kit) wait(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.clock = k.clock.Add(d)
}

// register puts a person of the role and area in the register.
func (k *kit) register(id string, role people.Role, area string) people.Person {
	k.t.Helper()
	p := people.Person{ID: id, Name: "Sri " + id, Role: role, Postings: []people.Posting{{Area: area}}}
	if err := k.ledger.Register(context.Background(), []people.Person{p}); err != nil {
		k.t.Fatal(err)
	}
	return p
}

// pinOf is the PIN, or password, that signIn chooses for a role.
func pinOf(role people.Role) string {
	if access.IsOffice(role) {
		return "kata sandi yang panjang"
	}
	return "294857"
}

// signIn returns a browser in which the person is signed in, with the PIN of pinOf.
func (k *kit) signIn(p people.Person) *browser {
	k.t.Helper()
	entry, err := k.door.ChoosePIN(context.Background(), p, pinOf(p.Role), "")
	if err != nil {
		k.t.Fatal(err)
	}
	b := k.browser()
	b.cookies["melek"] = entry.Token
	k.acknowledge(b)
	return b
}

// acknowledge has whoever is signed in read the notice, in a browser that nothing is expected of.
func (k *kit) acknowledge(b *browser) {
	k.t.Helper()
	reader := k.browser()
	maps.Copy(reader.cookies, b.cookies)
	reader.open("/id/privacy")
	if reader.find("Saya sudah membaca", "button") != nil {
		reader.press("Saya sudah membaca")
	}
}

// participant registers a participant of a village and returns the browser that is signed in.
func (k *kit) participant(id string) *browser {
	k.t.Helper()
	return k.signIn(k.register(id, people.Participant, "33.07.01.2001"))
}

// hold keeps a workshop of today on the example course that the facilitator runs, with the people on its roster.
func (k *kit) hold(facilitator string, roster ...string) people.Workshop {
	k.t.Helper()
	today := k.now().In(jakarta).Format(time.DateOnly)
	w := people.Workshop{ID: "w-" + facilitator, Title: "Bimtek " + facilitator, Courses: []string{example},
		Area: firstDistrict, From: today, To: today, Facilitators: []string{facilitator}, Roster: roster,
		Code: hallCode, By: facilitator, At: k.now()}
	w.Tidy()
	k.keep(w)
	return w
}

// hallCode is the code of the workshops of hold.
const hallCode = "BCDFGH"

func (k *kit) keep(w people.Workshop) {
	k.t.Helper()
	err := k.store.ChangeWorkshop(context.Background(), w.ID, func(kept *people.Workshop) error {
		*kept = w
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
}

// token makes an API token for the person.
func (k *kit) token(p people.Person) string {
	k.t.Helper()
	entry, err := k.door.MakeToken(context.Background(), p, access.Grant{Label: "test"})
	if err != nil {
		k.t.Fatal(err)
	}
	return entry.Token
}

// state is a person's progress in the example course.
func (k *kit) state(id string) *record.Progress {
	k.t.Helper()
	state, err := k.ledger.State(context.Background(), id)
	if err != nil {
		k.t.Fatal(err)
	}
	if p := state.Courses[example]; p != nil {
		return p
	}
	return &record.Progress{}
}

// send asks the program itself, without following anything.
func (k *kit) send(req *http.Request) *http.Response {
	k.t.Helper()
	res, err := k.app.Test(req, -1)
	if err != nil {
		k.t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	return res
}

// api asks the API with a token; an empty one asks as nobody.
func (k *kit) api(method, path, token, body string) (*http.Response, string) {
	k.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res := k.send(req)
	return res, readAll(k.t, res)
}

func readAll(t testing.TB, res *http.Response) string {
	t.Helper()
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// browser does what a browser without script does.
type browser struct {
	kit     *kit
	cookies map[string]string
	// quiet is a browser that says neither Sec-Fetch-Site nor Origin.
	quiet bool
	agent string // User-Agent; empty for none
	*view
	asked []string // every address, in order
}

func (k *kit) browser() *browser { return &browser{kit: k, cookies: map[string]string{}} }

// view is what the browser shows.
type view struct {
	path   string // with its query
	status int
	header http.Header
	body   string
	root   *html.Node
}

// open goes to an address and follows where it leads.
func (b *browser) open(address string) *view {
	b.kit.t.Helper()
	return b.follow(httptest.NewRequest(http.MethodGet, address, nil))
}

// post sends a form to an address and follows where it leads.
func (b *browser) post(address string, fields url.Values) *view {
	b.kit.t.Helper()
	req := httptest.NewRequest(http.MethodPost, address, strings.NewReader(fields.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if !b.quiet {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return b.follow(req)
}

func (b *browser) follow(req *http.Request) *view {
	t := b.kit.t
	t.Helper()
	for range 10 {
		b.asked = append(b.asked, req.Method+" "+req.URL.RequestURI())
		req.Header.Set("User-Agent", b.agent)
		for name, value := range b.cookies {
			req.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		res := b.kit.send(req)
		for _, c := range res.Cookies() {
			if b.cookies[c.Name] = c.Value; c.Value == "" {
				delete(b.cookies, c.Name)
			}
		}
		body := readAll(t, res)
		if to := res.Header.Get("Location"); to != "" {
			if res.StatusCode != http.StatusSeeOther {
				t.Fatalf("%s %s answers %d with a Location, want 303", req.Method, req.URL, res.StatusCode)
			}
			to, _, _ = strings.Cut(to, "#")
			req = httptest.NewRequest(http.MethodGet, to, nil)
			continue
		}
		root, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		b.view = &view{req.URL.RequestURI(), res.StatusCode, res.Header, body, root}
		return b.view
	}
	t.Fatalf("%s leads round in circles", req.URL)
	return nil
}

// each calls fn with every element below the node.
func each(n *html.Node, fn func(*html.Node)) {
	if n.Type == html.ElementNode {
		fn(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, fn)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// textOf is the visible text below the node, spaces folded.
func textOf(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		if n.Data == "head" || n.Data == "script" {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

func (v *view) text() string { return textOf(v.root) }

// find returns the first element of the tag whose text holds the words.
func (v *view) find(words string, tags ...string) *html.Node {
	var found *html.Node
	each(v.root, func(n *html.Node) {
		if found == nil && slices.Contains(tags, n.Data) && strings.Contains(textOf(n), words) {
			found = n
		}
	})
	return found
}

// wants fails the test where the page does not show all the words.
func (b *browser) wants(words ...string) {
	b.kit.t.Helper()
	for _, w := range words {
		if !strings.Contains(b.text(), w) {
			b.kit.t.Fatalf("%s (%d) does not show %q:\n%s", b.path, b.status, w, b.text())
		}
	}
}

// lacks fails the test where the page shows any of the words.
func (b *browser) lacks(words ...string) {
	b.kit.t.Helper()
	for _, w := range words {
		if strings.Contains(b.text(), w) {
			b.kit.t.Fatalf("%s shows %q:\n%s", b.path, w, b.text())
		}
	}
}

// click follows the first link whose text holds the words.
func (b *browser) click(words string) *view {
	b.kit.t.Helper()
	link := b.find(words, "a")
	if link == nil {
		b.kit.t.Fatalf("%s has no link %q:\n%s", b.path, words, b.text())
	}
	address, err := url.Parse(b.path)
	if err != nil {
		b.kit.t.Fatal(err)
	}
	to, err := address.Parse(attr(link, "href"))
	if err != nil {
		b.kit.t.Fatal(err)
	}
	return b.open(to.String())
}

// press presses the first button whose text holds the words, after filling the fields of its form in; a field
// is named with its value as «name=value».
func (b *browser) press(words string, fill ...string) *view {
	b.kit.t.Helper()
	action, fields := b.form(words, fill...)
	return b.post(action, fields)
}

// form is what pressing the button would send.
func (b *browser) form(words string, fill ...string) (action string, fields url.Values) {
	b.kit.t.Helper()
	button := b.find(words, "button")
	if button == nil {
		b.kit.t.Fatalf("%s (%d) has no button %q:\n%s", b.path, b.status, words, b.text())
	}
	form := b.formOf(button)
	fields = fieldsOf(form)
	if name := attr(button, "name"); name != "" {
		fields.Add(name, attr(button, "value"))
	}
	filled := url.Values{}
	for _, f := range fill {
		name, value, _ := strings.Cut(f, "=")
		filled.Add(name, value)
	}
	maps.Copy(fields, filled)
	if action = attr(button, "formaction"); action == "" {
		action = attr(form, "action")
	}
	if action == "" {
		action = b.path
	}
	return action, fields
}

func (b *browser) formOf(button *html.Node) *html.Node {
	if id := attr(button, "form"); id != "" {
		var form *html.Node
		each(b.root, func(n *html.Node) {
			if n.Data == "form" && attr(n, "id") == id {
				form = n
			}
		})
		return form
	}
	for n := button; n != nil; n = n.Parent {
		if n.Data == "form" {
			return n
		}
	}
	b.kit.t.Fatalf("%s: a button stands in no form", b.path)
	return nil
}

// fieldsOf are the fields that a form sends as it stands.
func fieldsOf(form *html.Node) url.Values {
	fields := url.Values{}
	each(form, func(n *html.Node) {
		name := attr(n, "name")
		if name == "" || has(n, "disabled") {
			return
		}
		switch n.Data {
		case "input":
			kind := attr(n, "type")
			if (kind == "radio" || kind == "checkbox") && !has(n, "checked") || kind == "submit" || kind == "file" {
				return
			}
			fields.Add(name, attr(n, "value"))
		case "textarea":
			fields.Add(name, written(n))
		case "select":
			fields.Add(name, selected(n))
		}
	})
	return fields
}

// written is the text of a textarea as it stands.
func written(n *html.Node) string {
	text := ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		text += c.Data
	}
	return text
}

func selected(list *html.Node) string {
	value, first := "", true
	each(list, func(n *html.Node) {
		if n.Data == "option" && (first || has(n, "selected")) {
			value, first = attr(n, "value"), false
		}
	})
	return value
}

// example is a small course of the tests: two modules, and two forms of three items with one anchor.
// The right option is «b», of kuis-2 «a» and «c»; explanations hold marker.
const (
	example = "contoh"
	marker  = "PENJELASAN"
)

// exampleCourses is a folder with the example course.
func exampleCourses(t testing.TB) string {
	t.Helper()
	return writeCourse(t, t.TempDir(), "b")
}

// writeCourse writes the example course, with key as the right option of its items, and returns the folder.
func writeCourse(t testing.TB, dir, key string) string {
	t.Helper()
	files := map[string]string{"course.yaml": exampleYAML, "items.yaml": exampleItems(key)}
	for i, module := range []string{"satu", "dua"} {
		for lang, words := range map[string]string{"id": "Modul", "en": "Module"} {
			files[fmt.Sprintf("%02d-%s.%s.md", i+1, module, lang)] =
				fmt.Sprintf("# %s %s\n\nTeks %s.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n## Ingat\n\n- Satu\n", words, module, module)
		}
	}
	folder := filepath.Join(dir, example)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const exampleYAML = `
id: contoh
pillar: aman
title: {id: "Kursus contoh", en: "Example course"}
summary: {id: "Ringkasan contoh.", en: "Example summary."}
pass_mark: 70
minutes_per_item: 2
modules:
  - id: satu
    goal: {id: "Tujuan satu", en: "Goal one"}
    quiz: [kuis-1, kuis-2]
  - id: dua
    goal: {id: "Tujuan dua", en: "Goal two"}
    quiz: [kuis-3]
anchors: [jangkar]
forms:
  - id: A
    items: [a-1, jangkar, a-2]
  - id: B
    items: [b-1, jangkar, b-2]
`

func exampleItems(key string) string {
	var b strings.Builder
	b.WriteString("items:\n")
	for _, id := range []string{"kuis-1", "kuis-2", "kuis-3", "jangkar", "a-1", "a-2", "b-1", "b-2"} {
		pillar, right := "aman", key
		if strings.HasSuffix(id, "-2") {
			pillar = "budaya"
		}
		if id == "kuis-2" {
			right = "[a, c]"
		}
		fmt.Fprintf(&b, "  - id: %s\n    pillar: %s\n    stem: {id: \"Tanya %s?\", en: \"Ask %s?\"}\n    options:\n",
			id, pillar, id, id)
		for _, o := range []string{"a", "b", "c"} {
			fmt.Fprintf(&b, "      - id: %s\n        text: {id: \"Pilihan %s %s\", en: \"Option %s %s\"}\n", o, id, o, id, o)
			if strings.HasPrefix(id, "kuis") {
				fmt.Fprintf(&b, "        why: {id: \"%s %s %s\", en: \"%s in English %s %s\"}\n", marker, id, o, marker, id, o)
			}
		}
		fmt.Fprintf(&b, "    key: %s\n", right)
	}
	return b.String()
}

// takeTest answers every question of the test of the phase right or wrong and hands it in.
func (b *browser) takeTest(phase record.Phase, right bool) {
	b.kit.t.Helper()
	option := "chosen=a"
	if right {
		option = "chosen=b"
	}
	b.open("/id/courses/" + example + "/test/" + string(phase))
	b.press("Mulai tes")
	b.press("Simpan dan lanjut", option)
	b.press("Simpan dan lanjut", option)
	b.press("Simpan dan periksa", option)
	b.press("Kumpulkan tes")
}

// takeModules reads every module and answers its quiz.
func (b *browser) takeModules() {
	b.kit.t.Helper()
	for _, module := range []string{"satu", "dua"} {
		b.open("/id/courses/" + example + "/modules/" + module)
		b.press("Sudah saya baca", "chosen=b")
		for b.find("Jawab", "button") != nil {
			b.press("Jawab", "chosen=b")
			b.open(strings.TrimSuffix(b.path[:strings.LastIndex(b.path, "/")], "/"))
		}
	}
}
