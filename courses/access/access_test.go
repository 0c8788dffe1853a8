package access_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store/memory"
)

const pin = "270591"

type kit struct {
	*access.Door
	store *memory.Store
	now   time.Time
}

func newKit(t *testing.T) *kit {
	t.Helper()
	k := &kit{store: memory.New(), now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	k.Door = access.NewDoor(access.Setup{Store: k.store, Region: people.Wonosobo(), Zone: time.UTC,
		Now: func() time.Time { return k.now }, Cost: access.Cost{Memory: 8, Passes: 1, Lanes: 1}})
	return k
}

// person puts one in the register who has the PIN.
func (k *kit) person(t *testing.T, p people.Person) access.Entry {
	t.Helper()
	if err := k.store.Change(t.Context(), putPeople(p)); err != nil {
		t.Fatal(err)
	}
	secret := pin
	if access.IsOffice(p.Role) {
		secret = "kopi tanpa gula"
	}
	e, err := k.ChoosePIN(t.Context(), p, secret, "")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var siti = people.Person{ID: "P1", Name: "Siti", Role: people.Participant, Phone: "081234567890"}

func TestSignInByNumberOrPhone(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	for _, name := range []string{"P1", " P1 ", "081234567890", "+62 812-3456-7890"} {
		e, err := k.SignIn(t.Context(), access.Try{Name: name, Secret: pin})
		if err != nil {
			t.Errorf("SignIn(%q): %v", name, err)
			continue
		}
		who, err := k.Who(t.Context(), e.Token)
		if err != nil || who.Person.ID != "P1" {
			t.Errorf("Who = %v, %v; want P1", who.Person.ID, err)
		}
	}
}

func TestSignInRefusesAlike(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	k.person(t, people.Person{ID: "P2", Name: "Left", Role: people.Participant, Retired: true})
	k.person(t, people.Person{ID: "P3", Name: "Twin", Role: people.Participant, Phone: "081200000000"})
	k.person(t, people.Person{ID: "P4", Name: "Twin", Role: people.Participant, Phone: "081200000000"})
	tests := []struct{ name, who, secret string }{
		{"a wrong PIN", "P1", "999999"},
		{"an unknown number", "P9", pin},
		{"somebody who has left", "P2", pin},
		{"a phone that two people share", "081200000000", pin},
		{"nothing", "", ""},
	}
	first := ""
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := k.SignIn(t.Context(), access.Try{Name: tt.who, Secret: tt.secret})
			if !errors.Is(err, courses.Unsigned) {
				t.Fatalf("error = %v, want not signed in", err)
			}
			if first == "" {
				first = err.Error()
			}
			if err.Error() != first {
				t.Errorf("error = %v, want the same for all: %v", err, first)
			}
		})
	}
}

func TestACodeOpensOnceAndOnlyToChooseAPIN(t *testing.T) {
	k := newKit(t)
	if err := k.store.Change(t.Context(), putPeople(siti)); err != nil {
		t.Fatal(err)
	}
	code, err := k.MakeCode(t.Context(), "P1")
	if err != nil {
		t.Fatal(err)
	}
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	e, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: typed})
	if err != nil || e.Session.Kind != access.First {
		t.Fatalf("SignIn with the code as typed %q = %v, %v", typed, e.Session.Kind, err)
	}
	if _, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: code}); err != nil {
		t.Errorf("the code does not open again before a PIN was chosen: %v", err)
	}
	if _, err := k.ChoosePIN(t.Context(), siti, pin, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: code}); !errors.Is(err, courses.Unsigned) {
		t.Errorf("the code opens after a PIN was chosen: %v", err)
	}
	if _, err := k.Who(t.Context(), e.Token); !errors.Is(err, courses.Unsigned) {
		t.Error("the session of the code outlives the choice of a PIN")
	}
}

