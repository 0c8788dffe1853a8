package content

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"melek/courses"
)

// takes says which fields an item of each type has beside those that every item has.
var takes = map[courses.ItemType][]string{
	courses.Single:    {"options"},
	courses.Several:   {"options"},
	courses.TrueFalse: {"why"},
	courses.Order:     {"options", "why"},
	courses.Match:     {"options", "targets", "why"},
	courses.Number:    {"tolerance", "unit", "why"},
	courses.ShortText: {"why"},
}

// answering reads how the item is answered: its type, what it offers and the key.
func (m mapping) answering(d *draft) {
	it := d.item
	if !m.itemType(it) {
		return
	}
	for _, field := range []string{"options", "targets", "tolerance", "unit", "why"} {
		if m.has(field) && !slices.Contains(takes[it.Type], field) {
			m.find(lineOf(m.fields[field]),
				fmt.Sprintf("%s is of the type %s, which has no %s", it.ID, it.Type, field), m.mendField(it.Type, field))
		}
	}
	if slices.Contains(takes[it.Type], "options") {
		if it.Options, d.options = m.offers("options", "option"); len(it.Options) == 0 {
			return
		}
	}
	if m.has("why") {
		it.Why = m.text("why")
	}
	switch it.Type {
	case courses.TrueFalse:
		it.Options = slices.Clone(truth)
	case courses.Match:
		if it.Targets, _ = m.offers("targets", "target"); len(it.Targets) == 0 {
			return
		}
	case courses.Number:
		m.measure(it)
	}
	m.key(it)
}

// truth is what a true-false item offers.
var truth = []courses.Option{
	{ID: courses.True, Text: courses.Text{ID: "Benar", EN: "True"}},
	{ID: courses.False, Text: courses.Text{ID: "Salah", EN: "False"}},
}

func (m mapping) mendField(t courses.ItemType, field string) string {
	if field == "why" && m.explained() {
		return "write it below each option"
	}
	if field == "options" && t == courses.TrueFalse {
		return "take them away; true and false are offered by themselves"
	}
	return "take it away, or change the type"
}

// itemType reads the type; without one, an item has options of which one or several are right.
func (m mapping) itemType(it *courses.Item) bool {
	if !m.has("type") {
		it.Type = courses.Single
		if list, ok := m.fields["key"].(*ast.SequenceNode); ok && len(list.Values) > 1 {
			it.Type = courses.Several
		}
		return true
	}
	w, ok := m.word("type")
	if it.Type = courses.ItemType(w.text); ok && !slices.Contains(courses.ItemTypes, it.Type) {
		m.find(w.line, "type "+quoted(w.text)+" is unknown", oneOf(texted(courses.ItemTypes)))
		ok = false
	}
	return ok
}

