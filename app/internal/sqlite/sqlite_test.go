package sqlite_test

import (
	"path/filepath"
	"testing"

	"melek/app/internal/sqlite"
	"melek/courses/store"
	"melek/courses/store/storetest"
)

func TestSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "melek.db"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
