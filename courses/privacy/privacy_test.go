package privacy_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/privacy"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/store/memory"
)

var zone = time.FixedZone("WIB", 7*60*60)

// syllabus is one course of one module.
type syllabus struct{}

func (syllabus) Current(id string) (*courses.Course, bool) {
	return &courses.Course{ID: "c", Version: "v1", Modules: []courses.Module{{ID: "m1"}}}, id == "c"
}
func (s syllabus) Version(id, _ string) (*courses.Course, bool) { return s.Current(id) }
func (syllabus) Withdrawn(string, string) bool                  { return false }
func (syllabus) Digest() string                                 { return "v1" }

type kit struct {
	*privacy.Clerk
	t   *testing.T
	now time.Time
}

func newKit(t *testing.T, months int) *kit {
	t.Helper()
	k := &kit{t: t, now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return k.now }
	s := memory.New()
	k.Clerk = privacy.New(privacy.Setup{Store: s, Zone: zone, Now: clock,
		Ledger: ledger.New(ledger.Setup{Store: s, Syllabus: syllabus{}, Zone: zone, Now: clock}),
		Office: privacy.Office{RetentionMonths: months}})
	return k
}

func (k *kit) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *kit) register(id string, change func(*people.Person)) {
	k.t.Helper()
	p := people.Person{ID: id, Name: "Sri " + id, Role: people.Participant,
		Postings: []people.Posting{{Area: "33.07.01.2001"}}}
	if change != nil {
		change(&p)
	}
	k.must(k.Ledger.Register(k.t.Context(), []people.Person{p}))
}

// read records that the person read a module at the time.
func (k *kit) read(id string, n int, at time.Time) {
	k.t.Helper()
	k.must(k.Ledger.Record(k.t.Context(), record.Record{ID: fmt.Sprintf("0193a000-0000-7000-8000-%012d", n),
		Kind: record.Read, Person: id, Course: "c", Module: "m1", At: at}))
}

// hold keeps a workshop.
func (k *kit) hold(w people.Workshop) {
	k.t.Helper()
	k.must(k.Store.ChangeWorkshop(k.t.Context(), w.ID, func(kept *people.Workshop) error { *kept = w; return nil }))
}

// isProblem fails the test where the error is not the problem.
func (k *kit) isProblem(what string, err error, key string) {
	k.t.Helper()
	var p *courses.Problem
	if !errors.As(err, &p) || p.Key != key {
		k.t.Errorf("%s: %v, want the problem %s", what, err, key)
	}
}

func (k *kit) lines(about string) string {
	k.t.Helper()
	lines, err := k.Store.LinesAbout(k.t.Context(), about, 100)
	k.must(err)
	var all []string
	for _, l := range lines {
		all = append(all, strings.TrimSpace(fmt.Sprintln(l.By, l.Action, l.On, l.Detail)))
	}
	return strings.Join(all, "\n")
}

func TestErasureLeavesOneRecord(t *testing.T) {
	k := newKit(t, 0)
	k.register("P1", nil)
	k.read("P1", 1, k.now)
	made, err := k.Ask(t.Context(), "P1", store.Correction, "Nama saya Sri Wahyuni", "P1")
	k.must(err)
	k.hold(people.Workshop{ID: "w1", Title: "Bimtek Kertek", Roster: []string{"P1"}})
	for range 2 { // twice is once
		k.must(k.Erase(t.Context(), "P1", "P1", "A1"))
	}
	if _, err := k.Store.Person(t.Context(), "P1"); !errors.Is(err, courses.NotFound) {
		t.Errorf("the person is still there: %v", err)
	}
	var kinds []record.Kind
	k.must(k.Store.EachEntry(t.Context(), "", func(e record.Entry) error { kinds = append(kinds, e.Kind); return nil }))
	if fmt.Sprint(kinds) != "[erased]" {
		t.Errorf("records left: %v, want the erased one", kinds)
	}
	r, err := k.Store.Request(t.Context(), made.ID)
	k.must(err)
	if r.State != store.RequestDone || r.Text != "" || r.By != "A1" || r.EndedAt.IsZero() {
		t.Errorf("the request is %+v, want it done and without its text", r)
	}
	if w, err := k.Store.Workshop(t.Context(), "w1"); err != nil || w.Title == "" || len(w.Roster) > 0 {
		t.Errorf("the workshop is %+v, %v; want it without anybody", w, err)
	}
	if want := "A1 person.erase P1\nP1 request.made P1 correction"; k.lines("P1") != want {
		t.Errorf("the audit log says\n%s\nwant\n%s", k.lines("P1"), want)
	}
}

func TestErasureIsRefused(t *testing.T) {
	k := newKit(t, 0)
	k.register("P1", nil)
	k.isProblem("another number typed", k.Erase(t.Context(), "P1", "P2", "A1"), "erase.typed")
	k.isProblem("of oneself", k.Erase(t.Context(), "P1", "P1", "P1"), "erase.self")
	k.isProblem("of nobody", k.Erase(t.Context(), "P9", "P9", "A1"), "person.unknown")
	if _, err := k.Store.Person(t.Context(), "P1"); err != nil {
		t.Errorf("P1 is gone: %v", err)
	}
}

