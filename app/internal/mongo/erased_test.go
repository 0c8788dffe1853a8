package mongo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"melek/courses"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// oneCourse is a syllabus of one course.
type oneCourse struct{ *courses.Course }

func (c oneCourse) Version(course, version string) (*courses.Course, bool) {
	return c.Course, course == "c" && version == "v1"
}

func (c oneCourse) Current(course string) (*courses.Course, bool) { return c.Course, course == "c" }
func (oneCourse) Withdrawn(string, string) bool                   { return false }
func (c oneCourse) Digest() string                                { return c.Course.Version }

// planted are texts of one person that stand nowhere else, in lower case.
var planted = []string{"rahasia", "081234509876", `"birth_year":1947`}

// traces counts the documents of each collection that hold something of what was planted.
func traces(t *testing.T, db *driver.Database) map[string]int {
	t.Helper()
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, name := range names {
		cursor, err := db.Collection(name).Find(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		for cursor.Next(t.Context()) {
			readable, err := bson.MarshalExtJSON(cursor.Current, false, false)
			if err != nil {
				t.Fatal(err)
			}
			// Binary values stand plainly in the document itself, and in base64 in what is readable of it.
			all := bytes.ToLower(slices.Concat(cursor.Current, readable))
			if slices.ContainsFunc(planted, func(p string) bool { return bytes.Contains(all, []byte(p)) }) {
				found[name]++
			}
		}
		if err := cursor.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// plant has the person leave something in every place that there is.
func plant(t *testing.T, s store.Store, l *ledger.Ledger, person, word, phone string, year int) {
	t.Helper()
	ctx := t.Context()
	at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(l.Register(ctx, []people.Person{{ID: person, Name: word + " Nama", Role: people.Participant,
		Phone: phone, BirthYear: year, Postings: []people.Posting{{Area: "33.07.01.2001", Position: word + " Kasi"}}}}))
	deliver(t, l, person, word)
	must(s.ChangeRequest(ctx, "R-"+person, func(r *store.Request) error {
		r.Person, r.Kind, r.State, r.Text, r.Answer, r.MadeAt = person, store.Correction, store.RequestOpen, word, word, at
		return nil
	}))
	must(s.PutAcknowledgement(ctx, store.Acknowledgement{Person: person, Notice: word, Basis: "consent", At: at}))
	must(s.ChangeCredential(ctx, person, func(c *store.Credential) error {
		c.PIN, c.Code, c.CodeExpires, c.Second, c.NextSecond = word, word, at, word, word
		c.Recovery, c.Subject = []string{word}, word+" "+person
		return nil
	}))
	must(s.PutSession(ctx, store.Session{Hash: "S-" + person, Person: person, Label: word, MadeAt: at, Expires: at}))
	must(s.PutAllowance(ctx, store.Allowance{Person: person, Course: "c", Phase: record.Pre, By: word, At: at}))
	must(s.ChangeWorkshop(ctx, "W1", func(w *people.Workshop) error {
		w.Enlist(person)
		return nil
	}))
}

// deliver sends records of the person.
func deliver(t *testing.T, l *ledger.Ledger, person, word string) {
	t.Helper()
	var batch []json.RawMessage
	for n, r := range []record.Record{
		{Kind: record.Read, Module: "m1"},
		{Kind: record.Answered, Module: "m1", Version: "v1", Answers: record.Answers{"q1": {word}}},
		{Kind: record.Submitted, Phase: record.Pre, Form: "A", Version: "v1", Answers: record.Answers{"q1": {word}}},
		{Kind: record.Submitted, Phase: record.Post, Form: "A", Version: "v9", Answers: record.Answers{"q1": {word}}},
	} {
		r.ID = fmt.Sprintf("0193a000-0000-7000-8000-%012d", n)
		r.Person, r.Course, r.Node, r.At = person, "c", word, time.Date(2026, 11, 23, 0, n, 0, 0, time.UTC)
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		batch = append(batch, raw)
	}
	if _, err := l.Take(t.Context(), batch, func(*record.Record) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

// TestNoDocumentHoldsAnythingOfTheErased looks into every document of the database as it is stored.
func TestNoDocumentHoldsAnythingOfTheErased(t *testing.T) {
	uri := testURI(t)
	db := freshDatabase(t, uri)
	s := open(t, uri, db)
	defer closeStore(t, s)
	course := oneCourse{&courses.Course{ID: "c", Version: "v1", PassMark: 70, MinutesPerItem: 1,
		Items: map[string]*courses.Item{"q1": {ID: "q1", Pillar: "aman", Key: []string{"a"},
			Options: []courses.Option{{ID: "a"}, {ID: "b"}}}},
		Modules: []courses.Module{{ID: "m1", Quiz: []string{"q1"}}},
		Forms:   []courses.Form{{ID: "A", Items: []string{"q1"}}}}}
	l := ledger.New(ledger.Setup{Store: s, Syllabus: course, Zone: time.UTC,
		Now: func() time.Time { return time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) }})
	plant(t, s, l, "P2", "Orang lain", "081200000002", 1985)
	plant(t, s, l, "P1", "Rahasia", "081234509876", 1947)
	before := traces(t, db)
	for _, name := range []string{"people", "records", "projections", "requests", "acknowledgements", "credentials",
		"sessions", "allowances"} {
		if before[name] == 0 {
			t.Errorf("nothing was planted in %s: %v", name, before)
		}
	}
	erase := record.Record{ID: "0193a000-0000-7000-8000-999999999999", Kind: record.Erased, Person: "P1",
		At: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	if err := l.Record(context.Background(), erase); err != nil {
		t.Fatal(err)
	}
	deliver(t, l, "P1", "Rahasia") // from a phone that had no signal
	if left := traces(t, db); len(left) > 0 {
		t.Errorf("still found: %v", left)
	}
	if _, err := s.Person(t.Context(), "P2"); err != nil {
		t.Errorf("the other person: %v", err)
	}
}
