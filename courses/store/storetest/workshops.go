package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

var workshopChecks = []check{
	{"a workshop comes back as it was left", workshopRoundTrip},
	{"a change of a workshop that fails keeps nothing", workshopRefused},
	{"changes of one workshop at once all count", workshopTogether},
	{"workshops come latest first day first, then in order of id", workshopsInOrder},
	{"workshops are found by area, facilitator, member, code and last day, alone and together", workshopsFound},
	{"a workshop is found by what it is and not by what it was", workshopReplaced},
	{"what a caller does to a workshop's lists changes nothing kept", workshopListsAreOwn},
	{"of a person taken away no place in a workshop stays", workshopsOfTheRemoved},
	{"awkward texts in workshops are data", awkwardWorkshops},
}

// workshopCalls are the calls about workshops.
func workshopCalls(s store.Store) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Workshop": func(ctx context.Context) error { _, err := s.Workshop(ctx, "w1"); return err },
		"Workshops": func(ctx context.Context) error {
			_, err := s.Workshops(ctx, store.WorkshopsQuery{})
			return err
		},
		"ChangeWorkshop": func(ctx context.Context) error {
			return s.ChangeWorkshop(ctx, "w1", func(w *people.Workshop) error { *w = workshop("w1"); return nil })
		},
	}
}

// workshop is one with everything set but what the changes take away.
func workshop(id string, changes ...func(*people.Workshop)) people.Workshop {
	w := people.Workshop{ID: id, Title: "Bimtek Kertek", Courses: []string{"c", "d"}, Area: village(1),
		Place: "Balai desa", From: "2026-11-24", To: "2026-11-25", Facilitators: []string{"F1", "F2"},
		Roster: []string{"P1", "P2"}, Code: "KRTKBM", Cancelled: true, By: "A1", At: noon}
	for _, c := range changes {
		c(&w)
	}
	return w
}

// of makes it a workshop of these people.
func of(facilitators []string, roster ...string) func(*people.Workshop) {
	return func(w *people.Workshop) { w.Facilitators, w.Roster = facilitators, roster }
}

func putWorkshops(t *testing.T, s store.Store, all ...people.Workshop) {
	t.Helper()
	for _, w := range all {
		must(t, s.ChangeWorkshop(t.Context(), w.ID, func(kept *people.Workshop) error { *kept = w; return nil }))
	}
}

// sameWorkshop compares what is kept without telling no list from an empty one.
func sameWorkshop(t *testing.T, s store.Store, want people.Workshop) {
	t.Helper()
	got, err := s.Workshop(t.Context(), want.ID)
	must(t, err)
	for _, list := range []*[]string{&got.Courses, &got.Facilitators, &got.Roster,
		&want.Courses, &want.Facilitators, &want.Roster} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	same(t, "workshop "+want.ID, got, want)
}

func workshopIDs(t *testing.T, s store.Store, q store.WorkshopsQuery) []string {
	t.Helper()
	found, err := s.Workshops(t.Context(), q)
	must(t, err)
	var all []string
	for _, w := range found {
		all = append(all, w.ID)
	}
	return all
}

func workshopRoundTrip(t *testing.T, s store.Store) {
	var given people.Workshop
	must(t, s.ChangeWorkshop(t.Context(), "w1", func(w *people.Workshop) error {
		given = *w
		*w = workshop("another") // which id it goes by is not for fn to say
		return nil
	}))
	same(t, "given to fn", given, people.Workshop{ID: "w1"})
	sameWorkshop(t, s, workshop("w1"))
	must(t, s.ChangeWorkshop(t.Context(), "w1", func(w *people.Workshop) error { given = *w; return nil }))
	same(t, "given to fn the next time", given, workshop("w1"))
	_, err := s.Workshop(t.Context(), "another")
	isKind(t, "a workshop never kept", err, courses.NotFound)
	late := workshop("w1", func(w *people.Workshop) { w.At = odd })
	for _, next := range []people.Workshop{late, {ID: "w1"}} {
		putWorkshops(t, s, next)
		if next.At.Equal(odd) {
			got, err := s.Workshop(t.Context(), "w1")
			must(t, err)
			isRounded(t, "workshop", got.At)
			next.At = got.At
		}
		sameWorkshop(t, s, next)
	}
}

