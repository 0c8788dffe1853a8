// Package access proves who somebody is: one-time codes, PINs and passwords, sessions of browsers
// and tokens of the API. It knows nothing of HTTP, and of what a person may do only people does.
package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"runtime"
	"strings"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// How long things hold.
const (
	CodeLife    = 90 * 24 * time.Hour
	SessionLife = 30 * 24 * time.Hour // of participants and facilitators
	OfficeLife  = 12 * time.Hour      // of officers, authors and administrators
	TokenLife   = 365 * 24 * time.Hour
)

// First is the kind of a session that was opened with a one-time code: all it may do is choose a PIN.
const First store.SessionKind = "first"

// Limits of guessing, per account.
const (
	triesBeforeLock = 5
	firstLock       = time.Minute
	longestLock     = time.Hour
)

// Setup is what a door works with.
type Setup struct {
	Store interface {
		store.Directory
		store.Accounts
	}
	Region *people.Region
	Zone   *time.Location // of the days on which postings begin and end
	Now    func() time.Time
}

// Door lets people in. It is safe for concurrent use.
type Door struct {
	Setup
	// slots bounds how many secrets are hashed at once, so that a hall that signs in does not starve
	// the lessons.
	slots chan struct{}
	dummy string // a seal for unknown names, so that they take as long as known ones
}

// NewDoor makes a door.
func NewDoor(s Setup) *Door {
	slots := make(chan struct{}, max(1, runtime.NumCPU()-1))
	return &Door{Setup: s, slots: slots, dummy: seal(newToken())}
}

// duty is what the person is charged with now.
func (d *Door) duty(p *people.Person) people.Duty { return p.Duty(d.Now(), d.Zone, d.Region) }

// Entry is a session that was opened: the secret for the cookie, and whose it is.
type Entry struct {
	Token   string
	Session store.Session
	Person  people.Person
	Duty    people.Duty // what the person is charged with now
}

// May reports whether whoever has the session may do the act.
func (e Entry) May(a people.Act) bool { return e.Duty.May(a) }

// SignIn opens a session for the person with the number or phone, by PIN, password or one-time
// code. A code opens a session of kind First. Wrong names and wrong secrets are the same
// courses.Unsigned problem; a locked account is courses.Limited with the time at which it opens
// again.
func (d *Door) SignIn(ctx context.Context, name, secret string) (Entry, error) {
	person, err := d.find(ctx, strings.TrimSpace(name))
	if err != nil && !errors.Is(err, courses.NotFound) && !errors.Is(err, courses.Conflict) {
		return Entry{}, err
	}
	credential := store.Credential{PIN: d.dummy}
	if err == nil && !person.Retired {
		if credential, err = d.Store.Credential(ctx, person.ID); err != nil {
			return Entry{}, err
		}
	} else {
		person = people.Person{}
	}
	if d.Now().Before(credential.LockedUntil) {
		return Entry{}, courses.Problemf(courses.Limited, "signin.locked", credential.LockedUntil)
	}
	kind, err := d.judge(ctx, person.ID, credential, secret)
	if err != nil {
		return Entry{}, err
	}
	if kind == "" || person.ID == "" {
		return Entry{}, d.refuse(ctx, person.ID)
	}
	if kind == store.Browser && CheckPIN(d.duty(&person).Role, strings.TrimSpace(secret)) != nil {
		kind = First // the role has changed since: this secret is too short for it
	}
	if err := d.admit(ctx, person.ID, kind, credential); err != nil {
		return Entry{}, err
	}
	return d.open(ctx, person, kind, "")
}

func (d *Door) find(ctx context.Context, name string) (people.Person, error) {
	person, err := d.Store.Person(ctx, name)
	if err == nil || !errors.Is(err, courses.NotFound) {
		return person, err
	}
	return d.Store.PersonByPhone(ctx, people.NormalPhone(name))
}

// judge returns the kind of session that the secret opens, empty for none.
func (d *Door) judge(ctx context.Context, person string, c store.Credential,
	secret string) (store.SessionKind, error) {
	secret = strings.TrimSpace(secret)
	sealed := c.PIN
	if sealed == "" {
		sealed = d.dummy
	}
	ok, err := d.opens(ctx, sealed, secret)
	if err != nil {
		return "", err
	}
	if ok {
		return store.Browser, nil
	}
	if c.Code != "" && d.Now().Before(c.CodeExpires) &&
		subtle.ConstantTimeCompare([]byte(c.Code), []byte(codeHash(person, secret))) == 1 {
		return First, nil
	}
	return "", nil
}

func (d *Door) opens(ctx context.Context, sealed, secret string) (bool, error) {
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	defer func() { <-d.slots }()
	return opens(sealed, secret), nil
}

