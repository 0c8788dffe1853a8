package access_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
)

// limited is the time at which what is locked opens again, the zero time where the error is another.
func limited(err error) time.Time {
	var p *courses.Problem
	if errors.As(err, &p) && p.Kind == courses.Limited {
		return p.Args[0].(time.Time)
	}
	return time.Time{}
}

// try signs in and returns the error.
func (k *kit) try(t *testing.T, name, secret, address, browser string) error {
	t.Helper()
	_, err := k.SignIn(t.Context(), access.Try{Name: name, Secret: secret, Address: address, Browser: browser})
	return err
}

// people registers so many participants, all with the PIN.
func (k *kit) people(t *testing.T, n int) []string {
	t.Helper()
	first := k.person(t, people.Person{ID: "V0", Name: "Warga", Role: people.Participant})
	c, err := k.store.Credential(t.Context(), first.Person.ID)
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{"V0"}
	for i := 1; i < n; i++ {
		p := people.Person{ID: fmt.Sprintf("V%d", i), Name: "Warga", Role: people.Participant}
		if err := k.store.Change(t.Context(), putPeople(p)); err != nil {
			t.Fatal(err)
		}
		k.seal(t, p.ID, c.PIN)
		ids = append(ids, p.ID)
	}
	return ids
}

func TestALockDoublesUpToAnHour(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	for range 4 {
		_ = k.try(t, "P1", "000000", "", "")
	}
	for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		if err := k.try(t, "P1", "000000", "", ""); !errors.Is(err, courses.Unsigned) {
			t.Fatalf("a wrong PIN: %v", err)
		}
		if got := limited(k.try(t, "P1", pin, "", "")).Sub(k.now); got != want*time.Minute {
			t.Fatalf("locked for %s, want %d minutes", got, want)
		}
		k.now = k.now.Add(want * time.Minute)
	}
}

