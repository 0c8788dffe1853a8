package bank

import (
	"strconv"
	"strings"

	"melek/courses"
)

// shape is how a response is declared.
type shape struct{ cardinality, base string }

func qtiShape(it *courses.Item) shape {
	switch it.Type {
	case courses.Several:
		return shape{"multiple", "identifier"}
	case courses.Order:
		return shape{"ordered", "identifier"}
	case courses.Match:
		return shape{"multiple", "directedPair"}
	case courses.Number:
		return shape{"single", "float"}
	case courses.ShortText:
		return shape{"single", "string"}
	}
	return shape{"single", "identifier"}
}

// qtiDeclaration declares the response with its key. Of several spellings the first is the correct response,
// and the mapping takes them all.
func qtiDeclaration(it *courses.Item, s shape) *node {
	d := el("responseDeclaration", pairs{"identifier", "RESPONSE", "cardinality", s.cardinality,
		"baseType", s.base})
	correct := el("correctResponse")
	mapping := el("mapping", pairs{"defaultValue", "0"})
	for _, k := range it.Key {
		switch it.Type {
		case courses.Match:
			from, to, _ := strings.Cut(k, "=")
			k = nameID(from) + " " + targetName(it, to)
		case courses.ShortText:
			mapping.kids = append(mapping.kids, el("mapEntry", pairs{"mapKey", k, "mappedValue", "1",
				"caseSensitive", "false"}))
		case courses.Number:
		default:
			k = nameID(k)
		}
		if it.Type != courses.ShortText || len(correct.kids) == 0 {
			correct.kids = append(correct.kids, el("value", k))
		}
	}
	d.kids = append(d.kids, correct)
	if len(mapping.kids) > 0 {
		d.kids = append(d.kids, mapping)
	}
	return d
}

// qtiBody is what the participant sees.
func qtiBody(it *courses.Item, lang courses.Lang) []*node {
	prompt := el("prompt", it.Stem.In(lang))
	ask := pairs{"responseIdentifier", "RESPONSE"}
	switch it.Type {
	case courses.Order:
		return []*node{el("orderInteraction", append(ask, "shuffle", "false"), prompt,
			choices("simpleChoice", it.Options, lang, nil))}
	case courses.Match:
		targets := choices("simpleAssociableChoice", it.Targets, lang, pairs{"matchMax", "0"})
		for i, t := range it.Targets {
			targets[i].attrs[0].Value = targetName(it, t.ID)
		}
		return []*node{el("matchInteraction", append(ask, "shuffle", "false", "maxAssociations",
			strconv.Itoa(len(it.Options))), prompt,
			el("simpleMatchSet", choices("simpleAssociableChoice", it.Options, lang, pairs{"matchMax", "1"})),
			el("simpleMatchSet", targets))}
	case courses.Number, courses.ShortText:
		entry := el("p", el("textEntryInteraction", append(ask, "expectedLength", "40")))
		if unit := it.Unit.In(lang); unit != "" {
			entry.kids = append(entry.kids, &node{text: " "}, el("span", pairs{"class", unitClass}, unit))
		}
		return []*node{el("p", it.Stem.In(lang)), entry}
	}
	most := "1"
	if it.Several() {
		most = "0"
	}
	return []*node{el("choiceInteraction", append(ask, "shuffle", "false", "maxChoices", most), prompt,
		choices("simpleChoice", it.Options, lang, nil))}
}

func choices(name string, options []courses.Option, lang courses.Lang, more pairs) []*node {
	all := make([]*node, len(options))
	for i, o := range options {
		all[i] = el(name, append(pairs{"identifier", nameID(o.ID)}, more...), o.Text.In(lang))
	}
	return all
}

// qtiProcessing says how a response is marked: by a template of the specification where nothing else is to be
// done, else by rules that also set what feedback is shown.
func qtiProcessing(it *courses.Item, ed edition, whys, why bool) *node {
	response := func() *node { return el("variable", pairs{"identifier", "RESPONSE"}) }
	if !whys && !why && it.Type != courses.Number {
		name := "match_correct"
		if it.Type == courses.ShortText {
			name = "map_response"
		}
		if ed.number == "3.0.0" {
			name += ".xml"
		}
		return el("responseProcessing", pairs{"template", ed.template + name})
	}
	rules := el("responseProcessing")
	if it.Type == courses.ShortText {
		rules.kids = append(rules.kids, el("setOutcomeValue", pairs{"identifier", "SCORE"},
			el("mapResponse", pairs{"identifier", "RESPONSE"})))
	} else {
		compare := el("match", response(), el("correct", pairs{"identifier", "RESPONSE"}))
		if it.Type == courses.Number {
			within := strconv.FormatFloat(it.Tolerance, 'f', -1, 64)
			compare = el("equal", pairs{"toleranceMode", "absolute", "tolerance", within + " " + within},
				compare.kids)
		}
		rules.kids = append(rules.kids, el("responseCondition", el("responseIf", compare,
			el("setOutcomeValue", pairs{"identifier", "SCORE"}, el("baseValue", pairs{"baseType", "float"}, "1")))))
	}
	if whys {
		rules.kids = append(rules.kids, el("setOutcomeValue", pairs{"identifier", "FEEDBACK"}, response()))
	}
	if why {
		rules.kids = append(rules.kids, el("setOutcomeValue", pairs{"identifier", "EXPLANATION"},
			el("baseValue", pairs{"baseType", "identifier"}, "shown")))
	}
	return rules
}