// refuse counts a wrong try of a known person and locks the account for longer each time.
func (d *Door) refuse(ctx context.Context, person string) error {
	if person != "" {
		err := d.Store.ChangeCredential(ctx, person, func(c *store.Credential) error {
			if c.Failures++; c.Failures >= triesBeforeLock {
				lock := firstLock << min(c.Failures-triesBeforeLock, 10)
				c.LockedUntil = d.Now().Add(min(lock, longestLock))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return courses.Problemf(courses.Unsigned, "signin.wrong")
}

// admit forgets wrong tries; a code is used up when the PIN has been chosen.
func (d *Door) admit(ctx context.Context, person string, kind store.SessionKind, c store.Credential) error {
	if c.Failures == 0 && kind == store.Browser {
		return nil
	}
	return d.Store.ChangeCredential(ctx, person, func(c *store.Credential) error {
		c.Failures, c.LockedUntil = 0, time.Time{}
		return nil
	})
}

func (d *Door) open(ctx context.Context, p people.Person, kind store.SessionKind,
	label string) (Entry, error) {
	life := SessionLife
	switch {
	case kind == store.Token:
		life = TokenLife
	case kind == First:
		life = time.Hour
	case IsOffice(d.duty(&p).Role):
		life = OfficeLife
	}
	token, now := newToken(), d.Now()
	session := store.Session{Hash: hexSum(token), Person: p.ID, Kind: kind, Label: label, MadeAt: now,
		Expires: now.Add(life)}
	if err := d.Store.PutSession(ctx, session); err != nil {
		return Entry{}, err
	}
	return Entry{Token: token, Session: session, Person: p, Duty: d.duty(&p)}, nil
}

// IsOffice reports whether the role works with other people's data and so signs in with a password.
func IsOffice(r people.Role) bool {
	return r == people.DistrictOfficer || r == people.Admin || r == people.Author
}

// Who returns whose session the token opens, or courses.Unsigned.
func (d *Door) Who(ctx context.Context, token string) (Entry, error) {
	session, err := d.Store.Session(ctx, hexSum(token))
	if errors.Is(err, courses.NotFound) {
		return Entry{}, courses.Problemf(courses.Unsigned, "signin.first")
	}
	if err != nil {
		return Entry{}, err
	}
	if !d.Now().Before(session.Expires) {
		return Entry{}, courses.Problemf(courses.Unsigned, "signin.expired")
	}
	person, err := d.Store.Person(ctx, session.Person)
	if errors.Is(err, courses.NotFound) || person.Retired {
		return Entry{}, courses.Problemf(courses.Unsigned, "signin.first")
	}
	duty := d.duty(&person)
	if err == nil && outgrown(session, duty.Role) {
		return Entry{}, courses.Problemf(courses.Unsigned, "signin.expired")
	}
	return Entry{Token: token, Session: session, Person: person, Duty: duty}, err
}

// outgrown reports whether a browser's session was opened before the person had the role, by rules that
// are too easy for it.
func outgrown(session store.Session, role people.Role) bool {
	return session.Kind == store.Browser && IsOffice(role) && session.Expires.Sub(session.MadeAt) > OfficeLife
}

// ChoosePIN keeps the person's new PIN or password, uses up the code, ends every other session and
// opens a new one.
func (d *Door) ChoosePIN(ctx context.Context, p people.Person, pin string) (Entry, error) {
	if err := CheckPIN(d.duty(&p).Role, pin); err != nil {
		return Entry{}, err
	}
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		return Entry{}, ctx.Err()
	}
	sealed := seal(pin)
	<-d.slots
	err := d.Store.ChangeCredential(ctx, p.ID, func(c *store.Credential) error {
		*c = store.Credential{Person: p.ID, PIN: sealed}
		return nil
	})
	if err != nil {
		return Entry{}, err
	}
	if err := d.Store.EndSessions(ctx, p.ID, ""); err != nil {
		return Entry{}, err
	}
	return d.open(ctx, p, store.Browser, "")
}

// MakeCode makes a one-time code for the person, in place of one not used; a PIN already chosen still opens.
func (d *Door) MakeCode(ctx context.Context, person string) (string, error) {
	code := newCode()
	err := d.Store.ChangeCredential(ctx, person, func(c *store.Credential) error {
		c.Code, c.CodeExpires = codeHash(person, code), d.Now().Add(CodeLife)
		c.Failures, c.LockedUntil = 0, time.Time{}
		return nil
	})
	return code, err
}

// MakeToken opens a session for a program that asks the API; the token is shown once.
func (d *Door) MakeToken(ctx context.Context, p people.Person, label string) (Entry, error) {
	return d.open(ctx, p, store.Token, label)
}

// SignOut ends the session of the token.
func (d *Door) SignOut(ctx context.Context, e Entry) error {
	return d.Store.EndSessions(ctx, e.Person.ID, e.Session.Hash)
}
