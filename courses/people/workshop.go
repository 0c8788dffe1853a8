package people

import (
	"slices"
	"strings"
	"time"

	"melek/courses"
)

// Workshop is a training that facilitators hold, on one day or on several, for the people on its roster.
type Workshop struct {
	ID      string
	Title   string
	Courses []string // ids of what is taught
	Area    string   // where it is held
	Place   string   // the hall, in words
	// From and To are the first and the last day, as YYYY-MM-DD in the reports' time zone.
	From, To string
	// Facilitators and Roster are the ids of those who run it and of the participants asked to come, each once
	// and in order.
	Facilitators, Roster []string
	// Code is what the people on the roster enter with on its days, CodeLength of CodeLetters; empty while
	// nobody may.
	Code      string
	Cancelled bool
	By        string // who changed it last
	At        time.Time
}

// Limits of a workshop.
const (
	MostDays   = 14
	MostRoster = 500
	longTitle  = 120
)

// CodeLength is how many letters a workshop's code has.
const CodeLength = 6

// CodeLetters are those that codes are made of: none is mistaken for another when read from a screen across a
// hall, and without vowels no code is a word.
const CodeLetters = "BCDFGHJKLMNPQRSTVWXZ"

// FollowUp is how long after a workshop those who ran it still help its people.
const FollowUp = 180 * 24 * time.Hour

// NormalCode is a code as it is kept, whichever way it was typed.
func NormalCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}

// Open reports whether the people on the roster may enter with the code at t.
func (w *Workshop) Open(t time.Time, zone *time.Location) bool {
	day := t.In(zone).Format(time.DateOnly)
	return w.Code != "" && !w.Cancelled && w.From <= day && day <= w.To
}

// Current reports whether those who run the workshop look after its people on the day of t.
func (w *Workshop) Current(t time.Time, zone *time.Location) bool {
	return !w.Cancelled && w.To >= FollowedSince(t, zone)
}

// FollowedSince is the earliest last day, as YYYY-MM-DD, of the workshops that are current at t.
func FollowedSince(t time.Time, zone *time.Location) string {
	return t.Add(-FollowUp).In(zone).Format(time.DateOnly)
}

// Enlist puts people on the roster; those who are on it stay.
func (w *Workshop) Enlist(ids ...string) { w.Roster = inOrder(append(slices.Clone(w.Roster), ids...)) }

// Strike takes somebody off the roster.
func (w *Workshop) Strike(id string) { w.Roster = without(w.Roster, id) }

// Drop takes somebody out of the workshop altogether.
func (w *Workshop) Drop(id string) {
	w.Strike(id)
	w.Facilitators = without(w.Facilitators, id)
}

func without(ids []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(other string) bool { return other == id })
}

// Enlisted reports whether the person is on the roster.
func (w *Workshop) Enlisted(id string) bool { return slices.Contains(w.Roster, id) }

// Tidy puts the lists of ids in order, each once.
func (w *Workshop) Tidy() {
	w.Courses, w.Facilitators, w.Roster = inOrder(w.Courses), inOrder(w.Facilitators), inOrder(w.Roster)
}

func inOrder(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Check says what is wrong with the workshop, as a courses.Problem of kind Invalid that names the field.
func (w *Workshop) Check(g *Region) error {
	bad := func(field string, args ...any) error {
		return courses.Problemf(courses.Invalid, "workshop.bad_"+field, args...)
	}
	for field, text := range map[string]string{"title": w.Title, "place": w.Place} {
		if !isText(text, longTitle) || HoldsNIK(text) {
			return bad(field, longTitle)
		}
	}
	from, err := time.Parse(time.DateOnly, w.From)
	if err != nil {
		return bad("from")
	}
	to, err := time.Parse(time.DateOnly, w.To)
	if err != nil || to.Before(from) || to.Sub(from) >= MostDays*24*time.Hour {
		return bad("to", MostDays)
	}
	_, known := g.Area(w.Area)
	switch {
	case w.Title == "":
		return bad("title", longTitle)
	case !known:
		return bad("area")
	case len(w.Courses) == 0:
		return bad("courses")
	case len(w.Facilitators) == 0:
		return bad("facilitators")
	case len(w.Roster) > MostRoster:
		return bad("roster", MostRoster)
	}
	return nil
}
