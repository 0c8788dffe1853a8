package courses_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"melek/courses"
)

func item(ids, key []string) *courses.Item {
	return &courses.Item{ID: "x", Options: options(ids), Key: key}
}

func options(ids []string) []courses.Option {
	var all []courses.Option
	for _, id := range ids {
		all = append(all, courses.Option{ID: id})
	}
	return all
}

// The examples of marking are a file of their own, so that whatever marks outside this program can be held to them.
func TestMarkingExamples(t *testing.T) {
	data, err := os.ReadFile("testdata/marking.json")
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Name                          string
		Type                          courses.ItemType
		Options, Targets, Key, Answer []string
		Tolerance                     float64
		Valid                         bool
		Marks                         int
	}
	if err := json.Unmarshal(data, &examples); err != nil || len(examples) == 0 {
		t.Fatalf("%d examples: %v", len(examples), err)
	}
	met := map[courses.ItemType]bool{}
	for _, tt := range examples {
		met[tt.Type] = true
		t.Run(tt.Name, func(t *testing.T) {
			it := item(tt.Options, tt.Key)
			it.Type, it.Targets, it.Tolerance = tt.Type, options(tt.Targets), tt.Tolerance
			if got := it.Valid(tt.Answer); got != tt.Valid {
				t.Errorf("Valid(%v) = %v; want %v", tt.Answer, got, tt.Valid)
			}
			if got := it.Mark(tt.Answer); got != tt.Marks {
				t.Errorf("Mark(%v) = %d; want %d", tt.Answer, got, tt.Marks)
			}
		})
	}
	for _, kind := range courses.ItemTypes {
		if !met[kind] {
			t.Errorf("there is no example of the type %s", kind)
		}
	}
}

// drawn is an item of two to six options with a key of at least one.
func drawn(t *rapid.T) *courses.Item {
	options := []string{"a", "b", "c", "d", "e", "f"}[:rapid.IntRange(2, 6).Draw(t, "options")]
	key := subset(t, "key", options)
	if len(key) == 0 {
		key = options[:1]
	}
	return item(options, key)
}

// subset draws some of the ids in any order.
func subset(t *rapid.T, label string, ids []string) []string {
	order := rapid.Permutation(ids).Draw(t, label)
	return order[:rapid.IntRange(0, len(ids)).Draw(t, label+" size")]
}

func sorted(ids []string) []string {
	out := slices.Clone(ids)
	slices.Sort(out)
	return out
}

func offered(it *courses.Item) []string {
	var ids []string
	for _, o := range it.Options {
		ids = append(ids, o.ID)
	}
	return ids
}

func TestMarkIsOneExactlyForTheKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := drawn(t)
		answer := subset(t, "answer", offered(it))
		want := 0
		if slices.Equal(sorted(answer), sorted(it.Key)) {
			want = 1
		}
		if got := it.Mark(answer); got != want {
			t.Fatalf("Mark(%v) with the key %v = %d; want %d", answer, it.Key, got, want)
		}
	})
}

func TestMarkAsksNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := drawn(t)
		answer := subset(t, "answer", offered(it))
		want, before, key := it.Mark(answer), slices.Clone(answer), slices.Clone(it.Key)
		turned := item(offered(it), rapid.Permutation(it.Key).Draw(t, "turned key"))
		if got := turned.Mark(rapid.Permutation(answer).Draw(t, "turned answer")); got != want {
			t.Fatalf("another order of %v and the key %v is marked %d; want %d", answer, it.Key, got, want)
		}
		if !slices.Equal(answer, before) || !slices.Equal(it.Key, key) {
			t.Fatal("marking has changed the answer or the key")
		}
	})
}

func TestOnlyValidAnswersGetMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := drawn(t)
		answer := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "", "A"}), 0, 7).
			Draw(t, "answer")
		if it.Mark(answer) > 0 && !it.Valid(answer) {
			t.Fatalf("%v gets marks with the key %v and is not valid", answer, it.Key)
		}
		if !it.Valid(it.Key) || !it.Valid(nil) || it.Mark(it.Key) != 1 || it.Mark(nil) != 0 {
			t.Fatalf("the key %v is right and no answer is not", it.Key)
		}
		if it.Valid(append(slices.Clone(answer), "not offered")) {
			t.Fatalf("%v and an option that is not offered are valid", answer)
		}
	})
}

