package content_test

import (
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"melek/courses"
	"melek/courses/content"
)

func TestLoadReadsEverything(t *testing.T) {
	c, err := content.Load(example(), "contoh")
	if err != nil {
		t.Fatal(err)
	}
	option := func(item, id string, why bool) courses.Option {
		o := courses.Option{ID: id, Text: courses.Text{ID: item + " " + id, EN: item + "-" + id}}
		if why {
			o.Why = courses.Text{ID: "Sebab " + item + " " + id, EN: "Why " + item + " " + id}
		}
		return o
	}
	body := courses.Text{ID: "<p>Teks <em>pendek</em>.</p>\n<h2>Ingat</h2>\n<ul>\n<li>Satu</li>\n</ul>"}
	body.EN = body.ID
	want := &courses.Course{ID: "contoh", Version: c.Version, Pillar: "aman",
		Title:    courses.Text{ID: "Contoh", EN: "Example"},
		Summary:  courses.Text{ID: "Ringkasan", EN: "Summary"},
		PassMark: 70, MinutesPerItem: 1.5,
		Modules: []courses.Module{
			{ID: "satu", Title: courses.Text{ID: "Modul satu", EN: "Module one"},
				Goal: courses.Text{ID: "Tujuan satu", EN: "Goal one"}, Body: body, Quiz: []string{"q-1", "q-2"}},
			{ID: "dua", Title: courses.Text{ID: "Modul dua", EN: "Module two"},
				Goal: courses.Text{ID: "Tujuan dua", EN: "Goal two"}, Body: body, Quiz: []string{"q-3"}}},
		Forms:   []courses.Form{{ID: "A", Items: []string{"a-1", "j-1"}}, {ID: "B", Items: []string{"b-1", "j-1"}}},
		Anchors: []string{"j-1"},
		Checks:  []courses.Check{{Module: "dua", Note: courses.Text{ID: "Periksa", EN: "Verify"}}},
		Stale:   []string{"course", "satu", "dua", "a-1", "b-1", "j-1", "q-1", "q-2", "q-3"},
		Items:   map[string]*courses.Item{}}
	for _, id := range []string{"q-1", "q-2", "q-3", "a-1", "b-1", "j-1"} {
		why := id[0] == 'q'
		want.Items[id] = &courses.Item{ID: id, Fact: "F/" + id, Pillar: "aman", Type: courses.Single,
			Stem:    courses.Text{ID: "Tanya " + id + "?", EN: "Ask " + id + "?"},
			Options: []courses.Option{option(id, "a", why), option(id, "b", why)}, Key: []string{"b"}}
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("Load = %+v\nwant %+v", c, want)
	}
}

func TestLoadAccepts(t *testing.T) {
	tests := []struct {
		name, file, old, with string
		want                  func(*courses.Course) bool
	}{
		{"several right options", "items.yaml", "key: b", "key: [a, b]",
			func(c *courses.Course) bool { return c.Items["q-1"].Several() }},
		{"an item of another pillar", "items.yaml", "fact: F/q-1", "pillar: etika",
			func(c *courses.Course) bool {
				return c.Items["q-1"].Pillar == "etika" && c.Items["q-2"].Pillar == "aman"
			}},
		{"a withdrawn item", "items.yaml", "fact: F/a-1", "withdrawn: \"Ambigu\"",
			func(c *courses.Course) bool { return c.Items["a-1"].Withdrawn == "Ambigu" }},
		{"a withdrawn item that is used nowhere", "items.yaml", "items:\n", "items:\n" +
			"  - id: x-1\n    withdrawn: Kunci salah\n    stem: {id: x, en: x}\n" +
			"    options: [{id: a, text: {id: x, en: x}}, {id: b, text: {id: y, en: y}}]\n    key: a\n",
			func(c *courses.Course) bool { return c.Items["x-1"] != nil }},
		{"a folded text", "course.yaml", "  id: \"Ringkasan\"\n", "  id: >\n    Ringkasan\n    panjang\n",
			func(c *courses.Course) bool { return c.Summary.ID == "Ringkasan panjang" }},
		{"a number as text", "course.yaml", `en: "Example"`, "en: 2019",
			func(c *courses.Course) bool { return c.Title.EN == "2019" }},
		{"a pass mark of 0", "course.yaml", "pass_mark: 70", "pass_mark: 0",
			func(c *courses.Course) bool { return c.PassMark == 0 }},
		{"no anchors among two forms", "course.yaml", "anchors: [j-1]\nforms:\n  - id: A\n    items: [a-1, j-1]\n" +
			"  - id: B\n    items:\n      - b-1\n      - j-1\n", "forms:\n  - id: A\n    items: [a-1, j-1, b-1]\n",
			func(c *courses.Course) bool { return len(c.Anchors) == 0 }},
		{"nothing to check", "course.yaml", "check:\n  - module: dua\n    note: {id: \"Periksa\", en: \"Verify\"}\n", "",
			func(c *courses.Course) bool { return len(c.Checks) == 0 }},
		{"a title with marks and entities", "01-satu.en.md", "# Module one", "# *One* & `two` &lt; 3 \"q\"",
			func(c *courses.Course) bool { return c.Modules[0].Title.EN == `One & two < 3 "q"` }},
		{"a table", "01-satu.en.md", "## Ingat", "| a | b |\n|---|--:|\n| 1 | 2 |\n\n## Ingat",
			func(c *courses.Course) bool {
				return strings.Contains(c.Modules[0].Body.EN, "<th>a</th>\n<th align=\"right\">b</th>")
			}},
		{"a link to a page", "01-satu.en.md", "## Ingat", "[a](https://example.org/)\n",
			func(c *courses.Course) bool {
				return strings.Contains(c.Modules[0].Body.EN, `<a href="https://example.org/" rel="nofollow">a</a>`)
			}},
		{"a link that would run a script, without its address", "01-satu.en.md", "## Ingat", "[a](javascript:x)\n",
			func(c *courses.Course) bool { return !strings.Contains(c.Modules[0].Body.EN, "javascript") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := content.Load(changed(t, tt.file, tt.old, tt.with), "contoh")
			if err != nil {
				t.Fatal(err)
			}
			if !tt.want(c) {
				t.Errorf("Load = %+v", c)
			}
		})
	}
}

