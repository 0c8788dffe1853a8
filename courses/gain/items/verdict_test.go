package items_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/gain/items"
)

// choices has n people choose the option of item a, right or not, with so many of nine other items right.
type choices struct {
	n      int
	option string
	others int
}

// tested has people take a test of ten items.
func tested(people ...choices) *items.Tests {
	tests := &items.Tests{}
	for _, p := range people {
		for range p.n {
			test := []items.Answered{{Item: "a", Chosen: []string{p.option}}}
			if p.option == "y" {
				test[0].Marks = 1
			}
			for i := range 9 {
				other := items.Answered{Item: fmt.Sprint("b", i)}
				if i < p.others {
					other.Marks = 1
				}
				test = append(test, other)
			}
			tests.Add("A", courses.Indonesian, test)
		}
	}
	return tests
}

func TestVerdicts(t *testing.T) {
	tests := []struct {
		name   string
		people []choices
		want   items.Verdict
	}{
		{"49 answers", []choices{{24, "y", 8}, {25, "n", 2}}, items.TooFew},
		{"nobody", nil, items.TooFew},
		{"the able have it right", []choices{{30, "y", 8}, {20, "n", 2}, {10, "z", 2}}, items.Fine},
		{"the able have it wrong", []choices{{30, "n", 8}, {20, "y", 2}, {5, "z", 2}}, items.KeyWrong},
		{"the able take a distractor more than the key",
			[]choices{{16, "z", 9}, {14, "y", 9}, {30, "y", 6}, {60, "n", 1}}, items.KeyWrong},
		{"95 of a hundred have it right", []choices{{95, "y", 8}, {5, "n", 2}}, items.TooEasy},
		{"all have it right", []choices{{60, "y", 8}, {40, "y", 2}}, items.TooEasy},
		{"one in five has it right", []choices{{20, "y", 9}, {10, "n", 9}, {40, "n", 4}, {30, "z", 1}}, items.TooHard},
		{"nobody has it right, and the able take each distractor",
			[]choices{{30, "n", 8}, {30, "z", 2}}, items.KeyWrong},
		{"as often right among the able as among the others",
			[]choices{{20, "y", 8}, {20, "n", 8}, {20, "y", 2}, {20, "z", 2}}, items.Flat},
		{"nobody takes one of the distractors", []choices{{30, "y", 8}, {30, "n", 2}}, items.Idle},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := row(tested(tt.people...), "a", yesNo)
			if r.Verdict != tt.want {
				t.Errorf("verdict = %q, want %q; facility %v, rest correlation %v, thirds %v", r.Verdict, tt.want,
					show(r.Facility), show(r.RestCorrelation), r.Thirds)
			}
		})
	}
}

func TestAnItemThatIsGoneIsJudgedByItsMarks(t *testing.T) {
	if r := row(tested(choices{30, "y", 8}, choices{30, "n", 2}), "a", nil); r.Verdict != items.Fine {
		t.Errorf("verdict = %q, want %q", r.Verdict, items.Fine)
	}
}

func TestSeveralRightOptionsAreAllTheKey(t *testing.T) {
	both := &courses.Item{Key: []string{"p", "q"}, Options: []courses.Option{{ID: "p"}, {ID: "q"}, {ID: "r"}}}
	var tests items.Tests
	for i := range 60 {
		test := []items.Answered{{Item: "a", Chosen: []string{"p", "r"}}, {Item: "b"}}
		if i < 30 {
			test = []items.Answered{{Item: "a", Marks: 1, Chosen: []string{"p", "q"}}, {Item: "b", Marks: 1}}
		}
		tests.Add("A", courses.Indonesian, test)
	}
	if r := row(&tests, "a", both); r.Verdict != items.Fine {
		t.Errorf("verdict = %q, want %q", r.Verdict, items.Fine)
	}
}

// TestThirdsByHand has scores of 1, 4, 4, 6 and 10 of ten people each: those with 4 hold both the end of
// the lowest third and the middle of all, where their middle person is; those with 6 are in the highest.
func TestThirdsByHand(t *testing.T) {
	r := row(tested(choices{10, "n", 1}, choices{10, "n", 4}, choices{10, "z", 4}, choices{10, "n", 6},
		choices{10, "y", 9}), "a", yesNo)
	got := fmt.Sprint(*r.Thirds)
	want := "[{10 map[n:10 y:0 z:0]} {20 map[n:10 y:0 z:10]} {20 map[n:10 y:10 z:0]}]"
	if got != want {
		t.Errorf("thirds = %s, want %s", got, want)
	}
}

// berkeley is admissions by department of men and women (Bickel, Hammel and O'Connell 1975, Science 187,
// 398–404; the data set UCBAdmissions of R): admitted men, rejected men, admitted women, rejected women.
var berkeley = [][4]int{{512, 313, 89, 19}, {353, 207, 17, 8}, {120, 205, 202, 391}, {138, 279, 131, 244},
	{53, 138, 94, 299}, {22, 351, 24, 317}}

