package people_test

import (
	"testing"

	"melek/courses/people"
)

func TestLeavingEndsTheLastPosting(t *testing.T) {
	for _, tt := range []struct {
		name     string
		last     people.Posting
		want     string
		returned string
	}{
		{"an open one", people.Posting{Area: "33.07.01.2001", From: "2026-01-01"}, "2026-11-23", ""},
		{"one without a first day", people.Posting{Area: "33.07.01.2001"}, "2026-11-23", ""},
		{"one that ended before", people.Posting{Area: "33.07.01.2001", To: "2025-12-31"}, "2025-12-31", ""},
		{"one that is yet to begin", people.Posting{Area: "33.07.01.2001", From: "2027-01-01"}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := people.Person{ID: "P1", Postings: []people.Posting{tt.last}}
			if p.Leave("2026-11-23"); !p.Retired || p.Postings[0].To != tt.want {
				t.Errorf("left: %+v, want the last day %q", p, tt.want)
			}
			if p.Return(); p.Retired || p.Postings[0].To != tt.returned {
				t.Errorf("returned: %+v, want the last day %q", p, tt.returned)
			}
		})
	}
	p := people.Person{ID: "P1"}
	if p.Leave("2026-11-23"); !p.Retired {
		t.Error("a person without postings cannot leave")
	}
	p.Return()
}
