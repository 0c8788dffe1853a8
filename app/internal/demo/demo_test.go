package demo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"melek/app/internal/demo"
	"melek/courses"
	"melek/courses/access"
	"melek/courses/content"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/store/memory"
	"melek/courses/tally"
)

var (
	zone = time.FixedZone("WIB", 7*60*60)
	now  = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
)

// kit is a regency, and a ledger over an empty store to put it in.
type kit struct {
	*demo.Regency
	store   store.Store
	ledger  *ledger.Ledger
	catalog *content.Catalog
}

func newKit(t *testing.T, number int, seed uint64) kit {
	t.Helper()
	s := memory.New()
	catalog, err := content.Open(t.Context(), s, "")
	if err != nil {
		t.Fatal(err)
	}
	regency, err := demo.New(demo.Setup{Region: people.Wonosobo(), Courses: catalog.Courses(), Zone: zone,
		People: number, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.New(ledger.Setup{Store: s, Syllabus: catalog, Zone: zone, Now: func() time.Time { return now }})
	return kit{regency, s, l, catalog}
}

// everything is all records of a regency as text.
func everything(k kit) []string {
	var all []string
	for _, p := range k.Participants() {
		all = append(all, fmt.Sprint(p))
		for _, r := range k.Records(p) {
			all = append(all, fmt.Sprint(r))
		}
	}
	return all
}

func TestASeedGivesOneRegency(t *testing.T) {
	first, again := everything(newKit(t, 400, 1)), everything(newKit(t, 400, 1))
	if !slices.Equal(first, again) {
		t.Error("one seed gave two regencies")
	}
	if slices.Equal(first, everything(newKit(t, 400, 2))) {
		t.Error("two seeds gave one regency")
	}
}

func TestEveryVillageHasSomebody(t *testing.T) {
	k := newKit(t, 3000, 1)
	in := map[string]int{}
	for _, p := range k.Participants() {
		in[p.Postings[0].Area]++
		if err := p.Check(people.Wonosobo(), now); err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
	}
	if len(k.Participants()) != 3000 || len(in) != 265 {
		t.Errorf("%d people in %d villages, want 3000 in 265", len(k.Participants()), len(in))
	}
}

func TestAnyNumberOfPeopleWillDo(t *testing.T) {
	for _, number := range []int{0, 1, 265, 266} {
		if got := len(newKit(t, number, 1).Participants()); got != number {
			t.Errorf("%d participants, want %d", got, number)
		}
	}
}

func TestARegencyIsWhole(t *testing.T) {
	k := newKit(t, 1500, 1)
	if err := k.Fill(t.Context(), k.ledger, k.store); err != nil {
		t.Fatal(err)
	}
	if n, err := k.ledger.Verify(t.Context(), func(d ledger.Difference) { t.Error(d) }); n == 0 || err != nil {
		t.Fatalf("Verify looked at %d people: %v", n, err)
	}
	records := 0
	err := k.store.EachEntry(t.Context(), "", func(record.Entry) error { records++; return nil })
	if err != nil || records < 1500*13 {
		t.Errorf("%d records, %v; want about 13 for each person and course", records, err)
	}
	if due, err := k.store.Due(t.Context(), now, 1); len(due) > 0 || err != nil {
		t.Errorf("tests under way: %v, %v; want none", due, err)
	}
	for _, c := range k.catalog.Courses() {
		whole := sum(t, k, c.ID, func(people.Area) bool { return true })
		if whole.Diff.Mean < 5 || whole.Diff.Mean > 30 || whole.Pre.Mean < 30 || whole.Pre.Mean > 65 {
			t.Errorf("%s: from %.1f up by %.1f, want something to be believed", c.ID, whole.Pre.Mean, whole.Diff.Mean)
		}
		if lost := whole.PreN - whole.Matched; lost < whole.PreN/20 || lost > whole.PreN/2 {
			t.Errorf("%s: %d of %d were lost on the way", c.ID, lost, whole.PreN)
		}
	}
}

func TestWorkshopsAreHeldByTheirFacilitators(t *testing.T) {
	k := newKit(t, 1500, 1)
	if err := k.Fill(t.Context(), k.ledger, k.store); err != nil {
		t.Fatal(err)
	}
	held, err := k.store.Workshops(t.Context(), store.WorkshopsQuery{})
	if err != nil || len(held) == 0 {
		t.Fatalf("%d workshops, %v", len(held), err)
	}
	for _, w := range held {
		runner, err := k.store.Person(t.Context(), w.Facilitators[0])
		if err != nil || runner.Role != people.Facilitator || runner.Postings[0].Area != w.Area {
			t.Errorf("%s is run by %+v, %v", w.ID, runner, err)
		}
		if err := w.Check(people.Wonosobo()); err != nil || len(w.Roster) == 0 {
			t.Errorf("%+v: %v", w, err)
		}
		state, err := k.ledger.State(t.Context(), w.Roster[0])
		if a := state.Courses[w.Courses[0]].Attempts; err != nil || len(a) == 0 || a[0].Workshop != w.ID {
			t.Errorf("%s of %s took %+v, %v", w.Roster[0], w.ID, a, err)
		}
	}
}

func TestSomeDistrictsAreTooSmallToPublish(t *testing.T) {
	k := newKit(t, 3000, 1)
	if err := k.Fill(t.Context(), k.ledger, k.store); err != nil {
		t.Fatal(err)
	}
	region := people.Wonosobo()
	small := 0
	for _, d := range region.OfType(people.District) {
		f := sum(t, k, k.catalog.Courses()[0].ID, func(a people.Area) bool { return a.Parent == d.Code })
		if f.Matched > 0 && f.Matched < 10 {
			small++
		}
	}
	if small == 0 || small > 3 {
		t.Errorf("%d kecamatan have fewer than 10 matched people, want one to three", small)
	}
}

// sum adds the figures of the participants in the areas.
func sum(t *testing.T, k kit, course string, in func(people.Area) bool) tally.Figures {
	t.Helper()
	all, err := k.store.Figures(t.Context(), store.FiguresQuery{Course: course, Role: people.Participant})
	if err != nil {
		t.Fatal(err)
	}
	var f tally.Figures
	for _, keyed := range all {
		if area, _ := people.Wonosobo().Area(keyed.Key.Area); in(area) {
			f = f.Add(keyed.Figures)
		}
	}
	return f
}

func TestEveryRoleHasAnAccountThatOpens(t *testing.T) {
	k := newKit(t, 10, 1)
	if err := k.Fill(t.Context(), k.ledger, k.store); err != nil {
		t.Fatal(err)
	}
	door := access.NewDoor(access.Setup{Store: k.store, Region: people.Wonosobo(), Zone: zone,
		Now: func() time.Time { return now }})
	tokens, err := k.Open(t.Context(), door)
	if err != nil {
		t.Fatal(err)
	}
	var roles []people.Role
	for i, a := range k.Accounts() {
		roles = append(roles, a.Person.Role)
		if entry, err := door.SignIn(t.Context(), access.Try{Name: a.Person.ID, Secret: a.Secret}); err != nil || entry.Session.Kind != store.Browser {
			t.Errorf("%s signs in: %+v, %v", a.Person.ID, entry, err)
		}
		if entry, err := door.Who(t.Context(), tokens[i]); err != nil || entry.Person.ID != a.Person.ID {
			t.Errorf("token of %s is that of %q, %v", a.Person.ID, entry.Person.ID, err)
		}
	}
	if !slices.Equal(roles, people.Roles) {
		t.Errorf("accounts of %v, want %v", roles, people.Roles)
	}
}

func TestARegionWithoutVillagesIsRefused(t *testing.T) {
	if _, err := demo.New(demo.Setup{Region: &people.Region{}, Zone: zone, People: 1}); err == nil {
		t.Error("a regency without villages was made")
	}
}

func TestFillingStopsWhenItShould(t *testing.T) {
	k := newKit(t, 100, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := k.Fill(ctx, k.ledger, k.store); !errors.Is(err, context.Canceled) || errors.Is(err, courses.Unavailable) {
		t.Errorf("Fill = %v, want it broken off", err)
	}
}
