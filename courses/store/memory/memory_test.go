package memory_test

import (
	"testing"

	"melek/courses/store"
	"melek/courses/store/memory"
	"melek/courses/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return memory.New() })
}
