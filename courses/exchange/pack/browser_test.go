package pack_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"melek/courses"
	"melek/courses/exchange/pack"
)

// browser opens a browser that ends with the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium on the path")
		}
		t.Skip("no Chromium on the path")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

func visit(ctx context.Context, t *testing.T, address string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
}

// eval returns what an expression is on the page.
func eval[T any](ctx context.Context, t *testing.T, expression string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%v in %s", err, expression)
	}
	return value
}

// until waits for an expression to be true; a page that is not there yet is not true yet.
func until(ctx context.Context, t *testing.T, expression string) {
	t.Helper()
	for range 400 {
		if eval[bool](ctx, t, `(() => { try { return Boolean(`+expression+`) } catch { return false } })()`) {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("it never came to be: %s", expression)
}

// answerAll gives the right answer to every item of the page and returns what was said to each.
const answerAll = `(() => {
  const items = JSON.parse(document.getElementById('melek').textContent).items;
  for (const item of items) {
    const form = document.querySelector('form[data-item="' + item.id + '"]');
    item.key.forEach((key, i) => {
      const [option, target] = key.split('=');
      if (item.type === 'order') form.elements[option].value = String(item.key.indexOf(option) + 1);
      else if (item.type === 'match') form.elements[option].value = target;
      else if (item.type === 'number' || item.type === 'text') { if (i === 0) form.elements.answer.value = key; }
      else form.querySelector('input[value="' + option + '"]').checked = true;
    });
    form.requestSubmit();
  }
  return [...document.querySelectorAll('.said p:first-child')].map((p) => p.textContent);
})()`

// everyType adds an item of each type to the first quiz.
func everyType(j pack.Job) pack.Job {
	both := func(s string) courses.Text { return courses.Text{ID: s, EN: s} }
	offers := func(ids ...string) []courses.Option {
		all := make([]courses.Option, len(ids))
		for i, id := range ids {
			all[i] = courses.Option{ID: id, Text: both("Pilihan <" + id + ">")}
		}
		return all
	}
	for _, it := range []courses.Item{
		{ID: "x-1", Type: courses.Several, Options: offers("a", "b", "c"), Key: []string{"a", "c"}},
		{ID: "x-2", Type: courses.TrueFalse, Options: offers("true", "false"), Key: []string{"false"}},
		{ID: "x-3", Type: courses.Order, Options: offers("a", "b", "c"), Key: []string{"c", "a", "b"}},
		{ID: "x-4", Type: courses.Match, Options: offers("a", "b"), Targets: offers("x", "y"), Key: []string{"a=y", "b=y"}},
		{ID: "x-5", Type: courses.Number, Unit: both("jam"), Key: []string{"-1.5"}, Tolerance: 0.5},
		{ID: "x-6", Type: courses.ShortText, Key: []string{"kata sandi", "sandi"}},
	} {
		it.Stem, it.Why = both("Apa \"ini\"?"), both("Sebab.")
		j.Course.Items[it.ID] = &it
		j.Course.Modules[0].Quiz = append(j.Course.Modules[0].Quiz, it.ID)
	}
	return j
}

// serve gives out the files of a package, and what more says.
func serve(t *testing.T, files map[string][]byte, more *http.ServeMux) string {
	t.Helper()
	more.HandleFunc("GET /sco/{name}", func(w http.ResponseWriter, r *http.Request) {
		content, ok := files[r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(w, r, r.PathValue("name"), time.Time{}, strings.NewReader(string(content)))
	})
	s := httptest.NewServer(more)
	t.Cleanup(s.Close)
	return s.URL
}

// lms is a page of a learning system with the API of SCORM 1.2.
const lms = `<!doctype html><title>LMS</title><script>
var said = [], kept = {'cmi.core.lesson_status': 'not attempted'};
var API = {
  LMSInitialize: () => { said.push('init'); return 'true'; },
  LMSGetValue: (name) => kept[name] || '',
  LMSSetValue: (name, value) => { kept[name] = value; return 'true'; },
  LMSCommit: () => 'true',
  LMSFinish: () => { said.push('finish'); return 'true'; },
};
</script><iframe src="/sco/FILE" width="360" height="800"></iframe>`

func TestASCOTellsTheLearningSystem(t *testing.T) {
	files, _ := packed(t, pack.SCORM, everyType(job(t, "keamanan-siber", courses.Indonesian)))
	ctx := browser(t)
	for name := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		mux := http.NewServeMux()
		mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Replace(lms, "FILE", name, 1))
		})
		visit(ctx, t, serve(t, files, mux)+"/")
		until(ctx, t, `frames[0].document.getElementById('progress').textContent.includes('0 dari')`)
		said := eval[[]string](ctx, t, `frames[0].eval(`+quoted(answerAll)+`)`)
		kept := eval[map[string]string](ctx, t, `kept`)
		eval[string](ctx, t, `document.querySelector('iframe').src = 'about:blank'`)
		until(ctx, t, `said.includes('finish')`)
		after := eval[map[string]string](ctx, t, `kept`)
		if slices.ContainsFunc(said, func(s string) bool { return s != "Benar." }) || len(said) == 0 {
			t.Errorf("%s: the keys are answered with %q", name, said)
		}
		if kept["cmi.core.lesson_status"] != "completed" || kept["cmi.core.score.raw"] != "100" ||
			kept["cmi.core.score.max"] != "100" || kept["cmi.core.lesson_location"] == "" || len(kept["cmi.suspend_data"]) > 4096 {
			t.Errorf("%s: the learning system was told %v", name, kept)
		}
		if len(after["cmi.core.session_time"]) < len("0000:00:00") {
			t.Errorf("%s: the time is %q", name, after["cmi.core.session_time"])
		}
	}
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // a string can always be encoded
	return string(b)
}

