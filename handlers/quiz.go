package handlers

import (
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/path"
	"melek/courses/record"
)

// drill is a module's quiz as one person goes through it.
type drill struct {
	way    path.Way
	module courses.Module
	items  []*courses.Item
	below  string // address of the quiz
}

// drill reads the quiz of the address. Where the text was not read yet there is none.
func (s *server) drill(c *fiber.Ctx) (drill, error) {
	w, module, err := s.module(c)
	if err != nil {
		return drill{}, err
	}
	return drill{w, module, w.Items(w.Course, module.Quiz),
		fmt.Sprintf("/courses/%s/modules/%s/quiz", w.Course.ID, module.ID)}, nil
}

func (d drill) at(n int) string { return fmt.Sprintf("%s/%d", d.below, n) }

func (d drill) answer(item *courses.Item) (record.Answer, bool) {
	a, ok := d.way.Progress.Quizzes[d.module.ID][item.ID]
	return a, ok
}

type quizSummary struct {
	page
	Course  *courses.Course
	Module  courses.Module
	Right   int
	Count   int
	Answers []answered
	Onward  onward
}

type answered struct {
	Number int
	Stem   string
	Right  bool
}

// showQuiz goes to the first question without an answer, and sums up where all have one.
func (s *server) showQuiz(c *fiber.Ctx) error {
	d, err := s.drill(c)
	if err != nil {
		return err
	}
	if !d.way.HasRead(d.module.ID) {
		return s.goTo(c, "/courses/"+d.way.Course.ID+"/modules/"+d.module.ID)
	}
	if i := d.way.Unanswered(d.module); i >= 0 {
		return s.goTo(c, d.at(i+1))
	}
	p := s.page(c, "quiz.summary", d.module.Title.In(s.lang(c)))
	view := quizSummary{page: p, Course: d.way.Course, Module: d.module, Count: len(d.items),
		Onward: p.onward(d.way)}
	for i, item := range d.items {
		a, _ := d.answer(item)
		view.Answers = append(view.Answers, answered{i + 1, p.Say(item.Stem), a.Marks > 0})
		view.Right += a.Marks
	}
	return s.render(c, fiber.StatusOK, "quiz_summary.html", view)
}

type quizPage struct {
	page
	Course   *courses.Course
	Module   courses.Module
	Question question
}

// showQuizItem asks a question, or shows what became of the answer.
func (s *server) showQuizItem(c *fiber.Ctx) error {
	d, err := s.drill(c)
	if err != nil {
		return err
	}
	n, err := place(c, len(d.items))
	if err != nil {
		return err
	}
	if a, ok := d.answer(d.items[n-1]); ok {
		return s.showFeedback(c, d, n, a)
	}
	return s.renderQuizItem(c, fiber.StatusOK, d, n, kept(c, d.items[n-1]), nil)
}

// renderQuizItem asks the question with what is given so far; err says what is amiss with that.
func (s *server) renderQuizItem(c *fiber.Ctx, status int, d drill, n int, g given, err error) error {
	fault := ""
	if err != nil {
		fault = s.reason(c, err)
	}
	p := s.page(c, "quiz.title", n, len(d.items))
	q := p.question(d.items[n-1], d.way.Course.Version, g, fault)
	q.Number, q.Count, q.Action = n, len(d.items), d.at(n)
	return s.render(c, status, "quiz.html", quizPage{p, d.way.Course, d.module, q})
}

// answerQuizItem keeps an answer to the version of the question that the person saw. The first answer stands:
// sent again, the form only leads to the feedback.
func (s *server) answerQuizItem(c *fiber.Ctx) error {
	d, err := s.drill(c)
	if err != nil {
		return err
	}
	n, err := place(c, len(d.items))
	if err != nil {
		return err
	}
	item, seen := d.items[n-1], posted(c, "version")
	if _, done := d.answer(item); done {
		return s.goTo(c, d.at(n))
	}
	if item, err = s.itemSeen(d, item, seen); err != nil || posted(c, "item") != item.ID {
		changed := courses.Problemf(courses.Conflict, "quiz.changed")
		return s.renderQuizItem(c, fiber.StatusConflict, d, n, nil, changed)
	}
	g := sent(c, item)
	answer, err := g.answer(item)
	if err == nil && len(answer) == 0 {
		err = unanswered(item)
	}
	if err != nil {
		return s.renderQuizItem(c, fiber.StatusUnprocessableEntity, d, n, g, err)
	}
	fact := s.fact(c, record.Answered, d.way.Course.ID)
	fact.Module, fact.Version, fact.Answers = d.module.ID, seen, record.Answers{item.ID: answer}
	if err := s.Ledger.Record(c.UserContext(), fact); err != nil {
		return err
	}
	return s.goTo(c, d.at(n))
}

// itemSeen is the item as it stands in the quiz of a version.
func (s *server) itemSeen(d drill, item *courses.Item, version string) (*courses.Item, error) {
	course, ok := s.Catalog.Version(d.way.Course.ID, version)
	if !ok {
		return nil, courses.Problemf(courses.Conflict, "quiz.changed")
	}
	module, _, err := course.Module(d.module.ID)
	if err != nil || !slices.Contains(module.Quiz, item.ID) {
		return nil, courses.Problemf(courses.Conflict, "quiz.changed")
	}
	return course.Item(item.ID)
}

func (s *server) turnQuizItem(c *fiber.Ctx) error {
	d, err := s.drill(c)
	if err != nil {
		return err
	}
	n, err := place(c, len(d.items))
	if err != nil {
		return err
	}
	return s.turn(c, d.at(n), d.items[n-1])
}
