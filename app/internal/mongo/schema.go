package mongo

import (
	"context"
	"net/url"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// path joins parts to one name from which they can be told apart again, whatever they hold.
func path(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = url.PathEscape(part)
	}
	return strings.Join(escaped, "/")
}

// makeCollections makes those that are missing: a transaction should find them there.
func (s *Store) makeCollections(ctx context.Context) error {
	names, err := s.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return fault(ctx, "list collections", err)
	}
	there := map[string]bool{}
	for _, name := range names {
		there[name] = true
	}
	for _, c := range []*driver.Collection{s.records, s.projections, s.tallies, s.people, s.allowances,
		s.credentials, s.sessions, s.sources, s.settings, s.journal, s.acknowledgements, s.requests,
		s.counters, s.drafts, s.workshops} {
		if there[c.Name()] {
			continue
		}
		const exists = 48 // another process was quicker
		if err := s.db.CreateCollection(ctx, c.Name()); err != nil && !hasCode(err, exists) {
			return fault(ctx, "make collection "+c.Name(), err)
		}
	}
	return nil
}

// makeIndexes makes those that are missing; making one again changes nothing.
func (s *Store) makeIndexes(ctx context.Context) error {
	sparse := options.Index().SetSparse(true)
	indexes := []struct {
		of   *driver.Collection
		keys bson.D
		opts *options.IndexOptions
	}{
		// A person's records in the order of sets, and what is known of an id without reading documents.
		{s.records, ascending("person", "_id"), nil},
		// Tests whose time is over; most projections have none under way.
		{s.projections, ascending("due"), sparse},
		// The rows of a report, and the cuts of a course.
		{s.tallies, ascending("course", "role", "base", "day"), nil},
		// The register of some areas, page by page.
		{s.people, ascending("area", "_id"), nil},
		// The few people of a role that has few, page by page.
		{s.people, ascending("role", "_id"), nil},
		// Signing in with a phone number.
		{s.people, ascending("phone"), sparse},
		// All that was granted to a person.
		{s.allowances, ascending("person"), nil},
		// All sessions of a person, to end them.
		{s.sessions, ascending("person"), nil},
		// Signing in by way of an identity provider.
		{s.credentials, ascending("subject"), sparse},
		// Counters that have ended.
		{s.counters, ascending("ends"), nil},
		// Sessions go by themselves, a day after they ended.
		{s.sessions, ascending("expires"), options.Index().SetExpireAfterSeconds(24 * 60 * 60)},
		// The latest lines of the audit log.
		{s.journal, ascending("n", "at", "_id"), nil},
		// A person's own lines of the audit log.
		{s.journal, ascending("on", "n", "at", "_id"), nil},
		{s.journal, ascending("by", "n", "at", "_id"), nil},
		// Requests in the order in which they are to be answered, and those of one person.
		{s.requests, ascending("closed", "rank", "_id"), nil},
		{s.requests, ascending("person"), nil},
		// The workshops of an area, those that a person runs or is asked to come to, and that of a code.
		{s.workshops, ascending("area"), nil},
		{s.workshops, ascending("facilitators"), nil},
		{s.workshops, ascending("roster"), nil},
		{s.workshops, ascending("code"), sparse},
	}
	for _, index := range indexes {
		_, err := index.of.Indexes().CreateOne(ctx, driver.IndexModel{Keys: index.keys, Options: index.opts})
		if err != nil {
			return fault(ctx, "make an index of "+index.of.Name(), err)
		}
	}
	return nil
}

func ascending(fields ...string) bson.D {
	keys := make(bson.D, len(fields))
	for i, field := range fields {
		keys[i] = bson.E{Key: field, Value: 1}
	}
	return keys
}

// shard spreads what grows with the number of people; what is small stays where the database was made.
// Sharding by the same key again changes nothing. An account that may not shard leaves it to whoever runs
// the cluster.
func (s *Store) shard(ctx context.Context) error {
	keys := []struct {
		of  *driver.Collection
		key bson.D
	}{
		{s.records, ascending("person", "_id")},
		{s.projections, ascending("_id")},
		{s.tallies, ascending("_id")}, // begins with the area
		{s.people, ascending("_id")},
	}
	for _, k := range keys {
		name := s.db.Name() + "." + k.of.Name()
		command := bson.D{{Key: "shardCollection", Value: name}, {Key: "key", Value: k.key}}
		const unauthorized = 13
		err := s.client.Database("admin").RunCommand(ctx, command).Err()
		if err != nil && !hasCode(err, unauthorized) {
			return fault(ctx, "shard "+k.of.Name(), err)
		}
	}
	return nil
}
