package handlers

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/sheet"
)

// itemFormPage is an item being written.
type itemFormPage struct {
	draftBase
	Item      sheet.Item
	Rev       string
	Use       string // where it is asked
	Published bool   // it is in the version that is taught
	Clash     *clashed
	Findings  []toldFinding
	Types     []choice
	Pillars   []choice
	Stem      pair
	Unit      pair
	Why       pair
	Options   []optionRow
	Targets   []optionRow
	Key       string // one on each line
	KeyNote   string
	Has       map[string]bool
	Previews  []itemPreview
}

// optionRow is one option or target; N is its place in the form.
type optionRow struct {
	N     int
	ID    string
	Text  pair
	Why   pair
	Right bool
}

// itemPreview is an item as the participant will see it, with what is right marked.
type itemPreview struct {
	Lang     courses.Lang
	Name     string
	Question question
	Options  []previewOption
	Right    []string // the key, where it is not one of options
	Why      string
}

type previewOption struct {
	Letter, Text, Why string
	Right             bool
}

// blankRows are the rows that a form offers beyond those that are filled.
const blankRows = 2

// itemForm opens an item of the draft.
func (s *server) itemForm(c *fiber.Ctx) (itemFormPage, error) {
	id := c.Params("item")
	base, err := s.sheetOf(c, "bench.item", id)
	if err != nil {
		return itemFormPage{}, err
	}
	i, err := base.Draft.Sheet.Item(id)
	if err != nil {
		return itemFormPage{}, err
	}
	part := sheet.Part{Kind: sheet.PartItem, ID: id}
	p := itemFormPage{draftBase: base, Rev: base.Draft.Sheet.Rev(part), Findings: base.findingsOf(part)}
	if base.Draft.Published != nil {
		_, err := base.Draft.Published.Item(id)
		p.Published = err == nil
	}
	switch module, form := base.Draft.Sheet.Use(id); {
	case module != "":
		p.Use = base.T("bench.in_quiz", module)
	case form != "":
		p.Use = base.T("bench.in_form", form)
	}
	p.fill(base.Draft.Sheet.Items[i])
	return p, nil
}

// fill puts an item into the form.
func (p *itemFormPage) fill(it sheet.Item) {
	p.Item = it
	p.Types, p.Pillars = nil, p.choices("pillar.", it.Pillar, courses.Pillars...)
	for _, t := range courses.ItemTypes {
		p.Types = append(p.Types, choice{string(t), p.typeName(t), t == it.Type})
	}
	const short, long = 2, 3
	p.Stem = p.pair("stem", p.T("bench.field_stem"), it.Stem, long)
	p.Unit = p.pair("unit", p.T("bench.field_unit"), it.Unit, 1)
	p.Why = p.pair("why", p.T("bench.field_why"), it.Why, long)
	p.Key = strings.Join(it.Key, "\n")
	single := it.Type == courses.Single || it.Type == courses.Several
	written := it.Type == courses.Number || it.Type == courses.ShortText || it.Type == courses.TrueFalse
	p.Has = map[string]bool{"options": !written || len(it.Options) > 0, "right": single, "key": !single,
		"option_why": p.explains(it, single),
		"targets":    it.Type == courses.Match || len(it.Targets) > 0,
		"number":     it.Type == courses.Number || it.Tolerance != "" || it.Unit != courses.Text{},
		"why":        !single || it.Why != courses.Text{}}
	if !single {
		p.KeyNote = p.T("bench.key_" + strings.ReplaceAll(string(it.Type), "-", "_"))
	}
	p.Options = p.rows("option", it.Options, short)
	for i, o := range p.Options {
		p.Options[i].Right = o.ID != "" && slices.Contains(it.Key, o.ID)
	}
	p.Targets = p.rows("target", it.Targets, 1)
}

// explains reports whether the options explain themselves: those of a quiz do where there is something to
// choose.
func (p *itemFormPage) explains(it sheet.Item, single bool) bool {
	module, _ := p.Draft.Sheet.Use(it.ID)
	return single && module != "" ||
		slices.ContainsFunc(it.Options, func(o courses.Option) bool { return o.Why != courses.Text{} })
}

func (p *itemFormPage) rows(name string, all []courses.Option, lines int) []optionRow {
	rows := make([]optionRow, len(all)+blankRows)
	for i := range rows {
		var o courses.Option
		if i < len(all) {
			o = all[i]
		}
		at := fmt.Sprintf("%s.%d", name, i+1)
		rows[i] = optionRow{N: i + 1, ID: o.ID, Text: p.pair(at, p.T("bench.field_"+name, o.ID), o.Text, lines),
			Why: p.pair(at+".why", p.T("bench.field_option_why", o.ID), o.Why, lines)}
	}
	return rows
}

