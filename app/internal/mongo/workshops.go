package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// workshopDocument is a training that facilitators hold.
type workshopDocument struct {
	ID           string     `bson:"_id"`
	Title        string     `bson:"title"`
	Courses      []string   `bson:"courses,omitempty"`
	Area         string     `bson:"area"`
	Place        string     `bson:"place,omitempty"`
	From         string     `bson:"from"`
	To           string     `bson:"to"`
	Facilitators []string   `bson:"facilitators,omitempty"`
	Roster       []string   `bson:"roster,omitempty"`
	Code         string     `bson:"code,omitempty"`
	Cancelled    bool       `bson:"cancelled,omitempty"`
	By           string     `bson:"by"`
	At           *time.Time `bson:"at,omitempty"`
}

func workshopDocumentOf(w people.Workshop) workshopDocument {
	return workshopDocument{ID: w.ID, Title: w.Title, Courses: w.Courses, Area: w.Area, Place: w.Place,
		From: w.From, To: w.To, Facilitators: w.Facilitators, Roster: w.Roster, Code: w.Code,
		Cancelled: w.Cancelled, By: w.By, At: setTime(w.At)}
}

func (d workshopDocument) workshop() people.Workshop {
	return people.Workshop{ID: d.ID, Title: d.Title, Courses: d.Courses, Area: d.Area, Place: d.Place,
		From: d.From, To: d.To, Facilitators: d.Facilitators, Roster: d.Roster, Code: d.Code,
		Cancelled: d.Cancelled, By: d.By, At: timeOf(d.At)}
}

// Workshop implements store.Workshops.
func (s *Store) Workshop(ctx context.Context, id string) (people.Workshop, error) {
	d, err := find[workshopDocument](ctx, s.workshops, id)
	if err != nil {
		return people.Workshop{}, err
	}
	return d.workshop(), nil
}

// Workshops implements store.Workshops.
func (s *Store) Workshops(ctx context.Context, q store.WorkshopsQuery) ([]people.Workshop, error) {
	filter := bson.D{{Key: "to", Value: bson.D{{Key: "$gte", Value: q.Since}}}}
	if q.Areas != nil {
		filter = append(filter, bson.E{Key: "area", Value: in(q.Areas)})
	}
	for _, wanted := range []bson.E{{Key: "facilitators", Value: q.Facilitator},
		{Key: "roster", Value: q.Member}, {Key: "code", Value: q.Code}} {
		if wanted.Value != "" {
			filter = append(filter, wanted)
		}
	}
	var found []people.Workshop
	latest := bson.D{{Key: "from", Value: -1}, {Key: "_id", Value: 1}}
	err := each(ctx, s.workshops, filter, func(d workshopDocument) error {
		found = append(found, d.workshop())
		return nil
	}, options.Find().SetSort(latest).SetLimit(int64(max(q.Limit, 0))))
	return found, err
}

// ChangeWorkshop implements store.Workshops. Two at once write the same document and so collide.
func (s *Store) ChangeWorkshop(ctx context.Context, id string, fn func(*people.Workshop) error) error {
	return s.change(ctx, func(c *change) error {
		w, err := s.Workshop(c.ctx, id)
		if err != nil && !errors.Is(err, courses.NotFound) {
			return c.fail(err)
		}
		w.ID = id
		if err := fn(&w); err != nil {
			return err
		}
		w.ID = id
		return c.fail(put(c.ctx, s.workshops, id, workshopDocumentOf(w)))
	})
}

// leaveWorkshops takes people out of all of them, as people.Workshop.Drop does.
func (c *change) leaveWorkshops(ids []string) error {
	for _, field := range []string{"facilitators", "roster"} {
		theirs := bson.D{{Key: field, Value: in(ids)}}
		if _, err := c.workshops.UpdateMany(c.ctx, theirs, bson.D{{Key: "$pull", Value: theirs}}); err != nil {
			return c.note("remove people", err)
		}
	}
	return nil
}
