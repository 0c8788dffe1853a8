package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestItemsOfAnotherSystemBecomeADraft(t *testing.T) {
	d := newDesk(t)
	folder := filepath.Join(t.TempDir(), "air")
	first := d.file("air.gift", "::air-1::Air membeku pada 0 °C. {TRUE####Ya.}\n\n::air-2::Ceritakan. {}\n")
	o := d.run("import", "items", first, "--into", folder)
	for _, want := range []string{"melek: line 3: air-2: Left out: Melek has no questions of the type essay.",
		"air/items.yaml:6: stem of air-1 has no English", "1 items taken in, 0 things changed, 1 left out"} {
		if !strings.Contains(o.err, want) {
			t.Errorf("no %q in\n%s", want, o.err)
		}
	}
	if o.status != failed || o.out != "" {
		t.Errorf("status %d, out %q; want 1 and nothing", o.status, o.out)
	}
	second := d.file("water.gift", "::air-1::Water freezes at 0 °C. {TRUE####Yes.}\n")
	if o := d.must("import", "items", second, "--into", folder, "--lang", "en"); !strings.Contains(o.err, "every item is whole") {
		t.Errorf("with the translation it said\n%s", o.err)
	}
	if got := read(t, filepath.Join(folder, "items.yaml")); !strings.Contains(got, `en: "Water freezes at 0 °C."`) {
		t.Errorf("the draft is\n%s", got)
	}
	foreign := d.file("other.gift", "::air-1::Salju itu panas. {FALSE}\n")
	if o := d.run("import", "items", foreign, "--into", folder); o.status != failed || !strings.Contains(o.err, "already has the id air-1") {
		t.Errorf("another item of the same id ended with %d\n%s", o.status, o.err)
	}
}

func TestAnAuthorsItemsAreNotWrittenOver(t *testing.T) {
	d := newDesk(t)
	mine := d.file("items.yaml", "items: []\n")
	o := d.feed("::a::B {T}", "import", "items", "-", "--into", filepath.Dir(mine))
	if o.status != failed || !strings.Contains(o.err, "that is no draft") {
		t.Errorf("status %d\n%s", o.status, o.err)
	}
	if got := read(t, mine); got != "items: []\n" {
		t.Errorf("the file is now\n%s", got)
	}
}

func TestACourseGoesOut(t *testing.T) {
	d := newDesk(t)
	out := d.must("export", "course", "kota-cerdas", "-", "--format", "gift", "--lang", "en").out
	if !strings.Contains(out, "::kc-1-1::") || strings.Contains(out, "::kc-a-1::") {
		t.Error("without being asked for, items of tests are written, or those of quizzes are not")
	}
	out = d.must("export", "course", "kota-cerdas", "-", "--format", "moodle", "--with-tests").out
	if !strings.Contains(out, "<idnumber>kc-a-1</idnumber>") {
		t.Error("items of tests are not written where they are asked for")
	}
	if o := d.run("export", "course", "tes-literasi", "-", "--format", "qti"); o.status != failed ||
		!strings.Contains(o.err, "--with-tests") {
		t.Errorf("a course of test items only ended with %d\n%s", o.status, o.err)
	}
	whole := d.file("whole.zip", "")
	d.must("export", "course", "kota-cerdas", whole)
	if o := d.must("import", "course", whole); !strings.Contains(o.err, "kota-cerdas is taught in version") {
		t.Errorf("the course came back with\n%s", o.err)
	}
	for _, format := range []string{"scorm", "cmi5"} {
		if out := d.must("export", "course", "kota-cerdas", "-", "--format", format, "--with-tests").out; !strings.HasPrefix(out, "PK") {
			t.Errorf("%s is no zip file", format)
		}
	}
}
