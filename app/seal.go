package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"sync"

	"github.com/google/uuid"

	"melek/courses/reports"
)

// frozenKey signs frozen reports.
var frozenKey = keyFile{name: "frozen.key", kind: "MELEK ED25519 SEED", of: "frozen reports",
	size: ed25519.SeedSize}

// archive keeps the desk's frozen reports, signed with the key of the data folder; the first use makes it.
func (r *rig) archive(desk *reports.Desk) *reports.Archive {
	key := sync.OnceValues(func() (ed25519.PrivateKey, error) {
		fresh := make([]byte, ed25519.SeedSize)
		_, _ = rand.Read(fresh) // never fails
		seed, err := frozenKey.readOr(r.data, fresh)
		if err != nil {
			return nil, err
		}
		return ed25519.NewKeyFromSeed(seed), nil
	})
	return reports.NewArchive(desk, r.store, key, func() string { return uuid.Must(uuid.NewV7()).String() })
}
