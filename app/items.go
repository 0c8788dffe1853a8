package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/exchange/bank"
	"melek/courses/exchange/pack"
)

// itemsFile is the file of a course's folder that holds its items.
const itemsFile = "items.yaml"

type importItems struct {
	File string `arg:"" help:"GIFT, Moodle XML, or QTI 2 or 3: a package or one item; a - is standard input."`
	Into string `required:"" placeholder:"FOLDER" help:"Folder of the course, made if missing."`
	Lang string `enum:"id,en" default:"id" help:"Language of what does not say its own: "`
}

// Run writes the file's items as a draft of items.yaml and says what became of each, and what the draft still
// lacks. A second file in the other language fills in the translation.
func (c *importItems) Run() error {
	in, err := open(c.File)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(io.LimitReader(in, bank.MaxBytes+1))
	if err != nil {
		return err
	}
	haul, err := bank.Read(data, courses.Lang(c.Lang))
	if err != nil {
		return err
	}
	earlier, err := c.earlier()
	if err != nil {
		return err
	}
	haul.Merge(earlier)
	tellNotes(haul.Notes)
	if haul.Count(bank.Taken) > 0 {
		if err := c.write(haul.Items); err != nil {
			return err
		}
	}
	tell("%d items taken in, %d things changed, %d left out", haul.Count(bank.Taken), haul.Count(bank.Changed),
		haul.Count(bank.LeftOut))
	if haul.Count(bank.LeftOut) > 0 {
		return errTold
	}
	return nil
}

// earlier reads the draft that is in the folder already; what an author wrote is not touched.
func (c *importItems) earlier() ([]bank.Entry, error) {
	text, err := os.ReadFile(filepath.Join(c.Into, itemsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(string(text), bank.DraftMark) {
		return nil, courses.Problemf(courses.Conflict, "bank.author", c.Into)
	}
	items, err := content.ReadItems(filepath.Base(c.Into), string(text))
	var findings content.Findings
	if err != nil && !errors.As(err, &findings) {
		return nil, err
	}
	entries := make([]bank.Entry, len(items))
	for i, it := range items {
		entries[i].Item = it
	}
	return entries, nil
}

// write writes the draft and says what the loader of courses would still find.
func (c *importItems) write(entries []bank.Entry) error {
	var draft bytes.Buffer
	if err := bank.WriteDraft(&draft, entries); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Into, 0o700); err != nil {
		return err
	}
	out, err := create(filepath.Join(c.Into, itemsFile))
	if err != nil {
		return err
	}
	_, err = out.Write(draft.Bytes())
	if err := out.finish(err); err != nil {
		return err
	}
	folder, err := filepath.Abs(c.Into)
	if err != nil {
		return err
	}
	_, err = content.ReadItems(filepath.Base(folder), draft.String())
	if err == nil {
		if !isThere(filepath.Join(folder, "course.yaml")) {
			tell("every item is whole; what is missing is the course around them, see app/docs/courses.md")
			return nil
		}
		_, err = content.Load(os.DirFS(filepath.Dir(folder)), filepath.Base(folder))
	}
	if err == nil {
		tell("the course in %s can be taught", c.Into)
		return nil
	}
	tell("still missing in %s:", c.Into)
	for _, line := range sentences(err) {
		tell("  %s", line)
	}
	return nil
}

func isThere(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// tellNotes says what was changed and complains of what was left out.
func tellNotes(notes []bank.Note) {
	for _, n := range notes {
		if n.Fate == bank.Taken {
			continue
		}
		var where []string
		if n.File != "" {
			where = append(where, n.File)
		}
		if n.Line > 0 {
			where = append(where, fmt.Sprint("line ", n.Line))
		}
		if n.Item != "" {
			where = append(where, n.Item)
		}
		line := strings.Join(append(where, sentence(n.Reason)), ": ")
		if n.Fate == bank.LeftOut {
			complain("%s", line)
		} else {
			tell("%s", line)
		}
	}
}

type exportCourse struct {
	settings
	addressSettings `group:"Settings"`
	ID              string `arg:"" help:"Id of the course."`
	File            string `arg:"" help:"File to write; a - is standard output."`
	Format          string `enum:"melek,gift,moodle,qti,qti3,scorm,cmi5" default:"melek"`
	Lang            string `enum:"id,en" default:"id" help:"Language of formats that hold one: "`
	WithTests       bool   `help:"Write test items and their keys too; scorm and cmi5 never hold them."`
}

// Run writes the course. Whatever may hold keys of test items is written to the audit log as such.
func (c *exportCourse) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	return c.with(ctx, func(r *rig) error {
		course, err := r.catalog.Course(c.ID)
		if err != nil {
			return err
		}
		var file bytes.Buffer
		notes, err := c.write(&file, r, course)
		if err != nil {
			return err
		}
		out, err := create(c.File)
		if err != nil {
			return err
		}
		_, err = out.Write(file.Bytes())
		if err := out.finish(err); err != nil {
			return err
		}
		tellNotes(notes)
		detail := c.Format
		if c.Format == "melek" || c.WithTests && !c.packs() {
			detail += " with tests"
		}
		if err := r.note(ctx, "course.export", course.ID, detail); err != nil {
			return err
		}
		if len(notes) > 0 {
			return errTold
		}
		return nil
	})
}

// packs reports whether the format is of lessons and quizzes, without tests.
func (c *exportCourse) packs() bool { return c.Format == "scorm" || c.Format == "cmi5" }

func (c *exportCourse) write(w io.Writer, r *rig, course *courses.Course) ([]bank.Note, error) {
	switch c.Format {
	case "melek":
		source, err := r.catalog.Source(course.ID)
		if err != nil {
			return nil, err
		}
		return nil, content.WriteFile(w, source)
	case "scorm":
		return nil, pack.SCORM(w, c.job(course))
	case "cmi5":
		return nil, pack.CMI5(w, c.job(course))
	}
	items := bank.Of(course, c.WithTests)
	if len(items.Items) == 0 {
		return nil, courses.Problemf(courses.Invalid, "bank.tests_only")
	}
	switch c.Format {
	case "gift":
		return bank.WriteGIFT(w, items, courses.Lang(c.Lang))
	case "moodle":
		return nil, bank.WriteMoodle(w, items)
	case "qti":
		return nil, bank.WriteQTI(w, items, bank.QTI21)
	}
	return nil, bank.WriteQTI(w, items, bank.QTI30)
}

func (c *exportCourse) job(course *courses.Course) pack.Job {
	words := book().Words(c.Lang)
	return pack.Job{Course: course, Lang: courses.Lang(c.Lang), Base: c.publicURL(),
		Words: func(key string) string { return words.T(key) }}
}
