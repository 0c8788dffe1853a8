package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"strings"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// Sessions of those who are not wholly in yet.
const (
	// Second is the kind of a session whose owner has yet to give a code of the second factor.
	Second store.SessionKind = "second"
	// Enrol is the kind of a session whose owner must first take up a second factor.
	Enrol store.SessionKind = "enrol"
)

// The second factor is TOTP as every authenticator app knows it: six digits, new every 30 seconds.
const (
	stepSeconds   = 30
	stepsAside    = 1 // how far the clock of a phone may be off
	recoveryCodes = 10
)

// NeedsSecond reports whether the role must sign in with a second factor where the door demands one.
func NeedsSecond(r people.Role) bool { return r == people.DistrictOfficer || r == people.Admin }

// kindAfter is the kind of the session of somebody who has proved the PIN or password.
func (d *Door) kindAfter(p *people.Person, c store.Credential) store.SessionKind {
	switch {
	case c.Second != "":
		return Second
	case d.SecondFactor && NeedsSecond(d.duty(p).Role):
		return Enrol
	}
	return store.Browser
}

// OfferSecond returns the address, as authenticator apps read it from a QR code, of a second factor that the
// person may take up. It stays the same until it is confirmed.
func (d *Door) OfferSecond(ctx context.Context, p people.Person) (*otp.Key, error) {
	secret := ""
	err := d.Store.ChangeCredential(ctx, p.ID, func(c *store.Credential) (err error) {
		if secret, err = d.vault.unlock(p.ID, c.NextSecond); err != nil || secret == "" {
			secret = newSecond() // nobody relies on one that was only offered
		}
		c.NextSecond, err = d.vault.lock(p.ID, secret)
		return err
	})
	if err != nil {
		return nil, err
	}
	raw, err := secondEncoding.DecodeString(secret)
	if err != nil {
		return nil, err
	}
	return totp.Generate(totp.GenerateOpts{Issuer: "Melek", AccountName: p.ID, Secret: raw})
}

// ConfirmSecond takes the offered second factor up where the code is one of it. Every other session ends; the
// answer is a whole one, and codes that stand in for the second factor, to be shown once.
func (d *Door) ConfirmSecond(ctx context.Context, e Entry, code string) (Entry, []string, error) {
	var recovery []string
	err := d.guarded(ctx, keyOf(e.Person.ID, "second"), func() (err error) {
		recovery, err = d.takeUpSecond(ctx, e.Person.ID, code)
		return err
	})
	if err != nil {
		return Entry{}, nil, err
	}
	if err := d.Store.EndSessions(ctx, e.Person.ID, ""); err != nil {
		return Entry{}, nil, err
	}
	next, err := d.open(ctx, e.Person, store.Browser, e.Session.Label)
	return next, recovery, err
}

// takeUpSecond makes recovery codes for a right code only, for they are slow to make.
func (d *Door) takeUpSecond(ctx context.Context, person, code string) ([]string, error) {
	take := func(c *store.Credential) error {
		secret, err := d.vault.unlock(person, c.NextSecond)
		if err != nil {
			return err
		}
		step, ok := d.matches(secret, code, 0)
		if !ok {
			return courses.Problemf(courses.Unsigned, "second.wrong")
		}
		c.Second, c.NextSecond, c.Step = c.NextSecond, "", step
		return d.lockSecrets(c)
	}
	offered, err := d.Store.Credential(ctx, person)
	if err != nil {
		return nil, err
	}
	if err := take(&offered); err != nil {
		return nil, err
	}
	recovery, seals, err := d.newRecovery(ctx)
	if err != nil {
		return nil, err
	}
	return recovery, d.Store.ChangeCredential(ctx, person, func(c *store.Credential) error {
		c.Recovery = seals
		return take(c)
	})
}

// PassSecond opens a whole session in place of one of kind Second, by a code of the second factor or by one
// that stands in for it. Each opens once.
func (d *Door) PassSecond(ctx context.Context, e Entry, code string) (Entry, error) {
	err := d.guarded(ctx, keyOf(e.Person.ID, "second"), func() error {
		return d.useSecond(ctx, e.Person.ID, code)
	})
	if err != nil {
		return Entry{}, err
	}
	if err := d.Store.EndSessions(ctx, e.Person.ID, e.Session.Hash); err != nil {
		return Entry{}, err
	}
	return d.open(ctx, e.Person, store.Browser, e.Session.Label)
}

