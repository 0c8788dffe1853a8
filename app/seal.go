package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/uuid"

	"melek/courses/reports"
)

// sealFile holds the key that frozen reports are signed with, in the data folder, whatever the database.
const sealFile = "frozen.key"

// sealType names the key in its file.
const sealType = "MELEK ED25519 SEED"

// sealKey returns the key of the folder; the first use makes it, for its owner's eyes only.
func sealKey(folder string) (ed25519.PrivateKey, error) {
	name := filepath.Join(folder, sealFile)
	raw, err := os.ReadFile(name) //nolint:gosec // the folder is a setting of who runs the program
	if errors.Is(err, fs.ErrNotExist) {
		raw, err = makeSealKey(folder, name)
	}
	if err != nil {
		return nil, fmt.Errorf("key of frozen reports: %w", err)
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != sealType || len(block.Bytes) != ed25519.SeedSize {
		return nil, fmt.Errorf("key of frozen reports: %s holds none", name)
	}
	return ed25519.NewKeyFromSeed(block.Bytes), nil
}

// makeSealKey writes a new key beside the name and links it there, so that of two processes the first one's
// stands and neither reads half of it.
func makeSealKey(folder, name string) ([]byte, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	draft, err := os.CreateTemp(folder, sealFile+".*") // made with 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(draft.Name()) //nolint:errcheck // what is left of a draft is harmless
	_, err = draft.Write(pem.EncodeToMemory(&pem.Block{Type: sealType, Bytes: key.Seed()}))
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(draft.Name(), name); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(name) //nolint:gosec // as above
}

// archive keeps the desk's frozen reports, signed with the key of the data folder.
func (r *rig) archive(desk *reports.Desk) *reports.Archive {
	key := sync.OnceValues(func() (ed25519.PrivateKey, error) { return sealKey(r.data) })
	return reports.NewArchive(desk, r.store, key, func() string { return uuid.Must(uuid.NewV7()).String() })
}
