package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"melek/courses/store"
	"melek/courses/store/memory"
)

// forged is a store whose chain somebody has laid hands on.
type forged struct {
	store.Office
	links []store.Link
	head  string
}

func (f *forged) EachLink(_ context.Context, fn func(store.Link) error) error {
	for _, l := range f.links {
		if err := fn(l); err != nil {
			return err
		}
	}
	return nil
}

func (f *forged) Setting(context.Context, string) (string, error) { return f.head, nil }

func (f *forged) faults(t testing.TB) []string {
	t.Helper()
	var all []string
	_, err := store.CheckJournal(context.Background(), f, func(n int64, what string) {
		all = append(all, fmt.Sprintf("%d %s", n, what))
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func chain(t testing.TB, n int) *forged {
	t.Helper()
	s := memory.New()
	f := &forged{Office: s}
	for i := range n {
		err := s.AddLine(context.Background(), store.AuditLine{At: time.Unix(int64(1e9+i), 0), By: "A1",
			Action: "code.make", On: fmt.Sprintf("P%d", i)})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.EachLink(context.Background(), func(l store.Link) error { f.links = append(f.links, l); return nil }); err != nil {
		t.Fatal(err)
	}
	f.head, _ = s.Setting(context.Background(), store.HeadSetting)
	return f
}

func TestEveryForgeryIsFound(t *testing.T) {
	tests := []struct {
		name  string
		forge func(f *forged)
		where string
	}{
		{"nothing", func(*forged) {}, ""},
		{"who", func(f *forged) { f.links[2].By = "A2" }, "3 "},
		{"what", func(f *forged) { f.links[2].Action = "code.made" }, "3 "},
		{"to whom", func(f *forged) { f.links[2].On = "P9" }, "3 "},
		{"when", func(f *forged) { f.links[2].At = f.links[2].At.Add(time.Millisecond) }, "3 "},
		{"what moved from one field to the next", func(f *forged) { f.links[2].By, f.links[2].Action = "A", "1code.make" }, "3 "},
		{"a line taken away", func(f *forged) { f.links = slices.Delete(f.links, 2, 3) }, "4 "},
		{"the first line taken away", func(f *forged) { f.links = f.links[1:] }, "2 "},
		{"the newest line taken away", func(f *forged) { f.links = f.links[:4] }, "5 the newest"},
		{"every line taken away", func(f *forged) { f.links = nil }, "5 the newest"},
		{"two lines changed round", func(f *forged) { f.links[1], f.links[2] = f.links[2], f.links[1] }, "3 "},
		{"a line put in", func(f *forged) { f.links = slices.Insert(f.links, 2, f.links[1].Next(store.AuditLine{})) }, "3 "},
		{"the newest line changed with its hash", func(f *forged) {
			f.links[4] = f.links[3].Next(store.AuditLine{By: "A2"})
		}, "5 the newest"},
		{"a hash taken away", func(f *forged) { f.links[0].Hash = "" }, "2 "},
		{"the head made unreadable", func(f *forged) { f.head = "x" }, "0 "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := chain(t, 5)
			tt.forge(f)
			got := f.faults(t)
			if tt.where == "" && len(got) > 0 || tt.where != "" && (len(got) == 0 || !strings.HasPrefix(got[0], tt.where)) {
				t.Errorf("faults %q, want the first at %q", got, tt.where)
			}
		})
	}
}

func TestAnyOtherOrderIsFound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := chain(t, 6)
		order := rapid.Permutation([]int{0, 1, 2, 3, 4, 5}).Draw(r, "order")
		kept := rapid.IntRange(0, 6).Draw(r, "kept")
		var links []store.Link
		for _, i := range order[:kept] {
			links = append(links, f.links[i])
		}
		whole := kept == 6 && slices.IsSorted(order)
		f.links = links
		if got := f.faults(t); (len(got) == 0) != whole {
			r.Fatalf("order %v: faults %q", order[:kept], got)
		}
	})
}

func TestLinesFromBeforeThereWasAChainAreTaken(t *testing.T) {
	f := chain(t, 0)
	for n := range int64(3) {
		f.links = append(f.links, store.Link{AuditLine: store.AuditLine{By: "A1"}, Head: store.Head{N: n + 1}})
	}
	first := store.Head{N: 3}.Next(store.AuditLine{By: "A1"})
	f.links, f.head = append(f.links, first), first.Head.String()
	if got := f.faults(t); len(got) > 0 {
		t.Errorf("faults %q", got)
	}
}