func TestUnknownNamesLockLikeKnownOnes(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	for _, name := range []string{"P1", "P99"} {
		for range 5 {
			if err := k.try(t, name, "000000", "", ""); !errors.Is(err, courses.Unsigned) {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if until := limited(k.try(t, name, "000000", "", "")); !until.Equal(k.now.Add(time.Minute)) {
			t.Errorf("%s is locked until %s, want a minute from now", name, until)
		}
	}
}

func TestTriesCountInEveryProcess(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	other := access.NewDoor(k.Setup)
	for i := range 5 {
		door := k.Door
		if i%2 == 0 {
			door = other
		}
		_, _ = door.SignIn(t.Context(), access.Try{Name: "P1", Secret: "000000"})
	}
	if _, err := other.SignIn(t.Context(), access.Try{Name: "P1", Secret: pin}); limited(err).IsZero() {
		t.Errorf("five wrong tries in two processes: %v, want it locked", err)
	}
}

func TestABrowserThatIsKnownIsNotLockedByStrangers(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	if err := k.try(t, "P1", pin, "10.0.0.1", "hers"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		_ = k.try(t, "P1", "000000", "203.0.113.7", "theirs")
	}
	if err := k.try(t, "P1", pin, "203.0.113.7", "theirs"); limited(err).IsZero() {
		t.Errorf("the guesser's browser: %v, want it locked", err)
	}
	if err := k.try(t, "P1", pin, "10.0.0.1", "hers"); err != nil {
		t.Errorf("her own browser: %v", err)
	}
	for range 5 {
		if err := k.try(t, "P1", "000000", "10.0.0.1", "hers"); !errors.Is(err, courses.Unsigned) {
			t.Fatalf("a wrong PIN in her own browser: %v", err)
		}
	}
	if err := k.try(t, "P1", pin, "10.0.0.1", "hers"); limited(err).IsZero() {
		t.Errorf("guessing in a known browser: %v, want it locked", err)
	}
	k.person(t, people.Person{ID: "P2", Name: "Budi", Role: people.Participant})
	if err := k.try(t, "P2", pin, "10.0.0.1", "hers"); err != nil {
		t.Errorf("somebody else at the same computer: %v", err)
	}
}

func TestANetworkThatGuessesIsRefused(t *testing.T) {
	k := newKit(t)
	ids := k.people(t, 3)
	if err := k.try(t, ids[0], pin, "203.0.113.7", "known"); err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; n < 200; n++ {
		err := k.try(t, fmt.Sprintf("G%d", n), "000000", "203.0.113.7", "")
		if until := limited(err); !until.IsZero() {
			if want := k.now.Add(15 * time.Minute); !until.Equal(want) {
				t.Errorf("refused until %s, want %s", until, want)
			}
			break
		}
	}
	if n != 63 { // 60, and three more for the one who got in
		t.Errorf("%d guesses were taken, want 63", n)
	}
	if err := k.try(t, ids[1], pin, "203.0.113.7", ""); limited(err).IsZero() {
		t.Errorf("a browser nobody knows: %v, want it refused", err)
	}
	if err := k.try(t, ids[0], pin, "203.0.113.7", "known"); err != nil {
		t.Errorf("a browser that is known, behind the same address: %v", err)
	}
	if err := k.try(t, ids[1], pin, "203.0.113.8", ""); err != nil {
		t.Errorf("another address: %v", err)
	}
	k.now = k.now.Add(15 * time.Minute)
	if err := k.try(t, ids[1], pin, "203.0.113.7", ""); err != nil {
		t.Errorf("after the window: %v", err)
	}
}

func TestAHallBehindOneAddressIsLetIn(t *testing.T) {
	k := newKit(t)
	for i, id := range k.people(t, 40) {
		for range 4 { // everybody mistypes four times
			if err := k.try(t, id, "000000", "203.0.113.7", fmt.Sprint(i)); !errors.Is(err, courses.Unsigned) {
				t.Fatalf("number %d, mistyped: %v", i, err)
			}
		}
		if err := k.try(t, id, pin, "203.0.113.7", fmt.Sprint(i)); err != nil {
			t.Fatalf("number %d: %v", i, err)
		}
	}
}

func TestOneAccountDoesNotBuyGuesses(t *testing.T) {
	k := newKit(t)
	k.people(t, 1)
	for n := 0; n < 200; n++ {
		if err := k.try(t, "V0", pin, "203.0.113.7", ""); !limited(err).IsZero() {
			if n > 64 {
				t.Errorf("%d guesses were taken", n)
			}
			return
		}
		_ = k.try(t, fmt.Sprintf("G%d", n), "000000", "203.0.113.7", "")
	}
	t.Error("200 guesses were taken")
}

func TestGuessesFromEverywhereAreRefusedInAll(t *testing.T) {
	k := newKit(t)
	ids := k.people(t, 2)
	if err := k.try(t, ids[0], pin, "10.0.0.1", "known"); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for n := range 410 {
		err := k.try(t, fmt.Sprintf("G%d", n), "000000", fmt.Sprintf("2001:db8:%x::1", n), "")
		if !limited(err).IsZero() {
			refused++
		}
	}
	if refused != 410-403 {
		t.Errorf("%d of 410 guesses were refused, want 7", refused)
	}
	if err := k.try(t, ids[1], pin, "10.0.0.1", ""); limited(err).IsZero() {
		t.Errorf("a browser nobody knows: %v, want it refused for a while", err)
	}
	if err := k.try(t, ids[0], pin, "10.0.0.1", "known"); err != nil {
		t.Errorf("a known browser: %v", err)
	}
}

func TestOneSubscriberIsOneNetwork(t *testing.T) {
	k := newKit(t)
	for n := range 60 {
		_ = k.try(t, fmt.Sprintf("G%d", n), "000000", fmt.Sprintf("2001:db8::%x", n+1), "")
	}
	if err := k.try(t, "G", "000000", "2001:db8::ffff", ""); limited(err).IsZero() {
		t.Errorf("another address of the same /64: %v, want it refused", err)
	}
	if err := k.try(t, "G", "000000", "2001:db8:1::1", ""); !errors.Is(err, courses.Unsigned) {
		t.Errorf("another subscriber: %v", err)
	}
}

func TestANewCodeOpensALockedAccount(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	for range 5 {
		_ = k.try(t, "P1", "000000", "", "")
	}
	if until, err := k.LockedUntil(t.Context(), "P1"); err != nil || !until.Equal(k.now.Add(time.Minute)) {
		t.Errorf("LockedUntil = %s, %v", until, err)
	}
	code, err := k.MakeCode(t.Context(), "P1")
	if err != nil {
		t.Fatal(err)
	}
	if until, err := k.LockedUntil(t.Context(), "P1"); err != nil || !until.IsZero() {
		t.Errorf("LockedUntil = %s, %v; want it open", until, err)
	}
	if err := k.try(t, "P1", code, "", ""); err != nil {
		t.Error(err)
	}
}

func TestConfirmingLocksToo(t *testing.T) {
	k := newKit(t)
	e := k.person(t, siti)
	if _, err := k.Confirm(t.Context(), e, pin); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := k.Confirm(t.Context(), e, "000000"); !errors.Is(err, courses.Unsigned) {
			t.Fatal(err)
		}
	}
	if _, err := k.Confirm(t.Context(), e, pin); limited(err).IsZero() {
		t.Errorf("error = %v, want it locked", err)
	}
	if err := k.try(t, "P1", pin, "", ""); err != nil {
		t.Errorf("signing in is locked by it: %v", err)
	}
}
