package content_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"melek/courses"
	"melek/courses/content"
)

// edit is one change to the example; an empty with and old means that the file is taken away.
type edit struct{ file, old, with string }

func TestFindings(t *testing.T) {
	tests := []struct {
		name string
		edit edit
		want string // findings, one a line, without the folder
	}{
		{"key names no option", edit{"items.yaml", "key: b", `key: "e"`},
			`items.yaml:12: key "e" names no option of q-1; use one of a, b`},
		{"key of several names no option", edit{"items.yaml", "key: b", "key:\n      - a\n      - f"},
			`items.yaml:14: key "f" names no option of q-1; use one of a, b`},
		{"key names an option twice", edit{"items.yaml", "key: b", "key: [a, a]"},
			`items.yaml:12: key of q-1 names a twice; take one of them away`},
		{"key is missing", edit{"items.yaml", "    key: b\n", ""},
			`items.yaml:2: q-1 has no key; add key: …`},
		{"key is an empty list", edit{"items.yaml", "key: b", "key: []"},
			`items.yaml:2: q-1 has no key; add key: …`},

		{"translation of a stem is missing", edit{"items.yaml", `, en: "Ask q-1?"`, ""},
			`items.yaml:4: stem of q-1 has no English; add en: …`},
		{"translation is only spaces", edit{"items.yaml", `en: "Ask q-1?"`, `en: "  "`},
			`items.yaml:4: stem of q-1 has no English; add en: …`},
		{"original of an option is missing", edit{"items.yaml", `id: "q-1 b", `, ""},
			`items.yaml:10: text of option b of q-1 has no Indonesian; add id: …`},
		{"translation of a why is missing", edit{"items.yaml", `, en: "Why q-2 a"`, ""},
			`items.yaml:19: why of option a of q-2 has no English; add en: …`},
		{"translation of the summary is missing", edit{"course.yaml", "  en: \"Summary\"\n", ""},
			`course.yaml:5: summary of the course has no English; add en: …`},
		{"title is no pair of languages", edit{"course.yaml", `{id: "Contoh", en: "Example"}`, "Contoh"},
			`course.yaml:3: title of the course has no fields; write it as lines of field: value, with id, en`},
		{"title is missing", edit{"course.yaml", "title: {id: \"Contoh\", en: \"Example\"}\n", ""},
			`course.yaml:1: the course has no title; add title: …`},
		{"note of a check is not translated", edit{"course.yaml", `, en: "Verify"`, ""},
			`course.yaml:27: note of check number 1 has no English; add en: …`},

		{"item there twice", edit{"items.yaml", "- id: q-2", "- id: q-1"},
			"course.yaml:12: quiz of module satu names no item of items.yaml: \"q-2\"; write that item or name another one\n" +
				"items.yaml:13: item q-1 is there twice, first on line 2; give this one another id"},
		{"option there twice", edit{"items.yaml", "- id: b", "- id: a"},
			"items.yaml:9: option a is there twice, first on line 6; give this one another id\n" +
				`items.yaml:12: key "b" names no option of q-1; use one of a`},
		{"module there twice", edit{"course.yaml", "- id: dua", "- id: satu"},
			"02-dua.en.md:1: belongs to no module; name it NN-<module>.id.md or NN-<module>.en.md, or remove it\n" +
				"02-dua.id.md:1: belongs to no module; name it NN-<module>.id.md or NN-<module>.en.md, or remove it\n" +
				"course.yaml:13: module satu is there twice, first on line 10; give this one another id\n" +
				"course.yaml:26: check number 1 is about an unknown module \"dua\"; use one of satu\n" +
				"items.yaml:24: q-3 is used nowhere; name it in a quiz or a form, or take it away"},
		{"form there twice", edit{"course.yaml", "- id: B", "- id: A"},
			"course.yaml:21: form A is there twice, first on line 19; give this one another id\n" +
				"items.yaml:44: b-1 is used nowhere; name it in a quiz or a form, or take it away"},
		{"id that no address can hold", edit{"items.yaml", "- id: a\n", "- id: \"a=b\"\n"},
			`items.yaml:6: id "a=b" cannot be used in an address; use at most 64 letters and digits, joined by hyphens`},

		{"quiz names an unknown item", edit{"course.yaml", "      - q-3", "      - q-3\n      - q-9"},
			`course.yaml:17: quiz of module dua names no item of items.yaml: "q-9"; write that item or name another one`},
		{"form names an unknown item", edit{"course.yaml", "      - b-1", "      - b-9"},
			"course.yaml:23: form B names no item of items.yaml: \"b-9\"; write that item or name another one\n" +
				"items.yaml:44: b-1 is used nowhere; name it in a quiz or a form, or take it away"},
		{"anchors name an unknown item", edit{"course.yaml", "anchors: [j-1]", "anchors: [j-1, j-9]"},
			`course.yaml:17: anchors names no item of items.yaml: "j-9"; write that item or name another one`},
		{"item in a quiz and in a form", edit{"course.yaml", "[a-1, j-1]", "[q-1, j-1]"},
			"course.yaml:20: q-1 stands in the quiz of module satu and in form A; " +
				"write an item of its own for the test; the quiz tells the answer\n" +
				"items.yaml:35: a-1 is used nowhere; name it in a quiz or a form, or take it away"},
		{"item in two quizzes", edit{"course.yaml", "[q-1, q-2]", "[q-1, q-2, q-3]"},
			"course.yaml:16: q-3 stands in the quiz of module satu and again in the quiz of module dua; " +
				"name it in one of them"},
		{"item twice in one quiz", edit{"course.yaml", "[q-1, q-2]", "[q-1, q-2, q-1]"},
			"course.yaml:12: q-1 stands in the quiz of module satu and again in the quiz of module satu; " +
				"name it in one of them"},
		{"item twice in one form", edit{"course.yaml", "      - b-1", "      - j-1"},
			"course.yaml:23: anchor j-1 is number 1 in form B and number 2 in form A; move it to number 2\n" +
				"course.yaml:24: j-1 stands twice in form B; name another item\n" +
				"items.yaml:44: b-1 is used nowhere; name it in a quiz or a form, or take it away"},
		{"item in two forms that is no anchor", edit{"course.yaml", "anchors: [j-1]\n", ""},
			"course.yaml:23: j-1 stands in form A and form B and is no anchor; " +
				"name it under anchors, or write another item"},
		{"item used nowhere", edit{"course.yaml", "[q-1, q-2]", "[q-2]"},
			`items.yaml:2: q-1 is used nowhere; name it in a quiz or a form, or take it away`},

		{"anchor missing from the second form", edit{"course.yaml", "      - j-1\n", "      - a-1\n"},
			"course.yaml:17: anchor j-1 is missing from form B; put it into every form, or take it from the anchors\n" +
				"course.yaml:24: a-1 stands in form A and form B and is no anchor; " +
				"name it under anchors, or write another item"},
		{"anchor missing from the first form", edit{"course.yaml", "[a-1, j-1]", "[a-1]"},
			"course.yaml:17: anchor j-1 is missing from form A; put it into every form, or take it from the anchors\n" +
				"course.yaml:21: the number of items is 2 in form B and 1 in form A; give all forms the same number of items"},
		{"anchor at another place", edit{"course.yaml", "      - b-1\n      - j-1", "      - j-1\n      - b-1"},
			`course.yaml:23: anchor j-1 is number 1 in form B and number 2 in form A; move it to number 2`},
		{"anchor named twice", edit{"course.yaml", "anchors: [j-1]", "anchors: [j-1, j-1]"},
			`course.yaml:17: anchor j-1 is there twice; take one of them away`},
		{"forms of unequal length", edit{"course.yaml", "      - b-1\n      - j-1\n", "      - b-1\n"},
			"course.yaml:17: anchor j-1 is missing from form B; put it into every form, or take it from the anchors\n" +
				"course.yaml:21: the number of items is 1 in form B and 2 in form A; give all forms the same number of items"},
		{"no form", edit{"course.yaml", courseYAML[strings.Index(courseYAML, "forms:"):strings.Index(courseYAML, "check:")], ""},
			"course.yaml:1: the course has no forms; add forms: …\n" +
				"items.yaml:35: a-1 is used nowhere; name it in a quiz or a form, or take it away\n" +
				"items.yaml:44: b-1 is used nowhere; name it in a quiz or a form, or take it away\n" +
				"items.yaml:53: j-1 is used nowhere; name it in a quiz or a form, or take it away"},
		{"empty form", edit{"course.yaml", "[a-1, j-1]", "[]"},
			"course.yaml:17: anchor j-1 is missing from form A; put it into every form, or take it from the anchors\n" +
				"course.yaml:19: form A has no items; add items: …\n" +
				"course.yaml:21: the number of items is 2 in form B and 0 in form A; give all forms the same number of items\n" +
				"items.yaml:35: a-1 is used nowhere; name it in a quiz or a form, or take it away"},

		{"unknown pillar of the course", edit{"course.yaml", "pillar: aman", "pillar: awan"},
			`course.yaml:2: pillar "awan" is unknown; use one of cakap, aman, budaya, etika, layanan, kota-cerdas`},
		{"unknown role", edit{"course.yaml", "pillar: aman", "pillar: aman\nroles: [mayor]"},
			`course.yaml:3: role "mayor" is unknown; use one of participant, facilitator`},
		{"unknown pillar of an item", edit{"items.yaml", "fact: F/q-1", "pillar: awan"},
			`items.yaml:3: pillar "awan" is unknown; use one of cakap, aman, budaya, etika, layanan, kota-cerdas`},
		{"quiz option without a why", edit{"items.yaml", "        why: {id: \"Sebab q-1 b\", en: \"Why q-1 b\"}\n", ""},
			"items.yaml:9: option b of the quiz item q-1 has no why; say why it is right or wrong, in both languages"},
		{"one option", edit{"items.yaml", "      - id: a\n        text: {id: \"a-1 a\", en: \"a-1-a\"}\n", ""},
			`items.yaml:35: a-1 has fewer than 2 options; add options, each with its id and text`},
		{"no options", edit{"items.yaml", itemsYAML()[strings.Index(itemsYAML(), "    options:"):strings.Index(itemsYAML(), "    key:")], ""},
			`items.yaml:2: q-1 has no options; add options: …`},
		{"quiz without items", edit{"course.yaml", "    quiz:\n      - q-3\n", "    quiz: []\n"},
			"course.yaml:13: module dua has no quiz; add quiz: …\n" +
				"items.yaml:24: q-3 is used nowhere; name it in a quiz or a form, or take it away"},

		{"pass mark above 100", edit{"course.yaml", "pass_mark: 70", "pass_mark: 101"},
			`course.yaml:7: pass_mark is 101; write a number from 0 to 100`},
		{"pass mark below 0", edit{"course.yaml", "pass_mark: 70", "pass_mark: -1"},
			`course.yaml:7: pass_mark is -1; write a number from 0 to 100`},
		{"pass mark that is no number", edit{"course.yaml", "pass_mark: 70", "pass_mark: NaN"},
			`course.yaml:7: pass_mark is NaN; write a number from 0 to 100`},
		{"pass mark with a percent sign", edit{"course.yaml", "pass_mark: 70", "pass_mark: 70%"},
			`course.yaml:7: pass_mark is 70%; write a number from 0 to 100`},
		{"no time", edit{"course.yaml", "minutes_per_item: 1.5", "minutes_per_item: 0"},
			`course.yaml:8: minutes_per_item is 0; write a number above 0, at most 60`},
		{"endless time", edit{"course.yaml", "minutes_per_item: 1.5", "minutes_per_item: .inf"},
			`course.yaml:8: minutes_per_item is .inf; write a number above 0, at most 60`},

		{"check of an unknown module", edit{"course.yaml", "- module: dua", "- module: tiga"},
			`course.yaml:26: check number 1 is about an unknown module "tiga"; use one of satu, dua`},
		{"folder of another name", edit{"course.yaml", "id: contoh", "id: lain"},
			`course.yaml:1: course "lain" lies in the folder "contoh"; rename the folder or the course; both bear one name`},
		{"unknown field of the course", edit{"course.yaml", "pillar: aman", "pillar: aman\nauthor: x"},
			`course.yaml:3: the course has an unknown field "author"; use one of id, pillar, title, summary, roles, pass_mark, ` +
				`minutes_per_item, modules, anchors, forms, check`},
		{"unknown field of an option", edit{"items.yaml", "        why: {id: \"Sebab q-1 a\"", "        wy: {id: \"Sebab q-1 a\""},
			"items.yaml:6: option a of the quiz item q-1 has no why; say why it is right or wrong, in both languages\n" +
				`items.yaml:8: option number 1 of q-1 has an unknown field "wy"; use one of id, text, why`},
		{"list where text belongs", edit{"course.yaml", "id: contoh", "id: [contoh]"},
			`course.yaml:1: id of the course is no plain text; write it out between double quotes`},
		{"text where a list belongs", edit{"course.yaml", "[q-1, q-2]", "q-1"},
			"course.yaml:12: quiz of module satu is no list; write a line with a dash for each entry\n" +
				"items.yaml:2: q-1 is used nowhere; name it in a quiz or a form, or take it away\n" +
				"items.yaml:13: q-2 is used nowhere; name it in a quiz or a form, or take it away"},
		{"YAML anchor", edit{"course.yaml", "pass_mark: 70", "pass_mark: &p 70"},
			`course.yaml:7: pass_mark of the course is no plain text; write it out between double quotes`},

		{"open quote", edit{"items.yaml", `id: "Tanya q-2?"`, `id: "Tanya q-2?`},
			`items.yaml:15: is not YAML: ',' or '}' must be specified; look at the quotes, colons and indentation here and just above`},
		{"field there twice", edit{"course.yaml", "pillar: aman", "pillar: aman\npillar: aman"},
			`course.yaml:3: is not YAML: mapping key "pillar" already defined at [2:1]; ` +
				`look at the quotes, colons and indentation here and just above`},
		{"two documents", edit{"course.yaml", "check:", "---\ncheck:"},
			`course.yaml:1: holds 2 documents; write exactly one, without a line ---`},
		{"empty file", edit{"course.yaml", courseYAML, "# nothing\n"},
			`course.yaml:1: holds 0 documents; write exactly one, without a line ---`},
		{"no mapping", edit{"course.yaml", courseYAML, "- satu\n"},
			`course.yaml:1: the course has no fields; write it as lines of field: value, with id, pillar, title, ` +
				`summary, roles, pass_mark, minutes_per_item, modules, anchors, forms, check`},
		{"brackets without end", edit{"course.yaml", "[q-1, q-2]", strings.Repeat("[", 5000)},
			`course.yaml:12: is nested too deep; look for brackets that are not closed, or dashes in a row`},
		{"dashes without end", edit{"course.yaml", "      - q-3", "      " + strings.Repeat("- ", 5000) + "q-3"},
			`course.yaml:16: is nested too deep; look for brackets that are not closed, or dashes in a row`},

		{"course file missing", edit{file: "course.yaml"},
			`course.yaml:1: is missing; add it; a course is course.yaml, items.yaml and the texts of its modules`},
		{"module text missing", edit{file: "02-dua.en.md"},
			`course.yaml:13: module dua has no text in English; add 02-dua.en.md`},
		{"text that is not UTF-8", edit{"02-dua.en.md", "Satu", "Sat\xff"},
			`02-dua.en.md:1: is not UTF-8 text; save it as UTF-8`},
		{"empty body", edit{"01-satu.id.md", "\n\nTeks *pendek*.\n\n## Ingat\n\n- Satu\n", "\n"},
			`01-satu.id.md:1: has no text below the title; write the lesson`},
		{"empty text", edit{"01-satu.id.md", lesson("Modul satu"), ""},
			`01-satu.id.md:1: does not begin with a title; write the first line as # Title of the module`},
		{"no title", edit{"01-satu.id.md", "# Modul satu", "Modul satu"},
			`01-satu.id.md:1: does not begin with a title; write the first line as # Title of the module`},
		{"empty title", edit{"01-satu.id.md", "# Modul satu", "# "},
			`01-satu.id.md:1: has an empty title; write the first line as # Title of the module`},
		{"second title", edit{"01-satu.id.md", "## Ingat", "# Ingat"},
			`01-satu.id.md:5: has a second title; write the heading with ##`},
		{"HTML block", edit{"01-satu.id.md", "## Ingat", "<div>x</div>"},
			`01-satu.id.md:5: holds raw HTML, which is not shown; write it in Markdown`},
		{"HTML within a line", edit{"01-satu.id.md", "- Satu", "- Satu\n- <b>Dua</b>"},
			`01-satu.id.md:8: holds raw HTML, which is not shown; write it in Markdown`},
		{"image", edit{"01-satu.id.md", "- Satu", "- Satu ![x](x.png)"},
			`01-satu.id.md:7: shows a picture "x.png", which is not there; ` +
				`put an SVG file of that name into the folder of the course`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := example()
			if tt.edit.old == "" {
				delete(files, "contoh/"+tt.edit.file)
			} else {
				files = changed(t, tt.edit.file, tt.edit.old, tt.edit.with)
			}
			checkFindings(t, files, tt.want)
		})
	}
}

