package reports_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
)

// threeAnchors gives the course «c» forms of five items, three of them in both.
func (k *kit) threeAnchors() {
	c := k.syllabus.courses["c"]
	c.Items["j3"] = &courses.Item{ID: "j3", Pillar: "aman", Key: []string{"y"}, Options: c.Items["j1"].Options}
	c.Forms = []courses.Form{{ID: "A", Items: []string{"a1", "a2", "j1", "j2", "j3"}},
		{ID: "B", Items: []string{"b1", "b2", "j1", "j2", "j3"}}}
}

// patterned has n people of an area take both tests, on the forms given, with answers that vary; on form B
// both items of its own are wrong where they would be right on A for one in two people, so that B is harder.
func (k *kit) patterned(area string, n, pre, post int) {
	for i := range n {
		p := k.newcomer(area)
		marks := func(bits, form int) int {
			if form == 1 && i%2 == 0 {
				bits &^= 3
			}
			return bits
		}
		k.pattern(p, record.Pre, pre, marks(1+i*7%30, pre))
		k.pattern(p, record.Post, post, marks(1+i*11%30, post))
	}
}

func (k *kit) linked(t tb, q reports.Query) reports.Linked {
	t.Helper()
	q.Course = "c"
	r, err := k.Linked(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestLinkedGains has a kecamatan where the harder form came second and one where it came first. What they
// did is the same but for that, so on the scale of form A the first gained more than raw scores say, the other
// less, and both about the same.
func TestLinkedGains(t *testing.T) {
	k := newKit()
	k.threeAnchors()
	k.patterned("33.1.1", 120, 0, 1)
	k.patterned("33.2.1", 120, 1, 0)
	k.file(t)
	if r := k.linked(t, reports.Query{}); r.Scale != nil || r.Rows[0].Linked != nil ||
		r.Rows[0].Reasons["linked"] != reports.NoScale || *r.Rows[0].Matched != 120 {
		t.Errorf("before the first review: %+v", r.Rows[0])
	}
	if err := k.reviewer().Review(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := k.linked(t, reports.Query{})
	first, second := r.Rows[0], r.Rows[1]
	if r.Scale == nil || first.Linked == nil || second.Linked == nil || r.Total.Linked.N != 240 {
		t.Fatalf("rows = %+v, scale = %+v", r.Rows, r.Scale)
	}
	if *first.Linked.GainMean <= *first.GainMean+3 || *second.Linked.GainMean >= *second.GainMean-3 {
		t.Errorf("raw %v and %v, linked %v and %v", *first.GainMean, *second.GainMean, *first.Linked.GainMean,
			*second.Linked.GainMean)
	}
	if apart := math.Abs(*first.Linked.GainMean - *second.Linked.GainMean); apart > 6 {
		t.Errorf("linked gains are %v points apart", apart)
	}
	raw := k.gains(t, reports.Query{})
	if *raw.Rows[0].GainMean != *first.GainMean || *raw.Rows[0].GainCI95 != *first.GainCI95 {
		t.Errorf("raw gain = %v %v, in the gains report %v %v", *first.GainMean, first.GainCI95, *raw.Rows[0].GainMean,
			raw.Rows[0].GainCI95)
	}
	if empty := r.Rows[2]; *empty.Matched != 0 || empty.Linked.N != 0 || empty.Linked.Reasons["gain_mean"] != gain.NoPairs {
		t.Errorf("a kecamatan of nobody = %+v", empty)
	}
	if villages := k.linked(t, reports.Query{By: reports.ByVillage, Within: "33.1"}); len(villages.Rows) != 3 ||
		*villages.Rows[0].Linked.GainMean != *first.Linked.GainMean || *villages.Total.Linked.GainMean != *first.Linked.GainMean {
		t.Errorf("villages = %+v", villages.Rows)
	}
	if desa := k.linked(t, reports.Query{Type: people.Village}); desa.Total.Linked.N != 120 {
		t.Errorf("%d people of desa are linked, want 120", desa.Total.Linked.N)
	}
}

func TestFormsWithoutALinkAreNotCompared(t *testing.T) {
	k := newKit() // whose forms have two anchors
	for i := range 240 {
		p := k.newcomer("33.1.1")
		k.pattern(p, record.Pre, i%2, 1+i/2%14)
		k.pattern(p, record.Post, i%2, 14-i/2%14)
	}
	if err := k.file(t).reviewer().Review(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := k.linked(t, reports.Query{})
	if r.Total.Linked != nil || r.Total.Reasons["linked"] != gain.NotLinked || *r.Total.Matched != 240 {
		t.Errorf("total = %+v", r.Total)
	}
}

// TestWhoWasTestedOnPaperCannotBeFoundOut has few people on paper beside many on a device: their number and scores
// would follow from the two gains.
func TestWhoWasTestedOnPaperCannotBeFoundOut(t *testing.T) {
	k := newKit()
	k.threeAnchors()
	for i, area := range []string{"33.1.1", "33.2.1", "33.3.1"} {
		k.patterned(area, 60, i%2, 1-i%2)
	}
	k.pairs("33.2.1", 3)
	if err := k.file(t).reviewer().Review(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := k.linked(t, reports.Query{})
	told := func(r reports.Linked) string {
		s := ""
		for _, row := range append(r.Rows, r.Total) {
			switch {
			case row.Linked != nil:
				s += fmt.Sprint(row.Linked.N, " ")
			default:
				s += fmt.Sprint(row.Reasons["linked"], " ")
			}
		}
		return s
	}
	if got, want := told(r), "60 suppressed 60 suppressed "; got != want {
		t.Errorf("linked = %s, want %s", got, want)
	}
	if *r.Rows[1].Matched != 63 || r.Rows[1].Suppressed {
		t.Errorf("the raw row is hidden also: %+v", r.Rows[1])
	}
	if got, want := told(k.linked(t, reports.Query{Unsuppressed: true})), "60 60 60 180 "; got != want {
		t.Errorf("unsuppressed = %s, want %s", got, want)
	}
}

func TestLinkedQueriesThatNameWhatThereIsNot(t *testing.T) {
	k := newKit()
	for _, q := range []reports.Query{{Course: "x"}, {Course: "c", By: reports.ByPillar}, {Course: "c", From: "2026-11-01"}} {
		if _, err := k.Linked(context.Background(), q); !errors.Is(err, courses.Invalid) {
			t.Errorf("%+v = %v, want it invalid", q, err)
		}
	}
}
