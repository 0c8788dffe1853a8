package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// chromium finds the browser; where there is none the test skips with the reason, or fails in CI.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium on the path")
	}
	t.Skip("no Chromium on the path")
	return ""
}

// simulation is a demo that runs as a process of its own.
type simulation struct {
	address  string
	accounts map[string]account // by role
	tokens   map[string]string  // by role
	command  []string           // the report on the command line: MELEK_DATA and arguments
	binary   string
	hallCode string // of the workshop of today
}

type account struct{ id, secret string }

var (
	addressLine = regexp.MustCompile(`Melek is at (\S+)`)
	accountLine = regexp.MustCompile(`^ACCOUNT (\S+) (\S+) (".*")$`)
	hallLine    = regexp.MustCompile(`^WORKSHOP CODE (\S+)`)
	tokenLine   = regexp.MustCompile(`^TOKEN (\S+) (\S+)$`)
	reportLine  = regexp.MustCompile(`^(MELEK_DATA=\S+) .* (report gains .*)$`)
)

// startDemo builds the program and runs its demo on a free port until the test ends.
func startDemo(t *testing.T, people int) *simulation {
	t.Helper()
	s := &simulation{accounts: map[string]account{}, tokens: map[string]string{},
		binary: filepath.Join(t.TempDir(), "melek")}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", s.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), s.binary, "demo", "--port", "0", "--host", "127.0.0.1",
		"--people", strconv.Itoa(people))
	read, write := io.Pipe()
	log := &bytes.Buffer{}
	var mu sync.Mutex
	cmd.Stdout, cmd.Stderr = write, write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		_ = write.Close()
		mu.Lock()
		if strings.Contains(log.String(), `"no wording"`) {
			t.Error("a page had no wording for something")
		}
		if t.Failed() {
			t.Logf("the demo said:\n%s", log)
		}
		mu.Unlock()
	})
	ready := make(chan struct{})
	go func() {
		var once sync.Once
		lines := bufio.NewScanner(read)
		for lines.Scan() {
			mu.Lock()
			log.WriteString(lines.Text() + "\n")
			mu.Unlock()
			if s.read(lines.Text()) {
				once.Do(func() { close(ready) })
			}
		}
	}()
	select {
	case <-ready:
	case <-time.After(3 * time.Minute):
		t.Fatal("the demo did not start")
	}
	s.wait(t)
	return s
}

// read takes in a line of the demo's output and reports whether it was the last one that is needed.
func (s *simulation) read(line string) bool {
	if m := addressLine.FindStringSubmatch(line); m != nil {
		s.address = strings.Replace(m[1], "localhost", "127.0.0.1", 1)
	}
	if m := accountLine.FindStringSubmatch(line); m != nil {
		secret, _ := strconv.Unquote(m[3])
		s.accounts[m[1]] = account{m[2], secret}
	}
	if m := hallLine.FindStringSubmatch(line); m != nil {
		s.hallCode = m[1]
	}
	if m := tokenLine.FindStringSubmatch(line); m != nil {
		s.tokens[m[1]] = m[2]
	}
	if m := reportLine.FindStringSubmatch(line); m != nil {
		s.command = append([]string{m[1]}, strings.Fields(m[2])...)
		return true
	}
	return false
}

func (s *simulation) wait(t *testing.T) {
	t.Helper()
	for range 100 {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.address+"/readyz", nil)
		if err != nil {
			t.Fatal(err)
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the demo does not answer")
}

// browser is one tab in a headless Chromium with a profile of its own.
type browser struct {
	t       *testing.T
	ctx     context.Context //nolint:containedctx // chromedp's handle of a tab is its context
	address string
	axe     string // the source of axe-core, where the test looks with it

	seen   map[string]bool   // kinds of pages that were looked at
	linked map[string]string // an address of each kind of page that they link to
}

// patience is how long one step in the browser may take.
const patience = 30 * time.Second

// open starts a browser at a phone's width, with or without script.
func (s *simulation) open(t *testing.T, script bool) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(t.TempDir()))
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, address: s.address}
	must(t, chromedp.Do(ctx, chromedp.Navigate("about:blank"))) // without a limit: it starts the browser
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: !script})
		return err
	}))
	b.width(360)
	return b
}

// do takes steps in the browser.
func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.check("step", chromedp.Do(ctx, steps...))
}

