// Package content holds the courses as files: the shipped ones, the loader that refuses what is not fit to
// be taught, and the catalog of every version that this node can show or mark. It knows nothing of people,
// of how a page looks or of which database keeps the files.
//
// A course is a folder that bears the course's id: course.yaml says how it is built, items.yaml holds the
// items of its quizzes and tests, and NN-<module>.id.md and NN-<module>.en.md hold the text of each module.
// A new course is a new folder here, or one in the folder that MELEK_COURSES names.
package content

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"melek/courses"
	"melek/courses/store"
)

//go:embed kota-cerdas literasi-digital pelindungan-data keamanan-siber pemerintah-digital
//go:embed data-desa ekonomi-digital partisipasi-warga konektivitas fasilitator tes-literasi
var shipped embed.FS

// Shipped returns the courses that come with the program, a folder each.
func Shipped() fs.FS { return shipped }

const (
	courseFile = "course.yaml"
	itemsFile  = "items.yaml"
)

// Load reads the course in the folder dir. A course that is not fit to be taught is not loaded: the error is
// Findings, which tells everything that is wrong with it at once.
func Load(files fs.FS, dir string) (*courses.Course, error) {
	source, err := Gather(files, dir)
	if err != nil {
		return nil, err
	}
	return read(source)
}

// Gather reads the files of the folder dir. Hidden files, which editors and file managers leave behind, are
// passed over; a folder within is taken for a file, so that the loader can say that it belongs to no
// module.
func Gather(files fs.FS, dir string) (store.CourseSource, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return store.CourseSource{}, fmt.Errorf("content: folder of a course: %w", err)
	}
	source := store.CourseSource{Course: path.Base(dir), Files: map[string]string{}}
	if source.Course == "." {
		source.Course = ""
	}
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		if entry.IsDir() {
			source.Files[name] = ""
			continue
		}
		content, err := fs.ReadFile(files, path.Join(dir, name))
		if err != nil {
			return store.CourseSource{}, fmt.Errorf("content: file of a course: %w", err)
		}
		source.Files[name] = plain(string(content))
	}
	source.Version = version(source.Files)
	return source, nil
}

// plain returns a file as every machine would have written it: lines end in LF, and no byte order mark leads.
func plain(content string) string {
	return lineEnds.Replace(strings.TrimPrefix(content, "\ufeff"))
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// version names what the files hold: 12 hexadecimal digits of the SHA-256 over their names and contents, in
// the order of the names. Answers are marked against the version that the participant saw, so two nodes
// must never mean different items by one name; a number that an author raises by hand would be forgotten
// sooner or later. Whatever is changed is a new version by itself, and the same files have the same version
// on every node, with or without the line ends of another system. 48 bits tell the few versions of one
// course apart and stay short enough to be read out over the telephone.
func version(files map[string]string) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content := plain(files[name])
		_, _ = fmt.Fprintf(sum, "%s\x00%d\x00%s", name, len(content), content)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// reading is a course on its way from files to what can be taught.
type reading struct {
	source      store.CourseSource
	course      *courses.Course
	items       map[string]*draft // nil while items.yaml has not been understood
	moduleLines []int             // in course.yaml
	shown       map[string]bool   // pictures that a lesson shows
	findings    Findings
}

// read makes a course of its files. A source without a course id may hold any course.
func read(source store.CourseSource) (*courses.Course, error) {
	r := reading{source: source, course: &courses.Course{Version: version(source.Files)}}
	return r.read()
}

func (r *reading) read() (*courses.Course, error) {
	if !r.readable() {
		return nil, r.findings.sorted()
	}
	r.readItems()
	if r.readCourse() {
		r.readPictures()
		r.readLessons()
		r.unshownPictures()
		r.checkUse()
		r.findStale()
	}
	if len(r.findings) > 0 {
		return nil, r.findings.sorted()
	}
	r.course.Items = make(map[string]*courses.Item, len(r.items))
	for id, d := range r.items {
		if d.item.Pillar == "" {
			d.item.Pillar = r.course.Pillar
		}
		r.course.Items[id] = d.item
	}
	return r.course, nil
}

// readable reports whether both YAML files are there and every file is text.
func (r *reading) readable() bool {
	for _, name := range []string{courseFile, itemsFile} {
		if _, ok := r.source.Files[name]; !ok {
			r.find(name, 1, "is missing", "add it; a course is course.yaml, items.yaml and the texts of its modules")
		}
	}
	for name, content := range r.source.Files {
		if !utf8.ValidString(content) {
			r.find(name, 1, "is not UTF-8 text", "save it as UTF-8")
		}
	}
	return len(r.findings) == 0
}

// find notes what is wrong with a file of the course.
func (r *reading) find(name string, line int, message, mend string) {
	r.findings = append(r.findings, Finding{path.Join(r.source.Course, name), line, message, mend})
}
