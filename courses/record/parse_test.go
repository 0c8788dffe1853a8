package record_test

import (
	"errors"
	"strings"
	"testing"

	"melek/courses"
	"melek/courses/record"
)

const whole = `{"id":"0193a000-0000-7000-8000-000000000001","kind":"submitted","person":"P1","course":"c",` +
	`"phase":"pre","form":"A","answers":{"A1":["a"]},"version":"v1","at":"2026-11-23T08:00:00+07:00"}`

func TestParseRefuses(t *testing.T) {
	change := func(old, new string) string { return strings.Replace(whole, old, new, 1) }
	tests := []struct{ name, raw, field string }{
		{"no JSON", `{`, ""},
		{"an array", `[]`, ""},
		{"an id that is no UUID", change(`0193a000-`, `x`), "id"},
		{"an unknown kind", change(`submitted`, `guessed`), "kind"},
		{"no person", change(`"P1"`, `""`), "person"},
		{"a person with a line break", change(`"P1"`, `"P\n1"`), "person"},
		{"no course", change(`"course":"c",`, ``), "course"},
		{"no phase", change(`"phase":"pre",`, ``), "phase"},
		{"an unknown phase", change(`"pre"`, `"mid"`), "phase"},
		{"no answers", change(`"answers":{"A1":["a"]},`, ``), "answers"},
		{"answers without a version", change(`"version":"v1",`, ``), "version"},
		{"no time", change(`,"at":"2026-11-23T08:00:00+07:00"`, ``), "at"},
		{"a time without offset", change(`+07:00`, ``), ""},
		{"a time that no calendar of ours holds", change(`2026-`, `9026-`), "at"},
		{"a sequence below 1", change(`"form"`, `"seq":0,"form"`), "seq"},
		{"a third language", change(`"form"`, `"lang":"jv","form"`), "lang"},
		{"a score where none belongs", change(`"form"`, `"score":{"raw":1,"max":2},"form"`), "score"},
		{"more marks than the maximum", `{"id":"0193a000-0000-7000-8000-000000000001","kind":"scored","person":"P1",` +
			`"course":"c","phase":"pre","score":{"raw":3,"max":2},"at":"2026-11-23T08:00:00Z"}`, "score"},
		{"a quiz and a test at once", change(`"submitted","person":"P1"`, `"answered","person":"P1","module":"m"`), "module"},
		{"too large", change(`"A1"`, `"`+strings.Repeat("x", record.MaxSize)+`"`), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := record.Parse([]byte(tt.raw), day)
			var p *courses.Problem
			if !errors.As(err, &p) || p.Kind != courses.Invalid {
				t.Fatalf("error = %v, want a Problem of kind Invalid", err)
			}
			if tt.field != "" && (len(p.Args) != 1 || p.Args[0] != tt.field) {
				t.Errorf("error = %v, want it to name %q", err, tt.field)
			}
		})
	}
}

func TestParseKeepsWhatItDoesNotKnow(t *testing.T) {
	raw := strings.Replace(whole, `"form"`, `"mood": 1.0, "form"`, 1)
	e, err := record.Parse([]byte(raw), day)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(e.Content), `"mood":1`) {
		t.Errorf("content = %s, want the unknown field in it", e.Content)
	}
	again, err := record.Revive(e.Content, e.Digest, e.ReceivedAt)
	if err != nil || again.ID != e.ID || !again.At.Equal(e.At) {
		t.Errorf("Revive = %+v, %v; want %+v", again.Record, err, e.Record)
	}
}

func TestSpellingDoesNotMakeAnotherRecord(t *testing.T) {
	spaced := strings.ReplaceAll(whole, `":`, "\"\n: ")
	a, errA := record.Parse([]byte(whole), day)
	b, errB := record.Parse([]byte(spaced), day)
	if errA != nil || errB != nil || a.Digest != b.Digest {
		t.Errorf("digests %x and %x (%v, %v), want the same", a.Digest, b.Digest, errA, errB)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"id":1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := record.Parse(raw, day)
		if err != nil {
			return
		}
		again, err := record.Parse(e.Content, day)
		if err != nil || again.Digest != e.Digest {
			t.Fatalf("canonical content parses to another record: %v\n%s", err, e.Content)
		}
	})
}
