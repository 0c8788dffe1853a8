package bank_test

import (
	"bytes"
	"testing"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/exchange/bank"
)

// takes fails where a file, whatever is in it, gives what the loader of courses would not take.
func takes(t *testing.T, haul *bank.Haul, err error) {
	if err != nil {
		if courses.KindOf(err) != courses.Invalid {
			t.Fatalf("an error that no author can mend: %v", err)
		}
		return
	}
	if len(haul.Items) == 0 {
		return
	}
	both := make([]bank.Entry, len(haul.Items))
	for i, e := range haul.Items {
		both[i] = translated(e)
	}
	var draft bytes.Buffer
	if err := bank.WriteDraft(&draft, both); err != nil {
		t.Fatal(err)
	}
	if _, err := content.ReadItems("fuzz", draft.String()); err != nil {
		t.Fatalf("%v\n%s", err, &draft)
	}
}

// translated fills what a language lacks with the other.
func translated(e bank.Entry) bank.Entry {
	fill := func(t courses.Text) courses.Text {
		if t.ID == "" {
			t.ID = t.EN
		}
		if t.EN == "" {
			t.EN = t.ID
		}
		return t
	}
	e.Stem, e.Unit, e.Why = fill(e.Stem), fill(e.Unit), fill(e.Why)
	for i := range e.Options {
		e.Options[i].Text, e.Options[i].Why = fill(e.Options[i].Text), fill(e.Options[i].Why)
	}
	for i := range e.Targets {
		e.Targets[i].Text = fill(e.Targets[i].Text)
	}
	return e
}

func FuzzGIFT(f *testing.F) {
	f.Add(sample(f, "teacher.gift"))
	f.Add([]byte("::a::[plain]b{=c -> d\n=e -> f\n= -> g}\n\n{~=x~y}\n\nq{#=1:~~}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		haul, err := bank.ReadGIFT(data, courses.Indonesian)
		takes(t, haul, err)
	})
}

func FuzzMoodle(f *testing.F) {
	f.Add(sample(f, "moodle.xml"))
	f.Fuzz(func(t *testing.T, data []byte) {
		haul, err := bank.ReadMoodle(data, courses.English)
		takes(t, haul, err)
	})
}

func FuzzQTI(f *testing.F) {
	f.Add(sample(f, "qti21/items/choice.xml"))
	f.Add(sample(f, "qti21/items/numeric.xml"))
	f.Add(sample(f, "qti30/match.xml"))
	f.Add(packed(f, "qti21"))
	f.Fuzz(func(t *testing.T, data []byte) {
		haul, err := bank.ReadQTI(data, courses.Indonesian)
		takes(t, haul, err)
	})
}
