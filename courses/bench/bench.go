// Package bench keeps the drafts of courses while they are written, until they are published. It knows
// nothing of forms or pages, nor of who may write.
//
// A course has at most one draft, which all authors share. Two who write at once do not overwrite each
// other: every change says which state of its part it began from, and one that began from an older state is
// refused with what the other has written. Parts are small (one module's text, one item), so that it seldom
// comes to that.
package bench

import (
	"context"
	"maps"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/sheet"
	"melek/courses/store"
)

// keeper is what a bench needs of the store.
type keeper interface {
	store.Drafts
	Courses(ctx context.Context) ([]store.CourseSource, error)
}

// Bench is safe for concurrent use.
type Bench struct {
	store   keeper
	catalog *content.Catalog
	now     func() time.Time
}

// New makes a bench over the store and the catalog to which it publishes.
func New(s keeper, catalog *content.Catalog, now func() time.Time) *Bench {
	return &Bench{store: s, catalog: catalog, now: now}
}

// Draft is a draft as it stands.
type Draft struct {
	store.Draft
	Version string          // names what its files hold
	Course  *courses.Course // nil where it is not fit to be taught
	Sheet   *sheet.Sheet    // nil where a file is no YAML
	// Published is the version that is taught now, nil where there is none.
	Published *sheet.Sheet
	// Overtaken is set where another version has been published since the draft was begun.
	Overtaken bool
	Findings  []Finding
}

// Clash is the error of a change to a part that somebody else has changed since. It is of the kind
// courses.Conflict.
type Clash struct {
	By string // who changed the draft last
	// Theirs is the draft as it is, Mine as the change would leave it: they differ in what the change says. Both
	// are nil where a file was changed as a whole.
	Theirs, Mine *sheet.Sheet
	Text         string // of that file as it is
}

// Error is for logs; people are shown both texts.
func (c *Clash) Error() string { return "the part has been changed since by " + c.By }

// Unwrap makes errors.Is find the kind.
func (c *Clash) Unwrap() error { return courses.Conflict }

// Drafts returns every draft, in order of course.
func (b *Bench) Drafts(ctx context.Context) ([]Draft, error) {
	kept, err := b.store.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Draft, len(kept))
	for i, d := range kept {
		all[i] = b.look(d)
	}
	return all, nil
}

// Open returns the draft of a course, or courses.NotFound.
func (b *Bench) Open(ctx context.Context, course string) (Draft, error) {
	d, err := b.store.Draft(ctx, course)
	if courses.KindOf(err) == courses.NotFound {
		return Draft{}, noDraft(course)
	}
	if err != nil {
		return Draft{}, err
	}
	return b.look(d), nil
}

func noDraft(course string) error { return courses.Problemf(courses.NotFound, "draft.none", course) }

// look judges a draft.
func (b *Bench) look(d store.Draft) Draft {
	out := Draft{Draft: d, Version: content.Version(d.Files)}
	// An error is among the findings.
	out.Sheet, _ = sheet.Read(d.Files)
	out.Course, out.Findings = b.judge(d)
	if source, err := b.catalog.Source(d.Course); err == nil {
		out.Published, _ = sheet.Read(source.Files) // it is taught, so it can be read
		out.Overtaken = source.Version != d.Base
	}
	return out
}

// Begin makes a draft from the version of the course that is taught now. A draft that is there stays.
func (b *Bench) Begin(ctx context.Context, course, by string) error {
	source, err := b.catalog.Source(course)
	if err != nil {
		return err
	}
	return b.store.ChangeDraft(ctx, course, func(d *store.Draft) error {
		if len(d.Files) == 0 {
			*d = store.Draft{Base: source.Version, Files: source.Files, By: by, At: b.now()}
		}
		return nil
	})
}

// Create makes the draft of a new course. The id of a course that is there already is courses.Conflict.
func (b *Bench) Create(ctx context.Context, s *sheet.Sheet, by string) error {
	if !content.IsID(s.ID) {
		return courses.Problemf(courses.Invalid, "draft.id")
	}
	if _, taught := b.catalog.Current(s.ID); taught {
		return courses.Problemf(courses.Conflict, "draft.id_taken", s.ID)
	}
	files, err := s.Files()
	if err != nil {
		return err
	}
	return b.store.ChangeDraft(ctx, s.ID, func(d *store.Draft) error {
		if len(d.Files) > 0 && !maps.Equal(d.Files, files) {
			return courses.Problemf(courses.Conflict, "draft.id_taken", s.ID)
		}
		*d = store.Draft{Files: files, By: by, At: b.now()}
		return nil
	})
}

// Take takes a course that was brought as files in as a draft, and returns its id. A draft that is there is
// replaced where over is its Version, and otherwise kept: that is courses.Conflict.
func (b *Bench) Take(ctx context.Context, source store.CourseSource, over, by string) (string, error) {
	id := source.Course
	if s, err := sheet.Read(source.Files); err == nil && id == "" {
		id = s.ID
	}
	if !content.IsID(id) {
		return "", courses.Problemf(courses.Invalid, "draft.no_id")
	}
	if err := content.Fits(source.Files); err != nil {
		return id, err
	}
	base := ""
	if current, ok := b.catalog.Current(id); ok {
		base = current.Version
	}
	return id, b.store.ChangeDraft(ctx, id, func(d *store.Draft) error {
		if len(d.Files) > 0 && !maps.Equal(d.Files, source.Files) && content.Version(d.Files) != over {
			return courses.Problemf(courses.Conflict, "draft.there", id)
		}
		*d = store.Draft{Base: base, Files: source.Files, By: by, At: b.now()}
		return nil
	})
}

