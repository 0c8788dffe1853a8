package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/ledger"
	"melek/courses/record"
)

// shelf is a Filer that keeps entries by id and may fail or stop.
type shelf struct {
	kept   map[string]record.Entry
	calls  [][]record.Entry
	before func(call int) error
}

func (s *shelf) File(_ context.Context, entries []record.Entry) ([]ledger.Answer, error) {
	if s.before != nil {
		if err := s.before(len(s.calls)); err != nil {
			return nil, err
		}
	}
	s.calls = append(s.calls, entries)
	answers := make([]ledger.Answer, len(entries))
	for i, e := range entries {
		known, ok := s.kept[e.ID]
		switch {
		case !ok:
			s.kept[e.ID] = e
			answers[i] = ledger.Answer{ID: e.ID, Status: ledger.Stored}
		case known.Digest == e.Digest:
			answers[i] = ledger.Answer{ID: e.ID, Status: ledger.Duplicate}
		default:
			answers[i] = ledger.Answer{ID: e.ID, Status: ledger.Conflict,
				Reason: courses.Problemf(courses.Conflict, "record.conflict")}
		}
	}
	return answers, nil
}

// EachEntry gives what was kept in order of id.
func (s *shelf) EachEntry(_ context.Context, _ string, fn func(record.Entry) error) error {
	var ids []string
	for id := range s.kept {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := fn(s.kept[id]); err != nil {
			return err
		}
	}
	return nil
}

// line is record n of a file in which people take turns.
func line(n int) string {
	return fmt.Sprintf(`{"id":"018f0000-0000-7000-8000-%012x","kind":"read","person":"P%03d","course":"c","module":"m%d","at":"2026-08-01T08:00:00+07:00"}`,
		n, n%700, n)
}

// run imports and returns the counts, and what was told as «line id-end status key».
func run(ctx context.Context, s *shelf, r io.Reader) (exchange.RecordCounts, []string, error) {
	var told []string
	imp := exchange.RecordImport{Filer: s, Now: func() time.Time { return today }, Progress: func(int64) {},
		Told: func(l exchange.RecordLine) {
			told = append(told, fmt.Sprint(l.Line, " ", l.ID, " ", l.Status, " ", key(l.Reason)))
		}}
	counts, err := imp.Run(ctx, r)
	return counts, told, err
}

func TestEveryBadLineIsTold(t *testing.T) {
	id := func(n int) string { return fmt.Sprintf("018f0000-0000-7000-8000-%012x", n) }
	file := strings.Join([]string{
		"\ufeff" + line(1),
		`{"id":"` + id(2) + `","kind":"dance","person":"P1"}`,
		"",
		`not JSON, "id": "` + id(3) + `"`,
		line(4) + "\r",
		`{"id":"` + strings.Repeat("x", record.MaxSize) + `"}`,
		line(1),
		strings.Replace(line(4), "read", "enrolled", 1),
		line(5),
	}, "\n")
	s := &shelf{kept: map[string]record.Entry{}}
	counts, told, err := run(t.Context(), s, strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2 " + id(2) + " invalid record.field",
		"4 " + id(3) + " invalid record.json",
		"6  invalid record.size",
		"8 " + id(4) + " conflict record.conflict",
	}
	if !slices.Equal(told, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	if got := fmt.Sprint(counts); got != "map[conflict:1 duplicate:1 invalid:3 stored:3]" {
		t.Errorf("counts = %s", got)
	}
}

func TestOnePersonIsFiledAtOnce(t *testing.T) {
	const n = 20_000
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i) + "\n")
	}
	s := &shelf{kept: map[string]record.Entry{}}
	if _, _, err := run(t.Context(), s, strings.NewReader(b.String())); err != nil {
		t.Fatal(err)
	}
	if len(s.kept) != n {
		t.Fatalf("%d kept, want %d", len(s.kept), n)
	}
	times := map[string]int{}
	for _, call := range s.calls {
		if len(call) > 4000 {
			t.Errorf("%d records in one transaction", len(call))
		}
		seen := map[string]bool{}
		for _, e := range call {
			if !seen[e.Person] {
				seen[e.Person] = true
				times[e.Person]++
			}
		}
	}
	for person, n := range times {
		if n > 2 {
			t.Errorf("%s was filed %d times, want once for each of two windows", person, n)
		}
	}
}

func TestAnImportGoesOnWhereItWasBrokenOff(t *testing.T) {
	const n = 20_000
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i) + "\n")
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := &shelf{kept: map[string]record.Entry{}, before: func(call int) error {
		if call == 9 {
			cancel()
			return ctx.Err()
		}
		return nil
	}}
	counts, _, err := run(ctx, s, strings.NewReader(b.String()))
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("Run = %v, want it broken off", err)
	}
	if counts[ledger.Stored] != len(s.kept) || len(s.kept) == 0 || len(s.kept) == n {
		t.Fatalf("counted %v, %d kept", counts, len(s.kept))
	}
	before := len(s.kept)
	s.before = nil
	counts, _, err = run(t.Context(), s, strings.NewReader(b.String()))
	if err != nil || counts[ledger.Duplicate] != before || counts[ledger.Stored] != n-before {
		t.Errorf("again: %v, %v; want %d duplicates and the rest stored", counts, err, before)
	}
}

func TestAReaderThatGivesNothingHoldsUpNoBody(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	silent, hold := io.Pipe()
	defer hold.Close()
	cancel()
	if _, _, err := run(ctx, &shelf{}, silent); !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v, want it broken off", err)
	}
}

func TestRecordsComeBackAsTheyWent(t *testing.T) {
	file := line(1) + "\n" + line(2) + "\n"
	s := &shelf{kept: map[string]record.Entry{}}
	if _, _, err := run(t.Context(), s, strings.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	var first, second strings.Builder
	if n, err := exchange.WriteRecords(t.Context(), &first, s); n != 2 || err != nil {
		t.Fatalf("WriteRecords = %d, %v", n, err)
	}
	again := &shelf{kept: map[string]record.Entry{}}
	if _, _, err := run(t.Context(), again, strings.NewReader(first.String())); err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.WriteRecords(t.Context(), &second, again); err != nil || first.String() != second.String() {
		t.Errorf("second export %q, first %q, %v", second.String(), first.String(), err)
	}
}
