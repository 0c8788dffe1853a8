package mongo

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/courses/record"
	"melek/courses/store"
)

// recordDocument is an entry. Content and ReceivedAt are what is read back; the other fields are for people
// and queries. Time is when it happened by the server's clock.
type recordDocument struct {
	ID         string         `bson:"_id"`
	Person     string         `bson:"person"`
	Kind       string         `bson:"kind"`
	Course     string         `bson:"course,omitempty"`
	Module     string         `bson:"module,omitempty"`
	Phase      string         `bson:"phase,omitempty"`
	Form       string         `bson:"form,omitempty"`
	Version    string         `bson:"version,omitempty"`
	Score      *scoreDocument `bson:"score,omitempty"`
	Workshop   string         `bson:"workshop,omitempty"`
	Session    string         `bson:"session,omitempty"`
	By         string         `bson:"by,omitempty"`
	Lang       string         `bson:"lang,omitempty"`
	At         time.Time      `bson:"at"`
	Time       time.Time      `bson:"time"`
	Node       string         `bson:"node,omitempty"`
	Seq        int64          `bson:"seq,omitempty"`
	Voids      string         `bson:"voids,omitempty"`
	ReceivedAt time.Time      `bson:"received_at"`
	Content    string         `bson:"content"`
}

type scoreDocument struct {
	Raw float64 `bson:"raw"`
	Max float64 `bson:"max"`
}

func documentOf(e *record.Entry) recordDocument {
	return recordDocument{ID: recordID(e), Person: e.Person, Kind: string(e.Kind), Course: e.Course,
		Module: e.Module, Phase: string(e.Phase), Form: e.Form, Version: e.Version,
		Score: (*scoreDocument)(e.Score), Workshop: e.Workshop, Session: e.Session, By: e.By,
		Lang: string(e.Lang), At: e.At, Time: e.Time(), Node: e.Node, Seq: e.Seq, Voids: e.Voids,
		ReceivedAt: e.ReceivedAt, Content: string(e.Content)}
}

// A slash is lower than what ids are made of, hyphens apart, and ids are all of one length: `_id` sorts by
// id and digest.
func recordID(e *record.Entry) string { return e.ID + "/" + hex.EncodeToString(e.Digest[:]) }

// kept is what is read back of an entry.
type kept struct {
	ID         string    `bson:"_id"`
	ReceivedAt time.Time `bson:"received_at"`
	Content    string    `bson:"content"`
}

var keptFields = bson.D{{Key: "received_at", Value: 1}, {Key: "content", Value: 1}}

func (k kept) entry() (record.Entry, error) {
	var digest [32]byte
	_, text, _ := strings.Cut(k.ID, "/")
	if n, err := hex.Decode(digest[:], []byte(text)); err != nil || n != len(digest) {
		return record.Entry{}, fmt.Errorf("mongo: record %q has no digest in its _id", k.ID)
	}
	return record.Revive([]byte(k.Content), digest, k.ReceivedAt)
}

// Insert implements store.RecordTx.
func (c *change) Insert(entries []record.Entry) ([]store.Standing, error) {
	if len(entries) == 0 || c.failed != nil {
		return nil, c.failed
	}
	known, err := c.known(entries)
	if err != nil {
		return nil, err
	}
	standings := make([]store.Standing, len(entries))
	var fresh []any
	for i := range entries {
		e := &entries[i]
		digests := known[personal{e.Person, e.ID}]
		switch {
		case slices.Contains(digests, recordID(e)):
			standings[i] = store.Duplicate
			continue
		case len(digests) > 0:
			standings[i] = store.Other
		}
		known[personal{e.Person, e.ID}] = append(digests, recordID(e))
		fresh = append(fresh, documentOf(e))
	}
	if len(fresh) == 0 {
		return standings, nil
	}
	c.wrote = true
	_, err = c.records.InsertMany(c.ctx, fresh, options.InsertMany().SetOrdered(false))
	return standings, c.note("insert records", err)
}

// personal is the identity of a record: ids are only told apart within one person.
type personal struct{ person, id string }

