package sqlite_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"melek/app/internal/sqlite"
	"melek/courses"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// oneCourse knows one version of one course, whose quiz takes a text.
type oneCourse struct{ *courses.Course }

func (c oneCourse) Version(course, version string) (*courses.Course, bool) {
	return c.Course, course == c.ID && version == c.Course.Version
}
func (c oneCourse) Current(course string) (*courses.Course, bool) { return c.Course, course == c.ID }
func (c oneCourse) Withdrawn(string, string) bool                 { return false }
func (c oneCourse) Digest() string                                { return c.Course.Version }

func newCourse() oneCourse {
	items := map[string]*courses.Item{"q1": {ID: "q1", Pillar: "aman", Key: []string{"a"},
		Options: []courses.Option{{ID: "a"}, {ID: "b"}}}}
	return oneCourse{&courses.Course{ID: "c", Version: "v1", PassMark: 70, MinutesPerItem: 1.5, Items: items,
		Modules: []courses.Module{{ID: "m1", Quiz: []string{"q1"}}},
		Forms:   []courses.Form{{ID: "A", Items: []string{"q1"}}}}}
}

// secret is a text of the person that is found in a file wherever it was left, and in no other place.
func secret(person string, n int) string { return fmt.Sprintf("Rahasia-%s-%03d", person, n) }

// life is a database on which people work, and one of them is erased.
type life struct {
	t      *rapid.T
	folder string
	store  *sqlite.Store
	ledger *ledger.Ledger
	n      int // numbers records and texts
}

var persons = []string{"P1", "P2", "P3"}

func begin(t *rapid.T, folder string) *life {
	s, err := sqlite.Open(t.Context(), filepath.Join(folder, "melek.db"))
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.New(ledger.Setup{Store: s, Syllabus: newCourse(), Zone: time.UTC,
		Now: func() time.Time { return time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) }})
	return &life{t: t, folder: folder, store: s, ledger: l}
}

func (l *life) must(err error) {
	l.t.Helper()
	if err != nil && courses.KindOf(err) != courses.Conflict {
		l.t.Fatal(err)
	}
}

// word is the next text of the person.
func (l *life) word(person string) string {
	l.n++
	return secret(person, l.n)
}

// deliver sends some records of anybody.
func (l *life) deliver() {
	var batch []json.RawMessage
	for range rapid.IntRange(1, 6).Draw(l.t, "records") {
		person := rapid.SampledFrom(persons).Draw(l.t, "person")
		word := l.word(person)
		r := record.Record{Person: person, Course: "c", At: time.Date(2026, 11, 23, 0, l.n%60, 0, 0, time.UTC),
			ID: fmt.Sprintf("0193a000-0000-7000-8000-%012d", rapid.IntRange(0, 30).Draw(l.t, "id")), Node: word}
		switch rapid.IntRange(0, 2).Draw(l.t, "kind") {
		case 0:
			r.Kind, r.Module = record.Read, "m1"
		case 1:
			r.Kind, r.Module, r.Version, r.Answers = record.Answered, "m1", "v1", record.Answers{"q1": {word}}
		case 2:
			r.Kind, r.Phase, r.Form, r.Version, r.Answers = record.Submitted, record.Pre, "A", "v1",
				record.Answers{"q1": {word, strings.Repeat(word, 60)}}
		}
		raw, err := json.Marshal(r)
		l.must(err)
		batch = append(batch, raw)
	}
	_, err := l.ledger.Take(l.t.Context(), batch, func(*record.Record) error { return nil })
	l.must(err)
}

// correct gives a person another name; that of an erased person is a conflict.
func (l *life) correct() {
	person := rapid.SampledFrom(persons).Draw(l.t, "person")
	l.must(l.ledger.Replace(l.t.Context(), people.Person{ID: person, Name: l.word(person), Role: people.Participant,
		Phone: l.word(person), Postings: []people.Posting{{Area: "33.07.01.2001", Position: l.word(person)}}}))
}

