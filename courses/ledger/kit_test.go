package ledger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"melek/courses"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/store/memory"
	"melek/courses/tally"
)

var (
	zone = time.FixedZone("WIB", 7*60*60)
	day  = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
)

// syllabus is one course «c» with one module and two forms of two items; it can be changed as authors do.
type syllabus struct {
	course    *courses.Course
	withdrawn map[string]bool
}

func newSyllabus() *syllabus {
	c := &courses.Course{ID: "c", Version: "v1", PassMark: 70, MinutesPerItem: 1.5, Items: map[string]*courses.Item{}}
	for _, id := range []string{"q1", "a1", "b1", "j1"} {
		c.Items[id] = &courses.Item{ID: id, Pillar: "aman", Key: []string{"a"},
			Options: []courses.Option{{ID: "a"}, {ID: "b"}}}
	}
	c.Modules = []courses.Module{{ID: "m1", Quiz: []string{"q1"}}}
	c.Forms = []courses.Form{{ID: "A", Items: []string{"a1", "j1"}}, {ID: "B", Items: []string{"b1", "j1"}}}
	return &syllabus{c, map[string]bool{}}
}

func (s *syllabus) Version(course, version string) (*courses.Course, bool) {
	return s.course, course == "c" && version == "v1"
}
func (s *syllabus) Current(course string) (*courses.Course, bool) { return s.course, course == "c" }
func (s *syllabus) Withdrawn(_, item string) bool                 { return s.withdrawn[item] }
func (s *syllabus) Digest() string                                { return fmt.Sprint(s.course.PassMark, s.withdrawn) }

// tb is what tests and generated cases have in common.
type tb interface {
	Helper()
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

type kit struct {
	*ledger.Ledger
	store    store.Store
	syllabus *syllabus
	now      time.Time
}

func newKit(t tb) *kit {
	t.Helper()
	k := &kit{store: memory.New(), syllabus: newSyllabus(), now: day}
	k.Ledger = ledger.New(ledger.Setup{Store: k.store, Syllabus: k.syllabus, Zone: zone,
		Now: func() time.Time { return k.now }})
	return k
}

func person(n int) people.Person {
	p := people.Person{ID: fmt.Sprintf("P%d", n), Name: "Peserta", Role: people.Participant}
	p.Post(people.Posting{Area: fmt.Sprintf("33.07.01.20%02d", 1+n%3)})
	return p
}

func id(n int) string { return fmt.Sprintf("0193a000-0000-7000-8000-%012d", n) }

func raw(r record.Record) json.RawMessage {
	if r.At.IsZero() {
		r.At = day
	}
	if r.Answers != nil || r.Kind == record.Opened {
		r.Version = "v1"
	}
	if r.Course == "" && r.Kind != record.Voided && r.Kind != record.Erased {
		r.Course = "c"
	}
	b, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return b
}

func test(n int, person string, phase record.Phase, form string, right bool) record.Record {
	answers := record.Answers{"j1": {"a"}}
	if right {
		answers[strings.ToLower(form)+"1"] = []string{"a"}
	}
	return record.Record{ID: id(n), Kind: record.Submitted, Person: person, Phase: phase, Form: form,
		Answers: answers, At: day.Add(time.Duration(n) * time.Minute)}
}

func anybody(*record.Record) error { return nil }

func (k *kit) take(t tb, raws ...json.RawMessage) []ledger.Answer {
	t.Helper()
	answers, err := k.Take(context.Background(), raws, anybody)
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

func (k *kit) register(t tb, persons ...people.Person) {
	t.Helper()
	if err := k.Register(context.Background(), persons); err != nil {
		t.Fatal(err)
	}
}

// dump is everything derived, as text: equal dumps are equal states.
func (k *kit) dump(t tb) string {
	t.Helper()
	var lines []string
	err := k.store.EachProjection(context.Background(), "", func(p store.Projection) error {
		lines = append(lines, fmt.Sprintf("%s %s %v %v", p.Person, p.State, p.Counts, p.Due.UTC()))
		for _, course := range slices.Sorted(maps.Keys(p.Parts)) {
			part := p.Parts[course]
			lines = append(lines, fmt.Sprintf("%s %s %v", course, part.State, part.Counts))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []tally.Cut{tally.Everybody, tally.ByPillar("aman"), tally.ByWorkshop("")} {
		for _, days := range []string{"", "2000-01-01"} {
			figures, err := k.store.Figures(context.Background(), store.FiguresQuery{Course: "c",
				Role: people.Participant, Base: base, From: days})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range figures {
				lines = append(lines, fmt.Sprintf("%v %+v", f.Key, f.Figures))
			}
		}
	}
	return strings.Join(lines, "\n")
}

func (k *kit) figures(t tb) tally.Figures {
	t.Helper()
	rows, err := k.store.Figures(context.Background(), store.FiguresQuery{Course: "c", Role: people.Participant})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(rows, func(a, b tally.KeyedFigures) int { return strings.Compare(a.Key.Area, b.Key.Area) })
	var sum tally.Figures
	for _, row := range rows {
		sum = sum.Add(row.Figures)
	}
	return sum
}

// verify fails the test where what is kept is not what the records amount to.
func (k *kit) verify(t tb) {
	t.Helper()
	_, err := k.Verify(context.Background(), func(d ledger.Difference) { t.Errorf("difference: %+v", d) })
	if err != nil {
		t.Fatal(err)
	}
}
