package content_test

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"melek/courses"
	"melek/courses/content"
)

// withItem returns the example with q-1 written as given below its id, which stands on line 2 of items.yaml. Its
// fields begin on line 3.
func withItem(t *testing.T, fields string) fstest.MapFS {
	t.Helper()
	whole := itemsYAML()
	from, to := strings.Index(whole, "    fact: F/q-1"), strings.Index(whole, "  - id: q-2")
	return changed(t, "items.yaml", whole[from:to], "    stem: {id: \"Tanya?\", en: \"Ask?\"}\n"+fields)
}

const (
	two   = "    options: [{id: a, text: {id: A, en: A}}, {id: b, text: {id: B, en: B}}]\n"
	sides = two + "    targets: [{id: x, text: {id: X, en: X}}, {id: y, text: {id: Y, en: Y}}]\n"
	why   = "    why: {id: Sebab, en: Because}\n"
)

func TestLoadReadsEveryType(t *testing.T) {
	option := func(id string) courses.Option {
		name := strings.ToUpper(id)
		return courses.Option{ID: id, Text: courses.Text{ID: name, EN: name}}
	}
	explained := func(id string) courses.Option {
		o := option(id)
		o.Why = courses.Text{ID: "Sebab", EN: "Because"}
		return o
	}
	const eachWhy = "    options: [{id: a, text: {id: A, en: A}, why: {id: Sebab, en: Because}}, " +
		"{id: b, text: {id: B, en: B}, why: {id: Sebab, en: Because}}]\n"
	options, because := []courses.Option{option("a"), option("b")}, courses.Text{ID: "Sebab", EN: "Because"}
	tests := []struct {
		name, fields string
		want         courses.Item
	}{
		{"single by its name", "    type: single\n" + eachWhy + "    key: a\n",
			courses.Item{Type: courses.Single, Options: []courses.Option{explained("a"), explained("b")}, Key: []string{"a"}}},
		{"single by a list of one", eachWhy + "    key: [a]\n",
			courses.Item{Type: courses.Single, Options: []courses.Option{explained("a"), explained("b")}, Key: []string{"a"}}},
		{"several by its key", eachWhy + "    key: [a, b]\n", courses.Item{Type: courses.Several,
			Options: []courses.Option{explained("a"), explained("b")}, Key: []string{"a", "b"}}},
		{"several of which one is right", "    type: several\n" + eachWhy + "    key: a\n", courses.Item{Type: courses.Several,
			Options: []courses.Option{explained("a"), explained("b")}, Key: []string{"a"}}},
		{"true-false", "    type: true-false\n    key: false\n" + why, courses.Item{Type: courses.TrueFalse, Why: because,
			Options: []courses.Option{{ID: "true", Text: courses.Text{ID: "Benar", EN: "True"}},
				{ID: "false", Text: courses.Text{ID: "Salah", EN: "False"}}}, Key: []string{"false"}}},
		{"order", "    type: order\n" + two + "    key: [b, a]\n" + why,
			courses.Item{Type: courses.Order, Options: options, Key: []string{"b", "a"}, Why: because}},
		{"match", "    type: match\n" + sides + "    key: [\"a=y\", \"b = y\"]\n" + why, courses.Item{Type: courses.Match,
			Options: options, Targets: []courses.Option{option("x"), option("y")}, Key: []string{"a=y", "b=y"}, Why: because}},
		{"number", "    type: number\n    key: 12.50\n    tolerance: 0.5\n    unit: {id: jam, en: hours}\n" + why,
			courses.Item{Type: courses.Number, Key: []string{"12.5"}, Tolerance: 0.5,
				Unit: courses.Text{ID: "jam", EN: "hours"}, Why: because}},
		{"short text with one spelling", "    type: text\n    key: sandi\n" + why,
			courses.Item{Type: courses.ShortText, Key: []string{"sandi"}, Why: because}},
		{"short text with several spellings", "    type: text\n    key: [\"kata sandi\", password]\n" + why,
			courses.Item{Type: courses.ShortText, Key: []string{"kata sandi", "password"}, Why: because}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := content.Load(withItem(t, tt.fields), "contoh")
			if err != nil {
				t.Fatal(err)
			}
			tt.want.ID, tt.want.Pillar, tt.want.Stem = "q-1", "aman", courses.Text{ID: "Tanya?", EN: "Ask?"}
			if got := c.Items["q-1"]; !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("item = %+v\nwant %+v", *got, tt.want)
			}
		})
	}
}

