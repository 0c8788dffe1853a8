package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"melek/courses"
	"melek/courses/store"
)

// credentialDocument is what one person signs in with; secrets are hashes.
type credentialDocument struct {
	Person      string     `bson:"_id"`
	PIN         string     `bson:"pin,omitempty"`
	Code        string     `bson:"code,omitempty"`
	CodeExpires *time.Time `bson:"code_expires,omitempty"`
	Failures    int        `bson:"failures"`
	LockedUntil *time.Time `bson:"locked_until,omitempty"`
}

// Credential implements store.Accounts.
func (s *Store) Credential(ctx context.Context, person string) (store.Credential, error) {
	d, err := find[credentialDocument](ctx, s.credentials, person)
	if errors.Is(err, courses.NotFound) {
		return store.Credential{Person: person}, nil
	}
	return store.Credential{Person: person, PIN: d.PIN, Code: d.Code, CodeExpires: timeOf(d.CodeExpires),
		Failures: d.Failures, LockedUntil: timeOf(d.LockedUntil)}, err
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
			Code: credential.Code, CodeExpires: setTime(credential.CodeExpires), Failures: credential.Failures,
			LockedUntil: setTime(credential.LockedUntil)}))
	})
}

// sessionDocument is a signed-in browser or a token; `_id` is the hash of its secret.
type sessionDocument struct {
	Hash    string     `bson:"_id"`
	Person  string     `bson:"person"`
	Kind    string     `bson:"kind"`
	Label   string     `bson:"label,omitempty"`
	MadeAt  time.Time  `bson:"made_at"`
	Expires *time.Time `bson:"expires,omitempty"`
}

// Session implements store.Accounts.
func (s *Store) Session(ctx context.Context, hash string) (store.Session, error) {
	d, err := find[sessionDocument](ctx, s.sessions, hash)
	if err != nil {
		return store.Session{}, err
	}
	return store.Session{Hash: d.Hash, Person: d.Person, Kind: store.SessionKind(d.Kind), Label: d.Label,
		MadeAt: d.MadeAt, Expires: timeOf(d.Expires)}, nil
}

// PutSession implements store.Accounts.
func (s *Store) PutSession(ctx context.Context, session store.Session) error {
	return put(ctx, s.sessions, session.Hash, sessionDocument{Hash: session.Hash, Person: session.Person,
		Kind: string(session.Kind), Label: session.Label,
		MadeAt: session.MadeAt, Expires: setTime(session.Expires)})
}

// EndSessions implements store.Accounts.
func (s *Store) EndSessions(ctx context.Context, person, hash string) error {
	filter := bson.D{{Key: "person", Value: person}}
	if hash != "" {
		filter = append(filter, bson.E{Key: "_id", Value: hash})
	}
	_, err := s.sessions.DeleteMany(ctx, filter)
	return fault(ctx, "end sessions", err)
}
