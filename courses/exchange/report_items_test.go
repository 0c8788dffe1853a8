package exchange_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/gain"
	"melek/courses/gain/items"
	"melek/courses/reports"
)

func itemsReport() reports.Items {
	return reports.Items{Phase: reports.AllTests,
		Items: []items.Row{
			{Item: "a-1", N: 1200, Facility: new(0.5), RestCorrelation: new(0.312), Verdict: items.Fine,
				Rasch: &items.Rasch{B: -0.251, SE: 0.06, Infit: 0.98, Outfit: 1.04}, DIF: &items.DIF{Class: "B"}},
			{Item: "b-1", N: 30, Facility: new(0.1), Verdict: items.TooFew}},
		Forms: []items.FormRow{{Form: "A", N: 1200, Mean: new(50.04), SD: new(20.0), Alpha: new(0.71)}, {Form: "B"},
			{Form: "C", N: 30}},
		Links: []items.Link{{Form: "A", Reference: "A", Comparable: true},
			{Form: "B", Reference: "A", Comparable: true, EffectPoints: new(2.34), EffectCI95: &gain.Interval{-1, 5.5}},
			{Form: "C", Reference: "A", Reasons: gain.Reasons{"scores": "too_few_answers"}}}}
}

func TestItemsAsATable(t *testing.T) {
	tests := map[courses.Lang][]string{
		courses.Indonesian: {"A  ", "1.200", "50,0", "0,71", "acuan", "+2,3 (−1,0 s.d. +5,5)",
			"ada soal yang jawabannya kurang dari 100", "50,0%", "0,31", "−0,25", "0,06", "0,98", "1,04", "baik",
			"jawaban belum cukup"},
		courses.English: {"1,200", "reference", "+2.3 (−1.0 to +5.5)", "some item has fewer than 100 answers", "fine"},
	}
	for lang, want := range tests {
		var b bytes.Buffer
		if err := exchange.WriteItems(&b, "table", itemsReport(), lang, wordings(t, lang)); err != nil {
			t.Fatal(err)
		}
		for _, words := range want {
			if !strings.Contains(b.String(), words) {
				t.Errorf("%s lacks %q:\n%s", lang, words, b.String())
			}
		}
	}
}

func TestItemsOfASimulationSaySo(t *testing.T) {
	var b bytes.Buffer
	report := itemsReport()
	report.Simulated = true
	if err := exchange.WriteItems(&b, "table", report, courses.English, wordings(t, courses.English)); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "SIMULATION") {
		t.Errorf("the table begins %.40q", b.String())
	}
}

func TestItemsAsJSONAreTheReport(t *testing.T) {
	var b bytes.Buffer
	if err := exchange.WriteItems(&b, "json", itemsReport(), courses.Indonesian, nil); err != nil {
		t.Fatal(err)
	}
	var got reports.Items
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got.Items[0].Rasch.B != -0.251 || got.Items[1].Rasch != nil {
		t.Errorf("%s, %v", b.String(), err)
	}
	err := exchange.WriteItems(&b, "csv", itemsReport(), courses.Indonesian, nil)
	if !errors.Is(err, courses.Invalid) {
		t.Errorf("as CSV: %v, want it invalid", err)
	}
}
