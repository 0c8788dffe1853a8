package storetest

import (
	"slices"
	"testing"

	"melek/courses/people"
	"melek/courses/store"
	"melek/courses/tally"
)

var tallyChecks = []check{
	{"cells are sums, and those that come to 0 vanish", cellsAreSums},
	{"a cell may be taken from before it is added to", cellsBelowZero},
	{"tallies are told apart by every part of their key", keysApart},
	{"tallies without cells are not listed", tallied},
	{"awkward names of tallies and cells are data", awkwardTallies},
}

func cellsAreSums(t *testing.T, s store.Store) {
	k, other := key(tally.Everybody, village(1)), key(tally.Everybody, village(2))
	addCells(t, s, cellsOf{k: {"1/2||": 2, "2/2||": 1, "||": 5}, other: {"||": 1}})
	addCells(t, s, cellsOf{k: {"1/2||": 3, "2/2||": -1}})
	same(t, "cells", cells(t, s, k, other), cellsOf{k: {"1/2||": 5, "||": 5}, other: {"||": 1}})
	addCells(t, s, cellsOf{k: {"1/2||": -5, "||": -5}})
	same(t, "cells of those that have any", cells(t, s, k, other)[other], map[string]int64{"||": 1})
	same(t, "cells of an emptied tally", len(cells(t, s, k)[k]), 0)
	addCells(t, s, cellsOf{k: {}})
	same(t, "cells after nothing was added", len(cells(t, s, k)[k]), 0)
	addCells(t, s, cellsOf{k: {"||": 1}})
	same(t, "cells when it fills again", cells(t, s, k), cellsOf{k: {"||": 1}})
}

func cellsBelowZero(t *testing.T, s store.Store) {
	k := key(tally.Everybody, village(1))
	addCells(t, s, cellsOf{k: {"||": -2}})
	same(t, "below 0", cells(t, s, k), cellsOf{k: {"||": -2}})
	addCells(t, s, cellsOf{k: {"||": 2}})
	same(t, "at 0", len(cells(t, s, k)[k]), 0)
}

// apart are keys of which each differs from the first in one part.
func apart() []tally.Key {
	first := key(tally.ByPillar("aman"), village(1))
	keys := []tally.Key{first, first, first, first, first, first}
	keys[1].Course = "d"
	keys[2].Role = people.Facilitator
	keys[3].Cut = tally.ByPillar("aman2")
	keys[4].Cut = first.Cut.ByDay("2026-11-23")
	keys[5].Area = village(2)
	return keys
}

func keysApart(t *testing.T, s store.Store) {
	want, figures := cellsOf{}, map[tally.Key]tally.Figures{}
	for i, k := range apart() {
		want[k] = map[string]int64{"||": int64(i + 1)}
		figures[k] = sampleFigures(int64(i + 1))
	}
	addCells(t, s, want)
	putFigures(t, s, figures)
	same(t, "cells", cells(t, s, apart()...), want)
	for i, k := range apart() {
		base, day := k.Cut.Split()
		q := store.FiguresQuery{Course: k.Course, Role: k.Role, Base: base, From: day, To: day}
		rows, err := s.Figures(t.Context(), q)
		must(t, err)
		if !slices.Contains(rows, tally.KeyedFigures{Key: k, Figures: sampleFigures(int64(i + 1))}) {
			t.Errorf("figures of %+v are not among %+v", k, rows)
		}
	}
}

func tallied(t *testing.T, s store.Store) {
	deltas := cellsOf{}
	for _, k := range apart() {
		deltas[k] = map[string]int64{"||": 1, "1/2||": 1}
	}
	addCells(t, s, deltas)
	addCells(t, s, cellsOf{apart()[0]: {"||": -1, "1/2||": -1}, apart()[1]: {"||": -1}})
	got, err := s.Tallied(t.Context())
	must(t, err)
	count := map[tally.Key]int{}
	for _, k := range got {
		count[k]++
	}
	want := map[tally.Key]int{}
	for _, k := range apart()[1:] {
		want[k] = 1
	}
	same(t, "tallied", count, want)
}

