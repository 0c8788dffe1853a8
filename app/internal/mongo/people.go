package mongo

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// personDocument is a person. Area is that of the last posting, Folded the id and the name in lower case:
// what People looks for.
type personDocument struct {
	ID        string            `bson:"_id"`
	Name      string            `bson:"name"`
	Role      string            `bson:"role"`
	Area      string            `bson:"area"`
	Phone     string            `bson:"phone,omitempty"`
	Language  string            `bson:"language,omitempty"`
	Gender    string            `bson:"gender,omitempty"`
	BirthYear int               `bson:"birth_year,omitempty"`
	Postings  []postingDocument `bson:"postings,omitempty"`
	Retired   bool              `bson:"retired,omitempty"`
	Folded    []string          `bson:"folded"`
}

type postingDocument struct {
	Area     string `bson:"area"`
	Position string `bson:"position,omitempty"`
	From     string `bson:"from,omitempty"`
	To       string `bson:"to,omitempty"`
}

func personDocumentOf(p people.Person) personDocument {
	d := personDocument{ID: p.ID, Name: p.Name, Role: string(p.Role), Phone: p.Phone,
		Language: string(p.Language),
		Gender:   p.Gender, BirthYear: p.BirthYear, Retired: p.Retired,
		Folded: []string{strings.ToLower(p.ID), strings.ToLower(p.Name)}}
	for _, posting := range p.Postings {
		d.Postings, d.Area = append(d.Postings, postingDocument(posting)), posting.Area
	}
	return d
}

func (d personDocument) person() people.Person {
	p := people.Person{ID: d.ID, Name: d.Name, Role: people.Role(d.Role), Phone: d.Phone,
		Language: courses.Lang(d.Language), Gender: d.Gender, BirthYear: d.BirthYear, Retired: d.Retired}
	for _, posting := range d.Postings {
		p.Postings = append(p.Postings, people.Posting(posting))
	}
	return p
}

// TxPeople implements store.PeopleTx.
func (c *change) TxPeople(ids []string) (map[string]people.Person, error) {
	if c.failed != nil {
		return nil, c.failed
	}
	c.hold(ids)
	known := make(map[string]people.Person, len(ids))
	for some := range slices.Chunk(ids, chunk) {
		var found []personDocument
		if err := all(c.ctx, c.people, bson.D{{Key: "_id", Value: in(some)}}, &found); err != nil {
			return nil, c.note("read people", err)
		}
		for _, d := range found {
			known[d.ID] = d.person()
		}
	}
	return known, nil
}

// PutPeople implements store.PeopleTx.
func (c *change) PutPeople(persons []people.Person) error {
	if len(persons) == 0 || c.failed != nil {
		return c.failed
	}
	writes := make([]driver.WriteModel, len(persons))
	for i, p := range persons {
		c.held[p.ID] = true
		own := bson.D{{Key: "_id", Value: p.ID}}
		writes[i] = driver.NewReplaceOneModel().SetFilter(own).SetReplacement(personDocumentOf(p)).SetUpsert(true)
	}
	c.wrote = true
	_, err := c.people.BulkWrite(c.ctx, writes)
	return c.note("put people", err)
}

// RemovePeople implements store.PeopleTx.
func (c *change) RemovePeople(ids []string) error {
	if len(ids) == 0 || c.failed != nil {
		return c.failed
	}
	c.hold(ids)
	c.wrote = true
	for _, of := range []struct {
		collection *driver.Collection
		field      string
	}{{c.people, "_id"}, {c.credentials, "_id"}, {c.sessions, "person"}, {c.allowances, "person"}} {
		if _, err := of.collection.DeleteMany(c.ctx, bson.D{{Key: of.field, Value: in(ids)}}); err != nil {
			return c.note("remove people", err)
		}
	}
	if err := c.leaveWorkshops(ids); err != nil {
		return err
	}
	return c.forgetRights(ids)
}

