package handlers

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/path"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

type welcomePage struct {
	page
	Courses []*courses.Course
}

type homePage struct {
	page
	Hall   string      // title of the workshop that the person entered by; empty for others
	Bare   bool        // the register has no participants yet, and this person may bring them in
	Now    *homeCourse // what to do next; nil where everything is done
	Others []homeCourse
}

type homeCourse struct {
	Course      *courses.Course
	Begun       bool
	Share       int
	Onward      onward
	CompletedAt time.Time // zero while not completed
	Later       *onward   // the retention test where it can be taken now
	LaterFrom   time.Time // when it opens, zero where it is open, taken or not for this person
}

// later fills in the optional step that comes some time after the course.
func (h *homeCourse) later(p page, w path.Way) {
	opens, ok := w.RetentionOpens()
	switch {
	case !ok || w.Taken(record.Retention):
	case w.Current(record.Retention) != nil || w.MayBegin(record.Retention) == nil:
		h.Later = new(p.onwardTest(w, record.Retention))
	default:
		h.LaterFrom = opens
	}
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
	if hall := signedIn(c).Workshop; hall != nil {
		home.Hall = hall.Title
		ways = slices.DeleteFunc(ways, func(w path.Way) bool { return !signedIn(c).Studies(w.Course.ID) })
	} else {
		ways = slices.DeleteFunc(ways, func(w path.Way) bool { return !w.Begun() && !offered(w.Course, p.Role) })
	}
	if home.Bare, err = s.bare(c); err != nil {
		return err
	}
	first := path.First(ways)
	for i, w := range ways {
		course := homeCourse{Course: w.Course, Begun: w.Begun(), Share: w.Share(), Onward: p.onward(w),
			CompletedAt: w.Progress.CompletedAt}
		course.later(p, w)
		if i == first {
			home.Now = &course
		} else {
			home.Others = append(home.Others, course)
		}
	}
	slices.SortStableFunc(home.Others, func(a, b homeCourse) int { return a.rank() - b.rank() })
	return s.render(c, fiber.StatusOK, "home.html", home)
}

// offered reports whether the home page of the role shows the course. Those who look after courses see all.
func offered(course *courses.Course, role people.Role) bool {
	return course.OfferedTo(string(role)) || (role != people.Participant && role != people.Facilitator)
}

// bare reports whether this is the first use: whoever governs is led to bring participants in.
func (s *server) bare(c *fiber.Ctx) (bool, error) {
	if !signedIn(c).May(people.Govern) {
		return false, nil
	}
	some, err := s.Store.People(c.UserContext(), store.PeopleQuery{Role: people.Participant, Limit: 1})
	return len(some) == 0, err
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
