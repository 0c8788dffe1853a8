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
)

var endang = people.Person{ID: "A1", Name: "Endang", Role: people.Admin}

// endedAs fails the test where the token opens a session, or is refused for another reason.
func (k *kit) endedAs(t *testing.T, token, key string) {
	t.Helper()
	_, err := k.Who(t.Context(), token)
	var p *courses.Problem
	if !errors.As(err, &p) || p.Kind != courses.Unsigned || p.Key != key {
		t.Errorf("Who = %v, want refused as %s", err, key)
	}
}

func (k *kit) holds(t *testing.T, token string) {
	t.Helper()
	if _, err := k.Who(t.Context(), token); err != nil {
		t.Errorf("Who at %v = %v, want a session", k.now, err)
	}
}

func TestASessionThatNobodyUsesEnds(t *testing.T) {
	for _, tt := range []struct {
		name   string
		person people.Person
		idle   time.Duration
	}{
		{"of an administrator", endang, access.OfficeIdle},
		{"of a participant", siti, access.SessionIdle},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t)
			token := k.person(t, tt.person).Token
			k.now = k.now.Add(tt.idle - time.Second)
			k.holds(t, token)
			k.now = k.now.Add(tt.idle)
			k.endedAs(t, token, "signin.idle")
			if left, err := k.Sessions(t.Context(), tt.person); err != nil || len(left) != 0 {
				t.Errorf("Sessions = %v, %v; want none", left, err)
			}
		})
	}
}

// However somebody spreads requests, the session holds for the time but a sixtieth after the last one.
func TestIdleTimeIsCountedFromTheLastUse(t *testing.T) {
	for _, gap := range []time.Duration{time.Second, 59 * time.Second, 61 * time.Second, 50 * time.Minute} {
		k := newKit(t)
		token := k.person(t, endang).Token
		for range 3 {
			k.now = k.now.Add(gap)
			k.holds(t, token)
		}
		last := k.now
		k.now = last.Add(access.OfficeIdle - access.OfficeIdle/60)
		k.holds(t, token)
		k = newKit(t)
		token = k.person(t, endang).Token
		k.now = k.now.Add(gap)
		k.holds(t, token)
		k.now = k.now.Add(access.OfficeIdle)
		k.endedAs(t, token, "signin.idle")
	}
}

func TestUseDoesNotOutliveTheAbsoluteEnd(t *testing.T) {
	k := newKit(t)
	e := k.person(t, endang)
	for k.now.Before(e.Session.Expires) {
		k.holds(t, e.Token)
		k.now = k.now.Add(30 * time.Minute)
	}
	k.endedAs(t, e.Token, "signin.expired")
}

// changes counts what is written to sessions.
type changes struct {
	store.Store
	n int
}

func (c *changes) ChangeSession(ctx context.Context, hash string, fn func(*store.Session) error) error {
	c.n++
	return c.Store.ChangeSession(ctx, hash, fn)
}

func TestUseIsNotedNowAndThenOnly(t *testing.T) {
	k := newKit(t)
	setup, counted := k.Setup, &changes{Store: k.store}
	setup.Store = counted
	k.Door = access.NewDoor(setup)
	token := k.person(t, endang).Token
	for range 600 {
		k.now = k.now.Add(time.Second)
		k.holds(t, token)
	}
	if counted.n != 10 {
		t.Errorf("ten minutes of use were noted %d times, want once a minute", counted.n)
	}
}

// A token works while nobody looks, however seldom, and says when it last did.
func TestATokenIsNeverIdle(t *testing.T) {
	k := newKit(t)
	k.person(t, endang)
	e, err := k.MakeToken(t.Context(), endang, access.Grant{Label: "dasbor"})
	if err != nil {
		t.Fatal(err)
	}
	k.now = k.now.Add(100 * 24 * time.Hour)
	k.holds(t, e.Token)
	left, err := k.Sessions(t.Context(), endang)
	if err != nil || len(left) != 1 || !left[0].SeenAt.Equal(k.now) {
		t.Errorf("Sessions = %v, %v; want the token, used now", left, err)
	}
}

func TestASessionEndedInBetweenStaysEnded(t *testing.T) {
	k := newKit(t)
	e := k.person(t, siti)
	setup := k.Setup
	setup.Store = &endsFirst{Store: k.store}
	k.Door = access.NewDoor(setup)
	k.now = k.now.Add(24 * time.Hour)
	k.endedAs(t, e.Token, "signin.first")
	if _, err := k.store.Session(t.Context(), e.Session.Hash); !errors.Is(err, courses.NotFound) {
		t.Errorf("Session = %v, want it gone", err)
	}
}

// endsFirst is a store in which a session is ended just before its use is noted.
type endsFirst struct{ store.Store }

func (e *endsFirst) ChangeSession(ctx context.Context, hash string, fn func(*store.Session) error) error {
	if err := e.EndSessions(ctx, siti.ID, hash); err != nil {
		return err
	}
	return e.Store.ChangeSession(ctx, hash, fn)
}

// Whoever gives the PIN again gets another token, and the old one opens nothing; the end stays where it was.
func TestConfirmingReplacesTheSession(t *testing.T) {
	k := newKit(t)
	e := k.person(t, siti)
	k.now = k.now.Add(access.ProofLife)
	if k.Proved(e) {
		t.Error("a PIN given ten minutes ago still counts")
	}
	next, err := k.Confirm(t.Context(), e, pin)
	if err != nil {
		t.Fatal(err)
	}
	k.endedAs(t, e.Token, "signin.first")
	who, err := k.Who(t.Context(), next.Token)
	if err != nil || !k.Proved(who) || !who.Session.Expires.Equal(e.Session.Expires) ||
		!who.Session.MadeAt.Equal(e.Session.MadeAt) {
		t.Errorf("Who = %+v, %v; want a session that is proved and ends when the first would have", who.Session, err)
	}
	k.now = k.now.Add(access.ProofLife)
	if k.Proved(who) {
		t.Error("a PIN given ten minutes ago still counts")
	}
}