// Person implements store.Directory.
func (s *Store) Person(ctx context.Context, id string) (people.Person, error) {
	d, err := find[personDocument](ctx, s.people, id)
	if err != nil {
		return people.Person{}, err
	}
	return d.person(), nil
}

// find returns the document with the `_id`, or courses.NotFound.
func find[T any](ctx context.Context, c *driver.Collection, id string) (T, error) {
	var document T
	err := c.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&document)
	return document, fault(ctx, "find in "+c.Name(), err)
}

// put keeps a document in place of the one with the same `_id`.
func put(ctx context.Context, c *driver.Collection, id string, document any) error {
	replace := func() error {
		_, err := c.ReplaceOne(ctx, bson.D{{Key: "_id", Value: id}}, document, options.Replace().SetUpsert(true))
		return err
	}
	err := replace()
	if driver.IsDuplicateKeyError(err) { // made by somebody else just now
		err = replace()
	}
	return fault(ctx, "put in "+c.Name(), err)
}

// PersonByPhone implements store.Directory.
func (s *Store) PersonByPhone(ctx context.Context, phone string) (people.Person, error) {
	var found []personDocument
	filter := bson.D{{Key: "phone", Value: phone}}
	if err := all(ctx, s.people, filter, &found, options.Find().SetLimit(2)); err != nil {
		return people.Person{}, fault(ctx, "find by phone", err)
	}
	switch len(found) {
	case 0:
		return people.Person{}, fault(ctx, "find by phone", driver.ErrNoDocuments)
	case 1:
		return found[0].person(), nil
	}
	return people.Person{}, courses.Conflict
}

// People implements store.Directory.
func (s *Store) People(ctx context.Context, q store.PeopleQuery) ([]people.Person, error) {
	id := bson.D{{Key: "$gt", Value: q.After}}
	if q.IDs != nil {
		id = append(id, bson.E{Key: "$in", Value: q.IDs})
	}
	filter := bson.D{{Key: "_id", Value: id}}
	if q.Areas != nil {
		filter = append(filter, bson.E{Key: "area", Value: in(q.Areas)})
	}
	if q.Role != "" {
		filter = append(filter, bson.E{Key: "role", Value: string(q.Role)})
	}
	if q.Search != "" {
		filter = append(filter, bson.E{Key: "folded", Value: literal("", strings.ToLower(q.Search))})
	}
	var found []people.Person
	err := each(ctx, s.people, filter, func(d personDocument) error {
		found = append(found, d.person())
		return nil
	}, options.Find().SetSort(ascending("_id")).SetLimit(int64(max(q.Limit, 0))))
	return found, err
}

// allowanceDocument is an allowance; `_id` is person/course/phase.
type allowanceDocument struct {
	ID      string    `bson:"_id"`
	Person  string    `bson:"person"`
	Course  string    `bson:"course"`
	Phase   string    `bson:"phase"`
	ExtraMS int64     `bson:"extra_ms"`
	Open    bool      `bson:"open"`
	By      string    `bson:"by"`
	At      time.Time `bson:"at"`
}

// Allowances implements store.Directory.
func (s *Store) Allowances(ctx context.Context, person string) ([]store.Allowance, error) {
	var found []store.Allowance
	err := each(ctx, s.allowances, bson.D{{Key: "person", Value: person}}, func(d allowanceDocument) error {
		found = append(found, store.Allowance{Person: d.Person, Course: d.Course, Phase: record.Phase(d.Phase),
			Extra: time.Duration(d.ExtraMS) * time.Millisecond, Open: d.Open, By: d.By, At: d.At})
		return nil
	})
	return found, err
}

// PutAllowance implements store.Directory.
func (s *Store) PutAllowance(ctx context.Context, a store.Allowance) error {
	d := allowanceDocument{ID: path(a.Person, a.Course, string(a.Phase)), Person: a.Person, Course: a.Course,
		Phase: string(a.Phase), ExtraMS: a.Extra.Milliseconds(), Open: a.Open, By: a.By, At: a.At}
	return put(ctx, s.allowances, d.ID, d)
}
