package access

import (
	"context"
	"errors"
	"slices"
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
	firstLife   = time.Hour           // of a session that may only choose a PIN
	halfLife    = 15 * time.Minute    // of one that waits for the second factor
	SessionIdle = 14 * 24 * time.Hour // without a request, of participants and facilitators
	OfficeIdle  = time.Hour           // of officers, authors and administrators
)

// seenEvery is how exactly the last use of a token is known, and seenParts in how many parts the time is cut
// that a browser may be idle: its session ends at most one part too early, for one write to the store a part.
const (
	seenEvery = time.Hour
	seenParts = 60
)

// idleLife is how long a session holds that nobody uses; 0 where that ends none.
func idleLife(kind store.SessionKind, role people.Role) time.Duration {
	switch {
	case kind != store.Browser:
		return 0
	case IsOffice(role):
		return OfficeIdle
	}
	return SessionIdle
}

// Entry is a session that was opened: the secret for the cookie, and whose it is.
type Entry struct {
	Token   string
	Session store.Session
	Person  people.Person
	Duty    people.Duty // what the person is charged with now
	// Workshop is the one whose code opened a session of kind Hall; nil for others.
	Workshop *people.Workshop
}

// May reports whether whoever has the session may do the act. A token does what its scope names, and never
// looks after the account itself.
func (e Entry) May(a people.Act) bool {
	if e.Session.Kind == Hall && !a.Public() && !slices.Contains(hallActs, a) {
		return false
	}
	if e.Session.Kind == store.Token && !a.Public() {
		scope := strings.Fields(e.Session.Scope)
		if a == people.Own || a == people.Tokens || (len(scope) > 0 && !slices.Contains(scope, string(a))) {
			return false
		}
	}
	return e.Duty.May(a)
}

// Whole reports whether the session has nothing left to prove for what it may do.
func (e Entry) Whole() bool {
	return e.Session.Kind == store.Browser || e.Session.Kind == store.Token || e.Session.Kind == Hall
}

// Studies reports whether the session is one for the course: one of a workshop is for what is taught there.
func (e Entry) Studies(course string) bool {
	return e.Workshop == nil || slices.Contains(e.Workshop.Courses, course)
}

// Tells reports whether the session may tell what was done at the workshop at t: one that a code opened tells
// of its own workshop and day, so that a name alone changes nothing of what the person did before.
func (e Entry) Tells(workshop string, t time.Time) bool {
	const day = 24 * time.Hour
	return e.Workshop == nil || (workshop == e.Workshop.ID && !t.Before(e.Session.Expires.Add(-day)))
}

func (d *Door) open(ctx context.Context, p people.Person, kind store.SessionKind,
	label string) (Entry, error) {
	life := SessionLife
	switch {
	case kind == First:
		life = firstLife
	case kind == Second || kind == Enrol:
		life = halfLife
	case IsOffice(d.duty(&p).Role):
		life = OfficeLife
	}
	return d.put(ctx, p, store.Session{Kind: kind, Label: label}, life)
}

// put keeps a new session of the person.
func (d *Door) put(ctx context.Context, p people.Person, s store.Session, life time.Duration) (Entry, error) {
	token, now := newToken(), d.Now()
	s.Hash, s.Person, s.MadeAt, s.Expires = hexSum(token), p.ID, now, now.Add(life)
	s.SeenAt, s.ProvedAt = now, now
	if err := d.Store.PutSession(ctx, s); err != nil {
		return Entry{}, err
	}
	return d.entry(ctx, token, s, p)
}

// renew gives a session another token and notes that its owner is there; it ends when it would have ended.
func (d *Door) renew(ctx context.Context, e Entry) (Entry, error) {
	old := e.Session.Hash
	e.Token = newToken()
	e.Session.Hash, e.Session.SeenAt, e.Session.ProvedAt = hexSum(e.Token), d.Now(), d.Now()
	if err := d.Store.PutSession(ctx, e.Session); err != nil {
		return Entry{}, err
	}
	return e, d.Store.EndSessions(ctx, e.Person.ID, old)
}