// check fails the test with the page's address and text where a step did not succeed in time.
func (b *browser) check(what string, err error) {
	b.t.Helper()
	if err != nil {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		defer cancel()
		at, _ := chromedp.Run(ctx, chromedp.Location())
		text, _ := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("body")))
		b.t.Fatalf("%s at %s: %v\n%s", what, at, err, text)
	}
}

// find returns what an action finds.
func find[T any](b *browser, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	found, err := chromedp.Run(ctx, action)
	b.check(what, err)
	return found
}

func (b *browser) width(pixels int64) {
	b.do(chromedp.EmulateViewport(pixels, 780, chromedp.EmulateScale(2)))
}

// visit opens a page and fails where it is not there to be seen.
func (b *browser) visit(path string) {
	b.t.Helper()
	b.follow("visit "+path, chromedp.Navigate(b.address+path))
}

// press clicks and waits for the page that follows.
func (b *browser) press(selector string) {
	b.t.Helper()
	b.follow("press "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// submit clicks and waits for the page that follows, which answers with the status.
func (b *browser) submit(status int64, selector string) {
	b.t.Helper()
	b.land(status, chromedp.Click(chromedp.CSS(selector)))
}

func (b *browser) follow(what string, step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.arrive(what, http.StatusOK, step)
}

// land takes a step that leads to a page with the status.
func (b *browser) land(status int64, step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.arrive("land", status, step)
}

func (b *browser) arrive(what string, status int64, step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, step)
	b.check(what, err)
	if response.Status != status {
		b.check(what, fmt.Errorf("status %d, want %d", response.Status, status))
	}
}

func (b *browser) fill(selector, text string) { b.do(chromedp.SendKeys(chromedp.CSS(selector), text)) }

// choose takes an option of a list.
func (b *browser) choose(selector, value string) {
	b.do(chromedp.SetValue(chromedp.CSS(selector), value))
}

func (b *browser) click(selector string) { b.do(chromedp.Click(chromedp.CSS(selector))) }

// has reports whether the page holds an element.
func (b *browser) has(selector string) bool {
	return find(b, "look for "+selector,
		chromedp.Evaluate[bool]("document.querySelector("+strconv.Quote(selector)+") !== null"))
}

func (b *browser) text(selector string) string {
	return find(b, "read "+selector, chromedp.Text(chromedp.CSS(selector)))
}

// path is where the browser is, below the program's address.
func (b *browser) path() string {
	return strings.TrimPrefix(find(b, "address", chromedp.Location()), b.address)
}

// fits fails the test where the page is wider than the screen.
func (b *browser) fits() {
	b.t.Helper()
	over := find(b, "measure", chromedp.Evaluate[int](
		"document.documentElement.scrollWidth - document.documentElement.clientWidth"))
	if over > 0 {
		b.t.Errorf("%s is %d pixels wider than the screen", b.path(), over)
	}
}

// enter signs in as somebody else in the same tab.
func (b *browser) enter(who string, as account) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
	b.visit("/id/sign-in")
	b.fill("#name", as.id)
	b.fill("#secret", as.secret)
	b.press("main form .button.big")
	if strings.HasPrefix(b.path(), "/id/sign-in") {
		b.t.Fatalf("%s does not get in", who)
	}
	b.readNotice()
}

// choosePIN chooses the PIN of everybody in these tests, on the page where it is asked for.
func (b *browser) choosePIN() {
	b.t.Helper()
	b.fill("#pin", "270591")
	b.fill("#again", "270591")
	b.press("main form .button.big")
	b.readNotice()
}

// readNotice acknowledges the notice that people are led to once.
func (b *browser) readNotice() {
	b.t.Helper()
	if strings.Contains(b.path(), "/privacy") {
		b.fits()
		b.press("main form .button.big")
	}
}

// picture keeps a picture of what the screen shows in the folder that MELEK_PICTURES names.
func (b *browser) picture(name string) { b.keep("MELEK_PICTURES", name, chromedp.CaptureScreenshot()) }

// poster keeps a picture of the whole page, for whoever wants to look at them all, in the folder that MELEK_POSTERS
// names.
func (b *browser) poster(name string) { b.keep("MELEK_POSTERS", name, chromedp.FullScreenshot(100)) }

func (b *browser) keep(variable, name string, take chromedp.Action[[]byte]) {
	folder := os.Getenv(variable)
	if folder == "" {
		return
	}
	png := find(b, "picture", take)
	must(b.t, os.WriteFile(filepath.Join(folder, name+".png"), png, 0o600))
}
