package gate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/gate"
)

func both(text string) courses.Text { return courses.Text{ID: text, EN: text + " now"} }

// body is a lesson of 330 words in short sentences.
func body() string {
	sentence := "Kantor desa mencatat semua surat yang masuk setiap hari. " // nine words
	return "<h2>Ingat</h2>\n<p>" + strings.Repeat(sentence, 36) + "</p>\n<ul>\n<li>Catat surat masuk.</li>\n</ul>"
}

// sound is a course that the gate lets pass: two modules of four quiz items and two forms of eight.
func sound() *courses.Course {
	c := &courses.Course{ID: "contoh", Summary: both("Ringkasan"), Items: map[string]*courses.Item{}}
	letters := []string{"a", "b", "c", "d"}
	add := func(id, fact string, place int) string {
		it := &courses.Item{ID: id, Fact: fact, Pillar: "aman", Type: courses.Single, Stem: both("Tanya " + id + "?"),
			Key: []string{letters[place%4]}}
		for i, letter := range letters {
			it.Options = append(it.Options, courses.Option{ID: letter, Text: both(fmt.Sprintf("Pilihan %d", i))})
		}
		c.Items[id] = it
		return id
	}
	for m := 1; m <= 2; m++ {
		module := courses.Module{ID: fmt.Sprintf("modul-%d", m), Title: both("Judul"), Goal: both("Tujuan"),
			Body: courses.Text{ID: body(), EN: body()}}
		for f := 1; f <= 4; f++ {
			module.Quiz = append(module.Quiz, add(fmt.Sprintf("q-%d-%d", m, f), fmt.Sprintf("K1.M%d/F%d", m, f), f))
		}
		c.Modules = append(c.Modules, module)
	}
	c.Checks = []courses.Check{{Module: "modul-2", Note: both("Periksa")}}
	c.Anchors = []string{add("j", "K1.M1/F1", 0)}
	for _, form := range []string{"A", "B"} {
		items := []string{"j"}
		for n := 1; n < 8; n++ {
			items = append(items, add(fmt.Sprintf("%s-%d", strings.ToLower(form), n), fmt.Sprintf("K1.M%d/F1", 1+n%2), n))
		}
		c.Forms = append(c.Forms, courses.Form{ID: form, Items: items})
	}
	return c
}