// entry puts together what is known of who has the session.
func (d *Door) entry(ctx context.Context, token string, s store.Session, p people.Person) (Entry, error) {
	e := Entry{Token: token, Session: s, Person: p}
	var err error
	if s.Kind == Hall { // a name is no proof of an office, also not of one that is newer than the session
		e.Duty = people.Duty{Person: p.ID, Role: people.Participant}
		e.Workshop, err = d.hall(ctx, s)
		return e, err
	}
	e.Duty, err = d.charged(ctx, &p)
	return e, err
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
	if err != nil {
		return Entry{}, err
	}
	e, err := d.entry(ctx, token, session, person)
	if err != nil {
		return Entry{}, err
	}
	if outgrown(session, e.Duty.Role) {
		return Entry{}, courses.Problemf(courses.Unsigned, "signin.expired")
	}
	if d.idle(session, e.Duty.Role) {
		return Entry{}, courses.Problemf(courses.Unsigned, "signin.idle")
	}
	if err := d.see(ctx, &e); err != nil {
		return Entry{}, err
	}
	if session.Kind == store.Browser && d.SecondFactor && NeedsSecond(e.Duty.Role) {
		c, err := d.Store.Credential(ctx, person.ID)
		if err != nil {
			return Entry{}, err
		}
		if c.Second == "" { // the role is newer than the session
			e.Session.Kind = Enrol
		}
	}
	return e, nil
}

// outgrown reports whether a browser's session was opened before the person had the role, by rules that
// are too easy for it.
func outgrown(session store.Session, role people.Role) bool {
	return session.Kind == store.Browser && IsOffice(role) && session.Expires.Sub(session.MadeAt) > OfficeLife
}

// idle reports whether nobody has used the session for too long.
func (d *Door) idle(s store.Session, role people.Role) bool {
	idle := idleLife(s.Kind, role)
	return idle > 0 && !d.Now().Before(usedAt(s).Add(idle))
}

// usedAt is when the session was used last; one from before that was noted counts as used when it was made.
func usedAt(s store.Session) time.Time {
	if s.SeenAt.After(s.MadeAt) {
		return s.SeenAt
	}
	return s.MadeAt
}

// see notes that the session is in use, where that was not noted a short while ago.
func (d *Door) see(ctx context.Context, e *Entry) error {
	every := seenEvery
	if idle := idleLife(e.Session.Kind, e.Duty.Role); idle > 0 {
		every = idle / seenParts
	}
	now := d.Now()
	if now.Before(usedAt(e.Session).Add(every)) {
		return nil
	}
	err := d.Store.ChangeSession(ctx, e.Session.Hash, func(s *store.Session) error {
		if now.After(s.SeenAt) {
			s.SeenAt = now
		}
		e.Session.SeenAt = s.SeenAt
		return nil
	})
	if errors.Is(err, courses.NotFound) { // ended just now
		return courses.Problemf(courses.Unsigned, "signin.first")
	}
	return err
}

// Grant is what a token is made for.
type Grant struct {
	Label string
	Acts  []people.Act  // none: all that the person may do
	Life  time.Duration // 0: TokenLife
}

// MakeToken opens a session for a program that asks the API; the token is shown once.
func (d *Door) MakeToken(ctx context.Context, p people.Person, g Grant) (Entry, error) {
	scope := make([]string, len(g.Acts))
	for i, act := range g.Acts {
		scope[i] = string(act)
	}
	life := g.Life
	if life == 0 {
		life = TokenLife
	}
	s := store.Session{Kind: store.Token, Label: g.Label, Scope: strings.Join(scope, " ")}
	return d.put(ctx, p, s, life)
}

// Sessions returns the person's sessions and tokens that hold, the newest first.
func (d *Door) Sessions(ctx context.Context, p people.Person) ([]store.Session, error) {
	all, err := d.Store.SessionsOf(ctx, p.ID)
	role := d.duty(&p).Role
	return slices.DeleteFunc(all, func(s store.Session) bool {
		return !d.Now().Before(s.Expires) || d.idle(s, role)
	}), err
}

// End ends one of the person's sessions or tokens, by its hash.
func (d *Door) End(ctx context.Context, person, hash string) error {
	if hash == "" {
		return courses.NotFound
	}
	return d.Store.EndSessions(ctx, person, hash)
}

// EndAll ends every session and token of a person.
func (d *Door) EndAll(ctx context.Context, person string) error {
	return d.Store.EndSessions(ctx, person, "")
}

// SignOut ends the session of the entry. A name that was in at a workshop can be chosen again at once.
func (d *Door) SignOut(ctx context.Context, e Entry) error {
	err := d.Store.EndSessions(ctx, e.Person.ID, e.Session.Hash)
	if err != nil || e.Session.Kind != Hall {
		return err
	}
	return d.forgive(ctx, claimKey(e.Session.Workshop, e.Person.ID))
}
