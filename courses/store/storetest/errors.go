package storetest

import (
	"context"
	"errors"
	"maps"
	"testing"

	"melek/courses"
	"melek/courses/record"
	"melek/courses/store"
)

var errorChecks = []check{
	{"what is not there is not found", notFound},
	{"a context that has ended is the error of every call, and nothing is kept", endedContext},
	{"calls after Close are unavailable", closed},
}

// isKind fails the test where the error is not of the kind.
func isKind(t *testing.T, what string, err error, kind courses.Kind) {
	t.Helper()
	if courses.KindOf(err) != kind {
		t.Errorf("%s: error %v, want %v", what, err, kind)
	}
}

func notFound(t *testing.T, s store.Store) {
	_, err := s.Person(t.Context(), "nobody")
	isKind(t, "Person", err, courses.NotFound)
	_, err = s.PersonByPhone(t.Context(), "0812")
	isKind(t, "PersonByPhone", err, courses.NotFound)
	_, err = s.Session(t.Context(), "none")
	isKind(t, "Session", err, courses.NotFound)
	_, err = s.Setting(t.Context(), "none")
	isKind(t, "Setting", err, courses.NotFound)
	_, err = s.Draft(t.Context(), "none")
	isKind(t, "Draft", err, courses.NotFound)
	_, err = s.Workshop(t.Context(), "none")
	isKind(t, "Workshop", err, courses.NotFound)
}

// calls are all methods of the port but Close, by name.
func calls(s store.Store, e record.Entry) map[string]func(ctx context.Context) error {
	all := accountCalls(s)
	maps.Copy(all, rightsCalls(s))
	maps.Copy(all, draftCalls(s))
	maps.Copy(all, workshopCalls(s))
	all["Change"] = func(ctx context.Context) error {
		return s.Change(ctx, func(tx store.Tx) error { return doEverything(tx, e) })
	}
	all["Projections"] = func(ctx context.Context) error {
		_, err := s.Projections(ctx, []string{"P1"})
		return err
	}
	all["EachProjection"] = func(ctx context.Context) error {
		return s.EachProjection(ctx, "", func(store.Projection) error { return nil })
	}
	all["EachEntry"] = func(ctx context.Context) error {
		return s.EachEntry(ctx, "", func(record.Entry) error { return nil })
	}
	all["Due"] = func(ctx context.Context) error { _, err := s.Due(ctx, noon, 1); return err }
	all["Figures"] = func(ctx context.Context) error {
		_, err := s.Figures(ctx, store.FiguresQuery{})
		return err
	}
	all["CutsOf"] = func(ctx context.Context) error { _, err := s.CutsOf(ctx, "c", ""); return err }
	all["Tallied"] = func(ctx context.Context) error { _, err := s.Tallied(ctx); return err }
	all["PutCourse"] = func(ctx context.Context) error { return s.PutCourse(ctx, source("a", "v1", 1)) }
	all["Courses"] = func(ctx context.Context) error { _, err := s.Courses(ctx); return err }
	all["Setting"] = func(ctx context.Context) error { _, err := s.Setting(ctx, "name"); return err }
	all["PutSetting"] = func(ctx context.Context) error { return s.PutSetting(ctx, "name", "value") }
	all["AddLine"] = func(ctx context.Context) error { return s.AddLine(ctx, store.AuditLine{At: noon}) }
	all["EachLink"] = func(ctx context.Context) error {
		return s.EachLink(ctx, func(store.Link) error { return nil })
	}
	all["Lines"] = func(ctx context.Context) error { _, err := s.Lines(ctx, 1); return err }
	all["Ping"] = s.Ping
	return all
}

// accountCalls are the calls about one person.
func accountCalls(s store.Store) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Person":        func(ctx context.Context) error { _, err := s.Person(ctx, "P1"); return err },
		"PersonByPhone": func(ctx context.Context) error { _, err := s.PersonByPhone(ctx, "0812"); return err },
		"People": func(ctx context.Context) error {
			_, err := s.People(ctx, store.PeopleQuery{})
			return err
		},
		"Allowances": func(ctx context.Context) error { _, err := s.Allowances(ctx, "P1"); return err },
		"PutAllowance": func(ctx context.Context) error {
			return s.PutAllowance(ctx, store.Allowance{Person: "P1"})
		},
		"Credential": func(ctx context.Context) error { _, err := s.Credential(ctx, "P1"); return err },
		"ChangeCredential": func(ctx context.Context) error {
			return s.ChangeCredential(ctx, "P1", func(c *store.Credential) error { c.PIN = "x"; return nil })
		},
		"PersonLinked": func(ctx context.Context) error { _, err := s.PersonLinked(ctx, "x"); return err },
		"EndExpired":   func(ctx context.Context) error { return s.EndExpired(ctx, noon) },
		"SessionsOf":   func(ctx context.Context) error { _, err := s.SessionsOf(ctx, "P1"); return err },
		"Counter":      func(ctx context.Context) error { _, err := s.Counter(ctx, "k"); return err },
		"ChangeCounter": func(ctx context.Context) error {
			return s.ChangeCounter(ctx, "k", func(c *store.Counter) error { c.N++; return nil })
		},
		"Session":    func(ctx context.Context) error { _, err := s.Session(ctx, "abc"); return err },
		"PutSession": func(ctx context.Context) error { return s.PutSession(ctx, session("abc", "P1")) },
		"ChangeSession": func(ctx context.Context) error {
			return s.ChangeSession(ctx, "abc", func(*store.Session) error { return nil })
		},
		"EndCounters": func(ctx context.Context) error { return s.EndCounters(ctx, "k") },
		"EndSessions": func(ctx context.Context) error { return s.EndSessions(ctx, "P1", "") },
	}
}

func endedContext(t *testing.T, s store.Store) {
	insert(t, s, entry(t, "P0", 1, "m1"))
	putProjections(t, s, store.Projection{Person: "P0", State: []byte(`{}`)})
	for name, call := range calls(s, entry(t, "P1", 1, "m1")) {
		if err := call(ended(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s = %v, want context.Canceled", name, err)
		}
	}
	same(t, "traces", traces(t, s, "P1"), []string(nil))
	_, err := s.Setting(t.Context(), "name")
	isKind(t, "Setting", err, courses.NotFound)
}

func closed(t *testing.T, s store.Store) {
	insert(t, s, entry(t, "P0", 1, "m1"))
	must(t, s.Close())
	for name, call := range calls(s, entry(t, "P1", 1, "m1")) {
		isKind(t, name, call(t.Context()), courses.Unavailable)
	}
}
