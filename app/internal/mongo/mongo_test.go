package mongo_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.mongodb.org/mongo-driver/bson/primitive"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/app/internal/mongo"
	"melek/courses/store"
	"melek/courses/store/storetest"
)

// testURI names the server that tests may use; without one they skip, but never where everything must run.
func testURI(t testing.TB) string {
	t.Helper()
	uri := os.Getenv("MONGODB_TEST_URI")
	if uri == "" && os.Getenv("CI") == "true" {
		t.Fatal("MONGODB_TEST_URI is not set, and CI=true lets nothing skip")
	}
	if uri == "" {
		t.Skip("MONGODB_TEST_URI is not set: it names a MongoDB server on which databases are made and dropped")
	}
	return uri
}

// freshDatabase is the name of a database that nobody else uses, dropped when the test is over.
func freshDatabase(t testing.TB, uri string) *driver.Database {
	t.Helper()
	client, err := driver.Connect(context.Background(), options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	db := client.Database(fmt.Sprintf("melek_test_%s", primitive.NewObjectID().Hex()))
	t.Cleanup(func() {
		if err := db.Drop(context.Background()); err != nil {
			t.Errorf("drop %s: %v", db.Name(), err)
		}
		if err := client.Disconnect(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return db
}

func open(t testing.TB, uri string, db *driver.Database) store.Store {
	t.Helper()
	s, err := mongo.Open(t.Context(), uri, db.Name())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	uri := testURI(t)
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, uri, freshDatabase(t, uri)) })
}

func TestLasting(t *testing.T) {
	uri := testURI(t)
	storetest.Lasting(t, func(t *testing.T) func(t *testing.T) store.Store {
		db := freshDatabase(t, uri)
		return func(t *testing.T) store.Store { return open(t, uri, db) }
	})
}

func closeStore(t testing.TB, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
