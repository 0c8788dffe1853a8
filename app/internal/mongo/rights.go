package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/courses"
	"melek/courses/store"
)

// acknowledgementDocument is the notice that a person acknowledged last.
type acknowledgementDocument struct {
	Person string    `bson:"_id"`
	Notice string    `bson:"notice"`
	Basis  string    `bson:"basis"`
	At     time.Time `bson:"at"`
}

// Acknowledgement implements store.Rights.
func (s *Store) Acknowledgement(ctx context.Context, person string) (store.Acknowledgement, error) {
	d, err := find[acknowledgementDocument](ctx, s.acknowledgements, person)
	if errors.Is(err, courses.NotFound) {
		return store.Acknowledgement{Person: person}, nil
	}
	return store.Acknowledgement(d), err
}

// PutAcknowledgement implements store.Rights.
func (s *Store) PutAcknowledgement(ctx context.Context, a store.Acknowledgement) error {
	return put(ctx, s.acknowledgements, a.Person, acknowledgementDocument(a))
}

// requestDocument is what a person asked about the own data. Closed and Rank are its place among others: open
// ones by when they are due, then the others by when they were ended, the latest first.
type requestDocument struct {
	ID      string     `bson:"_id"`
	Person  string     `bson:"person"`
	Kind    string     `bson:"kind"`
	Text    string     `bson:"text,omitempty"`
	MadeAt  *time.Time `bson:"made_at,omitempty"`
	Due     *time.Time `bson:"due,omitempty"`
	State   string     `bson:"state"`
	By      string     `bson:"by,omitempty"`
	Answer  string     `bson:"answer,omitempty"`
	EndedAt *time.Time `bson:"ended_at,omitempty"`
	Closed  bool       `bson:"closed"`
	Rank    int64      `bson:"rank"`
}

func requestDocumentOf(r store.Request) requestDocument {
	d := requestDocument{ID: r.ID, Person: r.Person, Kind: string(r.Kind), Text: r.Text,
		MadeAt: setTime(r.MadeAt), Due: setTime(r.Due), State: string(r.State),
		By: r.By, Answer: r.Answer, EndedAt: setTime(r.EndedAt),
		Closed: r.State != store.RequestOpen, Rank: r.Due.UnixMilli()}
	if d.Closed {
		d.Rank = -r.EndedAt.UnixMilli()
	}
	return d
}

func (d requestDocument) request() store.Request {
	return store.Request{ID: d.ID, Person: d.Person, Kind: store.RequestKind(d.Kind), Text: d.Text,
		MadeAt: timeOf(d.MadeAt), Due: timeOf(d.Due), State: store.RequestState(d.State), By: d.By,
		Answer: d.Answer, EndedAt: timeOf(d.EndedAt)}
}

// Request implements store.Rights.
func (s *Store) Request(ctx context.Context, id string) (store.Request, error) {
	d, err := find[requestDocument](ctx, s.requests, id)
	if err != nil {
		return store.Request{}, err
	}
	return d.request(), nil
}

// Requests implements store.Rights.
func (s *Store) Requests(ctx context.Context, q store.RequestsQuery) ([]store.Request, error) {
	filter := bson.D{}
	if q.Person != "" {
		filter = append(filter, bson.E{Key: "person", Value: q.Person})
	}
	if q.Open {
		filter = append(filter, bson.E{Key: "closed", Value: false})
	}
	var found []store.Request
	err := each(ctx, s.requests, filter, func(d requestDocument) error {
		found = append(found, d.request())
		return nil
	}, options.Find().SetSort(ascending("closed", "rank", "_id")).SetLimit(int64(max(q.Limit, 0))))
	return found, err
}

// ChangeRequest implements store.Rights. Two at once write the same document and so collide.
func (s *Store) ChangeRequest(ctx context.Context, id string, fn func(*store.Request) error) error {
	return s.change(ctx, func(c *change) error {
		r, err := s.Request(c.ctx, id)
		if err != nil && !errors.Is(err, courses.NotFound) {
			return c.fail(err)
		}
		r.ID = id
		if err := fn(&r); err != nil {
			return err
		}
		r.ID = id
		return c.fail(put(c.ctx, s.requests, id, requestDocumentOf(r)))
	})
}

// forgetRights takes away what the people said in their own words; that they asked, and when that was
// answered, stays.
func (c *change) forgetRights(ids []string) error {
	if _, err := c.acknowledgements.DeleteMany(c.ctx, bson.D{{Key: "_id", Value: in(ids)}}); err != nil {
		return c.note("remove people", err)
	}
	words := bson.D{{Key: "text", Value: ""}, {Key: "answer", Value: ""}}
	_, err := c.requests.UpdateMany(c.ctx, bson.D{{Key: "person", Value: in(ids)}},
		bson.D{{Key: "$unset", Value: words}})
	return c.note("remove people", err)
}
