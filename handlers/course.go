package handlers

import (
	"github.com/gofiber/fiber/v2"

	"melek/courses/path"
	"melek/courses/record"
)

type coursePage struct {
	page
	ID      string
	Summary string
	Begun   bool
	Share   int
	Onward  onward
	Stages  []stage
}

// stage is one stretch of the way as the page shows it.
type stage struct {
	Standing path.Standing
	Title    string
	Detail   string
	Href     string // empty where it cannot be opened
}

func (s *server) showCourse(c *fiber.Ctx) error {
	w, err := s.way(c)
	if err != nil {
		return err
	}
	p := s.titled(c, w.Course.Title.In(s.lang(c)))
	view := coursePage{page: p, ID: w.Course.ID, Summary: p.Say(w.Course.Summary), Begun: w.Begun(),
		Share: w.Share(), Onward: p.onward(w)}
	for _, st := range w.Stages() {
		view.Stages = append(view.Stages, p.stage(w, st))
	}
	return s.render(c, fiber.StatusOK, "course.html", view)
}

func (p page) stage(w path.Way, st path.Stage) stage {
	below := "/courses/" + w.Course.ID
	view := stage{Standing: st.Standing}
	switch st.Step.Kind {
	case path.Test:
		view = p.testStage(w, st)
	case path.Read:
		view.Title, view.Detail = p.Say(st.Module.Title), p.Say(st.Module.Goal)
		view.Href = below + "/modules/" + st.Module.ID
	case path.Finish:
		view.Title, view.Detail, view.Href = p.T("stage.finish"), p.T("stage.finish_detail"), below+"/result"
	}
	if st.Standing == path.Locked || !w.Begun() {
		view.Href = ""
	}
	return view
}

func (p page) testStage(w path.Way, st path.Stage) stage {
	phase := st.Step.Phase
	view := stage{Standing: st.Standing, Title: p.T("stage." + string(phase)),
		Detail: p.T("stage." + string(phase) + "_detail"),
		Href:   "/courses/" + w.Course.ID + "/test/" + string(phase)}
	if a := w.Progress.Counted(phase); a != nil {
		view.Detail = p.T("stage.score", p.score(a.Marks.Score()))
		view.Href = "/courses/" + w.Course.ID + "/result"
	} else if opens, ok := w.RetentionOpens(); ok && phase == record.Retention && st.Standing == path.Locked {
		view.Detail = p.T("stage.retention_from", p.Date(opens))
	}
	return view
}

// beginCourse enrols the person, once, and goes to the first step.
func (s *server) beginCourse(c *fiber.Ctx) error {
	w, err := s.way(c)
	if err != nil {
		return err
	}
	if !w.Begun() {
		if err := s.Ledger.Record(c.UserContext(), s.fact(c, record.Enrolled, w.Course.ID)); err != nil {
			return err
		}
	}
	return s.goTo(c, s.page(c, "home.title").onward(w).Href)
}
