package bank

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"melek/courses"
)

// WriteMoodle writes the bank in Moodle's XML format, in both languages: each is marked as Moodle's multilang
// filter asks for it. Moodle without that filter shows the one after the other.
func WriteMoodle(w io.Writer, b Bank) error {
	quiz := el("quiz")
	group := ""
	for i := range b.Items {
		e := &b.Items[i]
		if e.Group != group {
			group = e.Group
			quiz.kids = append(quiz.kids, el("question", pairs{"type", "category"},
				el("category", el("text", "$course$/top/"+pathOf(b.Title, group)))))
		}
		quiz.kids = append(quiz.kids, moodleItem(&e.Item))
	}
	_, err := w.Write(quiz.write())
	return err
}

var moodleNames = map[courses.ItemType]string{courses.Single: "multichoice", courses.Several: "multichoice",
	courses.TrueFalse: "truefalse", courses.Order: "ordering", courses.Match: "matching",
	courses.Number: "numerical", courses.ShortText: "shortanswer"}

func moodleItem(it *courses.Item) *node {
	both := bilingual(it)
	q := el("question", pairs{"type", moodleNames[it.Type]},
		el("name", el("text", it.ID)),
		richly("questiontext", withUnit(it), both),
		richly("generalfeedback", it.Why, both),
		el("defaultgrade", "1"), el("penalty", "0"), el("hidden", "0"), el("idnumber", it.ID))
	q.kids = append(q.kids, moodleParts[it.Type](it, both)...)
	if all := tags(it); len(all) > 0 {
		list := el("tags")
		for _, tag := range all {
			list.kids = append(list.kids, el("tag", el("text", tag)))
		}
		q.kids = append(q.kids, list)
	}
	return q
}

func richly(name string, t courses.Text, both bool, within ...any) *node {
	return el(name, append([]any{pairs{"format", "html"}, el("text", toHTML(t, both))}, within...)...)
}

// answer writes one answer and what it is worth in percent.
func answer(fraction string, text *node, within ...any) *node {
	return el("answer", append([]any{pairs{"fraction", fraction}, text}, within...)...)
}

var moodleParts = map[courses.ItemType]func(*courses.Item, bool) []*node{
	courses.Single:    moodleOptions,
	courses.Several:   moodleOptions,
	courses.TrueFalse: moodleTruth,
	courses.Order:     moodleSteps,
	courses.Match:     moodlePairs,
	courses.Number:    moodleFigure,
	courses.ShortText: moodleSpellings,
}

func moodleOptions(it *courses.Item, both bool) []*node {
	parts := []*node{el("single", strconv.FormatBool(!it.Several())), el("shuffleanswers", "true"),
		el("answernumbering", "abc")}
	for _, o := range it.Options {
		fraction := "0"
		switch {
		case isKey(it, o.ID):
			fraction = share(len(it.Key))
		case it.Several():
			fraction = "-100"
		}
		parts = append(parts, richly("answer", o.Text, both, pairs{"fraction", fraction},
			richly("feedback", o.Why, both)))
	}
	return parts
}

func moodleTruth(it *courses.Item, _ bool) []*node {
	var parts []*node
	for _, says := range []string{courses.True, courses.False} {
		fraction := "0"
		if isKey(it, says) {
			fraction = "100"
		}
		parts = append(parts, answer(fraction, el("text", says)))
	}
	return parts
}

func moodleSteps(it *courses.Item, both bool) []*node {
	parts := []*node{el("layouttype", "VERTICAL"), el("selecttype", "ALL"), el("selectcount", "0"),
		el("gradingtype", "ALL_OR_NOTHING"), el("showgrading", "SHOW"), el("numberingstyle", "none")}
	for i, id := range it.Key {
		parts = append(parts, richly("answer", option(it.Options, id).Text, both,
			pairs{"fraction", strconv.Itoa(i + 1)}))
	}
	return parts
}

func moodlePairs(it *courses.Item, both bool) []*node {
	parts := []*node{el("shuffleanswers", "true")}
	for _, p := range pairsOf(it) {
		parts = append(parts, richly("subquestion", p.option, both,
			el("answer", el("text", toHTML(p.target, both)))))
	}
	return parts
}

func moodleFigure(it *courses.Item, _ bool) []*node {
	parts := []*node{answer("100", el("text", it.Key[0]),
		el("tolerance", strconv.FormatFloat(it.Tolerance, 'f', -1, 64)))}
	units := el("units")
	for _, name := range slices.Compact([]string{it.Unit.ID, it.Unit.EN}) {
		if name != "" {
			units.kids = append(units.kids, el("unit", el("multiplier", "1"), el("unit_name", name)))
		}
	}
	if len(units.kids) > 0 {
		parts = append(parts, units, el("unitgradingtype", "0"), el("unitpenalty", "0"), el("showunits", "0"),
			el("unitsleft", "0"))
	}
	return parts
}

func moodleSpellings(it *courses.Item, _ bool) []*node {
	parts := []*node{el("usecase", "0")}
	for _, k := range it.Key {
		parts = append(parts, answer("100", el("text", strings.ReplaceAll(k, "*", `\*`))))
	}
	return parts
}
