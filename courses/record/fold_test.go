package record_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"melek/courses/record"
)

func score(a *record.Attempt) float64 {
	if a == nil || a.Marks == nil {
		return -1
	}
	return a.Marks.Score()
}

func TestAttemptThatCounts(t *testing.T) {
	right := record.Answers{"A1": {"a"}, "A2": {"a"}, "anchor": {"a"}}
	third := record.Answers{"A1": {"a"}, "A2": {"b"}}
	paper := func(raw float64) record.Record {
		return record.Record{Kind: record.Scored, Phase: record.Pre, Score: &record.Score{Raw: raw, Max: 20}}
	}
	voids := func(n int) record.Record { return record.Record{Kind: record.Voided, Voids: id(n)} }
	closed := func(workshop string) record.Record {
		return record.Record{Kind: record.Closed, Phase: record.Pre, Workshop: workshop}
	}
	inRoom := func(r record.Record) record.Record { r.Workshop = "w1"; return r }
	tests := []struct {
		name string
		recs []record.Record
		want float64 // -1: none counts
	}{
		{"a whole test handed in at once", []record.Record{opened("pre", "A"), submitted("pre", "A", right)}, 100},
		{"an omitted item counts 0", []record.Record{submitted("pre", "A", third)}, 100.0 / 3},
		{"a test that is only open does not count", []record.Record{opened("pre", "A"), answered("pre", "A", "A1", "a")}, -1},
		{"answers given one by one count when handed in", []record.Record{opened("pre", "A"),
			answered("pre", "A", "A1", "a"), answered("pre", "A", "anchor", "a"), submitted("pre", "A", record.Answers{})},
			200.0 / 3},
		{"the last answer to an item before handing in counts", []record.Record{opened("pre", "A"),
			answered("pre", "A", "A1", "a"), answered("pre", "A", "A1", "b"), submitted("pre", "A", record.Answers{})}, 0},
		{"an answer after handing in is not counted", []record.Record{submitted("pre", "A", record.Answers{}),
			answered("pre", "A", "A1", "a")}, 0},
		{"a second attempt is not counted", []record.Record{submitted("pre", "A", third), opened("pre", "A"),
			submitted("pre", "A", right)}, 100.0 / 3},
		{"a voided submission gives way to the next attempt", []record.Record{submitted("pre", "A", third),
			submitted("pre", "A", right), voids(1)}, 100},
		{"a voided opening spoils its attempt", []record.Record{opened("pre", "A"), submitted("pre", "A", right), voids(1)}, -1},
		{"voiding may arrive before what it voids", []record.Record{voids(2), submitted("pre", "A", right)}, -1},
		{"closing the room hands in what was answered before", []record.Record{inRoom(opened("pre", "A")),
			inRoom(answered("pre", "A", "A1", "a")), closed("w1"), inRoom(answered("pre", "A", "A2", "a"))}, 100.0 / 3},
		{"closing another room changes nothing", []record.Record{inRoom(opened("pre", "A")), closed("w2")}, -1},
		{"a paper test counts as it was marked", []record.Record{paper(15)}, 75},
		{"a paper test gives way to the same test on a device", []record.Record{paper(15), submitted("pre", "A", third)},
			100.0 / 3},
		{"a form that the version lacks counts for nothing", []record.Record{submitted("pre", "Z", right)}, -1},
		{"another form is another attempt", []record.Record{opened("pre", "A"), submitted("pre", "B",
			record.Answers{"anchor": {"a"}})}, 100.0 / 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := fold(t, newSyllabus(), tt.recs...)
			if got := score(p.Counted("pre")); got != tt.want {
				t.Errorf("score of the counted pre-test = %v, want %v\n%+v", got, tt.want, p.Attempts)
			}
		})
	}
}

func TestWithdrawnItemCountsForNobody(t *testing.T) {
	s := newSyllabus()
	s.withdrawn["A2"] = true
	p := fold(t, s, submitted("pre", "A", record.Answers{"A1": {"a"}, "A2": {"a"}}))
	if got := score(p.Counted("pre")); got != 50 {
		t.Errorf("score = %v, want 50: one of the two items that are left", got)
	}
	s.withdrawn["A1"], s.withdrawn["anchor"] = true, true
	if p := fold(t, s, submitted("pre", "A", record.Answers{"A1": {"a"}})); p.Counted("pre") != nil {
		t.Error("a form without any item left counts")
	}
}

func TestMatched(t *testing.T) {
	pre, post := submitted("pre", "A", record.Answers{}), submitted("post", "B", record.Answers{})
	if _, _, ok := fold(t, newSyllabus(), pre, post).Matched(); !ok {
		t.Error("pre then post is not matched")
	}
	if _, _, ok := fold(t, newSyllabus(), post, pre).Matched(); ok {
		t.Error("a post-test before the pre-test is matched")
	}
}

