package handlers

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/gain/items"
	"melek/locales"
)

// tellLink says how a form compares with the reference form.
func tellLink(w *locales.Words, link items.Link) toldLink {
	why := func() string { return w.T("itemwhy." + string(link.Reasons["scores"])) }
	switch own := link.Form == link.Reference; {
	case own && link.Comparable:
		return toldLink{Says: w.T("items.reference", link.Form)}
	case own:
		return toldLink{Says: w.T("items.reference_unknown", link.Form, why())}
	case !link.Comparable:
		return toldLink{w.T("items.incomparable", link.Form, link.Reference, why()), tellAnchors(w, link)}
	}
	number := func(x float64) string { return w.Number(x, 1) }
	points, lo, hi := *link.EffectPoints, link.EffectCI95[0], link.EffectCI95[1]
	says := w.T("items.alike", link.Form, link.Reference, signed(w, points), signed(w, lo), signed(w, hi))
	switch {
	case lo > 0:
		says = w.T("items.harder", link.Form, link.Reference, number(points), number(lo), number(hi))
	case hi < 0:
		says = w.T("items.easier", link.Form, link.Reference, number(-points), number(-hi), number(-lo))
	}
	return toldLink{says, tellAnchors(w, link)}
}

// tellAnchors names the anchors that carry a link, and those that do not.
func tellAnchors(w *locales.Words, link items.Link) []string {
	var details []string
	if len(link.Anchors) > 0 {
		details = append(details, w.T("items.anchors", strings.Join(link.Anchors, ", ")))
	}
	for _, d := range link.Drifted {
		key := "items.drifted_harder"
		if d.By < 0 {
			key = "items.drifted_easier"
		}
		details = append(details, w.T(key, d.Item, w.Number(max(d.By, -d.By), 1)))
	}
	return details
}

func tellForm(w *locales.Words, f items.FormRow) string {
	switch {
	case f.Mean == nil:
		return w.T("items.form_nobody")
	case f.Alpha == nil:
		return w.T("items.form_mean", int(f.N), w.Number(*f.Mean, 1))
	}
	return w.T("items.form_sums", int(f.N), w.Number(*f.Mean, 1), w.Number(*f.SD, 1), w.Number(*f.Alpha, 2))
}

// itemColumns are the figures that the page shows of each item, by the keys of their titles.
var itemColumns = []string{"n", "facility", "rest", "b", "fit", "dif"}

func itemCells(w *locales.Words, r items.Row) []cell {
	why := func(name string) cell { return absent(w, "itemwhy.", r.Reasons[name]) }
	cells := []cell{{Text: w.Number(float64(r.N), 0)}, why("facility"), why("rest_correlation"), why("rasch"),
		why("rasch"), why("dif")}
	if r.Facility != nil {
		cells[1] = cell{Text: w.T("bars.percent", w.Number(100**r.Facility, 0))}
	}
	if r.RestCorrelation != nil {
		cells[2] = cell{Text: w.Number(*r.RestCorrelation, 2)}
	}
	if r.Rasch != nil {
		cells[3] = cell{Text: w.Number(r.Rasch.B, 2) + " ± " + w.Number(r.Rasch.SE, 2)}
		cells[4] = cell{Text: w.Number(r.Rasch.Infit, 2) + " / " + w.Number(r.Rasch.Outfit, 2)}
	}
	if r.DIF != nil {
		cells[5] = cell{Text: r.DIF.Class}
	}
	return cells
}

// tell puts an item's row on its own page.
func (p *itemPage) tell(r items.Row) {
	p.Verdict = string(r.Verdict)
	p.N = p.T("items.answers", int(r.N), int(r.Omitted))
	for i, c := range itemCells(p.Words, r)[1:] {
		means := c.Text
		if means == "" {
			means = p.T("items.unknown", c.Why)
		}
		p.Figures = append(p.Figures, term{p.T("items.head_" + itemColumns[i+1]), means})
	}
	if r.DIF != nil {
		p.Figures[len(p.Figures)-1].Means = tellDIF(p.Words, *r.DIF)
	}
	if r.Thirds != nil {
		for _, third := range r.Thirds {
			p.Thirds = append(p.Thirds, cell{Text: p.Number(float64(third.N), 0)})
		}
		p.Answers = tellAnswers(p.page, p.Item, r)
	}
}

// tellDIF says whether the item is as hard in both languages.
func tellDIF(w *locales.Words, d items.DIF) string {
	key := "dif.alike"
	if d.Class != "A" {
		key = map[bool]string{true: "dif.harder_en", false: "dif.harder_id"}[d.Delta < 0]
	}
	return w.T(key, d.Class, signed(w, d.Delta), int(d.ID), int(d.EN))
}

// tellAnswers lists the answers, those that the item knows in their order, then the others, the most
// frequent first.
func tellAnswers(p page, item *courses.Item, r items.Row) []toldAnswer {
	known := item.Tallied()
	others := slices.DeleteFunc(slices.Collect(maps.Keys(r.Options)), func(answer string) bool {
		return slices.Contains(known, answer)
	})
	slices.SortFunc(others, func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Options[b], r.Options[a]), strings.Compare(a, b))
	})
	var told []toldAnswer
	for _, answer := range slices.Concat(known, others) {
		row := toldAnswer{Text: answerText(p, item, answer), Right: rightAnswer(item, answer)}
		for _, third := range r.Thirds {
			row.Cells = append(row.Cells, cell{Text: p.Number(float64(third.Options[answer]), 0)})
		}
		row.Cells = append(row.Cells, cell{Text: p.Number(float64(r.Options[answer]), 0)})
		told = append(told, row)
	}
	return told
}

// rightAnswer reports whether what is counted of an answer belongs to the key.
func rightAnswer(item *courses.Item, answer string) bool {
	switch item.Type {
	case courses.Order:
		return slices.Contains(item.Tally(item.Key), answer)
	case courses.ShortText:
		return slices.Contains(item.Tallied(), answer)
	}
	return slices.Contains(item.Key, answer)
}

// answerText is what is counted of an answer in words: an option's text, a place and the option at
// it, an option and what it was matched with, or what was written.
func answerText(p page, item *courses.Item, answer string) string {
	text := func(options []courses.Option, id string) string {
		i := slices.IndexFunc(options, func(o courses.Option) bool { return o.ID == id })
		if i < 0 {
			return id
		}
		return p.Say(options[i].Text)
	}
	left, right, _ := strings.Cut(answer, "=")
	switch item.Type {
	case courses.Order:
		return left + ". " + text(item.Options, right)
	case courses.Match:
		return text(item.Options, left) + " → " + text(item.Targets, right)
	case courses.Number, courses.ShortText:
		return answer
	}
	return text(item.Options, answer)
}