// ask has a person who is known use what is kept beside the records.
func (l *life) ask() {
	ctx, person := l.t.Context(), rapid.SampledFrom(persons).Draw(l.t, "person")
	if _, err := l.store.Person(ctx, person); err != nil {
		return
	}
	l.must(l.store.ChangeRequest(ctx, fmt.Sprint("R", l.n), func(r *store.Request) error {
		r.Person, r.State, r.Text, r.Answer = person, store.RequestOpen, l.word(person), l.word(person)
		return nil
	}))
	l.must(l.store.PutAcknowledgement(ctx, store.Acknowledgement{Person: person, Notice: l.word(person)}))
	l.must(l.store.ChangeCredential(ctx, person, func(c *store.Credential) error {
		c.PIN = l.word(person)
		return nil
	}))
	l.must(l.store.PutSession(ctx, store.Session{Hash: fmt.Sprint("S", l.n), Person: person, Label: l.word(person)}))
	l.must(l.store.PutAllowance(ctx, store.Allowance{Person: person, Course: "c", Phase: record.Pre,
		By: l.word(person)}))
}

// enlist puts a person who is known on the roster of a workshop, and among those who run another.
func (l *life) enlist() {
	ctx, person := l.t.Context(), rapid.SampledFrom(persons).Draw(l.t, "person")
	if _, err := l.store.Person(ctx, person); err != nil {
		return
	}
	l.n++
	l.must(l.store.ChangeWorkshop(ctx, fmt.Sprint("W", l.n%3), func(w *people.Workshop) error {
		w.Enlist(person)
		return nil
	}))
	l.must(l.store.ChangeWorkshop(ctx, fmt.Sprint("W", 3+l.n%3), func(w *people.Workshop) error {
		w.Facilitators = append(w.Facilitators, person)
		w.Tidy()
		return nil
	}))
}

func (l *life) erase() {
	err := l.ledger.Record(l.t.Context(), record.Record{ID: "0193a000-0000-7000-8000-999999999999",
		Kind: record.Erased, Person: "P1", At: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)})
	if courses.KindOf(err) != courses.Forbidden { // erased before
		l.must(err)
	}
}

// traces lists the texts of a person that are in the files, and the places in workshops.
func (l *life) traces(person string) []string {
	var found []string
	files, err := filepath.Glob(filepath.Join(l.folder, "*"))
	l.must(err)
	for _, name := range files {
		if strings.HasSuffix(name, "-shm") {
			continue
		}
		content, err := os.ReadFile(name)
		l.must(err)
		if bytes.Contains(content, []byte(`["`+person+`"`)) { // who is P1 comes first in a list
			found = append(found, filepath.Base(name)+": a place in a workshop")
		}
		for n := range l.n + 1 {
			if bytes.Contains(content, []byte(secret(person, n))) {
				found = append(found, filepath.Base(name)+": "+secret(person, n))
			}
		}
	}
	return found
}

// check holds after the erasure, whatever came before and comes after it.
func (l *life) check() {
	if found := l.traces("P1"); len(found) > 0 {
		l.t.Fatalf("the files still hold %v", found)
	}
	state, err := l.ledger.State(l.t.Context(), "P1")
	l.must(err)
	if !state.Erased || len(state.Courses) > 0 || len(state.Attended) > 0 {
		l.t.Fatalf("the fold is %+v, want an empty one", state)
	}
	_, err = l.ledger.Verify(l.t.Context(), func(d ledger.Difference) { l.t.Fatalf("difference %+v", d) })
	l.must(err)
}

func TestNothingStaysOfAnErasedPerson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folder, err := os.MkdirTemp("", "melek-erased-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
		l := begin(t, folder)
		steps := []func(){l.deliver, l.deliver, l.correct, l.ask, l.enlist}
		for range rapid.IntRange(0, 12).Draw(t, "before") {
			rapid.SampledFrom(steps).Draw(t, "step")()
		}
		l.erase()
		l.check()
		for range rapid.IntRange(0, 4).Draw(t, "after") {
			rapid.SampledFrom(slices.Concat(steps, []func(){l.erase})).Draw(t, "step")()
		}
		l.check()
		if err := l.store.Close(); err != nil {
			t.Fatal(err)
		}
		if found := l.traces("P1"); len(found) > 0 {
			t.Fatalf("the closed file still holds %v", found)
		}
	})
}
