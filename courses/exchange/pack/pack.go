// Package pack packs a course for the learning system of another office, as SCORM 1.2 or as cmi5: the lessons
// and quizzes as pages that mark themselves. Test forms stay at home, since the keys would leave with them.
package pack

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"

	"melek/courses"
)

// Job is a course to be packed in one language.
type Job struct {
	Course *courses.Course
	Lang   courses.Lang
	Words  func(key string) string // the wording of a key in that language
	Base   string                  // the public address, with which cmi5's ids begin
}

//go:embed pages
var pages embed.FS

var lesson = template.Must(template.ParseFS(pages, "pages/lesson.html"))

// common are the files that every lesson uses beside its adapter to the other system.
var common = []string{"melek.css", "mark.js", "quiz.js"}

// page is what the template shows.
type page struct {
	Job
	Module  courses.Module
	Adapter string
	Items   []question
	Data    data
}

// question is an item as the template asks it.
type question struct {
	ID, Stem, Unit   string
	Type             courses.ItemType
	Options, Targets []choice
	Places           []int
}

type choice struct{ ID, Text string }

// data is what the script needs: how to mark and what to say.
type data struct {
	Items []marked          `json:"items"`
	Words map[string]string `json:"words"`
}

type marked struct {
	ID        string            `json:"id"`
	Type      courses.ItemType  `json:"type"`
	Options   []string          `json:"options"`
	Targets   []string          `json:"targets"`
	Key       []string          `json:"key"`
	Tolerance float64           `json:"tolerance"`
	Right     string            `json:"right"` // the right answer in words
	Whys      map[string]string `json:"whys"`
	Why       string            `json:"why"`
}

// T words what the page says.
func (j Job) T(key string) string { return j.Words("pack." + key) }

// In is the text in the language of the package.
func (j Job) In(t courses.Text) string { return t.In(j.Lang) }

// HTML is a text of the course, which its loader has sanitised.
func (j Job) HTML(t courses.Text) template.HTML {
	return template.HTML(t.In(j.Lang)) //nolint:gosec // it went through the loader's policy
}

func fileOf(place int, m courses.Module) string { return fmt.Sprintf("%02d-%s.html", place+1, m.ID) }

// files renders every page and adds what they use. The manifest is not among them.
func (j Job) files(adapter string) (map[string][]byte, error) {
	if len(j.Course.Modules) == 0 {
		return nil, courses.Problemf(courses.Invalid, "pack.no_modules")
	}
	files := map[string][]byte{}
	for _, name := range append(slices.Clone(common), adapter) {
		content, err := pages.ReadFile("pages/" + name)
		if err != nil {
			return nil, fmt.Errorf("pack: %w", err)
		}
		files[name] = content
	}
	for i, m := range j.Course.Modules {
		var b bytes.Buffer
		if err := lesson.Execute(&b, j.page(m, adapter)); err != nil {
			return nil, fmt.Errorf("pack: module %s: %w", m.ID, err)
		}
		files[fileOf(i, m)] = b.Bytes()
	}
	for name, picture := range j.Course.Pictures {
		files[name] = []byte(picture.Body)
	}
	return files, nil
}

func (j Job) page(m courses.Module, adapter string) page {
	p := page{Job: j, Module: m, Adapter: adapter, Data: data{Words: map[string]string{}}}
	for _, key := range []string{"right", "not_yet", "right_answer", "choose", "progress", "finished",
		"offline"} {
		p.Data.Words[key] = j.T(key)
	}
	for _, id := range m.Quiz {
		if it := j.Course.Items[id]; it.Withdrawn == "" {
			p.Items = append(p.Items, j.question(it))
			p.Data.Items = append(p.Data.Items, j.marked(it))
		}
	}
	return p
}

func (j Job) choices(options []courses.Option) []choice {
	all := make([]choice, len(options))
	for i, o := range options {
		all[i] = choice{o.ID, j.In(o.Text)}
	}
	return all
}

func (j Job) question(it *courses.Item) question {
	q := question{ID: it.ID, Stem: j.In(it.Stem), Unit: j.In(it.Unit), Type: it.Type,
		Options: j.choices(it.Options), Targets: j.choices(it.Targets)}
	for i := range it.Options {
		q.Places = append(q.Places, i+1)
	}
	return q
}

func (j Job) marked(it *courses.Item) marked {
	m := marked{ID: it.ID, Type: it.Type, Options: ids(it.Options), Targets: ids(it.Targets), Key: it.Key,
		Tolerance: it.Tolerance, Right: j.right(it), Why: j.In(it.Why), Whys: map[string]string{}}
	for _, o := range it.Options {
		if why := j.In(o.Why); why != "" {
			m.Whys[o.ID] = why
		}
	}
	return m
}

func ids(options []courses.Option) []string {
	all := make([]string, len(options))
	for i, o := range options {
		all[i] = o.ID
	}
	return all
}

// write packs the files with the manifest first. The same course always gives the same bytes.
func write(w io.Writer, manifestName string, manifest any, files map[string][]byte) error {
	text, err := xml.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return fmt.Errorf("pack: %s: %w", manifestName, err)
	}
	files[manifestName] = append([]byte(xml.Header), text...)
	archive := zip.NewWriter(w)
	isManifest := func(name string) bool { return name == manifestName }
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), isManifest)
	for _, name := range append([]string{manifestName}, names...) {
		f, err := archive.Create(name)
		if err != nil {
			return fmt.Errorf("pack: %s: %w", name, err)
		}
		if _, err := f.Write(files[name]); err != nil {
			return fmt.Errorf("pack: %s: %w", name, err)
		}
	}
	return archive.Close()
}
