package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"melek/courses"
	"melek/courses/record"
	"melek/courses/store"
)

var _ record.Syllabus = (*Catalog)(nil)

// curriculum is the order in which courses are offered.
var curriculum = []string{"kota-cerdas", "literasi-digital", "pelindungan-data", "keamanan-siber",
	"pemerintah-digital", "data-desa", "ekonomi-digital", "partisipasi-warga", "konektivitas", "fasilitator",
	"tes-literasi"}

// Catalog is every version of every course that this node can show or mark. It is safe for concurrent use:
// what it knows is one shelf, which is replaced as a whole.
type Catalog struct {
	office   store.Office
	base     []edition // the shipped ones and those of the operator's folder
	changing sync.Mutex
	shelf    atomic.Pointer[shelf]
}

// edition is one version of a course: what can be taught, and the files that it was made of.
type edition struct {
	course *courses.Course
	source store.CourseSource
}

// key names an edition among all of all courses.
type key struct{ course, version string }

// shelf is everything that the catalog knows at one time. It is never changed.
type shelf struct {
	editions map[key]edition
	current  map[string]edition
	ordered  []*courses.Course       // the current ones in the curriculum's order
	pictures map[key]courses.Picture // by course and digest
	digest   string
	chosen   string // the setting that it was made with
}

// Version returns that version of a course, false where this node lacks it.
func (c *Catalog) Version(course, version string) (*courses.Course, bool) {
	e, ok := c.shelf.Load().editions[key{course, version}]
	return e.course, ok
}

// Current returns the version of a course that is taught now, false where this node lacks the course.
func (c *Catalog) Current(course string) (*courses.Course, bool) {
	e, ok := c.shelf.Load().current[course]
	return e.course, ok
}

// Withdrawn reports whether an item counts in no form, for nobody: what the current version of its course
// withdraws is withdrawn from all versions, so that no one is judged by an item that was found wrong.
func (c *Catalog) Withdrawn(course, item string) bool {
	e, ok := c.shelf.Load().current[course]
	if !ok {
		return false
	}
	it, ok := e.course.Items[item]
	return ok && it.Withdrawn != ""
}

// Courses returns the current version of every course in the order of the curriculum; others follow by id.
func (c *Catalog) Courses() []*courses.Course { return slices.Clone(c.shelf.Load().ordered) }

// Course returns the current version of a course, or courses.NotFound.
func (c *Catalog) Course(id string) (*courses.Course, error) {
	course, ok := c.Current(id)
	if !ok {
		return nil, courses.Problemf(courses.NotFound, "course.unknown", id)
	}
	return course, nil
}

// Source returns the files of a course's current version, or courses.NotFound.
func (c *Catalog) Source(id string) (store.CourseSource, error) {
	e, ok := c.shelf.Load().current[id]
	if !ok {
		return store.CourseSource{}, courses.Problemf(courses.NotFound, "course.unknown", id)
	}
	source := e.source
	source.Files = maps.Clone(source.Files)
	return source, nil
}

// Picture returns a picture of any version of a course by its digest, false where this node lacks it.
func (c *Catalog) Picture(course, digest string) (courses.Picture, bool) {
	p, ok := c.shelf.Load().pictures[key{course, digest}]
	return p, ok
}

// Digest changes when anything has changed that follows from the courses: which versions can be marked, and
// which is current, on which withdrawals, pass marks and completion rest. Two nodes with the same courses
// have the same.
func (c *Catalog) Digest() string { return c.shelf.Load().digest }

// finish derives what follows from the editions.
func (s *shelf) finish() *shelf {
	for _, e := range s.current {
		s.ordered = append(s.ordered, e.course)
	}
	slices.SortFunc(s.ordered, func(a, b *courses.Course) int {
		return cmp.Or(cmp.Compare(rank(a.ID), rank(b.ID)), strings.Compare(a.ID, b.ID))
	})
	s.pictures = map[key]courses.Picture{}
	for k, e := range s.editions {
		for _, p := range e.course.Pictures {
			s.pictures[key{k.course, p.Digest}] = p
		}
	}
	keys := slices.SortedFunc(maps.Keys(s.editions), func(a, b key) int {
		return cmp.Or(strings.Compare(a.course, b.course), strings.Compare(a.version, b.version))
	})
	sum := sha256.New()
	for _, k := range keys {
		_, _ = fmt.Fprintln(sum, k.course, k.version, s.current[k.course].course == s.editions[k].course)
	}
	s.digest = hex.EncodeToString(sum.Sum(nil))[:12]
	return s
}

// rank is the place of a course in the curriculum, after its end for one that is not in it.
func rank(id string) int {
	if i := slices.Index(curriculum, id); i >= 0 {
		return i
	}
	return len(curriculum)
}
