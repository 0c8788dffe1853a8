package reports_test

import (
	"testing"

	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
)

// recalled are n people of the area who went from 40 to 80 and, later, to the score.
func (k *kit) recalled(area string, n int, later float64) {
	for range n {
		p := k.newcomer(area)
		k.paper(p, record.Pre, 40)
		k.paper(p, record.Post, 80)
		k.paper(p, record.Retention, later)
	}
}

func TestKeptGains(t *testing.T) {
	k := newKit()
	k.recalled("33.1.1", 6, 70)
	k.recalled("33.1.2", 6, 60)
	k.recalled("33.1", 5, 80) // the kecamatan's own
	k.pairs("33.1.1", 4)      // who did not come again
	k.recalled("33.2.1", 3, 50)
	k.pairs("33.2.1", 9)
	k.recalled("33.3.1", 8, 60)
	p := k.newcomer("33.3.1") // a retention test before the post-test is none
	k.paper(p, record.Pre, 40)
	k.paper(p, record.Retention, 40)
	k.paper(p, record.Post, 50)
	k.file(t)
	r := k.gains(t, reports.Query{})
	first, second, third := r.Rows[0], r.Rows[1], r.Rows[2]
	want := (6*30 + 6*20 + 5*40) / (17 * 40.0)
	if *first.KeptN != 17 || *first.KeptGain < want-1e-12 || *first.KeptGain > want+1e-12 || first.KeptGainCI95 == nil {
		t.Errorf("first: %v of %v in %v, want %v of 17", *first.KeptGain, *first.KeptN, first.KeptGainCI95, want)
	}
	if second.Suppressed || second.KeptN != nil || second.Reasons["kept_gain"] != gain.Suppressed {
		t.Errorf("three who came again: %v, %q", second.KeptN, second.Reasons["kept_gain"])
	}
	if third.KeptN != nil || third.Reasons["kept_n"] != gain.Suppressed || *r.Total.KeptN != 28 {
		t.Errorf("beside three hidden ones: %v; total %v", third.KeptN, *r.Total.KeptN)
	}
	all := k.gains(t, reports.Query{Unsuppressed: true})
	if *all.Rows[1].KeptN != 3 || *all.Rows[2].KeptN != 8 {
		t.Errorf("administrators see %v and %v", *all.Rows[1].KeptN, *all.Rows[2].KeptN)
	}
	for _, q := range []reports.Query{{From: "2026-01-01"}, {By: reports.ByGender}, {Type: people.Village}} {
		q.Unsuppressed = true
		if row := k.gains(t, q).Rows[0]; row.KeptN != nil || row.Reasons["kept_gain"] != gain.WholeOnly {
			t.Errorf("%+v: %v, %q", q, row.KeptN, row.Reasons["kept_gain"])
		}
	}
}
