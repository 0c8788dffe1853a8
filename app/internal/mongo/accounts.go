package mongo

import (
	"cmp"
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/courses"
	"melek/courses/store"
)

// credentialDocument is what one person signs in with.
type credentialDocument struct {
	Person      string     `bson:"_id"`
	PIN         string     `bson:"pin,omitempty"`
	Code        string     `bson:"code,omitempty"`
	CodeExpires *time.Time `bson:"code_expires,omitempty"`
	Second      string     `bson:"second,omitempty"`
	NextSecond  string     `bson:"next_second,omitempty"`
	Step        int64      `bson:"step,omitempty"`
	Recovery    []string   `bson:"recovery,omitempty"`
	Subject     string     `bson:"subject,omitempty"`
}

// Credential implements store.Accounts.
func (s *Store) Credential(ctx context.Context, person string) (store.Credential, error) {
	d, err := find[credentialDocument](ctx, s.credentials, person)
	if errors.Is(err, courses.NotFound) {
		return store.Credential{Person: person}, nil
	}
	return store.Credential{Person: person, PIN: d.PIN, Code: d.Code, CodeExpires: timeOf(d.CodeExpires),
		Second: d.Second, NextSecond: d.NextSecond, Step: d.Step, Recovery: d.Recovery, Subject: d.Subject}, err
}

// ChangeCredential implements store.Accounts. Two at once write the same document and so collide.
func (s *Store) ChangeCredential(ctx context.Context, person string, fn func(*store.Credential) error) error {
	return s.change(ctx, func(c *change) error {
		credential, err := s.Credential(c.ctx, person)
		if err != nil {
			return c.fail(err)
		}
		if err := fn(&credential); err != nil {
			return err
		}
		return c.fail(put(c.ctx, s.credentials, person, credentialDocument{Person: person, PIN: credential.PIN,
			Code: credential.Code, CodeExpires: setTime(credential.CodeExpires), Second: credential.Second,
			NextSecond: credential.NextSecond, Step: credential.Step, Recovery: credential.Recovery,
			Subject: credential.Subject}))
	})
}

// PersonLinked implements store.Accounts.
func (s *Store) PersonLinked(ctx context.Context, subject string) (string, error) {
	if subject == "" {
		return "", cmp.Or(ctx.Err(), error(courses.NotFound))
	}
	var found []string
	err := each(ctx, s.credentials, bson.D{{Key: "subject", Value: subject}}, func(d credentialDocument) error {
		found = append(found, d.Person)
		return nil
	}, options.Find().SetLimit(2))
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", courses.NotFound
	case len(found) > 1:
		return "", courses.Conflict
	}
	return found[0], nil
}

// EndExpired implements store.Accounts.
func (s *Store) EndExpired(ctx context.Context, t time.Time) error {
	if _, err := s.sessions.DeleteMany(ctx, upTo("expires", t)); err != nil {
		return fault(ctx, "end expired sessions", err)
	}
	_, err := s.counters.DeleteMany(ctx, upTo("ends", t))
	return fault(ctx, "end expired counters", err)
}

func upTo(field string, t time.Time) bson.D {
	return bson.D{{Key: field, Value: bson.D{{Key: "$lte", Value: t}}}}
}

// sessionDocument is a signed-in browser or a token; `_id` is the hash of its secret.
type sessionDocument struct {
	Hash     string     `bson:"_id"`
	Person   string     `bson:"person"`
	Kind     string     `bson:"kind"`
	Label    string     `bson:"label,omitempty"`
	Scope    string     `bson:"scope,omitempty"`
	Workshop string     `bson:"workshop,omitempty"`
	MadeAt   time.Time  `bson:"made_at"`
	SeenAt   *time.Time `bson:"seen_at,omitempty"`
	ProvedAt *time.Time `bson:"proved_at,omitempty"`
	Expires  *time.Time `bson:"expires,omitempty"`
}

