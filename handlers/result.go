package handlers

import (
	"math"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/path"
	"melek/courses/record"
)

type resultPage struct {
	page
	Course    *courses.Course
	Note      string
	Pre, Post *score
	Retention *score
	Gain      string // in words; empty where there are not two tests to compare
	Pillars   []pillarScore
	PassMark  string
	Completed bool
	Finished  bool // nothing is left to do
	Onward    onward
}

// score is one test as people read it: no answers, no keys.
type score struct {
	Score  string
	Value  float64 // for the bar
	At     time.Time
	Paper  bool
	Passed bool
}

type pillarScore struct {
	Name      string
	Pre, Post string
}

// counted is the test of the phase that counts, nil where there is none that may be shown: whoever came in by
// a workshop's code and a name sees what was done there and nothing from before.
func (p page) counted(w path.Way, phase record.Phase) *record.Attempt {
	a := w.Progress.Counted(phase)
	if a == nil || (p.hall != "" && a.Workshop != p.hall) {
		return nil
	}
	return a
}

func (p page) scoreOf(w path.Way, phase record.Phase) *score {
	a := p.counted(w, phase)
	if a == nil {
		return nil
	}
	value := a.Marks.Score()
	return &score{p.score(value), value, a.EndedAt, a.Paper, value >= w.Course.PassMark}
}

// showResult shows how the tests went, and what is still to do.
func (s *server) showResult(c *fiber.Ctx) error {
	w, err := s.way(c)
	if err != nil {
		return err
	}
	p := s.page(c, "result.title", w.Course.Title.In(s.lang(c)))
	view := resultPage{page: p, Course: w.Course, Note: p.note(c), Pre: p.scoreOf(w, record.Pre),
		Post: p.scoreOf(w, record.Post), PassMark: p.score(w.Course.PassMark), Completed: w.Completed(),
		Finished: w.Next().Kind == path.Finish, Onward: p.onward(w)}
	if pre, post, ok := w.Progress.Matched(); ok && view.Pre != nil && view.Post != nil {
		view.Gain = p.gain(post.Marks.Score() - pre.Marks.Score())
	}
	view.Retention = p.scoreOf(w, record.Retention)
	view.Pillars = p.pillars(w)
	return s.render(c, fiber.StatusOK, "result.html", view)
}

// gain words the difference of two scores.
func (p page) gain(points float64) string {
	points = math.Round(points*10) / 10
	switch {
	case points > 0:
		return p.T("result.gain_up", p.score(points))
	case points < 0:
		return p.T("result.gain_down", p.score(-points))
	}
	return p.T("result.gain_none")
}

// pillars lists the scores by pillar where the course has several of them.
func (p page) pillars(w path.Way) []pillarScore {
	all := w.Course.PillarsOf()
	if len(all) < 2 {
		return nil
	}
	var scores []pillarScore
	for _, pillar := range all {
		row := pillarScore{p.T("pillar." + pillar), p.pillarScore(w, record.Pre, pillar),
			p.pillarScore(w, record.Post, pillar)}
		if row.Pre != "" || row.Post != "" {
			scores = append(scores, row)
		}
	}
	return scores
}

func (p page) pillarScore(w path.Way, phase record.Phase, pillar string) string {
	a := p.counted(w, phase)
	if a == nil {
		return ""
	}
	marks, ok := a.Pillars[pillar]
	if !ok || marks.Max == 0 {
		return ""
	}
	return p.score(marks.Score())
}

type proofPage struct {
	page
	Course      *courses.Course
	Number      string
	Place       string
	Position    string
	BegunAt     time.Time
	CompletedAt time.Time
	Pre, Post   *score
	PassMark    string
	PrintedAt   time.Time
}

// showProof shows the page to print that says the course was completed.
func (s *server) showProof(c *fiber.Ctx) error {
	w, err := s.way(c)
	if err != nil {
		return err
	}
	if !w.Completed() {
		return courses.Problemf(courses.Closed, "course.not_completed")
	}
	p := s.page(c, "proof.title")
	if p.counted(w, record.Post) == nil || (w.Taken(record.Pre) && p.counted(w, record.Pre) == nil) {
		return courses.Problemf(courses.Forbidden, "hall.earlier")
	}
	completed := w.Progress.CompletedAt
	posting := p.Person.Posting(completed, s.Zone)
	return s.render(c, fiber.StatusOK, "proof.html", proofPage{page: p, Course: w.Course,
		Number: w.ProofNumber(p.Person.ID), Place: s.placeName(p.Words, posting.Area), Position: posting.Position,
		BegunAt: w.Progress.FirstAt, CompletedAt: completed, Pre: p.scoreOf(w, record.Pre),
		Post: p.scoreOf(w, record.Post), PassMark: p.score(w.Course.PassMark), PrintedAt: s.Now()})
}