func TestARequestRunsThreeDays(t *testing.T) {
	k := newKit(t, 0)
	k.register("P1", nil)
	first, err := k.Ask(t.Context(), "P1", store.Erasure, "", "P1")
	k.must(err)
	if got := first.Due.Sub(first.MadeAt); got != 72*time.Hour || !first.MadeAt.Equal(k.now) {
		t.Errorf("due after %v, want 72 hours", got)
	}
	k.now = k.now.Add(time.Minute)
	again, err := k.Ask(t.Context(), "P1", store.Erasure, "", "P1")
	k.must(err)
	if again != first {
		t.Errorf("the same request sent twice is %+v, want %+v", again, first)
	}
	all, err := k.Store.Requests(t.Context(), store.RequestsQuery{})
	k.must(err)
	if len(all) != 1 {
		t.Errorf("%d requests, want 1", len(all))
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	k := newKit(t, 0)
	k.register("P1", nil)
	for _, tt := range []struct {
		name, person string
		kind         store.RequestKind
		text, want   string
	}{
		{"an unknown kind", "P1", "sing", "x", "request.kind"},
		{"a correction of nothing", "P1", store.Correction, "  ", "request.text"},
		{"a novel", "P1", store.Correction, strings.Repeat("a", 1001), "request.long"},
		{"a control character", "P1", store.Correction, "a\x00b", "request.long"},
		{"a NIK", "P1", store.Correction, "NIK saya 3307 0101 0180 0001", "request.nik"},
		{"by nobody", "P9", store.Correction, "x", "person.unknown"},
	} {
		_, err := k.Ask(t.Context(), tt.person, tt.kind, tt.text, tt.person)
		k.isProblem(tt.name, err, tt.want)
	}
	for n := range 10 {
		_, err := k.Ask(t.Context(), "P1", store.Correction, fmt.Sprint(n), "P1")
		k.must(err)
	}
	_, err := k.Ask(t.Context(), "P1", store.Correction, "one more", "P1")
	k.isProblem("too many", err, "request.many")
}

func TestAnswers(t *testing.T) {
	k := newKit(t, 0)
	k.register("P1", nil)
	ask := func(kind store.RequestKind) string {
		r, err := k.Ask(t.Context(), "P1", kind, "Tahun lahir 1985", "P1")
		k.must(err)
		return r.ID
	}
	correction, erasure := ask(store.Correction), ask(store.Erasure)
	ctx := t.Context()
	k.isProblem("refused without a reason", k.Answer(ctx, correction, store.RequestRefused, "", "A1"), "request.why")
	k.isProblem("left open", k.Answer(ctx, correction, store.RequestOpen, "x", "A1"), "request.state")
	k.isProblem("an erasure that was not done", k.Answer(ctx, erasure, store.RequestDone, "", "A1"), "request.erase")
	k.isProblem("no request", k.Answer(ctx, "none", store.RequestDone, "", "A1"), "request.unknown")
	for range 2 {
		k.must(k.Answer(ctx, correction, store.RequestDone, "Sudah diperbaiki", "A1"))
	}
	k.isProblem("another answer", k.Answer(ctx, correction, store.RequestRefused, "Tidak", "A2"), "request.ended")
	k.isProblem("withdrawn by another", k.Withdraw(ctx, erasure, "P2"), "request.unknown")
	for range 2 {
		k.must(k.Withdraw(ctx, erasure, "P1"))
	}
	k.isProblem("withdrawn after the answer", k.Withdraw(ctx, correction, "P1"), "request.ended")
	want := "P1 request.withdrawn P1 erasure\nA1 request.done P1 correction\n" +
		"P1 request.made P1 erasure\nP1 request.made P1 correction"
	if got := k.lines("P1"); got != want {
		t.Errorf("the audit log says\n%s\nwant\n%s", got, want)
	}
}

func day(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		panic(err)
	}
	return t
}

// until ends the service of a person on the day.
func until(day string) func(*people.Person) {
	return func(p *people.Person) { p.Postings[0].To = day }
}

func TestWhoIsDue(t *testing.T) {
	tests := []struct {
		name   string
		change func(*people.Person)
		read   string // day of the last record
		due    bool
		left   bool
	}{
		{"in service", nil, "2020-01-01", false, false},
		{"left long ago", until("2024-11-22"), "", true, true},
		{"left on the last day that is kept", until("2024-11-24"), "", false, true},
		{"left long ago and learned since", until("2020-01-01"), "2026-01-01", false, true},
		{"learned before leaving", until("2024-11-22"), "2020-01-01", true, true},
		{"leaves today", until("2026-11-23"), "", false, false},
		{"marked as left without a day", func(p *people.Person) { p.Retired = true }, "2020-01-01", false, true},
		{"moved on", func(p *people.Person) {
			p.Postings[0].To = "2020-01-01"
			p.Post(people.Posting{Area: "33.07.01.2002", From: "2020-01-02"})
		}, "", false, false},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t, 24)
			k.register("P1", tt.change)
			if tt.read != "" {
				k.read("P1", i, day(tt.read))
			}
			left, due := false, false
			k.must(k.EachLeaver(t.Context(), func(l privacy.Leaver) error {
				left, due = true, k.IsDue(l)
				return nil
			}))
			if left != tt.left || due != tt.due {
				t.Errorf("left %v and due %v, want %v and %v", left, due, tt.left, tt.due)
			}
			n, err := k.Retain(t.Context(), 100)
			k.must(err)
			_, err = k.Store.Person(t.Context(), "P1")
			if gone := errors.Is(err, courses.NotFound); gone != tt.due || (n == 1) != tt.due {
				t.Errorf("%d erased and gone %v, want %v", n, gone, tt.due)
			}
		})
	}
}

