package handlers

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/path"
	"melek/courses/people"
	"melek/courses/record"
)

type lessonPage struct {
	page
	Course *courses.Course
	Module courses.Module
	Place  int // of the module, from 1
	Body   template.HTML
	Terms  []content.Term  // the words that the text explains, in their order
	Checks []courses.Check // for those who answer for the course
	Stale  bool            // for them: the English was not confirmed against the Indonesian as it is now
}

// showLesson shows the text of a module, the same bytes to everybody of a role.
func (s *server) showLesson(c *fiber.Ctx) error {
	course, err := s.Catalog.Course(c.Params("course"))
	if err != nil {
		return err
	}
	module, i, err := course.Module(c.Params("module"))
	if err != nil {
		return err
	}
	if err := s.mayStudy(c, course); err != nil {
		return err
	}
	role, lang := signedIn(c).Duty.Role, s.lang(c)
	key := readyKey{"lesson", course.ID, course.Version, module.ID, string(lang), string(role)}
	return s.renderReady(c, key, "lesson.html", func() any {
		p := s.titled(c, module.Title.In(lang)).shared("/courses/" + course.ID + "/modules/" + module.ID)
		view := lessonPage{page: p, Course: course, Module: module, Place: i + 1}
		view.Body, view.Terms = p.explained(pictured(course, module.Body.In(lang)))
		view.Body = p.framed(view.Body)
		if role == people.Author || role == people.Admin {
			view.forAuthors()
		}
		return view
	})
}

// forAuthors adds what is for those who answer for the course.
func (v *lessonPage) forAuthors() {
	v.Stale = slices.Contains(v.Course.Stale, v.Module.ID)
	for _, check := range v.Course.Checks {
		if check.Module == v.Module.ID {
			v.Checks = append(v.Checks, check)
		}
	}
}

// framed is a text whose tables can be swiped, each in a frame that the keyboard reaches and that has a name.
func (p page) framed(text template.HTML) template.HTML {
	parts := strings.Split(string(text), "<table>")
	var b strings.Builder
	b.WriteString(parts[0])
	for i, part := range parts[1:] {
		name := template.HTMLEscapeString(p.T("layout.table", i+1))
		b.WriteString(`<div class="table" tabindex="0" role="region" aria-label="` + name + `"><table>`)
		b.WriteString(strings.Replace(part, "</table>", "</table></div>", 1))
	}
	return template.HTML(b.String()) //nolint:gosec // the loader has sanitised it
}

// mayStudy says whether the modules are open to the signed-in person. Who was let in once is let in
// without asking the store again, so that a lesson costs no look-up.
func (s *server) mayStudy(c *fiber.Ctx, course *courses.Course) error {
	person := signedIn(c).Person.ID
	if s.students.has(person, course.ID) {
		return nil
	}
	ways, err := s.ways(c, course)
	if err != nil {
		return err
	}
	if err := ways[0].MayStudy(); err != nil {
		return err
	}
	s.students.add(person, course.ID)
	return nil
}

// students remembers who may study what. What has been opened is not closed again.
type students struct {
	mu    sync.RWMutex
	known map[[2]string]bool
}

const mostStudents = 50_000

func newStudents() *students { return &students{known: map[[2]string]bool{}} }

func (k *students) has(person, course string) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.known[[2]string{person, course}]
}

func (k *students) add(person, course string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.known) >= mostStudents {
		clear(k.known)
	}
	k.known[[2]string{person, course}] = true
}

// readLesson records once that the module was read, and goes on to its quiz.
func (s *server) readLesson(c *fiber.Ctx) error {
	w, module, err := s.module(c)
	if err != nil {
		return err
	}
	if !w.HasRead(module.ID) {
		read := s.fact(c, record.Read, w.Course.ID)
		read.Module = module.ID
		if err := s.Ledger.Record(c.UserContext(), read); err != nil {
			return err
		}
	}
	return s.goTo(c, fmt.Sprintf("/courses/%s/modules/%s/quiz", w.Course.ID, module.ID))
}

// module is the person's way and the module of the address, where modules are open.
func (s *server) module(c *fiber.Ctx) (path.Way, courses.Module, error) {
	w, err := s.way(c)
	if err != nil {
		return w, courses.Module{}, err
	}
	module, _, err := w.Course.Module(c.Params("module"))
	if err != nil {
		return w, module, err
	}
	return w, module, w.MayStudy()
}
