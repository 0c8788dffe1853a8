package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"melek/courses"
)

// Deleted rows are overwritten with zeros (secure_delete), but copies of them stay where SQLite once moved
// rows when it balanced a page, and in the write-ahead log. When people were taken away the file is therefore
// written anew and the log emptied: with the change itself while the file is small, and otherwise by Clean,
// for nobody can write meanwhile.

// cleanAtOnce is up to which size in bytes a file is written anew with the change.
const cleanAtOnce = 32 << 20

// uncleanSetting is there while the files may hold what was deleted.
const uncleanSetting = "sqlite.unclean"

// Unclean reports whether the files may still hold particulars of people who were taken away.
func (s *Store) Unclean(ctx context.Context) (bool, error) {
	found := false
	err := s.each(ctx, func(*sql.Rows) error { found = true; return nil },
		"SELECT 1 FROM settings WHERE name = ?", uncleanSetting)
	return found, err
}

// Clean writes the file anew where it may hold what was deleted; changes wait meanwhile. While others use the
// file it cannot be done, which is courses.Unavailable.
func (s *Store) Clean(ctx context.Context) error {
	unclean, err := s.Unclean(ctx)
	if err != nil || !unclean {
		return err
	}
	if err := s.writer.do(ctx, func(t *tx) error { t.cleans = true; return nil }); err != nil {
		return err
	}
	if unclean, err = s.Unclean(ctx); unclean {
		return fmt.Errorf("sqlite: write the file anew: others use it: %w", courses.Unavailable)
	}
	return err
}

// clean takes what was deleted out of the files, after a commit. What cannot be done now is tried again after
// the next change.
func (w *writer) clean(whole bool) {
	if !w.unclean && !whole {
		return
	}
	w.unclean = true
	small, err := w.isSmall()
	if err != nil {
		return
	}
	if small || whole {
		if _, err := w.exec("VACUUM"); err != nil {
			return
		}
	}
	var busy, pages, carried int
	row := w.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if err := row.Scan(&busy, &pages, &carried); err != nil || busy != 0 {
		return
	}
	if small || whole {
		if _, err := w.exec("DELETE FROM settings WHERE name = ?", uncleanSetting); err != nil {
			return
		}
	}
	w.unclean = false
}

func (w *writer) isSmall() (bool, error) {
	var pages, size int64
	ctx := context.Background()
	if err := w.conn.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages); err != nil {
		return false, err
	}
	err := w.conn.QueryRowContext(ctx, "PRAGMA page_size").Scan(&size)
	return pages*size <= cleanAtOnce, err
}
