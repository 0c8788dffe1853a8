package storetest

import (
	"testing"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// Lasting checks stores whose data outlives them. Place makes a new and empty place and returns what opens a
// store there; Lasting opens several, one after the other and at once, and closes each.
func Lasting(t *testing.T, place func(t *testing.T) (open func(t *testing.T) store.Store)) {
	t.Run("what was kept is there when the place is opened again", func(t *testing.T) {
		open := place(t)
		first := opened(t, open)
		fill(t, first)
		before := look(t, first)
		must(t, first.Close())
		second := opened(t, open)
		same(t, "all that is kept", look(t, second), before)
		fill(t, second)
		same(t, "all that is kept after the same again", look(t, second).Counted, before.Counted)
	})
	t.Run("two stores in one place see what the other has kept", func(t *testing.T) {
		open := place(t)
		first, second := opened(t, open), opened(t, open)
		fill(t, first)
		same(t, "all that is kept", look(t, second), look(t, first))
		same(t, "standing", insert(t, second, entry(t, "P1", 1, "m1")), []store.Standing{store.Duplicate})
	})
	t.Run("lines added through two stores at once make one chain", func(t *testing.T) {
		open := place(t)
		a, b := opened(t, open), opened(t, open)
		allSucceed(t, allAtOnce(callers, func(i int) error {
			s := []store.Store{a, b}[i%2]
			for range rounds {
				if err := s.AddLine(t.Context(), store.AuditLine{At: noon, By: "A1"}); err != nil {
					return err
				}
			}
			return nil
		}))
		same(t, "number", isWhole(t, b).N, int64(callers*rounds))
	})
	t.Run("changes through two stores at once all count", func(t *testing.T) {
		open := place(t)
		countTogether(t, []store.Store{opened(t, open), opened(t, open)})
	})
}

// fill keeps one of everything.
func fill(t *testing.T, s store.Store) {
	t.Helper()
	change(t, s, func(tx store.Tx) error { return doEverything(tx, entry(t, "P1", 1, "m1")) })
	must(t, s.PutAllowance(t.Context(), store.Allowance{Person: "P1", Course: "c", Phase: record.Pre, At: noon,
		Extra: time.Minute, Open: true, By: "F1"}))
	must(t, s.ChangeCredential(t.Context(), "P1", func(c *store.Credential) error {
		c.PIN, c.CodeExpires, c.Second, c.Recovery = "hash", noon, "seed", []string{"a", "b"}
		return nil
	}))
	must(t, s.PutSession(t.Context(), session("abc", "P1")))
	must(t, s.ChangeCounter(t.Context(), "k", func(c *store.Counter) error {
		c.N, c.Ends = 3, noon
		return nil
	}))
	must(t, s.PutCourse(t.Context(), source("c", "v1", 1)))
	must(t, s.PutSetting(t.Context(), "name", "value"))
	putDraft(t, s, draft("c", "A1"))
	putWorkshops(t, s, workshop("w1"))
	must(t, s.AddLine(t.Context(), store.AuditLine{At: noon, By: "A1", Action: "look"}))
}

// keeping is what look sees.
type keeping struct {
	Records    []string
	Projection store.Projection
	Cells      cellsOf
	Figures    []tally.KeyedFigures
	Person     people.Person
	Allowances []store.Allowance
	Credential store.Credential
	Session    store.Session
	Counter    store.Counter
	Courses    []store.CourseSource
	Drafts     []store.Draft
	Workshops  []people.Workshop
	Setting    string
	Counted    counted
}

// counted is how much there is of what must not double.
type counted struct{ Records, Allowances, Courses int }

func look(t *testing.T, s store.Store) keeping {
	t.Helper()
	var k keeping
	var err error
	k.Records = contents(t, s, "P1")
	k.Projection, _ = projection(t, s, "P1")
	k.Cells = cells(t, s, key(tally.Everybody, village(1)))
	k.Figures, err = s.Figures(t.Context(), store.FiguresQuery{Course: "c", Role: people.Participant})
	must(t, err)
	k.Person, err = s.Person(t.Context(), "P1")
	must(t, err)
	k.Allowances, err = s.Allowances(t.Context(), "P1")
	must(t, err)
	k.Credential, err = s.Credential(t.Context(), "P1")
	must(t, err)
	k.Session, err = s.Session(t.Context(), "abc")
	must(t, err)
	k.Counter, err = s.Counter(t.Context(), "k")
	must(t, err)
	k.Courses, err = s.Courses(t.Context())
	must(t, err)
	k.Drafts, err = s.Drafts(t.Context())
	must(t, err)
	k.Workshops, err = s.Workshops(t.Context(), store.WorkshopsQuery{})
	must(t, err)
	k.Setting, err = s.Setting(t.Context(), "name")
	must(t, err)
	k.Counted = counted{len(k.Records), len(k.Allowances), len(k.Courses)}
	return k
}
