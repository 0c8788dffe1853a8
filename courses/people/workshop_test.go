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
