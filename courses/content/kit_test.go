package content_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// courseYAML is a small course that has everything once.
const courseYAML = `id: contoh
pillar: aman
title: {id: "Contoh", en: "Example"}
summary:
  id: "Ringkasan"
  en: "Summary"
pass_mark: 70
minutes_per_item: 1.5
modules:
  - id: satu
    goal: {id: "Tujuan satu", en: "Goal one"}
    quiz: [q-1, q-2]
  - id: dua
    goal: {id: "Tujuan dua", en: "Goal two"}
    quiz:
      - q-3
anchors: [j-1]
forms:
  - id: A
    items: [a-1, j-1]
  - id: B
    items:
      - b-1
      - j-1
check:
  - module: dua
    note: {id: "Periksa", en: "Verify"}
`

// itemsYAML has the items q-1 q-2 q-3 on lines 2, 13, 24 and a-1 b-1 j-1 on lines 35, 44, 53. A quiz item begins with
// id, fact, stem and options, then two options of three lines; a test item has options of two lines.
func itemsYAML() string {
	var b strings.Builder
	b.WriteString("items:\n")
	for _, id := range []string{"q-1", "q-2", "q-3", "a-1", "b-1", "j-1"} {
		fmt.Fprintf(&b, "  - id: %s\n    fact: F/%s\n    stem: {id: \"Tanya %s?\", en: \"Ask %s?\"}\n    options:\n",
			id, id, id, id)
		for _, option := range []string{"a", "b"} {
			fmt.Fprintf(&b, "      - id: %s\n        text: {id: \"%s %s\", en: \"%s-%s\"}\n", option, id, option, id, option)
			if id[0] == 'q' {
				fmt.Fprintf(&b, "        why: {id: \"Sebab %s %s\", en: \"Why %s %s\"}\n", id, option, id, option)
			}
		}
		b.WriteString("    key: b\n")
	}
	return b.String()
}

func lesson(title string) string {
	return "# " + title + "\n\nTeks *pendek*.\n\n## Ingat\n\n- Satu\n"
}

// example returns the files of the course, fit to be taught.
func example() fstest.MapFS {
	files := fstest.MapFS{}
	for name, content := range map[string]string{"course.yaml": courseYAML, "items.yaml": itemsYAML(),
		"01-satu.id.md": lesson("Modul satu"), "01-satu.en.md": lesson("Module one"),
		"02-dua.id.md": lesson("Modul dua"), "02-dua.en.md": lesson("Module two")} {
		files["contoh/"+name] = &fstest.MapFile{Data: []byte(content)}
	}
	return files
}

// changed returns the example with old, which must be there, replaced once in one file.
func changed(t *testing.T, name, old, with string) fstest.MapFS {
	t.Helper()
	files := example()
	content := string(files["contoh/"+name].Data)
	if !strings.Contains(content, old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	files["contoh/"+name] = &fstest.MapFile{Data: []byte(strings.Replace(content, old, with, 1))}
	return files
}