func TestCompletion(t *testing.T) {
	post := submitted("post", "B", record.Answers{})
	attended := record.Record{Kind: record.Attended, Workshop: "w1", Session: "s1"}
	v2 := func(r record.Record) record.Record { r.Version = "v2"; return r }
	tests := []struct {
		name    string
		current string
		recs    []record.Record
		want    bool
	}{
		{"read, answered and tested", "v1",
			[]record.Record{read("m1"), quiz("m1", "q1-1", "a"), quiz("m1", "q1-2", "b"), post}, true},
		{"the order does not matter", "v1",
			[]record.Record{post, quiz("m1", "q1-2", "b"), read("m1"), quiz("m1", "q1-1", "a")}, true},
		{"one quiz item is open", "v1", []record.Record{read("m1"), quiz("m1", "q1-1", "a"), post}, false},
		{"not read", "v1", []record.Record{quiz("m1", "q1-1", "a"), quiz("m1", "q1-2", "b"), post}, false},
		{"no post-test", "v1", []record.Record{read("m1"), quiz("m1", "q1-1", "a"), quiz("m1", "q1-2", "b")}, false},
		{"a workshop on the course stands for the modules", "v1", []record.Record{attended, post}, true},
		{"an answer that no item offers is none", "v1",
			[]record.Record{read("m1"), quiz("m1", "q1-1", "z"), quiz("m1", "q1-2", "b"), post}, false},
		{"a later version takes nothing away", "v2",
			[]record.Record{read("m1"), quiz("m1", "q1-1", "a"), quiz("m1", "q1-2", "b"), post}, true},
		{"the version of the post-test says which modules", "v2",
			[]record.Record{read("m1"), quiz("m1", "q1-1", "a"), quiz("m1", "q1-2", "b"), v2(post)}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSyllabus()
			s.current = tt.current
			if got := !fold(t, s, tt.recs...).CompletedAt.IsZero(); got != tt.want {
				t.Errorf("completed = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestQuizKeepsTheFirstAnswer(t *testing.T) {
	p := fold(t, newSyllabus(), quiz("m1", "q1-1", "b"), quiz("m1", "q1-1", "a"))
	if got := p.Quizzes["m1"]["q1-1"].Marks; got != 0 {
		t.Errorf("marks = %d, want 0: the first answer was wrong", got)
	}
}

func TestTestItemsAreNoQuizItems(t *testing.T) {
	if p := fold(t, newSyllabus(), quiz("m1", "A1", "a")); len(p.Quizzes) != 0 {
		t.Errorf("an item of a test was marked as a quiz item: %v", p.Quizzes)
	}
}

func TestErasedLeavesNothing(t *testing.T) {
	set := []record.Entry{make1(t, 1, read("m1")), make1(t, 2, record.Record{Kind: record.Erased}),
		make1(t, 3, submitted("pre", "A", record.Answers{}))}
	got := record.Fold("P1", set, newSyllabus())
	if !got.Erased || got.Courses != nil {
		t.Errorf("state = %+v, want nothing but erased", got)
	}
}

func TestSequenceOutranksTheClock(t *testing.T) {
	first, second := answered("pre", "A", "A1", "b"), answered("pre", "A", "A1", "a")
	first.At, first.Node, first.Seq = at(50), "phone", 1
	second.At, second.Node, second.Seq = at(10), "phone", 2 // the clock was set back
	open, end := opened("pre", "A"), submitted("pre", "A", record.Answers{})
	open.At, end.At = at(1), at(60)
	p := fold(t, newSyllabus(), open, first, second, end)
	if got := p.Counted("pre").Answers["A1"]; !slices.Equal(got, []string{"a"}) {
		t.Errorf("answer = %v, want [a], the later one of the device", got)
	}
}

func TestOffsetMovesTheTime(t *testing.T) {
	pre, post := submitted("pre", "A", record.Answers{}), submitted("post", "B", record.Answers{})
	post.At, post.OffsetMS = at(-60), (2 * time.Hour).Milliseconds() // a clock two hours behind
	if _, _, ok := fold(t, newSyllabus(), pre, post).Matched(); !ok {
		t.Error("the post-test of a slow clock is taken for earlier than the pre-test")
	}
}

// genSet draws the records of one person, with conflicting contents under one id now and then.
func genSet(t *rapid.T) []record.Entry {
	n := rapid.IntRange(0, 25).Draw(t, "n")
	set := make([]record.Entry, 0, n)
	for range n {
		r := rapid.SampledFrom([]record.Record{opened("pre", "A"), opened("post", "B"), read("m1"), read("m2"),
			quiz("m1", "q1-1", "a"), quiz("m1", "q1-2", "b"), quiz("m2", "q2-1", "a"),
			answered("pre", "A", "A1", "a"), answered("pre", "A", "A1", "b"), answered("post", "B", "B1", "a"),
			submitted("pre", "A", record.Answers{"A2": {"a"}}), submitted("post", "B", record.Answers{"B2": {"a"}}),
			{Kind: record.Scored, Phase: "pre", Score: &record.Score{Raw: 3, Max: 7}},
			{Kind: record.Closed, Phase: "pre", Workshop: "w1"}, {Kind: record.Enrolled},
			{Kind: record.Attended, Workshop: "w1", Session: "s1"},
			{Kind: record.Voided, Voids: id(3)}}).Draw(t, "record")
		if r.Kind != record.Voided && r.Kind != record.Closed && rapid.Bool().Draw(t, "in a room") {
			r.Workshop = "w1"
		}
		r.At = at(rapid.IntRange(0, 20).Draw(t, "minute"))
		r.OffsetMS = int64(rapid.IntRange(-2, 2).Draw(t, "offset")) * 60_000
		if rapid.Bool().Draw(t, "numbered") {
			r.Node = rapid.SampledFrom([]string{"phone", "laptop"}).Draw(t, "node")
			r.Seq = int64(rapid.IntRange(1, 9).Draw(t, "seq"))
		}
		if r.Answers != nil || r.Kind == record.Opened {
			r.Version = rapid.SampledFrom([]string{"v1", "v2", "unknown"}).Draw(t, "version")
		}
		r.ID, r.Person = id(rapid.IntRange(1, 30).Draw(t, "id")), "P1"
		if r.Kind != record.Voided {
			r.Course = rapid.SampledFrom([]string{"c", "d"}).Draw(t, "course")
		}
		e, err := record.Make(r, day)
		if err != nil {
			t.Fatalf("%+v: %v", r, err)
		}
		set = append(set, e)
	}
	return set
}

func encode(t *rapid.T, set []record.Entry) string {
	b, err := json.Marshal(record.Fold("P1", set, newSyllabus()))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFoldIsAFunctionOfTheSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := genSet(t)
		want := encode(t, set)
		shuffled := rapid.Permutation(set).Draw(t, "order")
		if got := encode(t, shuffled); got != want {
			t.Fatalf("another order:\n got %s\nwant %s", got, want)
		}
		again := slices.Concat(shuffled, set[:len(set)/2], set)
		if got := encode(t, again); got != want {
			t.Fatalf("with repetitions:\n got %s\nwant %s", got, want)
		}
	})
}

func TestAtMostOneAttemptOfAPhaseCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := record.Fold("P1", genSet(t), newSyllabus())
		for _, p := range state.Courses {
			for _, phase := range record.Phases {
				n := 0
				for _, a := range p.Attempts {
					if a.Phase == phase && a.Counts {
						n++
						if a.Void || a.Marks == nil || a.EndedAt.IsZero() {
							t.Fatalf("an attempt counts that is not valid: %+v", a)
						}
					}
				}
				if n > 1 {
					t.Fatalf("%d attempts of %s count", n, phase)
				}
			}
		}
	})
}

