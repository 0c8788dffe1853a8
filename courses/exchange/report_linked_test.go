package exchange_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/gain"
	"melek/courses/gain/items"
	"melek/courses/people"
	"melek/courses/reports"
)

func linkedReport() reports.Linked {
	return reports.Linked{By: reports.ByDistrict, Simulated: true,
		Scale: &reports.Scale{Links: []items.Link{{Form: "A", Reference: "A", Comparable: true},
			{Form: "B", Reference: "A", Comparable: true, EffectPoints: new(2.34), EffectCI95: &gain.Interval{-1, 5.5}}}},
		Rows: []reports.LinkedRow{
			{Code: "33.07.01", Name: "Wadaslintang", Matched: new(int64(1200)), GainMean: new(7.04),
				GainCI95: &gain.Interval{5, 9},
				Linked:   &gain.Linked{N: 1200, GainMean: new(8.06), GainCI95: &gain.Interval{6, 10}, LogitsMean: new(0.412)}},
			{Code: "33.07.02", Name: "Kepil", Suppressed: true},
			{Code: "33.07.03", Name: "Sapuran", Matched: new(int64(63)), Reasons: gain.Reasons{"linked": gain.Suppressed}}},
		Total: reports.LinkedRow{Matched: new(int64(2000)), Reasons: gain.Reasons{"linked": gain.NotLinked}},
		About: reports.About{Title: courses.Text{ID: "Kota Cerdas", EN: "Smart City"}, Region: people.Wonosobo()}}
}

func TestLinkedAsATable(t *testing.T) {
	tests := map[courses.Lang][]string{
		courses.Indonesian: {"SIMULASI", "Kota Cerdas", "+2,3 (−1,0 s.d. +5,5)", "1.200", "+7,0 (+5,0 s.d. +9,0)",
			"+8,1 (+6,0 s.d. +10,0)", "0,41", "disembunyikan", "bentuk tes belum dapat dibandingkan"},
		courses.English: {"Smart City", "1,200", "+8.1 (+6.0 to +10.0)", "the forms cannot be compared yet"},
	}
	for lang, want := range tests {
		var b bytes.Buffer
		if err := exchange.WriteLinked(&b, "table", linkedReport(), lang, wordings(t, lang)); err != nil {
			t.Fatal(err)
		}
		for _, words := range want {
			if !strings.Contains(b.String(), words) {
				t.Errorf("%s lacks %q:\n%s", lang, words, b.String())
			}
		}
	}
	var b bytes.Buffer
	if err := exchange.WriteLinked(&b, "pdf", linkedReport(), courses.English, nil); !errors.Is(err, courses.Invalid) {
		t.Errorf("as PDF: %v, want it invalid", err)
	}
	if err := exchange.WriteLinked(&b, "json", linkedReport(), courses.English, nil); err != nil ||
		!strings.Contains(b.String(), `"logits_mean": 0.412`) {
		t.Errorf("%s, %v", b.String(), err)
	}
}
