package sheet_test

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/sheet"
	"melek/courses/store"
)

// shipped are the files of each shipped course.
func shipped(t *testing.T) map[string]map[string]string {
	t.Helper()
	entries, err := fs.ReadDir(content.Shipped(), ".")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for _, e := range entries {
		source, err := content.Gather(content.Shipped(), e.Name())
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = source.Files
	}
	return all
}

func read(t testing.TB, files map[string]string) *sheet.Sheet {
	t.Helper()
	s, err := sheet.Read(files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func save(t testing.TB, s *sheet.Sheet, files map[string]string) map[string]string {
	t.Helper()
	out, err := s.Save(files)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// changedLines are the lines of b that a has not, and those of a that b has not.
func changedLines(a, b string) (gone, come []string) {
	count := map[string]int{}
	for _, l := range strings.Split(a, "\n") {
		count[l]++
	}
	for _, l := range strings.Split(b, "\n") {
		if count[l]--; count[l] < 0 {
			come = append(come, l)
		}
	}
	for l, n := range count {
		for range n {
			gone = append(gone, l)
		}
	}
	return gone, come
}

func TestASheetThatWasNotTouchedSavesTheSameBytes(t *testing.T) {
	for id, files := range shipped(t) {
		if got := save(t, read(t, files), files); !reflect.DeepEqual(got, files) {
			t.Errorf("%s came back otherwise than it went", id)
		}
	}
}

func TestOnlyWhatWasTouchedIsWrittenAnew(t *testing.T) {
	files := shipped(t)["tes-literasi"]
	for _, tt := range []struct {
		name, file string
		change     func(s *sheet.Sheet)
		gone, come []string
	}{
		{"a title", "course.yaml", func(s *sheet.Sheet) { s.Title.ID = "Tes \"umum\": satu" },
			[]string{`  id: "Tes Literasi Digital Umum"`}, []string{`  id: "Tes \"umum\": satu"`}},
		{"a pass mark", "course.yaml", func(s *sheet.Sheet) { s.PassMark = "75" },
			[]string{"pass_mark: 70"}, []string{"pass_mark: 75"}},
		{"the key of an item", "items.yaml", func(s *sheet.Sheet) { s.Items[1].Key = []string{"a"} },
			[]string{"    key: d"}, []string{"    key: a"}},
		{"a withdrawal", "items.yaml", func(s *sheet.Sheet) { s.Items[2].Withdrawn = "Dua jawaban benar" },
			nil, []string{`    withdrawn: "Dua jawaban benar"`}},
		{"a field that was not there", "course.yaml", func(s *sheet.Sheet) {
			s.Checks = []courses.Check{{Module: "m", Note: courses.Text{ID: "Periksa", EN: "Check"}}}
		}, nil, []string{"check:", "  - module: m", "    note:", `      id: "Periksa"`, `      en: "Check"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := read(t, files)
			tt.change(s)
			out := save(t, s, files)
			gone, come := changedLines(files[tt.file], out[tt.file])
			if !reflect.DeepEqual(gone, tt.gone) || !reflect.DeepEqual(come, tt.come) {
				t.Errorf("gone %q\ncome %q", gone, come)
			}
			out[tt.file] = files[tt.file]
			if !reflect.DeepEqual(out, files) {
				t.Error("another file changed too")
			}
		})
	}
}

func TestCommentsOutliveWhatTheyStandBefore(t *testing.T) {
	files := map[string]string{"course.yaml": "id: c # the id\n# on marks\npass_mark: 70\n", "items.yaml": `# head
items:
# first
- id: a
# second

- id: b   # b's own
# third
- id: c
# foot
`}
	s := read(t, files)
	s.PassMark = "80"
	s.Items = append(s.Items[:1:1], s.Items[2])
	s.Items[0].Fact = "K1"
	out := save(t, s, files)
	if got, want := out["course.yaml"], "id: c # the id\n# on marks\npass_mark: 80\n"; got != want {
		t.Errorf("course.yaml is\n%s", got)
	}
	want := "# head\nitems:\n# first\n- id: a\n  fact: K1\n# third\n- id: c\n# foot\n# second\n\n"
	if got := out["items.yaml"]; got != want {
		t.Errorf("items.yaml is\n%s\nwant\n%s", got, want)
	}
}

func TestAFileOfOneLineTakesTheCanonicalForm(t *testing.T) {
	files := map[string]string{"course.yaml": `{id: c, pass_mark: 70, title: {id: A, en: B}}`,
		"items.yaml": `{items: [{id: q-1, stem: {id: A, en: B}, key: [x, z]}]}`}
	s := read(t, files)
	s.PassMark, s.Items[0].Fact = "80", "K1"
	out := save(t, s, files)
	want := "id: c\ntitle:\n  id: \"A\"\n  en: \"B\"\npass_mark: 80\n"
	if out["course.yaml"] != want {
		t.Errorf("course.yaml is\n%s", out["course.yaml"])
	}
	want = "items:\n  - id: q-1\n    fact: K1\n    stem:\n      id: \"A\"\n      en: \"B\"\n    key: [x, z]\n"
	if out["items.yaml"] != want {
		t.Errorf("items.yaml is\n%s", out["items.yaml"])
	}
}

func TestTextsMoveWithTheirModules(t *testing.T) {
	files := shipped(t)["kota-cerdas"]
	s := read(t, files)
	s.Modules[0], s.Modules[1] = s.Modules[1], s.Modules[0]
	out := save(t, s, files)
	first := read(t, files).Modules[0]
	if out["02-"+first.ID+".id.md"] != first.Text.ID || out["01-"+first.ID+".id.md"] != "" {
		t.Error("the text of the first module did not become the second")
	}
	if _, err := content.Understand(sourceOf("kota-cerdas", out)); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNoTextIsRefused(t *testing.T) {
	files := shipped(t)["kota-cerdas"]
	s := read(t, files)
	s.Items[0].Stem.ID = "a\xff"
	if _, err := s.Save(files); !errors.Is(err, courses.Invalid) {
		t.Errorf("Save = %v, want it refused", err)
	}
	s.Items[0].Stem.ID = `a\xff`
	if _, err := s.Save(files); err != nil {
		t.Errorf("Save of a backslash = %v", err)
	}
}

func TestAFileThatIsNoYAMLIsToldOf(t *testing.T) {
	var findings content.Findings
	_, err := sheet.Read(map[string]string{"course.yaml": "id: [", "items.yaml": "items: []"})
	if !errors.As(err, &findings) || findings[0].Line != 1 {
		t.Errorf("Read = %v, want a finding", err)
	}
}

// word is any text that a form can send, but for the space around it.
var word = rapid.Map(rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z0-9:#'"\\ \-{}\[\],&*!|>%@]{0,12}`),
	rapid.SampledFrom([]string{"", "true", "no", "~", "1", "01", "1e3", "- a", "a: b", "# c", "null", "0x1f", "2026-01-01"})),
	strings.TrimSpace)

func text(t *rapid.T) courses.Text {
	return courses.Text{ID: word.Draw(t, "id"), EN: word.Draw(t, "en")}
}

func several[T any](t *rapid.T, one func(t *rapid.T) T) []T {
	return rapid.SliceOfN(rapid.Custom(one), 0, 3).Draw(t, "several")
}

func option(t *rapid.T) courses.Option {
	return courses.Option{ID: word.Draw(t, "option"), Text: text(t), Why: text(t)}
}

func anItem(t *rapid.T) sheet.Item {
	it := sheet.Item{ID: word.Draw(t, "item"), Fact: word.Draw(t, "fact"), Pillar: word.Draw(t, "pillar"), Stem: text(t),
		Type: rapid.SampledFrom(courses.ItemTypes).Draw(t, "type"), Options: several(t, option),
		Targets: several(t, option), Key: several(t, func(t *rapid.T) string { return word.Draw(t, "key") }),
		Tolerance: word.Draw(t, "tolerance"), Unit: text(t), Why: text(t), Withdrawn: word.Draw(t, "withdrawn")}
	if len(it.Key) == 1 && it.Key[0] == "" {
		it.Key = nil
	}
	return it
}

func anySheet(t *rapid.T) *sheet.Sheet {
	s := &sheet.Sheet{ID: word.Draw(t, "course"), Pillar: word.Draw(t, "pillar"), Title: text(t), Summary: text(t),
		PassMark: word.Draw(t, "mark"), MinutesPerItem: word.Draw(t, "minutes"), Items: several(t, anItem)}
	for i := range s.Items {
		s.Items[i].ID = fmt.Sprint(i) // Compare knows items by it
	}
	for i, m := range several(t, func(t *rapid.T) sheet.Module { return sheet.Module{Goal: text(t), Text: text(t)} }) {
		m.ID = string(rune('a' + i))
		m.Text = courses.Text{ID: content.Plain(m.Text.ID), EN: content.Plain(m.Text.EN)}
		s.Modules = append(s.Modules, m)
	}
	return s
}

// What is saved reads as it was meant, whatever the texts are and whatever it is saved over.
func TestWhatIsSavedReadsAsItWasMeant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anySheet(t)
		files, err := want.Files()
		if err != nil {
			t.Fatal(err)
		}
		s, err := sheet.Read(files)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Items) > 0 {
			i := rapid.IntRange(0, len(s.Items)-1).Draw(t, "at")
			s.Items[i].Stem = text(t)
			s.Items = append(s.Items, anItem(t))
			s.Items[len(s.Items)-1].ID = "new"
		}
		s.Summary = text(t)
		out, err := s.Save(files)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sheet.Read(out)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range sheet.Compare(s, got) {
			t.Errorf("%v differs: %v", d.Part, d.Changes)
		}
	})
}

