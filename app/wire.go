package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"melek/app/internal/backup"
	"melek/app/internal/mongo"
	"melek/app/internal/sqlite"
	"melek/courses"
	"melek/courses/access"
	"melek/courses/content"
	"melek/courses/ledger"
	"melek/courses/record"
	"melek/courses/reports"
	"melek/courses/store"
)

// databaseFile is the embedded database in the data folder.
const databaseFile = "melek.db"

// mongoPatience is how long the program waits for MongoDB before it says that it cannot be reached.
const mongoPatience = 15 * time.Second

// open opens the store that the settings name.
func (s storeSettings) open(ctx context.Context) (store.Store, error) {
	if s.MongoURI != "" {
		return s.openMongo(ctx)
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, wrong("MELEK_DATA (--data)", s.Data, "a folder that is there or can be made; "+err.Error())
	}
	return sqlite.Open(ctx, filepath.Join(s.Data, databaseFile))
}

func (s storeSettings) openMongo(ctx context.Context) (store.Store, error) {
	if !strings.HasPrefix(s.MongoURI, "mongodb://") && !strings.HasPrefix(s.MongoURI, "mongodb+srv://") {
		// The value may hold a password, so it is not repeated.
		return nil, wrong("MONGODB_URI (--mongodb-uri)", "…",
			"an address that begins with mongodb:// or mongodb+srv://")
	}
	const forbidden = "/\\. \"$*<>:|?"
	if s.MongoDatabase == "" || len(s.MongoDatabase) > 63 || strings.ContainsAny(s.MongoDatabase, forbidden) {
		return nil, wrong("MONGODB_DATABASE (--mongodb-database)", s.MongoDatabase,
			`1 to 63 characters, none of them / \ . $ * < > : | ? " or space`)
	}
	ctx, cancel := context.WithTimeout(ctx, mongoPatience)
	defer cancel()
	return mongo.Open(ctx, s.MongoURI, s.MongoDatabase)
}

// rig is the program put together over one store.
type rig struct {
	rules
	store   store.Store
	catalog *content.Catalog
	ledger  *ledger.Ledger
	door    *access.Door
	// simulated is set over the database of a demo.
	simulated bool
}

// simulatedSetting marks a database in which nothing is real, so that whatever reads it says so.
const simulatedSetting = "simulated"

// assemble puts the program together over an open store.
func (r rules) assemble(ctx context.Context, s store.Store) (*rig, error) {
	catalog, err := content.Open(ctx, s, r.courses)
	if err != nil {
		return nil, err
	}
	_, err = s.Setting(ctx, simulatedSetting)
	if err != nil && !errors.Is(err, courses.NotFound) {
		return nil, err
	}
	simulated := err == nil
	door := access.NewDoor(access.Setup{Store: s, Region: r.region, Zone: r.zone, Now: time.Now,
		SecondFactor: !simulated,
		Key:          sync.OnceValues(func() ([]byte, error) { return secondKey.read(r.data) })})
	l := ledger.New(ledger.Setup{Store: s, Syllabus: catalog, Zone: r.zone, Now: time.Now,
		Erased: func(ctx context.Context, erased []record.Entry) error {
			err := r.erasures.Add(erased)
			for _, e := range erased {
				err = errors.Join(err, door.Forget(ctx, e.Person))
			}
			return err
		}})
	return &rig{rules: r, store: s, catalog: catalog, ledger: l, door: door, simulated: simulated}, nil
}

// desk makes the reports.
func (r *rig) desk() *reports.Desk {
	return reports.New(reports.Setup{Store: r.store, Region: r.region, Syllabus: r.catalog, Zone: r.zone,
		MinCell: r.minCell, Simulated: r.simulated, Now: time.Now})
}

// file files entries for which no answer is waited for.
func (r *rig) file(ctx context.Context, entries []record.Entry) error {
	_, err := r.ledger.File(ctx, entries)
	return err
}

// setting is a value kept under the name, empty where there is none.
func (r *rig) setting(ctx context.Context, name string) (string, error) {
	value, err := r.store.Setting(ctx, name)
	if errors.Is(err, courses.NotFound) {
		return "", nil
	}
	return value, err
}

// note keeps a line of the audit log for what was done on the command line.
func (r *rig) note(ctx context.Context, action, on, detail string) error {
	return r.store.AddLine(ctx, store.AuditLine{At: time.Now(), By: commandLine, Action: action, On: on,
		Detail: detail})
}

// settings are those of every command that works on the data.
type settings struct {
	Store storeSettings `embed:"" group:"Settings"`
	Rules ruleSettings  `embed:"" group:"Settings"`
}

// with opens the store, brings what is derived up to date where the courses have changed, runs fn and
// closes the store.
func (s settings) with(ctx context.Context, fn func(*rig) error) error {
	return s.withStore(ctx, func(r rules, opened store.Store) error {
		rig, err := r.assemble(ctx, opened)
		if err != nil {
			return err
		}
		if err := rig.ledger.CatchUp(ctx); err != nil {
			return fmt.Errorf("bring progress up to date: %w", err)
		}
		return fn(rig)
	})
}

// withStore is with for what needs no courses.
func (s settings) withStore(ctx context.Context, fn func(rules, store.Store) error) (err error) {
	rules, err := s.Rules.read()
	if err != nil {
		return err
	}
	rules.data = s.Store.Data
	rules.erasures = backup.ErasuresIn(s.Store.Data)
	opened, err := s.Store.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	return fn(rules, opened)
}

// recoverTo logs a panic of work in the background, so that it ends that work and not the program.
func recoverTo(what string) {
	if p := recover(); p != nil {
		slog.Error("panic in the background", "in", what, "panic", fmt.Sprint(p))
	}
}
