package people_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/people"
)

func workshop(change ...func(*people.Workshop)) people.Workshop {
	w := people.Workshop{ID: "w1", Title: "Bimtek Kertek", Courses: []string{"keamanan-siber"}, Area: "33.07.02",
		From: "2026-11-24", To: "2026-11-25", Facilitators: []string{"F1"}, Roster: []string{"P1", "P2"},
		Code: "KRTKBM"}
	for _, c := range change {
		c(&w)
	}
	return w
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, jakarta)
	if err != nil {
		panic(err)
	}
	return t
}

func TestAWorkshopIsOpenOnItsDays(t *testing.T) {
	tests := []struct {
		name   string
		w      people.Workshop
		at     string
		want   bool
		helped bool // by those who ran it
	}{
		{"the evening before", workshop(), "2026-11-23 23:59", false, true},
		{"from midnight", workshop(), "2026-11-24 00:00", true, true},
		{"to midnight", workshop(), "2026-11-25 23:59", true, true},
		{"the day after", workshop(), "2026-11-26 00:00", false, true},
		{"while nobody may enter", workshop(func(w *people.Workshop) { w.Code = "" }), "2026-11-24 08:00", false, true},
		{"when it is off", workshop(func(w *people.Workshop) { w.Cancelled = true }), "2026-11-24 08:00", false, false},
		{"180 days later", workshop(), "2027-05-24 08:00", false, true},
		{"181 days later", workshop(), "2027-05-25 08:00", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.w.Open(at(tt.at), jakarta); got != tt.want {
				t.Errorf("Open = %v, want %v", got, tt.want)
			}
			if got := tt.w.Current(at(tt.at), jakarta); got != tt.helped {
				t.Errorf("Current = %v, want %v", got, tt.helped)
			}
		})
	}
}

func TestARosterHoldsEachOnce(t *testing.T) {
	w := workshop()
	before := w.Roster
	w.Enlist("P3", "P1", "P0", "P3")
	w.Strike("P2")
	w.Strike("P9")
	if want := []string{"P0", "P1", "P3"}; !slices.Equal(w.Roster, want) {
		t.Errorf("roster %v, want %v", w.Roster, want)
	}
	if !slices.Equal(before, []string{"P1", "P2"}) {
		t.Errorf("the roster that somebody else holds has become %v", before)
	}
	w.Drop("F1")
	if len(w.Facilitators) != 0 || !w.Enlisted("P3") || w.Enlisted("P2") {
		t.Errorf("after all that it is %+v", w)
	}
}

func TestACodeMayBeTypedInManyWays(t *testing.T) {
	for _, typed := range []string{"KRTKBM", "krtkbm", " krt-kbm ", "K R T K B M", "krt.kbm"} {
		if got := people.NormalCode(typed); got != "KRTKBM" {
			t.Errorf("NormalCode(%q) = %q", typed, got)
		}
	}
}

func TestCheckOfAWorkshopNamesTheField(t *testing.T) {
	good := workshop()
	if err := good.Check(people.Wonosobo()); err != nil {
		t.Errorf("a good one: %v", err)
	}
	tests := map[string]func(*people.Workshop){
		"title":        func(w *people.Workshop) { w.Title = "" },
		"place":        func(w *people.Workshop) { w.Place = strings.Repeat("a", 121) },
		"area":         func(w *people.Workshop) { w.Area = "99" },
		"courses":      func(w *people.Workshop) { w.Courses = nil },
		"facilitators": func(w *people.Workshop) { w.Facilitators = nil },
		"from":         func(w *people.Workshop) { w.From = "24-11-2026" },
		"to":           func(w *people.Workshop) { w.To = "2026-11-23" },
		"roster":       func(w *people.Workshop) { w.Roster = make([]string, 501) },
	}
	for field, spoil := range tests {
		w := workshop(spoil)
		var p *courses.Problem
		if err := w.Check(people.Wonosobo()); !errors.As(err, &p) || p.Key != "workshop.bad_"+field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for field, spoil := range map[string]func(*people.Workshop){
		"title": func(w *people.Workshop) { w.Title = "Budi 3307010101800001" },
		"to":    func(w *people.Workshop) { w.To = "2026-12-08" },
	} {
		w := workshop(spoil)
		if courses.KindOf(w.Check(people.Wonosobo())) != courses.Invalid {
			t.Errorf("%s is taken: %+v", field, w)
		}
	}
}

func TestWhoRunsAWorkshop(t *testing.T) {
	g, w, own := people.Wonosobo(), workshop(), moved()
	tests := []struct {
		name                  string
		by                    people.Duty
		holds, plans, enlists bool
	}{
		{"who runs it", people.Duty{Person: "F1", Role: people.Facilitator, Area: "33.07.02"}, true, true, true},
		{"who runs it and serves elsewhere", people.Duty{Person: "F1", Role: people.Facilitator, Area: "33.07.01"},
			true, false, false},
		{"another facilitator there", people.Duty{Person: "F2", Role: people.Facilitator, Area: "33.07.02"},
			false, true, true},
		{"the officer there", people.Duty{Person: "O1", Role: people.DistrictOfficer, Area: "33.07.02"}, true, true, true},
		{"an officer elsewhere", people.Duty{Person: "O2", Role: people.DistrictOfficer, Area: "33.07.01"},
			false, false, false},
		{"an officer of nowhere", people.Duty{Person: "O3", Role: people.DistrictOfficer}, false, false, false},
		{"an administrator", people.Duty{Person: "A1", Role: people.Admin, Area: "33.07"}, true, true, true},
		{"an author", people.Duty{Person: "A2", Role: people.Author, Area: "33.07"}, false, false, false},
		{"a participant", people.Duty{Person: "P1", Role: people.Participant, Area: "33.07.02"}, false, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := []bool{tt.by.Holds(&w, g), tt.by.Plans(w.Area, g), tt.by.Enlists(&own, g)}
			if want := []bool{tt.holds, tt.plans, tt.enlists}; !slices.Equal(got, want) {
				t.Errorf("Holds, Plans, Enlists = %v, want %v", got, want)
			}
		})
	}
}

func TestAFacilitatorIsChargedWithTheOwnRosters(t *testing.T) {
	now := at("2026-12-01 08:00")
	all := []people.Workshop{workshop(), workshop(func(w *people.Workshop) { w.Roster = []string{"P0", "P2"} }),
		workshop(func(w *people.Workshop) { w.Facilitators, w.Roster = []string{"F2"}, []string{"P7"} }),
		workshop(func(w *people.Workshop) { w.Cancelled, w.Roster = true, []string{"P8"} })}
	facilitator := people.Duty{Person: "F1", Role: people.Facilitator}.Charge(all, now, jakarta)
	if want := []string{"P0", "P1", "P2"}; !slices.Equal(facilitator.Charges, want) {
		t.Errorf("charged with %v, want %v", facilitator.Charges, want)
	}
	// Whoever is a facilitator no longer reaches nobody, whatever they ran.
	former := people.Duty{Person: "F1", Role: people.Participant}.Charge(all, now, jakarta)
	if len(former.Charges) != 0 {
		t.Errorf("a participant is charged with %v", former.Charges)
	}
}
