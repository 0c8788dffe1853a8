package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"melek/app/internal/demo"
	"melek/app/internal/mongo"
	"melek/app/internal/sqlite"
	"melek/courses/content"
	"melek/courses/exchange"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
	"melek/courses/store"
	"melek/courses/store/memory"
)

// rows20k is how many records are delivered in every way.
const rows20k = 20_000

// delivery is one way in which the same set of records can come.
type delivery struct {
	name  string
	parts func(lines [][]byte) [][][]byte
}

var deliveries = []delivery{
	{"in order", func(lines [][]byte) [][][]byte { return [][][]byte{lines} }},
	{"shuffled", func(lines [][]byte) [][][]byte { return [][][]byte{shuffled(lines, 1)} }},
	{"doubled", func(lines [][]byte) [][][]byte { return [][][]byte{lines, shuffled(lines, 2)} }},
	{"in seven parts", func(lines [][]byte) [][][]byte {
		all := shuffled(lines, 3)
		return slices.Collect(slices.Chunk(all, len(all)/7+1))
	}},
}

func shuffled(lines [][]byte, seed uint64) [][]byte {
	all := slices.Clone(lines)
	rng := rand.New(rand.NewPCG(seed, seed))
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// TestTheSameRecordsGiveTheSameReports delivers one set of records in every way to every store, and compares the
// reports byte by byte.
func TestTheSameRecordsGiveTheSameReports(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 20,000 records in, several times")
	}
	everybody, lines := simulated(t)
	want := ""
	for _, db := range databases() {
		for _, way := range deliveries {
			t.Run(db.name+" "+way.name, func(t *testing.T) {
				if want != "" { // the first delivery says what the others are held to
					t.Parallel()
				}
				got := reportsAfter(t, db.open(t), everybody, way.parts(lines))
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("reports differ from those of the first delivery: %d bytes, want %d\n%s", len(got), len(want),
						firstDifference(got, want))
				}
			})
		}
	}
}

type database struct {
	name string
	open func(t *testing.T) store.Store
}

func databases() []database {
	return []database{
		{"SQLite", func(t *testing.T) store.Store {
			s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "melek.db"))
			if err != nil {
				t.Fatal(err)
			}
			return s
		}},
		{"MongoDB", openTestMongo},
	}
}

// openTestMongo opens a database of its own on the server that MONGODB_TEST_URI names.
func openTestMongo(t *testing.T) store.Store {
	uri := os.Getenv("MONGODB_TEST_URI")
	if uri == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("MONGODB_TEST_URI is not set")
		}
		t.Skip("MONGODB_TEST_URI names no server")
	}
	s, err := mongo.Open(t.Context(), uri, fmt.Sprintf("melek-test-%d", time.Now().UnixNano()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// simulated invents a regency and returns its people and the lines of at least 20,000 records.
func simulated(t *testing.T) ([]people.Person, [][]byte) {
	t.Helper()
	s := memory.New()
	catalog, err := content.Open(t.Context(), s, "")
	if err != nil {
		t.Fatal(err)
	}
	regency, err := demo.New(demo.Setup{Region: people.Wonosobo(), Courses: catalog.Courses(), Zone: time.UTC,
		People: 1400, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	if err := regency.Fill(t.Context(), newLedger(s, catalog), s); err != nil {
		t.Fatal(err)
	}
	everybody, err := s.People(t.Context(), store.PeopleQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]byte
	err = s.EachEntry(t.Context(), "", func(e record.Entry) error {
		lines = append(lines, append(slices.Clone(e.Content), '\n'))
		return nil
	})
	if err != nil || len(lines) < rows20k {
		t.Fatalf("%d records, want %d: %v", len(lines), rows20k, err)
	}
	return everybody, lines[:rows20k]
}

var frozen = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func newLedger(s store.Store, catalog *content.Catalog) *ledger.Ledger {
	return ledger.New(ledger.Setup{Store: s, Syllabus: catalog, Zone: time.UTC,
		Now: func() time.Time { return frozen }})
}

// reportsAfter takes the parts in and returns every report as JSON.
func reportsAfter(t *testing.T, s store.Store, everybody []people.Person, parts [][][]byte) string {
	t.Helper()
	ctx := t.Context()
	t.Cleanup(func() { _ = s.Close() })
	catalog, err := content.Open(ctx, s, "")
	if err != nil {
		t.Fatal(err)
	}
	l := newLedger(s, catalog)
	half := len(everybody) / 2 // the other half comes when the records are there
	register := func(some []people.Person) {
		for batch := range slices.Chunk(some, 200) {
			if err := l.Register(ctx, batch); err != nil {
				t.Fatal(err)
			}
		}
	}
	register(everybody[:half])
	for _, lines := range parts {
		im := exchange.RecordImport{Filer: l, Now: func() time.Time { return frozen },
			Told: func(exchange.RecordLine) {}, Progress: func(int64) {}}
		if _, err := im.Run(ctx, bytes.NewReader(bytes.Join(lines, nil))); err != nil {
			t.Fatal(err)
		}
	}
	register(everybody[half:])
	return allReports(t, s, catalog)
}

func allReports(t *testing.T, s store.Store, catalog *content.Catalog) string {
	t.Helper()
	desk := reports.New(reports.Setup{Store: s, Region: people.Wonosobo(), Syllabus: catalog, Zone: time.UTC,
		MinCell: 10, Now: func() time.Time { return frozen }})
	var all bytes.Buffer
	encode := json.NewEncoder(&all)
	for _, course := range catalog.Courses() {
		for _, by := range []reports.By{"district", "village", "workshop", "pillar"} {
			for _, from := range []string{"", "2026-09-15"} {
				report, err := desk.Gains(t.Context(), reports.Query{Course: course.ID, By: by, From: from})
				if err != nil {
					t.Fatal(err)
				}
				if err := encode.Encode(report); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return all.String()
}

func firstDifference(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "…" + a[max(0, i-200):min(len(a), i+100)] + "\nwant\n…" + b[max(0, i-200):min(len(b), i+100)]
		}
	}
	return "one ends early"
}
