package access_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

// counting counts the calls that signing in makes, by name.
type counting struct {
	store.Store
	calls map[string]int
}

func (c *counting) Person(ctx context.Context, id string) (people.Person, error) {
	c.calls["Person"]++
	return c.Store.Person(ctx, id)
}

func (c *counting) PersonByPhone(ctx context.Context, phone string) (people.Person, error) {
	c.calls["PersonByPhone"]++
	return c.Store.PersonByPhone(ctx, phone)
}

func (c *counting) Credential(ctx context.Context, person string) (store.Credential, error) {
	c.calls["Credential"]++
	return c.Store.Credential(ctx, person)
}

func (c *counting) ChangeCredential(ctx context.Context, person string, fn func(*store.Credential) error) error {
	c.calls["ChangeCredential"]++
	return c.Store.ChangeCredential(ctx, person, fn)
}

func (c *counting) Counter(ctx context.Context, key string) (store.Counter, error) {
	c.calls["Counter"]++
	return c.Store.Counter(ctx, key)
}

func (c *counting) ChangeCounter(ctx context.Context, key string, fn func(*store.Counter) error) error {
	c.calls["ChangeCounter"]++
	return c.Store.ChangeCounter(ctx, key, fn)
}

// work is what one try to sign in costs: calls of the store, and seals by their cost.
func (k *kit) work(t *testing.T, name string, want courses.Kind) map[string]int {
	t.Helper()
	setup, counted := k.Setup, &counting{Store: k.store, calls: map[string]int{}}
	setup.Store = counted
	door := access.NewDoor(setup)
	access.CountSeals(door, func(sealed string) {
		counted.calls[strings.Join(strings.Split(sealed, "$")[:4], "$")]++
	})
	_, err := door.SignIn(t.Context(), access.Try{Name: name, Secret: "999999", Address: "10.1.2.3", Browser: "b"})
	if !errors.Is(err, want) {
		t.Fatalf("SignIn(%q) = %v, want %v", name, err, want)
	}
	return counted.calls
}

// Whoever tries names learns nothing from how long an answer takes: each is as much work.
func TestRefusalsTakeTheSameWork(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	k.person(t, people.Person{ID: "P2", Name: "Left", Role: people.Participant, Retired: true})
	k.person(t, people.Person{ID: "P3", Name: "Twin", Role: people.Participant, Phone: "081200000000"})
	k.person(t, people.Person{ID: "P4", Name: "Twin", Role: people.Participant, Phone: "081200000000"})
	k.person(t, endang)
	fresh := []people.Person{{ID: "P5", Name: "New", Role: people.Participant},
		{ID: "P6", Name: "Slip", Role: people.Participant}}
	if err := k.store.Change(t.Context(), putPeople(fresh...)); err != nil {
		t.Fatal(err)
	}
	if _, err := k.MakeCode(t.Context(), "P6"); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, who string }{
		{"an unknown number", "P9"},
		{"an unknown phone", "081299999999"},
		{"a wrong PIN", siti.ID},
		{"a wrong PIN, by phone", siti.Phone},
		{"a wrong password", endang.ID},
		{"somebody who has left", "P2"},
		{"a phone that two people share", "081200000000"},
		{"somebody without a PIN", "P5"},
		{"somebody with a one-time code", "P6"},
	}
	want := k.work(t, "P8", courses.Unsigned)
	if want["$argon2id$v=19$m=8,t=1,p=1"] != 1 || want["ChangeCounter"] != 3 {
		t.Errorf("a refusal costs %v, want one seal and three counters", want)
	}
	for _, tt := range tests {
		if got := k.work(t, tt.who, courses.Unsigned); !maps.Equal(got, want) {
			t.Errorf("%s costs %v, want %v as for an unknown name", tt.name, got, want)
		}
	}
}

func TestALockTellsNothingOfTheName(t *testing.T) {
	k := newKit(t)
	k.person(t, siti)
	for range 5 {
		k.work(t, siti.ID, courses.Unsigned)
		k.work(t, "P9", courses.Unsigned)
	}
	known, unknown := k.work(t, siti.ID, courses.Limited), k.work(t, "P9", courses.Limited)
	if !maps.Equal(known, unknown) {
		t.Errorf("a locked name costs %v, an unknown one %v", known, unknown)
	}
	k.now = k.now.Add(time.Minute)
	known, unknown = k.work(t, siti.ID, courses.Unsigned), k.work(t, "P9", courses.Unsigned)
	if !maps.Equal(known, unknown) {
		t.Errorf("after the lock a known name costs %v, an unknown one %v", known, unknown)
	}
}
