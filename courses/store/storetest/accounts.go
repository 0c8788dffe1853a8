package storetest

import (
	"cmp"
	"errors"
	"slices"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/record"
	"melek/courses/store"
)

func allowances(t *testing.T, s store.Store) {
	grant := func(person, course string, phase record.Phase, minutes int) store.Allowance {
		return store.Allowance{Person: person, Course: course, Phase: phase, By: "F1", At: noon,
			Extra: time.Duration(minutes) * time.Minute, Open: minutes%2 == 1}
	}
	for _, a := range []store.Allowance{
		grant("P1", "c", record.Pre, 5), grant("P1", "c", record.Post, 10), grant("P1", "d", record.Pre, 15),
		grant("P2", "c", record.Pre, 20), grant("P1", "c", record.Pre, 30),
	} {
		must(t, s.PutAllowance(t.Context(), a))
	}
	got, err := s.Allowances(t.Context(), "P1")
	must(t, err)
	slices.SortFunc(got, func(a, b store.Allowance) int { return cmp.Compare(a.Extra, b.Extra) })
	same(t, "allowances", got, []store.Allowance{grant("P1", "c", record.Post, 10),
		grant("P1", "d", record.Pre, 15), grant("P1", "c", record.Pre, 30)})
	none, err := s.Allowances(t.Context(), "P3")
	must(t, err)
	same(t, "allowances of nobody", len(none), 0)
}

var accountChecks = []check{
	{"a person without a credential has the empty one", noCredential},
	{"a credential comes back as it was left", credentialRoundTrip},
	{"a change of a credential that fails keeps nothing", credentialRefused},
	{"changes of one credential at once all count", credentialTogether},
	{"a session comes back under its hash alone", sessionRoundTrip},
	{"a session takes the place of that with the same hash", sessionReplaced},
	{"a session is changed where it is, and one that was ended stays away", sessionChanged},
	{"changes of one session at once all count", sessionsTogether},
	{"sessions end one by one or all of a person's", sessionsEnd},
	{"sessions of a person come newest first", sessionsOf},
	{"who is linked to a subject is found by it alone", linked},
	{"a counter comes back as it was left", counterRoundTrip},
	{"a change of a counter that fails keeps nothing", counterRefused},
	{"changes of one counter at once all count", countersTogether},
	{"counters end by the beginning of their keys", countersEnd},
	{"what has expired goes, and nothing else", expired},
	{"times of sessions are kept in UTC to the millisecond", sessionTimes},
	{"awkward texts in accounts are data", awkwardAccounts},
}

func noCredential(t *testing.T, s store.Store) {
	c, err := s.Credential(t.Context(), "P1")
	must(t, err)
	same(t, "credential", c, store.Credential{Person: "P1"})
	var given store.Credential
	must(t, s.ChangeCredential(t.Context(), "P1", func(c *store.Credential) error {
		given = *c
		return nil
	}))
	same(t, "given to fn", given, store.Credential{Person: "P1"})
}

func credentialRoundTrip(t *testing.T, s store.Store) {
	full := store.Credential{Person: "P1", PIN: "$argon2id$v=19$x", Code: "c0de", CodeExpires: noon,
		Second: "JBSWY3DP", NextSecond: "NEXT", Step: 58_000_000, Recovery: []string{"a", "b"},
		Subject: "https://id.example 7"}
	for _, want := range []store.Credential{full, {Person: "P1", Code: "again"}, {Person: "P1"}} {
		must(t, s.ChangeCredential(t.Context(), "P1", func(c *store.Credential) error {
			*c = want
			return nil
		}))
		got, err := s.Credential(t.Context(), "P1")
		must(t, err)
		same(t, "credential", got, want)
	}
}

