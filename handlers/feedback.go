package handlers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/record"
)

type feedbackPage struct {
	page
	Course   *courses.Course
	Module   courses.Module
	Question question
	Outcomes []outcome
	Why      string // of items whose options do not explain themselves
	Right    bool
	Next     string // address of the next question, or of the summary
	Last     bool
}

// outcome is what became of one part of an answer.
type outcome struct {
	Letter string
	Text   string
	Beside string // what belongs to it, in a match
	Right  bool
	Given  bool   // it is part of the answer
	Mark   string // says whose it is and whether it is right; empty where there is nothing to say
	Why    string
}

// showFeedback says what became of an answer, and why: of what was given and of what is right.
func (s *server) showFeedback(c *fiber.Ctx, d drill, n int, a record.Answer) error {
	item := d.items[n-1]
	if seen, err := s.itemSeen(d, item, a.Version); err == nil {
		item = seen
	}
	title := "quiz.not_yet_title"
	if a.Marks > 0 {
		title = "quiz.right_title"
	}
	p := s.page(c, title, n, len(d.items))
	view := feedbackPage{page: p, Course: d.way.Course, Module: d.module,
		Question: p.question(item, "", nil, ""), Outcomes: p.outcomes(item, a), Why: p.Say(item.Why),
		Right: a.Marks > 0, Next: d.at(n + 1), Last: n == len(d.items)}
	view.Question.Number, view.Question.Count = n, len(d.items)
	if view.Last {
		view.Next = d.below
	}
	return s.render(c, fiber.StatusOK, "quiz_feedback.html", view)
}

func (p page) outcomes(item *courses.Item, a record.Answer) []outcome {
	switch {
	case item.Written():
		return p.writtenOutcomes(item, a)
	case item.Type == courses.Order:
		return p.orderOutcomes(item, a)
	case item.Type == courses.Match:
		return p.matchOutcomes(item, a)
	}
	var all []outcome
	for i, o := range item.Options {
		out := outcome{Letter: letter(i), Text: p.Say(o.Text), Right: slices.Contains(item.Key, o.ID),
			Given: slices.Contains(a.Chosen, o.ID)}
		switch {
		case out.Given && out.Right:
			out.Mark = p.T("quiz.yours_right")
		case out.Given:
			out.Mark = p.T("quiz.yours")
		case out.Right:
			out.Mark = p.T("quiz.the_right")
		}
		if out.Given || out.Right {
			out.Why = p.Say(o.Why)
		}
		all = append(all, out)
	}
	return all
}

// orderOutcomes shows the entries in the right order, each with the place that it was given.
func (p page) orderOutcomes(item *courses.Item, a record.Answer) []outcome {
	var all []outcome
	for i, id := range item.Key {
		at := slices.Index(a.Chosen, id)
		out := outcome{Letter: strconv.Itoa(i + 1), Text: p.textOf(item.Options, id), Right: at == i, Given: true,
			Mark: p.T("quiz.right_place")}
		if !out.Right {
			out.Mark = p.T("quiz.your_place", at+1)
		}
		all = append(all, out)
	}
	return all
}

// matchOutcomes shows every option with its right target, and with the other one that it was given.
func (p page) matchOutcomes(item *courses.Item, a record.Answer) []outcome {
	target := func(pairs []string, option string) string {
		for _, pair := range pairs {
			if of, target, _ := strings.Cut(pair, "="); of == option {
				return target
			}
		}
		return ""
	}
	var all []outcome
	for i, o := range item.Options {
		right, given := target(item.Key, o.ID), target(a.Chosen, o.ID)
		out := outcome{Letter: letter(i), Text: p.Say(o.Text), Beside: p.textOf(item.Targets, right),
			Right: right == given, Given: true, Mark: p.T("quiz.yours_right")}
		if !out.Right {
			out.Mark = p.T("quiz.your_match", p.textOf(item.Targets, given))
		}
		all = append(all, out)
	}
	return all
}

func (p page) textOf(options []courses.Option, id string) string {
	for _, o := range options {
		if o.ID == id {
			return p.Say(o.Text)
		}
	}
	return id
}

// writtenOutcomes shows what was written and what is right.
func (p page) writtenOutcomes(item *courses.Item, a record.Answer) []outcome {
	yours := outcome{Text: strings.Join(a.Chosen, ""), Given: true, Right: a.Marks > 0,
		Mark: p.T("quiz.yours_right")}
	if yours.Right {
		return []outcome{yours}
	}
	yours.Mark = p.T("quiz.yours")
	right := outcome{Text: p.rightWriting(item), Right: true, Mark: p.T("quiz.the_right")}
	return []outcome{yours, right}
}

// rightWriting words the key of a written answer: a number with its unit and how near is right, or the
// spelling that the author wrote first.
func (p page) rightWriting(item *courses.Item) string {
	if item.Type != courses.Number {
		return item.Key[0]
	}
	key, err := strconv.ParseFloat(item.Key[0], 64)
	if err != nil {
		return item.Key[0]
	}
	text := strings.TrimSpace(p.plainNumber(key) + " " + p.Say(item.Unit))
	if item.Tolerance > 0 {
		text = p.T("quiz.about", text, p.plainNumber(key-item.Tolerance), p.plainNumber(key+item.Tolerance))
	}
	return text
}

// plainNumber writes a number with the decimals that it has, at most six.
func (p page) plainNumber(f float64) string {
	const most = 6
	shortest := strings.TrimRight(strconv.FormatFloat(f, 'f', most, 64), "0")
	_, part, _ := strings.Cut(shortest, ".")
	return p.Number(f, len(part))
}
