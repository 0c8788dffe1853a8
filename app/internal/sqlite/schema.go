package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// applicationID marks a file as ours: «Melk» in ASCII.
const applicationID = 0x4d656c6b

// migrations are applied in order, each once; one that has shipped is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

var errForeign = errors.New("this file is not a database of Melek")

// explained puts what SQLite says of a file that is none into words.
func explained(err error) error {
	if primary(err) == sqlite3.SQLITE_NOTADB {
		return errForeign
	}
	return err
}

// prepare makes sure that the file is ours and of the newest schema. A file that is not ours is left as it
// is.
func prepare(ctx context.Context, conn *sql.Conn) error {
	var id, version int
	if err := conn.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if id != applicationID {
		if err := isEmpty(ctx, conn, id); err != nil {
			return err
		}
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	if version > len(names) {
		return fmt.Errorf("a newer Melek wrote this database (schema %d, known up to %d)", version, len(names))
	}
	if err := logAhead(ctx, conn); err != nil {
		return err
	}
	for i := version; i < len(names); i++ {
		if err := migrate(ctx, conn, names[i], i+1); err != nil {
			return fmt.Errorf("%s: %w", names[i], err)
		}
	}
	_, err = conn.ExecContext(ctx, "PRAGMA busy_timeout = 5") // from here on the writer waits in its own way
	return err
}

func isEmpty(ctx context.Context, conn *sql.Conn, id int) error {
	var tables int
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return err
	}
	if id != 0 || tables > 0 {
		return errForeign
	}
	return nil
}

// logAhead makes the file one with a write-ahead log, which it stays. SQLite does not wait for others here.
func logAhead(ctx context.Context, conn *sql.Conn) error {
	for until := time.Now().Add(patience); ; {
		var mode string
		err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
		switch {
		case err == nil && mode != "wal":
			return errors.New("the file system cannot share memory, which the write-ahead log needs")
		case err == nil || !isBusy(err) || time.Now().After(until):
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

// migrate applies one migration in a transaction. Where another process was quicker, it finds the version
// raised and does nothing.
func migrate(ctx context.Context, conn *sql.Conn, name string, version int) (err error) {
	script, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, undo := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
			err = errors.Join(err, undo)
		}
	}()
	var now int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&now); err != nil {
		return err
	}
	if now < version {
		mark := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version)
		if _, err := conn.ExecContext(ctx, string(script)+mark); err != nil {
			return err
		}
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}
