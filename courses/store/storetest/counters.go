package storetest

import (
	"errors"
	"testing"
	"time"

	"melek/courses/store"
)

func counterRoundTrip(t *testing.T, s store.Store) {
	none, err := s.Counter(t.Context(), "k")
	must(t, err)
	same(t, "counter of nothing", none, store.Counter{Key: "k"})
	full := store.Counter{Key: "k", N: 3, At: noon, Ends: noon.Add(time.Hour)}
	for _, want := range []store.Counter{full, {Key: "k", N: 1}} {
		must(t, s.ChangeCounter(t.Context(), "k", func(c *store.Counter) error {
			*c = want
			return nil
		}))
		got, err := s.Counter(t.Context(), "k")
		must(t, err)
		same(t, "counter", got, want)
	}
	other, err := s.Counter(t.Context(), "K")
	must(t, err)
	same(t, "counter of another key", other, store.Counter{Key: "K"})
}

func counterRefused(t *testing.T, s store.Store) {
	refusal := errors.New("refused")
	err := s.ChangeCounter(t.Context(), "k", func(c *store.Counter) error {
		c.N = 7
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("ChangeCounter = %v, want fn's own error", err)
	}
	c, err := s.Counter(t.Context(), "k")
	must(t, err)
	same(t, "counter", c, store.Counter{Key: "k"})
}

func countersTogether(t *testing.T, s store.Store) {
	allSucceed(t, allAtOnce(callers, func(int) error {
		for range rounds {
			err := s.ChangeCounter(t.Context(), "k", func(c *store.Counter) error { c.N++; return nil })
			if err != nil {
				return err
			}
		}
		return nil
	}))
	c, err := s.Counter(t.Context(), "k")
	must(t, err)
	same(t, "count", c.N, callers*rounds)
}

func countersEnd(t *testing.T, s store.Store) {
	keys := []string{"a/1", "a/1/x", "a/12", "A/1", "b", "a.1", "a/%", "a/_"}
	for _, key := range keys {
		must(t, s.ChangeCounter(t.Context(), key, func(c *store.Counter) error { c.N = 1; return nil }))
	}
	left := func() string {
		all := ""
		for _, key := range keys {
			c, err := s.Counter(t.Context(), key)
			must(t, err)
			if c.N > 0 {
				all += key + " "
			}
		}
		return all
	}
	must(t, s.EndCounters(t.Context(), ""))
	must(t, s.EndCounters(t.Context(), "c"))
	same(t, "left after none", left(), "a/1 a/1/x a/12 A/1 b a.1 a/% a/_ ")
	must(t, s.EndCounters(t.Context(), "a/1/"))
	same(t, "left after a/1/", left(), "a/1 a/12 A/1 b a.1 a/% a/_ ")
	must(t, s.EndCounters(t.Context(), "a/1"))
	must(t, s.EndCounters(t.Context(), "a/%"))
	same(t, "left after a/1 and a/%", left(), "A/1 b a.1 a/_ ")
}
