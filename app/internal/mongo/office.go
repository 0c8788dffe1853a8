package mongo

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"melek/courses/store"
)

// sourceDocument is one version of a course; `_id` is course/version.
type sourceDocument struct {
	Course  string         `bson:"course"`
	Version string         `bson:"version"`
	Files   []fileDocument `bson:"files"`
	Current bool           `bson:"current"`
	KeptAt  time.Time      `bson:"kept_at"`
}

type fileDocument struct {
	Name string `bson:"name"`
	Text string `bson:"text"`
}

// fileDocuments are the files in order of name.
func fileDocuments(files map[string]string) []fileDocument {
	documents := []fileDocument{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		documents = append(documents, fileDocument{name, files[name]})
	}
	return documents
}

func filesOf(documents []fileDocument) map[string]string {
	files := make(map[string]string, len(documents))
	for _, f := range documents {
		files[f.Name] = f.Text
	}
	return files
}

// PutCourse implements store.Office.
func (s *Store) PutCourse(ctx context.Context, c store.CourseSource) error {
	d := sourceDocument{Course: c.Course, Version: c.Version, Current: c.Current, KeptAt: c.KeptAt,
		Files: fileDocuments(c.Files)}
	_, err := s.sources.UpdateOne(ctx, bson.D{{Key: "_id", Value: path(c.Course, c.Version)}},
		bson.D{{Key: "$setOnInsert", Value: d}}, options.Update().SetUpsert(true))
	if driver.IsDuplicateKeyError(err) { // kept by somebody else just now
		return nil
	}
	return fault(ctx, "keep a course", err)
}

// Courses implements store.Office.
func (s *Store) Courses(ctx context.Context) ([]store.CourseSource, error) {
	var sources []store.CourseSource
	err := each(ctx, s.sources, bson.D{}, func(d sourceDocument) error {
		sources = append(sources, store.CourseSource{Course: d.Course, Version: d.Version, Current: d.Current,
			KeptAt: d.KeptAt, Files: filesOf(d.Files)})
		return nil
	})
	slices.SortFunc(sources, func(a, b store.CourseSource) int {
		return cmp.Or(strings.Compare(a.Course, b.Course), a.KeptAt.Compare(b.KeptAt),
			strings.Compare(a.Version, b.Version))
	})
	return sources, err
}

type settingDocument struct {
	Name  string `bson:"_id"`
	Value string `bson:"value"`
}

// Setting implements store.Office.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	d, err := find[settingDocument](ctx, s.settings, name)
	return d.Value, err
}

// SettingNames implements store.Office.
func (s *Store) SettingNames(ctx context.Context, prefix string) ([]string, error) {
	var names []string
	filter := bson.D{{Key: "_id", Value: literal("^", prefix)}}
	err := each(ctx, s.settings, filter, func(d settingDocument) error {
		names = append(names, d.Name)
		return nil
	}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	slices.Sort(names)
	return names, err
}

// PutSetting implements store.Office.
func (s *Store) PutSetting(ctx context.Context, name, value string) error {
	return put(ctx, s.settings, name, settingDocument{name, value})
}
