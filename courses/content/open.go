package content

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"melek/courses"
	"melek/courses/store"
)

// chosenVersions is the setting that names, by course, the version that was brought in by hand last. It is
// beside the sources' Current because a version can be brought in again after another one, and because
// other processes see by it alone that something has come.
const chosenVersions = "content.chosen"

// Open makes the catalog: the shipped courses, those in the folder extra where one is named, and every
// version that the store keeps. Whatever it loads it keeps in the store, so that what was answered on a
// version can be marked after the files have moved on. A shipped or extra course with findings is an error;
// a kept version that can no longer be read is logged and left out.
func Open(ctx context.Context, office store.Office, extra string) (*Catalog, error) {
	c := &Catalog{office: office}
	base, err := shippedEditions()
	if err != nil {
		return nil, err
	}
	c.base = slices.Clip(base)
	if extra != "" {
		more, err := editions(os.DirFS(extra))
		if err != nil {
			return nil, fmt.Errorf("content: courses in %s: %w", extra, err)
		}
		c.base = append(c.base, more...)
	}
	for _, e := range c.base {
		if err := c.keep(ctx, e.source); err != nil {
			return nil, err
		}
	}
	chosen, err := c.chosen(ctx)
	if err != nil {
		return nil, err
	}
	return c, c.reload(ctx, chosen)
}

// Add takes in a course that was brought by hand and makes it the current version. A course that is not fit
// to be taught is refused with its Findings.
func (c *Catalog) Add(ctx context.Context, source store.CourseSource) (*courses.Course, error) {
	e, err := understand(source)
	if err != nil {
		return nil, err
	}
	e.source.Current = true
	c.changing.Lock()
	defer c.changing.Unlock()
	if err := c.keep(ctx, e.source); err != nil {
		return nil, err
	}
	chosen, err := c.chosen(ctx)
	if err != nil {
		return nil, err
	}
	versions, err := parseChosen(chosen)
	if err != nil {
		return nil, err
	}
	versions[e.course.ID] = e.course.Version
	setting, err := json.Marshal(versions)
	if err != nil {
		return nil, fmt.Errorf("content: choice of course versions: %w", err)
	}
	if err := c.office.PutSetting(ctx, chosenVersions, string(setting)); err != nil {
		return nil, fmt.Errorf("content: choose %s %s: %w", e.course.ID, e.course.Version, err)
	}
	return e.course, c.reload(ctx, string(setting))
}

// Refresh takes in what another process has added since, and reports whether the digest has changed. It is
// cheap where nothing has come.
func (c *Catalog) Refresh(ctx context.Context) (bool, error) {
	c.changing.Lock()
	defer c.changing.Unlock()
	before := c.shelf.Load()
	chosen, err := c.chosen(ctx)
	if err != nil || chosen == before.chosen {
		return false, err
	}
	err = c.reload(ctx, chosen)
	return c.Digest() != before.digest, err
}

// shippedEditions are read once: what is compiled in stays as it is, and nobody changes an edition.
var shippedEditions = sync.OnceValues(func() ([]edition, error) { return editions(Shipped()) })

// editions reads every course in a folder of courses.
func editions(files fs.FS) ([]edition, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	var sources []store.CourseSource
	for _, entry := range entries {
		name := entry.Name()
		if name == courseFile {
			return nil, errors.New("this is the folder of one course; name the folder in which it lies")
		}
		if info, err := fs.Stat(files, name); err != nil || !info.IsDir() || strings.HasPrefix(name, ".") {
			continue
		}
		source, err := Gather(files, name)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source)
	}
	return understandAll(sources)
}

// understandAll makes editions of courses, on all processors: it is most of what a start takes. What was
// found in them is told together.
func understandAll(sources []store.CourseSource) ([]edition, error) {
	all, errs := make([]edition, len(sources)), make([]error, len(sources))
	var work sync.WaitGroup
	for i, source := range sources {
		work.Go(func() { all[i], errs[i] = understand(source) })
	}
	work.Wait()
	var findings Findings
	for _, err := range errs {
		if found := (Findings)(nil); errors.As(err, &found) {
			findings = append(findings, found...)
		} else if err != nil {
			return nil, err
		}
	}
	if len(findings) > 0 {
		return nil, findings
	}
	return all, nil
}

// understand makes an edition of the files of a course.
func understand(source store.CourseSource) (edition, error) {
	course, err := read(source)
	if err != nil {
		return edition{}, err
	}
	source.Course, source.Version = course.ID, course.Version
	return edition{course, source}, nil
}

func (c *Catalog) keep(ctx context.Context, source store.CourseSource) error {
	source.KeptAt = time.Now().UTC().Truncate(time.Millisecond)
	if err := c.office.PutCourse(ctx, source); err != nil {
		return fmt.Errorf("content: keep %s %s: %w", source.Course, source.Version, err)
	}
	return nil
}

func (c *Catalog) chosen(ctx context.Context) (string, error) {
	chosen, err := c.office.Setting(ctx, chosenVersions)
	if errors.Is(err, courses.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("content: choice of course versions: %w", err)
	}
	return chosen, nil
}

func parseChosen(chosen string) (map[string]string, error) {
	versions := map[string]string{}
	if chosen == "" {
		return versions, nil
	}
	if err := json.Unmarshal([]byte(chosen), &versions); err != nil {
		return nil, fmt.Errorf("content: choice of course versions: %w", err)
	}
	return versions, nil
}

// reload puts up a new shelf. Of a course's versions that one is current which comes last of: the newest
// kept, so that a course outlives its folder as long as there are records of it; the shipped one; that of
// the operator's folder; the newest that was brought in by hand; the one that was chosen last.
func (c *Catalog) reload(ctx context.Context, chosen string) error {
	versions, err := parseChosen(chosen)
	if err != nil {
		return err
	}
	kept, err := c.office.Courses(ctx)
	if err != nil {
		return fmt.Errorf("content: kept versions of courses: %w", err)
	}
	s := &shelf{editions: map[key]edition{}, current: map[string]edition{}, chosen: chosen}
	for _, e := range c.base {
		s.editions[key{e.course.ID, e.course.Version}] = e
	}
	c.addKept(ctx, s, kept)
	choose := func(course, version string) {
		if e, ok := s.editions[key{course, version}]; ok {
			s.current[course] = e
		}
	}
	for _, source := range kept {
		choose(source.Course, source.Version)
	}
	for _, e := range c.base {
		choose(e.course.ID, e.course.Version)
	}
	for _, source := range kept {
		if source.Current {
			choose(source.Course, source.Version)
		}
	}
	for course, version := range versions {
		choose(course, version)
	}
	c.shelf.Store(s.finish())
	return nil
}

// addKept adds the kept versions to the shelf; those that the last shelf had need not be read again.
func (c *Catalog) addKept(ctx context.Context, s *shelf, kept []store.CourseSource) {
	before := c.shelf.Load()
	for _, source := range kept {
		k := key{source.Course, source.Version}
		if _, ok := s.editions[k]; ok {
			continue
		}
		if before != nil {
			if e, ok := before.editions[k]; ok {
				s.editions[k] = e
				continue
			}
		}
		e, err := understand(source)
		if err == nil && e.course.Version != source.Version {
			err = fmt.Errorf("its files are those of version %s", e.course.Version)
		}
		if err != nil {
			slog.WarnContext(ctx, "a kept version of a course cannot be read and is left out",
				"course", source.Course, "version", source.Version, "error", err)
			continue
		}
		s.editions[k] = e
	}
}
