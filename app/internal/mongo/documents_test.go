package mongo_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"

	"melek/app/internal/mongo"
	"melek/courses/people"
	"melek/courses/store"
	"melek/courses/tally"
)

// one returns the only document of a collection.
func one(t *testing.T, db *driver.Database, collection string) bson.M {
	t.Helper()
	cursor, err := db.Collection(collection).Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var found []bson.M
	if err := cursor.All(t.Context(), &found); err != nil || len(found) != 1 {
		t.Fatalf("%s holds %v, %v; want one document", collection, found, err)
	}
	return found[0]
}

func fields(document bson.M) string {
	var names []string
	for name := range document {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// TestDocumentsReadWell pins the names that people and queries rely on.
func TestDocumentsReadWell(t *testing.T) {
	uri := testURI(t)
	db := freshDatabase(t, uri)
	s := open(t, uri, db)
	defer closeStore(t, s)
	e := entry(t, 1)
	err := s.Change(t.Context(), func(tx store.Tx) error {
		err := tx.PutPeople([]people.Person{{ID: e.Person, Name: "Siti AMINAH", Role: people.Participant,
			Postings: []people.Posting{{Area: "33.07.01.2001"}}}})
		if err != nil {
			return err
		}
		return handIn(tx, e, "33.07.01.2001")
	})
	if err != nil {
		t.Fatal(err)
	}
	person, projection, kept := one(t, db, "people"), one(t, db, "projections"), one(t, db, "records")
	var tallied bson.M
	const tallyID = "33.07.01.2001/c/participant/pillar=3"
	if err := db.Collection("tallies").FindOne(t.Context(), bson.D{{Key: "_id", Value: tallyID}}).Decode(&tallied); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ of, got, want string }{
		{"people", fields(person), "_id area folded name postings role"},
		{"projections", fields(projection), "_id change rev state"},
		{"records", fields(kept), "_id at content course kind module person received_at time"},
		{"tallies", fields(tallied), "_id area base cells change course day figures role"},
	} {
		if tt.got != tt.want {
			t.Errorf("a document of %s has %s, want %s", tt.of, tt.got, tt.want)
		}
	}
	if id, _ := kept["_id"].(string); !strings.HasPrefix(id, e.ID+"/") {
		t.Errorf("a record's _id is %v, want it to begin with its UUID %s", kept["_id"], e.ID)
	}
	cells, _ := tallied["cells"].(bson.A)
	if cell, ok := cells[0].(bson.M); !ok || cell["cell"] != "1/2||" || cell["n"] != int64(1) {
		t.Errorf("cells are %v, want names as values", cells)
	}
}

// TestStampsAreNoProjections registers people, which stamps a document for each, and looks for projections.
func TestStampsAreNoProjections(t *testing.T) {
	uri := testURI(t)
	db := freshDatabase(t, uri)
	s := open(t, uri, db)
	defer closeStore(t, s)
	key := tally.Key{Course: "c", Role: people.Participant, Area: "33.07.01.2001"}
	err := s.Change(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Cells([]tally.Key{key}); err != nil {
			return err
		}
		return tx.PutPeople([]people.Person{{ID: "P1", Name: "Siti", Role: people.Participant}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := fields(one(t, db, "projections")); got != "_id change" {
		t.Errorf("the stamp has %s, want _id and change", got)
	}
	err = s.EachProjection(t.Context(), "", func(p store.Projection) error {
		t.Errorf("the stamp of %s is taken for a projection", p.Person)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	keys, err := s.Tallied(t.Context())
	if err != nil || len(keys) > 0 {
		t.Errorf("Tallied = %v, %v; want none", keys, err)
	}
}

func TestManyMayOpenANewDatabaseAtOnce(t *testing.T) {
	uri := testURI(t)
	db := freshDatabase(t, uri)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := mongo.Open(t.Context(), uri, db.Name())
			if err != nil {
				t.Error(err)
				return
			}
			closeStore(t, s)
		})
	}
	wg.Wait()
}