func TestACodeExpires(t *testing.T) {
	k := newKit(t)
	if err := k.store.Change(t.Context(), putPeople(siti)); err != nil {
		t.Fatal(err)
	}
	code, err := k.MakeCode(t.Context(), "P1")
	if err != nil {
		t.Fatal(err)
	}
	k.now = k.now.Add(access.CodeLife)
	if _, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: code}); !errors.Is(err, courses.Unsigned) {
		t.Errorf("an expired code opens: %v", err)
	}
}

func TestGuessingLocks(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	for range 5 {
		if _, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: "000000"}); !errors.Is(err, courses.Unsigned) {
			t.Fatalf("a wrong PIN: %v", err)
		}
	}
	_, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: pin})
	var p *courses.Problem
	if !errors.As(err, &p) || p.Kind != courses.Limited || p.Args[0] != k.now.Add(time.Minute) {
		t.Fatalf("error = %v, want locked until a minute from now", err)
	}
	k.now = k.now.Add(time.Minute)
	if _, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: pin}); err != nil {
		t.Errorf("still locked after the minute: %v", err)
	}
	if _, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: "000000"}); !errors.Is(err, courses.Unsigned) {
		t.Errorf("tries are not forgotten after signing in: %v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	in := func() access.Entry {
		e, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: pin})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	a, b := in(), in()
	if err := k.SignOut(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Who(t.Context(), a.Token); !errors.Is(err, courses.Unsigned) {
		t.Error("a session outlives signing out")
	}
	if _, err := k.Who(t.Context(), b.Token); err != nil {
		t.Errorf("signing out ended another session: %v", err)
	}
	if _, err := k.ChoosePIN(t.Context(), siti, "314159", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Who(t.Context(), b.Token); !errors.Is(err, courses.Unsigned) {
		t.Error("a session outlives a change of PIN")
	}
	c, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: "314159"})
	if err != nil {
		t.Fatal(err)
	}
	k.now = c.Session.Expires
	if _, err := k.Who(t.Context(), c.Token); !errors.Is(err, courses.Unsigned) {
		t.Error("a session outlives its time")
	}
}

func TestCheckPIN(t *testing.T) {
	tests := []struct {
		name, pin string
		role      people.Role
		ok        bool
	}{
		{"six digits", pin, people.Participant, true},
		{"five digits", "27059", people.Participant, false},
		{"letters", "27o591", people.Participant, false},
		{"a password instead", "kopi tanpa gula", people.Facilitator, true},
		{"digits alone, many enough for an office", "270591830264", people.Admin, true},
		{"a PIN for an office", "270591", people.Admin, false},
		{"a piece repeated", "121212", people.Participant, false},
		{"the year of independence", "171945", people.Participant, false},
		{"all the same", "222222", people.Participant, false},
		{"counting up", "345678", people.Participant, false},
		{"counting down", "987654", people.Facilitator, false},
		{"a long password", "kopi tanpa gula", people.Admin, true},
		{"a short password", "kopi", people.DistrictOfficer, false},
		{"far too long", strings.Repeat("x", 1000), people.Admin, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := access.CheckPIN(tt.role, tt.pin)
			if (err == nil) != tt.ok {
				t.Errorf("CheckPIN = %v, want accepted %v", err, tt.ok)
			}
		})
	}
}

func TestAHallSignsInAtOnce(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	var wg sync.WaitGroup
	for range 12 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := k.SignIn(t.Context(), access.Try{Name: "P1", Secret: pin}); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
}

func TestSignInStopsWithItsRequest(t *testing.T) {
	k := newKit(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.SignIn(ctx, access.Try{Name: "P1", Secret: pin}); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want the context's", err)
	}
}

func TestSecretsAreSealedAtOWASPsCost(t *testing.T) {
	k := newKit(t)
	setup := k.Setup
	setup.Cost = access.Cost{}
	k.Door = access.NewDoor(setup)
	k.person(t, siti)
	c, err := k.store.Credential(t.Context(), "P1")
	if err != nil || !strings.HasPrefix(c.PIN, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the PIN is sealed as %q, %v", c.PIN, err)
	}
}
