package bank_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/exchange/bank"
	"melek/locales"
)

// told writes items and notes as lines that a test can compare.
func told(h *bank.Haul, lang courses.Lang) string {
	var b strings.Builder
	for _, e := range h.Items {
		fmt.Fprintf(&b, "%s %s %s: %s", e.Group, e.ID, e.Type, e.Stem.In(lang))
		for _, o := range e.Options {
			if e.Type == courses.TrueFalse {
				break
			}
			fmt.Fprintf(&b, " | %s %s", o.ID, o.Text.In(lang))
			if o.Why.In(lang) != "" {
				fmt.Fprintf(&b, " (%s)", o.Why.In(lang))
			}
		}
		for _, o := range e.Targets {
			fmt.Fprintf(&b, " | → %s %s", o.ID, o.Text.In(lang))
		}
		fmt.Fprintf(&b, " ⇒ %s", strings.Join(e.Key, ","))
		if e.Type == courses.Number {
			fmt.Fprintf(&b, " ± %v %s", e.Tolerance, e.Unit.In(lang))
		}
		if e.Why.In(lang) != "" {
			fmt.Fprintf(&b, " (%s)", e.Why.In(lang))
		}
		b.WriteByte('\n')
	}
	for _, n := range h.Notes {
		if n.Fate != bank.Taken {
			fate := map[bank.Fate]string{bank.Changed: "changed", bank.LeftOut: "left out"}[n.Fate]
			fmt.Fprintf(&b, "%s:%d %s %s: %s\n", n.File, n.Line, n.Item, fate, strings.TrimPrefix(n.Reason.Error(), "invalid: bank."))
		}
	}
	return b.String()
}

var update = flag.Bool("update", false, "write what is read of the samples anew")

// compare shows line by line what differs from the file.
func compare(t *testing.T, got, file string) {
	t.Helper()
	if *update {
		if err := os.WriteFile("testdata/"+file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := string(sample(t, file))
	g, w := strings.Split(strings.TrimSpace(got), "\n"), strings.Split(strings.TrimSpace(want), "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("line %d\ngot  %s\nwant %s", i+1, a, b)
		}
	}
}

func TestAFileWrittenByATeacher(t *testing.T) {
	haul, err := bank.Read(sample(t, "teacher.gift"), courses.Indonesian)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, told(haul, courses.Indonesian), "teacher.want")
}

func TestAnExportOfMoodle(t *testing.T) {
	haul, err := bank.Read(sample(t, "moodle.xml"), courses.Indonesian)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, told(haul, courses.Indonesian), "moodle.want")
	if got := haul.Items[0].Stem.EN; got != "Who may know your PIN?" {
		t.Errorf("English stem %q", got)
	}
	if got := haul.Items[1].Stem.EN; got != "" {
		t.Errorf("a stem in one language came as English too: %q", got)
	}
}

// packed makes a package of a folder of samples.
func packed(t testing.TB, folder string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if err := w.AddFS(os.DirFS("testdata/" + folder)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPackageOfQTI(t *testing.T) {
	haul, err := bank.Read(packed(t, "qti21"), courses.Indonesian)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, told(haul, courses.Indonesian), "qti21.want")
}

func TestASingleItemOfQTI3(t *testing.T) {
	haul, err := bank.Read(sample(t, "qti30/match.xml"), courses.Indonesian)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, told(haul, courses.English), "qti30.want")
}

func TestWhatIsNoBankIsRefused(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><quiz><question type="essay"><name><text>&b;</text></name></question></quiz>`
	outside := `<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay"><name><text>&x;</text></name></question></quiz>`
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":                 {nil, "bank.empty"},
		"blank lines":             {[]byte("\n \n"), "bank.empty"},
		"entities that multiply":  {[]byte(bomb), "bank.xml"},
		"an entity from a file":   {[]byte(outside), "bank.xml"},
		"half an element":         {[]byte("<quiz><question"), "bank.xml"},
		"elements that cross":     {[]byte("<quiz><a><b></a></b></quiz>"), "bank.xml"},
		"elements too deep":       {[]byte("<quiz>" + strings.Repeat("<a>", 200)), "bank.deep"},
		"another format of XML":   {[]byte(`<?xml version="1.0"?><questestinterop/>`), "bank.format"},
		"a broken zip":            {[]byte("PK\x03\x04 and no more"), "bank.zip"},
		"more than may be read":   {bytes.Repeat([]byte("a"), bank.MaxBytes+1), "bank.too_large"},
		"a package without items": {zipped(t, "readme.txt", []byte("x")), "bank.empty"},
		"a package that swells":   {zipped(t, "big.xml", bytes.Repeat([]byte(" "), bank.MaxBytes+1)), "bank.too_large"},
	} {
		_, err := bank.Read(tt.data, courses.Indonesian)
		var problem *courses.Problem
		if !errors.As(err, &problem) || problem.Key != tt.want || problem.Kind != courses.Invalid {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// A question that is far too large costs no more than its size, and is left out.
func TestHugeQuestionsAreLeftOut(t *testing.T) {
	const many = 100_000
	var choices, pairs, stars, qti strings.Builder
	for i := range many {
		fmt.Fprintf(&choices, "~%d\n", i)
		fmt.Fprintf(&pairs, "=%d -> %d\n", i, i)
		fmt.Fprintf(&stars, "=*%d\n", i)
		fmt.Fprintf(&qti, "<simpleChoice identifier='c%d'>%d</simpleChoice>", i, i)
	}
	item := `<assessmentItem identifier="q"><responseDeclaration identifier="R" cardinality="single"/><itemBody>` +
		`<choiceInteraction responseIdentifier="R"><prompt>q</prompt>` + qti.String() + `</choiceInteraction></itemBody></assessmentItem>`
	for name, data := range map[string]string{"choices": "q {=right\n" + choices.String() + "}", "pairs": "q {" + pairs.String() + "}",
		"spellings": "q {" + stars.String() + "}", "choices of QTI": item} {
		haul, err := bank.Read([]byte(data), courses.Indonesian)
		if err != nil {
			t.Fatal(err)
		}
		if len(haul.Items) != 0 || haul.Count(bank.LeftOut) != 1 {
			t.Errorf("%s: %d items, %d notes", name, len(haul.Items), len(haul.Notes))
		}
	}
}

func zipped(t testing.TB, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every reason has a wording in each language.
func TestReasonsAreWorded(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	book, err := locales.Load(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, name := range sources {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(bank\.[a-z_]+)"`).FindAllSubmatch(text, -1) {
			keys[string(m[1])] = true
		}
	}
	for key := range keys {
		for _, lang := range courses.Langs {
			if got := book.Words(string(lang)).T("problem."+key, "x"); strings.HasPrefix(got, "problem.") {
				t.Errorf("%s has no wording in %s", key, lang)
			}
		}
	}
	if len(keys) < 30 {
		t.Errorf("only %d keys found", len(keys))
	}
}
