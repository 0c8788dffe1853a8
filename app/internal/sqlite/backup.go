package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"melek/courses"
)

// Backup writes a copy of the whole database, as of one moment, into a new file, which is whole and on disk
// when Backup returns nil. Work goes on meanwhile. A file that is there is courses.Conflict.
func (s *Store) Backup(ctx context.Context, path string) error {
	if err := s.backup(ctx, path); err != nil {
		return fmt.Errorf("sqlite: backup to %s: %w", path, err)
	}
	return nil
}

func (s *Store) backup(ctx context.Context, path string) (err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(courses.Conflict, err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".backup-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	copied := filepath.Join(dir, "melek.db")
	if _, err := s.read.ExecContext(ctx, "VACUUM INTO ?", copied); err != nil {
		return err
	}
	if err := settle(copied); err != nil {
		return err
	}
	return os.Rename(copied, path)
}

// settle gives a file to its owner alone and waits until it is on disk.
func settle(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // a file that we have just made
	if err != nil {
		return err
	}
	return errors.Join(file.Chmod(0o600), file.Sync(), file.Close())
}
