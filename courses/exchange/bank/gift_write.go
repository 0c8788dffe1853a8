package bank

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"melek/courses"
)

// WriteGIFT writes the bank in one language, which is all that a GIFT file holds, and returns what had to be
// left out.
func WriteGIFT(w io.Writer, b Bank, lang courses.Lang) ([]Note, error) {
	out := bufio.NewWriter(w)
	var notes []Note
	group := ""
	for i := range b.Items {
		e := &b.Items[i]
		if key := notInGIFT(&e.Item, lang); key != "" {
			notes = append(notes, Note{Item: e.ID, Fate: LeftOut, Reason: courses.Problemf(courses.Invalid, key)})
			continue
		}
		if e.Group != group {
			group = e.Group
			_, _ = fmt.Fprintf(out, "$CATEGORY: %s\n\n", controlSigns.Replace(pathOf(b.Title, group)))
		}
		_, _ = out.WriteString(giftItem(&e.Item, lang)) // Flush tells of errors
	}
	return notes, out.Flush()
}

// notInGIFT is why the item cannot be written: its language is missing, or its only spellings hold the arrow
// that makes every answer of GIFT a pair.
func notInGIFT(it *courses.Item, lang courses.Lang) string {
	if it.Stem.In(lang) == "" || missing(it, lang) {
		return "bank.untranslated"
	}
	if it.Type == courses.ShortText && strings.Contains(strings.Join(it.Key, "\n"), "->") {
		return "bank.arrow"
	}
	return ""
}

func giftItem(it *courses.Item, lang courses.Lang) string {
	var b strings.Builder
	fmt.Fprintf(&b, "// [id:%s]", it.ID)
	for _, tag := range tags(it) {
		b.WriteString(" [tag:" + tag + "]")
	}
	if unit := it.Unit.In(lang); unit != "" {
		b.WriteString(" [tag:" + tagUnit + ":" + unbracketed.Replace(unit) + "]")
	}
	stem := withUnit(it)
	fmt.Fprintf(&b, "\n::%s::[plain]%s {", controlSigns.Replace(it.ID), controlSigns.Replace(stem.In(lang)))
	b.WriteString(giftAnswersOf(it, lang))
	if why := it.Why.In(lang); why != "" {
		b.WriteString("\n####" + plainly(why))
	}
	b.WriteString("\n}\n\n")
	return b.String()
}

// A tag ends at its bracket.
var unbracketed = strings.NewReplacer("[", "(", "]", ")")

func giftAnswersOf(it *courses.Item, lang courses.Lang) string {
	var b strings.Builder
	text := func(o courses.Option) string { return plainly(o.Text.In(lang)) }
	switch it.Type {
	case courses.TrueFalse:
		return strings.ToUpper(it.Key[0])
	case courses.Number:
		return "#" + it.Key[0] + ":" + strconv.FormatFloat(it.Tolerance, 'f', -1, 64)
	case courses.ShortText:
		for _, k := range it.Key {
			b.WriteString("\n=" + plainly(strings.ReplaceAll(k, "*", `\*`)))
		}
	case courses.Order:
		fmt.Fprintf(&b, ">%d ALL VERTICAL ALL_OR_NOTHING", len(it.Key))
		for _, id := range it.Key {
			b.WriteString("\n" + text(option(it.Options, id)))
		}
	case courses.Match:
		// The first arrow parts a pair, so one within an option becomes another sign.
		for _, pair := range pairsOf(it) {
			b.WriteString("\n=" + plainly(strings.ReplaceAll(pair.option.In(lang), "->", "→")) + " -> " +
				controlSigns.Replace(pair.target.In(lang)))
		}
	default:
		for _, o := range it.Options {
			b.WriteString("\n" + giftMark(it, o.ID) + text(o))
			if why := o.Why.In(lang); why != "" {
				b.WriteString("#" + plainly(why))
			}
		}
	}
	return b.String()
}

// giftMark is the sign before an option.
func giftMark(it *courses.Item, id string) string {
	switch right := isKey(it, id); {
	case it.Several() && right:
		return "~%" + share(len(it.Key)) + "%"
	case it.Several():
		return "~%-100%"
	case right:
		return "="
	}
	return "~"
}

// share is one of n equal parts of 100, with the decimals that Moodle knows.
func share(n int) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(100/float64(n), 'f', 5, 64), "0"), ".")
}

func isKey(it *courses.Item, id string) bool {
	for _, k := range it.Key {
		if k == id {
			return true
		}
	}
	return false
}

func option(options []courses.Option, id string) courses.Option {
	for _, o := range options {
		if o.ID == id {
			return o
		}
	}
	return courses.Option{}
}

// pair is an option of a match and its target; a target that is nobody's has no option.
type pair struct{ option, target courses.Text }

func pairsOf(it *courses.Item) []pair {
	var all []pair
	used := map[string]bool{}
	targets := map[string]string{}
	for _, k := range it.Key {
		id, target, _ := strings.Cut(k, "=")
		targets[id], used[target] = target, true
	}
	for _, o := range it.Options {
		all = append(all, pair{o.Text, option(it.Targets, targets[o.ID]).Text})
	}
	for _, t := range it.Targets {
		if !used[t.ID] {
			all = append(all, pair{courses.Text{}, t.Text})
		}
	}
	return all
}
