package content

import (
	"archive/zip"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/store"
)

// What a course may amount to as one file. The shipped ones are a fiftieth of it.
const (
	mostBytes = 5 << 20
	mostFiles = 200
)

// archived are the names that a course's files and its folder have: nothing that could lead out of the
// folder, hide a file, or be another name on another system.
var archived = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// ReadFile reads a course from one zip file: its files, alone or in one folder that bears the course's id.
// It does not judge the course. What it cannot take is a courses.Problem of the kind Invalid.
func ReadFile(r io.ReaderAt, size int64) (store.CourseSource, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return store.CourseSource{}, courses.Problemf(courses.Invalid, "course.zip")
	}
	if len(archive.File) > mostFiles {
		return store.CourseSource{}, courses.Problemf(courses.Invalid, "course.too_many_files", mostFiles)
	}
	source := store.CourseSource{Files: map[string]string{}}
	left, first := int64(mostBytes), true
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") || litter(f.Name) {
			continue
		}
		folder, name, ok := place(f.Name)
		if first {
			source.Course, first = folder, false
		}
		if _, twice := source.Files[name]; twice || !ok || folder != source.Course {
			return store.CourseSource{}, courses.Problemf(courses.Invalid, "course.file_name", f.Name)
		}
		content, err := unpack(f, left)
		if err != nil {
			return store.CourseSource{}, err
		}
		left -= int64(len(content))
		source.Files[name] = plain(content)
	}
	if _, ok := source.Files[courseFile]; !ok {
		return store.CourseSource{}, courses.Problemf(courses.Invalid, "course.no_course", courseFile)
	}
	source.Version = version(source.Files)
	return source, nil
}

// place splits a name in an archive into the folder, which may be none, and the file; false where it is odd.
func place(full string) (folder, name string, ok bool) {
	folder, name = path.Split(full)
	folder = strings.TrimSuffix(folder, "/")
	ok = archived.MatchString(name) && (folder == "" || archived.MatchString(folder)) &&
		path.Join(folder, name) == full
	return folder, name, ok
}

// litter reports whether a file is one that file managers add by themselves.
func litter(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, ".") && base != "." && base != ".." ||
		base == "Thumbs.db" || base == "desktop.ini"
}

// unpack reads one file of at most that many bytes. What the archive says of sizes is not believed.
func unpack(f *zip.File, most int64) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", courses.Problemf(courses.Invalid, "course.zip")
	}
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	if closeErr := r.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return "", courses.Problemf(courses.Invalid, "course.zip")
	}
	if int64(len(content)) > most {
		return "", courses.Problemf(courses.Invalid, "course.too_large", mostBytes>>20)
	}
	return string(content), nil
}

// WriteFile writes a course as one zip file that ReadFile reads. The same course always gives the same bytes.
func WriteFile(w io.Writer, source store.CourseSource) error {
	archive := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(source.Files)) {
		f, err := archive.Create(path.Join(source.Course, name))
		if err != nil {
			return fmt.Errorf("content: pack %s: %w", name, err)
		}
		if _, err := io.WriteString(f, source.Files[name]); err != nil {
			return fmt.Errorf("content: pack %s: %w", name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("content: pack course %q: %w", source.Course, err)
	}
	return nil
}
