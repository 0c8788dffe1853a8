package bank

import (
	"slices"
	"strconv"
	"strings"

	"melek/courses"
)

// ReadMoodle reads a file of Moodle's XML format. Texts that Moodle's multilang filter would tell apart are
// in both languages; others are in lang.
func ReadMoodle(data []byte, lang courses.Lang) (*Haul, error) {
	root, err := parse(data)
	if err != nil {
		return nil, err
	}
	return readMoodle(root, lang)
}

func readMoodle(root *node, lang courses.Lang) (*Haul, error) {
	if root.name != "quiz" {
		return nil, courses.Problemf(courses.Invalid, "bank.format", root.name)
	}
	in := newIntake(lang)
	for _, q := range root.all("question") {
		in.moodleQuestion(q)
	}
	return in.done()
}

func (in *intake) moodleQuestion(q *node) {
	kind := q.attr("type")
	if kind == "category" {
		in.group = lastOf(q.at("category", "text").content())
		return
	}
	d := in.draft(q.line, q.at("name", "text").content())
	d.item.ID = tidy(q.at("idnumber").content())
	read, ok := moodleTypes[kind]
	if !ok {
		d.leave("bank.type", kind)
		return
	}
	d.item.Stem = d.rich(q.at("questiontext"))
	d.explain(d.rich(q.at("generalfeedback")))
	for _, tag := range q.at("tags").all("tag") {
		d.tag(tag.at("text").content())
	}
	if len(q.all("hint")) > 0 {
		d.changed("bank.hints")
	}
	if len(q.deep(named("file"))) > 0 {
		d.changed("bank.picture")
	}
	read(d, q)
	d.finish()
}

// moodleTypes reads what each type of question has of its own. Of multichoiceset, a plugin, every right
// option and no other is asked for, as Melek does.
var moodleTypes = map[string]func(*draft, *node){
	"multichoice":    (*draft).moodleChoice,
	"multichoiceset": (*draft).moodleChoice,
	"truefalse":      (*draft).moodleTruth,
	"shortanswer":    (*draft).moodleSpelling,
	"numerical":      (*draft).moodleNumber,
	"matching":       (*draft).moodleMatching,
	"ordering":       (*draft).moodleOrder,
}

// rich reads an element with a format and a text.
func (d *draft) rich(n *node) courses.Text {
	source := n.at("text").content()
	if format := n.attr("format"); format == "plain_text" || format == "markdown" {
		plain := tidy(source)
		return courses.Text{ID: plain, EN: plain}
	}
	return d.take(fromHTML(source))
}

// fraction is what an answer is worth in percent.
func fraction(answer *node) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(answer.attr("fraction")), 64)
	if err != nil {
		return 0
	}
	return f
}

func (d *draft) moodleChoice(q *node) {
	d.item.Type = courses.Single
	single := strings.TrimSpace(q.at("single").content())
	if q.attr("type") == "multichoiceset" || single == "false" || single == "0" {
		d.item.Type = courses.Several
	}
	var percent []float64
	for _, a := range q.all("answer") {
		d.offer(d.rich(a), d.rich(a.at("feedback")))
		percent = append(percent, fraction(a))
	}
	d.weigh(percent)
	for _, when := range []string{"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"} {
		if d.rich(q.at(when)) != (courses.Text{}) {
			d.changed("bank.feedback_by_mark")
		}
	}
}

func (d *draft) moodleTruth(q *node) {
	d.item.Type = courses.TrueFalse
	d.item.Options = slices.Clone(truth)
	for _, a := range q.all("answer") {
		says := strings.ToLower(strings.TrimSpace(a.at("text").content()))
		if fraction(a) >= 100 && (says == courses.True || says == courses.False) {
			d.right = append(d.right, slices.Index([]string{courses.True, courses.False}, says))
		}
		d.answerFeedback(a)
	}
}

func (d *draft) answerFeedback(answer *node) {
	d.answered(d.rich(answer.at("feedback")), fraction(answer))
}

func (d *draft) moodleSpelling(q *node) {
	d.item.Type = courses.ShortText
	for _, a := range q.all("answer") {
		d.answerFeedback(a)
		if fraction(a) >= 100 {
			d.accept(tidy(a.at("text").content()))
		} else if fraction(a) > 0 {
			d.changed("bank.part_marks")
		}
	}
	if strings.TrimSpace(q.at("usecase").content()) == "1" {
		d.changed("bank.case")
	}
}

func (d *draft) moodleNumber(q *node) {
	d.item.Type = courses.Number
	for _, a := range q.all("answer") {
		d.answerFeedback(a)
		if fraction(a) < 100 {
			if fraction(a) > 0 {
				d.changed("bank.part_marks")
			}
			continue
		}
		tolerance, err := strconv.ParseFloat(strings.TrimSpace(a.at("tolerance").content()), 64)
		if err != nil {
			tolerance = 0
		}
		d.figure(strings.TrimSpace(a.at("text").content()), tolerance)
	}
	d.moodleUnits(q.at("units").all("unit"))
}

// moodleUnits reads the unit that counts as it is; a second one like it is the same in English.
func (d *draft) moodleUnits(units []*node) {
	var names []string
	for _, u := range units {
		if m, err := strconv.ParseFloat(strings.TrimSpace(u.at("multiplier").content()), 64); err == nil && m == 1 {
			names = append(names, tidy(u.at("unit_name").content()))
		}
	}
	if len(names) > 0 {
		d.item.Unit = courses.Text{ID: names[0], EN: names[0]}
	}
	if len(names) == 2 && d.spanned {
		d.item.Unit.EN = names[1]
	} else if len(names) != len(units) || len(names) > 1 {
		d.changed("bank.units")
	}
}

func (d *draft) moodleMatching(q *node) {
	d.item.Type = courses.Match
	for _, s := range q.all("subquestion") {
		d.match(d.rich(s), d.rich(s.at("answer")))
	}
}

// moodleOrder reads the answers, whose fractions are their places; they stand in order in every export.
func (d *draft) moodleOrder(q *node) {
	d.item.Type = courses.Order
	answers := slices.Clone(q.all("answer"))
	slices.SortStableFunc(answers, func(a, b *node) int {
		switch fa, fb := fraction(a), fraction(b); {
		case fa < fb:
			return -1
		case fa > fb:
			return 1
		}
		return 0
	})
	for i, a := range answers {
		d.offer(d.rich(a), courses.Text{})
		d.right = append(d.right, i)
	}
	if t := strings.TrimSpace(q.at("selecttype").content()); t != "" && t != "ALL" && t != "0" {
		d.changed("bank.order_part")
	}
}
