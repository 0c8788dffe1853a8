package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"melek/courses"
	"melek/courses/store"
)

// Credential implements store.Accounts.
func (s *Store) Credential(ctx context.Context, person string) (store.Credential, error) {
	all, err := s.now(ctx)
	if err != nil {
		return store.Credential{}, err
	}
	if c, ok := all.credentials[person]; ok {
		c.Recovery = slices.Clone(c.Recovery)
		return c, nil
	}
	return store.Credential{Person: person}, nil
}

// ChangeCredential implements store.Accounts.
func (s *Store) ChangeCredential(ctx context.Context, person string, fn func(*store.Credential) error) error {
	return s.write(ctx, func(d *data) error {
		c := d.credentials[person]
		c.Person, c.Recovery = person, slices.Clone(c.Recovery)
		if err := fn(&c); err != nil {
			return err
		}
		c.Person, c.CodeExpires = person, rounded(c.CodeExpires)
		d.credentials[person] = c
		return nil
	})
}

// PersonLinked implements store.Accounts.
func (s *Store) PersonLinked(ctx context.Context, subject string) (string, error) {
	all, err := s.now(ctx)
	if err != nil {
		return "", err
	}
	var found []string
	for person, c := range all.credentials {
		if subject != "" && c.Subject == subject {
			found = append(found, person)
		}
	}
	switch len(found) {
	case 0:
		return "", courses.NotFound
	case 1:
		return found[0], nil
	}
	return "", courses.Conflict
}

// EndExpired implements store.Accounts.
func (s *Store) EndExpired(ctx context.Context, t time.Time) error {
	return s.write(ctx, func(d *data) error {
		maps.DeleteFunc(d.sessions, func(_ string, s store.Session) bool { return !s.Expires.After(t) })
		maps.DeleteFunc(d.counters, func(_ string, c store.Counter) bool { return !c.Ends.After(t) })
		return nil
	})
}

// Session implements store.Sessions.
func (s *Store) Session(ctx context.Context, hash string) (store.Session, error) {
	all, err := s.now(ctx)
	if err != nil {
		return store.Session{}, err
	}
	session, ok := all.sessions[hash]
	if !ok {
		return store.Session{}, courses.NotFound
	}
	return session, nil
}

// SessionsOf implements store.Sessions.
func (s *Store) SessionsOf(ctx context.Context, person string) ([]store.Session, error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var found []store.Session
	for _, session := range all.sessions {
		if session.Person == person {
			found = append(found, session)
		}
	}
	slices.SortFunc(found, func(a, b store.Session) int {
		return cmp.Or(b.MadeAt.Compare(a.MadeAt), strings.Compare(a.Hash, b.Hash))
	})
	return found, nil
}

// PutSession implements store.Sessions.
func (s *Store) PutSession(ctx context.Context, session store.Session) error {
	return s.write(ctx, func(d *data) error {
		d.sessions[session.Hash] = roundedSession(session)
		return nil
	})
}

func roundedSession(s store.Session) store.Session {
	s.MadeAt, s.SeenAt = rounded(s.MadeAt), rounded(s.SeenAt)
	s.ProvedAt, s.Expires = rounded(s.ProvedAt), rounded(s.Expires)
	return s
}

// ChangeSession implements store.Sessions.
func (s *Store) ChangeSession(ctx context.Context, hash string, fn func(*store.Session) error) error {
	return s.write(ctx, func(d *data) error {
		session, ok := d.sessions[hash]
		if !ok {
			return courses.NotFound
		}
		if err := fn(&session); err != nil {
			return err
		}
		session.Hash = hash
		d.sessions[hash] = roundedSession(session)
		return nil
	})
}

// EndSessions implements store.Sessions.
func (s *Store) EndSessions(ctx context.Context, person, hash string) error {
	return s.write(ctx, func(d *data) error {
		maps.DeleteFunc(d.sessions, func(_ string, session store.Session) bool {
			return session.Person == person && (hash == "" || session.Hash == hash)
		})
		return nil
	})
}

// Counter implements store.Counters.
func (s *Store) Counter(ctx context.Context, key string) (store.Counter, error) {
	all, err := s.now(ctx)
	if err != nil {
		return store.Counter{}, err
	}
	c := all.counters[key]
	c.Key = key
	return c, nil
}

// ChangeCounter implements store.Counters.
func (s *Store) ChangeCounter(ctx context.Context, key string, fn func(*store.Counter) error) error {
	return s.write(ctx, func(d *data) error {
		c := d.counters[key]
		c.Key = key
		if err := fn(&c); err != nil {
			return err
		}
		c.Key, c.At, c.Ends = key, rounded(c.At), rounded(c.Ends)
		d.counters[key] = c
		return nil
	})
}

// EndCounters implements store.Counters.
func (s *Store) EndCounters(ctx context.Context, prefix string) error {
	return s.write(ctx, func(d *data) error {
		maps.DeleteFunc(d.counters, func(key string, _ store.Counter) bool {
			return prefix != "" && strings.HasPrefix(key, prefix)
		})
		return nil
	})
}
