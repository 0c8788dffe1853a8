package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestTheGlossaryIsOpenToAll(t *testing.T) {
	k := newKit(t)
	b := k.browser()
	b.open("/id/")
	b.click("Istilah")
	b.wants("Arti kata", "persetujuan", "Izin dari subjek data")
	if b.status != http.StatusOK || strings.Index(b.text(), "aduan") > strings.Index(b.text(), "tes awal") {
		t.Errorf("%d, or the words are in no order:\n%s", b.status, b.text())
	}
	b.click("English")
	b.wants("Glossary", "consent", "The permission of the data subject")
}

// Every explained word of a lesson leads to its meaning on the same page, and back.
func TestALessonExplainsItsWords(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open("/id/courses/pelindungan-data")
	b.press("Mulai")
	b.open("/id/courses/pelindungan-data/test/pre")
	b.press("Mulai tes")
	b.open("/id/courses/pelindungan-data/test/pre/review")
	b.press("Kumpulkan tes")
	for _, lang := range []string{"id", "en"} {
		b.open("/" + lang + "/courses/pelindungan-data/modules/data-dan-para-pihak")
		ids := map[string]int{}
		var links []string
		each(b.root, func(n *html.Node) {
			if id := attr(n, "id"); id != "" {
				ids[id]++
			}
			if to, here := strings.CutPrefix(attr(n, "href"), "#"); here && n.Data == "a" {
				links = append(links, to)
			}
		})
		if len(links) < 7 || ids["istilah-pengendali-data"] != 1 || ids["kata-pengendali-data"] != 1 {
			t.Errorf("%s: %d links within the page; the data controller is marked %d times and explained %d times", lang,
				len(links), ids["kata-pengendali-data"], ids["istilah-pengendali-data"])
		}
		for _, to := range links {
			if ids[to] != 1 {
				t.Errorf("%s: a link leads to #%s, which is there %d times", lang, to, ids[to])
			}
		}
	}
}
