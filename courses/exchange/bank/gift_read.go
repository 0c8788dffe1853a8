package bank

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"melek/courses"
)

// giftQuestion is a question of a GIFT file under reading. Its texts are hidden, as hide does it.
type giftQuestion struct {
	*draft
	format string // of texts that name none
}

// giftAnswer is one answer between the braces.
type giftAnswer struct {
	sign     byte // = or ~
	weight   float64
	weighed  bool
	text     string
	feedback string
}

// read takes the question apart: ::name::[format]stem{answers}more of the stem.
func (q *giftQuestion) read(s string) {
	if rest, ok := strings.CutPrefix(s, "::"); ok {
		if name, rest, ok := strings.Cut(rest, "::"); ok {
			q.name, s = shown(name), strings.TrimSpace(rest)
		}
	}
	start, end := strings.IndexByte(s, '{'), strings.IndexByte(s, '}')
	switch {
	case start < 0 && end < 0:
		q.leave("bank.no_question")
		return
	case start < 0 || end < start:
		q.leave("bank.braces")
		return
	}
	before, answers, after := s[:start], strings.TrimSpace(s[start+1:end]), strings.TrimSpace(s[end+1:])
	if strings.ContainsAny(after, "{}") {
		q.leave("bank.many_questions")
		return
	}
	if after != "" {
		before = strings.TrimSpace(before) + " _____ " + after
	}
	q.format = "moodle"
	if m := giftFormat.FindStringSubmatch(before); m != nil {
		q.format = m[1]
	}
	q.item.Stem = q.text(before)
	answers, general, ok := cutLast(answers, "####")
	if ok {
		q.explain(q.text(general))
	}
	q.answers(answers)
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return strings.TrimSpace(s[:i]), s[i+len(sep):], true
}

// text reads a text in its own format, or in that of the stem.
func (q *giftQuestion) text(s string) courses.Text {
	s = strings.TrimSpace(s)
	format := q.format
	if m := giftFormat.FindStringSubmatch(s); m != nil {
		format, s = m[1], s[len(m[0]):]
	}
	return q.formatted(s, format)
}

func (q *giftQuestion) formatted(s, format string) courses.Text {
	if format == "html" || format == "moodle" {
		return q.take(fromHTML(shown(s)))
	}
	plain := tidy(shown(s))
	return courses.Text{ID: plain, EN: plain}
}

// answers tells the type of the question by its signs, as Moodle does.
func (q *giftQuestion) answers(s string) {
	truth, _, _ := strings.Cut(s, "#")
	truth = strings.TrimSpace(truth)
	switch {
	case s == "":
		q.leave("bank.type", "essay")
	case s[0] == '#':
		q.number(s[1:])
	case s[0] == '>':
		q.order(s[1:])
	case strings.Contains(s, "~"):
		q.choice(giftAnswers(s))
	case strings.Contains(s, "=") && strings.Contains(s, "->"):
		q.matching(giftAnswers(s))
	case slices.Contains([]string{"T", "TRUE", "F", "FALSE"}, truth):
		q.truth(truth[0] == 'T', s)
	default:
		q.spelling(giftAnswers(s))
	}
}

// giftAnswers splits what stands between the braces at its signs.
func giftAnswers(s string) []giftAnswer {
	var all []giftAnswer
	for s = strings.TrimSpace(s); s != ""; {
		sign := byte('=')
		if s[0] == '=' || s[0] == '~' {
			sign, s = s[0], s[1:]
		}
		text, rest := s, ""
		if i := strings.IndexAny(s, "=~"); i >= 0 {
			text, rest = s[:i], s[i:]
		}
		a := giftAnswer{sign: sign}
		if text = strings.TrimSpace(text); sign == '=' {
			a.weight = 100
			if mark, ok := strings.CutPrefix(rest, "~"); ok && text == "" {
				rest = "=" + mark // «=~» is written by hand for «=»
			}
		}
		if m := giftWeight.FindStringSubmatch(text); m != nil {
			a.weight, _ = strconv.ParseFloat(m[1], 64) // the pattern is a number's
			a.weighed, text = true, text[len(m[0]):]
		}
		a.text, a.feedback, _ = strings.Cut(text, "#")
		if s = strings.TrimSpace(rest); a.text != "" || a.feedback != "" {
			all = append(all, a)
		}
	}
	return all
}

func (q *giftQuestion) choice(answers []giftAnswer) {
	q.item.Type = courses.Several
	if slices.ContainsFunc(answers, func(a giftAnswer) bool { return a.sign == '=' }) {
		q.item.Type = courses.Single
	}
	weights := make([]float64, len(answers))
	for i, a := range answers {
		q.offer(q.text(a.text), q.text(a.feedback))
		weights[i] = a.weight
	}
	q.weigh(weights)
	q.finish()
}

