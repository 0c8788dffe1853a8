// Package mongo keeps Melek's data in MongoDB 6 or later, a replica set or a sharded cluster. It is the only
// room that knows the driver; it holds no rule.
//
// Documents. Each collection holds one kind of thing, with fields that read well in mongosh. What callers
// name (items, files, cells) is only ever a value, never the name of a field, so dots and dollars in it mean
// nothing.
//
//   - records: `_id` is the record's UUID, a slash and the digest of its content. One content under one id
//     is one `_id` whoever delivers it however often, so a duplicate collides by itself; other content
//     under the same id stands beside it; and two people who come with the same UUID never meet, for the
//     content names its person. The UUID alone could promise none of the three. The index and the shard
//     key {person, _id} keep a person's records together, in the order in which they are read: a shard
//     judges identity (person and id) alone, and what is known of some new records is one short range of
//     the index. The canonical content is kept as text beside the fields and is what is read back; answers
//     stand in it alone.
//   - projections: one document a person. The state is kept as the text it came as, for it is compared to
//     the byte. Parts are the exception to names as values: each stands in a field named by its course,
//     without dots and dollars, so that an answer writes its own part and leaves the others.
//   - tallies: one document a tally, cells and figures in it, for whatever changes the one changes the
//     other. `_id` is area/course/role/cut; it begins with the area and so shards by area.
//
// Serialisable changes. MongoDB's transactions see one snapshot, and two that write the same document
// collide; two that each read what the other writes do not. So a change that writes anything also writes
// (stamps with its own id) the projection document of each person and each tally that it read, and what
// would have been skew becomes a collision; for a person without a projection a stamp alone is kept, which
// readers pass over. Changes that only read stamp nothing. A change that collided is run again after a
// random pause, and one that lost several times takes its turn alone in this process, so that a hall that
// hands in at once queues instead of trampling. Projections and tallies are written once, at the end of the
// change: few round trips, and the documents that are fought over are held briefly.
package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
	"golang.org/x/sync/semaphore"

	"melek/courses/store"
)

const (
	// parallel is how many changes of this process may be under way at once.
	parallel = 32
	// patience is how long a server is looked for before the store counts as unavailable, unless the URI says.
	patience = 5 * time.Second
	// aborting bounds how long the server is told that a change has failed, which it finds out by itself in a
	// minute.
	aborting = time.Second
	// farewell bounds how long Close waits for changes under way.
	farewell = 10 * time.Second
	// chunk is how many ids go into one query.
	chunk = 1000
	// oldestWire is the wire version of MongoDB 6.0.
	oldestWire = 17
)

var _ store.Store = (*Store)(nil)

// Store is safe for concurrent use, and several processes may have one on the same database.
type Store struct {
	client *driver.Client
	db     *driver.Database
	turns  *semaphore.Weighted

	records, projections, tallies, people, allowances *driver.Collection
	credentials, sessions, sources, settings, journal *driver.Collection
	acknowledgements, requests, counters, drafts      *driver.Collection
	workshops                                         *driver.Collection
}

// Open connects to the database and makes its collections and indexes where they are missing.
func Open(ctx context.Context, uri, database string) (*Store, error) {
	durable := writeconcern.Majority()
	durable.Journal = new(bool)
	*durable.Journal = true
	opts := options.Client().SetAppName("melek").SetServerSelectionTimeout(patience).ApplyURI(uri).
		SetWriteConcern(durable).SetReadConcern(readconcern.Majority()).SetReadPreference(readpref.Primary())
	client, err := driver.Connect(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("mongo: connect: %w", err)
	}
	s := newStore(client, client.Database(database))
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func newStore(client *driver.Client, db *driver.Database) *Store {
	return &Store{client: client, db: db, turns: semaphore.NewWeighted(parallel),
		records: db.Collection("records"), projections: db.Collection("projections"),
		tallies: db.Collection("tallies"), people: db.Collection("people"),
		allowances: db.Collection("allowances"), credentials: db.Collection("credentials"),
		sessions: db.Collection("sessions"), sources: db.Collection("courses"),
		settings: db.Collection("settings"), journal: db.Collection("journal"),
		acknowledgements: db.Collection("acknowledgements"), requests: db.Collection("requests"),
		counters: db.Collection("counters"), drafts: db.Collection("drafts"),
		workshops: db.Collection("workshops")}
}

// greeting is what a server says of itself.
type greeting struct {
	SetName        string `bson:"setName"`
	Message        string `bson:"msg"`
	MaxWireVersion int    `bson:"maxWireVersion"`
}

func (g greeting) sharded() bool { return g.Message == "isdbgrid" }

func (g greeting) check() error {
	if g.MaxWireVersion < oldestWire {
		return errors.New("mongo: the server is older than MongoDB 6.0: upgrade it")
	}
	if g.SetName == "" && !g.sharded() {
		return errors.New("mongo: the server is neither a replica set nor sharded and so has no transactions: " +
			"start mongod with --replSet NAME and run rs.initiate() once; a set of one server will do")
	}
	return nil
}

func (s *Store) prepare(ctx context.Context) error {
	var g greeting
	err := s.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&g)
	if err != nil {
		return fault(ctx, "greet the server", err)
	}
	if err := g.check(); err != nil {
		return err
	}
	if err := s.makeCollections(ctx); err != nil {
		return err
	}
	if err := s.makeIndexes(ctx); err != nil {
		return err
	}
	if g.sharded() {
		return s.shard(ctx)
	}
	return nil
}

// Ping implements store.Store.
func (s *Store) Ping(ctx context.Context) error {
	return fault(ctx, "ping", s.client.Ping(ctx, readpref.Primary()))
}

// Close implements store.Store: changes under way have a while to end.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	if s.turns.Acquire(ctx, parallel) == nil {
		defer s.turns.Release(parallel)
	}
	if err := s.client.Disconnect(ctx); err != nil {
		return fmt.Errorf("mongo: close: %w", err)
	}
	return nil
}
