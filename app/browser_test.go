package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestInTheBrowser walks through the running program as people do, in both languages, with and without script.
func TestInTheBrowser(t *testing.T) {
	chromium(t)
	s := startDemo(t, 1500)
	t.Run("a participant in Indonesian, with script", func(t *testing.T) { s.walkCourse(t, "id", true) })
	t.Run("a participant in English, without script", func(t *testing.T) { s.walkCourse(t, "en", false) })
	t.Run("axe-core finds nothing", s.findNothing)
	t.Run("by keyboard alone", s.walkByKeys)
	t.Run("reading aloud", s.readAloud)
	t.Run("Diskominfo's page", s.readReports)
	t.Run("an officer sees the own kecamatan only", s.readOwnDistrict)
	t.Run("the report is the same everywhere", s.compareReports)
}

// walkCourse adds a participant to the register and takes a whole course as that person, who presses what is plainly
// the next thing and nothing else.
func (s *simulation) walkCourse(t *testing.T, lang string, script bool) {
	code := s.addParticipant(t, "UJI-"+lang, "Budi Contoh "+lang)
	b := s.open(t, script)
	b.visit("/" + lang + "/sign-in")
	b.fits()
	b.fill("#name", "UJI-"+lang)
	b.fill("#secret", code)
	b.press("main form .button.big")
	b.choosePIN()
	if script {
		b.picture("home-phone")
	}
	b.visit("/" + lang + "/courses/kota-cerdas")
	switched, steps := map[string]bool{}, 0
	for ; !b.has(`a[href$="/proof"]`); steps++ {
		if steps > 120 {
			t.Fatalf("the way does not end; at %s", b.path())
		}
		b.fits()
		s.step(t, b, lang, switched)
	}
	if n := len(switched); n != 2 {
		t.Errorf("the language was switched in %d kinds of questions, want 2: quiz and test", n)
	}
	b.picture("result-" + lang)
	for _, page := range []string{"/courses/kota-cerdas/proof", "/me", "/"} {
		b.visit("/" + lang + page)
		b.fits()
		if page == "/courses/kota-cerdas/proof" && !strings.Contains(b.text("main"), "Budi Contoh "+lang) {
			t.Error("the proof does not name the participant")
		}
	}
}

var testOrQuiz = regexp.MustCompile(`/(quiz|test)/`)

// step does what the page asks for. On the first question of a quiz and of a test it changes the language with an
// answer chosen, which must still be there.
func (s *simulation) step(t *testing.T, b *browser, lang string, switched map[string]bool) {
	t.Helper()
	if !b.has("form#question") {
		b.press("main .button.big")
		return
	}
	if strings.Contains(b.text("main"), "MELEK-KEY") {
		t.Fatal("a key is in the page")
	}
	b.click(`label.choice:has(input[value="b"])`)
	kind := testOrQuiz.FindStringSubmatch(b.path())[1]
	if !switched[kind] {
		switched[kind] = true
		if lang == "id" {
			b.picture(kind + "-phone")
		}
		before := b.path()
		b.press("button.language")
		if !b.has(`input[value="b"]:checked`) {
			t.Errorf("the choice is lost when the language is changed at %s", before)
		}
		b.press("button.language")
		if !b.has(`input[value="b"]:checked`) || !strings.HasPrefix(b.path(), strings.SplitN(before, "?", 2)[0]) {
			t.Errorf("from %s to the other language and back leads to %s", before, b.path())
		}
	}
	b.press("form#question .button.big")
	if kind == "quiz" && lang == "id" && b.has(".verdict") {
		b.picture("feedback-phone")
	}
}

// addParticipant puts a person in the register, in the browser as the administrator, and returns the one-time code.
func (s *simulation) addParticipant(t *testing.T, id, name string) string {
	t.Helper()
	return s.signIn(t, "admin", "id").addPerson(id, name)
}

// addPerson registers a participant, as the administrator who is signed in, and returns the one-time code.
func (b *browser) addPerson(id, name string) string {
	b.t.Helper()
	b.visit("/id/people/new")
	b.fits()
	b.fill("#id", id)
	b.fill("#name", name)
	b.choose("#role", "participant")
	b.choose("#area", "33.07.08.2003")
	b.press("main form .button")
	b.press(`form[action$="/people/code"] button`)
	b.fits()
	return strings.TrimSpace(b.text(".secret"))
}