func curriculum(t *testing.T) gate.Curriculum {
	t.Helper()
	c, err := gate.ReadCurriculum([]byte("module,facts,proposed,check\nK1.M1,4,,\nK1.M2,4,,Masa berlaku.\n"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASoundCoursePasses(t *testing.T) {
	if found := gate.Judge([]*courses.Course{sound()}, curriculum(t)); len(found) > 0 {
		t.Errorf("findings:\n%s\nwant none", gate.Strings(found))
	}
}

func TestEveryLawFindsWhatBreaksIt(t *testing.T) {
	setKeys := func(ids, keys string) func(*courses.Course) {
		return func(c *courses.Course) {
			for i, id := range strings.Fields(ids) {
				c.Items[id].Key = []string{string(keys[i])}
			}
		}
	}
	written := func(part, old, with string) func(*courses.Course) {
		return func(c *courses.Course) {
			for i := range c.Modules {
				if c.Modules[i].ID == part {
					c.Modules[i].Body.ID = strings.Replace(c.Modules[i].Body.ID, old, with, 1)
				}
			}
		}
	}
	long := strings.Repeat("kata ", 20) + "terakhir."
	tests := []struct {
		name  string
		spoil func(*courses.Course)
		want  string // "part: the beginning of the message"; more findings may stand beside it
	}{
		{"one form", func(c *courses.Course) { c.Forms = c.Forms[:1] }, "course: it has 1 forms and 1 anchors"},
		{"no anchors", func(c *courses.Course) { c.Anchors = nil }, "course: it has 2 forms and 0 anchors"},
		{"an anchor in a quiz", func(c *courses.Course) { c.Anchors = append(c.Anchors, "q-1-1") }, "q-1-1: the anchor stands"},
		{"a module without English", func(c *courses.Course) { c.Modules[0].Goal.EN = "" }, "modul-1: it is not whole in English"},
		{"options alike", func(c *courses.Course) { c.Items["q-1-1"].Options[2].Text.ID = "pilihan, 0" },
			"q-1-1: option c says in Indonesian what a says"},
		{"targets alike", func(c *courses.Course) {
			c.Items["a-1"].Targets = []courses.Option{{ID: "x", Text: both("Satu")}, {ID: "y", Text: both("Satu")}}
		}, "a-1: target y says in Indonesian what x says"},
		{"a stale part", func(c *courses.Course) { c.Stale = []string{"modul-2"} }, "modul-2: its English was not confirmed"},
		{"a paragraph that English lacks", written("modul-1", "<ul>", "<p>Lagi.</p><ul>"), "modul-1: from block 3 on"},
		{"a list that English has as a paragraph", written("modul-1", "<li>", "<p>"), "modul-1: from block 4 on"},
		{"a stem asked twice", func(c *courses.Course) { c.Items["q-2-1"].Stem.EN = "tanya q-1-1? NOW!" },
			"q-2-1: it asks in English what contoh/q-1-1 asks"},

		{"too few words", func(c *courses.Course) { c.Modules[0].Body = both("<p>Pendek.</p>") }, "modul-1: it has 1 words in Indonesian"},
		{"too many words", func(c *courses.Course) { c.Modules[0].Body.EN += body() }, "modul-1: it has 656 words in English"},
		{"long sentences throughout", func(c *courses.Course) {
			c.Modules[0].Body.ID = "<p>" + strings.Repeat(strings.Repeat("kata ", 13)+"akhir. ", 25) + "</p>"
		}, "modul-1: its sentences have 14.0 words in Indonesian on average"},
		{"long words throughout", func(c *courses.Course) {
			c.Modules[0].Body.ID = "<p>" + strings.Repeat("Pertanggungjawaban keuangan. ", 160) + "</p>"
		}, "modul-1: its words have 13.0 letters in Indonesian on average"},
		{"one long sentence in a lesson", written("modul-1", "<li>", "<li>"+long+" "), "modul-1: its text has a sentence of 21 words"},
		{"one long sentence in a why", func(c *courses.Course) { c.Items["q-1-1"].Options[0].Why.ID = long },
			"q-1-1: its why of a has a sentence of 21 words"},
		{"one long sentence in a check", func(c *courses.Course) { c.Checks[0].Note.ID = long }, "course: its check 1 has a sentence"},

		{"a letter that is no key of a quiz", setKeys("q-1-1", "a"), "modul-1: no key of its quiz stands at place 2"},
		{"one letter too often in a form", setKeys("a-1 a-3", "aa"), "A: 4 of 8 keys stand at place 1"},
		{"a letter that is no key of a form", setKeys("a-1 a-5", "ac"), "A: 0 of 8 keys stand at place 2"},
		{"four keys in a row", setKeys("a-1 a-2 a-3", "aaa"), "a-3: it is the key number 4 in a row at place 1 of form A"},
		{"keys that are the longest", func(c *courses.Course) {
			for _, id := range []string{"a-1", "a-2", "a-3", "a-4"} {
				key := strings.Index("abcd", c.Items[id].Key[0])
				c.Items[id].Options[key].Text.ID += " yang panjang"
			}
		}, "A: the right option is the longest in 4 of 8 items in Indonesian"},
		{"keys that are the shortest", func(c *courses.Course) {
			for _, id := range []string{"b-1", "b-2", "b-3", "b-4"} {
				key := strings.Index("abcd", c.Items[id].Key[0])
				c.Items[id].Options[key].Text.EN = "No"
			}
		}, "B: the right option is the shortest in 4 of 8 items in English"},
		{"statements that are all true", func(c *courses.Course) {
			for _, id := range []string{"a-1", "a-2", "a-3", "a-4"} {
				c.Items[id].Type, c.Items[id].Key = courses.TrueFalse, []string{courses.True}
			}
		}, "A: 4 of 4 statements are true"},
		{"forms of other pillars", func(c *courses.Course) { c.Items["b-2"].Pillar = "etika" },
			"b-2: it is number 3 of form B as a-2 is of form A"},
		{"forms of other modules", func(c *courses.Course) { c.Items["b-2"].Fact = "K1.M2/F1" },
			"b-2: it is number 3 of form B as a-2 is of form A"},
		{"a match in the order of its options", func(c *courses.Course) {
			it := c.Items["a-1"]
			it.Type, it.Key = courses.Match, []string{"a=w", "b=x", "c=y", "d=z"}
			for _, id := range []string{"w", "x", "y", "z"} {
				it.Targets = append(it.Targets, courses.Option{ID: id, Text: both(id)})
			}
		}, "a-1: its targets stand in the order of its options"},

		{"a link without a scheme", written("modul-1", "Catat", `<a href="/kursus">Catat</a>`), "modul-1: its link \"/kursus\""},
		{"a link that is not encrypted", written("modul-1", "Catat", `<a href="http://desa.id/">Catat</a>`), "modul-1: its link"},

		{"a picture in too few words", written("modul-1", "Catat", `<img src="a.svg" alt="Gambar">Catat`),
			"modul-1: a picture has 1 words in Indonesian: Gambar"},
		{"a picture in one language", func(c *courses.Course) {
			for _, body := range []*string{&c.Modules[0].Body.ID, &c.Modules[0].Body.EN} {
				*body += `<p><img src="a.svg" alt="Dua salinan di dua tempat"></p>`
			}
		}, "modul-1: two pictures have the same words: Dua salinan"},

		{"a fact that the curriculum lacks", func(c *courses.Course) { c.Items["a-1"].Fact = "K1.M1/F5" }, "a-1: there is no fact"},
		{"a module that the curriculum lacks", func(c *courses.Course) { c.Items["a-1"].Fact = "K9.M9/F1" }, "a-1: there is no fact"},
		{"a fact asked twice in a quiz", func(c *courses.Course) { c.Items["q-1-2"].Fact = "K1.M1/F1" },
			"q-1-2: its quiz asks about K1.M1/F1 in q-1-1 already"},
		{"a fact of another module in a quiz", func(c *courses.Course) { c.Items["q-1-2"].Fact = "K1.M2/F2" },
			"q-1-2: it asks about K1.M2 in the quiz of K1.M1"},
		{"a marked module without a check", func(c *courses.Course) { c.Checks = nil },
			"modul-2: the curriculum marks 1 things for the office to verify and it has 0: Masa berlaku."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := sound()
			tt.spoil(c)
			found := gate.Strings(gate.Judge([]*courses.Course{c}, curriculum(t)))
			if !strings.Contains(found, "contoh: "+tt.want) {
				t.Errorf("findings:\n%s\nwant %q", found, tt.want)
			}
		})
	}
}

func TestItemsAreComparedAcrossCourses(t *testing.T) {
	first, second := sound(), sound()
	second.ID = "lain"
	for id, it := range second.Items {
		if it.Stem = both("Apa " + id + "?"); id == "a-1" {
			it.Stem = first.Items["q-1-1"].Stem
		}
	}
	found := gate.Strings(gate.Judge([]*courses.Course{first, second}, curriculum(t)))
	want := "lain: a-1: it asks in Indonesian what contoh/q-1-1 asks; write another situation\n" +
		"lain: a-1: it asks in English what contoh/q-1-1 asks; write another situation"
	if found != want {
		t.Errorf("findings:\n%s\nwant\n%s", found, want)
	}
}

// A course of an operator's own has facts of its own, or none.
func TestFactsThatAreNotTheCurriculumsAreNoMatterOfIt(t *testing.T) {
	c := sound()
	for _, it := range c.Items {
		it.Fact = strings.Replace(it.Fact, "K1.", "kita-", 1)
	}
	c.Items["j"].Fact, c.Checks = "", nil
	c.Forms[0].Items, c.Forms[1].Items = c.Forms[0].Items[1:], c.Forms[1].Items[1:]
	if found := gate.Judge([]*courses.Course{c}, curriculum(t)); len(found) > 0 {
		t.Errorf("findings:\n%s\nwant none", gate.Strings(found))
	}
}

func TestUntaughtSubjects(t *testing.T) {
	c := sound()
	if got := curriculum(t).Untaught([]*courses.Course{c}); len(got) != 0 {
		t.Errorf("untaught = %v; want none", got)
	}
	c.Modules = c.Modules[:1]
	if got := curriculum(t).Untaught([]*courses.Course{c}); !slices.Equal(got, []string{"K1.M2"}) {
		t.Errorf("untaught = %v; want K1.M2", got)
	}
}

func TestTheShippedCurriculumIsWhole(t *testing.T) {
	c := gate.Shipped()
	if len(c) != 36 || c["K6.M4"].Proposed[0] != "F3" || len(c["K3.M4"].Checks) != 2 || c["K3.M3"].Facts != 7 {
		t.Errorf("the curriculum has %d subjects: %+v", len(c), c)
	}
	for _, text := range []string{"module,facts,proposed,check\nK1.M1,many,,\n", "module,facts,proposed,check\nK1.M1,6\n",
		"module,facts,proposed,check\nK1.M1,0,,\n"} {
		if _, err := gate.ReadCurriculum([]byte(text)); err == nil {
			t.Errorf("%q is a curriculum", text)
		}
	}
}

func TestLevelOf(t *testing.T) {
	got := gate.LevelOf("<h2>Dua kata</h2><p>Satu kalimat yang pendek. “Lagi?” (Ya.)</p><ul><li>3 × 4 – ok</li></ul>")
	want := gate.Level{Words: 11, Sentences: 5, Longest: 4}
	if got.Words != want.Words || got.Sentences != want.Sentences || got.Longest != want.Longest {
		t.Errorf("LevelOf = %+v; want %+v", got, want)
	}
	if empty := gate.LevelOf("<p>–</p>"); empty != (gate.Level{}) {
		t.Errorf("level of nothing = %+v", empty)
	}
}

// A text has as many words as its sentences have together, however it is cut.
func TestLevelsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,9}( [a-z]{1,9}){0,6}[.?!]`), 1, 9).Draw(t, "sentences")
		whole := gate.LevelOf("<p>" + strings.Join(all, " ") + "</p>")
		parts := gate.LevelOf("<ul><li>" + strings.Join(all, "</li><li>") + "</li></ul>")
		if whole != parts || whole.Sentences != len(all) {
			t.Fatalf("as one paragraph %+v, as a list %+v, of %d sentences", whole, parts, len(all))
		}
	})
}

func TestDocumentTellsOfEveryCourse(t *testing.T) {
	c := sound()
	c.Title, c.Stale = both("Judul"), []string{"modul-2"}
	text := gate.Document([]*courses.Course{c})
	for _, want := range []string{"| Judul now (`contoh`) | 2 | 656 / 656 | 8 | 15 | 2 | 1 | 1 |",
		"| All | 2 | 656 / 656 | 8 | 15 | 2 | 1 | 1 |", "| Judul now | 328 / 328 |", "Stale: modul-2.", "| `single` | 23 |"} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %q:\n%s", want, text)
		}
	}
	if text != gate.Document([]*courses.Course{c}) {
		t.Error("the same courses give another document")
	}
}
