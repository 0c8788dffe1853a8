package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"

	"melek/courses/access"
)

// secondKey locks the secrets of second factors.
var secondKey = keyFile{name: "second.key", kind: "MELEK AES-256 KEY", of: "second factors",
	size: access.KeySize}

// prepareSecond makes sure that second factors can be checked here: the data folder has the key with which
// those in the database are locked. The first process over a database makes it, and locks what was kept in
// the open before; the others are given a copy.
func (r *rig) prepareSecond(ctx context.Context) error {
	want, err := r.setting(ctx, access.KeySetting)
	if err != nil {
		return err
	}
	key, err := secondKey.read(r.data)
	if errors.Is(err, fs.ErrNotExist) && want == "" {
		key, err = secondKey.readOr(r.data, access.NewKey())
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return r.keyless("it is not there", want)
	case err != nil:
		return err
	case access.KeyID(key) == want:
		return nil
	case want != "":
		return r.keyless("it holds key "+access.KeyID(key), want)
	}
	locked, err := r.door.LockSeconds(ctx)
	if err != nil {
		return fmt.Errorf("lock second factors: %w", err)
	}
	if locked > 0 {
		slog.Info("second factors that lay in the open are locked", "people", locked)
	}
	return r.store.PutSetting(ctx, access.KeySetting, access.KeyID(key))
}

// keyless says that the key is missing, and the two ways out.
func (r *rig) keyless(what, want string) error {
	return fmt.Errorf("second factors of this database are locked with key %s, which should be in %s, but %s; "+
		"copy the file from its safe place or from another process of this database. Where it is lost for "+
		"good, «admin lost-key» takes all second factors away and people take up new ones",
		want, filepath.Join(r.data, secondKey.name), what)
}

type lostKey struct{ settings }

// Run takes all second factors away and forgets which key locked them.
func (c *lostKey) Run(ctx context.Context) error {
	return c.with(ctx, func(r *rig) error {
		want, err := r.setting(ctx, access.KeySetting)
		if err != nil {
			return err
		}
		if key, err := secondKey.read(r.data); err == nil && access.KeyID(key) == want {
			return fmt.Errorf("the key is not lost: %s has it; move the file away first if it is not to be "+
				"used again", filepath.Join(r.data, secondKey.name))
		}
		had, err := r.door.ForgetSeconds(ctx)
		for _, id := range had {
			if err := r.note(ctx, "second.remove", id, ""); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		say("%d second factors taken away. Start Melek again: it makes a new key or takes the one in %s.", len(had),
			r.data)
		return r.store.PutSetting(ctx, access.KeySetting, "")
	})
}
