package bank_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/exchange/bank"
)

// same fails unless the haul is the bank's items, each turned into what the format can hold.
func same(t rapid.TB, haul *bank.Haul, b bank.Bank, holds func(courses.Item) courses.Item, file []byte) {
	t.Helper()
	if len(haul.Items) != len(b.Items) {
		t.Fatalf("%d items of %d came back: %v\n%s", len(haul.Items), len(b.Items), haul.Notes, file)
	}
	for i, e := range b.Items {
		if got, want := haul.Items[i].Item, holds(e.Item); !reflect.DeepEqual(got, want) {
			t.Errorf("came back as\n%+v\nwant\n%+v\n%s", got, want, file)
		}
		if got := haul.Items[i].Group; got != e.Group {
			t.Errorf("%s came back in group %q, want %q", e.ID, got, e.Group)
		}
	}
	if n := haul.Count(bank.LeftOut); n > 0 {
		t.Errorf("%d left out: %v", n, haul.Notes)
	}
}

func roundMoodle(t rapid.TB, b bank.Bank) {
	var file bytes.Buffer
	if err := bank.WriteMoodle(&file, b); err != nil {
		t.Fatal(err)
	}
	haul, err := bank.Read(file.Bytes(), courses.Indonesian)
	if err != nil {
		t.Fatalf("%v\n%s", err, file.Bytes())
	}
	same(t, haul, b, lettered, file.Bytes())
}

func roundGIFT(t rapid.TB, b bank.Bank, lang courses.Lang) {
	var file bytes.Buffer
	notes, err := bank.WriteGIFT(&file, b, lang)
	if err != nil || len(notes) > 0 {
		t.Fatalf("not written: %v, %v", notes, err)
	}
	haul, err := bank.Read(file.Bytes(), lang)
	if err != nil {
		t.Fatal(err)
	}
	same(t, haul, b, func(it courses.Item) courses.Item {
		it = only(lettered(it), lang)
		for i := range it.Options {
			if it.Type == courses.Match {
				it.Options[i].Text.ID = strings.ReplaceAll(it.Options[i].Text.ID, "->", "→")
				it.Options[i].Text.EN = strings.ReplaceAll(it.Options[i].Text.EN, "->", "→")
			}
		}
		return it
	}, file.Bytes())
}

func roundQTI(t rapid.TB, b bank.Bank, version bank.QTIVersion) {
	var file bytes.Buffer
	if err := bank.WriteQTI(&file, b, version); err != nil {
		t.Fatal(err)
	}
	haul, err := bank.Read(file.Bytes(), courses.Indonesian)
	if err != nil {
		t.Fatal(err)
	}
	same(t, haul, b, func(it courses.Item) courses.Item { return it }, nil)
}

func TestItemsGoOutAndComeInAgain(t *testing.T) {
	t.Run("Moodle", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { roundMoodle(t, items().Draw(t, "bank")) })
	})
	t.Run("GIFT", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			roundGIFT(t, items().Draw(t, "bank"), rapid.SampledFrom(courses.Langs).Draw(t, "lang"))
		})
	})
	t.Run("QTI 2.1", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { roundQTI(t, items().Draw(t, "bank"), bank.QTI21) })
	})
	t.Run("QTI 3.0", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { roundQTI(t, items().Draw(t, "bank"), bank.QTI30) })
	})
}

func TestShippedCoursesGoOutAndComeInAgain(t *testing.T) {
	for _, id := range []string{"kota-cerdas", "keamanan-siber", "tes-literasi", "data-desa"} {
		course, err := content.Load(content.Shipped(), id)
		if err != nil {
			t.Fatal(err)
		}
		b := bank.Of(course, true)
		if len(b.Items) == 0 {
			t.Errorf("%s has no items", id)
		}
		roundMoodle(t, b)
		roundGIFT(t, b, courses.English)
		roundQTI(t, b, bank.QTI21)
		roundQTI(t, b, bank.QTI30)
	}
}

// A file of each language gives the item in both.
func TestTwoGIFTFilesMakeOneBank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := items().Draw(t, "bank")
		var earlier []bank.Entry
		for _, lang := range courses.Langs {
			var file bytes.Buffer
			if _, err := bank.WriteGIFT(&file, b, lang); err != nil {
				t.Fatal(err)
			}
			haul, err := bank.ReadGIFT(file.Bytes(), lang)
			if err != nil {
				t.Fatal(err)
			}
			haul.Merge(earlier)
			earlier = haul.Items
		}
		for i := range b.Items {
			if b.Items[i].Type == courses.Match {
				continue // arrows are written otherwise, as the test of round trips shows
			}
			want := lettered(b.Items[i].Item)
			if b.Items[i].Why.ID == "" && b.Items[i].Why.EN != "" {
				t.Fatal("the generator gives a why in both languages or in none")
			}
			if got := earlier[i].Item; !reflect.DeepEqual(got, want) {
				t.Errorf("merged\n%+v\nwant\n%+v", got, want)
			}
		}
	})
}

func TestTheLoaderReadsADraft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := items().Draw(t, "bank")
		var file bytes.Buffer
		if err := bank.WriteDraft(&file, b.Items); err != nil {
			t.Fatal(err)
		}
		got, err := content.ReadItems("contoh", file.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, &file)
		}
		for i, e := range b.Items {
			if !reflect.DeepEqual(got[i], e.Item) {
				t.Errorf("read\n%+v\nwrote\n%+v\n%s", got[i], e.Item, &file)
			}
		}
	})
}
