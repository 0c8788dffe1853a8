package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// Limits of what is believed while a file is read.
const (
	mostManifest = 1 << 20
	mostLine     = 64 << 20 // a course with all of its files
)

// Unpacked is a backup whose every digest was right. Its files lie in a temporary folder until Close.
type Unpacked struct {
	Manifest
	folder string
}

// Open unpacks a backup and checks it whole. An error of kind courses.Invalid means that the file is
// damaged or no backup.
func Open(r io.Reader) (*Unpacked, error) {
	folder, err := os.MkdirTemp("", "melek-restore-")
	if err != nil {
		return nil, err
	}
	u := &Unpacked{folder: folder}
	if err := u.unpack(r); err != nil {
		return nil, errors.Join(err, u.Close())
	}
	return u, nil
}

// Close takes the unpacked files away.
func (u *Unpacked) Close() error { return os.RemoveAll(u.folder) }

func (u *Unpacked) unpack(r io.Reader) error {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return damaged("%v", err)
	}
	packed := tar.NewReader(zipped)
	if err := u.readManifest(packed); err != nil {
		return err
	}
	for _, part := range u.Parts {
		head, err := packed.Next()
		if err != nil || head.Name != part.Name+".ndjson" {
			return damaged("%s is missing", part.Name)
		}
		if err := u.lay(packed, part); err != nil {
			return err
		}
	}
	if _, err := packed.Next(); !errors.Is(err, io.EOF) {
		return damaged("there is more in it than it says")
	}
	return nil
}

func (u *Unpacked) readManifest(packed *tar.Reader) error {
	head, err := packed.Next()
	if err != nil || head.Name != manifestName {
		return damaged("it does not begin with %s", manifestName)
	}
	if err := json.NewDecoder(io.LimitReader(packed, mostManifest)).Decode(&u.Manifest); err != nil {
		return damaged("%s: %v", manifestName, err)
	}
	if u.Format != format {
		return damaged("its format is %q, this program reads %q", u.Format, format)
	}
	names := make([]string, len(u.Parts))
	for i, part := range u.Parts {
		names[i] = part.Name
	}
	wanted := slices.DeleteFunc(slices.Clone(parts), func(part string) bool {
		return slices.Contains(laterParts, part) && !slices.Contains(names, part)
	})
	if !slices.Equal(names, wanted) {
		return damaged("its parts are %s", strings.Join(names, ", "))
	}
	return nil
}