// signIn opens a browser and signs in with a demo account.
func (s *simulation) signIn(t *testing.T, role, lang string) *browser {
	t.Helper()
	b := s.open(t, true)
	b.visit("/" + lang + "/sign-in")
	b.fill("#name", s.accounts[role].id)
	b.fill("#secret", s.accounts[role].secret)
	b.press("main form .button.big")
	b.readNotice()
	return b
}

func (s *simulation) readReports(t *testing.T) {
	for _, lang := range []string{"id", "en"} {
		b := s.signIn(t, "admin", lang)
		b.visit("/" + lang + "/reports?course=kota-cerdas")
		b.fits()
		text := b.text("main")
		for _, want := range []string{"Wadaslintang", "Kalibawang", "Mojotengah"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the reports do not name %s", lang, want)
			}
		}
		if !b.has("svg[role=img]") || !b.has("table") {
			t.Errorf("%s: no chart or no table", lang)
		}
		b.width(1280)
		b.picture("reports-" + lang)
		if lang == "id" {
			b.picture("reports")
		}
		b.visit("/" + lang + "/reports/33.07.08?course=kota-cerdas")
		if !strings.Contains(b.text("main"), "Candimulyo") {
			t.Errorf("%s: the kecamatan does not open to its villages", lang)
		}
		for _, page := range []string{"/people", "/people/import", "/people/slips", "/facilitate", "/audit", "/about"} {
			b.visit("/" + lang + page)
		}
		b.width(360)
		for _, page := range []string{"/people", "/people/import", "/people/slips", "/facilitate", "/about"} {
			b.visit("/" + lang + page)
			b.fits()
		}
	}
}

func (s *simulation) readOwnDistrict(t *testing.T) {
	b := s.signIn(t, "district_officer", "id")
	b.visit("/id/reports")
	own := regexp.MustCompile(`/reports/(33\.07\.\d\d)`).FindStringSubmatch(b.path())
	if own == nil {
		t.Fatalf("an officer's reports are at %s, want those of a kecamatan", b.path())
	}
	for _, area := range []string{"33.07.01", "33.07.02"} {
		if area == own[1] {
			continue
		}
		for _, path := range []string{"/id/reports/" + area, "/api/v1/reports/gains?course=kota-cerdas&by=village"} {
			status, body := s.get(t, "district_officer", path)
			if strings.HasPrefix(path, "/id") && status != http.StatusForbidden {
				t.Errorf("%s answers %d to an officer of %s", path, status, own[1])
			}
			if strings.Contains(body, `"`+area+".") {
				t.Errorf("%s shows %s to an officer of %s", path, area, own[1])
			}
		}
	}
}

// get asks the API with the role's token.
func (s *simulation) get(t *testing.T, role, path string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.address+path, nil)
	must(t, err)
	request.Header.Set("Authorization", "Bearer "+s.tokens[role])
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	body, err := io.ReadAll(response.Body)
	must(t, err)
	must(t, response.Body.Close())
	return response.StatusCode, string(body)
}

// compareReports asks for the gains over HTTP and on the command line, beside the running program.
func (s *simulation) compareReports(t *testing.T) {
	status, body := s.get(t, "admin", "/api/v1/reports/gains?course=kota-cerdas")
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}
	cmd := exec.CommandContext(t.Context(), s.binary, s.command[1:]...)
	cmd.Env = append(os.Environ(), s.command[0])
	out, err := cmd.Output()
	must(t, err)
	web, line := map[string]any{}, map[string]any{}
	must(t, json.Unmarshal([]byte(body), &web))
	must(t, json.Unmarshal(out, &line))
	if n := len(web["rows"].([]any)); n != 15 {
		t.Errorf("%d rows, want 15", n)
	}
	for _, field := range []string{"rows", "total", "course", "by", "method", "min_cell"} {
		a, _ := json.Marshal(web[field])
		b, _ := json.Marshal(line[field])
		if string(a) != string(b) {
			t.Errorf("%s differs:\nHTTP %s\nline %s", field, a, b)
		}
	}
}
