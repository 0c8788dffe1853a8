package tally_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/tally"
)

func genStanding(t *rapid.T) tally.Standing {
	mark := func(name string) *record.Marks {
		if !rapid.Bool().Draw(t, name) {
			return nil
		}
		m := rapid.IntRange(1, 30).Draw(t, name+" max")
		return &record.Marks{Raw: float64(rapid.IntRange(0, m).Draw(t, name+" raw")), Max: float64(m)}
	}
	s := tally.Standing{Pre: mark("pre"), Post: mark("post"), Completed: rapid.Bool().Draw(t, "completed")}
	s.Matched = s.Pre != nil && s.Post != nil && rapid.Bool().Draw(t, "in order")
	return s
}

func TestCellsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genStanding(t)
		got, err := tally.ParseCell(s.Cell())
		if err != nil || got.Cell() != s.Cell() {
			t.Fatalf("ParseCell(%q) = %+v, %v", s.Cell(), got, err)
		}
	})
	for _, bad := range []string{"", "1/2", "x/2||", "1/y||"} {
		if _, err := tally.ParseCell(bad); err == nil {
			t.Errorf("cell %q is read", bad)
		}
	}
}

// TestFiguresAreThoseOfThePeople compares sums of figures with the plain formulas over everybody.
func TestFiguresAreThoseOfThePeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sum tally.Figures
		var diffs []float64
		competent := int64(0)
		for range rapid.IntRange(0, 5).Draw(t, "villages") {
			cells := map[string]int64{}
			for range rapid.IntRange(0, 12).Draw(t, "people") {
				s := genStanding(t)
				cells[s.Cell()]++
				if s.Matched {
					diffs = append(diffs, s.Post.Score()-s.Pre.Score())
					if s.Post.Score() >= 70 {
						competent++
					}
				}
			}
			f, err := tally.Of(cells, 70)
			if err != nil {
				t.Fatal(err)
			}
			sum = sum.Add(f)
		}
		if sum.Matched != int64(len(diffs)) || sum.Competent != competent {
			t.Fatalf("matched %d competent %d, want %d %d", sum.Matched, sum.Competent, len(diffs), competent)
		}
		mean, m2 := moments(diffs)
		if math.Abs(sum.Diff.Mean-mean) > 1e-9 || math.Abs(sum.Diff.M2-m2) > 1e-6 {
			t.Fatalf("mean %v M2 %v, want %v %v", sum.Diff.Mean, sum.Diff.M2, mean, m2)
		}
	})
}

func moments(xs []float64) (mean, m2 float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		m2 += (x - mean) * (x - mean)
	}
	return mean, m2
}

func TestCutsSplit(t *testing.T) {
	tests := []struct {
		cut, base tally.Cut
		day       string
	}{
		{tally.Everybody, tally.Everybody, ""},
		{tally.Everybody.ByDay("2026-11-23"), tally.Everybody, "2026-11-23"},
		{tally.ByWorkshop("a@b"), tally.ByWorkshop("a@b"), ""},
		{tally.ByWorkshop("a@b").ByDay("2026-11-23"), tally.ByWorkshop("a@b"), "2026-11-23"},
	}
	for _, tt := range tests {
		if base, day := tt.cut.Split(); base != tt.base || day != tt.day {
			t.Errorf("%q splits into %q and %q, want %q and %q", tt.cut, base, day, tt.base, tt.day)
		}
	}
}

func TestCountedWhereThePreTestWasTaken(t *testing.T) {
	zone := time.FixedZone("WIB", 7*60*60)
	p := people.Person{ID: "P1", Role: people.Participant, Postings: []people.Posting{
		{Area: "33.07.01.2001"}, {Area: "33.07.02.2001", From: "2026-07-01"}}}
	pre := record.Attempt{Phase: record.Pre, EndedAt: time.Date(2026, 6, 30, 3, 0, 0, 0, time.UTC), EndPlace: 1,
		Marks: &record.Marks{Raw: 4, Max: 10}, Pillars: map[string]record.Marks{"aman": {Raw: 4, Max: 10}}, Counts: true}
	post := pre
	post.Phase, post.EndedAt, post.EndPlace = record.Post, pre.EndedAt.AddDate(0, 2, 0), 2
	s := record.State{Courses: map[string]*record.Progress{"c": {FirstAt: pre.EndedAt.AddDate(0, 0, -1),
		Attempts: []record.Attempt{pre, post}}}}
	counts := tally.Counts("c", s.Courses["c"], p, zone)
	seen := map[tally.Cut]bool{}
	for _, c := range counts {
		if c.Key.Area != "33.07.01.2001" {
			t.Errorf("counted in %s, want the village of the pre-test", c.Key.Area)
		}
		if seen[c.Key.Cut] {
			t.Errorf("counted twice in cut %q", c.Key.Cut)
		}
		seen[c.Key.Cut] = true
	}
	for _, cut := range []tally.Cut{tally.Everybody, tally.Everybody.ByDay("2026-06-30"), tally.ByPillar("aman"),
		tally.ByWorkshop("")} {
		if !seen[cut] {
			t.Errorf("not counted in cut %q", cut)
		}
	}
}

