package access_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
)

// hold keeps a workshop of today with the people on its roster and the code BCDFGH.
func (k *kit) hold(t *testing.T, roster ...string) people.Workshop {
	t.Helper()
	for _, id := range roster {
		p := people.Person{ID: id, Name: "Warga " + id, Role: people.Participant}
		if err := k.store.Change(t.Context(), putPeople(p)); err != nil {
			t.Fatal(err)
		}
	}
	day := k.now.In(k.Zone).Format(time.DateOnly)
	w := people.Workshop{ID: "w1", Title: "Bimtek", Courses: []string{"c1"}, Area: "33.07.02", From: day, To: day,
		Facilitators: []string{"F1"}, Roster: roster, Code: "BCDFGH"}
	k.keep(t, w)
	return w
}

func (k *kit) keep(t *testing.T, w people.Workshop) {
	t.Helper()
	err := k.store.ChangeWorkshop(t.Context(), w.ID, func(kept *people.Workshop) error { *kept = w; return nil })
	if err != nil {
		t.Fatal(err)
	}
}

func (k *kit) enter(t *testing.T, code, name string) (access.Entry, error) {
	t.Helper()
	return k.Enter(t.Context(), code, name, access.Try{Address: "192.0.2.1", Label: "HP"})
}

func TestACodeLetsTheRosterIn(t *testing.T) {
	k := newKit(t)
	k.hold(t, "P1", "P2")
	e, err := k.enter(t, "bcd-fgh", "P1")
	if err != nil {
		t.Fatal(err)
	}
	e, err = k.Who(t.Context(), e.Token)
	if err != nil || e.Person.ID != "P1" || e.Session.Kind != access.Hall {
		t.Fatalf("the session is %+v, %v", e.Session, err)
	}
	may := map[people.Act]bool{people.Look: true, people.Enter: true, people.Learn: true, people.Send: true}
	for _, act := range []people.Act{people.Look, people.Enter, people.Learn, people.Send, people.Own,
		people.Tokens, people.Facilitate, people.Hold, people.Rescue, people.Report, people.Write, people.Roster,
		people.Govern} {
		if e.May(act) != may[act] {
			t.Errorf("May(%s) = %v", act, e.May(act))
		}
	}
	if !e.Studies("c1") || e.Studies("c2") {
		t.Error("the session is not for what the workshop teaches alone")
	}
	for _, name := range []string{"P3", ""} {
		if _, err := k.enter(t, "BCDFGH", name); err == nil {
			t.Errorf("%q, who is on no roster, is let in", name)
		}
	}
}

func TestASessionOfAWorkshopEnds(t *testing.T) {
	tests := []struct {
		name string
		do   func(k *kit, w people.Workshop)
	}{
		{"at midnight", func(k *kit, _ people.Workshop) {
			year, month, day := k.now.In(k.Zone).Date()
			k.now = time.Date(year, month, day+1, 0, 0, 0, 0, k.Zone)
		}},
		{"when the workshop is called off", func(k *kit, w people.Workshop) { w.Cancelled = true; k.keep(t, w) }},
		{"when the person is struck off", func(k *kit, w people.Workshop) { w.Strike("P1"); k.keep(t, w) }},
		{"when the name is released", func(k *kit, w people.Workshop) {
			if err := k.Release(t.Context(), w.ID, "P1"); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t)
			w := k.hold(t, "P1", "P2")
			e, err := k.enter(t, w.Code, "P1")
			if err != nil {
				t.Fatal(err)
			}
			tt.do(k, w)
			if _, err := k.Who(t.Context(), e.Token); !errors.Is(err, courses.Unsigned) {
				t.Errorf("the session still opens: %v", err)
			}
		})
	}
}

