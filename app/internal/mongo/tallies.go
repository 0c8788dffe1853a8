package mongo

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/courses/people"
	"melek/courses/tally"
)

// tallyDocument is one tally, named by its `_id`. What reports ask for stands only beside figures, so that
// their index leads to nothing else; base and day are the cut. A document with neither cells nor figures is
// but a stamp.
type tallyDocument struct {
	ID      string             `bson:"_id"`
	Cells   []cellDocument     `bson:"cells,omitempty"`
	Figures *figuresDocument   `bson:"figures,omitempty"`
	Report  *reportDocument    `bson:",inline"`
	Change  primitive.ObjectID `bson:"change"`
}

type reportDocument struct {
	Area   string `bson:"area"`
	Course string `bson:"course"`
	Role   string `bson:"role"`
	Base   string `bson:"base"`
	Day    string `bson:"day"` // empty for all days
}

type cellDocument struct {
	Cell string `bson:"cell"`
	N    int64  `bson:"n"`
}

// figuresDocument has the fields of tally.Figures, under the names that reports use.
type figuresDocument struct {
	Enrolled   int64         `bson:"enrolled"`
	Completed  int64         `bson:"completed"`
	PreN       int64         `bson:"pre_n"`
	PostN      int64         `bson:"post_n"`
	Matched    int64         `bson:"matched"`
	Competent  int64         `bson:"competent"`
	Dropouts   int64         `bson:"dropouts"`
	Pre        tally.Moments `bson:"pre"` // mean and m2
	Post       tally.Moments `bson:"post"`
	Diff       tally.Moments `bson:"diff"`
	DropoutPre tally.Moments `bson:"dropout_pre"`
}

func tallyID(k tally.Key) string { return path(k.Area, k.Course, string(k.Role), string(k.Cut)) }

// tallyKey reads a tally's `_id`.
func tallyKey(id string) (tally.Key, error) {
	parts := strings.Split(id, "/")
	for i := range parts {
		var err error
		if parts[i], err = url.PathUnescape(parts[i]); err != nil {
			return tally.Key{}, fmt.Errorf("mongo: tally %q: %w", id, err)
		}
	}
	if len(parts) != 4 {
		return tally.Key{}, fmt.Errorf("mongo: tally %q has %d parts, want 4", id, len(parts))
	}
	role, cut := people.Role(parts[2]), tally.Cut(parts[3])
	return tally.Key{Area: parts[0], Course: parts[1], Role: role, Cut: cut}, nil
}

// tallied is a tally as the change sees it: what was read and what it did since.
type tallied struct {
	cells   map[string]int64
	figures tally.Figures
	there   bool // a document is kept of it
	changed bool
}

func (t *tallied) empty() bool { return len(t.cells) == 0 && t.figures == tally.Figures{} }

// load reads the tallies that the change has not seen yet.
func (c *change) load(keys []tally.Key) error {
	if c.failed != nil {
		return c.failed
	}
	var ids []string
	fresh := map[string]*tallied{}
	for _, key := range keys {
		if c.touched[key] == nil {
			t, id := &tallied{cells: map[string]int64{}}, tallyID(key)
			c.touched[key], fresh[id], ids = t, t, append(ids, id)
		}
	}
	for some := range slices.Chunk(ids, chunk) {
		var found []tallyDocument
		if err := all(c.ctx, c.tallies, bson.D{{Key: "_id", Value: in(some)}}, &found); err != nil {
			return c.note("read tallies", err)
		}
		for _, d := range found {
			t := fresh[d.ID]
			t.there = true
			for _, cell := range d.Cells {
				t.cells[cell.Cell] = cell.N
			}
			if d.Figures != nil {
				t.figures = tally.Figures(*d.Figures)
			}
		}
	}
	return nil
}

// AddCells implements store.TallyTx.
func (c *change) AddCells(deltas map[tally.Key]map[string]int64) error {
	if err := c.load(slices.Collect(maps.Keys(deltas))); err != nil {
		return err
	}
	for key, delta := range deltas {
		t := c.touched[key]
		for cell, by := range delta {
			if t.cells[cell] += by; t.cells[cell] == 0 {
				delete(t.cells, cell)
			}
			t.changed, c.wrote = true, true
		}
	}
	return nil
}

// Cells implements store.TallyTx.
func (c *change) Cells(keys []tally.Key) (map[tally.Key]map[string]int64, error) {
	if err := c.load(keys); err != nil {
		return nil, err
	}
	found := make(map[tally.Key]map[string]int64, len(keys))
	for _, key := range keys {
		if cells := c.touched[key].cells; len(cells) > 0 {
			found[key] = maps.Clone(cells)
		}
	}
	return found, nil
}

// PutFigures implements store.TallyTx.
func (c *change) PutFigures(figures map[tally.Key]tally.Figures) error {
	if err := c.load(slices.Collect(maps.Keys(figures))); err != nil {
		return err
	}
	for key, f := range figures {
		t := c.touched[key]
		t.figures, t.changed, c.wrote = f, true, true
	}
	return nil
}

// flushTallies writes the tallies that were changed and stamps all others that were read.
func (c *change) flushTallies() error {
	if len(c.touched) == 0 {
		return nil
	}
	writes := make([]driver.WriteModel, 0, len(c.touched))
	for key, t := range c.touched {
		writes = append(writes, c.writeOf(key, t))
	}
	_, err := c.tallies.BulkWrite(c.ctx, writes, options.BulkWrite().SetOrdered(false))
	return c.note("put tallies", err)
}

func (c *change) writeOf(key tally.Key, t *tallied) driver.WriteModel {
	document := tallyDocument{ID: tallyID(key), Change: c.id}
	own := bson.D{{Key: "_id", Value: document.ID}}
	switch {
	case t.there && t.changed && t.empty():
		return driver.NewDeleteOneModel().SetFilter(own)
	case !t.changed:
		return driver.NewUpdateOneModel().SetFilter(own).SetUpdate(c.stamp()).SetUpsert(true)
	}
	for _, cell := range slices.Sorted(maps.Keys(t.cells)) {
		document.Cells = append(document.Cells, cellDocument{cell, t.cells[cell]})
	}
	if t.figures != (tally.Figures{}) {
		f := figuresDocument(t.figures)
		base, day := key.Cut.Split()
		document.Figures = &f
		document.Report = &reportDocument{Area: key.Area, Course: key.Course, Role: string(key.Role),
			Base: string(base), Day: day}
	}
	return driver.NewReplaceOneModel().SetFilter(own).SetReplacement(document).SetUpsert(true)
}
