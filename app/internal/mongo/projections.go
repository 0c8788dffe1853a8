package mongo

import (
	"context"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/courses/store"
	"melek/courses/tally"
)

// projectionDocument is a projection. Change is the id of the change that wrote or stamped it last; a
// document without a state is but a stamp.
type projectionDocument struct {
	Person string             `bson:"_id"`
	Rev    int64              `bson:"rev"`
	State  *string            `bson:"state"`
	Counts []countDocument    `bson:"counts,omitempty"`
	Due    *time.Time         `bson:"due,omitempty"`
	Change primitive.ObjectID `bson:"change"`
}

// countDocument names the tally by its `_id`.
type countDocument struct {
	Tally string `bson:"tally"`
	Cell  string `bson:"cell"`
}

func (c *change) projectionDocument(p store.Projection) projectionDocument {
	state := string(p.State)
	d := projectionDocument{Person: p.Person, Rev: p.Rev, State: &state, Due: setTime(p.Due), Change: c.id}
	for _, count := range p.Counts {
		d.Counts = append(d.Counts, countDocument{tallyID(count.Key), count.Cell})
	}
	return d
}

func (d projectionDocument) projection() (store.Projection, error) {
	p := store.Projection{Person: d.Person, Rev: d.Rev, State: []byte(*d.State), Due: timeOf(d.Due)}
	for _, count := range d.Counts {
		key, err := tallyKey(count.Tally)
		if err != nil {
			return store.Projection{}, err
		}
		p.Counts = append(p.Counts, tally.Count{Key: key, Cell: count.Cell})
	}
	return p, nil
}

// setTime leaves the zero time out of a document.
func setTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// hold makes other changes of these people collide with this one, should it write anything.
func (c *change) hold(persons []string) {
	for _, id := range persons {
		c.held[id] = true
	}
}

// TxProjections implements store.RecordTx.
func (c *change) TxProjections(persons []string) (map[string]store.Projection, error) {
	if c.failed != nil {
		return nil, c.failed
	}
	c.hold(persons)
	projections := make(map[string]store.Projection, len(persons))
	missing := make([]string, 0, len(persons))
	for _, id := range persons {
		if p, ok := c.put[id]; ok {
			projections[id] = p
		} else {
			missing = append(missing, id)
		}
	}
	found, err := c.Projections(c.ctx, missing)
	if err != nil {
		return nil, c.fail(err)
	}
	for _, p := range found {
		projections[p.Person] = p
	}
	return projections, nil
}

// PutProjections implements store.RecordTx.
func (c *change) PutProjections(projections []store.Projection) error {
	for _, p := range projections {
		p.State, p.Counts = slices.Clone(p.State), slices.Clone(p.Counts)
		c.put[p.Person], c.held[p.Person], c.wrote = p, true, true
	}
	return c.failed
}

// flushProjections writes the projections that were put and stamps those of all others who were read.
func (c *change) flushProjections() error {
	if len(c.held) == 0 {
		return nil
	}
	writes := make([]driver.WriteModel, 0, len(c.held))
	for _, id := range slices.Sorted(maps.Keys(c.held)) {
		own := bson.D{{Key: "_id", Value: id}}
		if p, ok := c.put[id]; ok {
			document := c.projectionDocument(p)
			write := driver.NewReplaceOneModel().SetFilter(own).SetReplacement(document).SetUpsert(true)
			writes = append(writes, write)
		} else {
			writes = append(writes, driver.NewUpdateOneModel().SetFilter(own).SetUpdate(c.stamp()).SetUpsert(true))
		}
	}
	_, err := c.projections.BulkWrite(c.ctx, writes, options.BulkWrite().SetOrdered(false))
	return c.note("put projections", err)
}

func (c *change) stamp() bson.D {
	return bson.D{{Key: "$set", Value: bson.D{{Key: "change", Value: c.id}}}}
}

// Projections implements store.Ledger.
func (s *Store) Projections(ctx context.Context, persons []string) ([]store.Projection, error) {
	var projections []store.Projection
	for some := range slices.Chunk(persons, chunk) {
		err := s.eachProjection(ctx, bson.D{{Key: "_id", Value: in(some)}}, func(p store.Projection) error {
			projections = append(projections, p)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return projections, nil
}

// EachProjection implements store.Ledger.
func (s *Store) EachProjection(ctx context.Context, after string, fn func(store.Projection) error) error {
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}}
	return s.eachProjection(ctx, filter, fn, options.Find().SetSort(ascending("_id")))
}

// eachProjection passes over what is but a stamp.
func (s *Store) eachProjection(ctx context.Context, filter bson.D, fn func(store.Projection) error,
	opts ...*options.FindOptions) error {
	return each(ctx, s.projections, filter, func(d projectionDocument) error {
		if d.State == nil {
			return nil
		}
		p, err := d.projection()
		if err != nil {
			return err
		}
		return fn(p)
	}, opts...)
}

// Due implements store.Ledger.
func (s *Store) Due(ctx context.Context, t time.Time, limit int) ([]string, error) {
	if limit <= 0 {
		return nil, ctx.Err()
	}
	var persons []string
	filter := bson.D{{Key: "due", Value: bson.D{{Key: "$lte", Value: t}}}}
	only := options.Find().SetProjection(bson.D{{Key: "due", Value: 1}})
	err := each(ctx, s.projections, filter, func(d projectionDocument) error {
		persons = append(persons, d.Person)
		return nil
	}, only.SetSort(ascending("due")).SetLimit(int64(limit)))
	return persons, err
}