func TestPositionAgeAndGenderAreThoseOfThePreTest(t *testing.T) {
	zone := time.FixedZone("WIB", 7*60*60)
	// By the zone's clock the test was handed in on the first day of 2026, when the second posting began.
	pre := record.Attempt{Phase: record.Pre, EndedAt: time.Date(2025, 12, 31, 18, 0, 0, 0, time.UTC), EndPlace: 1,
		Marks: &record.Marks{Raw: 4, Max: 10}, Counts: true}
	s := record.State{Courses: map[string]*record.Progress{"c": {FirstAt: pre.EndedAt.AddDate(-1, 0, 0),
		Attempts: []record.Attempt{pre}}}}
	tests := []struct {
		name                  string
		birthYear             int
		gender                string
		position, band, sexes string
	}{
		{"nothing is known", 0, "", "", tally.Unknown, tally.Unknown},
		{"24 this year", 2002, "P", "Kaur  Keuangan", "0-24", "P"},
		{"25 this year", 2001, "L", " KAUR keuangan", "25-34", "L"},
		{"54 this year", 1972, "L", "kaur keuangan", "45-54", "L"},
		{"55 this year", 1971, "L", "kaur keuangan", "55+", "L"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := people.Person{ID: "P1", Role: people.Participant, Gender: tt.gender, BirthYear: tt.birthYear,
				Postings: []people.Posting{{Area: "33.07.01.2001", Position: "Staf"},
					{Area: "33.07.01.2002", Position: tt.position, From: "2026-01-01"}}}
			want := map[tally.Cut]bool{tally.Position.Of("kaur keuangan"): true, tally.Age.Of(tt.band): true,
				tally.Gender.Of(tt.sexes): true}
			if tt.position == "" {
				want = map[tally.Cut]bool{tally.Position.Of(tally.Unknown): true, tally.Age.Of(tt.band): true,
					tally.Gender.Of(tt.sexes): true}
			}
			for _, c := range tally.Counts("c", s.Courses["c"], p, zone) {
				delete(want, c.Key.Cut)
			}
			if len(want) > 0 {
				t.Errorf("not counted in %v", want)
			}
		})
	}
}

func TestTheFormsOfBothTestsAreCounted(t *testing.T) {
	zone := time.FixedZone("WIB", 7*60*60)
	at := time.Date(2026, 6, 30, 3, 0, 0, 0, time.UTC)
	test := func(phase record.Phase, place int, form string) record.Attempt {
		return record.Attempt{Phase: phase, Form: form, Paper: form == "", EndedAt: at.AddDate(0, 0, place), EndPlace: place,
			Marks: &record.Marks{Raw: float64(place), Max: 10}, Counts: true}
	}
	tests := []struct {
		name string
		of   []record.Attempt
		want []tally.Cut
	}{
		{"matched on two forms", []record.Attempt{test(record.Pre, 1, "A"), test(record.Post, 2, "B")},
			[]tally.Cut{tally.ByForms("A", "B")}},
		{"the pre-test alone", []record.Attempt{test(record.Pre, 1, "A")}, nil},
		{"the post-test first", []record.Attempt{test(record.Pre, 2, "A"), test(record.Post, 1, "B")}, nil},
		{"one of them on paper", []record.Attempt{test(record.Pre, 1, ""), test(record.Post, 2, "B")}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := record.State{Courses: map[string]*record.Progress{"c": {FirstAt: at, Attempts: tt.of}}}
			var got []tally.Cut
			for _, c := range tally.Counts("c", s.Courses["c"], people.Person{ID: "P1", Role: people.Participant}, zone) {
				if strings.HasPrefix(string(c.Key.Cut), string(tally.Forms.Of(""))) {
					got = append(got, c.Key.Cut)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("cuts = %q, want %q", got, tt.want)
			}
		})
	}
	if pre, post := tally.FormsOf(tally.ByForms("A", "tes-2")); pre != "A" || post != "tes-2" {
		t.Errorf("forms are read as %q and %q", pre, post)
	}
}