// useSecond uses a code up. Without the key of the secret, recovery codes still pass.
func (d *Door) useSecond(ctx context.Context, person, code string) error {
	before, err := d.Store.Credential(ctx, person)
	if err != nil {
		return err
	}
	used, err := d.keptOf(ctx, before, code)
	if err != nil {
		return err
	}
	return d.Store.ChangeCredential(ctx, person, func(c *store.Credential) error {
		secret, unread := d.vault.unlock(person, c.Second)
		if step, ok := d.matches(secret, code, c.Step); ok {
			c.Step = step
			return d.lockSecrets(c)
		}
		left := without(c.Recovery, used)
		switch {
		case len(left) < len(c.Recovery):
			c.Recovery = left
			return nil
		case unread != nil:
			return unread
		}
		return courses.Problemf(courses.Unsigned, "second.wrong")
	})
}

// ForgetSecond takes the second factor of a person away, who lost it, and ends all sessions.
func (d *Door) ForgetSecond(ctx context.Context, person string) error {
	err := d.Store.ChangeCredential(ctx, person, func(c *store.Credential) error {
		c.Second, c.NextSecond, c.Step, c.Recovery = "", "", 0, nil
		return nil
	})
	if err != nil {
		return err
	}
	return d.Store.EndSessions(ctx, person, "")
}

// lockSecrets locks what a credential still holds in the open.
func (d *Door) lockSecrets(c *store.Credential) (err error) {
	for _, secret := range []*string{&c.Second, &c.NextSecond} {
		if *secret == "" || isLocked(*secret) {
			continue
		}
		if *secret, err = d.vault.lock(c.Person, *secret); err != nil {
			return err
		}
	}
	return nil
}

// LockSeconds locks the secrets of second factors that are still kept in the open, and says how many people
// had one.
func (d *Door) LockSeconds(ctx context.Context) (int, error) {
	locked := 0
	err := d.eachCredential(ctx, func(c store.Credential) error {
		open := func(secret string) bool { return secret != "" && !isLocked(secret) }
		if !open(c.Second) && !open(c.NextSecond) {
			return nil
		}
		locked++
		return d.Store.ChangeCredential(ctx, c.Person, d.lockSecrets)
	})
	return locked, err
}

// ForgetSeconds takes the second factors of all away, whose key is lost, and returns whose they were.
func (d *Door) ForgetSeconds(ctx context.Context) ([]string, error) {
	var had []string
	err := d.eachCredential(ctx, func(c store.Credential) error {
		if c.Second == "" && c.NextSecond == "" {
			return nil
		}
		had = append(had, c.Person)
		return d.ForgetSecond(ctx, c.Person)
	})
	return had, err
}

// eachCredential calls fn with the credential of everybody.
func (d *Door) eachCredential(ctx context.Context, fn func(store.Credential) error) error {
	for p, err := range store.Everybody(ctx, d.Store) {
		if err != nil {
			return err
		}
		c, err := d.Store.Credential(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := fn(c); err != nil {
			return err
		}
	}
	return nil
}

// matches reports whether the code is one of the secret now, of a later step than the last one taken.
func (d *Door) matches(secret, code string, last int64) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	now := d.Now().Unix() / stepSeconds
	for at := now - stepsAside; secret != "" && at <= now+stepsAside; at++ {
		want, err := hotp.GenerateCode(secret, uint64(at)) //nolint:gosec // clocks do not show times before 1970
		same := err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1
		if same && at > last {
			step, ok = at, true
		}
	}
	return step, ok
}

// guarded runs fn, which is courses.Unsigned for a wrong secret; wrong ones lock what has the key.
func (d *Door) guarded(ctx context.Context, key string, fn func() error) error {
	if err := d.refuseLocked(ctx, key); err != nil {
		return err
	}
	switch err := fn(); courses.KindOf(err) {
	case courses.Unsigned:
		if failed := d.count(ctx, key, triesKept); failed != nil {
			return failed
		}
		return err
	default:
		if err != nil {
			return err
		}
	}
	return d.forgive(ctx, key)
}

func newSecond() string {
	secret := make([]byte, 20)
	_, _ = rand.Read(secret) // never fails
	return secondEncoding.EncodeToString(secret)
}