func awkwardTallies(t *testing.T, s store.Store) {
	deltas, figures := cellsOf{}, map[tally.Key]tally.Figures{}
	for i, text := range awkward {
		k := tally.Key{Course: text, Role: people.Role(text), Cut: tally.ByWorkshop(text), Area: text}
		deltas[k] = map[string]int64{text: 1, "": 2}
		figures[k] = sampleFigures(int64(i))
	}
	addCells(t, s, deltas)
	putFigures(t, s, figures)
	for k, want := range deltas {
		same(t, "cells of "+k.Course, cells(t, s, k), cellsOf{k: want})
		base, day := k.Cut.Split()
		rows, err := s.Figures(t.Context(),
			store.FiguresQuery{Course: k.Course, Role: k.Role, Base: base, From: day, To: day})
		must(t, err)
		same(t, "figures of "+k.Course, rows, []tally.KeyedFigures{{Key: k, Figures: figures[k]}})
		cuts, err := s.CutsOf(t.Context(), k.Course, "workshop=")
		must(t, err)
		if day == "" {
			same(t, "cuts of "+k.Course, cuts, []tally.Cut{k.Cut})
		}
	}
}

var reportChecks = []check{
	{"figures come back to the last bit", figuresRoundTrip},
	{"figures take the place of the last, and those of nobody vanish", figuresReplaced},
	{"figures are found by course, role, cut and days, in order of area and cut", figuresFound},
	{"cells are found by course, role and cut, in order of area", cellsFound},
	{"cuts without a day are listed once, by prefix, sorted", cutsListed},
	{"cuts vanish with the last of their figures", cutsVanish},
}

func figuresRoundTrip(t *testing.T, s store.Store) {
	k := key(tally.Everybody, village(1))
	putFigures(t, s, map[tally.Key]tally.Figures{k: sampleFigures(1)})
	rows, err := s.Figures(t.Context(), store.FiguresQuery{Course: "c", Role: people.Participant})
	must(t, err)
	same(t, "figures", rows, []tally.KeyedFigures{{Key: k, Figures: sampleFigures(1)}})
}

func figuresReplaced(t *testing.T, s store.Store) {
	a, b := key(tally.Everybody, village(1)), key(tally.Everybody, village(2))
	c := key(tally.Everybody, village(3))
	putFigures(t, s, map[tally.Key]tally.Figures{a: sampleFigures(1), b: sampleFigures(2)})
	putFigures(t, s, map[tally.Key]tally.Figures{a: sampleFigures(3), b: {}, c: {}})
	rows, err := s.Figures(t.Context(), store.FiguresQuery{Course: "c", Role: people.Participant})
	must(t, err)
	same(t, "figures", rows, []tally.KeyedFigures{{Key: a, Figures: sampleFigures(3)}})
}

// figuresFound asks for each of many tallies; a key stands for its figures.
func figuresFound(t *testing.T, s store.Store) {
	aman, aman2, all := tally.ByPillar("aman"), tally.ByPillar("aman2"), tally.Everybody
	days := []string{"2026-11-21", "2026-11-22", "2026-11-30", "2027-01-01"}
	figures := map[tally.Key]tally.Figures{}
	for _, cut := range []tally.Cut{all, aman, aman2, tally.ByPillar("ama"), tally.ByWorkshop("")} {
		for n, area := range []string{village(2), village(1), "33.07"} {
			figures[key(cut, area)] = sampleFigures(int64(n))
			for _, day := range days {
				figures[key(cut.ByDay(day), area)] = sampleFigures(int64(n))
			}
		}
	}
	putFigures(t, s, figures)
	areas := []string{"33.07", village(1), village(2)} // in order
	tests := []struct {
		fact     string
		base     tally.Cut
		from, to string
		days     []string
	}{
		{"everybody without a day", all, "", "", []string{""}},
		{"a pillar without a day, not those that begin alike", aman, "", "", []string{""}},
		{"everybody on one day", all, days[1], days[1], days[1:2]},
		{"both ends included", aman, days[1], days[2], days[1:3]},
		{"from a day on", aman2, "2026-11-22", "", days[1:]},
		{"up to a day", tally.ByWorkshop(""), "", "2026-11-22", days[:2]},
		{"days on which nobody was", aman, "2026-12-01", "2026-12-31", nil},
		{"a cut that is not there", tally.ByPillar("am"), "", "", nil},
	}
	for _, tt := range tests {
		q := store.FiguresQuery{Course: "c", Role: people.Participant, Base: tt.base, From: tt.from, To: tt.to}
		rows, err := s.Figures(t.Context(), q)
		must(t, err)
		var got, want []tally.Key
		for _, row := range rows {
			got = append(got, row.Key)
			same(t, tt.fact+": figures", row.Figures, figures[row.Key])
		}
		for _, area := range areas {
			for _, day := range tt.days {
				cut := tt.base
				if day != "" {
					cut = cut.ByDay(day)
				}
				want = append(want, key(cut, area))
			}
		}
		same(t, tt.fact, got, want)
	}
}

