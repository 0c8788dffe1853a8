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

// lineDocument is a line of the audit log. Those from before there was a chain have no number, and come in
// order of their time.
type lineDocument struct {
	N      int64     `bson:"n,omitempty"`
	At     time.Time `bson:"at"`
	By     string    `bson:"by"`
	Action string    `bson:"action"`
	On     string    `bson:"on"`
	Detail string    `bson:"detail,omitempty"`
	Hash   string    `bson:"hash,omitempty"`
}

func (d lineDocument) link() store.Link {
	line := store.AuditLine{At: d.At, By: d.By, Action: d.Action, On: d.On, Detail: d.Detail}
	return store.Link{AuditLine: line, Head: store.Head{N: d.N, Hash: d.Hash}}
}

// AddLine implements store.Journal. Two at once move the same head and so collide.
func (s *Store) AddLine(ctx context.Context, line store.AuditLine) error {
	return s.change(ctx, func(c *change) error {
		kept, err := find[settingDocument](c.ctx, s.settings, store.HeadSetting)
		if err != nil && !errors.Is(err, courses.NotFound) {
			return c.fail(err)
		}
		head, err := store.ReadHead(kept.Value)
		if err != nil {
			return err
		}
		l := head.Next(line)
		_, err = s.journal.InsertOne(c.ctx, lineDocument{N: l.N, At: l.At, By: l.By, Action: l.Action, On: l.On,
			Detail: l.Detail, Hash: l.Hash})
		if err != nil {
			return c.note("add a line", err)
		}
		moved := settingDocument{store.HeadSetting, l.Head.String()}
		return c.fail(put(c.ctx, s.settings, store.HeadSetting, moved))
	})
}

// Lines implements store.Journal.
func (s *Store) Lines(ctx context.Context, limit int) ([]store.AuditLine, error) {
	return s.lines(ctx, bson.D{}, limit)
}

// LinesAbout implements store.Journal.
func (s *Store) LinesAbout(ctx context.Context, person string, limit int) ([]store.AuditLine, error) {
	own := bson.A{bson.D{{Key: "on", Value: person}}, bson.D{{Key: "by", Value: person}}}
	return s.lines(ctx, bson.D{{Key: "$or", Value: own}}, limit)
}

func (s *Store) lines(ctx context.Context, filter bson.D, limit int) ([]store.AuditLine, error) {
	if limit <= 0 {
		return nil, ctx.Err()
	}
	var lines []store.AuditLine
	newest := bson.D{{Key: "n", Value: -1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}
	err := each(ctx, s.journal, filter, func(d lineDocument) error {
		lines = append(lines, d.link().AuditLine)
		return nil
	}, options.Find().SetSort(newest).SetLimit(int64(limit)))
	return lines, err
}

// EachLink implements store.Journal.
func (s *Store) EachLink(ctx context.Context, fn func(store.Link) error) error {
	return each(ctx, s.journal, bson.D{}, func(d lineDocument) error { return fn(d.link()) },
		options.Find().SetSort(ascending("n", "at", "_id")))
}
