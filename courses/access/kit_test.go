package access_test

import (
	"testing"

	"melek/courses/people"
	"melek/courses/store"
)

func putPeople(persons ...people.Person) func(store.Tx) error {
	return func(tx store.Tx) error { return tx.PutPeople(persons) }
}

// seal keeps a PIN that was sealed before: sealing takes long.
func (k *kit) seal(t *testing.T, person, sealed string) {
	t.Helper()
	err := k.store.ChangeCredential(t.Context(), person, func(c *store.Credential) error {
		c.PIN = sealed
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
