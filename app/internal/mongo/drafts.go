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

// draftDocument is a course that is being written.
type draftDocument struct {
	Course string         `bson:"_id"`
	Base   string         `bson:"base,omitempty"`
	Files  []fileDocument `bson:"files"`
	By     string         `bson:"by"`
	At     *time.Time     `bson:"at,omitempty"`
}

func (d draftDocument) draft() store.Draft {
	return store.Draft{Course: d.Course, Base: d.Base, Files: filesOf(d.Files), By: d.By, At: timeOf(d.At)}
}

// Draft implements store.Drafts.
func (s *Store) Draft(ctx context.Context, course string) (store.Draft, error) {
	d, err := find[draftDocument](ctx, s.drafts, course)
	if err != nil {
		return store.Draft{}, err
	}
	return d.draft(), nil
}

// Drafts implements store.Drafts.
func (s *Store) Drafts(ctx context.Context) ([]store.Draft, error) {
	var found []store.Draft
	err := each(ctx, s.drafts, bson.D{}, func(d draftDocument) error {
		found = append(found, d.draft())
		return nil
	}, options.Find().SetSort(ascending("_id")))
	return found, err
}

// ChangeDraft implements store.Drafts. Two at once write the same document and so collide.
func (s *Store) ChangeDraft(ctx context.Context, course string, fn func(*store.Draft) error) error {
	return s.change(ctx, func(c *change) error {
		d, err := s.Draft(c.ctx, course)
		if err != nil && !errors.Is(err, courses.NotFound) {
			return c.fail(err)
		}
		d.Course = course
		if err := fn(&d); err != nil {
			return err
		}
		if len(d.Files) == 0 {
			_, err := s.drafts.DeleteOne(c.ctx, bson.D{{Key: "_id", Value: course}})
			return c.fail(fault(c.ctx, "take a draft away", err))
		}
		return c.fail(put(c.ctx, s.drafts, course, draftDocument{Course: course, Base: d.Base,
			Files: fileDocuments(d.Files), By: d.By, At: setTime(d.At)}))
	})
}
