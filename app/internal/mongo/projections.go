package mongo

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
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
	Person string                  `bson:"_id"`
	Rev    int64                   `bson:"rev"`
	State  *string                 `bson:"state"`
	Counts []countDocument         `bson:"counts,omitempty"`
	Parts  map[string]partDocument `bson:"parts,omitempty"` // by fieldOf the course
	Due    *time.Time              `bson:"due,omitempty"`
	Change primitive.ObjectID      `bson:"change"`
}

type partDocument struct {
	State  string          `bson:"state"`
	Counts []countDocument `bson:"counts,omitempty"`
}

// countDocument names the tally by its `_id`.
type countDocument struct {
	Tally string `bson:"tally"`
	Cell  string `bson:"cell"`
}

// dots writes a name so that it can be a field's: neither a path nor an operator.
var dots = strings.NewReplacer("%", "%25", ".", "%2E", "$", "%24")

func fieldOf(course string) string { return dots.Replace(course) }

// update puts the projection in the document's place, but for parts that it does not give.
func (c *change) update(p store.Projection) bson.D {
	set := bson.D{{Key: "change", Value: c.id}, {Key: "rev", Value: p.Rev},
		{Key: "state", Value: string(p.State)}}
	var unset bson.D
	put := func(field string, value any, there bool) {
		if there {
			set = append(set, bson.E{Key: field, Value: value})
		} else {
			unset = append(unset, bson.E{Key: field, Value: ""})
		}
	}
	put("counts", countDocuments(p.Counts), len(p.Counts) > 0)
	put("due", p.Due, !p.Due.IsZero())
	for course, part := range p.Parts {
		document := partDocument{string(part.State), countDocuments(part.Counts)}
		put("parts."+fieldOf(course), document, part.State != nil)
	}
	update := bson.D{{Key: "$set", Value: set}}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	return update
}

func countDocuments(counts []tally.Count) []countDocument {
	var documents []countDocument
	for _, count := range counts {
		documents = append(documents, countDocument{tallyID(count.Key), count.Cell})
	}
	return documents
}

func countsOf(documents []countDocument) ([]tally.Count, error) {
	var counts []tally.Count
	for _, document := range documents {
		key, err := tallyKey(document.Tally)
		if err != nil {
			return nil, err
		}
		counts = append(counts, tally.Count{Key: key, Cell: document.Cell})
	}
	return counts, nil
}

func (d projectionDocument) projection() (store.Projection, error) {
	p := store.Projection{Person: d.Person, Rev: d.Rev, State: []byte(*d.State), Due: timeOf(d.Due)}
	var err error
	if p.Counts, err = countsOf(d.Counts); err != nil {
		return p, err
	}
	for field, document := range d.Parts {
		course, err := url.PathUnescape(field)
		if err != nil {
			return p, fmt.Errorf("mongo: part %q of %q: %w", field, d.Person, err)
		}
		part := store.Part{State: []byte(document.State)}
		if part.Counts, err = countsOf(document.Counts); err != nil {
			return p, err
		}
		if p.Parts == nil {
			p.Parts = make(map[string]store.Part, len(d.Parts))
		}
		p.Parts[course] = part
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

// Revs implements store.RecordTx.
func (c *change) Revs(persons []string) (map[string]int64, error) {
	if c.failed != nil {
		return nil, c.failed
	}
	c.hold(persons)
	revs := make(map[string]int64, len(persons))
	only := options.Find().SetProjection(bson.D{{Key: "rev", Value: 1}})
	for some := range slices.Chunk(persons, chunk) {
		filter := bson.D{{Key: "_id", Value: in(some)},
			{Key: "state", Value: bson.D{{Key: "$exists", Value: true}}}}
		err := each(c.ctx, c.projections, filter, func(d projectionDocument) error {
			revs[d.Person] = d.Rev
			return nil
		}, only)
		if err != nil {
			return nil, c.fail(err)
		}
	}
	for _, id := range persons {
		if p, ok := c.put[id]; ok {
			revs[id] = p.Rev
		}
	}
	return revs, nil
}

// TxProjections implements store.RecordTx.
func (c *change) TxProjections(persons []string) (map[string]store.Projection, error) {
	if c.failed != nil {
		return nil, c.failed
	}
	c.hold(persons)
	found, err := c.Projections(c.ctx, persons)
	if err != nil {
		return nil, c.fail(err)
	}
	projections := make(map[string]store.Projection, len(persons))
	for _, p := range found {
		projections[p.Person] = p
	}
	for _, id := range persons {
		if p, ok := c.put[id]; ok {
			p.Parts = maps.Clone(p.Parts)
			maps.DeleteFunc(p.Parts, func(_ string, part store.Part) bool { return part.State == nil })
			for course, part := range projections[id].Parts {
				if _, given := c.put[id].Parts[course]; !given {
					p.Parts = with(p.Parts, course, part)
				}
			}
			projections[id] = p
		}
	}
	return projections, nil
}

func with(parts map[string]store.Part, course string, part store.Part) map[string]store.Part {
	if parts == nil {
		parts = map[string]store.Part{}
	}
	parts[course] = part
	return parts
}

// PutProjections implements store.RecordTx.
func (c *change) PutProjections(projections []store.Projection) error {
	for _, p := range projections {
		parts := maps.Clone(c.put[p.Person].Parts)
		for course, part := range p.Parts {
			parts = with(parts, course, store.Part{State: slices.Clone(part.State), Counts: slices.Clone(part.Counts)})
		}
		p.State, p.Counts, p.Parts = slices.Clone(p.State), slices.Clone(p.Counts), parts
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
		update := c.stamp()
		if p, ok := c.put[id]; ok {
			update = c.update(p)
		}
		own := bson.D{{Key: "_id", Value: id}}
		writes = append(writes, driver.NewUpdateOneModel().SetFilter(own).SetUpdate(update).SetUpsert(true))
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
