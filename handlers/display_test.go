package handlers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"melek/courses/record"
)

// rootClass is the class of <html>.
func (v *view) rootClass() string {
	class := ""
	each(v.root, func(n *html.Node) {
		if n.Data == "html" {
			class = attr(n, "class")
		}
	})
	return class
}

func TestAChosenDisplayStaysOnEveryPage(t *testing.T) {
	k := newKit(t)
	b := k.browser()
	b.open("/id/sign-in")
	b.click("Aa")
	if b.press("Pakai tampilan ini", "size=larger", "contrast=strong", "theme=dark"); b.status != http.StatusOK {
		t.Fatalf("choosing answers %d", b.status)
	}
	b.wants("Tersimpan")
	for _, address := range []string{b.path, "/id/", "/en/sign-in", "/id/nowhere"} {
		if got := b.open(address).rootClass(); got != "larger strong dark" {
			t.Errorf("%s has the class %q, want all three choices", address, got)
		}
	}
	b.open("/id/display?back=/sign-in")
	b.press("Pakai tampilan ini", "size=", "contrast=", "theme=")
	if b.click("Kembali ke halaman tadi"); b.path != "/id/sign-in" || b.rootClass() != "" {
		t.Errorf("back at %s with the class %q, want the sign-in page as usual", b.path, b.rootClass())
	}
	if _, kept := b.cookies["melek-display"]; kept {
		t.Error("the usual display needs no cookie, yet one is kept")
	}
}

func TestADisplayIsTakenFromKnownChoicesOnly(t *testing.T) {
	k := newKit(t)
	for _, tt := range []struct{ name, cookie, want string }{
		{"nothing chosen", "", ""},
		{"all chosen, in any order", "dark.large.strong", "large strong dark"},
		{"two of one kind", "light.dark", "light"},
		{"unknown words", "large.huge", "large"},
		{"an attempt at markup", `large"><script>`, ""},
	} {
		b := k.browser()
		b.cookies["melek-display"] = tt.cookie
		if got := b.open("/id/about").rootClass(); got != tt.want {
			t.Errorf("%s: class %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTheDisplayLeadsBackToOurPagesOnly(t *testing.T) {
	k := newKit(t)
	for back, want := range map[string]string{
		"/courses/x?y=1":       "/id/courses/x?y=1",
		"":                     "/id/",
		"//evil.example":       "/id//evil.example",
		"https://evil.example": "/id/",
		`/\evil.example`:       "/id/",
	} {
		b := k.browser()
		b.open("/id/display?back=" + url.QueryEscape(back))
		if got := attr(b.find("Kembali ke halaman tadi", "a"), "href"); got != want {
			t.Errorf("back to %q is %q, want %q", back, got, want)
		}
	}
}

// TestALessonIsDressedWithoutBeingMadeAgain asks for the lesson, which is kept compressed for everybody, with each
// look, and wants the same page but for the class, whole as a gzip stream and with an ETag of its own.
func TestALessonIsDressedWithoutBeingMadeAgain(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.takeTest(record.Pre, true)
	address := coursePath + "/modules/satu"
	plain := b.open(address).body
	if !strings.Contains(plain, `<html lang="id">`) {
		t.Fatalf("the lesson begins with %.80q", plain)
	}
	tags := map[string]string{}
	for _, look := range []string{"", "large", "larger", "strong", "light", "dark", "large.strong", "larger.strong.light"} {
		b.cookies["melek-display"] = look
		want := plain
		if look != "" {
			want = strings.Replace(plain, `<html lang="id">`,
				`<html lang="id" class="`+strings.ReplaceAll(look, ".", " ")+`">`, 1)
		}
		for _, encoding := range []string{"identity", "gzip"} {
			res, body := b.fetch(address, "Accept-Encoding", encoding)
			if body = unzipped(t, res, body); body != want {
				t.Errorf("%q as %s: %.120q", look, encoding, body)
			}
			etag := res.Header.Get("ETag")
			if other, taken := tags[etag]; taken && other != look {
				t.Errorf("%q has the ETag of %q", look, other)
			}
			tags[etag] = look
			if again, _ := b.fetch(address, "If-None-Match", etag); again.StatusCode != http.StatusNotModified {
				t.Errorf("%q asked again answers %d, want 304", look, again.StatusCode)
			}
		}
	}
}

// fetch asks once, with the browser's cookies and a header.
func (b *browser) fetch(address, name, value string) (*http.Response, string) {
	b.kit.t.Helper()
	req := httptest.NewRequest(http.MethodGet, address, nil)
	req.Header.Set(name, value)
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res := b.kit.send(req)
	return res, readAll(b.kit.t, res)
}

func unzipped(t *testing.T, res *http.Response, body string) string {
	t.Helper()
	if res.Header.Get("Content-Encoding") != "gzip" {
		return body
	}
	r, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Multistream(false)
	var plain bytes.Buffer
	if _, err := io.Copy(&plain, r); err != nil {
		t.Fatalf("the gzip stream is broken: %v", err)
	}
	return plain.String()
}

// TestTheDisplayOfAQuestionKeepsTheChoice goes from a question to the display and back with an answer chosen that is
// not sent yet.
func TestTheDisplayOfAQuestionKeepsTheChoice(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open(prePath)
	b.press("Mulai tes")
	question := b.path
	b.press("Aa", "chosen=b")
	b.press("Pakai tampilan ini", "size=large")
	b.click("Kembali ke halaman tadi")
	if !strings.HasPrefix(b.path, question) || b.rootClass() != "large" {
		t.Errorf("back at %s as %q, want %s in large letters", b.path, b.rootClass(), question)
	}
	chosen := ""
	each(b.root, func(n *html.Node) {
		if has(n, "checked") {
			chosen += attr(n, "value")
		}
	})
	if chosen != "b" {
		t.Errorf("chosen is %q, want b", chosen)
	}
}