func (d sessionDocument) session() store.Session {
	return store.Session{Hash: d.Hash, Person: d.Person, Kind: store.SessionKind(d.Kind), Label: d.Label,
		Scope: d.Scope, Workshop: d.Workshop, MadeAt: d.MadeAt, SeenAt: timeOf(d.SeenAt),
		ProvedAt: timeOf(d.ProvedAt), Expires: timeOf(d.Expires)}
}

// Session implements store.Sessions.
func (s *Store) Session(ctx context.Context, hash string) (store.Session, error) {
	d, err := find[sessionDocument](ctx, s.sessions, hash)
	if err != nil {
		return store.Session{}, err
	}
	return d.session(), nil
}

// SessionsOf implements store.Sessions.
func (s *Store) SessionsOf(ctx context.Context, person string) ([]store.Session, error) {
	var all []store.Session
	newest := bson.D{{Key: "made_at", Value: -1}, {Key: "_id", Value: 1}}
	err := each(ctx, s.sessions, bson.D{{Key: "person", Value: person}}, func(d sessionDocument) error {
		all = append(all, d.session())
		return nil
	}, options.Find().SetSort(newest))
	return all, err
}

// PutSession implements store.Sessions.
func (s *Store) PutSession(ctx context.Context, session store.Session) error {
	return put(ctx, s.sessions, session.Hash, sessionDocument{Hash: session.Hash, Person: session.Person,
		Kind: string(session.Kind), Label: session.Label, Scope: session.Scope, Workshop: session.Workshop,
		MadeAt: session.MadeAt, SeenAt: setTime(session.SeenAt), ProvedAt: setTime(session.ProvedAt),
		Expires: setTime(session.Expires)})
}

// ChangeSession implements store.Sessions. Two at once write the same document and so collide.
func (s *Store) ChangeSession(ctx context.Context, hash string, fn func(*store.Session) error) error {
	return s.change(ctx, func(c *change) error {
		session, err := s.Session(c.ctx, hash)
		if err != nil {
			return c.fail(err)
		}
		if err := fn(&session); err != nil {
			return err
		}
		session.Hash = hash
		return c.fail(s.PutSession(c.ctx, session))
	})
}

// EndSessions implements store.Sessions.
func (s *Store) EndSessions(ctx context.Context, person, hash string) error {
	filter := bson.D{{Key: "person", Value: person}}
	if hash != "" {
		filter = append(filter, bson.E{Key: "_id", Value: hash})
	}
	_, err := s.sessions.DeleteMany(ctx, filter)
	return fault(ctx, "end sessions", err)
}

// counterDocument is how often something has happened.
type counterDocument struct {
	Key  string     `bson:"_id"`
	N    int        `bson:"n"`
	At   *time.Time `bson:"at,omitempty"`
	Ends *time.Time `bson:"ends,omitempty"`
}

// Counter implements store.Counters.
func (s *Store) Counter(ctx context.Context, key string) (store.Counter, error) {
	d, err := find[counterDocument](ctx, s.counters, key)
	if errors.Is(err, courses.NotFound) {
		return store.Counter{Key: key}, nil
	}
	return store.Counter{Key: key, N: d.N, At: timeOf(d.At), Ends: timeOf(d.Ends)}, err
}

// ChangeCounter implements store.Counters. Two at once write the same document and so collide.
func (s *Store) ChangeCounter(ctx context.Context, key string, fn func(*store.Counter) error) error {
	return s.change(ctx, func(c *change) error {
		counter, err := s.Counter(c.ctx, key)
		if err != nil {
			return c.fail(err)
		}
		if err := fn(&counter); err != nil {
			return err
		}
		return c.fail(put(c.ctx, s.counters, key, counterDocument{Key: key, N: counter.N,
			At: setTime(counter.At), Ends: setTime(counter.Ends)}))
	})
}

// EndCounters implements store.Counters.
func (s *Store) EndCounters(ctx context.Context, prefix string) error {
	if prefix == "" {
		return ctx.Err()
	}
	_, err := s.counters.DeleteMany(ctx, bson.D{{Key: "_id", Value: literal("^", prefix)}})
	return fault(ctx, "end counters", err)
}
