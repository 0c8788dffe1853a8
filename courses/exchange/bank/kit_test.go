package bank_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/exchange/bank"
)

// word draws a wording of Melek: one line, with all the signs that any of the formats has for itself.
func word() *rapid.Generator[string] {
	pieces := []string{"desa", "data", "Rp\u00a0500", "a < b", "<b>tebal</b>", "&amp;", "R&D", `\n`, `\`, "::", "->",
		"=", "~", "#", "{", "}", "####", "[html]", "[plain]", "%50%", "]]>", "// bukan", "\"kutip\"", "'", "*", "é", "日本",
		"$CATEGORY:", "<span lang=\"en\" class=\"multilang\">", "</span>", "5 > 3", "<y dan>", "<!--", "TRUE", "T", ">2"}
	return rapid.Custom(func(t *rapid.T) string {
		n := rapid.IntRange(1, 4).Draw(t, "pieces")
		parts := make([]string, n)
		for i := range parts {
			parts[i] = rapid.SampledFrom(pieces).Draw(t, "piece")
		}
		s := strings.Join(parts, rapid.SampledFrom([]string{" ", ""}).Draw(t, "between"))
		if strings.HasPrefix(s, "//") { // a line of GIFT that begins so is a comment, wherever it stands
			s = "x" + s
		}
		return s
	})
}

func text() *rapid.Generator[courses.Text] {
	return rapid.Custom(func(t *rapid.T) courses.Text {
		return courses.Text{ID: word().Draw(t, "id"), EN: word().Draw(t, "en")}
	})
}

func maybe(t *rapid.T, what string) courses.Text {
	if rapid.Bool().Draw(t, "has "+what) {
		return text().Draw(t, what)
	}
	return courses.Text{}
}

// options draws options that differ in both languages.
func options(t *rapid.T, ids []string, why bool) []courses.Option {
	all := make([]courses.Option, rapid.IntRange(2, len(ids)).Draw(t, "options"))
	for i := range all {
		o := text().Draw(t, "option")
		all[i] = courses.Option{ID: ids[i], Text: courses.Text{ID: fmt.Sprint(i+1, ". ", o.ID), EN: fmt.Sprint(i+1, ". ", o.EN)}}
		if why {
			all[i].Why = maybe(t, "why")
		}
	}
	return all
}

var letters = []string{"a", "b", "c", "d", "e"}

// item draws an item that the loader of courses would take.
func item(id string) *rapid.Generator[courses.Item] {
	return rapid.Custom(func(t *rapid.T) courses.Item {
		it := courses.Item{ID: id, Type: rapid.SampledFrom(courses.ItemTypes).Draw(t, "type"), Stem: text().Draw(t, "stem"),
			Fact:   rapid.SampledFrom([]string{"", "K1.M1/F1"}).Draw(t, "fact"),
			Pillar: rapid.SampledFrom(append([]string{""}, courses.Pillars...)).Draw(t, "pillar")}
		it.Stem.ID, it.Stem.EN = it.Stem.ID+"?", it.Stem.EN+"?"
		switch it.Type {
		case courses.Single:
			it.Options = options(t, letters, true)
			it.Key = []string{rapid.SampledFrom(it.Options).Draw(t, "key").ID}
			return it
		case courses.Several:
			it.Options = options(t, letters, true)
			for _, o := range it.Options {
				if len(it.Key) == 0 || rapid.Bool().Draw(t, "right") {
					it.Key = append(it.Key, o.ID)
				}
			}
			return it
		case courses.TrueFalse:
			it.Options = []courses.Option{{ID: "true", Text: courses.Text{ID: "Benar", EN: "True"}}, {ID: "false", Text: courses.Text{ID: "Salah", EN: "False"}}}
			it.Key = []string{rapid.SampledFrom([]string{"true", "false"}).Draw(t, "key")}
		case courses.Order:
			it.Options = options(t, letters, false)
			for _, o := range slices.Backward(it.Options) {
				it.Key = append(it.Key, o.ID)
			}
		case courses.Match:
			it.Options = options(t, letters, false)
			it.Targets = options(t, []string{"a", "2", "t3", "t4"}, false)
			for _, o := range it.Options {
				it.Key = append(it.Key, o.ID+"="+rapid.SampledFrom(it.Targets).Draw(t, "target").ID)
			}
		case courses.Number:
			n := float64(rapid.IntRange(-100000, 100000).Draw(t, "number")) / 100
			it.Key = []string{strconv.FormatFloat(n, 'f', -1, 64)}
			it.Tolerance = float64(rapid.IntRange(0, 300).Draw(t, "tolerance")) / 100
			if rapid.Bool().Draw(t, "has unit") {
				it.Unit = courses.Text{ID: "jam", EN: rapid.SampledFrom([]string{"hours", "jam"}).Draw(t, "unit")}
			}
		case courses.ShortText:
			it.Key = []string{"kata " + strings.ReplaceAll(word().Draw(t, "key"), "->", "~")}
			if rapid.Bool().Draw(t, "two") {
				it.Key = append(it.Key, "sandi*")
			}
		}
		it.Why = maybe(t, "why")
		return it
	})
}

// items draws a bank.
func items() *rapid.Generator[bank.Bank] {
	return rapid.Custom(func(t *rapid.T) bank.Bank {
		b := bank.Bank{Title: "contoh"}
		for i := range rapid.IntRange(1, 5).Draw(t, "items") {
			id := fmt.Sprintf("%s-%d", rapid.SampledFrom([]string{"kc", "9k", "Tes"}).Draw(t, "id"), i)
			group := "test"
			if i < 2 {
				group = "modul/satu"
			}
			b.Items = append(b.Items, bank.Entry{Item: item(id).Draw(t, "item"), Group: group})
		}
		return b
	})
}

// lettered is the item as it is after a format that holds no ids of options: they are numbered as they come, the
// targets in the order of the key, and the shown order of an order is the right one backwards.
func lettered(it courses.Item) courses.Item {
	it.Options, it.Targets, it.Key = slices.Clone(it.Options), slices.Clone(it.Targets), slices.Clone(it.Key)
	if it.Type == courses.TrueFalse {
		return it
	}
	if it.Type == courses.Order {
		shown := make([]courses.Option, len(it.Key))
		for i, id := range it.Key {
			shown[len(shown)-1-i] = it.Options[slices.IndexFunc(it.Options, func(o courses.Option) bool { return o.ID == id })]
		}
		it.Options = shown
	}
	first := func(o courses.Option) int {
		i := slices.IndexFunc(it.Key, func(k string) bool { return strings.HasSuffix(k, "="+o.ID) })
		if i < 0 {
			return len(it.Key)
		}
		return i
	}
	slices.SortStableFunc(it.Targets, func(a, b courses.Option) int { return cmp.Compare(first(a), first(b)) })
	names := map[string]string{}
	for i := range it.Options {
		names[it.Options[i].ID] = letters[i]
		it.Options[i].ID = letters[i]
	}
	for i := range it.Targets {
		names["="+it.Targets[i].ID] = fmt.Sprint("=t", i+1)
		it.Targets[i].ID = fmt.Sprint("t", i+1)
	}
	for i, k := range it.Key {
		option, target, paired := strings.Cut(k, "=")
		if name, ok := names[option]; ok && it.Type != courses.ShortText {
			it.Key[i] = name
			if paired {
				it.Key[i] += names["="+target]
			}
		}
	}
	return it
}

// only is the item in one language.
func only(it courses.Item, lang courses.Lang) courses.Item {
	keep := func(t courses.Text) courses.Text {
		if lang == courses.English {
			return courses.Text{EN: t.EN}
		}
		return courses.Text{ID: t.ID}
	}
	it.Stem, it.Unit, it.Why = keep(it.Stem), keep(it.Unit), keep(it.Why)
	it.Options, it.Targets = slices.Clone(it.Options), slices.Clone(it.Targets)
	for i := range it.Options {
		if it.Type != courses.TrueFalse {
			it.Options[i].Text = keep(it.Options[i].Text)
		}
		it.Options[i].Why = keep(it.Options[i].Why)
	}
	for i := range it.Targets {
		it.Targets[i].Text = keep(it.Targets[i].Text)
	}
	return it
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