func small() *courses.Course {
	return &courses.Course{ID: "c", MinutesPerItem: 1.5,
		Modules: []courses.Module{{ID: "satu"}, {ID: "dua"}},
		Forms:   []courses.Form{{ID: "A", Items: []string{"x", "y", "z"}}},
		Items: map[string]*courses.Item{"x": {ID: "x", Pillar: "etika"}, "y": {ID: "y", Pillar: "cakap"},
			"z": {ID: "z", Pillar: "etika"}, "q": {ID: "q", Pillar: "aman"}}}
}

func TestCourseFindsItsParts(t *testing.T) {
	c := small()
	if m, place, err := c.Module("dua"); err != nil || m.ID != "dua" || place != 1 {
		t.Errorf("Module = %v, %d, %v; want the second", m, place, err)
	}
	if f, err := c.Form("A"); err != nil || len(f.Items) != 3 {
		t.Errorf("Form = %v, %v; want A", f, err)
	}
	if it, err := c.Item("y"); err != nil || it.ID != "y" {
		t.Errorf("Item = %v, %v; want y", it, err)
	}
	_, _, module := c.Module("tiga")
	_, form := c.Form("a")
	_, none := c.Item("w")
	for _, err := range []error{module, form, none} {
		if !errors.Is(err, courses.NotFound) {
			t.Errorf("a part that is not there is %v; want NotFound", err)
		}
	}
}

func TestDurationGrowsWithTheForm(t *testing.T) {
	c := small()
	if got, want := c.Duration(c.Forms[0]), 4*time.Minute+30*time.Second; got != want {
		t.Errorf("Duration = %v; want %v", got, want)
	}
	if got := c.Duration(courses.Form{}); got != 0 {
		t.Errorf("Duration of an empty form = %v; want 0", got)
	}
}

func TestPillarsOfTheTestStandInTheOrderOfReports(t *testing.T) {
	if got, want := small().PillarsOf(), []string{"cakap", "etika"}; !slices.Equal(got, want) {
		t.Errorf("PillarsOf = %v; want %v", got, want)
	}
	if len(courses.Pillars) != 6 {
		t.Errorf("PillarsOf has changed the list of pillars: %v", courses.Pillars)
	}
}

func TestTextIsIndonesianUnlessEnglishIsAskedFor(t *testing.T) {
	text := courses.Text{ID: "soal", EN: "item"}
	for lang, want := range map[courses.Lang]string{courses.Indonesian: "soal", courses.English: "item", "jv": "soal",
		"": "soal"} {
		if got := text.In(lang); got != want {
			t.Errorf("In(%q) = %q; want %q", lang, got, want)
		}
	}
}

func TestKindIsFoundThroughWrapping(t *testing.T) {
	problem := courses.Problemf(courses.Closed, "test.not_open")
	tests := []struct {
		name string
		err  error
		want courses.Kind
	}{
		{"a kind by itself", courses.Conflict, courses.Conflict},
		{"a problem", problem, courses.Closed},
		{"a wrapped problem", fmt.Errorf("test of %q: %w", "P1", problem), courses.Closed},
		{"a fault of ours", errors.New("disk is full"), 0},
		{"no error", nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := courses.KindOf(tt.err); got != tt.want {
				t.Errorf("KindOf(%v) = %d; want %d", tt.err, got, tt.want)
			}
			if tt.want != 0 && !errors.Is(tt.err, tt.want) {
				t.Errorf("%v is not %v", tt.err, tt.want)
			}
		})
	}
}

func TestProblemReadsInALog(t *testing.T) {
	if got, want := courses.Problemf(courses.Closed, "test.not_open").Error(), "not open: test.not_open"; got != want {
		t.Errorf("Error = %q; want %q", got, want)
	}
	got := courses.Problemf(courses.NotFound, "module.unknown", "tiga").Error()
	if want := "not found: module.unknown [tiga]"; got != want {
		t.Errorf("Error = %q; want %q", got, want)
	}
}

func TestEveryKindHasAName(t *testing.T) {
	for kind := courses.Invalid; kind <= courses.Unavailable; kind++ {
		if kind.Error() == "" {
			t.Errorf("kind %d has no name", kind)
		}
	}
}