// admissions has men tested in Indonesian and women in English, on a form for each department; the
// second item is right where the first is wrong, so that all people of a form have the same score.
func admissions(departments [][4]int) *items.Tests {
	tests := &items.Tests{}
	for d, counts := range departments {
		for cell, n := range counts {
			lang := courses.Langs[cell/2]
			admitted := int64(1 - cell%2)
			for range n {
				tests.Add(fmt.Sprint("form", d), lang, []items.Answered{{Item: "admitted", Marks: admitted},
					{Item: "rejected", Marks: 1 - admitted}})
			}
		}
	}
	return tests
}

// TestBerkeley compares with R's mantelhaen.test(UCBAdmissions): common odds ratio 0.9046968 with a 95 %
// interval from 0.7719074 to 1.0603298, which the delta scale multiplies by −2.35 after the logarithm.
func TestBerkeley(t *testing.T) {
	dif := row(admissions(berkeley), "admitted", nil).DIF
	if dif == nil {
		t.Fatal("no DIF")
	}
	near(t, "delta", &dif.Delta, -2.35*math.Log(0.9046968), 1e-6)
	near(t, "se", &dif.SE, 2.35*(math.Log(1.0603298)-math.Log(0.7719074))/(2*1.959963985), 1e-6)
	if dif.Class != "A" || dif.ID != 2691 || dif.EN != 1835 {
		t.Errorf("dif = %+v, want class A of 2691 and 1835", dif)
	}
}

func TestLanguages(t *testing.T) {
	tests := []struct {
		name  string
		cells [][4]int
		want  string // class, or why there is none
		sign  float64
	}{
		{"alike", [][4]int{{100, 100, 60, 60}}, "A", 0},
		{"odds half as good in English", [][4]int{{400, 400, 134, 266}}, "C", -1},
		{"odds half as good in English, of few", [][4]int{{100, 100, 33, 67}}, "B", -1},
		{"odds half as good in Indonesian", [][4]int{{134, 266, 400, 400}}, "C", 1},
		{"small and significant", [][4]int{{5000, 5000, 4600, 5400}}, "A", -1},
		{"middling", [][4]int{{1000, 1000, 740, 1260}}, "B", -1},
		{"99 in English", [][4]int{{100, 100, 50, 49}}, "few_in_language", 0},
		{"nobody in English", [][4]int{{100, 100, 0, 0}}, "few_in_language", 0},
		{"each language on scores of its own", [][4]int{{100, 100, 0, 0}, {0, 0, 100, 100}}, "no_overlap", 0},
		{"all right in one language", [][4]int{{150, 0, 100, 100}}, "no_overlap", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := row(admissions(tt.cells), "admitted", nil)
			if r.DIF == nil {
				if string(r.Reasons["dif"]) != tt.want {
					t.Errorf("reason = %q, want %q", r.Reasons["dif"], tt.want)
				}
				return
			}
			if r.DIF.Class != tt.want || r.DIF.Delta*tt.sign < 0 || (tt.sign == 0) != (r.DIF.Delta == 0) {
				t.Errorf("dif = %+v, want class %s", r.DIF, tt.want)
			}
		})
	}
}

// TestEveryFigureExistsOrHasAReason draws tests of all kinds, few of them or many alike.
func TestEveryFigureExistsOrHasAReason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tests items.Tests
		size := rapid.IntRange(1, 5).Draw(t, "items")
		forms := []courses.Form{{ID: "A"}, {ID: "B"}}
		for i := range size {
			forms[0].Items = append(forms[0].Items, fmt.Sprint("i", i))
			forms[1].Items = append(forms[1].Items, fmt.Sprint("i", i+rapid.IntRange(0, 1).Draw(t, "shift")*10))
		}
		for range rapid.IntRange(0, 6).Draw(t, "kinds") {
			form := rapid.SampledFrom(forms).Draw(t, "form")
			lang := rapid.SampledFrom(courses.Langs).Draw(t, "lang")
			marks := rapid.SliceOfN(rapid.Int64Range(0, 1), size, size).Draw(t, "marks")
			for range rapid.SampledFrom([]int{1, 2, 120}).Draw(t, "people") {
				var test []items.Answered
				for i, id := range form.Items {
					test = append(test, items.Answered{Item: id, Marks: marks[i], Chosen: []string{"ny"[marks[i] : marks[i]+1]}})
				}
				tests.Add(form.ID, lang, test)
			}
		}
		scale := tests.Calibrate()
		for _, id := range append(tests.Items(), "unknown") {
			checkReasons(t, tests.Row(id, yesNo, scale))
		}
		for _, form := range forms {
			checkReasons(t, tests.FormRow(form.ID))
		}
		for _, link := range tests.Links(forms) {
			checkReasons(t, link)
		}
	})
}

// checkReasons looks for figures that JSON cannot write, and for nulls without a reason.
func checkReasons(t *rapid.T, row any) {
	raw, err := json.Marshal(row)
	if err != nil {
		t.Fatalf("%+v: %v", row, err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	reasons, _ := fields["reasons"].(map[string]any)
	for name, value := range fields {
		if why, _ := reasons[name].(string); (value == nil) != (why != "") {
			t.Fatalf("%s is %v for the reason %q in %s", name, value, why, raw)
		}
	}
	if strings.Contains(string(raw), "-0,") {
		t.Fatalf("a negative 0 in %s", raw)
	}
}