func TestAttemptsThatDoNotCountAreKept(t *testing.T) {
	paper := func(raw float64, workshop string) record.Record {
		return record.Record{Kind: record.Scored, Phase: "pre", Workshop: workshop,
			Score: &record.Score{Raw: raw, Max: 10}}
	}
	s := newSyllabus()
	s.withdrawn["B1"], s.withdrawn["B2"], s.withdrawn["anchor"] = true, true, true
	p := fold(t, s, paper(1, ""), record.Record{Kind: record.Voided, Voids: id(1)}, paper(2, "w1"),
		submitted("pre", "A", record.Answers{"A1": {"a"}}), submitted("pre", "B", record.Answers{}),
		record.Record{Kind: record.Submitted, Phase: "pre", Form: "A", Workshop: "w1", Answers: record.Answers{}},
		opened("post", "B"))
	var uses []record.Use
	for i := range p.Attempts {
		uses = append(uses, p.Use(&p.Attempts[i]))
	}
	want := []record.Use{record.Replaced, record.FirstValid, record.Unmarked, record.Later, record.UnderWay,
		record.IsVoid}
	if !slices.Equal(uses, want) {
		t.Errorf("uses = %v, want %v", uses, want)
	}
	if alone := fold(t, s, paper(1, ""), record.Record{Kind: record.Voided, Voids: id(1)}); !alone.FirstAt.IsZero() {
		t.Error("a void test on paper alone begins the course")
	}
}

// TestOneByOneIsAllAtOnce folds after each record, as they come in, and throws them all together once.
func TestOneByOneIsAllAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := genSet(t)
		facts, courses := record.NewFacts("P1", nil), map[string]*record.Progress{}
		for _, e := range slices.Concat(set, set) {
			facts.Add(e)
			if rapid.Bool().Draw(t, "fold now") {
				_, changed := facts.Fold(newSyllabus())
				maps.Copy(courses, changed)
			}
		}
		state, changed := facts.Fold(newSyllabus())
		maps.Copy(courses, changed)
		maps.DeleteFunc(courses, func(_ string, p *record.Progress) bool { return p == nil })
		if len(courses) > 0 {
			state.Courses = courses
		}
		got, err := json.Marshal(state)
		if want := encode(t, set); err != nil || string(got) != want {
			t.Fatalf("one by one:\n got %s\nwant %s", got, want)
		}
	})
}