// lay writes a part into the folder and compares it with what the manifest says.
func (u *Unpacked) lay(packed io.Reader, part Part) (err error) {
	file, err := os.Create(filepath.Join(u.folder, part.Name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	m := newMeasure(part.Name, file)
	m.part.Count = part.Count
	if _, err := io.Copy(m, io.LimitReader(packed, part.Bytes+1)); err != nil {
		return damaged("%s: %v", part.Name, err)
	}
	if m.done() != part {
		return damaged("%s is not what it was", part.Name)
	}
	return nil
}

// Keeper is what takes a backup in: the store, and the ledger's ways of putting people and records
// there, so that what is derived from them is made on the way.
type Keeper struct {
	Store    store.Store
	Register func(ctx context.Context, rows []people.Person) error
	File     func(ctx context.Context, entries []record.Entry) error
}

// Empty says why nothing can be restored into the store, as an error of kind courses.Conflict: it
// holds people or records.
func Empty(ctx context.Context, s store.Store) error {
	some, err := s.People(ctx, store.PeopleQuery{Limit: 1})
	if err != nil {
		return err
	}
	found := errors.New("found")
	err = s.EachEntry(ctx, "", func(record.Entry) error { return found })
	if len(some) > 0 || errors.Is(err, found) {
		return courses.Problemf(courses.Conflict, "backup.not_empty")
	}
	return err
}

// RestoreCourses keeps the courses and which of them are current. They come first, so that who files
// the records can mark them.
func (u *Unpacked) RestoreCourses(ctx context.Context, s store.Store) error {
	err := each(u, coursesPart, func(l courseLine) error { return s.PutCourse(ctx, store.CourseSource(l)) })
	if err != nil {
		return err
	}
	return each(u, settingsPart, func(l settingLine) error {
		if !slices.Contains(keptSettings, l.Name) && !strings.HasPrefix(l.Name, frozenSettings) {
			return nil
		}
		return s.PutSetting(ctx, l.Name, l.Value)
	})
}

// Restore keeps everything else. It is not one transaction: broken off, it is begun again with an
// empty store.
func (u *Unpacked) Restore(ctx context.Context, k Keeper) error {
	const size = 500
	register := batch[people.Person]{size: size, keep: func(some []people.Person) error {
		return k.Register(ctx, some)
	}}
	err := errors.Join(each(u, peoplePart, register.add), register.flush())
	if err != nil {
		return err
	}
	file := batch[record.Entry]{size: size, keep: func(some []record.Entry) error { return k.File(ctx, some) }}
	err = each(u, recordsPart, func(l recordLine) error {
		entry, err := record.Parse(l.Content, l.ReceivedAt)
		if err != nil {
			return damaged("%s: %v", recordsPart, err)
		}
		return file.add(entry)
	})
	if err = errors.Join(err, file.flush()); err != nil {
		return err
	}
	return u.restoreRest(ctx, k.Store)
}

func (u *Unpacked) restoreRest(ctx context.Context, s store.Store) error {
	err := each(u, credentialsPart, func(l credentialLine) error {
		return s.ChangeCredential(ctx, l.Person, func(c *store.Credential) error {
			*c = store.Credential(l)
			return nil
		})
	})
	if err != nil {
		return err
	}
	err = each(u, allowancesPart, func(l allowanceLine) error { return s.PutAllowance(ctx, l.allowance()) })
	if err != nil {
		return err
	}
	err = each(u, noticesPart, func(l noticeLine) error {
		return s.PutAcknowledgement(ctx, store.Acknowledgement(l))
	})
	if err != nil {
		return err
	}
	err = each(u, requestsPart, func(l requestLine) error {
		return s.ChangeRequest(ctx, l.ID, func(r *store.Request) error { *r = store.Request(l); return nil })
	})
	if err != nil {
		return err
	}
	err = each(u, draftsPart, func(l draftLine) error {
		return s.ChangeDraft(ctx, l.Course, func(d *store.Draft) error { *d = store.Draft(l); return nil })
	})
	if err != nil {
		return err
	}
	err = each(u, workshopsPart, func(l workshopLine) error {
		return s.ChangeWorkshop(ctx, l.ID, func(w *people.Workshop) error { *w = people.Workshop(l); return nil })
	})
	if err != nil {
		return err
	}
	return each(u, auditPart, func(l auditLine) error { return s.AddLine(ctx, store.AuditLine(l)) })
}

// each calls fn with every line of a part; a part that the backup lacks has none.
func each[T any](u *Unpacked, part string, fn func(T) error) error {
	file, err := os.Open(filepath.Join(u.folder, part)) //nolint:gosec // a name of ours
	if errors.Is(err, os.ErrNotExist) {
		return nil // an older backup, which has no such part
	}
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, mostLine)
	for lines.Scan() {
		var line T
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return damaged("%s: %v", part, err)
		}
		if err := fn(line); err != nil {
			return err
		}
	}
	return lines.Err()
}

// batch gathers what is kept together.
type batch[T any] struct {
	size int
	keep func([]T) error
	some []T
}

func (b *batch[T]) add(one T) error {
	if b.some = append(b.some, one); len(b.some) < b.size {
		return nil
	}
	return b.flush()
}

func (b *batch[T]) flush() error {
	if len(b.some) == 0 {
		return nil
	}
	some := b.some
	b.some = nil
	return b.keep(some)
}
