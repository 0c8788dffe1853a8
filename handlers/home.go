package handlers

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/path"
)

type welcomePage struct {
	page
	Courses []*courses.Course
}

type homePage struct {
	page
	Now    *homeCourse // what to do next; nil where everything is done
	Others []homeCourse
}

type homeCourse struct {
	Course      *courses.Course
	Begun       bool
	Share       int
	Onward      onward
	CompletedAt time.Time // zero while not completed
}

// showHome says what Melek is, or to whom is signed in what to do next.
func (s *server) showHome(c *fiber.Ctx) error {
	p := s.page(c, "home.title")
	if p.Role == "" {
		p.Title = p.T("welcome.title")
		return s.render(c, fiber.StatusOK, "welcome.html", welcomePage{p, s.Catalog.Courses()})
	}
	ways, err := s.ways(c, s.Catalog.Courses()...)
	if err != nil {
		return err
	}
	home := homePage{page: p}
	first := path.First(ways)
	for i, w := range ways {
		course := homeCourse{w.Course, w.Begun(), w.Share(), p.onward(w), w.Progress.CompletedAt}
		if i == first {
			home.Now = &course
		} else {
			home.Others = append(home.Others, course)
		}
	}
	slices.SortStableFunc(home.Others, func(a, b homeCourse) int { return a.rank() - b.rank() })
	return s.render(c, fiber.StatusOK, "home.html", home)
}

// rank puts courses under way first and completed ones last.
func (h homeCourse) rank() int {
	switch {
	case !h.CompletedAt.IsZero():
		return 2
	case h.Begun:
		return 0
	}
	return 1
}
