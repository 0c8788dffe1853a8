package content_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/content"
)

func bracketed(t content.Term, word string) string { return "[" + t.ID + ":" + word + "]" }

func TestExplainMarksAWordWhereItStandsFirst(t *testing.T) {
	tests := []struct {
		name string
		lang courses.Lang
		body string
		want string
	}{
		{"once", courses.Indonesian, "<p>Minta persetujuan. Persetujuan dicatat.</p>",
			"<p>Minta [persetujuan:persetujuan]. Persetujuan dicatat.</p>"},
		{"a capital letter", courses.Indonesian, "<p>Persetujuan dicatat.</p>", "<p>[persetujuan:Persetujuan] dicatat.</p>"},
		{"the longest word", courses.Indonesian, "<p>Tarik persetujuan bagi pelindungan data pribadi.</p>",
			"<p>[tarik-persetujuan:Tarik persetujuan] bagi [pelindungan-data-pribadi-pdp:pelindungan data pribadi].</p>"},
		{"a short form", courses.Indonesian, "<p>BPD dan Badan Permusyawaratan Desa</p>",
			"<p>[badan-permusyawaratan-desa-bpd:BPD] dan Badan Permusyawaratan Desa</p>"},
		{"no part of a word", courses.Indonesian, "<p>Persetujuannya, pengaduan, keluring</p>",
			"<p>Persetujuannya, pengaduan, keluring</p>"},
		{"not in headings, links and code", courses.Indonesian,
			"<h2>Luring</h2><p><a href=\"https://x.id/\">luring</a> <code>luring</code></p><table><tr><th>luring</th><td>luring</td></tr></table>",
			"<h2>Luring</h2><p><a href=\"https://x.id/\">luring</a> <code>luring</code></p>" +
				"<table><tr><th>luring</th><td>[luring:luring]</td></tr></table>"},
		{"within emphasis", courses.Indonesian, "<p><em>daring</em> &amp; luring</p>",
			"<p><em>[daring:daring]</em> &amp; [luring:luring]</p>"},
		{"a word that is only in the glossary", courses.Indonesian, "<p>kabupaten</p>", "<p>kabupaten</p>"},
		{"English and its plural", courses.English, "<p>Complaints and data subjects; a complaint.</p>",
			"<p>[aduan:Complaints] and [subjek-data:data subjects]; a complaint.</p>"},
		{"nothing of the other language", courses.English, "<p>persetujuan</p>", "<p>persetujuan</p>"},
		{"a picture between words", courses.Indonesian, "<p>luring <img src=\"a.svg\" alt=\"daring\"> daring</p>",
			"<p>[luring:luring] <img src=\"a.svg\" alt=\"daring\"> [daring:daring]</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := content.Explain(tt.body, tt.lang, bracketed); got != tt.want {
				t.Errorf("Explain = %s\nwant      %s", got, tt.want)
			}
		})
	}
}

// Whatever the text is, marking takes nothing away and adds only marks, one for each word that is told of.
func TestExplainKeepsTheText(t *testing.T) {
	mark := regexp.MustCompile(`\x01[^\x02]*\x02([^\x03]*)\x03`)
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.OneOf(rapid.SampledFrom([]string{"<p>", "</p>", "<em>", "</em>", "<h2>x</h2>", "<br>", " ", ". ",
			"luring", "Daring", "persetujuan", "data pribadi", "pelindungan data pribadi", "BPD", "online", "consent"}),
			rapid.StringMatching(`[a-zA-Z ]{0,6}`))
		body := strings.Join(rapid.SliceOfN(part, 0, 20).Draw(t, "parts"), "")
		lang := rapid.SampledFrom(courses.Langs).Draw(t, "lang")
		got, met := content.Explain(body, lang, func(term content.Term, word string) string {
			return "\x01" + term.ID + "\x02" + word + "\x03"
		})
		if bare := mark.ReplaceAllString(got, "$1"); bare != body {
			t.Fatalf("without its marks the text is %q; want %q", bare, body)
		}
		var ids []string
		for _, term := range met {
			ids = append(ids, term.ID)
		}
		slices.Sort(ids)
		if n := strings.Count(got, "\x01"); n != len(met) || len(slices.Compact(ids)) != n {
			t.Fatalf("%d marks and the words %v; want one of each", n, ids)
		}
	})
}

func TestTheGlossaryIsWhole(t *testing.T) {
	all := content.Glossary()
	if len(all) != 60 {
		t.Errorf("the glossary has %d words; want the 60 of its file", len(all))
	}
	for _, term := range all {
		for _, lang := range courses.Langs {
			if n := len(strings.Fields(term.Meaning.In(lang))); n < 3 || n > 40 || !strings.HasSuffix(term.Meaning.In(lang), ".") {
				t.Errorf("%s is explained in %s by %q; want a sentence or two", term.ID, lang, term.Meaning.In(lang))
			}
		}
	}
	const header = "id_term,en_term,ui_note,mark,id_meaning,en_meaning\n"
	for _, rows := range []string{"luring,offline,,,Tanpa internet.\n", "luring,offline,,y,,Offline.\n", "luring,,,,a,b\n",
		"luring,offline,,,a,b\nLuring,off line,,,a,b\n", "\"luring\n"} {
		if _, err := content.ReadGlossary([]byte(header + rows)); err == nil {
			t.Errorf("%q is a glossary", rows)
		}
	}
	if terms, err := content.ReadGlossary(nil); err != nil || len(terms) != 0 {
		t.Errorf("an empty glossary = %v, %v", terms, err)
	}
}