// Edit is a change to one part of a draft.
type Edit struct {
	Course string
	By     string
	Part   sheet.Part
	Rev    string // of the part that it began from
}

// Change runs fn on the sheet of a draft and keeps the result; fn may run several times. It is a *Clash
// where the part is not what the edit began from, unless it already is what fn makes of it: the same change
// twice is one.
func (b *Bench) Change(ctx context.Context, e Edit, fn func(s *sheet.Sheet) error) error {
	return b.changeFiles(ctx, e.Course, e.By, func(d *store.Draft) (map[string]string, error) {
		s, err := sheet.Read(d.Files)
		if err != nil {
			return nil, err
		}
		current := s.Rev(e.Part) == e.Rev
		if err := fn(s); err != nil {
			return nil, err
		}
		files, err := s.Save(d.Files)
		if err == nil && !current && !maps.Equal(files, d.Files) {
			theirs, _ := sheet.Read(d.Files) // it was read above
			return nil, &Clash{By: d.By, Theirs: theirs, Mine: s}
		}
		return files, err
	})
}

// ChangeFile keeps a text as a file of the draft; an empty one takes the file away. Rev is the Version of the
// file alone from which the change began.
func (b *Bench) ChangeFile(ctx context.Context, course, by, name, rev, text string) error {
	return b.changeFiles(ctx, course, by, func(d *store.Draft) (map[string]string, error) {
		text := content.Plain(text)
		if d.Files[name] != text && FileRev(d.Files, name) != rev {
			return nil, &Clash{By: d.By, Text: d.Files[name]}
		}
		files := maps.Clone(d.Files)
		if files[name] = text; text == "" {
			delete(files, name)
		}
		if len(files) == 0 {
			return nil, courses.Problemf(courses.Invalid, "course.no_course", content.CourseFile)
		}
		return files, nil
	})
}

// FileRev names what one file of a draft holds.
func FileRev(files map[string]string, name string) string {
	return content.Version(map[string]string{name: files[name]})
}

// changeFiles keeps what fn makes of the files of a draft that is there.
func (b *Bench) changeFiles(ctx context.Context, course, by string,
	fn func(d *store.Draft) (map[string]string, error)) error {
	return b.store.ChangeDraft(ctx, course, func(d *store.Draft) error {
		if len(d.Files) == 0 {
			return noDraft(course)
		}
		files, err := fn(d)
		if err != nil || maps.Equal(files, d.Files) {
			return err
		}
		if err := content.Fits(files); err != nil {
			return err
		}
		d.Files, d.By, d.At = files, by, b.now()
		return nil
	})
}

// Confirm notes that the English of a part was compared with its Indonesian; where that is known already,
// nothing is done. A draft that is not fit to be taught is refused with its content.Findings.
func (b *Bench) Confirm(ctx context.Context, course, by, part string) error {
	return b.changeFiles(ctx, course, by, func(d *store.Draft) (map[string]string, error) {
		source := store.CourseSource{Course: course, Files: d.Files}
		understood, err := content.Understand(source)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(understood.Stale, part) {
			return d.Files, nil
		}
		text, err := content.Confirm(source, part)
		if err != nil {
			return nil, err
		}
		files := maps.Clone(d.Files)
		files[content.TranslationsFile] = text
		return files, nil
	})
}

// RemoveItem takes an item out of a draft. One that has been published is courses.Conflict: people have
// answered it, so it is withdrawn and not taken away.
func (b *Bench) RemoveItem(ctx context.Context, e Edit) error {
	editions, err := b.editions(ctx, e.Course)
	if err != nil {
		return err
	}
	for _, edition := range editions {
		if _, err := edition.sheet.Item(e.Part.ID); err == nil {
			return courses.Problemf(courses.Conflict, "draft.withdraw_instead")
		}
	}
	return b.Change(ctx, e, func(s *sheet.Sheet) error { return s.RemoveItem(e.Part.ID) })
}

// Discard takes a draft away. One that is not as the version says is courses.Conflict; none at all is well.
func (b *Bench) Discard(ctx context.Context, course, version string) error {
	return b.store.ChangeDraft(ctx, course, func(d *store.Draft) error {
		if len(d.Files) > 0 && content.Version(d.Files) != version {
			return courses.Problemf(courses.Conflict, "draft.changed")
		}
		d.Files = nil
		return nil
	})
}

// Publish makes the draft the version that is taught, and takes it away. One that is not as the version
// says is courses.Conflict, and one that is not fit to be taught is refused with its content.Findings.
func (b *Bench) Publish(ctx context.Context, course, version string) (*courses.Course, error) {
	d, err := b.store.Draft(ctx, course)
	if err != nil {
		return nil, noDraft(course)
	}
	if content.Version(d.Files) != version {
		return nil, courses.Problemf(courses.Conflict, "draft.changed")
	}
	published, err := b.catalog.Add(ctx, store.CourseSource{Course: course, Files: d.Files})
	if err != nil {
		return nil, err
	}
	return published, b.store.ChangeDraft(ctx, course, func(d *store.Draft) error {
		if d.Base = published.Version; content.Version(d.Files) == version {
			d.Files = nil
		}
		return nil
	})
}

// Bars is how many findings keep the draft from being published.
func (d Draft) Bars() int {
	n := 0
	for _, f := range d.Findings {
		if f.Bars {
			n++
		}
	}
	return n
}

// Stale is how many parts wait for their English to be confirmed; of a draft that is not fit to be taught it
// cannot be told and is 0.
func (d Draft) Stale() int {
	if d.Course == nil {
		return 0
	}
	return len(d.Course.Stale)
}

// Names lists the files of a draft in order.
func (d Draft) Names() []string { return slices.Sorted(maps.Keys(d.Files)) }
