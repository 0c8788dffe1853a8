package handlers

import (
	"fmt"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/path"
	"melek/courses/record"
)

// sitting is a test that one person has under way.
type sitting struct {
	way     path.Way
	attempt *record.Attempt
	seen    *courses.Course // in the version of the attempt
	items   []*courses.Item
	below   string // address of the test
}

func testPath(course string, phase record.Phase) string {
	return "/courses/" + course + "/test/" + string(phase)
}

func (t sitting) at(n int) string  { return fmt.Sprintf("%s/%d", t.below, n) }
func (t sitting) review() string   { return t.below + "/review" }
func (t sitting) timeIsOver() bool { return t.left() <= 0 }

func (t sitting) left() time.Duration { return t.way.TimeLeft(t.attempt, t.seen) }

func (t sitting) answered(item *courses.Item) bool { return len(t.attempt.Answers[item.ID]) > 0 }

// firstOpen is the address of the first question without an answer, or of the review where all have one.
func (t sitting) firstOpen() string {
	i := slices.IndexFunc(t.items, func(it *courses.Item) bool { return !t.answered(it) })
	if i < 0 {
		return t.review()
	}
	return t.at(i + 1)
}

// phase reads which test the address means.
func phase(c *fiber.Ctx) (record.Phase, error) {
	phase := record.Phase(c.Params("phase"))
	if !slices.Contains(record.Phases, phase) {
		return "", courses.Problemf(courses.NotFound, "page.unknown")
	}
	return phase, nil
}

// sit hands the test under way to the handler. Where it was handed in already, whatever is asked of it leads
// to the result; where its time is over, it is handed in with what was answered.
func (s *server) sit(handle func(*fiber.Ctx, sitting) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		phase, err := phase(c)
		if err != nil {
			return err
		}
		w, err := s.way(c)
		if err != nil {
			return err
		}
		attempt := w.Current(phase)
		if attempt == nil && w.Taken(phase) {
			return s.goTo(c, "/courses/"+w.Course.ID+"/result?note=handed_in")
		}
		if attempt == nil {
			return s.goTo(c, testPath(w.Course.ID, phase))
		}
		t, err := s.sitting(w, attempt)
		if err != nil {
			return err
		}
		if t.left() <= -path.Grace {
			return s.endOverdue(c, t)
		}
		return handle(c, t)
	}
}

func (s *server) sitting(w path.Way, a *record.Attempt) (sitting, error) {
	seen, ok := s.Catalog.Version(w.Course.ID, a.Version)
	if !ok {
		return sitting{}, courses.Problemf(courses.NotFound, "course.unknown", w.Course.ID)
	}
	form, err := seen.Form(a.Form)
	if err != nil {
		return sitting{}, err
	}
	return sitting{w, a, seen, w.Items(seen, form.Items), testPath(w.Course.ID, a.Phase)}, nil
}

func (s *server) endOverdue(c *fiber.Ctx, t sitting) error {
	if _, err := s.Ledger.CloseOverdueOf(c.UserContext(), signedIn(c).Person.ID, path.Grace); err != nil {
		return err
	}
	return s.goTo(c, "/courses/"+t.way.Course.ID+"/result?note=time_over")
}

type testStartPage struct {
	page
	Course  *courses.Course
	Phase   record.Phase
	Count   int
	Minutes string
	Resumed bool // it is under way
	Left    string
}

// showTest says what awaits before a test begins.
func (s *server) showTest(c *fiber.Ctx) error {
	phase, err := phase(c)
	if err != nil {
		return err
	}
	w, err := s.way(c)
	if err != nil {
		return err
	}
	if w.Taken(phase) {
		return s.goTo(c, "/courses/"+w.Course.ID+"/result?note=done_before")
	}
	p := s.page(c, "test.title_"+string(phase))
	view := testStartPage{page: p, Course: w.Course, Phase: phase}
	if a := w.Current(phase); a != nil {
		t, err := s.sitting(w, a)
		if err != nil {
			return err
		}
		if t.left() <= -path.Grace {
			return s.endOverdue(c, t)
		}
		view.Resumed, view.Count, view.Left = true, len(t.items), p.minutes(max(t.left(), 0))
		return s.render(c, fiber.StatusOK, "test_start.html", view)
	}
	if err := w.MayBegin(phase); err != nil {
		return err
	}
	form := s.draw(c, w, phase)
	view.Count, view.Minutes = len(w.Items(w.Course, form.Items)), p.minutes(w.Duration(form, phase, w.Course))
	return s.render(c, fiber.StatusOK, "test_start.html", view)
}

func (s *server) draw(c *fiber.Ctx, w path.Way, phase record.Phase) courses.Form {
	person := signedIn(c).Person
	return w.Draw(phase, person.Posting(s.Now(), s.Zone).Area, s.Region)
}

// beginTest begins a test, or goes on with the one that was begun.
func (s *server) beginTest(c *fiber.Ctx) error {
	phase, err := phase(c)
	if err != nil {
		return err
	}
	w, err := s.way(c)
	if err != nil {
		return err
	}
	if a := w.Current(phase); a != nil {
		t, err := s.sitting(w, a)
		if err != nil {
			return err
		}
		return s.goTo(c, t.firstOpen())
	}
	if w.Taken(phase) {
		return s.goTo(c, "/courses/"+w.Course.ID+"/result?note=done_before")
	}
	if err := w.MayBegin(phase); err != nil {
		return err
	}
	opened := s.fact(c, record.Opened, w.Course.ID)
	opened.Phase, opened.Form, opened.Version = phase, s.draw(c, w, phase).ID, w.Course.Version
	if err := s.Ledger.Record(c.UserContext(), opened); err != nil {
		return err
	}
	return s.goTo(c, testPath(w.Course.ID, phase)+"/1")
}