func TestFindingsOfFiles(t *testing.T) {
	const noModule = ":1: belongs to no module; name it NN-<module>.id.md or NN-<module>.en.md, or remove it"
	tests := []struct {
		name, file, from, want string
	}{
		{"a module that is not there", "03-tiga.id.md", "", "03-tiga.id.md" + noModule},
		{"a language that is not spoken", "01-satu.fr.md", "", "01-satu.fr.md" + noModule},
		{"another kind of file", "catatan.txt", "", "catatan.txt" + noModule},
		{"a folder", "gambar/a.png", "", "gambar" + noModule},
		{"a number too many", "05-satu.id.md", "", "05-satu.id.md:1: belongs to module number 1; rename it to 01-satu.id.md"},
		{"a wrong number", "01-dua.id.md", "02-dua.id.md",
			"01-dua.id.md:1: belongs to module number 2; rename it to 02-dua.id.md"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := example()
			files["contoh/"+tt.file] = &fstest.MapFile{Data: []byte(lesson("Judul"))}
			delete(files, "contoh/"+tt.from)
			checkFindings(t, files, tt.want)
		})
	}
}

// Two mistakes in three files are all told at once, in the order of the files.
func TestFindingsComeTogether(t *testing.T) {
	files := changed(t, "course.yaml", "pass_mark: 70", "pass_mark: many")
	files["contoh/items.yaml"] = changed(t, "items.yaml", "key: b", "key: c")["contoh/items.yaml"]
	delete(files, "contoh/01-satu.en.md")
	checkFindings(t, files, "course.yaml:7: pass_mark is many; write a number from 0 to 100\n"+
		"course.yaml:10: module satu has no text in English; add 01-satu.en.md\n"+
		`items.yaml:12: key "c" names no option of q-1; use one of a, b`)
}