// itemSent reads the form of an item. Rows without anything in them are none, and a row without an id gets
// the next free letter.
func itemSent(c *fiber.Ctx) sheet.Item {
	options, right := optionsSent(c, "option")
	targets, _ := optionsSent(c, "target")
	it := sheet.Item{ID: c.Params("item"), Type: courses.ItemType(posted(c, "type")), Fact: posted(c, "fact"),
		Pillar: posted(c, "pillar"), Stem: textSent(c, "stem"), Options: options, Targets: targets,
		Tolerance: strings.Replace(posted(c, "tolerance"), ",", ".", 1), Unit: textSent(c, "unit"),
		Why: textSent(c, "why"), Withdrawn: posted(c, "withdrawn"), Key: append(right, linesSent(c, "key")...)}
	if !slices.Contains(courses.ItemTypes, it.Type) {
		it.Type = courses.Single
	}
	return it
}

// optionsSent reads the rows of options in the order of their numbers, and the ids of those marked as right.
func optionsSent(c *fiber.Ctx, name string) (all []courses.Option, right []string) {
	type row struct {
		courses.Option
		place float64
		right bool
	}
	var rows []row
	ids := map[string]bool{}
	const mostRows = 40
	for n := 1; n <= mostRows; n++ {
		at := fmt.Sprintf("%s.%d", name, n)
		r := row{Option: courses.Option{ID: posted(c, at+".key"), Text: textSent(c, at),
			Why: textSent(c, at+".why")},
			right: posted(c, at+".right") != "", place: float64(n)}
		if r.Option == (courses.Option{}) {
			continue
		}
		if place, err := strconv.ParseFloat(posted(c, at+".place"), 64); err == nil {
			r.place = place
		}
		ids[r.ID] = true
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.place, b.place) })
	for _, r := range rows {
		for i := 0; r.ID == ""; i++ {
			if id := strings.ToLower(letter(i)); !ids[id] {
				r.ID, ids[id] = id, true
			}
		}
		all = append(all, r.Option)
		if r.right {
			right = append(right, r.ID)
		}
	}
	return all, right
}

// showItemForm shows the form of an item.
func (s *server) showItemForm(c *fiber.Ctx) error {
	p, err := s.itemForm(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "item_form.html", p)
}

// saveItem keeps the item, unless somebody else has changed it in the meantime.
func (s *server) saveItem(c *fiber.Ctx) error {
	sent := itemSent(c)
	edit := s.edit(c, sheet.PartItem, sent.ID)
	failed := s.bench.Change(c.UserContext(), edit, func(sh *sheet.Sheet) error {
		i, err := sh.Item(sent.ID)
		if err != nil {
			return err
		}
		sh.Items[i].Take(sent)
		return nil
	})
	if failed == nil {
		return s.goTo(c, "/author/"+edit.Course+"/items/"+sent.ID+"?note=saved")
	}
	p, err := s.itemForm(c)
	if err != nil {
		return err
	}
	if p.Clash, p.Rev = s.tellClash(c, p.page, failed, edit.Part); p.Clash == nil {
		return failed
	}
	p.fill(sent)
	return s.render(c, fiber.StatusConflict, "item_form.html", p)
}

// previewItem shows the item as the participant will see it; nothing is kept.
func (s *server) previewItem(c *fiber.Ctx) error {
	p, err := s.itemForm(c)
	if err != nil {
		return err
	}
	sent := itemSent(c)
	p.fill(sent)
	p.Rev = posted(c, "rev")
	for i, lang := range courses.Langs {
		name := []string{p.Stem.Indonesian, p.Stem.English}[i]
		p.Previews = append(p.Previews, s.itemPreview(p.page, sent, lang, name))
	}
	return s.renderPreview(c, "item_form.html", p)
}

func (s *server) itemPreview(p page, it sheet.Item, lang courses.Lang, name string) itemPreview {
	p.Words, p.Lang = s.book.Words(string(lang)), lang
	item := courses.Item{ID: it.ID, Type: it.Type, Stem: it.Stem, Options: it.Options, Targets: it.Targets,
		Key: it.Key, Unit: it.Unit, Why: it.Why}
	if it.Type == courses.TrueFalse {
		item.Options = []courses.Option{{ID: courses.True, Text: courses.Text{ID: "Benar", EN: "True"}},
			{ID: courses.False, Text: courses.Text{ID: "Salah", EN: "False"}}}
	}
	told := itemPreview{Lang: lang, Name: name, Question: p.question(&item, "", nil, ""), Why: p.Say(it.Why)}
	for i, o := range item.Options {
		told.Options = append(told.Options, previewOption{Letter: letter(i), Text: p.Say(o.Text), Why: p.Say(o.Why),
			Right: slices.Contains(it.Key, o.ID)})
	}
	if it.Type != courses.Single && it.Type != courses.Several && it.Type != courses.TrueFalse {
		told.Right = it.Key
	}
	return told
}