func TestFindingsOfTypes(t *testing.T) {
	tests := []struct{ name, fields, want string }{
		{"unknown type", "    type: essay\n    key: a\n" + why,
			"4: type \"essay\" is unknown; use one of single, several, true-false, order, match, number, text"},
		{"single with two keys", "    type: single\n" + two + "    key: [a, b]\n", "6: key of q-1 names 2 options; " +
			"name one, or give it the type several"},
		{"true-false with another key", "    type: true-false\n    key: benar\n" + why,
			`5: key "benar" names no option of q-1; use one of true, false`},
		{"true-false with options", "    type: true-false\n" + two + "    key: true\n" + why,
			"5: q-1 is of the type true-false, which has no options; " +
				"take them away; true and false are offered by themselves"},
		{"true-false without a why", "    type: true-false\n    key: true\n",
			"2: the quiz item q-1 has no why; say why the key is right, in both languages"},
		{"why of a choice", two + "    key: a\n" + why,
			"6: q-1 is of the type single, which has no why; write it below each option"},
		{"order that leaves an entry out", "    type: order\n" + two + "    key: [b]\n" + why,
			"6: key of q-1 leaves out a; name every option, in the right order"},
		{"order with an entry twice", "    type: order\n" + two + "    key: [b, b]\n" + why,
			"6: key of q-1 names b twice; take one of them away"},
		{"order that is shown already", "    type: order\n" + two + "    key: [a, b]\n" + why,
			"6: options of q-1 already stand in the right order; write them in another order"},
		{"why of an entry of an order", "    type: order\n    options: [{id: a, text: {id: A, en: A}, why: {id: x, en: x}}, " +
			"{id: b, text: {id: B, en: B}}]\n    key: [b, a]\n" + why,
			"5: option number 1 of q-1 has an unknown field \"why\"; use one of id, text"},
		{"match without targets", "    type: match\n" + two + "    key: [\"a=x\"]\n" + why,
			"2: q-1 has no targets; add targets: …"},
		{"match with one target", "    type: match\n" + two + "    targets: [{id: x, text: {id: X, en: X}}]\n" +
			"    key: [\"a=x\", \"b=x\"]\n" + why, "2: q-1 has fewer than 2 targets; add targets, each with its id and text"},
		{"match whose key is no pair", "    type: match\n" + sides + "    key: [\"a=x\", b]\n" + why,
			"7: key \"b\" is no pair; write it as \"option=target\""},
		{"match of an unknown option", "    type: match\n" + sides + "    key: [\"a=x\", \"c=x\"]\n" + why,
			`7: key "c=x" names no option of q-1; use one of a, b`},
		{"match with an unknown target", "    type: match\n" + sides + "    key: [\"a=x\", \"b=z\"]\n" + why,
			`7: key "b=z" names no target of q-1; use one of x, y`},
		{"match of an option twice", "    type: match\n" + sides + "    key: [\"a=x\", \"b=x\", \"a=y\"]\n" + why,
			"7: key of q-1 matches a twice; take one of the pairs away"},
		{"match that leaves an option out", "    type: match\n" + sides + "    key: [\"a=x\"]\n" + why,
			"7: key of q-1 matches nothing with b; write a pair for every option"},
		{"targets of a choice", sides + "    key: a\n",
			"5: q-1 is of the type single, which has no targets; take it away, or change the type"},
		{"number that is none", "    type: number\n    key: banyak\n" + why,
			`5: key "banyak" of q-1 is no number; write it with a decimal point, such as 12.5`},
		{"number with a decimal comma", "    type: number\n    key: \"12,5\"\n" + why,
			`5: key "12,5" of q-1 is no number; write it with a decimal point, such as 12.5`},
		{"number without end", "    type: number\n    key: .inf\n" + why,
			`5: key ".inf" of q-1 is no number; write it with a decimal point, such as 12.5`},
		{"two numbers", "    type: number\n    key: [1, 2]\n" + why,
			"5: key of q-1 is more than one number; write one; tolerance says how near is right"},
		{"tolerance below 0", "    type: number\n    key: 1\n    tolerance: -1\n" + why,
			"6: tolerance is -1; write a number of 0 or more"},
		{"unit in one language", "    type: number\n    key: 1\n    unit: {id: jam}\n" + why,
			"6: unit of q-1 has no English; add en: …"},
		{"options of a number", "    type: number\n" + two + "    key: 1\n" + why,
			"5: q-1 is of the type number, which has no options; take it away, or change the type"},
		{"spellings that are marked alike", "    type: text\n    key: [Sandi, sándi]\n" + why,
			`5: key "sándi" of q-1 is marked as "Sandi" is; take it away; case, spaces and diacritics do not count`},
		{"text that folds to nothing", "    type: text\n    key: [\"\u0301\"]\n" + why,
			"5: key \"\u0301\" of q-1 is no short text; write a word or a few, at most 200 characters"},
		{"tolerance of a text", "    type: text\n    key: sandi\n    tolerance: 1\n" + why,
			"6: q-1 is of the type text, which has no tolerance; take it away, or change the type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := content.Load(withItem(t, tt.fields), "contoh")
			if err == nil {
				t.Fatal("the course loads; want findings")
			}
			var got []string
			for _, line := range strings.Split(err.Error(), "\n") {
				line = strings.TrimPrefix(line, "contoh/items.yaml:")
				if !strings.Contains(line, "of the quiz item q-1 has no why") {
					got = append(got, line)
				}
			}
			for _, want := range strings.Split(tt.want, "\n") {
				if !strings.Contains(strings.Join(got, "\n"), want) || len(got) != 1+strings.Count(tt.want, "\n") {
					t.Errorf("findings\n%s\nwant\n%s", strings.Join(got, "\n"), tt.want)
				}
			}
		})
	}
}
