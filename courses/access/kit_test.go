package access_test

import (
	"melek/courses/people"
	"melek/courses/store"
)

func putPeople(persons ...people.Person) func(store.Tx) error {
	return func(tx store.Tx) error { return tx.PutPeople(persons) }
}
