package mongo

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/courses/people"
	"melek/courses/store"
	"melek/courses/tally"
)

// literal asks for the text itself within a value, or at its beginning.
func literal(anchor, text string) primitive.Regex {
	// A pattern is kept up to its first NUL.
	quoted := strings.ReplaceAll(regexp.QuoteMeta(text), "\x00", `\x00`)
	return primitive.Regex{Pattern: anchor + quoted}
}

// Figures implements store.Reports.
func (s *Store) Figures(ctx context.Context, q store.FiguresQuery) ([]tally.KeyedFigures, error) {
	filter := bson.D{{Key: "course", Value: q.Course}, {Key: "role", Value: string(q.Role)},
		{Key: "base", Value: string(q.Base)}, {Key: "day", Value: days(q.From, q.To)}}
	var figures []tally.KeyedFigures
	err := each(ctx, s.tallies, filter, func(d tallyDocument) error {
		key, err := tallyKey(d.ID)
		figures = append(figures, tally.KeyedFigures{Key: key, Figures: tally.Figures(*d.Figures)})
		return err
	}, options.Find().SetProjection(bson.D{{Key: "cells", Value: 0}}))
	slices.SortFunc(figures, func(a, b tally.KeyedFigures) int {
		return cmp.Or(strings.Compare(a.Key.Area, b.Key.Area), cmp.Compare(a.Key.Cut, b.Key.Cut))
	})
	return figures, err
}

// CellsOf implements store.Reports.
func (s *Store) CellsOf(ctx context.Context, course string, role people.Role, cut tally.Cut) (
	[]tally.KeyedCells, error) {
	base, day := cut.Split()
	filter := bson.D{{Key: "course", Value: course}, {Key: "role", Value: string(role)},
		{Key: "base", Value: string(base)}, {Key: "day", Value: day},
		{Key: "cells", Value: bson.D{{Key: "$exists", Value: true}}}}
	var found []tally.KeyedCells
	err := each(ctx, s.tallies, filter, func(d tallyDocument) error {
		key, err := tallyKey(d.ID)
		of := tally.KeyedCells{Key: key, Cells: make(map[string]int64, len(d.Cells))}
		for _, c := range d.Cells {
			of.Cells[c.Cell] = c.N
		}
		found = append(found, of)
		return err
	}, options.Find().SetProjection(bson.D{{Key: "figures", Value: 0}}))
	slices.SortFunc(found, func(a, b tally.KeyedCells) int { return strings.Compare(a.Key.Area, b.Key.Area) })
	return found, err
}

// days are those from from to to, or no day where neither is given.
func days(from, to string) any {
	if from == "" && to == "" {
		return ""
	}
	within := bson.D{{Key: "$gte", Value: from}, {Key: "$gt", Value: ""}}
	if to != "" {
		within = append(within, bson.E{Key: "$lte", Value: to})
	}
	return within
}

// CutsOf implements store.Reports.
func (s *Store) CutsOf(ctx context.Context, course string, prefix tally.Cut) ([]tally.Cut, error) {
	filter := bson.D{{Key: "course", Value: course}, {Key: "day", Value: ""},
		{Key: "base", Value: literal("^", string(prefix))}}
	values, err := s.tallies.Distinct(ctx, "base", filter)
	if err != nil {
		return nil, fault(ctx, "list cuts", err)
	}
	var cuts []tally.Cut
	for _, value := range values {
		if base, ok := value.(string); ok {
			cuts = append(cuts, tally.Cut(base))
		}
	}
	slices.Sort(cuts)
	return cuts, nil
}

// Tallied implements store.Reports.
func (s *Store) Tallied(ctx context.Context) ([]tally.Key, error) {
	var keys []tally.Key
	some := bson.D{{Key: "cells", Value: bson.D{{Key: "$exists", Value: true}}}}
	err := each(ctx, s.tallies, some, func(d tallyDocument) error {
		key, err := tallyKey(d.ID)
		keys = append(keys, key)
		return err
	}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	return keys, err
}
