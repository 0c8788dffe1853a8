package demo

import (
	"context"
	"slices"
	"time"

	"melek/courses/access"
	"melek/courses/ledger"
	"melek/courses/path"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// How many are filed in one transaction: people, and people with all of their records.
const (
	registerSize = 500
	fileSize     = 50
)

// Fill puts everybody and everything in a ledger, which should be empty, and the workshops that they were at
// in its store.
func (r *Regency) Fill(ctx context.Context, l *ledger.Ledger, s store.Workshops) error {
	everybody := slices.Concat(r.participants, r.Staff())
	for _, a := range r.Accounts() {
		everybody = append(everybody, a.Person)
	}
	for batch := range slices.Chunk(everybody, registerSize) {
		if err := l.Register(ctx, batch); err != nil {
			return err
		}
	}
	were, err := r.file(ctx, l)
	if err != nil {
		return err
	}
	if err := were.keep(ctx, r, s); err != nil {
		return err
	}
	for { // what was left open has long been over
		if n, err := l.CloseOverdue(ctx, path.Grace); n == 0 || err != nil {
			return err
		}
	}
}

// invented is the records of some people, or why there are none.
type invented struct {
	entries []record.Entry
	err     error
}

// file invents the next people's records while the last ones' are filed, and takes down who was where.
func (r *Regency) file(ctx context.Context, l *ledger.Ledger) (held, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan invented, 1)
	go func() {
		defer close(batches)
		for some := range slices.Chunk(r.participants, fileSize) {
			entries, err := r.entries(some)
			select {
			case batches <- invented{entries, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	were := held{}
	for batch := range batches {
		if batch.err != nil {
			return nil, batch.err
		}
		if _, err := l.File(ctx, batch.entries); err != nil {
			return nil, err
		}
		for _, e := range batch.entries {
			were.note(e, r.Zone)
		}
	}
	return were, ctx.Err()
}

// entries of the people arrive when they happen.
func (r *Regency) entries(some []people.Person) ([]record.Entry, error) {
	var entries []record.Entry
	for _, p := range some {
		for _, rec := range r.Records(p) {
			entry, err := record.Make(rec, rec.At.Add(time.Second))
			if err != nil {
				return nil, err
			}
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

// Open gives every account its secret and returns a token of the API for each, in their order.
func (r *Regency) Open(ctx context.Context, door *access.Door) ([]string, error) {
	var tokens []string
	for _, a := range r.Accounts() {
		if _, err := door.ChoosePIN(ctx, a.Person, a.Secret, ""); err != nil {
			return nil, err
		}
		entry, err := door.MakeToken(ctx, a.Person, access.Grant{Label: "demo"})
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, entry.Token)
	}
	return tokens, nil
}