// weigh tells by the percentages which options are right. Melek gives the whole mark or none.
func (d *draft) weigh(percent []float64) {
	most := 0.0
	for i, p := range percent {
		if d.item.Type == courses.Single && p >= 100 || d.item.Type == courses.Several && p > 0 {
			d.right = append(d.right, i)
		} else if p > 0 {
			d.changed("bank.part_marks")
		}
		most = max(most, p)
	}
	for _, i := range d.right {
		if math.Abs(percent[i]-most) > 0.01 {
			d.changed("bank.part_marks")
		}
	}
}

func (q *giftQuestion) matching(answers []giftAnswer) {
	q.item.Type = courses.Match
	for _, a := range answers {
		option, target, ok := strings.Cut(a.text, "->")
		if !ok {
			q.leave("bank.no_pair", tidy(shown(a.text)))
			return
		}
		q.match(q.text(option), q.formatted(target, q.format))
	}
	q.finish()
}

// truth reads TRUE#feedback where wrong#feedback where right.
func (q *giftQuestion) truth(isTrue bool, s string) {
	q.item.Type = courses.TrueFalse
	q.right = []int{1}
	if isTrue {
		q.right = []int{0}
	}
	q.item.Options = slices.Clone(truth)
	parts := strings.SplitN(s, "#", 3)
	if len(parts) == 3 {
		q.feedbackOf(giftAnswer{weight: 100, feedback: parts[2]})
	}
	if len(parts) > 1 {
		q.feedbackOf(giftAnswer{feedback: parts[1]})
	}
	q.finish()
}

func (q *giftQuestion) spelling(answers []giftAnswer) {
	q.item.Type = courses.ShortText
	for _, a := range answers {
		q.feedbackOf(a)
		if a.weight < 100 {
			q.changed("bank.part_marks")
			continue
		}
		q.accept(q.text(a.text).In(q.lang))
	}
	q.finish()
}

// accept adds a spelling. A star stands for anything in Moodle, which Melek does not know.
func (d *draft) accept(spelling string) {
	if bare := strings.ReplaceAll(spelling, `\*`, ""); strings.Contains(bare, "*") {
		d.changed("bank.wildcard", spelling)
		return
	}
	d.item.Key = append(d.item.Key, strings.ReplaceAll(spelling, `\*`, "*"))
}

// feedbackOf moves the feedback of a right answer to the item; on a wrong one Melek has none of its own.
func (q *giftQuestion) feedbackOf(a giftAnswer) { q.answered(q.text(a.feedback), a.weight) }

func (d *draft) answered(why courses.Text, percent float64) {
	switch {
	case why == courses.Text{}:
	case percent >= 100:
		d.explain(why)
		d.changed("bank.feedback_moved")
	default:
		d.changed("bank.feedback_by_mark")
	}
}

// number reads 12.5:0.5 or 12..13, or several with weights.
func (q *giftQuestion) number(s string) {
	q.item.Type = courses.Number
	for _, a := range giftAnswers(s) {
		q.feedbackOf(a)
		if a.sign == '~' || a.weight < 100 {
			if a.weight > 0 {
				q.changed("bank.part_marks")
			}
			continue
		}
		q.figure(giftNumber(shown(a.text)))
	}
	q.finish()
}

// figure sets the number; of several right ones the first counts.
func (d *draft) figure(key string, tolerance float64) {
	if len(d.item.Key) > 0 {
		d.changed("bank.many_numbers", key)
		return
	}
	d.item.Key, d.item.Tolerance = []string{key}, tolerance
}

// giftNumber reads a number and how far from it is right. What is no number is left to be judged later.
func giftNumber(s string) (key string, tolerance float64) {
	if low, high, ok := strings.Cut(s, ".."); ok {
		from, errFrom := strconv.ParseFloat(strings.TrimSpace(low), 64)
		to, errTo := strconv.ParseFloat(strings.TrimSpace(high), 64)
		if err := cmp.Or(errFrom, errTo); err != nil || to < from {
			return s, 0
		}
		return middle(from, to)
	}
	number, within, ok := strings.Cut(s, ":")
	if ok {
		var err error
		if tolerance, err = strconv.ParseFloat(strings.TrimSpace(within), 64); err != nil {
			return s, 0
		}
	}
	return strings.TrimSpace(number), tolerance
}

// middle is a range as a number and a tolerance.
func middle(from, to float64) (key string, tolerance float64) {
	return strconv.FormatFloat(from/2+to/2, 'f', -1, 64), to/2 - from/2
}

// order reads the form of the plugin for ordering: a line of settings, then the items in the right order.
func (q *giftQuestion) order(s string) {
	q.item.Type = courses.Order
	lines := strings.Split(s, "\n")
	for _, line := range lines[1:] {
		if line = strings.TrimSpace(line); line != "" {
			q.right = append(q.right, len(q.right))
			q.offer(q.text(line), courses.Text{})
		}
	}
	q.finish()
}
