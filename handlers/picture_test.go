package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A lesson's picture is fetched by whoever sees the lesson, kept for ever, and harmless when opened by itself.
func TestALessonsPictureIsSent(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open("/id/courses/kota-cerdas")
	b.press("Mulai")
	b.open("/id/courses/kota-cerdas/test/pre")
	b.press("Mulai tes")
	b.open("/id/courses/kota-cerdas/test/pre/review")
	b.press("Kumpulkan tes")
	b.open("/id/courses/kota-cerdas/modules/dimensi-kota-cerdas")
	var address, alt string
	each(b.root, func(n *html.Node) {
		if n.Data == "img" && strings.HasPrefix(attr(n, "src"), "/pictures/") {
			address, alt = attr(n, "src"), attr(n, "alt")
		}
	})
	if address == "" || alt == "" {
		t.Fatalf("the lesson shows no picture:\n%s", b.body)
	}
	for _, encoding := range []string{"", "gzip"} {
		req := httptest.NewRequest(http.MethodGet, address, nil)
		req.Header.Set("Accept-Encoding", encoding)
		res := k.send(req)
		body := readAll(t, res)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/svg+xml" ||
			res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" ||
			res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Content-Encoding") != encoding ||
			res.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
			t.Errorf("%s is answered %d with %v", address, res.StatusCode, res.Header)
		}
		if encoding == "" && !strings.HasPrefix(body, "<svg ") {
			t.Errorf("the picture is %.80q", body)
		}
	}
	for _, other := range []string{"/pictures/kota-cerdas/000000000000/enam-dimensi.svg",
		strings.Replace(address, "kota-cerdas", "data-desa", 1)} {
		if res := k.send(httptest.NewRequest(http.MethodGet, other, nil)); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s is answered %d; want 404", other, res.StatusCode)
		}
	}
}
