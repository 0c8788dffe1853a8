package reports_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
)

// finest is a regency with figures to be made finer.
func finest(t *testing.T) *kit {
	k := newKit()
	for n, area := range []string{"33.1.1", "33.1.2", "33.2.1", "33.2.2", "33.3.1", "33.3.2"} {
		k.pairs(area, 6+n)
	}
	return k.file(t)
}

func TestFinerFiguresAreMadeInTheBackground(t *testing.T) {
	k := finest(t)
	first := k.gains(t, reports.Query{}).Rows[0]
	if first.HakeGCI95 != nil || first.Reasons["hake_g_ci95"] != gain.Pending {
		t.Fatalf("before they are made: %v, %q", first.HakeGCI95, first.Reasons["hake_g_ci95"])
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go k.KeepRefined(ctx)
	for k.gains(t, reports.Query{}).Rows[0].HakeGCI95 == nil {
		time.Sleep(time.Millisecond)
	}
	r := k.gains(t, reports.Query{})
	for _, row := range append(r.Rows, r.Total) {
		if row.HakeGCI95 == nil || row.HakeGCI95[0] >= *row.HakeG || row.HakeGCI95[1] <= *row.HakeG ||
			*row.WilcoxonP > 0.01 {
			t.Errorf("%s: g = %v in %v, p = %v", row.Code, *row.HakeG, row.HakeGCI95, row.WilcoxonP)
		}
	}
	for _, by := range reports.AllBy {
		for _, row := range k.gains(t, reports.Query{By: by}).Rows {
			if *row.Matched > 0 && row.HakeGCI95 == nil {
				t.Errorf("by %s %q has no interval: %q", by, row.Code, row.Reasons["hake_g_ci95"])
			}
		}
	}
	narrow := k.gains(t, reports.Query{Type: people.Village}).Rows[1]
	if narrow.HakeGCI95 != nil || narrow.Reasons["wilcoxon_p"] != gain.WholeOnly {
		t.Errorf("of desa alone: %v, %q", narrow.HakeGCI95, narrow.Reasons["wilcoxon_p"])
	}
}

func TestFinerFiguresAreOfThePeopleBesideThem(t *testing.T) {
	k := finest(t)
	refine := func(desk *reports.Desk) {
		if err := desk.Refine(context.Background(), "c", people.Participant); err != nil {
			t.Fatal(err)
		}
	}
	refine(k.Desk)
	before := k.gains(t, reports.Query{})
	p := k.newcomer("33.1.1")
	k.paper(p, record.Pre, 10)
	k.paper(p, record.Post, 90)
	k.file(t)
	after := k.gains(t, reports.Query{})
	if after.Rows[0].HakeGCI95 != nil || *after.Rows[1].HakeGCI95 != *before.Rows[1].HakeGCI95 {
		t.Errorf("one more person in the first kecamatan: %v there, %v in the second", after.Rows[0].HakeGCI95,
			after.Rows[1].HakeGCI95)
	}
	refine(k.Desk)
	again := k.gains(t, reports.Query{})
	if again.Rows[0].HakeGCI95 == nil || *again.Rows[0].HakeGCI95 == *before.Rows[0].HakeGCI95 {
		t.Errorf("made again: %v, before %v", again.Rows[0].HakeGCI95, before.Rows[0].HakeGCI95)
	}
	other := reports.New(reports.Setup{Store: k.store, Region: region(), Syllabus: k.syllabus, Zone: zone,
		MinCell: 5, Now: func() time.Time { return again.GeneratedAt }})
	kept, err := other.Gains(context.Background(), reports.Query{Course: "c"})
	if err != nil || *kept.Rows[0].HakeGCI95 != *again.Rows[0].HakeGCI95 {
		t.Errorf("another process finds %v, %v; want what was kept", kept.Rows[0].HakeGCI95, err)
	}
	fresh := reports.New(reports.Setup{Store: k.store, Region: region(), Syllabus: k.syllabus, Zone: zone,
		MinCell: 5, Now: func() time.Time { return again.GeneratedAt }})
	if err := k.store.PutSetting(context.Background(), "finer/c/participant", "{}"); err != nil {
		t.Fatal(err)
	}
	refine(fresh)
	anew, err := fresh.Gains(context.Background(), reports.Query{Course: "c"})
	a, _ := json.Marshal(again)
	b, _ := json.Marshal(anew)
	if err != nil || string(a) != string(b) {
		t.Errorf("made anew the report differs:\n%s\n%s", a, b)
	}
}

func TestPooledMeansStandBesideRawOnes(t *testing.T) {
	k := newKit()
	k.pairs("33.1.1", 40)
	k.pairs("33.1.2", 30)
	k.pairs("33.2.1", 20)
	k.pairs("33.2.2", 21)
	k.dropouts("33.3.1", 7)
	for i := range 12 { // a small kecamatan that stands out
		p := k.newcomer("33.3.1")
		k.paper(p, record.Pre, float64(20+i))
		k.paper(p, record.Post, float64(70+2*i))
	}
	r := k.file(t).gains(t, reports.Query{})
	if r.Pooling == nil {
		t.Fatal("no model")
	}
	for _, row := range r.Rows {
		raw, pooled := *row.GainMean, *row.PooledMean
		if (pooled-raw)*(r.Pooling.Mean-raw) < 0 {
			t.Errorf("%s: %v pooled, %v raw, %v of all: not drawn towards all", row.Code, pooled, raw, r.Pooling.Mean)
		}
		if row.PooledCI95[0] > pooled || row.PooledCI95[1] < pooled {
			t.Errorf("%s: %v outside %v", row.Code, pooled, row.PooledCI95)
		}
	}
	if village := k.gains(t, reports.Query{By: reports.ByVillage}).Rows[0]; village.PooledMean != nil ||
		village.Reasons["pooled_mean"] != gain.DistrictOnly {
		t.Errorf("a village has the pooled mean %v, %q", village.PooledMean, village.Reasons["pooled_mean"])
	}
}

// TestHiddenKecamatanDoNotShowInTheModel: what is told is the same whatever the few people of a hidden kecamatan
// gained.
func TestHiddenKecamatanDoNotShowInTheModel(t *testing.T) {
	var told []string
	for _, post := range []float64{10, 100} {
		k := newKit()
		for _, area := range []string{"33.1.1", "33.1.2", "33.2.1"} {
			k.pairs(area, 9)
		}
		for range 3 {
			p := k.newcomer("33.3.1")
			k.paper(p, record.Pre, 40)
			k.paper(p, record.Post, post)
		}
		raw, err := json.Marshal(k.file(t).gains(t, reports.Query{}).Rows)
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, string(raw))
	}
	if told[0] != told[1] {
		t.Errorf("rows differ:\n%s\n%s", told[0], told[1])
	}
}

func TestNoFinerFiguresOfACourseThatThereIsNot(t *testing.T) {
	if err := newKit().Refine(context.Background(), "x", people.Participant); !errors.Is(err, courses.Invalid) {
		t.Errorf("refine = %v, want it invalid", err)
	}
}