func texted[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// explained reports whether the item's options explain themselves, each on its own.
func (m mapping) explained() bool {
	t := courses.ItemType(m.maybe("type").text)
	return t == "" || t == courses.Single || t == courses.Several
}

// measure reads what belongs to a number.
func (m mapping) measure(it *courses.Item) {
	if m.has("tolerance") {
		it.Tolerance = m.number("tolerance", func(n float64) bool { return n >= 0 && n <= 1e12 }, "of 0 or more")
	}
	if m.has("unit") {
		it.Unit = m.text("unit")
	}
}

// key reads the right answer: one word, or a list of them.
func (m mapping) key(it *courses.Item) {
	node, ok := m.field("key")
	if !ok {
		return
	}
	var keys []word
	if _, several := node.(*ast.SequenceNode); several {
		keys = m.words("key")
	} else if w, ok := m.word("key"); ok {
		keys = []word{w}
	}
	switch it.Type {
	case courses.Match:
		m.pairs(it, keys)
	case courses.Number:
		m.figure(it, keys)
	case courses.ShortText:
		m.spellings(it, keys)
	default:
		m.chosen(it, keys)
	}
}

// chosen reads a key of option ids.
func (m mapping) chosen(it *courses.Item, keys []word) {
	for _, k := range keys {
		switch {
		case !it.Offers(k.text):
			m.find(k.line, "key "+quoted(k.text)+" names no option of "+it.ID, oneOf(offered(it.Options)))
		case slices.Contains(it.Key, k.text):
			m.find(k.line, "key of "+it.ID+" names "+k.text+" twice", "take one of them away")
		default:
			it.Key = append(it.Key, k.text)
		}
	}
	line := lineOf(m.fields["key"])
	switch {
	case len(it.Key) != len(keys) || len(keys) == 0:
	case it.Type == courses.Order && len(it.Key) < len(it.Options):
		m.find(line, "key of "+it.ID+" leaves out "+strings.Join(missing(it.Options, it.Key), ", "),
			"name every option, in the right order")
	case it.Type == courses.Order && slices.Equal(it.Key, offered(it.Options)):
		m.find(line, "options of "+it.ID+" already stand in the right order", "write them in another order")
	case (it.Type == courses.Single || it.Type == courses.TrueFalse) && len(it.Key) > 1:
		m.find(line, fmt.Sprintf("key of %s names %d options", it.ID, len(it.Key)),
			"name one, or give it the type several")
	}
}

// pairs reads a key that matches every option with a target.
func (m mapping) pairs(it *courses.Item, keys []word) {
	var matched []string
	for _, k := range keys {
		option, target, ok := strings.Cut(k.text, "=")
		option, target = strings.TrimSpace(option), strings.TrimSpace(target)
		switch {
		case !ok:
			m.find(k.line, "key "+quoted(k.text)+" is no pair", "write it as \"option=target\"")
		case !it.Offers(option):
			m.find(k.line, "key "+quoted(k.text)+" names no option of "+it.ID, oneOf(offered(it.Options)))
		case !it.HasTarget(target):
			m.find(k.line, "key "+quoted(k.text)+" names no target of "+it.ID, oneOf(offered(it.Targets)))
		case slices.Contains(matched, option):
			m.find(k.line, "key of "+it.ID+" matches "+option+" twice", "take one of the pairs away")
		default:
			matched = append(matched, option)
			it.Key = append(it.Key, option+"="+target)
		}
	}
	if left := missing(it.Options, matched); len(left) > 0 && len(matched) == len(keys) && len(keys) > 0 {
		m.find(lineOf(m.fields["key"]), "key of "+it.ID+" matches nothing with "+strings.Join(left, ", "),
			"write a pair for every option")
	}
}

// figure reads a key that is one number.
func (m mapping) figure(it *courses.Item, keys []word) {
	if len(keys) != 1 {
		if len(keys) > 1 {
			m.find(keys[1].line, "key of "+it.ID+" is more than one number",
				"write one; tolerance says how near is right")
		}
		return
	}
	k := keys[0]
	n, err := strconv.ParseFloat(k.text, 64)
	if plain := strconv.FormatFloat(n, 'f', -1, 64); err != nil || !it.Valid([]string{plain}) {
		m.find(k.line, "key "+quoted(k.text)+" of "+it.ID+" is no number",
			"write it with a decimal point, such as 12.5")
	} else {
		it.Key = []string{plain}
	}
}

// spellings reads a key of accepted spellings.
func (m mapping) spellings(it *courses.Item, keys []word) {
	seen := map[string]string{}
	for _, k := range keys {
		folded := courses.Fold(k.text)
		switch first, twice := seen[folded]; {
		case !it.Valid([]string{k.text}):
			m.find(k.line, "key "+quoted(k.text)+" of "+it.ID+" is no short text",
				fmt.Sprintf("write a word or a few, at most %d characters", courses.MaxWritten))
		case twice:
			m.find(k.line, "key "+quoted(k.text)+" of "+it.ID+" is marked as "+quoted(first)+" is",
				"take it away; case, spaces and diacritics do not count")
		default:
			seen[folded] = k.text
			it.Key = append(it.Key, k.text)
		}
	}
}

// missing lists the ids of the options that are not among the given ones.
func missing(options []courses.Option, given []string) []string {
	return slices.DeleteFunc(offered(options), func(id string) bool { return slices.Contains(given, id) })
}

func offered(options []courses.Option) []string {
	ids := make([]string, len(options))
	for i, o := range options {
		ids[i] = o.ID
	}
	return ids
}
