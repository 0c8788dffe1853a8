package handlers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/gain/items"
	"melek/courses/people"
	"melek/courses/reports"
	"melek/locales"
)

// The pages of items are for authors: what to look at first, then the figures. They show what was
// last worked out over everybody, and when.

func (s *server) itemRoutes() []route {
	return []route{
		{fiber.MethodGet, "/items", people.Review, s.showItems},
		{fiber.MethodPost, "/items/review", people.Review, s.reviewItems},
		{fiber.MethodGet, "/items/one", people.Review, s.showItem},
	}
}

type itemsPage struct {
	page
	Courses  []choice
	Course   *courses.Course
	Progress reports.Progress
	Reading  string // how far it is
	Made     string // empty before the first review
	Outdated bool
	Told     *toldItems
	Heads    []string // of the tables of items
}

// toldItems is a review in words and tables.
type toldItems struct {
	Links    []toldLink
	First    []toldItem // what to look at first
	Sections []itemSection
}

// toldLink is how one form compares with the reference form.
type toldLink struct {
	Says    string
	Details []string
}

// itemSection is the items of one form or quiz.
type itemSection struct {
	ID, Title, Sums string
	Rows            []toldItem
}

// toldItem is one item of a table.
type toldItem struct {
	ID, Link, Stem, Verdict string
	Anchor                  bool
	Cells                   []cell
}

func (s *server) showItems(c *fiber.Ctx) error {
	course, err := s.chosenCourse(c)
	if err != nil {
		return err
	}
	p := itemsPage{page: s.page(c, "items.title").wide(), Course: course, Progress: s.Reviewer.Progress()}
	p.Courses, p.Heads = s.courseChoices(p.Lang, course.ID), itemColumns
	review, err := s.Reviewer.Last(c.UserContext(), course.ID)
	switch {
	case courses.KindOf(err) == courses.NotFound:
	case err != nil:
		return err
	default:
		p.Made = p.T("items.made", review.At, review.People)
		p.Told = tellItems(p.page, course, review)
		if p.Outdated, err = s.Reviewer.Outdated(c.UserContext(), review); err != nil {
			return err
		}
	}
	p.Reading = tellProgress(p.Words, p.Progress, review.People)
	return s.render(c, fiber.StatusOK, "items.html", p)
}

// reviewItems has the review worked out anew; the page says how far it is.
func (s *server) reviewItems(c *fiber.Ctx) error {
	s.Reviewer.Ask()
	return s.goTo(c, "/items?course="+queryEscape(posted(c, "course")))
}

func tellProgress(w *locales.Words, p reports.Progress, before int) string {
	switch {
	case !p.Running:
		return ""
	case before > 0:
		return w.T("items.running_of", p.People, before)
	}
	return w.T("items.running", p.People)
}

// tellItems puts a review into words. Items that the course no longer has are left out.
func tellItems(p page, course *courses.Course, review reports.Review) *toldItems {
	told := &toldItems{}
	for _, link := range review.Tests.Links {
		told.Links = append(told.Links, tellLink(p.Words, link))
	}
	for _, form := range course.Forms {
		section := itemSection{ID: "form-" + form.ID, Title: p.T("items.form", form.ID)}
		told.add(p, course, section, form, review.Tests)
	}
	for _, m := range course.Modules {
		section := itemSection{ID: "quiz-" + m.ID, Title: p.T("items.quiz", p.Say(m.Title))}
		told.add(p, course, section, courses.Form{ID: m.ID, Items: m.Quiz}, review.Quizzes)
	}
	slices.SortStableFunc(told.First, func(a, b toldItem) int { return rank(a.Verdict) - rank(b.Verdict) })
	for i := range told.First {
		told.First[i].Verdict = p.T("verdict." + told.First[i].Verdict)
	}
	return told
}

func rank(verdict string) int { return slices.Index(items.Verdicts, items.Verdict(verdict)) }

// add puts a table of the form's items in, and those that need a look among the first.
func (t *toldItems) add(p page, course *courses.Course, section itemSection, form courses.Form,
	report reports.Items) {
	if i := slices.IndexFunc(report.Forms, func(f items.FormRow) bool { return f.Form == form.ID }); i >= 0 {
		section.Sums = tellForm(p.Words, report.Forms[i])
	}
	for _, id := range form.Items {
		i := slices.IndexFunc(report.Items, func(r items.Row) bool { return r.Item == id })
		if i < 0 {
			continue
		}
		row := report.Items[i]
		told := toldItem{ID: id, Anchor: slices.Contains(course.Anchors, id), Cells: itemCells(p.Words, row),
			Link: p.To("/items/one?course=", queryEscape(course.ID), "&item=", queryEscape(id))}
		if item, ok := course.Items[id]; ok {
			told.Stem = p.Say(item.Stem)
		}
		told.Verdict = string(row.Verdict)
		known := slices.ContainsFunc(t.First, func(other toldItem) bool { return other.ID == id })
		if row.Verdict != items.Fine && row.Verdict != items.TooFew && !known {
			t.First = append(t.First, told)
		}
		told.Verdict = p.T("verdict." + told.Verdict)
		section.Rows = append(section.Rows, told)
	}
	t.Sections = append(t.Sections, section)
}

type itemPage struct {
	page
	Course  *courses.Course
	Item    *courses.Item
	Up      string
	N       string
	Verdict string
	Advice  string
	Answers []toldAnswer
	Thirds  []cell // how many people are in each third
	Figures []term
}

// toldAnswer is one answer and how many gave it: in each third and in all.
type toldAnswer struct {
	Text  string
	Right bool
	Cells []cell
}

// showItem shows one item with the answers that people gave.
func (s *server) showItem(c *fiber.Ctx) error {
	course, err := s.chosenCourse(c)
	if err != nil {
		return err
	}
	item, err := course.Item(c.Query("item"))
	if err != nil {
		return err
	}
	review, err := s.Reviewer.Last(c.UserContext(), course.ID)
	if err != nil && courses.KindOf(err) != courses.NotFound {
		return err
	}
	p := itemPage{page: s.page(c, "items.title_one", item.ID), Course: course, Item: item,
		Up: s.path(c, "/items?course="+queryEscape(course.ID)), Verdict: "too_few"}
	all := slices.Concat(review.Tests.Items, review.Quizzes.Items)
	if i := slices.IndexFunc(all, func(r items.Row) bool { return r.Item == item.ID }); i >= 0 {
		p.tell(all[i])
	}
	p.Advice = p.T("advice." + p.Verdict)
	p.Verdict = p.T("verdict." + p.Verdict)
	return s.render(c, fiber.StatusOK, "item.html", p)
}
