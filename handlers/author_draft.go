package handlers

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/bench"
	"melek/courses/sheet"
	"melek/courses/store"
)

func courseSource(id string, files map[string]string) store.CourseSource {
	return store.CourseSource{Course: id, Files: files}
}

// draftBase is what every page of a draft shows.
type draftBase struct {
	page
	Draft bench.Draft
	Up    string // the draft's own page, below the language
	Note  string
}

// draftPage is a draft with all of its parts.
type draftPage struct {
	draftBase
	Saved    string
	Order    string // the state from which parts are moved
	Modules  []draftModule
	Forms    []draftForm
	Loose    []draftItem // items without a place
	Findings []toldFinding
	Types    []choice
	Places   []choice // where a new item can go
	Stale    []stalePart
}

// stalePart is a part whose English waits to be confirmed.
type stalePart struct{ ID, Where, Href string }

type draftModule struct {
	ID, Title   string
	First, Last bool
	Quiz        []draftItem
}

type draftForm struct {
	ID    string
	Items []draftItem
}

// draftItem is one line of a list of items.
type draftItem struct {
	ID, Href, Stem, Type string
	Marks                string // that it is an anchor, or withdrawn
	First, Last          bool
}

// draft opens the draft of the address.
func (s *server) draft(c *fiber.Ctx, titleKey string, args ...any) (draftBase, error) {
	d, err := s.bench.Open(c.UserContext(), c.Params("draft"))
	if err != nil {
		return draftBase{}, err
	}
	p := s.page(c, titleKey, args...).wide()
	return draftBase{page: p, Draft: d, Up: "/author/" + d.Draft.Course, Note: p.benchNote(c)}, nil
}

// sheetOf is draft for what needs the files to be readable.
func (s *server) sheetOf(c *fiber.Ctx, titleKey string, args ...any) (draftBase, error) {
	b, err := s.draft(c, titleKey, args...)
	if err == nil && b.Draft.Sheet == nil {
		err = courses.Problemf(courses.Conflict, "draft.unreadable")
	}
	return b, err
}

// showDraft shows the parts of a draft and what there is to mend.
func (s *server) showDraft(c *fiber.Ctx) error {
	base, err := s.draft(c, "bench.title")
	if err != nil {
		return err
	}
	base.Title = base.draftTitle(base.Draft)
	p := draftPage{draftBase: base, Saved: base.T("bench.saved_by", s.nameOf(c, base.Draft.By), base.Draft.At)}
	p.Findings = base.tellFindings(base.Draft.Findings)
	if base.Draft.Sheet != nil {
		p.fill(base.Draft.Sheet)
	}
	if base.Draft.Course != nil {
		for _, id := range base.Draft.Course.Stale {
			at := bench.Finding{Place: bench.PlaceOf(base.Draft.Course, id)}
			p.Stale = append(p.Stale, stalePart{id, base.where(at), base.To(base.Up, wayTo(at))})
		}
	}
	return s.render(c, fiber.StatusOK, "draft.html", p)
}

func (p *draftPage) fill(sh *sheet.Sheet) {
	p.Order = sh.Rev(sheet.Part{Kind: sheet.PartOrder})
	for i, m := range sh.Modules {
		told := draftModule{ID: m.ID, Title: p.moduleTitle(m), First: i == 0, Last: i == len(sh.Modules)-1,
			Quiz: p.items(sh, m.Quiz)}
		p.Modules = append(p.Modules, told)
		p.Places = append(p.Places, choice{"module " + m.ID, p.T("bench.in_quiz", told.Title), false})
	}
	for _, f := range sh.Forms {
		p.Forms = append(p.Forms, draftForm{f.ID, p.items(sh, f.Items)})
		p.Places = append(p.Places, choice{"form " + f.ID, p.T("bench.in_form", f.ID), false})
	}
	var loose []string
	for _, it := range sh.Items {
		if module, form := sh.Use(it.ID); module == "" && form == "" {
			loose = append(loose, it.ID)
		}
	}
	p.Loose = p.items(sh, loose)
	for _, t := range courses.ItemTypes {
		p.Types = append(p.Types, choice{string(t), p.typeName(t), false})
	}
}

// typeName words a type of items.
func (p page) typeName(t courses.ItemType) string {
	return p.T("bench.type_" + strings.ReplaceAll(string(t), "-", "_"))
}

// moduleTitle is the title in a module's text, or else its id.
func (p page) moduleTitle(m sheet.Module) string {
	first, _, _ := strings.Cut(p.Say(m.Text), "\n")
	if title, ok := strings.CutPrefix(first, "# "); ok && strings.TrimSpace(title) != "" {
		return strings.TrimSpace(title)
	}
	return m.ID
}

