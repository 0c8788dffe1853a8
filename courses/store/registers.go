package store

import (
	"context"
	"iter"
	"time"

	"melek/courses/people"
	"melek/courses/record"
)

// Directory finds people.
type Directory interface {
	// Person returns the person with the id, or courses.NotFound.
	Person(ctx context.Context, id string) (people.Person, error)
	// PersonByPhone returns the one person with the normalised phone number; courses.NotFound where
	// there is none, courses.Conflict where there are several. The empty number is nobody's.
	PersonByPhone(ctx context.Context, phone string) (people.Person, error)
	// People returns at most limit people, 0 for all, in order of id, from the first id greater than after.
	People(ctx context.Context, q PeopleQuery) ([]people.Person, error)
	// Allowances returns what facilitators have granted to the person.
	Allowances(ctx context.Context, person string) ([]Allowance, error)
	// PutAllowance keeps an allowance in place of the one for the same person, course and phase.
	PutAllowance(ctx context.Context, a Allowance) error
}

// Everybody gives every person of the register in order of id, and last the error that ended it.
func Everybody(ctx context.Context, register Directory) iter.Seq2[people.Person, error] {
	const page = 1000
	return func(yield func(people.Person, error) bool) {
		for after := ""; ; {
			persons, err := register.People(ctx, PeopleQuery{After: after, Limit: page})
			if err != nil {
				yield(people.Person{}, err)
				return
			}
			for _, p := range persons {
				if !yield(p, nil) {
					return
				}
				after = p.ID
			}
			if len(persons) < page {
				return
			}
		}
	}
}

// PeopleQuery narrows People; zero fields do not.
type PeopleQuery struct {
	// Areas are the codes of the last posting's area that are wanted: all where it is nil, none where
	// it is empty.
	Areas []string
	// IDs are those that are wanted: all where it is nil, none where it is empty.
	IDs  []string
	Role people.Role
	// Search is a part of the id or name, in any case as strings.ToLower knows it.
	Search string
	After  string
	Limit  int
}

// Allowance is what a facilitator grants one person for one test.
type Allowance struct {
	Person string
	Course string
	Phase  record.Phase
	Extra  time.Duration // beyond the form's duration
	Open   bool          // open before the modules are done
	By     string
	At     time.Time
}

// Accounts keeps how people prove who they are. Secrets are only kept as hashes; that of the second factor,
// which must be known to check a code, is locked with a key that is not kept here.
type Accounts interface {
	// Credential returns the person's credential; the zero one with its Person set where none is kept.
	Credential(ctx context.Context, person string) (Credential, error)
	// ChangeCredential runs fn on the person's credential in one transaction and keeps the result; fn
	// may run several times. fn's own error is returned and nothing kept.
	ChangeCredential(ctx context.Context, person string, fn func(*Credential) error) error
	// PersonLinked returns the id of the person whose credential has the subject; courses.NotFound where
	// there is none, courses.Conflict where there are several. The empty subject is nobody's.
	PersonLinked(ctx context.Context, subject string) (string, error)
	// EndExpired takes away the sessions and counters that end at t or before.
	EndExpired(ctx context.Context, t time.Time) error
	Sessions
	Counters
}

// Sessions keeps signed-in browsers and tokens of the API.
type Sessions interface {
	// Session returns the session with the hash, or courses.NotFound. Expired ones may be returned.
	Session(ctx context.Context, hash string) (Session, error)
	// SessionsOf returns the person's sessions, the newest first. Expired ones may be among them.
	SessionsOf(ctx context.Context, person string) ([]Session, error)
	// PutSession keeps a session under its hash.
	PutSession(ctx context.Context, s Session) error
	// ChangeSession runs fn on the session with the hash in one transaction and keeps the result, or returns
	// courses.NotFound: one that was ended does not come back. fn may run several times; its own error is
	// returned and nothing kept.
	ChangeSession(ctx context.Context, hash string, fn func(*Session) error) error
	// EndSessions takes away the session with the hash or, where hash is empty, all of the person's.
	EndSessions(ctx context.Context, person, hash string) error
}

// Counters count what may happen only so often, for all processes together.
type Counters interface {
	// Counter returns the counter with the key; the zero one with its Key set where none is kept. One that
	// has ended may be returned.
	Counter(ctx context.Context, key string) (Counter, error)
	// ChangeCounter runs fn on the counter in one transaction and keeps the result; fn may run several times.
	// fn's own error is returned and nothing kept.
	ChangeCounter(ctx context.Context, key string, fn func(*Counter) error) error
	// EndCounters takes away the counters whose keys begin with the prefix; the empty one begins none.
	EndCounters(ctx context.Context, prefix string) error
}

// Counter is how often something has happened.
type Counter struct {
	Key  string
	N    int
	At   time.Time // of the latest time
	Ends time.Time // from then on it counts from nothing
}

// Credential is what one person signs in with.
type Credential struct {
	Person string
	// PIN is the encoded argon2id hash, empty until the person has chosen one.
	PIN string
	// Code is the hash of the one-time code, empty when used or never made.
	Code        string
	CodeExpires time.Time
	// Second is the second factor's secret, locked, empty where there is none, and NextSecond one that is yet
	// to be confirmed. Step is the time step of the last code taken, so that none is taken twice.
	Second, NextSecond string
	Step               int64
	// Recovery are the seals of the codes, each good once, that stand in for the second factor.
	Recovery []string
	// Subject is who the person is to an identity provider, empty where that was not linked.
	Subject string
}

// Session is a signed-in browser, or a token of the API.
type Session struct {
	Hash   string // SHA-256 of the secret, in hexadecimal
	Person string
	Kind   SessionKind
	Label  string
	// Scope are the only acts that a token allows, separated by spaces; empty for all of the person's.
	Scope string
	// Workshop is the one whose code opened the session, empty for others.
	Workshop string
	MadeAt   time.Time
	SeenAt   time.Time // used last, within a tolerance
	ProvedAt time.Time // the PIN or password was given last
	Expires  time.Time // whatever it is used for
}

// SessionKind tells browsers from tokens.
type SessionKind string

// The kinds of sessions.
const (
	Browser SessionKind = "browser"
	Token   SessionKind = "token"
)

// Office keeps what the program as a whole needs.
type Office interface {
	// PutCourse keeps the source of one version of a course; keeping the same version again changes nothing.
	PutCourse(ctx context.Context, c CourseSource) error
	// Courses returns every version kept, in order of course and time of keeping.
	Courses(ctx context.Context) ([]CourseSource, error)
	// Setting returns a value kept under the name, or courses.NotFound.
	Setting(ctx context.Context, name string) (string, error)
	// SettingNames returns the names of settings that begin with the prefix, sorted.
	SettingNames(ctx context.Context, prefix string) ([]string, error)
	// PutSetting keeps a value under the name.
	PutSetting(ctx context.Context, name, value string) error
	// Journal is the audit log.
	Journal
}

// CourseSource is one version of a course as its files.
type CourseSource struct {
	Course  string
	Version string
	Files   map[string]string // by name
	// Current is set on a version that was brought in by hand and replaces the shipped one.
	Current bool
	KeptAt  time.Time
}
