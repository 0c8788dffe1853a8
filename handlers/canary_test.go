package handlers_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"melek/courses/content"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/handlers"
)

// canary marks what only the key of a test item holds: right answers that are written, and explanations.
const canary = "KENARI"

// canaryCourses is the example course whose test items are of the types whose keys are texts, and have
// explanations.
func canaryCourses(t testing.TB) string {
	t.Helper()
	dir := exampleCourses(t)
	path := filepath.Join(dir, example, "items.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	quizzes, _, found := strings.Cut(string(text), "  - id: jangkar\n")
	if !found {
		t.Fatal("the example course has changed")
	}
	for i, id := range []string{"jangkar", "a-1", "a-2", "b-1", "b-2"} {
		key := fmt.Sprintf("    type: text\n    key: [%s%d, %sLAIN%d]\n", canary, i, canary, i)
		if i == 1 || i == 3 {
			key = "    type: number\n    key: 734517.25\n    tolerance: 0.53125\n"
		}
		quizzes += fmt.Sprintf("  - id: %s\n    pillar: aman\n    stem: {id: \"Tanya %s?\", en: \"Ask %s?\"}\n%s"+
			"    why: {id: \"%s sebab %s\", en: \"%s because %s\"}\n", id, id, id, key, canary, id, canary, id)
	}
	if err := os.WriteFile(path, []byte(quizzes), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// heard is a log that is kept.
type heard struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.b.Write(p)
}

// told fails the test where the text holds a key, read by people or by machines. The tolerance has more decimals than
// the log has of a request's milliseconds, which would otherwise now and then be the same.
func told(t testing.TB, where, text string) {
	t.Helper()
	for _, mark := range []string{canary, strings.ToLower(canary), "734517", "0.53125", "0,53125"} {
		if i := strings.Index(text, mark); i >= 0 {
			t.Errorf("%s tells the key: …%s…", where, text[max(0, i-80):min(len(text), i+80)])
		}
	}
}

// crawl opens every page that leads from the one that is shown, in both languages, and every one of their
// assets.
func (b *browser) crawl(seen map[string]bool) {
	b.kit.t.Helper()
	waiting := []string{"/id/", "/en/"}
	for len(waiting) > 0 {
		address := waiting[0]
		waiting = waiting[1:]
		if seen[address] {
			continue
		}
		seen[address] = true
		b.open(address)
		told(b.kit.t, address, b.body)
		told(b.kit.t, address+" in its headers", fmt.Sprint(b.header))
		each(b.root, func(n *html.Node) {
			for _, name := range []string{"href", "src", "action"} {
				to := attr(n, name)
				if n.Data == "form" || !strings.HasPrefix(to, "/") || strings.Contains(to, "sign-out") {
					continue
				}
				waiting = append(waiting, to)
			}
		})
	}
}

// answerWrong answers every question of the test of the phase wrong, and hands it in.
func (b *browser) answerWrong(phase string) {
	b.kit.t.Helper()
	t := b.kit.t
	b.open("/id/courses/" + example + "/test/" + phase)
	told(t, b.path, b.body)
	b.press("Mulai tes")
	for range 3 {
		told(t, b.path, b.body)
		button := "Simpan dan lanjut"
		if b.find(button, "button") == nil {
			button = "Simpan dan periksa"
		}
		b.crawlOne()
		b.press(button, "chosen=1", "written=1")
	}
	told(t, b.path, b.body)
	b.press("Kumpulkan tes")
	told(t, b.path, b.body)
}

// crawlOne opens the page in the other language and comes back.
func (b *browser) crawlOne() {
	b.kit.t.Helper()
	here := b.path
	b.open(strings.Replace(here, "/id/", "/en/", 1))
	told(b.kit.t, b.path, b.body)
	b.open(here)
}

func TestNoParticipantIsToldAKey(t *testing.T) {
	log := &heard{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(before)
	k := newKit(t, func(s *handlers.Setup) {
		catalog, err := content.Open(t.Context(), s.Store, canaryCourses(t))
		if err != nil {
			t.Fatal(err)
		}
		s.Catalog = catalog
		s.Ledger = ledger.New(ledger.Setup{Store: s.Store, Syllabus: catalog, Zone: jakarta, Now: s.Now})
	})
	for _, id := range []string{"P-1", "P-2"} { // one form each
		b := k.participant(id)
		seen := map[string]bool{}
		b.crawl(seen)
		b.answerWrong("pre")
		b.takeModules()
		b.answerWrong("post")
		clear(seen)
		b.crawl(seen)
		if !slices.ContainsFunc(b.asked, func(a string) bool { return strings.HasSuffix(a, "/test/post/2") }) ||
			len(seen) < 20 {
			t.Fatalf("hardly anything was seen: %d pages, %v", len(seen), b.asked)
		}
		k.askAPI(id)
	}
	told(t, "the log", log.b.String())
	if !strings.Contains(log.b.String(), "/test/post/2") {
		t.Error("the log was not heard")
	}
}

// askAPI asks everything of the API as the participant, and delivers wrong answers to every item.
func (k *kit) askAPI(id string) {
	k.t.Helper()
	token := k.token(k.register(id, people.Participant, firstVillage))
	for _, route := range k.routes() {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodGet || !strings.HasPrefix(path, "/api/") {
			continue
		}
		for _, query := range []url.Values{{}, {"course": {example}}, {"course": {example}, "phase": {"pre"}, "form": {"A"}}} {
			_, body := k.api(method, path+"?"+query.Encode(), token, "")
			told(k.t, path, body)
		}
	}
	for _, kind := range []string{"answered", "submitted", "opened"} {
		for _, item := range []string{"a-1", "a-2", "jangkar", "b-1"} {
			body := fmt.Sprintf(`[{"id":%q,"kind":%q,"person":%q,"course":%q,"phase":"retention","form":"A","version":"x",`+
				`"answers":{%q:["1"]},"at":"2026-11-23T08:00:00+07:00"}]`, uuid.NewString(), kind, id, example, item)
			_, answer := k.api(http.MethodPost, "/api/v1/records", token, body)
			told(k.t, "delivery of "+kind, answer)
		}
	}
}
