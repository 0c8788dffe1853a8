// Package sqlite keeps Melek's data in one SQLite file. One writer commits whatever changes are waiting as
// one group, readers work beside it on connections of their own; another process may write the same file. It
// is the only room that knows SQLite.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"melek/courses"
	"melek/courses/store"
)

var _ store.Store = (*Store)(nil)

// readers is how many connections read at once.
const readers = 4

// Settings of connections. Caches are in KiB. The write-ahead log is carried into the database every 4,000
// pages, 16 MB: rooms that answer the same test change the same pages again and again. What is deleted is
// overwritten with zeros, for it may be somebody's name.
const (
	ofReaders = "?_pragma=busy_timeout(10000)&_pragma=query_only(1)&_pragma=cache_size(-4000)"
	ofWriter  = "?_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=cache_size(-16000)" +
		"&_pragma=wal_autocheckpoint(4000)&_pragma=secure_delete(1)"
)

// Store is safe for concurrent use.
type Store struct {
	write  *sql.DB // one connection, the writer's
	read   *sql.DB
	stmts  stmts // of readers
	writer *writer
}

// Open opens the database file and brings its schema up to date; a missing file, and its folder, are made. A
// file that is not Melek's, or that a newer Melek has written, is an error.
func Open(ctx context.Context, path string) (*Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %s: %w", path, err)
	}
	return s, nil
}

func open(ctx context.Context, path string) (*Store, error) {
	// A commit is as durable, and need not write the file's times too.
	if _, err := sqlite.Fdatasync(true); err != nil && !errors.Is(err, sqlite.ErrFdatasyncUnavailable) {
		return nil, err
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := create(path); err != nil {
		return nil, err
	}
	write, err := sql.Open("sqlite", address(path)+ofWriter)
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	conn, err := write.Conn(ctx)
	if err != nil {
		return nil, errors.Join(explained(err), write.Close())
	}
	if err := prepare(ctx, conn); err != nil {
		return nil, errors.Join(explained(err), conn.Close(), write.Close())
	}
	read, err := sql.Open("sqlite", address(path)+ofReaders)
	if err != nil {
		return nil, errors.Join(err, conn.Close(), write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return &Store{write: write, read: read, writer: newWriter(conn),
		stmts: stmts{prepare: read.PrepareContext}}, nil
}

// create makes a missing file for its owner alone: it holds people's particulars. A file that is there is not
// touched, for closing it would take the locks of other connections of this process away.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	//nolint:gosec // the operator's path
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// address is the path as a URI, whatever characters it has.
func address(path string) string {
	slashed := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		slashed = "/" + slashed // C:/… is file:///C:/…
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String()
}

// each runs a query on a reader and calls fn for every row.
func (s *Store) each(ctx context.Context, fn func(*sql.Rows) error, query string, args ...any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.writer.open(); err != nil {
		return err
	}
	err := s.stmts.each(ctx, fn, query, args...)
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		return fmt.Errorf("sqlite: query: %w", ended)
	}
	if closed := s.writer.open(); closed != nil {
		return closed
	}
	return err
}

// exec has the writer run one statement.
func (s *Store) exec(ctx context.Context, query string, args ...any) error {
	return s.writer.do(ctx, func(t *tx) error { return t.exec(query, args...) })
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return s.each(ctx, func(*sql.Rows) error { return nil }, "SELECT 1")
}

// Close ends the writer after what is waiting, then closes the file.
func (s *Store) Close() error {
	return errors.Join(s.writer.close(), s.stmts.close(), s.read.Close(), s.write.Close())
}

// fault says what was attempted; a file that stays busy or cannot be written is courses.Unavailable.
func fault(what string, err error) error {
	switch primary(err) {
	case sqlite3.SQLITE_OK:
		return nil
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return fmt.Errorf("sqlite: %s: %w: %w", what, courses.Unavailable, err)
	}
	return fmt.Errorf("sqlite: %s: %w", what, err)
}

func isBusy(err error) bool {
	code := primary(err)
	return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
}

// primary is the primary result code of an error of SQLite's.
func primary(err error) int {
	var e *sqlite.Error
	switch {
	case err == nil:
		return sqlite3.SQLITE_OK
	case errors.As(err, &e):
		return e.Code() & 0xff
	}
	return sqlite3.SQLITE_ERROR
}

// millis is a time as it is kept, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
