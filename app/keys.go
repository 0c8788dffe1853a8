package main

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keyFile is a secret key in the data folder, whatever the database, for its owner's eyes only.
type keyFile struct {
	name string // of the file
	kind string // its type as PEM
	of   string // what it is the key of
	size int    // in bytes
}

// read returns the key of the folder; the error is fs.ErrNotExist where there is none.
func (k keyFile) read(folder string) ([]byte, error) {
	name := filepath.Join(folder, k.name)
	raw, err := os.ReadFile(name) //nolint:gosec // the folder is a setting of who runs the program
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", k.of, err)
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != k.kind || len(block.Bytes) != k.size {
		return nil, fmt.Errorf("key of %s: %s holds none", k.of, name)
	}
	return block.Bytes, nil
}

// readOr returns the key of the folder; the first use keeps the fresh one.
func (k keyFile) readOr(folder string, fresh []byte) ([]byte, error) {
	key, err := k.read(folder)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := k.keep(folder, fresh); err != nil {
		return nil, fmt.Errorf("key of %s: %w", k.of, err)
	}
	return k.read(folder)
}

// keep writes a key beside the name and links it there, so that of two processes the first one's stands and
// neither reads half of it.
func (k keyFile) keep(folder string, key []byte) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(folder, k.name+".*") // made with 0600
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) //nolint:errcheck // what is left of a draft is harmless
	_, err = draft.Write(pem.EncodeToMemory(&pem.Block{Type: k.kind, Bytes: key}))
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), filepath.Join(folder, k.name)); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
