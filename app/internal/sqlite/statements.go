package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// stmts keeps statements prepared by their text. There are few texts, and each is used again and again.
type stmts struct {
	prepare func(ctx context.Context, query string) (*sql.Stmt, error)
	byText  sync.Map // of *sql.Stmt
}

func (s *stmts) stmt(query string) (*sql.Stmt, error) {
	if known, ok := s.byText.Load(query); ok {
		return known.(*sql.Stmt), nil
	}
	stmt, err := s.prepare(context.Background(), query)
	if err != nil {
		return nil, fault("prepare", err)
	}
	if known, ok := s.byText.LoadOrStore(query, stmt); ok {
		return known.(*sql.Stmt), stmt.Close()
	}
	return stmt, nil
}

func (s *stmts) close() error {
	var err error
	s.byText.Range(func(_, stmt any) bool {
		err = errors.Join(err, stmt.(*sql.Stmt).Close())
		return true
	})
	return err
}

// exec runs a statement and returns how many rows it touched. Statements of a change are short, so they run
// to their end and only whole changes are withdrawn.
func (s *stmts) exec(query string, args ...any) (int64, error) {
	stmt, err := s.stmt(query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, fault("exec", err)
	}
	return result.RowsAffected()
}

// each runs a query and calls fn for every row.
func (s *stmts) each(ctx context.Context, fn func(*sql.Rows) error, query string, args ...any) error {
	stmt, err := s.stmt(query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return fault("query", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return fault("query", rows.Err())
}
