package content

import (
	"github.com/goccy/go-yaml/ast"

	"melek/courses"
	"melek/courses/store"
)

// The files that every course has.
const (
	CourseFile = courseFile
	ItemsFile  = itemsFile
)

// Understand makes a course of its files, whatever version they are called. Files that are not fit to be
// taught are refused with their Findings.
func Understand(source store.CourseSource) (*courses.Course, error) {
	e, err := understand(source)
	return e.course, err
}

// Version names what the files hold.
func Version(files map[string]string) string { return version(files) }

// Plain returns a text as every machine would have written it: lines end in LF, and no byte order mark leads.
func Plain(text string) string { return plain(text) }

// LessonFile is the name of the file that holds a module's text; the first module is number 1.
func LessonFile(place int, module string, lang courses.Lang) string {
	return lessonFile(place, module, lang)
}

// IsID reports whether an id can name a course, module, form, item or option.
func IsID(id string) bool { return idPattern.MatchString(id) && len(id) <= longestID }

// Written is a module's text as it would be shown. One that is not fit to be taught is there as far as it
// can be made out, and has Findings.
type Written struct {
	Title    string
	Body     string // sanitised HTML
	Pictures map[string]courses.Picture
	Findings Findings
}

// Lesson makes of a text what the file of that name would be among the files of a course.
func Lesson(files map[string]string, name, text string) Written {
	r := reading{source: store.CourseSource{Files: files}, course: &courses.Course{}, shown: map[string]bool{}}
	r.readPictures()
	r.findings = nil // those of pictures belong to their own files
	title, body := r.readLesson(name, []byte(plain(text)))
	return Written{title, body, r.course.Pictures, r.findings.sorted()}
}

// Tree returns the syntax tree of a YAML file, or Findings where it is none that the loader would read.
func Tree(name, text string) (ast.Node, error) {
	r := reading{source: store.CourseSource{Files: map[string]string{name: plain(text)}}}
	_, root, ok := r.open(name)
	if !ok {
		return nil, r.findings.sorted()
	}
	return root, nil
}

// Scalar returns the plain text of a node of a Tree; it has none where the loader would refuse it as text.
func Scalar(node ast.Node) (string, bool) { return scalar(node) }

// Fits says, as a courses.Problem of the kind Invalid, why files are more than a course may amount to.
func Fits(files map[string]string) error {
	if len(files) > mostFiles {
		return courses.Problemf(courses.Invalid, "course.too_many_files", mostFiles)
	}
	size := 0
	for name, text := range files {
		if !archived.MatchString(name) {
			return courses.Problemf(courses.Invalid, "course.file_name", name)
		}
		size += len(text)
	}
	if size > mostBytes {
		return courses.Problemf(courses.Invalid, "course.too_large", mostBytes>>20)
	}
	return nil
}