func TestRetainEndsAtItsLimit(t *testing.T) {
	k := newKit(t, 1)
	for n := range 5 {
		k.register(fmt.Sprint("P", n), until("2020-01-01"))
	}
	for _, want := range []int{3, 2, 0} {
		if n, err := k.Retain(t.Context(), 3); n != want || err != nil {
			t.Errorf("%d erased, %v; want %d", n, err, want)
		}
	}
	if want := "retention person.expire P0 left 2020-01-01"; k.lines("P0") != want {
		t.Errorf("the audit log says %q, want %q", k.lines("P0"), want)
	}
}

func TestWithoutRetentionNobodyGoes(t *testing.T) {
	k := newKit(t, 0)
	k.register("P1", until("1999-01-01"))
	if n, err := k.Retain(t.Context(), 100); n != 0 || err != nil {
		t.Errorf("%d erased, %v; want nobody", n, err)
	}
}

func TestADossierHoldsAllButSecrets(t *testing.T) {
	k := newKit(t, 0)
	k.register("P1", nil)
	k.read("P1", 2, k.now.Add(time.Hour))
	k.read("P1", 1, k.now)
	k.register("P2", nil)
	k.read("P2", 3, k.now)
	ctx := t.Context()
	k.must(k.Store.ChangeCredential(ctx, "P1", func(c *store.Credential) error {
		c.PIN, c.Code, c.CodeExpires = "sealed-pin", "hash-of-code", k.now
		return nil
	}))
	k.must(k.Store.PutSession(ctx, store.Session{Hash: "hash-of-session", Person: "P1", Kind: store.Browser,
		Label: "Firefox", Workshop: "w1", MadeAt: k.now, Expires: k.now.Add(time.Hour)}))
	k.must(k.Store.PutAllowance(ctx, store.Allowance{Person: "P1", Course: "c", Phase: record.Pre, By: "F1", At: k.now}))
	k.must(k.Store.PutAcknowledgement(ctx, store.Acknowledgement{Person: "P1", Notice: "n1", At: k.now}))
	comes := people.Workshop{ID: "w1", Title: "Bimtek Kertek", Courses: []string{"c"}, Area: "33.07.02",
		Place: "Balai desa", From: "2026-11-24", To: "2026-11-25", Facilitators: []string{"P2"},
		Roster: []string{"P1", "P2"}, Code: "KRTKBM", By: "P2"}
	runs, others := comes, comes
	runs.ID, runs.Cancelled, runs.Facilitators, runs.Roster = "w2", true, []string{"P1", "P2"}, []string{"P2"}
	others.ID, others.Roster = "w3", []string{"P2"}
	k.hold(comes)
	k.hold(runs)
	k.hold(others)
	_, err := k.Ask(ctx, "P1", store.Correction, "Nama saya Sri Wahyuni", "P1")
	k.must(err)
	d, err := k.Dossier(ctx, "P1")
	k.must(err)
	if len(d.Records) != 2 || d.Records[0].At.After(d.Records[1].At) {
		t.Errorf("records %v, want the two of P1 in order of time", d.Records)
	}
	text, err := json.Marshal(d)
	k.must(err)
	for _, want := range []string{`"Sri P1"`, `"has_pin":true`, `"course":"c"`, `"by":"F1"`, `"notice":"n1"`,
		`"Nama saya Sri Wahyuni"`, `"request.made"`, `"module":"m1"`, `"label":"Firefox","workshop":"w1"`,
		`{"id":"w1","title":"Bimtek Kertek","courses":["c"],"area":"33.07.02","place":"Balai desa",` +
			`"from":"2026-11-24","to":"2026-11-25","runs":false,"cancelled":false}`,
		`"runs":true,"cancelled":true}]`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the dossier lacks %s:\n%s", want, text)
		}
	}
	for _, never := range []string{"sealed-pin", "hash-of-code", "hash-of-session", "P2", "w3", "KRTKBM"} {
		if strings.Contains(string(text), never) {
			t.Errorf("the dossier holds %s", never)
		}
	}
	if _, err := k.Dossier(context.Background(), "P9"); !errors.Is(err, courses.NotFound) {
		t.Errorf("of nobody: %v, want not found", err)
	}
}
