package items_test

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/gain/items"
)

// sheet is a test on items a, b, c … with the marks given; 0 chose option n and 1 option y.
func sheet(marks ...int64) []items.Answered {
	test := make([]items.Answered, len(marks))
	for i, m := range marks {
		test[i] = items.Answered{Item: string(rune('a' + i)), Marks: m, Chosen: []string{[]string{"n", "y"}[m]}}
	}
	return test
}

// TestItemsByHand has five people on three items: marks 111, 110, 100, 100, 000. Totals are 3, 2, 1, 1, 0. n² times the
// variances are 4, 6, 4 for the items and 5·15 − 7² = 26 for the total, so alpha is 3/2 · (1 − 14/26) = 9/13. Of the
// middle item the rest is 2, 1, 1, 1, 0: n² times the covariance is 5·3 − 2·5 = 5, and √(6 · 10) divides it.
func TestItemsByHand(t *testing.T) {
	var tests items.Tests
	for _, marks := range [][]int64{{1, 1, 1}, {1, 1, 0}, {1, 0, 0}, {1, 0, 0}, {0, 0, 0}} {
		tests.Add("A", courses.Indonesian, sheet(marks...))
	}
	b := row(&tests, "b", yesNo)
	near(t, "facility", b.Facility, 0.4, 1e-15)
	near(t, "rest_correlation", b.RestCorrelation, 5/math.Sqrt(60), 1e-15)
	near(t, "discrimination_index", b.Discrimination, 500/math.Sqrt(60), 1e-12)
	if want := map[string]int64{"n": 3, "y": 2, "z": 0}; !maps.Equal(b.Options, want) {
		t.Errorf("options = %v, want %v", b.Options, want)
	}
	form := tests.FormRow("A")
	near(t, "mean", form.Mean, 100*7.0/15, 1e-12)
	near(t, "sd", form.SD, 100.0/3*math.Sqrt(26.0/20), 1e-12)
	near(t, "alpha", form.Alpha, 9.0/13, 1e-12)
	near(t, "sem", form.SEM, 100.0/3*math.Sqrt(26.0/20)*math.Sqrt(4.0/13), 1e-12)
}

func TestItemFiguresThatDoNotExist(t *testing.T) {
	item := func(tests ...[]items.Answered) any {
		var s items.Tests
		for _, test := range tests {
			s.Add("A", courses.Indonesian, test)
		}
		return row(&s, "a", nil)
	}
	form := func(tests ...[]items.Answered) any {
		var s items.Tests
		for _, test := range tests {
			s.Add("A", courses.Indonesian, test)
		}
		return s.FormRow("A")
	}
	rest := []string{"dif", "discrimination_index", "rasch", "rest_correlation"}
	tests := []struct {
		name string
		row  any
		want []string
	}{
		{"an item that nobody had", item(), []string{"dif", "discrimination_index", "facility", "rasch", "rest_correlation", "thirds"}},
		{"an item of one person", item(sheet(1, 0)), rest},
		{"an item that all had right", item(sheet(1, 0), sheet(1, 1)), rest},
		{"an item alone", item(sheet(1), sheet(0)), rest},
		{"an item with spread", item(sheet(1, 0), sheet(0, 1)), []string{"dif", "rasch"}},
		{"a form that nobody took", form(), []string{"alpha", "mean", "sd", "sem"}},
		{"a form that one took", form(sheet(1, 0)), []string{"alpha", "sd", "sem"}},
		{"a form of one item", form(sheet(1), sheet(0)), []string{"alpha", "sem"}},
		{"a form with all alike", form(sheet(1, 0), sheet(1, 0)), []string{"alpha", "sem"}},
		{"a form whose items changed", form(sheet(1, 0), sheet(0, 1), sheet(1, 1, 0)), []string{"alpha", "sem"}},
		{"a form with spread", form(sheet(1, 1), sheet(0, 0)), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := absentIn(t, tt.row)
			if slices.Sort(got); !slices.Equal(got, tt.want) {
				t.Errorf("absent %v, want %v", got, tt.want)
			}
			var reasons struct{ Reasons gain.Reasons }
			raw, err := json.Marshal(tt.row)
			if err == nil {
				err = json.Unmarshal(raw, &reasons)
			}
			if names := slices.Sorted(maps.Keys(reasons.Reasons)); err != nil || !slices.Equal(names, tt.want) {
				t.Errorf("reasons for %v, want %v; %v", names, tt.want, err)
			}
		})
	}
}

func TestLeftOutItems(t *testing.T) {
	var tests items.Tests
	tests.Add("A", courses.Indonesian, []items.Answered{{Item: "a"}, {Item: "b", Marks: 1, Chosen: []string{"p", "q"}}})
	a, b := row(&tests, "a", nil), row(&tests, "b", nil)
	if a.Omitted != 1 || b.Omitted != 0 || a.N != 1 || !maps.Equal(b.Options, map[string]int64{"p": 1, "q": 1}) {
		t.Errorf("rows = %+v, %+v", a, b)
	}
}

// TestItemSumsAreThoseOfThePeople compares the sums with the definitions over all tests, in any order.
func TestItemSumsAreThoseOfThePeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(2, 5).Draw(t, "items")
		marks := rapid.SliceOfN(rapid.SliceOfN(rapid.Int64Range(0, 1), size, size), 2, 30).Draw(t, "marks")
		var tests, backwards items.Tests
		var xs, rests, totals []float64
		for _, m := range marks {
			tests.Add("A", courses.Indonesian, sheet(m...))
			total := 0.0
			for _, x := range m {
				total += float64(x)
			}
			xs, rests = append(xs, float64(m[0])), append(rests, total-float64(m[0]))
			totals = append(totals, 100*total/float64(size))
		}
		for _, m := range slices.Backward(marks) {
			backwards.Add("A", courses.Indonesian, sheet(m...))
		}
		a, form := row(&tests, "a", nil), tests.FormRow("A")
		if again, _ := json.Marshal(backwards.FormRow("A")); string(again) != string(must(json.Marshal(form))) {
			t.Fatalf("in another order %s, want %s", again, must(json.Marshal(form)))
		}
		mean, sd := moments(totals)
		same(t, "mean", form.Mean, mean)
		same(t, "sd", form.SD, sd)
		if a.RestCorrelation != nil {
			same(t, "rest_correlation", a.RestCorrelation, correlation(xs, rests))
		}
		if form.Alpha != nil {
			variances := 0.0
			for i := range size {
				_, sd := moments(column(marks, i))
				variances += sd * sd
			}
			k, whole := float64(size), sd*sd*float64(size*size)/1e4
			same(t, "alpha", form.Alpha, k/(k-1)*(1-variances/whole))
		}
	})
}

func must(raw []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return raw
}

func column(marks [][]int64, i int) []float64 {
	xs := make([]float64, len(marks))
	for j, m := range marks {
		xs[j] = float64(m[i])
	}
	return xs
}

func correlation(xs, ys []float64) float64 {
	xm, xsd := moments(xs)
	ym, ysd := moments(ys)
	sum := 0.0
	for i := range xs {
		sum += (xs[i] - xm) * (ys[i] - ym)
	}
	return sum / float64(len(xs)-1) / (xsd * ysd)
}