// What two texts share and what each has of its own make up both texts again.
func TestPiecesMakeUpBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"desa", "data", " ", "\n", ".", "é", "日"}), 0, 30),
			func(all []string) string { return strings.Join(all, "") })
		a, b := few.Draw(t, "a"), few.Draw(t, "b")
		var first, second string
		for _, p := range sheet.Words(a, b) {
			switch p.Kind {
			case sheet.Kept:
				first, second = first+p.Text, second+p.Text
			case sheet.Removed:
				first += p.Text
			case sheet.Added:
				second += p.Text
			}
		}
		if first != a || second != b {
			t.Errorf("%q and %q became %q and %q", a, b, first, second)
		}
	})
}

func TestChangesAreToldByFieldAndLanguage(t *testing.T) {
	files := shipped(t)["kota-cerdas"]
	a, b := read(t, files), read(t, files)
	b.Title.EN = "A smart village"
	b.Modules[1].Text.ID = strings.Replace(b.Modules[1].Text.ID, "kota", "desa", 1)
	b.Items[0].Options[1].Why.ID += " Lagi."
	b.Items[1].Withdrawn = "Ganda"
	b.Items = b.Items[:len(b.Items)-1]
	var told []string
	for _, d := range sheet.Compare(a, b) {
		for _, c := range d.Changes {
			line := string(d.Part.Kind) + " " + d.Part.ID + " " + c.Field
			if c.Of != "" {
				line += " " + c.Of
			}
			if c.ID != nil {
				line += " id"
			}
			if c.EN != nil {
				line += " en"
			}
			if !d.Is {
				line = "gone " + d.Part.ID
			}
			if len(told) == 0 || told[len(told)-1] != line {
				told = append(told, line)
			}
		}
	}
	want := []string{"course  title en", "module " + b.Modules[1].ID + " text id",
		"item " + b.Items[0].ID + " option_why b id", "item " + b.Items[1].ID + " withdrawn",
		"gone " + a.Items[len(a.Items)-1].ID}
	if !reflect.DeepEqual(told, want) {
		t.Errorf("told %q\nwant %q", told, want)
	}
	if d := sheet.Compare(nil, a); len(d) != 1+len(a.Modules)+len(a.Items) || d[0].Was {
		t.Errorf("%d parts are new, want all", len(d))
	}
}

func TestWordsAreMarkedAndLongRunsLeftOut(t *testing.T) {
	got := sheet.Words("Bar sinyal penuh.", "Bar jaringan penuh.")
	want := []sheet.Piece{{sheet.Kept, "Bar "}, {sheet.Removed, "sinyal"}, {sheet.Added, "jaringan"}, {sheet.Kept, " penuh."}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("pieces %v", got)
	}
	long := strings.Repeat("kata ", 200)
	got = sheet.Words(long+"satu "+long, long+"dua "+long)
	if len(got) != 6 || got[0].Kind != sheet.Skipped || got[5].Kind != sheet.Skipped {
		t.Errorf("pieces %v", got)
	}
}

func sourceOf(course string, files map[string]string) store.CourseSource {
	return store.CourseSource{Course: course, Files: files}
}