func TestLoadAcceptsATestWithoutModules(t *testing.T) {
	files := fstest.MapFS{
		"tes/course.yaml": {Data: []byte("id: tes\npillar: aman\ntitle: {id: T, en: T}\nsummary: {id: S, en: S}\n" +
			"pass_mark: 70\nminutes_per_item: 1\nforms: [{id: A, items: [x]}]\n")},
		"tes/items.yaml": {Data: []byte("items:\n  - id: x\n    stem: {id: x, en: x}\n" +
			"    options: [{id: a, text: {id: x, en: x}}, {id: b, text: {id: y, en: y}}]\n    key: a\n")},
	}
	if _, err := content.Load(files, "tes"); err != nil {
		t.Error(err)
	}
}

func TestLoadOfNoFolder(t *testing.T) {
	_, err := content.Load(example(), "lain")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Load of a folder that is not there = %v; want fs.ErrNotExist", err)
	}
}

func TestLoadOfTheFolderItself(t *testing.T) {
	sub, err := fs.Sub(example(), "contoh")
	if err != nil {
		t.Fatal(err)
	}
	c, err := content.Load(sub, ".")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := content.Load(example(), "contoh")
	if err != nil || c.Version != whole.Version {
		t.Errorf("version of the folder itself = %s; want that of the folder by name, %s (%v)", c.Version,
			whole.Version, err)
	}
}

func TestVersion(t *testing.T) {
	version := func(files fs.FS) string {
		t.Helper()
		c, err := content.Load(files, "contoh")
		if err != nil {
			t.Fatal(err)
		}
		return c.Version
	}
	want := version(example())
	if len(want) != 12 || strings.Trim(want, "0123456789abcdef") != "" {
		t.Errorf("version %q is not 12 hexadecimal digits", want)
	}

	windows := example()
	for name, f := range windows {
		windows[name] = &fstest.MapFile{Data: []byte("\ufeff" + strings.ReplaceAll(string(f.Data), "\n", "\r\n"))}
	}
	windows["contoh/.DS_Store"] = &fstest.MapFile{Data: []byte{0, 1, 0xff}}
	if got := version(windows); got != want {
		t.Errorf("version with the line ends of another system = %s; want %s", got, want)
	}

	for _, tt := range []struct{ name, file, old, with string }{
		{"another word in a lesson", "02-dua.en.md", "Satu", "Dua"},
		{"another key", "items.yaml", "key: b", "key: a"},
		{"a comment", "course.yaml", "id: contoh", "id: contoh # baru"},
	} {
		if got := version(changed(t, tt.file, tt.old, tt.with)); got == want {
			t.Errorf("%s has not changed the version", tt.name)
		}
	}
}

func TestItemsAreReadApartFromTheirCourse(t *testing.T) {
	items, err := content.ReadItems("contoh", itemsYAML())
	if err != nil || len(items) != 6 || items[0].ID != "q-1" || items[5].ID != "j-1" {
		t.Errorf("%d items, %v", len(items), err)
	}
	untranslated := strings.Replace(itemsYAML(), `en: "Ask q-2?"`, `en: ""`, 1)
	items, err = content.ReadItems("contoh", untranslated)
	if !errors.Is(err, courses.Invalid) || !strings.Contains(err.Error(), "contoh/items.yaml:15: stem of q-2 has no English") {
		t.Errorf("what is missing is told as %v", err)
	}
	if len(items) != 6 || items[1].Stem.ID != "Tanya q-2?" {
		t.Errorf("%d items came with it, %+v", len(items), items[1])
	}
	if items, err := content.ReadItems("contoh", "items: ["); err == nil || len(items) != 0 {
		t.Errorf("%d items of no YAML, %v", len(items), err)
	}
}
