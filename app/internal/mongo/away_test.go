package mongo_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"melek/app/internal/mongo"
	"melek/courses"
	"melek/courses/record"
	"melek/courses/store"
)

// line is what lies between the program and the server; it can be cut.
type line struct {
	to       string
	listener net.Listener
	mu       sync.Mutex
	dead     bool
	conns    []net.Conn
}

// newLine lays a line to the server of the URI and returns the URI of its near end. Patience is how many
// milliseconds the server is looked for.
func newLine(t *testing.T, uri, patience string) (l *line, near string) {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatalf("MONGODB_TEST_URI names more than one server, and a line leads to one: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l = &line{to: u.Host, listener: listener}
	t.Cleanup(func() { _ = listener.Close(); l.cut() })
	go l.serve()
	query := u.Query()
	query.Set("directConnection", "true")
	query.Set("serverSelectionTimeoutMS", patience)
	u.Host, u.Path, u.RawQuery = listener.Addr().String(), "/", query.Encode()
	return l, u.String()
}

func (l *line) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", l.to)
		if err != nil || !l.keep(near, far) {
			_ = near.Close()
			continue
		}
		for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
			go func() {
				_, _ = io.Copy(way[0], way[1])
				_, _ = way[0].Close(), way[1].Close()
			}()
		}
	}
}

func (l *line) keep(conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, conns...)
	return !l.dead
}

// cut ends all connections; new ones can be made.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.conns {
		_ = conn.Close()
	}
	l.conns = nil
}

// die cuts the line for good, or until it is alive again.
func (l *line) die(dead bool) {
	l.mu.Lock()
	l.dead = dead
	l.mu.Unlock()
	l.cut()
}

// opened opens a store over a line.
func opened(t *testing.T, patience string) (*line, store.Store) {
	t.Helper()
	uri := testURI(t)
	db := freshDatabase(t, uri)
	l, near := newLine(t, uri, patience)
	s := open(t, near, db)
	t.Cleanup(func() { l.die(false); closeStore(t, s) })
	return l, s
}

func insert(ctx context.Context, s store.Store, e record.Entry, between func()) (store.Standing, error) {
	var standing store.Standing
	err := s.Change(ctx, func(tx store.Tx) error {
		if _, err := tx.TxProjections([]string{e.Person}); err != nil {
			return err
		}
		between()
		standings, err := tx.Insert([]record.Entry{e})
		if err == nil {
			standing = standings[0]
		}
		return err
	})
	return standing, err
}

// TestChangeOutlivesACutLine cuts the line in the middle of changes. Whether the driver notices before the next
// command, and goes on over another connection, or the change is run again, is left to chance.
func TestChangeOutlivesACutLine(t *testing.T) {
	l, s := opened(t, "10000")
	for n := range 3 {
		cuts := 0
		standing, err := insert(t.Context(), s, entry(t, n), func() {
			if cuts++; cuts < 2 {
				l.cut()
			}
		})
		if err != nil || standing != store.New {
			t.Errorf("insert over a line that is cut = %v, %v; want New, nil", standing, err)
		}
		standing, err = insert(t.Context(), s, entry(t, n), func() {})
		if err != nil || standing != store.Duplicate {
			t.Errorf("insert again = %v, %v; want Duplicate, nil", standing, err)
		}
	}
}

func TestDeadServerIsUnavailable(t *testing.T) {
	l, s := opened(t, "300")
	_, err := insert(t.Context(), s, entry(t, 1), func() { l.die(true) })
	if courses.KindOf(err) != courses.Unavailable {
		t.Errorf("Change while the server dies = %v, want unavailable", err)
	}
	for name, err := range map[string]error{
		"Ping":       s.Ping(t.Context()),
		"PutSetting": s.PutSetting(t.Context(), "name", "value"),
		"ChangeCredential": s.ChangeCredential(t.Context(), "P1", func(*store.Credential) error {
			return errors.New("not reached")
		}),
	} {
		if courses.KindOf(err) != courses.Unavailable {
			t.Errorf("%s while the server is dead = %v, want unavailable", name, err)
		}
	}
	l.die(false)
	for s.Ping(t.Context()) != nil { // the driver looks again every half second
		time.Sleep(50 * time.Millisecond)
	}
	if standing, err := insert(t.Context(), s, entry(t, 1), func() {}); err != nil || standing != store.New {
		t.Errorf("insert when the server is back = %v, %v; want New, nil", standing, err)
	}
}

func TestChangeEndsWithItsContextWhenTheServerIsDead(t *testing.T) {
	l, s := opened(t, "300")
	ctx, cancel := context.WithCancel(t.Context())
	_, err := insert(ctx, s, entry(t, 1), func() {
		l.die(true)
		cancel()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Change = %v, want context.Canceled", err)
	}
}

func TestOpenSaysThatNobodyAnswers(t *testing.T) {
	_, err := mongo.Open(t.Context(), "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", "melek")
	if courses.KindOf(err) != courses.Unavailable {
		t.Errorf("Open where nobody listens = %v, want unavailable", err)
	}
}