// items lists items of the draft; the loader tells of those that are not there.
func (b draftBase) items(sh *sheet.Sheet, ids []string) []draftItem {
	all := make([]draftItem, len(ids))
	for i, id := range ids {
		all[i] = draftItem{ID: id, Href: b.To(b.Up, "/items/", id), First: i == 0, Last: i == len(ids)-1}
		at, err := sh.Item(id)
		if err != nil {
			continue
		}
		it := sh.Items[at]
		all[i].Stem, all[i].Type = b.Say(it.Stem), b.typeName(it.Type)
		switch {
		case it.Withdrawn != "":
			all[i].Marks = b.T("bench.is_withdrawn")
		case slices.Contains(sh.Anchors, id):
			all[i].Marks = b.T("items.anchor")
		}
	}
	return all
}

// edit begins a change to a part from the state that the form names.
func (s *server) edit(c *fiber.Ctx, kind sheet.PartKind, id string) bench.Edit {
	return bench.Edit{Course: c.Params("draft"), By: signedIn(c).Person.ID,
		Part: sheet.Part{Kind: kind, ID: id}, Rev: posted(c, "rev")}
}

// arrange changes which parts there are and in which order, and goes on.
func (s *server) arrange(c *fiber.Ctx, below string, fn func(sh *sheet.Sheet) error) error {
	if err := s.bench.Change(c.UserContext(), s.edit(c, sheet.PartOrder, ""), fn); err != nil {
		return orderClash(err)
	}
	return s.goTo(c, "/author/"+c.Params("draft")+below)
}

// orderClash words a clash over the order, which is so little that it is simply looked at again.
func orderClash(err error) error {
	if courses.KindOf(err) == courses.Conflict && !isProblem(err) {
		return courses.Problemf(courses.Conflict, "draft.changed")
	}
	return err
}

// addModule adds a module at the end.
func (s *server) addModule(c *fiber.Ctx) error {
	id, title := posted(c, "id"), textSent(c, "name")
	return s.arrange(c, "/modules/"+id, func(sh *sheet.Sheet) error { return sh.AddModule(id, title) })
}

// addItem adds an empty item of a type to a quiz or form.
func (s *server) addItem(c *fiber.Ctx) error {
	it := sheet.Item{ID: posted(c, "id"), Type: courses.ItemType(posted(c, "type"))}
	kind, place, _ := strings.Cut(posted(c, "place"), " ")
	return s.arrange(c, "/items/"+it.ID, func(sh *sheet.Sheet) error {
		if kind == "module" {
			return sh.AddItem(it, place, "")
		}
		return sh.AddItem(it, "", place)
	})
}

// stepForm moves a part by one place.
type stepForm struct {
	Kind string `form:"kind" validate:"oneof=module item"`
	Part string `form:"part" validate:"required,max=64"`
	To   string `form:"to" validate:"oneof=up down"`
}

// movePart moves a module, or an item within its quiz, up or down.
func (s *server) movePart(c *fiber.Ctx) error {
	var f stepForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	by := 1
	if f.To == "up" {
		by = -1
	}
	return s.arrange(c, "#"+f.Part, func(sh *sheet.Sheet) error {
		if f.Kind == "module" {
			return sh.MoveModule(f.Part, by)
		}
		return sh.MoveItem(f.Part, by)
	})
}

// removeModule takes a module out of the draft.
func (s *server) removeModule(c *fiber.Ctx) error {
	id := c.Params("module")
	err := s.bench.Change(c.UserContext(), s.edit(c, sheet.PartModule, id),
		func(sh *sheet.Sheet) error { return sh.RemoveModule(id) })
	if err != nil {
		return orderClash(err)
	}
	return s.goTo(c, "/author/"+c.Params("draft")+"?note=removed")
}

// removeItem takes an item out of the draft that was never published.
func (s *server) removeItem(c *fiber.Ctx) error {
	if err := s.bench.RemoveItem(c.UserContext(), s.edit(c, sheet.PartItem, c.Params("item"))); err != nil {
		return orderClash(err)
	}
	return s.goTo(c, "/author/"+c.Params("draft")+"?note=removed")
}

type partForm struct {
	Part string `form:"part" validate:"required,max=200"`
}

// confirmTranslation notes that the English of a part was compared with its Indonesian.
func (s *server) confirmTranslation(c *fiber.Ctx) error {
	var f partForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	id := c.Params("draft")
	err := s.bench.Confirm(c.UserContext(), id, signedIn(c).Person.ID, f.Part)
	if courses.KindOf(err) == courses.Invalid && !isProblem(err) {
		err = courses.Problemf(courses.Conflict, "draft.unfit")
	}
	if err != nil {
		return err
	}
	return s.goTo(c, "/author/"+id+"?note=confirmed")
}