func TestACodeOpensOnItsDaysOnly(t *testing.T) {
	k := newKit(t)
	w := k.hold(t, "P1")
	today := w
	for name, change := range map[string]func(*people.Workshop){
		"tomorrow":  func(w *people.Workshop) { w.From, w.To = "2099-01-01", "2099-01-02" },
		"yesterday": func(w *people.Workshop) { w.From, w.To = "2020-01-01", "2020-01-02" },
		"off":       func(w *people.Workshop) { w.Cancelled = true },
		"closed":    func(w *people.Workshop) { w.Code = "" },
	} {
		w = today
		change(&w)
		k.keep(t, w)
		for _, code := range []string{"BCDFGH", ""} {
			if _, err := k.OpenedBy(t.Context(), code, ""); !errors.Is(err, courses.Unsigned) {
				t.Errorf("%s: %q answers %v", name, code, err)
			}
		}
	}
}

func TestANameIsLetInOnce(t *testing.T) {
	k := newKit(t)
	w := k.hold(t, "P1", "P2")
	var mu sync.Mutex
	var in, kept int
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			_, err := k.enter(t, w.Code, "P1")
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				in++
			} else if errors.Is(err, courses.Conflict) {
				kept++
			}
		})
	}
	if wait.Wait(); in != 1 || kept != 7 {
		t.Fatalf("%d were let in and %d told that the name is taken", in, kept)
	}
	k.now = k.now.Add(time.Hour)
	if _, err := k.enter(t, w.Code, "P1"); !errors.Is(err, courses.Conflict) {
		t.Errorf("an hour later: %v", err)
	}
	inside, err := k.Inside(t.Context(), w)
	if err != nil || len(inside) != 1 || inside["P1"].Label != "HP" {
		t.Errorf("inside are %v, %v", inside, err)
	}
	if err := k.Release(t.Context(), w.ID, "P1"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.enter(t, w.Code, "P1"); err != nil {
		t.Errorf("a name that was released: %v", err)
	}
}