func credentialRefused(t *testing.T, s store.Store) {
	refusal := errors.New("refused")
	err := s.ChangeCredential(t.Context(), "P1", func(c *store.Credential) error {
		c.PIN = "changed"
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("ChangeCredential = %v, want fn's own error", err)
	}
	c, err := s.Credential(t.Context(), "P1")
	must(t, err)
	same(t, "credential", c, store.Credential{Person: "P1"})
}

func credentialTogether(t *testing.T, s store.Store) {
	allSucceed(t, allAtOnce(callers, func(int) error {
		for range rounds {
			err := s.ChangeCredential(t.Context(), "P1", func(c *store.Credential) error {
				c.Step++
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	c, err := s.Credential(t.Context(), "P1")
	must(t, err)
	same(t, "step", c.Step, int64(callers*rounds))
}

func linked(t *testing.T, s store.Store) {
	link := func(person, subject string) {
		must(t, s.ChangeCredential(t.Context(), person, func(c *store.Credential) error {
			c.Subject = subject
			return nil
		}))
	}
	link("P1", "one")
	link("P2", "")
	link("P3", "two")
	link("P4", "two")
	got, err := s.PersonLinked(t.Context(), "one")
	must(t, err)
	same(t, "person", got, "P1")
	for subject, want := range map[string]courses.Kind{"": courses.NotFound, "ONE": courses.NotFound,
		"three": courses.NotFound, "two": courses.Conflict} {
		_, err := s.PersonLinked(t.Context(), subject)
		isKind(t, "subject "+subject, err, want)
	}
	link("P1", "three")
	_, err = s.PersonLinked(t.Context(), "one")
	isKind(t, "a link replaced", err, courses.NotFound)
}

func expired(t *testing.T, s store.Store) {
	for hash, ends := range map[string]time.Duration{"past": -time.Second, "now": 0, "later": time.Millisecond} {
		ending := session(hash, "P1")
		ending.Expires = noon.Add(ends)
		must(t, s.PutSession(t.Context(), ending))
		must(t, s.ChangeCounter(t.Context(), hash, func(c *store.Counter) error {
			c.N, c.Ends = 1, noon.Add(ends)
			return nil
		}))
	}
	must(t, s.EndExpired(t.Context(), noon))
	left, err := s.SessionsOf(t.Context(), "P1")
	must(t, err)
	same(t, "sessions left", len(left), 1)
	for key, want := range map[string]int{"past": 0, "now": 0, "later": 1} {
		c, err := s.Counter(t.Context(), key)
		must(t, err)
		same(t, "counter "+key, c.N, want)
	}
}

func sessionsOf(t *testing.T, s store.Store) {
	none, err := s.SessionsOf(t.Context(), "P1")
	must(t, err)
	same(t, "sessions of nobody", len(none), 0)
	at := func(hash, person string, minute int) store.Session {
		made := session(hash, person)
		made.MadeAt = noon.Add(time.Duration(minute) * time.Minute)
		return made
	}
	for _, made := range []store.Session{at("b", "P1", 1), at("a", "P1", 3), at("c", "P1", 2), at("d", "P2", 4),
		at("e", "P1", 1)} {
		must(t, s.PutSession(t.Context(), made))
	}
	got, err := s.SessionsOf(t.Context(), "P1")
	must(t, err)
	want := []store.Session{at("a", "P1", 3), at("c", "P1", 2), at("b", "P1", 1), at("e", "P1", 1)}
	same(t, "sessions", got, want)
}

func session(hash, person string) store.Session {
	return store.Session{Hash: hash, Person: person, Kind: store.Token, Label: "laptop",
		Scope: "report send", Workshop: "w1", MadeAt: noon, SeenAt: noon.Add(time.Minute),
		ProvedAt: noon.Add(time.Second), Expires: noon.Add(time.Hour)}
}

func sessionRoundTrip(t *testing.T, s store.Store) {
	must(t, s.PutSession(t.Context(), session("abc", "P1")))
	got, err := s.Session(t.Context(), "abc")
	must(t, err)
	same(t, "session", got, session("abc", "P1"))
	for _, hash := range []string{"ab", "abcd", "ABC", ""} {
		_, err := s.Session(t.Context(), hash)
		isKind(t, "session "+hash, err, courses.NotFound)
	}
}

func sessionReplaced(t *testing.T, s store.Store) {
	must(t, s.PutSession(t.Context(), session("abc", "P1")))
	next := session("abc", "P1")
	next.Expires, next.Kind, next.Label, next.Workshop = noon.Add(2*time.Hour), store.Browser, "", ""
	must(t, s.PutSession(t.Context(), next))
	got, err := s.Session(t.Context(), "abc")
	must(t, err)
	same(t, "session", got, next)
}

func sessionChanged(t *testing.T, s store.Store) {
	must(t, s.PutSession(t.Context(), session("abc", "P1")))
	must(t, s.PutSession(t.Context(), session("abcd", "P1")))
	later := func(session *store.Session) error {
		session.SeenAt, session.ProvedAt = noon.Add(2*time.Minute), odd
		return nil
	}
	must(t, s.ChangeSession(t.Context(), "abc", later))
	got, err := s.Session(t.Context(), "abc")
	must(t, err)
	isRounded(t, "proved at", got.ProvedAt)
	want := session("abc", "P1")
	want.SeenAt, want.ProvedAt = noon.Add(2*time.Minute), got.ProvedAt
	same(t, "session", got, want)
	refusal := errors.New("refused")
	err = s.ChangeSession(t.Context(), "abcd", func(session *store.Session) error {
		session.Label = "changed"
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("ChangeSession = %v, want fn's own error", err)
	}
	untouched, err := s.Session(t.Context(), "abcd")
	must(t, err)
	same(t, "another session", untouched, session("abcd", "P1"))
	must(t, s.EndSessions(t.Context(), "P1", "abc"))
	isKind(t, "a change of one that was ended", s.ChangeSession(t.Context(), "abc", later), courses.NotFound)
	_, err = s.Session(t.Context(), "abc")
	isKind(t, "one that was ended", err, courses.NotFound)
}

func sessionsTogether(t *testing.T, s store.Store) {
	must(t, s.PutSession(t.Context(), session("abc", "P1")))
	allSucceed(t, allAtOnce(callers, func(int) error {
		for range rounds {
			err := s.ChangeSession(t.Context(), "abc", func(session *store.Session) error {
				session.SeenAt = session.SeenAt.Add(time.Second)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	got, err := s.Session(t.Context(), "abc")
	must(t, err)
	same(t, "seen at", got.SeenAt, session("", "").SeenAt.Add(callers*rounds*time.Second))
}

func sessionsEnd(t *testing.T, s store.Store) {
	for hash, person := range map[string]string{"a": "P1", "b": "P1", "c": "P1", "d": "P2"} {
		must(t, s.PutSession(t.Context(), session(hash, person)))
	}
	left := func() string {
		all := ""
		for _, hash := range []string{"a", "b", "c", "d"} {
			if _, err := s.Session(t.Context(), hash); err == nil {
				all += hash
			}
		}
		return all
	}
	must(t, s.EndSessions(t.Context(), "P1", "b"))
	same(t, "left after one", left(), "acd")
	must(t, s.EndSessions(t.Context(), "P1", ""))
	same(t, "left after all of P1", left(), "d")
	must(t, s.EndSessions(t.Context(), "P1", ""))
	must(t, s.EndSessions(t.Context(), "P2", "unknown"))
	same(t, "left after ending what is not there", left(), "d")
}

func sessionTimes(t *testing.T, s store.Store) {
	odds := session("abc", "P1")
	odds.MadeAt, odds.SeenAt, odds.ProvedAt, odds.Expires = odd, odd, odd, odd
	must(t, s.PutSession(t.Context(), odds))
	got, err := s.Session(t.Context(), "abc")
	must(t, err)
	isRounded(t, "made at", got.MadeAt)
	isRounded(t, "seen at", got.SeenAt)
	isRounded(t, "proved at", got.ProvedAt)
	isRounded(t, "expires", got.Expires)
	must(t, s.ChangeCredential(t.Context(), "P1", func(c *store.Credential) error {
		c.CodeExpires = odd
		return nil
	}))
	c, err := s.Credential(t.Context(), "P1")
	must(t, err)
	isRounded(t, "code expires", c.CodeExpires)
	must(t, s.ChangeCounter(t.Context(), "k", func(c *store.Counter) error {
		c.At, c.Ends = odd, odd
		return nil
	}))
	counter, err := s.Counter(t.Context(), "k")
	must(t, err)
	isRounded(t, "counter at", counter.At)
	isRounded(t, "counter ends", counter.Ends)
}

func awkwardAccounts(t *testing.T, s store.Store) {
	must(t, s.PutSession(t.Context(), session("plain", "plain")))
	for _, text := range awkward {
		want := session(text, text)
		want.Label, want.Workshop = text, text
		must(t, s.PutSession(t.Context(), want))
		got, err := s.Session(t.Context(), text)
		must(t, err)
		same(t, "session", got, want)
		must(t, s.ChangeCredential(t.Context(), text, func(c *store.Credential) error {
			c.PIN, c.Subject = text, text
			return nil
		}))
		c, err := s.Credential(t.Context(), text)
		must(t, err)
		same(t, "credential", c, store.Credential{Person: text, PIN: text, Subject: text})
		who, err := s.PersonLinked(t.Context(), text)
		must(t, err)
		same(t, "linked", who, text)
		must(t, s.ChangeCounter(t.Context(), text, func(c *store.Counter) error { c.N = 1; return nil }))
		counter, err := s.Counter(t.Context(), text)
		must(t, err)
		same(t, "counter", counter, store.Counter{Key: text, N: 1})
		must(t, s.EndSessions(t.Context(), text, ""))
	}
	_, err := s.Session(t.Context(), "plain")
	must(t, err)
}