// lrs is a learning record store with one launched session.
type lrs struct {
	mu    sync.Mutex
	said  []map[string]any
	state []byte
	fetch int
	wrong []string
}

func (l *lrs) mux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /fetch", func(w http.ResponseWriter, _ *http.Request) {
		l.fetch++
		_, _ = io.WriteString(w, `{"auth-token":"c2VjcmV0"}`)
	})
	mux.HandleFunc("/xapi/", func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if r.Header.Get("Authorization") != "Basic c2VjcmV0" || r.Header.Get("X-Experience-API-Version") != "1.0.3" {
			l.wrong = append(l.wrong, r.URL.Path)
		}
		l.answer(w, r)
	})
	return mux
}

func (l *lrs) answer(w http.ResponseWriter, r *http.Request) {
	switch q := r.URL.Query(); {
	case r.URL.Path == "/xapi/statements" && r.Method == http.MethodPut:
		var s map[string]any
		if json.NewDecoder(r.Body).Decode(&s) != nil || s["id"] != q.Get("statementId") {
			l.wrong = append(l.wrong, "statement")
		}
		l.said = append(l.said, s)
		w.WriteHeader(http.StatusNoContent)
	case r.URL.Path == "/xapi/agents/profile":
		http.NotFound(w, r)
	case q.Get("stateId") == "LMS.LaunchData":
		_, _ = io.WriteString(w, `{"contextTemplate":{"contextActivities":{"grouping":[{"id":"https://melek.example/au"}]},
			"extensions":{"https://w3id.org/xapi/cmi5/context/extensions/sessionid":"s1"}},"launchMode":"Normal","masteryScore":0.7}`)
	case r.Method == http.MethodPut:
		l.state, _ = io.ReadAll(r.Body)
	case l.state == nil:
		http.NotFound(w, r)
	default:
		_, _ = w.Write(l.state)
	}
}

