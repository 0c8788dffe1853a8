package storetest

import (
	"fmt"
	"testing"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// noon is a time with whole milliseconds, as stores keep it.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 123e6, time.UTC)

// awkward are strings that some store may take for something else than data.
var awkward = []string{
	`'; DROP TABLE records; --`, `"quoted"`, `$where`, `$inc`, `a.b.c`, `.`, `..`, `{"$gt":""}`, `100%`, `_`,
	`%`, `back\slash`, `/path/..`, `Nyi Rara 👩‍🏫`, "é ≠ e\u0301", `日本`, "\u202eright to left", `[0]`, `null`,
	`true`, `0`, `^.*$`, `ünïcödé`, `*`, `@2026-11-23`, `a|b|c`, "tab\tand\nline", `a  b`, `�`,
}

func id(n int) string { return fmt.Sprintf("0193a000-0000-7000-8000-%012d", n) }

// entry is a record of a person as it is kept; the same arguments give the same content.
func entry(t testing.TB, person string, n int, module string) record.Entry {
	t.Helper()
	return made(t, record.Record{ID: id(n), Kind: record.Read, Person: person, Course: "c", Module: module})
}

func made(t testing.TB, r record.Record) record.Entry {
	t.Helper()
	if r.At.IsZero() {
		r.At = noon
	}
	e, err := record.Make(r, noon)
	if err != nil {
		t.Fatalf("%v: %v", &r, err)
	}
	return e
}

// village is the nth village's code.
func village(n int) string { return fmt.Sprintf("33.07.01.2%03d", n) }

func key(cut tally.Cut, area string) tally.Key {
	return tally.Key{Course: "c", Role: people.Participant, Cut: cut, Area: area}
}

func person(id, name, area string) people.Person {
	return people.Person{ID: id, Name: name, Role: people.Participant,
		Postings: []people.Posting{{Area: area, From: "2026-01-01"}}}
}

// sampleProjection is a projection with everything set.
func sampleProjection(person string) store.Projection {
	counts := []tally.Count{
		{Key: key(tally.Everybody, village(1)), Cell: "1/2||"},
		{Key: key(tally.ByPillar("aman").ByDay("2026-11-23"), village(1)), Cell: "1/2|2/2|mc"},
	}
	return store.Projection{
		Person: person, Rev: 7, State: []byte(`{"person":"` + person + `"}`), Due: noon, Counts: counts,
		Parts: map[string]store.Part{"c": {State: []byte(`{"first_at":"2026-11-23T12:00:00Z"}`), Counts: counts}},
	}
}

// sampleFigures are figures with a value of its own in every field; n tells them apart.
func sampleFigures(n int64) tally.Figures {
	f := float64(n)
	return tally.Figures{
		Enrolled: n + 7, Completed: n + 6, PreN: n + 5, PostN: n + 4, Matched: n + 3, Competent: n + 2,
		Dropouts: n + 1, DropoutPre: tally.Moments{Mean: 2.0 / 3, M2: f},
		Pre: tally.Moments{Mean: f + 0.1, M2: 1.0 / 3}, Post: tally.Moments{Mean: f + 0.2, M2: 1e-17},
		Diff: tally.Moments{Mean: -f - 0.3, M2: 123456789.123456789},
	}
}