func workshopRefused(t *testing.T, s store.Store) {
	putWorkshops(t, s, workshop("w1"))
	no := errors.New("no")
	for _, id := range []string{"w1", "w2"} {
		err := s.ChangeWorkshop(t.Context(), id, func(w *people.Workshop) error {
			w.Title, w.Roster = "other", append(w.Roster[:0], "P9")
			return no
		})
		same(t, "error", errors.Is(err, no), true)
	}
	sameWorkshop(t, s, workshop("w1"))
	same(t, "workshops", workshopIDs(t, s, store.WorkshopsQuery{}), []string{"w1"})
	same(t, "of whom the change would have brought", workshopIDs(t, s, store.WorkshopsQuery{Member: "P9"}),
		[]string(nil))
}

func workshopTogether(t *testing.T, s store.Store) {
	var all []string
	for n := range 20 {
		all = append(all, id(n))
	}
	allSucceed(t, allAtOnce(len(all), func(n int) error {
		return s.ChangeWorkshop(t.Context(), "w1", func(w *people.Workshop) error { w.Enlist(all[n]); return nil })
	}))
	got, err := s.Workshop(t.Context(), "w1")
	must(t, err)
	same(t, "roster", got.Roster, all)
}

func workshopsInOrder(t *testing.T, s store.Store) {
	none, err := s.Workshops(t.Context(), store.WorkshopsQuery{})
	must(t, err)
	same(t, "workshops", len(none), 0)
	from := func(id, day string) people.Workshop {
		return workshop(id, func(w *people.Workshop) { w.From = day })
	}
	putWorkshops(t, s, from("b", "2026-11-23"), from("c", "2026-11-24"), from("é", "2026-11-23"),
		from("a", "2026-11-22"), from("B", "2026-11-23"))
	want := []string{"c", "B", "b", "é", "a"}
	same(t, "workshops", workshopIDs(t, s, store.WorkshopsQuery{}), want)
	same(t, "workshops of an area", workshopIDs(t, s, store.WorkshopsQuery{Areas: []string{village(1)}}), want)
	same(t, "at most two", workshopIDs(t, s, store.WorkshopsQuery{Limit: 2}), want[:2])
	same(t, "at most nine", workshopIDs(t, s, store.WorkshopsQuery{Limit: 9}), want)
}

func workshopsFound(t *testing.T, s store.Store) {
	putWorkshops(t, s, workshop("w1"),
		workshop("w2", func(w *people.Workshop) {
			w.Area, w.Facilitators, w.Roster, w.Code = village(2), []string{"F2"}, []string{"F1", "P1"}, ""
		}),
		workshop("w3", func(w *people.Workshop) {
			w.Area, w.Facilitators, w.Roster, w.Code = village(2), []string{"F3"}, nil, ""
			w.From, w.To = "2026-11-01", "2026-11-02"
		}))
	tests := []struct {
		fact string
		q    store.WorkshopsQuery
		want []string
	}{
		{"all, with a code and without", store.WorkshopsQuery{}, []string{"w1", "w2", "w3"}},
		{"by area", store.WorkshopsQuery{Areas: []string{village(2)}}, []string{"w2", "w3"}},
		{"by several areas", store.WorkshopsQuery{Areas: []string{village(2), village(1), village(9)}},
			[]string{"w1", "w2", "w3"}},
		{"not by a part of a code", store.WorkshopsQuery{Areas: []string{"33.07.01"}}, nil},
		{"by no areas", store.WorkshopsQuery{Areas: []string{}}, nil},
		{"by who runs it, not who comes", store.WorkshopsQuery{Facilitator: "F1"}, []string{"w1"}},
		{"by one of several who run it", store.WorkshopsQuery{Facilitator: "F2"}, []string{"w1", "w2"}},
		{"by who comes, not who runs it", store.WorkshopsQuery{Member: "F1"}, []string{"w2"}},
		{"by one of several who come", store.WorkshopsQuery{Member: "P1"}, []string{"w1", "w2"}},
		{"not by a part of an id", store.WorkshopsQuery{Member: "P"}, nil},
		{"by its code", store.WorkshopsQuery{Code: "KRTKBM"}, []string{"w1"}},
		{"not by another", store.WorkshopsQuery{Code: "KRTKB"}, nil},
		{"from its last day", store.WorkshopsQuery{Since: "2026-11-02"}, []string{"w1", "w2", "w3"}},
		{"not from the day after", store.WorkshopsQuery{Since: "2026-11-03"}, []string{"w1", "w2"}},
		{"by all at once", store.WorkshopsQuery{Areas: []string{village(1), village(2)}, Facilitator: "F2",
			Member: "P1", Code: "KRTKBM", Since: "2026-11-25", Limit: 5}, []string{"w1"}},
		{"by what only together nobody has", store.WorkshopsQuery{Facilitator: "F3", Member: "P1"}, nil},
	}
	for _, tt := range tests {
		if got := workshopIDs(t, s, tt.q); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.fact, got, tt.want)
		}
	}
}

