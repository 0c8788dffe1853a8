package handlers

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/bench"
	"melek/courses/content"
	"melek/courses/gain/items"
	"melek/courses/sheet"
)

// changesPage is how a draft differs from what is taught, and the way to publish it.
type changesPage struct {
	draftBase
	Differences []toldDifference
	Others      []string // files that differ and are no part of the sheet
	Findings    []toldFinding
	Bars        int
	Stale       int    // parts whose English waits to be confirmed
	Now         string // the version that is taught; empty for a new course
}

// showChanges compares the draft with what is taught.
func (s *server) showChanges(c *fiber.Ctx) error {
	base, err := s.draft(c, "bench.changes")
	if err != nil {
		return err
	}
	d := base.Draft
	p := changesPage{draftBase: base, Bars: d.Bars(), Stale: d.Stale(), Findings: base.tellFindings(d.Findings)}
	if d.Sheet != nil {
		p.Differences = base.tellDifferences(sheet.Compare(d.Published, d.Sheet))
	}
	published := map[string]string{}
	if source, err := s.Catalog.Source(d.Draft.Course); err == nil {
		p.Now, published = source.Version, source.Files
	}
	if d.Files[content.TranslationsFile] != published[content.TranslationsFile] {
		p.Others = append(p.Others, content.TranslationsFile)
	}
	return s.render(c, fiber.StatusOK, "changes.html", p)
}

// publishDraft makes the draft, as it was seen, the version that is taught.
func (s *server) publishDraft(c *fiber.Ctx) error {
	var f versionForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	id := c.Params("draft")
	course, err := s.bench.Publish(c.UserContext(), id, f.Version)
	var findings content.Findings
	if errors.As(err, &findings) {
		err = courses.Problemf(courses.Conflict, "draft.unfit")
	}
	if err != nil {
		return err
	}
	if err := s.note(c, "course.publish", id, course.Version); err != nil {
		return err
	}
	return s.goTo(c, "/author?note=published")
}

// historyPage is what became of an item from version to version.
type historyPage struct {
	draftBase
	Item     string
	Editions []toldEdition
	Figures  []term // of the last review
	Link     string // to all figures; empty where there are none
	Made     string
}

type toldEdition struct {
	Title   string
	Note    string // that it is taught, or withdrawn and why
	Changes []toldChange
}

// showHistory shows the versions in which an item changed, and its figures. It needs no draft.
func (s *server) showHistory(c *fiber.Ctx) error {
	id, item := c.Params("draft"), c.Params("item")
	history, err := s.bench.History(c.UserContext(), id, item)
	if err != nil {
		return err
	}
	if len(history) == 0 {
		return courses.Problemf(courses.NotFound, "item.unknown", item)
	}
	p := historyPage{Item: item}
	p.page, p.Up = s.page(c, "bench.history", item).wide(), "/author/"+id
	if _, err := s.Store.Draft(c.UserContext(), id); courses.KindOf(err) == courses.NotFound {
		p.Up = "/author"
	} else if err != nil {
		return err
	}
	for i, e := range slices.Backward(history) {
		p.Editions = append(p.Editions, p.tellEdition(e, i == 0))
	}
	if err := s.addFigures(c, &p, id); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "history.html", p)
}

func (p historyPage) tellEdition(e bench.Edition, first bool) toldEdition {
	told := toldEdition{Title: p.T("bench.version", e.Version, e.At)}
	if e.Version == "" {
		told.Title = p.T("bench.in_draft", e.At)
	}
	switch {
	case e.Item == nil:
		told.Note = p.T("bench.gone")
	case e.Item.Withdrawn != "":
		told.Note = p.T("bench.withdrawn", e.Item.Withdrawn)
	case e.Current:
		told.Note = p.T("bench.taught")
	}
	if told.Changes = p.tellChanges(e.Changes); first {
		told.Note = p.T("bench.first")
	}
	return told
}

// addFigures adds what the last review says of the item.
func (s *server) addFigures(c *fiber.Ctx, p *historyPage, course string) error {
	review, err := s.Reviewer.Last(c.UserContext(), course)
	if courses.KindOf(err) == courses.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	all := slices.Concat(review.Tests.Items, review.Quizzes.Items)
	i := slices.IndexFunc(all, func(r items.Row) bool { return r.Item == p.Item })
	if i < 0 {
		return nil
	}
	p.Made = p.T("items.made", review.At, review.People)
	p.Link = p.To("/items/one?course=", queryEscape(course), "&item=", queryEscape(p.Item))
	p.Figures = append(p.Figures, term{p.T("items.head_verdict"), p.T("verdict." + string(all[i].Verdict))})
	for n, each := range itemCells(p.Words, all[i]) {
		if each.Text != "" {
			p.Figures = append(p.Figures, term{p.T("items.head_" + itemColumns[n]), each.Text})
		}
	}
	return nil
}
