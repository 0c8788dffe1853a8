// Package access proves who somebody is: one-time codes, PINs and passwords, sessions of browsers
// and tokens of the API. It knows nothing of HTTP, and of what a person may do only people does.
package access

import (
	"cmp"
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

// First is the kind of a session that was opened with a one-time code: all it may do is choose a PIN.
const First store.SessionKind = "first"

// Setup is what a door works with.
type Setup struct {
	Store interface {
		store.Directory
		store.Accounts
		store.Workshops
	}
	Region *people.Region
	Zone   *time.Location // of the days on which postings begin and end
	Now    func() time.Time
	// SecondFactor is set where administrators and officers must have one.
	SecondFactor bool
	// Cost is that of a new PIN or password; the zero Cost is OWASP's. Tests that sign in by the hundred
	// choose a lower one.
	Cost Cost
	// Key is the key of KeySize bytes that locks secrets of second factors; nil makes one that nobody else
	// has, for a store that does not outlive the door.
	Key func() ([]byte, error)
}

// Door lets people in. It is safe for concurrent use.
type Door struct {
	Setup
	// slots bounds how many secrets are hashed at once, so that a hall that signs in does not starve
	// the lessons.
	slots chan struct{}
	vault vault
	dummy string // a seal for unknown names, so that they take as long as known ones
	// reseal is what opening a seal costs; tests count it.
	reseal func(sealed, secret string) string
}

// NewDoor makes a door.
func NewDoor(s Setup) *Door {
	slots := make(chan struct{}, max(1, runtime.NumCPU()-1))
	if s.Cost == (Cost{}) {
		s.Cost = owasp
	}
	v := newVault(s.Key)
	s.Key = v.key
	return &Door{Setup: s, slots: slots, vault: v, dummy: s.Cost.nobodys(), reseal: reseal}
}

// duty is what the person is charged with now.
func (d *Door) duty(p *people.Person) people.Duty { return p.Duty(d.Now(), d.Zone, d.Region) }

// SignIn opens a session for the person with the number or phone, by PIN, password or one-time code. A code
// opens a session of kind First; who has a second factor gets one of kind Second, and who must take one up
// one of kind Enrol. Wrong names and wrong secrets are the same courses.Unsigned problem, and take as long;
// what is locked is courses.Limited with the time at which it opens again.
func (d *Door) SignIn(ctx context.Context, t Try) (Entry, error) {
	t.Name = strings.TrimSpace(t.Name)
	person, err := d.find(ctx, t.Name)
	if err != nil && !errors.Is(err, courses.NotFound) && !errors.Is(err, courses.Conflict) {
		return Entry{}, err
	}
	a := attempt{Try: t, account: person.ID}
	if err != nil || person.Retired {
		person, a.account = people.Person{}, people.NormalPhone(t.Name)
	}
	if err := d.mayTry(ctx, &a); err != nil {
		return Entry{}, err
	}
	kind, err := d.judge(ctx, person, t.Secret)
	if err != nil {
		return Entry{}, err
	}
	if kind == "" {
		if err := d.miss(ctx, a); err != nil {
			return Entry{}, err
		}
		return Entry{}, courses.Problemf(courses.Unsigned, wrongKey("signin.wrong", t.Secret))
	}
	if err := d.hit(ctx, a); err != nil {
		return Entry{}, err
	}
	return d.open(ctx, person, kind, t.Label)
}

// find looks for a number and for a phone in any case, so that whether somebody has either takes as long.
func (d *Door) find(ctx context.Context, name string) (people.Person, error) {
	person, err := d.Store.Person(ctx, name)
	byPhone, phoneErr := d.Store.PersonByPhone(ctx, people.NormalPhone(name))
	if errors.Is(err, courses.NotFound) {
		return byPhone, phoneErr
	}
	return person, err
}

// judge returns the kind of session that the secret opens for the person, empty for none; nobody's secret
// takes as long to refuse.
func (d *Door) judge(ctx context.Context, p people.Person, secret string) (store.SessionKind, error) {
	c, err := d.Store.Credential(ctx, p.ID)
	if err != nil {
		return "", err
	}
	secret = typed(secret)
	sealed := cmp.Or(c.PIN, d.dummy)
	ok, err := d.opens(ctx, sealed, secret)
	if err != nil {
		return "", err
	}
	good := CheckPIN(d.duty(&p).Role, secret, p.ID, p.Name, p.Phone) == nil
	switch {
	case p.ID == "":
		return "", nil
	case ok && !good:
		return First, nil // the role, or what counts as easy, has changed since
	case ok:
		return d.kindAfter(&p, c), nil
	case c.Code != "" && d.Now().Before(c.CodeExpires) &&
		subtle.ConstantTimeCompare([]byte(c.Code), []byte(codeHash(p.ID, secret))) == 1:
		return First, nil
	}
	return "", nil
}

// ProofLife is how long whoever has given the PIN or password counts as the one who is there.
const ProofLife = 10 * time.Minute

// Proved reports whether the PIN or password was given a short while ago, in the session or to open it.
func (d *Door) Proved(e Entry) bool { return d.Now().Before(e.Session.ProvedAt.Add(ProofLife)) }

// Confirm opens a session in place of the one of somebody who is signed in, and holds for Proved, where the
// secret is their PIN or password; otherwise it is courses.Unsigned. Wrong ones lock it for a while.
func (d *Door) Confirm(ctx context.Context, e Entry, secret string) (Entry, error) {
	err := d.guarded(ctx, keyOf(e.Person.ID, "confirm"), func() error {
		c, err := d.Store.Credential(ctx, e.Person.ID)
		if err != nil {
			return err
		}
		ok, err := d.opens(ctx, cmp.Or(c.PIN, d.dummy), typed(secret))
		if err == nil && !ok {
			err = courses.Problemf(courses.Unsigned, wrongKey("pin.current", secret))
		}
		return err
	})
	if err != nil {
		return Entry{}, err
	}
	return d.renew(ctx, e)
}

// opens reports whether the secret is the one that was sealed; an unreadable seal is opened by none.
func (d *Door) opens(ctx context.Context, sealed, secret string) (bool, error) {
	again := ""
	err := d.slowly(ctx, func() { again = d.reseal(sealed, secret) })
	return again != "" && subtle.ConstantTimeCompare([]byte(again), []byte(sealed)) == 1, err
}

// slowly runs what keeps a processor busy for long, as soon as there is a slot for it.
func (d *Door) slowly(ctx context.Context, work func()) error {
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-d.slots }()
	work()
	return nil
}

