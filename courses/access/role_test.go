package access_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
	"melek/courses/store/memory"
)

// put keeps a person as given.
func put(t *testing.T, s store.Store, p people.Person) {
	t.Helper()
	err := s.Change(context.Background(), func(tx store.Tx) error { return tx.PutPeople([]people.Person{p}) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestAShortPINDoesNotOpenAnOffice(t *testing.T) {
	ctx, s := context.Background(), memory.New()
	clock := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	door := access.NewDoor(access.Setup{Store: s, Region: people.Wonosobo(), Zone: time.UTC,
		Now: func() time.Time { clock = clock.Add(time.Millisecond); return clock }})
	sri := people.Person{ID: "P1", Name: "Sri", Role: people.Participant}
	put(t, s, sri)
	before, err := door.ChoosePIN(ctx, sri, "482915", "")
	if err != nil {
		t.Fatal(err)
	}
	sri.Role = people.Admin
	put(t, s, sri)
	if _, err := door.Who(ctx, before.Token); !errors.Is(err, courses.Unsigned) {
		t.Errorf("a participant's session opens for an administrator: %v", err)
	}
	entry, err := door.SignIn(ctx, access.Try{Name: "P1", Secret: "482915"})
	if err != nil || entry.Session.Kind != access.First {
		t.Errorf("session = %q, %v; want one that may only choose a password", entry.Session.Kind, err)
	}
	if _, err := door.ChoosePIN(ctx, sri, "teh hangat di kejajar", ""); err != nil {
		t.Fatal(err)
	}
	entry, err = door.SignIn(ctx, access.Try{Name: "P1", Secret: "teh hangat di kejajar"})
	if err != nil || entry.Session.Kind != store.Browser {
		t.Errorf("session = %q, %v; want a whole one", entry.Session.Kind, err)
	}
	if _, err := door.Who(ctx, entry.Token); err != nil {
		t.Errorf("the administrator's own session does not open: %v", err)
	}
}
