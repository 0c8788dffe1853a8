package path_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/path"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

var (
	now    = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	marked = &record.Marks{Raw: 1, Max: 2}
	taught = &courses.Course{ID: "c", MinutesPerItem: 1.5, Modules: []courses.Module{
		{ID: "m1", Quiz: []string{"q1", "q2"}}, {ID: "m2", Quiz: []string{"q3"}}},
		Forms: []courses.Form{{ID: "A", Items: []string{"x", "y"}}, {ID: "B", Items: []string{"x", "z"}}},
		Items: items("q1", "q2", "q3", "x", "y", "z")}
)

func items(ids ...string) map[string]*courses.Item {
	all := map[string]*courses.Item{}
	for _, id := range ids {
		all[id] = &courses.Item{ID: id}
	}
	return all
}

func taken(phase record.Phase, form string) record.Attempt {
	return record.Attempt{Phase: phase, Form: form, OpenedAt: now, EndedAt: now, Marks: marked, Counts: true}
}

func way(p *record.Progress, allowances ...store.Allowance) path.Way {
	s := record.State{}
	if p != nil {
		s.Courses = map[string]*record.Progress{"c": p}
	}
	return path.New(taught, s, allowances, now)
}

func TestNext(t *testing.T) {
	pre, post := taken(record.Pre, "A"), taken(record.Post, "B")
	open := record.Attempt{Phase: record.Post, Form: "B", OpenedAt: now}
	read := map[string]time.Time{"m1": now}
	half := map[string]map[string]record.Answer{"m1": {"q1": {}}}
	both := map[string]bool{"m1": true, "m2": true}
	tests := []struct {
		name string
		p    *record.Progress
		want path.Step
	}{
		{"nothing done", nil, path.Step{Kind: path.Test, Phase: record.Pre}},
		{"pre-test taken", &record.Progress{Attempts: []record.Attempt{pre}}, path.Step{Kind: path.Read, Module: "m1"}},
		{"read", &record.Progress{Attempts: []record.Attempt{pre}, Read: read},
			path.Step{Kind: path.Quiz, Module: "m1"}},
		{"half a quiz", &record.Progress{Attempts: []record.Attempt{pre}, Read: read, Quizzes: half},
			path.Step{Kind: path.Quiz, Module: "m1", Item: 1}},
		{"one module done", &record.Progress{Attempts: []record.Attempt{pre}, Done: map[string]bool{"m1": true}},
			path.Step{Kind: path.Read, Module: "m2"}},
		{"modules done", &record.Progress{Attempts: []record.Attempt{pre}, Done: both},
			path.Step{Kind: path.Test, Phase: record.Post}},
		{"a post-test under way comes first", &record.Progress{Attempts: []record.Attempt{pre, open}},
			path.Step{Kind: path.Test, Phase: record.Post}},
		{"a post-test under way comes first even without a pre-test",
			&record.Progress{Attempts: []record.Attempt{open}}, path.Step{Kind: path.Test, Phase: record.Post}},
		{"completed by a workshop", &record.Progress{Attempts: []record.Attempt{pre, post}, Covered: true, CompletedAt: now},
			path.Step{Kind: path.Finish}},
		{"all done", &record.Progress{Attempts: []record.Attempt{pre, post}, Done: both}, path.Step{Kind: path.Finish}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := way(tt.p).Next(); got != tt.want {
				t.Errorf("next = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestWhatTheFacilitatorOpensComesFirst(t *testing.T) {
	opens := store.Allowance{Course: "c", Phase: record.Post, Open: true}
	w := way(&record.Progress{Attempts: []record.Attempt{taken(record.Pre, "A")}}, opens)
	if got, want := w.Next(), (path.Step{Kind: path.Test, Phase: record.Post}); got != want {
		t.Errorf("next = %+v, want %+v", got, want)
	}
	if got := way(nil, opens).Next(); got.Phase != record.Pre {
		t.Errorf("next = %+v, want the pre-test before an opened post-test", got)
	}
}

func TestAWithdrawnItemIsPassedOver(t *testing.T) {
	now := *taught
	now.Items = items("q2", "q3", "x", "y", "z")
	now.Items["q1"] = &courses.Item{ID: "q1", Withdrawn: "ambiguous"}
	s := record.State{Courses: map[string]*record.Progress{"c": {}}}
	w := path.New(&now, s, nil, time.Time{})
	got := w.Items(taught, taught.Modules[0].Quiz)
	if len(got) != 1 || got[0] != taught.Items["q2"] {
		t.Errorf("items = %v, want q2 of the version that was seen", got)
	}
	w.Progress.Quizzes = map[string]map[string]record.Answer{"m1": {"q2": {}}}
	if got := w.Unanswered(now.Modules[0]); got != -1 {
		t.Errorf("unanswered = %d, want none", got)
	}
}

func TestStages(t *testing.T) {
	pre, post := taken(record.Pre, "A"), taken(record.Post, "B")
	one, both := map[string]bool{"m1": true}, map[string]bool{"m1": true, "m2": true}
	open := store.Allowance{Course: "c", Phase: record.Post, Open: true}
	tests := []struct {
		name string
		way  path.Way
		want string
	}{
		{"nothing done", way(nil), "now locked locked locked locked"},
		{"pre-test taken", way(&record.Progress{Attempts: []record.Attempt{pre}}), "done now ready locked locked"},
		{"one module done", way(&record.Progress{Attempts: []record.Attempt{pre}, Done: one}),
			"done done now locked locked"},
		{"modules done", way(&record.Progress{Attempts: []record.Attempt{pre}, Done: both}), "done done done now locked"},
		{"opened by the facilitator", way(&record.Progress{Attempts: []record.Attempt{pre}}, open),
			"done ready ready now locked"},
		{"no pre-test after the post-test", way(&record.Progress{Attempts: []record.Attempt{post}, Done: both}),
			"locked done done done done"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range tt.way.Stages() {
				got = append(got, string(s.Standing))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("stages stand %v, want %s", got, tt.want)
			}
		})
	}
}

func TestTheModulesOpenAfterThePreTest(t *testing.T) {
	if err := way(nil).MayStudy(); !errors.Is(err, courses.Closed) {
		t.Errorf("before the pre-test MayStudy = %v, want closed", err)
	}
	open := []path.Way{
		way(&record.Progress{Attempts: []record.Attempt{taken(record.Pre, "A")}}),
		way(&record.Progress{Covered: true}),
		way(&record.Progress{Read: map[string]time.Time{"m1": now}}),
		way(nil, store.Allowance{Course: "c", Phase: record.Post, Open: true}),
	}
	for i, w := range open {
		if err := w.MayStudy(); err != nil {
			t.Errorf("way %d: %v", i, err)
		}
	}
}

// A test without modules measures the whole training: its post-test waits until something was learnt.
func TestACourseWithoutModulesWaitsForAnotherCourse(t *testing.T) {
	general := &courses.Course{ID: "g", Forms: taught.Forms, Items: taught.Items}
	begun := func(other *record.Progress, opens ...store.Allowance) path.Way {
		s := record.State{Courses: map[string]*record.Progress{
			"g": {Attempts: []record.Attempt{taken(record.Pre, "A")}}, "c": other}}
		return path.New(general, s, opens, now)
	}
	open := store.Allowance{Course: "g", Phase: record.Post, Open: true}
	tests := []struct {
		name string
		way  path.Way
		want path.Step
	}{
		{"nothing completed", begun(&record.Progress{}), path.Step{Kind: path.Wait}},
		{"completed before", begun(&record.Progress{CompletedAt: now.Add(-time.Hour)}), path.Step{Kind: path.Wait}},
		{"completed since", begun(&record.Progress{CompletedAt: now.Add(time.Hour)}),
			path.Step{Kind: path.Test, Phase: record.Post}},
		{"opened", begun(&record.Progress{}, open), path.Step{Kind: path.Test, Phase: record.Post}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.way.Next(); got != tt.want {
				t.Errorf("next = %+v, want %+v", got, tt.want)
			}
			if may := tt.way.MayBegin(record.Post) == nil; may != (tt.want.Kind == path.Test) {
				t.Errorf("may begin the post-test: %t", may)
			}
		})
	}
	if got := path.First([]path.Way{begun(&record.Progress{})}); got != -1 {
		t.Errorf("first = %d, want -1: there is nothing to do", got)
	}
}

func TestProofNumber(t *testing.T) {
	w := way(&record.Progress{CompletedAt: now, Attempts: []record.Attempt{taken(record.Post, "B")}})
	number := w.ProofNumber("P1")
	if number != w.ProofNumber("P1") || number == w.ProofNumber("P2") || len(number) != 9 {
		t.Errorf("proof numbers %s, %s, %s", number, w.ProofNumber("P1"), w.ProofNumber("P2"))
	}
	later := way(&record.Progress{CompletedAt: now.Add(time.Second), Attempts: w.Progress.Attempts})
	if later.ProofNumber("P1") == number {
		t.Error("another completion has the same number")
	}
}

func TestMayBegin(t *testing.T) {
	opens := store.Allowance{Course: "c", Phase: record.Post, Open: true}
	pre := &record.Progress{Attempts: []record.Attempt{taken(record.Pre, "A")}}
	tests := []struct {
		name  string
		way   path.Way
		phase record.Phase
		want  error
	}{
		{"the pre-test at once", way(nil), record.Pre, nil},
		{"no second pre-test", way(pre), record.Pre, courses.Conflict},
		{"no post-test before the modules", way(pre), record.Post, courses.Closed},
		{"the facilitator opens it", way(pre, opens), record.Post, nil},
		{"the modules open it", way(&record.Progress{Done: map[string]bool{"m1": true, "m2": true}}), record.Post, nil},
		{"no pre-test after the post-test", way(&record.Progress{Attempts: []record.Attempt{taken(record.Post, "B")}}),
			record.Pre, courses.Closed},
		{"no retention test yet", way(pre), record.Retention, courses.Closed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.way.MayBegin(tt.phase); !errors.Is(got, tt.want) {
				t.Errorf("MayBegin = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheFacilitatorExtendsTheTime(t *testing.T) {
	a := record.Attempt{Phase: record.Pre, Form: "A", OpenedAt: now}
	if got := way(nil).End(&a, taught); got != now.Add(3*time.Minute) {
		t.Errorf("end = %v, want 3 minutes after the start: two items of 1.5 minutes", got)
	}
	more := store.Allowance{Course: "c", Phase: record.Pre, Extra: 10 * time.Minute}
	if got := way(nil, more).End(&a, taught); got != now.Add(13*time.Minute) {
		t.Errorf("end = %v, want 13 minutes after the start", got)
	}
}

func TestHalfOfTheVillagesBeginWithEachForm(t *testing.T) {
	g := people.Wonosobo()
	total := 0
	for _, district := range g.OfType(people.District) {
		villages, second := g.Children(district.Code), 0
		for _, v := range villages {
			if path.Half("c", v.Code, g) {
				second++
			}
		}
		if d := 2*second - len(villages); d < -1 || d > 1 {
			t.Errorf("%s: %d of %d villages begin with the second form", district.Name, second, len(villages))
		}
		total += second
	}
	if total != 132 {
		t.Errorf("%d of 265 villages begin with the second form, want 132", total)
	}
}

func TestThePostTestIsTheOtherForm(t *testing.T) {
	g := people.Wonosobo()
	for _, v := range g.Children("33.07.01") {
		first := way(nil).Draw(record.Pre, v.Code, g)
		w := way(&record.Progress{Attempts: []record.Attempt{taken(record.Pre, first.ID)}})
		if got := w.Draw(record.Post, v.Code, g); got.ID == first.ID {
			t.Errorf("%s: both tests on form %s", v.Name, got.ID)
		}
		// Somebody who moved here after a pre-test on the other form gets this village's first form.
		other := w.Draw(record.Post, v.Code, g)
		w = way(&record.Progress{Attempts: []record.Attempt{taken(record.Pre, other.ID)}})
		if got := w.Draw(record.Post, v.Code, g); got.ID != first.ID {
			t.Errorf("%s: a newcomer gets form %s again", v.Name, got.ID)
		}
	}
}

func TestTheRetentionTestOpensSomeTimeAfterThePostTest(t *testing.T) {
	pre, post := taken(record.Pre, "A"), taken(record.Post, "B")
	pre.EndPlace, post.EndPlace = 1, 2
	at := func(days int, attempts ...record.Attempt) path.Way {
		w := way(&record.Progress{Attempts: attempts, CompletedAt: now})
		w.Now = now.AddDate(0, 0, days)
		return w
	}
	early := pre
	early.EndPlace = 3
	tests := []struct {
		name string
		way  path.Way
		want error
	}{
		{"a day too early", at(29, pre, post), courses.Closed},
		{"on the day", at(30, pre, post), nil},
		{"without a pre-test there is no gain to keep", at(60, post), courses.Closed},
		{"a post-test before the pre-test is no gain", at(60, early, post), courses.Closed},
		{"once", at(60, pre, post, taken(record.Retention, "A")), courses.Conflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.way.MayBegin(record.Retention); !errors.Is(got, tt.want) {
				t.Errorf("MayBegin = %v, want %v", got, tt.want)
			}
			if tt.way.Next().Kind != path.Finish && tt.way.Completed() {
				t.Errorf("next = %+v: an optional step holds nobody up", tt.way.Next())
			}
		})
	}
	if stages := at(0, pre, post).Stages(); stages[len(stages)-1].Step.Phase != record.Retention ||
		stages[len(stages)-1].Standing != path.Locked {
		t.Errorf("the way ends with %+v, want a retention test that opens later", stages[len(stages)-1])
	}
	if stages := way(nil).Stages(); stages[len(stages)-1].Step.Kind != path.Finish {
		t.Error("who has not begun sees a retention test")
	}
}

func TestTheFormOfTheRetentionTest(t *testing.T) {
	g, two := people.Wonosobo(), way(&record.Progress{Attempts: []record.Attempt{taken(record.Post, "A")}})
	for _, v := range g.Children("33.07.01") {
		if got := two.Draw(record.Retention, v.Code, g).ID; got != "B" {
			t.Errorf("%s: form %s, want the one that was not the post-test's", v.Name, got)
		}
	}
	course := *taught
	course.Forms = append(course.Forms[:2:2], courses.Form{ID: "C"})
	two.Course = &course
	if got := two.Draw(record.Retention, "33.07.01.2001", g).ID; got != "C" {
		t.Errorf("form %s, want the third", got)
	}
}
