package reports_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/gain/items"
	"melek/courses/record"
	"melek/courses/reports"
)

func (k *kit) items(t *testing.T, form string) reports.Items {
	t.Helper()
	r, err := k.Items(context.Background(), "c", record.Pre, form)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func itemIDs(r reports.Items) (ids []string) {
	for _, row := range r.Items {
		ids = append(ids, row.Item)
	}
	return ids
}

// tested is six people on form A with 0 to 4 and 4 right, three on form B with 2, and what does not count.
func tested(t *testing.T) *kit {
	k := newKit()
	for _, right := range []int{0, 1, 2, 3, 4, 4} {
		k.device("c", k.newcomer("33.1.1"), record.Pre, "A", right)
	}
	for range 3 {
		k.device("c", k.newcomer("33.1.1"), record.Pre, "B", 2)
	}
	again := k.persons[0].ID
	k.device("c", again, record.Pre, "A", 4)             // only the first counts
	k.device("c", again, record.Post, "A", 4)            // another phase
	k.paper(k.newcomer("33.1.1"), record.Pre, 50)        // on paper
	k.device("c", "not yet known", record.Pre, "A", 4)   // kept until its person is known
	k.device("one", k.persons[1].ID, record.Pre, "A", 4) // another course
	return k.file(t)
}

func TestItems(t *testing.T) {
	r := tested(t).items(t, "")
	if got, want := itemIDs(r), []string{"a1", "a2", "j1", "j2", "b1", "b2"}; !slices.Equal(got, want) {
		t.Fatalf("items = %v, want %v", got, want)
	}
	a1, anchor := r.Items[0], r.Items[2]
	if a1.N != 6 || *a1.Facility != 5.0/6 || a1.Options["y"] != 5 || a1.Options["n"] != 1 || len(a1.Options) != 3 {
		t.Errorf("a1 = %+v", a1)
	}
	if anchor.N != 9 || *anchor.Facility != 3.0/9 {
		t.Errorf("an item of both forms = %+v, want it of all nine", anchor)
	}
	if a1.Rasch != nil || a1.Reasons["rasch"] != "too_few_answers" || a1.Verdict != items.TooFew {
		t.Errorf("rasch = %v, %q", a1.Rasch, a1.Reasons["rasch"])
	}
	if len(r.Forms) != 2 || r.Forms[0].N != 6 || r.Forms[1].N != 3 || *r.Forms[1].Mean != 50 ||
		r.Forms[1].Reasons["alpha"] != gain.NoSpread {
		t.Errorf("forms = %+v", r.Forms)
	}
}

func TestItemsOfOneForm(t *testing.T) {
	r := tested(t).items(t, "B")
	if got, want := itemIDs(r), []string{"b1", "b2", "j1", "j2"}; !slices.Equal(got, want) {
		t.Fatalf("items = %v, want %v", got, want)
	}
	if r.Items[2].N != 3 || len(r.Forms) != 1 || r.Forms[0].Form != "B" {
		t.Errorf("j1 = %+v, forms = %+v", r.Items[2], r.Forms)
	}
}

func TestWithdrawnItemsCountForNobody(t *testing.T) {
	k := newKit()
	k.syllabus.withdrawn["a2"] = true
	for _, right := range []int{0, 1, 2, 3, 4} {
		k.device("c", k.newcomer("33.1.1"), record.Pre, "A", right)
	}
	r := k.file(t).items(t, "A")
	if got, want := itemIDs(r), []string{"a1", "j1", "j2"}; !slices.Equal(got, want) {
		t.Fatalf("items = %v, want %v", got, want)
	}
	if want := 100 * float64(0+1+1+2+3) / 15; *r.Forms[0].Mean != want {
		t.Errorf("mean = %v, want %v", *r.Forms[0].Mean, want)
	}
}

func TestOnlyOfferedOptionsAreTold(t *testing.T) {
	k := newKit()
	k.say(record.Record{Kind: record.Submitted, Person: k.newcomer("33.1.1"), Phase: record.Pre, Form: "A",
		Answers: record.Answers{"a1": {"<script>"}, "a2": {"y"}}, At: day.Add(time.Hour)})
	r := k.file(t).items(t, "A")
	if got := fmt.Sprint(r.Items[0].Options); got != "map[n:0 y:0 z:0]" {
		t.Errorf("options = %v", got)
	}
	if r.Items[0].Omitted != 1 || r.Items[1].Omitted != 0 || r.Items[2].Omitted != 1 {
		t.Errorf("items = %+v", r.Items)
	}
}

func TestItemsOfNobody(t *testing.T) {
	raw, err := json.Marshal(newKit().items(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Items []struct {
			N        int
			Facility *float64
			Reasons  gain.Reasons
		}
		Forms []any
	}
	if err := json.Unmarshal(raw, &r); err != nil || len(r.Items) != 6 || len(r.Forms) != 2 {
		t.Fatalf("%s, %v", raw, err)
	}
	if r.Items[0].Facility != nil || r.Items[0].Reasons["facility"] != gain.Nobody {
		t.Errorf("item of nobody = %+v", r.Items[0])
	}
}

// pattern has a test taken on one of the forms: the items whose bits are set are right.
func (k *kit) pattern(person string, phase record.Phase, form, bits int) {
	f := k.syllabus.courses["c"].Forms[form]
	answers := record.Answers{}
	for i, item := range f.Items {
		answers[item] = []string{[]string{"n", "y"}[bits>>i&1]}
	}
	k.say(record.Record{Kind: record.Submitted, Person: person, Phase: phase, Form: f.ID, Answers: answers})
}

// TestItemsAreCalibrated has enough people on both forms; these have two items in common, one fewer than a link needs.
func TestItemsAreCalibrated(t *testing.T) {
	k := newKit()
	for i := range 240 {
		p := k.newcomer("33.1.1")
		k.pattern(p, record.Pre, i%2, i/2%15)
		k.pattern(p, record.Post, i%2, 15-i/2%15)
	}
	r := k.file(t).items(t, "")
	for _, row := range r.Items {
		if row.Rasch == nil || row.Rasch.SE <= 0 || row.Reasons["rasch"] != "" {
			t.Errorf("%s has rasch %+v for the reason %q", row.Item, row.Rasch, row.Reasons["rasch"])
		}
	}
	if len(r.Links) != 2 || !r.Links[0].Comparable || r.Links[1].Reasons["scores"] != "too_few_anchors" {
		t.Errorf("links = %+v", r.Links)
	}
	if one := k.items(t, "A"); one.Links != nil {
		t.Errorf("a report on one form compares %+v", one.Links)
	}
	all, err := k.Items(context.Background(), "c", reports.AllTests, "")
	if err != nil || all.Forms[0].N != 240 || all.Items[2].N != 480 {
		t.Errorf("of all tests %+v, %v", all.Forms, err)
	}
}

func TestQuizzes(t *testing.T) {
	k := newKit()
	c := k.syllabus.courses["c"]
	for _, id := range []string{"q1", "q2", "q3"} {
		c.Items[id] = &courses.Item{ID: id, Pillar: "aman", Key: []string{"y"}, Options: []courses.Option{{ID: "y"}, {ID: "n"}}}
	}
	c.Modules = []courses.Module{{ID: "m1", Quiz: []string{"q1", "q2", "q3"}}, {ID: "m2", Quiz: []string{"q3"}}}
	k.syllabus.withdrawn["q3"] = true
	answer := func(person, item, option string) {
		k.say(record.Record{Kind: record.Answered, Person: person, Module: "m1", Answers: record.Answers{item: {option}}})
	}
	for i := range 4 {
		p := k.newcomer("33.1.1")
		answer(p, "q1", "y")
		if i == 3 {
			continue // broken off
		}
		answer(p, "q2", "n")
		answer(p, "q2", "y") // practice
	}
	k.file(t)
	r, err := k.Items(context.Background(), "c", reports.Quizzes, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := itemIDs(r); !slices.Equal(got, []string{"q1", "q2"}) || r.Links != nil {
		t.Fatalf("items = %v, links = %v", got, r.Links)
	}
	if q1, q2 := r.Items[0], r.Items[1]; q1.N != 3 || *q1.Facility != 1 || *q2.Facility != 0 || q2.Options["n"] != 3 {
		t.Errorf("items = %+v", r.Items)
	}
	if len(r.Forms) != 2 || r.Forms[0].Form != "m1" || r.Forms[0].N != 3 || r.Forms[1].N != 0 {
		t.Errorf("forms = %+v", r.Forms)
	}
	if _, err := k.Items(context.Background(), "c", reports.Quizzes, "A"); err == nil {
		t.Error("a form is taken for a module")
	}
}
