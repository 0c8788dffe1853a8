package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"melek/app/internal/backup"
	"melek/courses/access"
	"melek/courses/ledger"
	"melek/courses/record"
	"melek/courses/store"
)

type backupCommand struct {
	settings
	File string `arg:"" help:"File to write, a tar.gz; a - is standard output."`
}

// Run writes everything that is known to one file.
func (c *backupCommand) Run(ctx context.Context) error {
	return c.withStore(ctx, func(rules rules, s store.Store) error {
		out, err := create(c.File)
		if err != nil {
			return err
		}
		m, err := backup.Write(ctx, out, s, version(), time.Now())
		if err := out.finish(err); err != nil {
			return err
		}
		for _, list := range rules.lists(c.File) {
			if err := list.Add(m.Erased); err != nil {
				return fmt.Errorf("the backup is whole, but the list of erasures is not: %w", err)
			}
		}
		tell("%d people and %d records written", m.Count("people"), m.Count("records"))
		return nil
	})
}

type restoreCommand struct {
	settings
	File string `arg:"" help:"Backup to read; a - is standard input."`
}

// Run checks the whole file, then reads it into an empty store.
func (c *restoreCommand) Run(ctx context.Context) error {
	in, err := open(c.File)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	return c.withStore(ctx, func(rules rules, s store.Store) error {
		var erased []record.Entry
		for _, list := range rules.lists(c.File) {
			listed, err := list.Entries()
			if err != nil {
				return err
			}
			erased = append(erased, listed...)
		}
		if err := backup.Empty(ctx, s); err != nil {
			return err
		}
		unpacked, err := backup.Open(in)
		if err != nil {
			return err
		}
		defer unpacked.Close()                                           //nolint:errcheck // a temporary folder
		if err := s.PutSetting(ctx, access.KeySetting, ""); err != nil { // the backup says which it was
			return err
		}
		if err := unpacked.RestoreCourses(ctx, s); err != nil {
			return err
		}
		r, err := rules.assemble(ctx, s)
		if err != nil {
			return err
		}
		if err := r.ledger.CatchUp(ctx); err != nil {
			return err
		}
		keeper := backup.Keeper{Store: s, Register: r.ledger.Register, File: r.file}
		if err := unpacked.Restore(ctx, keeper); err != nil {
			return fmt.Errorf("the database is only partly restored, begin again with an empty one: %w", err)
		}
		again, err := r.agree(ctx, erased)
		if err != nil {
			return fmt.Errorf("the database still holds people who were erased, begin again: %w", err)
		}
		tell("%d people and %d records restored", unpacked.Count("people"), unpacked.Count("records"))
		if again > 0 {
			tell("%d people on the list of erasures taken out again", again)
		}
		return nil
	})
}

type verifyCommand struct {
	settings
}

// Run folds every record again and goes through the audit log; every difference is a line.
func (c *verifyCommand) Run(ctx context.Context) error {
	return c.with(ctx, func(r *rig) error {
		differences := 0
		looked, err := r.ledger.Verify(ctx, func(d ledger.Difference) {
			differences++
			complain("what is kept is not what the records say: %s of %s", d.What, d.Of)
		})
		if err != nil {
			return err
		}
		head, err := store.CheckJournal(ctx, r.store, func(n int64, what string) {
			differences++
			complain("the audit log was tampered with at line %d: %s", n, what)
		})
		if err != nil {
			return err
		}
		say("%d lines of the audit log looked at, up to %s", head.N, cmp.Or(head.Hash, "nothing"))
		say("%d people with records looked at, %d differences", looked, differences)
		if differences > 0 {
			return errTold
		}
		return nil
	})
}