func cellsFound(t *testing.T, s store.Store) {
	w1 := tally.ByWorkshop("w1")
	all, figures := cellsOf{}, map[tally.Key]tally.Figures{}
	keys := append(apart(), key(w1, village(2)), key(w1, village(1)), key(w1, "33.07"),
		key(w1.ByDay("2026-11-23"), village(1)))
	for i, k := range keys {
		all[k] = map[string]int64{"1/2||": int64(i + 1), "2/2||": 7}
		figures[k] = sampleFigures(int64(i + 1))
	}
	all[key(w1, village(3))] = map[string]int64{"||": 1} // not figured yet
	addCells(t, s, all)
	putFigures(t, s, figures)
	putFigures(t, s, map[tally.Key]tally.Figures{key(w1, village(4)): sampleFigures(1)}) // without cells
	for cut, areas := range map[tally.Cut][]string{w1: {"33.07", village(1), village(2)},
		w1.ByDay("2026-11-23"): {village(1)}, tally.ByPillar("aman"): {village(1), village(2)}, "w1": nil} {
		got, err := s.CellsOf(t.Context(), "c", people.Participant, cut)
		must(t, err)
		var want []tally.KeyedCells
		for _, area := range areas {
			want = append(want, tally.KeyedCells{Key: key(cut, area), Cells: all[key(cut, area)]})
		}
		same(t, "cells of "+string(cut), got, want)
	}
}

func cutsListed(t *testing.T, s store.Store) {
	keys := []tally.Key{
		key(tally.Everybody, village(1)), key(tally.ByWorkshop("w2"), village(1)),
		key(tally.ByWorkshop("w1"), village(1)), key(tally.ByWorkshop("w1"), village(2)),
		key(tally.ByWorkshop("w1").ByDay("2026-11-23"), village(1)), key(tally.ByPillar("aman"), village(1)),
		{Course: "c", Role: people.Facilitator, Cut: tally.ByWorkshop("w1"), Area: village(1)},
		{Course: "c", Role: people.Facilitator, Cut: tally.ByWorkshop("w3"), Area: village(1)},
		{Course: "d", Role: people.Participant, Cut: tally.ByWorkshop("w9"), Area: village(1)},
	}
	deltas, figures := cellsOf{}, map[tally.Key]tally.Figures{}
	for _, k := range keys {
		deltas[k], figures[k] = map[string]int64{"||": 1}, sampleFigures(1)
	}
	addCells(t, s, deltas)
	putFigures(t, s, figures)
	w1, w2, w3 := tally.ByWorkshop("w1"), tally.ByWorkshop("w2"), tally.ByWorkshop("w3")
	for prefix, want := range map[tally.Cut][]tally.Cut{
		"workshop=":   {w1, w2, w3},
		"workshop=w2": {w2},
		"":            {tally.Everybody, tally.ByPillar("aman"), w1, w2, w3},
		"workshop=%":  nil,
		"orkshop":     nil,
	} {
		got, err := s.CutsOf(t.Context(), "c", prefix)
		must(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("cuts with prefix %q: got %q, want %q", prefix, got, want)
		}
	}
}

func cutsVanish(t *testing.T, s store.Store) {
	k := key(tally.ByWorkshop("w1"), village(1))
	addCells(t, s, cellsOf{k: {"||": 1}})
	putFigures(t, s, map[tally.Key]tally.Figures{k: {Enrolled: 1}})
	addCells(t, s, cellsOf{k: {"||": -1}})
	putFigures(t, s, map[tally.Key]tally.Figures{k: {}})
	cuts, err := s.CutsOf(t.Context(), "c", "")
	must(t, err)
	same(t, "cuts", len(cuts), 0)
}
