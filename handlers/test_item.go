package handlers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/record"
)

type testPage struct {
	page
	Course   *courses.Course
	Phase    record.Phase
	Question question
	Clock    clock
	Back     bool // there is a question before
	Last     bool
	Review   string
}

// clock is the time left: in words for everybody, in seconds for the script that counts on.
type clock struct {
	Left    string
	Seconds int
}

func (p page) clock(t sitting) clock {
	return clock{p.minutes(max(t.left(), 0)), max(0, int(t.left().Seconds()))}
}

// showTestItem asks one question of the test under way.
func (s *server) showTestItem(c *fiber.Ctx, t sitting) error {
	n, err := place(c, len(t.items))
	if err != nil {
		return err
	}
	if t.timeIsOver() {
		return s.goTo(c, t.review())
	}
	item := t.items[n-1]
	g := kept(c, item)
	if g == nil {
		g = givenOf(item, t.attempt.Answers[item.ID])
	}
	return s.renderTestItem(c, fiber.StatusOK, t, n, g, nil)
}

// renderTestItem asks the question with what is given so far; err says what is amiss with that.
func (s *server) renderTestItem(c *fiber.Ctx, status int, t sitting, n int, g given, err error) error {
	p := s.page(c, "test.item_title", n, len(t.items))
	fault := ""
	if err != nil {
		fault = s.reason(c, err) + " " + p.T("test.pass_over")
	}
	q := p.question(t.items[n-1], t.seen.Version, g, fault)
	q.Number, q.Count, q.Action = n, len(t.items), t.at(n)
	return s.render(c, status, "test.html", testPage{page: p, Course: t.seen, Phase: t.attempt.Phase,
		Question: q, Clock: p.clock(t), Back: n > 1, Last: n == len(t.items), Review: t.review()})
}

// answerTestItem keeps an answer, in place of an earlier one, and goes where the pressed button leads.
// A question may be passed over; what was answered is never taken back by an empty form. An answer that is
// not whole is shown again.
func (s *server) answerTestItem(c *fiber.Ctx, t sitting) error {
	n, err := place(c, len(t.items))
	if err != nil {
		return err
	}
	item := t.items[n-1]
	g := sent(c, item)
	answer, err := g.answer(item)
	if err != nil {
		return s.renderTestItem(c, fiber.StatusUnprocessableEntity, t, n, g, err)
	}
	before := t.attempt.Answers[item.ID]
	if len(answer) > 0 && posted(c, "item") == item.ID && !slices.Equal(answer, before) {
		fact := s.fact(c, record.Answered, t.way.Course.ID)
		fact.Phase, fact.Form, fact.Version = t.attempt.Phase, t.attempt.Form, t.attempt.Version
		fact.Workshop, fact.Answers = t.attempt.Workshop, record.Answers{item.ID: answer}
		if err := s.Ledger.Record(c.UserContext(), fact); err != nil {
			return err
		}
	}
	switch way := posted(c, "go"); {
	case way == "back" && n > 1:
		return s.goTo(c, t.at(n-1))
	case way == "review" || n == len(t.items):
		return s.goTo(c, t.review())
	}
	return s.goTo(c, t.at(n+1))
}

func (s *server) turnTestItem(c *fiber.Ctx, t sitting) error {
	n, err := place(c, len(t.items))
	if err != nil {
		return err
	}
	return s.turn(c, t.at(n), t.items[n-1])
}

type reviewPage struct {
	page
	Course  *courses.Course
	Phase   record.Phase
	Items   []reviewItem
	Open    int // questions without an answer
	Over    bool
	Clock   clock
	First   string // address of the first question without an answer
	Handing string // where the test is handed in
}

type reviewItem struct {
	Number   int
	Answered bool
	Href     string
}

// showReview shows which questions have no answer yet, before the test is handed in.
func (s *server) showReview(c *fiber.Ctx, t sitting) error {
	p := s.page(c, "test.review_title")
	view := reviewPage{page: p, Course: t.seen, Phase: t.attempt.Phase, Over: t.timeIsOver(), Clock: p.clock(t),
		First: t.firstOpen(), Handing: t.review()}
	for i, item := range t.items {
		done := t.answered(item)
		if !done {
			view.Open++
		}
		view.Items = append(view.Items, reviewItem{i + 1, done, t.at(i + 1)})
	}
	return s.render(c, fiber.StatusOK, "test_review.html", view)
}

// handIn hands the test in, with all that was answered.
func (s *server) handIn(c *fiber.Ctx, t sitting) error {
	err := s.Ledger.HandIn(c.UserContext(), signedIn(c).Person.ID, t.way.Course.ID, t.attempt, webNode)
	if err != nil {
		return err
	}
	return s.goTo(c, "/courses/"+t.way.Course.ID+"/result?note="+string(t.attempt.Phase))
}
