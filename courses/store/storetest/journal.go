package storetest

import (
	"fmt"
	"slices"
	"testing"

	"melek/courses/store"
)

var journalChecks = []check{
	{"every line follows the one before, as it was written", chained},
	{"lines added at once make one chain", chainedTogether},
	{"the head moves with the newest line", headMoves},
	{"an error stops going through the chain and is returned", linkStops},
	{"the store can be used while going through the chain", linkWhileUsing},
}

func addLines(t *testing.T, s store.Store, n int) {
	t.Helper()
	for i := range n {
		must(t, s.AddLine(t.Context(), store.AuditLine{At: odd, By: "A1", Action: "look", On: fmt.Sprintf("P%d", i),
			Detail: awkward[i%len(awkward)]}))
	}
}

func links(t *testing.T, s store.Store) []store.Link {
	t.Helper()
	var all []store.Link
	must(t, s.EachLink(t.Context(), func(l store.Link) error {
		all = append(all, l)
		return nil
	}))
	return all
}

// isWhole fails the test where the audit log is not as it was written, and returns how far it goes.
func isWhole(t *testing.T, s store.Store) store.Head {
	t.Helper()
	head, err := store.CheckJournal(t.Context(), s, func(n int64, what string) {
		t.Errorf("line %d: %s", n, what)
	})
	must(t, err)
	return head
}

func chained(t *testing.T, s store.Store) {
	same(t, "head of nothing", isWhole(t, s), store.Head{})
	addLines(t, s, 150) // more than stores read at a time
	same(t, "number", isWhole(t, s).N, int64(150))
	var head store.Head
	for i, l := range links(t, s) {
		same(t, "link", l, head.Next(l.AuditLine))
		same(t, "on", l.On, fmt.Sprintf("P%d", i))
		head = l.Head
	}
}

func chainedTogether(t *testing.T, s store.Store) {
	allSucceed(t, allAtOnce(callers, func(i int) error {
		for n := range rounds {
			line := store.AuditLine{At: noon, By: fmt.Sprint("A", i), Action: "look", On: fmt.Sprint(n)}
			if err := s.AddLine(t.Context(), line); err != nil {
				return err
			}
		}
		return nil
	}))
	same(t, "number", isWhole(t, s).N, int64(callers*rounds))
	same(t, "lines", len(links(t, s)), callers*rounds)
}

func headMoves(t *testing.T, s store.Store) {
	addLines(t, s, 3)
	text, err := s.Setting(t.Context(), store.HeadSetting)
	must(t, err)
	head, err := store.ReadHead(text)
	must(t, err)
	all := links(t, s)
	same(t, "head", head, all[len(all)-1].Head)
}

func linkStops(t *testing.T, s store.Store) {
	addLines(t, s, 3)
	calls := 0
	err := s.EachLink(t.Context(), func(store.Link) error { calls++; return errEnough })
	same(t, "error", err, errEnough)
	same(t, "calls", calls, 1)
}

func linkWhileUsing(t *testing.T, s store.Store) {
	addLines(t, s, 3)
	var seen []string
	must(t, s.EachLink(t.Context(), func(l store.Link) error {
		seen = append(seen, l.On)
		return s.PutSetting(t.Context(), "seen", l.On)
	}))
	if !slices.Equal(seen, []string{"P0", "P1", "P2"}) {
		t.Errorf("seen %v", seen)
	}
}