func workshopReplaced(t *testing.T, s store.Store) {
	putWorkshops(t, s, workshop("w1"), workshop("w1", func(w *people.Workshop) {
		w.Area, w.Facilitators, w.Roster = village(2), []string{"F3"}, []string{"P3"}
		w.Code, w.To = "BCDFGH", "2026-11-24"
	}))
	for _, q := range []store.WorkshopsQuery{{Areas: []string{village(1)}}, {Facilitator: "F1"}, {Member: "P1"},
		{Code: "KRTKBM"}, {Since: "2026-11-25"}} {
		same(t, "found by what it was", workshopIDs(t, s, q), []string(nil))
	}
	for _, q := range []store.WorkshopsQuery{{Areas: []string{village(2)}}, {Facilitator: "F3"}, {Member: "P3"},
		{Code: "BCDFGH"}, {Since: "2026-11-24"}} {
		same(t, "found by what it is", workshopIDs(t, s, q), []string{"w1"})
	}
}

func workshopListsAreOwn(t *testing.T, s store.Store) {
	spoil := func(w people.Workshop) { w.Courses[0], w.Facilitators[0], w.Roster[0] = "x", "x", "x" }
	given := workshop("w1")
	putWorkshops(t, s, given)
	spoil(given)
	sameWorkshop(t, s, workshop("w1"))
	got, err := s.Workshop(t.Context(), "w1")
	must(t, err)
	spoil(got)
	all, err := s.Workshops(t.Context(), store.WorkshopsQuery{})
	must(t, err)
	spoil(all[0])
	sameWorkshop(t, s, workshop("w1"))
}

func workshopsOfTheRemoved(t *testing.T, s store.Store) {
	putWorkshops(t, s, workshop("w1"),
		workshop("w2", of([]string{"P1"}, "F1", "P3")), workshop("w3", of([]string{"F1", "F2"}, "P3")))
	removeFromRegister(t, s, "P1")
	sameWorkshop(t, s, workshop("w1", of([]string{"F1", "F2"}, "P2")))
	sameWorkshop(t, s, workshop("w2", of(nil, "F1", "P3")))
	removeFromRegister(t, s, "P2", "F1", "nobody")
	sameWorkshop(t, s, workshop("w1", of([]string{"F2"})))
	sameWorkshop(t, s, workshop("w2", of(nil, "P3")))
	sameWorkshop(t, s, workshop("w3", of([]string{"F2"}, "P3")))
	for _, id := range []string{"P1", "P2", "F1"} {
		same(t, "run by "+id, workshopIDs(t, s, store.WorkshopsQuery{Facilitator: id}), []string(nil))
		same(t, "with "+id, workshopIDs(t, s, store.WorkshopsQuery{Member: id}), []string(nil))
	}
	same(t, "with P3", workshopIDs(t, s, store.WorkshopsQuery{Member: "P3"}), []string{"w2", "w3"})
}

func awkwardWorkshops(t *testing.T, s store.Store) {
	putWorkshops(t, s, workshop("plain"))
	all := map[string]people.Workshop{}
	for _, text := range awkward {
		lists := []string{text}
		all[text] = people.Workshop{ID: text, Title: text, Courses: lists, Area: text, Place: text, From: text,
			To: text, Facilitators: lists, Roster: lists, Code: text, By: text, At: noon}
		putWorkshops(t, s, all[text])
	}
	for _, text := range awkward {
		lists := []string{text}
		sameWorkshop(t, s, all[text])
		for _, q := range []store.WorkshopsQuery{{Areas: lists}, {Facilitator: text}, {Member: text},
			{Code: text}} {
			same(t, "found by "+text, workshopIDs(t, s, q), lists)
		}
		removeFromRegister(t, s, text)
		same(t, "after the removal", workshopIDs(t, s, store.WorkshopsQuery{Member: text}), []string(nil))
	}
	sameWorkshop(t, s, workshop("plain"))
}