// known finds the `_id`s of what is kept of these people between the least and the greatest of the entries'
// ids, which holds all that is kept under those ids; it reads the index alone. Ids are made in order of time
// where we make them, so new ones find little.
func (c *change) known(entries []record.Entry) (map[personal][]string, error) {
	persons, ids := make([]string, len(entries)), make([]string, len(entries))
	for i := range entries {
		persons[i], ids[i] = entries[i].Person, entries[i].ID
	}
	slices.Sort(persons)
	persons = slices.Compact(persons)
	c.hold(persons)
	within := bson.D{{Key: "$gte", Value: slices.Min(ids) + "/"}, {Key: "$lt", Value: slices.Max(ids) + "0"}}
	only := options.Find().SetProjection(bson.D{{Key: "person", Value: 1}})
	known := map[personal][]string{}
	for some := range slices.Chunk(persons, chunk) {
		var found []struct {
			ID     string `bson:"_id"`
			Person string `bson:"person"`
		}
		filter := bson.D{{Key: "person", Value: in(some)}, {Key: "_id", Value: within}}
		if err := all(c.ctx, c.records, filter, &found, only); err != nil {
			return nil, c.note("look records up", err)
		}
		for _, f := range found {
			id, _, _ := strings.Cut(f.ID, "/")
			known[personal{f.Person, id}] = append(known[personal{f.Person, id}], f.ID)
		}
	}
	return known, nil
}

// Sets implements store.RecordTx.
func (c *change) Sets(persons []string) (map[string][]record.Entry, error) {
	sets := map[string][]record.Entry{}
	if c.failed != nil {
		return nil, c.failed
	}
	c.hold(persons)
	inOrder := options.Find().SetSort(ascending("person", "_id")).SetProjection(keptFields)
	for some := range slices.Chunk(persons, chunk) {
		var found []kept
		if err := all(c.ctx, c.records, bson.D{{Key: "person", Value: in(some)}}, &found, inOrder); err != nil {
			return nil, c.note("read records", err)
		}
		for _, f := range found {
			e, err := f.entry()
			if err != nil {
				return nil, err
			}
			sets[e.Person] = append(sets[e.Person], e)
		}
	}
	return sets, nil
}

// Forget implements store.PeopleTx.
func (c *change) Forget(person string) error {
	if c.failed != nil {
		return c.failed
	}
	c.hold([]string{person})
	c.wrote = true
	_, err := c.records.DeleteMany(c.ctx, bson.D{{Key: "person", Value: person},
		{Key: "kind", Value: bson.D{{Key: "$ne", Value: string(record.Erased)}}}})
	return c.note("forget a person", err)
}

// EachEntry implements store.Ledger.
func (s *Store) EachEntry(ctx context.Context, after string, fn func(record.Entry) error) error {
	inOrder := options.Find().SetSort(ascending("person", "_id")).SetProjection(keptFields)
	filter := bson.D{{Key: "person", Value: bson.D{{Key: "$gt", Value: after}}}}
	return each(ctx, s.records, filter, func(k kept) error {
		e, err := k.entry()
		if err != nil {
			return err
		}
		return fn(e)
	}, inOrder)
}

// in asks for any of the values. One alone is asked for by equality, which every planner knows how to combine
// with a range of the index's next field.
func in(values []string) any {
	if len(values) == 1 {
		return values[0]
	}
	return bson.D{{Key: "$in", Value: values}}
}

// all reads everything that is found; the error is the driver's.
func all[T any](ctx context.Context, c *driver.Collection, filter bson.D, found *[]T,
	opts ...*options.FindOptions) error {
	cursor, err := c.Find(ctx, filter, opts...)
	if err != nil {
		return err
	}
	return cursor.All(ctx, found)
}

// each calls fn with one document after the other.
func each[T any](ctx context.Context, c *driver.Collection, filter bson.D, fn func(T) error,
	opts ...*options.FindOptions) error {
	cursor, err := c.Find(ctx, filter, opts...)
	if err != nil {
		return fault(ctx, "read "+c.Name(), err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		var document T
		if err := cursor.Decode(&document); err != nil {
			return fault(ctx, "read "+c.Name(), err)
		}
		if err := fn(document); err != nil {
			return err
		}
	}
	return fault(ctx, "read "+c.Name(), cmp.Or(cursor.Err(), ctx.Err()))
}
