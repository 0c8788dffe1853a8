package backup_test

import (
	"bytes"
	"errors"
	"testing"

	"melek/app/internal/backup"
	"melek/courses"
)

// FuzzOpen unpacks whatever is given as a backup: a whole one, or it is refused as damaged.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"format":"melek-backup-1","parts":[]}`), []byte("{}\n"))
	f.Add([]byte(`{"format":"melek-backup-1","parts":[{"name":"people","count":1,"bytes":3,"sha256":""}]}`), []byte("x"))
	f.Add([]byte(`[`), []byte{0})
	f.Fuzz(func(t *testing.T, manifest, people []byte) {
		file := pack(t, map[string]string{"manifest.json": string(manifest), "people.ndjson": string(people)})
		for _, file := range [][]byte{file, manifest} {
			u, err := backup.Open(bytes.NewReader(file))
			if err != nil && !errors.Is(err, courses.Invalid) {
				t.Fatalf("Open = %v, want it refused", err)
			}
			if err == nil {
				must(t, u.Close())
			}
		}
	})
}