func TestWhoSignsOutMayComeBackIn(t *testing.T) {
	k := newKit(t)
	w := k.hold(t, "P1")
	e, err := k.enter(t, w.Code, "P1")
	if err != nil {
		t.Fatal(err)
	}
	if err := k.SignOut(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if _, err := k.enter(t, w.Code, "P1"); err != nil {
		t.Errorf("the name that was in on this device is not free at once: %v", err)
	}
}

func TestANameProvesNoOffice(t *testing.T) {
	for _, role := range []people.Role{people.Facilitator, people.Admin} {
		k := newKit(t)
		w := k.hold(t, "P1", "P2")
		e, err := k.enter(t, w.Code, "P1")
		if err != nil {
			t.Fatal(err)
		}
		promoted := people.Person{ID: "P1", Name: "Warga P1", Role: role}
		if err := k.store.Change(t.Context(), putPeople(promoted)); err != nil {
			t.Fatal(err)
		}
		other := w
		other.ID, other.Facilitators, other.Roster = "w2", []string{"P1"}, []string{"P2"}
		k.keep(t, other)
		if e, err = k.Who(t.Context(), e.Token); err != nil {
			t.Fatal(err)
		}
		if e.Duty.Role != people.Participant || e.Duty.Area != "" || len(e.Duty.Charges) > 0 {
			t.Errorf("who is a %s by now is charged with %+v by a name alone", role, e.Duty)
		}
	}
}

func TestGuessingCodesIsBounded(t *testing.T) {
	k := newKit(t)
	w := k.hold(t, "P1")
	guess := func(address string) error {
		_, err := k.OpenedBy(t.Context(), "ZZZZZZ", address)
		return err
	}
	n := 0
	for ; n < 1000 && errors.Is(guess("192.0.2.1"), courses.Unsigned); n++ {
	}
	if n != 60 {
		t.Errorf("%d wrong codes from one network, want 60", n)
	}
	if limited(guess("192.0.2.1")).IsZero() {
		t.Error("nothing says when codes are taken again")
	}
	if _, err := k.OpenedBy(t.Context(), w.Code, "192.0.2.2"); err != nil {
		t.Errorf("another network: %v", err)
	}
	// Wrong codes lock nobody out who signs in with a PIN.
	k.person(t, siti)
	if err := k.try(t, "P1", pin, "192.0.2.1", ""); err != nil {
		t.Errorf("signing in from that network: %v", err)
	}
}

func TestAFewNetworksCloseNoHall(t *testing.T) {
	k := newKit(t)
	w := k.hold(t, "P1")
	guesses := 0
	for network := range 200 {
		for range 60 {
			if _, err := k.OpenedBy(t.Context(), "ZZZZZZ", fmt.Sprintf("198.51.100.%d", network)); !errors.Is(err, courses.Unsigned) {
				break
			}
			guesses++
		}
		if _, err := k.OpenedBy(t.Context(), w.Code, "192.0.2.1"); err != nil && network < 49 {
			t.Fatalf("%d networks close the door: %v", network+1, err)
		}
	}
	if guesses != 3000 {
		t.Errorf("%d wrong codes of all networks, want 3000", guesses)
	}
}

func TestAHallThatMistypesStaysOpen(t *testing.T) {
	k := newKit(t)
	roster := k.people(t, 100)
	w := k.hold(t, roster...)
	for i, id := range roster {
		for range 2 { // everybody mistypes twice
			if _, err := k.OpenedBy(t.Context(), "ZZZZZZ", "192.0.2.1"); !errors.Is(err, courses.Unsigned) {
				t.Fatalf("number %d: %v", i, err)
			}
		}
		if _, err := k.enter(t, w.Code, id); err != nil {
			t.Fatalf("number %d: %v", i, err)
		}
	}
}

func TestNamesAreThoseOfParticipantsWhoAreThere(t *testing.T) {
	k := newKit(t)
	w := k.hold(t, "P2", "P1", "P3", "F1")
	err := k.store.Change(t.Context(), putPeople(people.Person{ID: "P3", Name: "x", Role: people.Participant,
		Retired: true}, people.Person{ID: "F1", Name: "x", Role: people.Facilitator}))
	if err != nil {
		t.Fatal(err)
	}
	names, err := k.Names(t.Context(), w)
	ids := make([]string, len(names))
	for i, p := range names {
		ids[i] = p.ID
	}
	if err != nil || !slices.Equal(ids, []string{"P1", "P2"}) {
		t.Errorf("names %v, %v", ids, err)
	}
	for _, id := range []string{"P3", "F1"} {
		if _, err := k.enter(t, w.Code, id); !errors.Is(err, courses.Unsigned) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestAFacilitatorReachesTheOwnRosters(t *testing.T) {
	k := newKit(t)
	e := k.person(t, people.Person{ID: "F1", Name: "Relawan", Role: people.Facilitator,
		Postings: []people.Posting{{Area: "33.07.02"}}})
	w := k.hold(t, "P1", "P2")
	e, err := k.Who(t.Context(), e.Token)
	if err != nil || !slices.Equal(e.Duty.Charges, []string{"P1", "P2"}) {
		t.Errorf("charged with %v, %v", e.Duty.Charges, err)
	}
	w.Facilitators = []string{"F2"}
	k.keep(t, w)
	if e, err = k.Who(t.Context(), e.Token); err != nil || len(e.Duty.Charges) != 0 {
		t.Errorf("another's workshop charges with %v, %v", e.Duty.Charges, err)
	}
}

func TestCodesAreSixLettersThatNobodyHas(t *testing.T) {
	k := newKit(t)
	seen := map[string]bool{}
	for range 200 {
		code, err := k.NewHallCode(t.Context())
		if err != nil || len(code) != people.CodeLength || people.NormalCode(code) != code || seen[code] {
			t.Fatalf("code %q, %v", code, err)
		}
		seen[code] = true
		k.keep(t, people.Workshop{ID: code, Code: code})
	}
}