// IsOffice reports whether the role works with other people's data and so signs in with a password.
func IsOffice(r people.Role) bool {
	return r == people.DistrictOfficer || r == people.Admin || r == people.Author
}

// ChoosePIN keeps the person's new PIN or password, uses up the code, ends every session and every token and
// opens a new session, of the kind that the second factor asks for and with the label.
func (d *Door) ChoosePIN(ctx context.Context, p people.Person, pin, label string) (Entry, error) {
	pin = typed(pin)
	if err := CheckPIN(d.duty(&p).Role, pin, p.ID, p.Name, p.Phone); err != nil {
		return Entry{}, err
	}
	sealed := ""
	if err := d.slowly(ctx, func() { sealed = d.Cost.seal(pin) }); err != nil {
		return Entry{}, err
	}
	var kept store.Credential
	err := d.Store.ChangeCredential(ctx, p.ID, func(c *store.Credential) error {
		c.PIN, c.Code, c.CodeExpires = sealed, "", time.Time{}
		kept = *c
		return nil
	})
	if err != nil {
		return Entry{}, err
	}
	if err := d.forgive(ctx, accountKey(p.ID)); err != nil {
		return Entry{}, err
	}
	if err := d.Store.EndSessions(ctx, p.ID, ""); err != nil {
		return Entry{}, err
	}
	return d.open(ctx, p, d.kindAfter(&p, kept), label)
}

// MakeCode makes a one-time code for the person, in place of one not used; a PIN already chosen still opens.
func (d *Door) MakeCode(ctx context.Context, person string) (string, error) {
	code := newCode()
	err := d.Store.ChangeCredential(ctx, person, func(c *store.Credential) error {
		c.Code, c.CodeExpires = codeHash(person, code), d.Now().Add(CodeLife)
		return nil
	})
	if err != nil {
		return "", err
	}
	return code, d.forgive(ctx, accountKey(person))
}