// A file of items that cannot be read does not make every item of the course unknown.
func TestUnreadableItemsHideNothingElse(t *testing.T) {
	files := changed(t, "course.yaml", "pass_mark: 70", "pass_mark: many")
	files["contoh/items.yaml"] = &fstest.MapFile{Data: []byte("items: [")}
	_, err := content.Load(files, "contoh")
	var findings content.Findings
	if !errors.As(err, &findings) || len(findings) != 2 || findings[0].Line != 7 || findings[1].Line != 1 {
		t.Errorf("Load = %v; want one finding of each file", err)
	}
}

func checkFindings(t *testing.T, files fstest.MapFS, want string) {
	t.Helper()
	course, err := content.Load(files, "contoh")
	if err == nil || course != nil {
		t.Fatalf("Load = %v, %v; want no course and findings", course, err)
	}
	if !errors.Is(err, courses.Invalid) {
		t.Errorf("findings are not of the kind Invalid")
	}
	got := strings.ReplaceAll(err.Error(), "contoh/", "")
	if got != want {
		t.Errorf("findings\n%s\nwant\n%s", got, want)
	}
}

// Whatever a file holds, the loader answers: a course or findings, each with a line that the file has.
func FuzzLoad(f *testing.F) {
	f.Add(courseYAML, itemsYAML(), lesson("Modul satu"))
	f.Add("id: &a [*a]", "items: {? [x] : !!set {a}}", "#\n\n<b")
	f.Add("<<: *x", "items:\n- - ? |", "![")
	f.Fuzz(func(t *testing.T, course, items, text string) {
		files := example()
		for name, data := range map[string]string{"course.yaml": course, "items.yaml": items, "01-satu.id.md": text} {
			files["contoh/"+name] = &fstest.MapFile{Data: []byte(data)}
		}
		_, err := content.Load(files, "contoh")
		var findings content.Findings
		if err != nil && !errors.As(err, &findings) {
			t.Fatalf("Load = %v; want findings", err)
		}
		for _, found := range findings {
			var lines int
			if file, ok := files[found.File]; ok {
				lines = 1 + strings.Count(string(file.Data), "\n") + strings.Count(string(file.Data), "\r")
			}
			if found.Line < 1 || found.Line > max(lines, 1) {
				t.Errorf("%v: the file has %d lines", found, lines)
			}
		}
	})
}
