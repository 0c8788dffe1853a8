package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"melek/courses"
	"melek/courses/store"
)

const accountColumns = "person, pin, code, code_expires, second, next_second, step, recovery, subject"

func scanCredential(rows *sql.Rows, c *store.Credential) error {
	var expires int64
	var recovery string
	err := rows.Scan(&c.Person, &c.PIN, &c.Code, &expires, &c.Second, &c.NextSecond, &c.Step, &recovery,
		&c.Subject)
	if err != nil {
		return err
	}
	c.CodeExpires = moment(expires)
	if recovery != "" {
		c.Recovery = strings.Split(recovery, " ")
	}
	return nil
}

// Credential implements store.Accounts.
func (s *Store) Credential(ctx context.Context, person string) (store.Credential, error) {
	c := store.Credential{Person: person}
	err := s.each(ctx, func(rows *sql.Rows) error { return scanCredential(rows, &c) },
		"SELECT "+accountColumns+" FROM credentials WHERE person = ?", person)
	return c, err
}

// ChangeCredential implements store.Accounts.
func (s *Store) ChangeCredential(ctx context.Context, person string, fn func(*store.Credential) error) error {
	return s.writer.do(ctx, func(t *tx) error {
		c := store.Credential{Person: person}
		err := t.each(func(rows *sql.Rows) error { return scanCredential(rows, &c) },
			"SELECT "+accountColumns+" FROM credentials WHERE person = ?", person)
		if err != nil {
			return err
		}
		if err := fn(&c); err != nil {
			return err
		}
		return t.exec("INSERT OR REPLACE INTO credentials ("+accountColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			person, c.PIN, c.Code, millis(c.CodeExpires), c.Second, c.NextSecond, c.Step,
			strings.Join(c.Recovery, " "), c.Subject)
	})
}

// PersonLinked implements store.Accounts.
func (s *Store) PersonLinked(ctx context.Context, subject string) (string, error) {
	var found []string
	err := s.each(ctx, func(rows *sql.Rows) error {
		var person string
		err := rows.Scan(&person)
		found = append(found, person)
		return err
	}, "SELECT person FROM credentials WHERE subject = ? AND subject <> '' LIMIT 2", subject)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", fmt.Errorf("sqlite: person linked: %w", courses.NotFound)
	case len(found) > 1:
		return "", fmt.Errorf("sqlite: person linked: %w", courses.Conflict)
	}
	return found[0], nil
}

// EndExpired implements store.Accounts.
func (s *Store) EndExpired(ctx context.Context, t time.Time) error {
	return s.writer.do(ctx, func(tx *tx) error {
		return cmp.Or(tx.exec("DELETE FROM sessions WHERE expires <= ?", millis(t)),
			tx.exec("DELETE FROM counters WHERE ends <= ?", millis(t)))
	})
}

const sessionColumns = "hash, person, kind, label, scope, workshop, made_at, seen_at, proved_at, expires"

func scanSession(rows *sql.Rows) (store.Session, error) {
	var s store.Session
	var kind string
	var made, seen, proved, expires int64
	err := rows.Scan(&s.Hash, &s.Person, &kind, &s.Label, &s.Scope, &s.Workshop, &made, &seen, &proved,
		&expires)
	s.Kind = store.SessionKind(kind)
	s.MadeAt, s.SeenAt, s.ProvedAt, s.Expires = moment(made), moment(seen), moment(proved), moment(expires)
	return s, err
}

// sessions returns those that the condition names.
func (s *Store) sessions(ctx context.Context, where string, args ...any) ([]store.Session, error) {
	var all []store.Session
	err := s.each(ctx, func(rows *sql.Rows) error {
		session, err := scanSession(rows)
		all = append(all, session)
		return err
	}, "SELECT "+sessionColumns+" FROM sessions "+where, args...)
	return all, err
}

// Session implements store.Sessions.
func (s *Store) Session(ctx context.Context, hash string) (store.Session, error) {
	found, err := s.sessions(ctx, "WHERE hash = ?", hash)
	if err != nil {
		return store.Session{}, err
	}
	if len(found) == 0 {
		return store.Session{}, fmt.Errorf("sqlite: session: %w", courses.NotFound)
	}
	return found[0], nil
}

// SessionsOf implements store.Sessions.
func (s *Store) SessionsOf(ctx context.Context, person string) ([]store.Session, error) {
	return s.sessions(ctx, "WHERE person = ? ORDER BY made_at DESC, hash", person)
}

// PutSession implements store.Sessions.
func (s *Store) PutSession(ctx context.Context, session store.Session) error {
	return s.writer.do(ctx, func(t *tx) error { return t.putSession(session) })
}

func (t *tx) putSession(s store.Session) error {
	return t.exec("INSERT OR REPLACE INTO sessions ("+sessionColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		s.Hash, s.Person, string(s.Kind), s.Label, s.Scope, s.Workshop, millis(s.MadeAt), millis(s.SeenAt),
		millis(s.ProvedAt), millis(s.Expires))
}

// ChangeSession implements store.Sessions.
func (s *Store) ChangeSession(ctx context.Context, hash string, fn func(*store.Session) error) error {
	return s.writer.do(ctx, func(t *tx) error {
		found := false
		var session store.Session
		err := t.each(func(rows *sql.Rows) (err error) {
			found = true
			session, err = scanSession(rows)
			return err
		}, "SELECT "+sessionColumns+" FROM sessions WHERE hash = ?", hash)
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("sqlite: session: %w", courses.NotFound)
		}
		if err := fn(&session); err != nil {
			return err
		}
		session.Hash = hash
		return t.putSession(session)
	})
}

// EndSessions implements store.Sessions.
func (s *Store) EndSessions(ctx context.Context, person, hash string) error {
	return s.exec(ctx, "DELETE FROM sessions WHERE person = ?1 AND (?2 = '' OR hash = ?2)", person, hash)
}

func scanCounter(rows *sql.Rows, c *store.Counter) error {
	var at, ends int64
	if err := rows.Scan(&c.N, &at, &ends); err != nil {
		return err
	}
	c.At, c.Ends = moment(at), moment(ends)
	return nil
}

const counterByKey = "SELECT n, at, ends FROM counters WHERE key = ?"

// Counter implements store.Counters.
func (s *Store) Counter(ctx context.Context, key string) (store.Counter, error) {
	c := store.Counter{Key: key}
	err := s.each(ctx, func(rows *sql.Rows) error { return scanCounter(rows, &c) }, counterByKey, key)
	return c, err
}

// ChangeCounter implements store.Counters.
func (s *Store) ChangeCounter(ctx context.Context, key string, fn func(*store.Counter) error) error {
	return s.writer.do(ctx, func(t *tx) error {
		c := store.Counter{Key: key}
		err := t.each(func(rows *sql.Rows) error { return scanCounter(rows, &c) }, counterByKey, key)
		if err != nil {
			return err
		}
		if err := fn(&c); err != nil {
			return err
		}
		return t.exec("INSERT OR REPLACE INTO counters (key, n, at, ends) VALUES (?, ?, ?, ?)", key, c.N,
			millis(c.At), millis(c.Ends))
	})
}

// EndCounters implements store.Counters.
func (s *Store) EndCounters(ctx context.Context, prefix string) error {
	return s.exec(ctx, "DELETE FROM counters WHERE ?1 <> '' AND substr(key, 1, length(?1)) = ?1", prefix)
}