// verbs are the last steps of the statements' verbs.
func (l *lrs) verbs() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, s := range l.said {
		id, _ := s["verb"].(map[string]any)["id"].(string)
		all = append(all, id[strings.LastIndexByte(id, '/')+1:])
	}
	return all
}

func TestAnAssignableUnitTellsTheLearningSystem(t *testing.T) {
	files, _ := packed(t, pack.CMI5, everyType(job(t, "keamanan-siber", courses.Indonesian)))
	store := &lrs{}
	address := serve(t, files, store.mux())
	launch := address + "/sco/01-akun-dan-perangkat.html?" + url.Values{"endpoint": {address + "/xapi/"}, "fetch": {address + "/fetch"},
		"actor": {`{"account":{"homePage":"https://lms.example","name":"p1"}}`}, "registration": {"6f3a1a3e-3c1c-4a5e-9a51-0d8b6f5f0a11"},
		"activityId": {"https://lms.example/au/1"}}.Encode()
	ctx := browser(t)
	for range 2 { // what was sent in one session is not sent again in the next
		before := len(store.verbs())
		visit(ctx, t, launch)
		until(ctx, t, `document.getElementById('progress').textContent !== ''`)
		eval[[]string](ctx, t, answerAll)
		if before == 0 {
			waitFor(t, store, len([]string{"initialized", "completed", "passed"}))
		}
		visit(ctx, t, "about:blank")
		waitFor(t, store, before+2)
	}
	want := []string{"initialized", "completed", "passed", "terminated", "initialized", "terminated"}
	waitFor(t, store, len(want))
	if got := store.verbs(); !reflect.DeepEqual(got, want) {
		t.Errorf("said %v, want %v", got, want)
	}
	if len(store.wrong) > 0 || store.fetch != 2 {
		t.Errorf("wrong requests %v, %d fetches", store.wrong, store.fetch)
	}
	for _, s := range store.said {
		text, _ := json.Marshal(s) // it has just been decoded
		for _, part := range []string{"context/categories/cmi5", `"sessionid":"s1"`, `"registration":"6f3a1a3e`, `"https://melek.example/au"`} {
			if !strings.Contains(strings.ReplaceAll(string(text), "https://w3id.org/xapi/cmi5/context/extensions/", ""), part) {
				t.Errorf("no %s in %s", part, text)
			}
		}
		result, judged := s["result"].(map[string]any)
		if moveOn := strings.Contains(string(text), "categories/moveon"); moveOn != (judged && (result["success"] != nil || result["completion"] != nil)) {
			t.Errorf("the category moveon is there: %v, in %s", moveOn, text)
		}
		if judged && result["duration"] == nil {
			t.Errorf("no duration in %s", text)
		}
	}
}

// waitFor waits until the store holds that many statements.
func waitFor(t *testing.T, store *lrs, n int) {
	t.Helper()
	for range 200 {
		if len(store.verbs()) >= n {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the store holds %v after a long wait", store.verbs())
}

// The script of a package marks as the program does.
func TestTheScriptMarksTheCommonExamples(t *testing.T) {
	text, err := os.ReadFile("../../testdata/marking.json")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := packed(t, pack.SCORM, job(t, "kota-cerdas", courses.Indonesian))
	ctx := browser(t)
	visit(ctx, t, serve(t, files, http.NewServeMux())+"/sco/01-apa-itu-kota-cerdas.html")
	until(ctx, t, `globalThis.melekMark`)
	wrong := eval[[]string](ctx, t, `(`+string(text)+`).filter((e) => {
		const type = e.type || (e.key.length > 1 ? 'several' : 'single');
		const item = { type, options: e.options, targets: e.targets, key: e.key, tolerance: e.tolerance };
		return melekMark(item, e.answer) !== e.marks || melekValid(item, e.answer) !== e.valid;
	}).map((e) => e.name)`)
	if len(wrong) > 0 {
		t.Errorf("marked otherwise: %q", wrong)
	}
}
