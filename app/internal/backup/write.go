package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// writing is one backup being made: each part is first laid down in a folder, because an archive
// wants to know how long a file is before it comes.
type writing struct {
	ctx    context.Context //nolint:containedctx // of one call of Write
	store  store.Store
	folder string
	erased []record.Entry
}

// Written is what a backup came to.
type Written struct {
	Manifest
	Erased []record.Entry // the erasures in it, for the list beside it
}

// Write makes a backup of everything in the store. People may go on working: what is recorded
// meanwhile may be in it or not. Every record in it is whole, and what is derived is not in it.
func Write(ctx context.Context, w io.Writer, s store.Store, by string, now time.Time) (Written, error) {
	folder, err := os.MkdirTemp("", "melek-backup-")
	if err != nil {
		return Written{}, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	m := Manifest{Format: format, MadeAt: now.UTC(), By: by}
	job := &writing{ctx: ctx, store: s, folder: folder}
	for _, name := range parts {
		part, err := job.lay(name)
		if err != nil {
			return Written{}, err
		}
		m.Parts = append(m.Parts, part)
	}
	return Written{m, job.erased}, job.archive(w, m)
}

// lay writes one part into the folder.
func (j *writing) lay(name string) (part Part, err error) {
	file, err := os.Create(filepath.Join(j.folder, name)) //nolint:gosec // a name of ours
	if err != nil {
		return Part{}, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriterSize(file, 1<<16)
	m := newMeasure(name, out)
	if err := j.fill(name, m); err != nil {
		return Part{}, err
	}
	return m.done(), out.Flush()
}

func (j *writing) fill(name string, m *measure) error {
	switch name {
	case settingsPart:
		return j.settings(m)
	case coursesPart:
		return j.courses(m)
	case recordsPart:
		return j.store.EachEntry(j.ctx, "", func(e record.Entry) error {
			if e.Kind == record.Erased {
				j.erased = append(j.erased, e)
			}
			return m.line(recordLine{e.Content, e.ReceivedAt})
		})
	case requestsPart:
		return j.requests(m)
	case auditPart:
		return j.audit(m)
	case draftsPart:
		return j.drafts(m)
	case workshopsPart:
		return j.workshops(m)
	}
	for p, err := range store.Everybody(j.ctx, j.store) {
		if err != nil {
			return err
		}
		if err := j.of(name, p, m); err != nil {
			return err
		}
	}
	return nil
}

func (j *writing) settings(m *measure) error {
	frozen, err := j.store.SettingNames(j.ctx, frozenSettings)
	if err != nil {
		return err
	}
	for _, name := range slices.Concat(keptSettings, frozen) {
		value, err := j.store.Setting(j.ctx, name)
		if errors.Is(err, courses.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := m.line(settingLine{name, value}); err != nil {
			return err
		}
	}
	return nil
}

func (j *writing) courses(m *measure) error {
	sources, err := j.store.Courses(j.ctx)
	if err != nil {
		return err
	}
	for _, c := range sources {
		if err := m.line(courseLine(c)); err != nil {
			return err
		}
	}
	return nil
}

func (j *writing) drafts(m *measure) error {
	drafts, err := j.store.Drafts(j.ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if err := m.line(draftLine(d)); err != nil {
			return err
		}
	}
	return nil
}

func (j *writing) workshops(m *measure) error {
	all, err := j.store.Workshops(j.ctx, store.WorkshopsQuery{})
	if err != nil {
		return err
	}
	for _, w := range all {
		if err := m.line(workshopLine(w)); err != nil {
			return err
		}
	}
	return nil
}

func (j *writing) requests(m *measure) error {
	all, err := j.store.Requests(j.ctx, store.RequestsQuery{})
	if err != nil {
		return err
	}
	for _, r := range all {
		if err := m.line(requestLine(r)); err != nil {
			return err
		}
	}
	return nil
}

func (j *writing) audit(m *measure) error {
	lines, err := j.store.Lines(j.ctx, math.MaxInt32)
	if err != nil {
		return err
	}
	for _, l := range slices.Backward(lines) { // the oldest first
		if err := m.line(auditLine(l)); err != nil {
			return err
		}
	}
	return nil
}

// of writes what a part holds of one person.
func (j *writing) of(name string, p people.Person, m *measure) error {
	switch name {
	case peoplePart:
		return m.line(p)
	case credentialsPart:
		c, err := j.store.Credential(j.ctx, p.ID)
		if err != nil || reflect.DeepEqual(c, store.Credential{Person: p.ID}) {
			return err
		}
		return m.line(credentialLine(c))
	case noticesPart:
		a, err := j.store.Acknowledgement(j.ctx, p.ID)
		if err != nil || (a == store.Acknowledgement{Person: p.ID}) {
			return err
		}
		return m.line(noticeLine(a))
	}
	allowances, err := j.store.Allowances(j.ctx, p.ID)
	if err != nil {
		return err
	}
	for _, a := range allowances {
		if err := m.line(allowanceOf(a)); err != nil {
			return err
		}
	}
	return nil
}

// archive packs the manifest and the parts.
func (j *writing) archive(w io.Writer, m Manifest) error {
	zipped := gzip.NewWriter(w)
	packed := tar.NewWriter(zipped)
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := header(packed, manifestName, int64(len(manifest)), m.MadeAt); err != nil {
		return err
	}
	if _, err := packed.Write(manifest); err != nil {
		return err
	}
	for _, part := range m.Parts {
		if err := header(packed, part.Name+".ndjson", part.Bytes, m.MadeAt); err != nil {
			return err
		}
		if err := j.pack(packed, part); err != nil {
			return err
		}
	}
	return errors.Join(packed.Close(), zipped.Close())
}

func (j *writing) pack(packed *tar.Writer, part Part) error {
	file, err := os.Open(filepath.Join(j.folder, part.Name))
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	_, err = io.Copy(packed, file)
	return err
}

func header(packed *tar.Writer, name string, size int64, at time.Time) error {
	return packed.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: at,
		Format: tar.FormatPAX})
}
