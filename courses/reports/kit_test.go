package reports_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
	"melek/courses/store"
	"melek/courses/store/memory"
)

var (
	zone = time.FixedZone("WIB", 7*60*60)
	day  = time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC) // a Monday, 08:00 in zone
)

// region has three kecamatan of two desa each; the first has a kelurahan beside them.
func region() *people.Region {
	g, err := people.ReadRegion(strings.NewReader(`code,name,type,parent
33,Kabupaten,kabupaten,
33.1,Satu,kecamatan,33
33.1.1,Kelurahan Satu,kelurahan,33.1
33.1.2,Desa Dua,desa,33.1
33.1.3,Desa Tiga,desa,33.1
33.2,Dua,kecamatan,33
33.2.1,Desa Empat,desa,33.2
33.2.2,Desa Lima,desa,33.2
33.3,Tiga,kecamatan,33
33.3.1,Desa Enam,desa,33.3
33.3.2,Desa Tujuh,desa,33.3
`))
	if err != nil {
		panic(err)
	}
	return g
}

// syllabus is a course «c» with forms of four items in two pillars, and a course «one» of one pillar.
type syllabus struct {
	courses   map[string]*courses.Course
	withdrawn map[string]bool
}

func newSyllabus() *syllabus {
	s := &syllabus{map[string]*courses.Course{}, map[string]bool{}}
	for id, pillars := range map[string][]string{"c": {"aman", "cakap"}, "one": {"etika", "etika"}} {
		c := &courses.Course{ID: id, Version: "v1", PassMark: 70, Items: map[string]*courses.Item{},
			Title: courses.Text{ID: "Kursus " + id, EN: "Course " + id}}
		for i, item := range []string{"a1", "a2", "b1", "b2", "j1", "j2"} {
			c.Items[item] = &courses.Item{ID: item, Pillar: pillars[i%2], Key: []string{"y"},
				Options: []courses.Option{{ID: "y"}, {ID: "n"}, {ID: "z"}}}
		}
		c.Forms = []courses.Form{{ID: "A", Items: []string{"a1", "a2", "j1", "j2"}},
			{ID: "B", Items: []string{"b1", "b2", "j1", "j2"}}}
		s.courses[id] = c
	}
	return s
}

func (s *syllabus) Version(course, version string) (*courses.Course, bool) {
	c, ok := s.courses[course]
	return c, ok && version == "v1"
}

func (s *syllabus) Current(course string) (*courses.Course, bool) {
	c, ok := s.courses[course]
	return c, ok
}

func (s *syllabus) Withdrawn(_, item string) bool { return s.withdrawn[item] }

func (s *syllabus) Digest() string { return fmt.Sprint(s.withdrawn) }

// tb is what tests and generated cases have in common.
type tb interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// kit is a desk over records that went through a ledger.
type kit struct {
	*reports.Desk
	store    store.Store
	ledger   *ledger.Ledger
	syllabus *syllabus
	persons  []people.Person
	entries  []record.Entry
}

func newKit() *kit {
	k := &kit{store: memory.New(), syllabus: newSyllabus()}
	now := func() time.Time { return day.Add(1234567 * time.Microsecond) }
	k.ledger = ledger.New(ledger.Setup{Store: k.store, Syllabus: k.syllabus, Zone: zone, Now: now})
	k.Desk = reports.New(reports.Setup{Store: k.store, Region: region(), Syllabus: k.syllabus, Zone: zone,
		MinCell: 5, Now: now})
	return k
}

// newcomer registers one more person of the area.
func (k *kit) newcomer(area string) string {
	p := people.Person{ID: fmt.Sprintf("P%04d", len(k.persons)), Name: "Peserta", Role: people.Participant}
	p.Post(people.Posting{Area: area})
	k.persons = append(k.persons, p)
	return p.ID
}

// say adds a record of the course «c», a minute after the one before where it has no time.
func (k *kit) say(r record.Record) {
	n := len(k.entries)
	r.ID = fmt.Sprintf("0193a000-0000-7000-8000-%012d", n)
	if r.Course == "" {
		r.Course = "c"
	}
	if r.At.IsZero() {
		r.At = day.Add(time.Duration(n) * time.Minute)
	}
	if r.Answers != nil {
		r.Version = "v1"
	}
	entry, err := record.Make(r, day)
	if err != nil {
		panic(err)
	}
	k.entries = append(k.entries, entry)
}

// paper has a test marked on paper, out of 100.
func (k *kit) paper(person string, phase record.Phase, raw float64) {
	k.say(record.Record{Kind: record.Scored, Person: person, Phase: phase, Score: &record.Score{Raw: raw, Max: 100}})
}

// pairs are n people of the area who went from 40 and 50 to 60 and 80, in turn.
func (k *kit) pairs(area string, n int) {
	for i := range n {
		p := k.newcomer(area)
		k.paper(p, record.Pre, float64(40+10*(i%2)))
		k.paper(p, record.Post, float64(60+20*(i%2)))
	}
}

// dropouts are n people of the area who left after a pre-test.
func (k *kit) dropouts(area string, n int) {
	for i := range n {
		k.paper(k.newcomer(area), record.Pre, float64(30+i))
	}
}

// file has the ledger take everything said so far.
func (k *kit) file(t tb) *kit {
	t.Helper()
	if err := k.ledger.Register(context.Background(), k.persons); err != nil {
		t.Fatal(err)
	}
	if _, err := k.ledger.File(context.Background(), k.entries); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *kit) gains(t tb, q reports.Query) reports.Report {
	t.Helper()
	if q.Course == "" {
		q.Course = "c"
	}
	r, err := k.Gains(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (k *kit) completion(t *testing.T, q reports.Query) reports.Completion {
	t.Helper()
	q.Course = "c"
	r, err := k.Completion(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// brief tells rows as «code=matched», a suppressed one as «code=?».
func brief(r reports.Report) string {
	var b strings.Builder
	for _, row := range append(r.Rows, r.Total) {
		if row.Suppressed {
			fmt.Fprintf(&b, "%s=? ", row.Code)
		} else {
			fmt.Fprintf(&b, "%s=%d ", row.Code, *row.Matched)
		}
	}
	return strings.TrimSpace(b.String())
}
