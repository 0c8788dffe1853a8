package bank

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"melek/courses"
)

// qtiQuestion is an assessment item under reading.
type qtiQuestion struct {
	*draft
	root     *node
	ask      *node // its one interaction
	declared *node // the declaration of its response
	ids      []string
}

const blank = "_____"

func (in *intake) qtiItem(root *node, keywords []string) {
	d := in.draft(root.line, root.attr("identifier"))
	lang := qtiLang(root, in.lang)
	// The draft reads in the item's own language.
	own := *in
	own.lang = lang
	d.intake = &own
	d.item.ID = plainID(strings.TrimSuffix(root.attr("identifier"), "."+string(lang)))
	for _, k := range keywords {
		d.tag(k)
	}
	q := &qtiQuestion{draft: d, root: root}
	body := root.at("itemBody")
	asks := body.deep(isInteraction)
	if len(asks) != 1 {
		key := "bank.many_questions"
		if len(asks) == 0 {
			key = "bank.no_question"
		}
		q.leave(key)
		return
	}
	q.ask = asks[0]
	read, ok := qtiTypes[q.ask.name]
	if !ok {
		q.leave("bank.type", q.ask.name)
		return
	}
	for _, r := range root.all("responseDeclaration") {
		if q.declared == nil || r.attr("identifier") == q.ask.attr("responseIdentifier") {
			q.declared = r
		}
	}
	if q.declared == nil {
		q.leave("bank.no_key")
		return
	}
	q.stem(body)
	if read(q) {
		q.feedbacks()
		q.finish()
	}
}

// qtiLang is the language that the item says it is in, else the given one.
func qtiLang(root *node, lang courses.Lang) courses.Lang {
	said, _, _ := strings.Cut(strings.ToLower(root.attr("lang")), "-")
	for _, l := range courses.Langs {
		if string(l) == said {
			return l
		}
	}
	return lang
}

func isInteraction(n *node) bool { return strings.HasSuffix(n.name, "Interaction") }

var qtiTypes = map[string]func(*qtiQuestion) bool{
	"choiceInteraction":       (*qtiQuestion).choice,
	"inlineChoiceInteraction": (*qtiQuestion).choice,
	"orderInteraction":        (*qtiQuestion).order,
	"matchInteraction":        (*qtiQuestion).matching,
	"textEntryInteraction":    (*qtiQuestion).entry,
}

// stem reads what stands around the interaction, with a blank for one within a sentence, and its prompt.
func (q *qtiQuestion) stem(body *node) {
	p := &phrase{}
	p.walk(body, func(n *node) bool {
		switch {
		case n == q.ask:
			p.text(blank)
			return true
		case n.name == "span" && n.attr("class") == unitClass:
			unit := &phrase{}
			unit.walk(n, nil)
			q.item.Unit = q.take(unit)
			return true
		}
		return n.name == "feedbackBlock" || n.name == "feedbackInline" || n.name == "rubricBlock"
	})
	around := q.take(p)
	p = &phrase{}
	p.walk(q.ask.at("prompt"), nil)
	prompt := q.take(p)
	for _, lang := range courses.Langs {
		s := around.In(lang)
		if strings.HasPrefix(q.ask.name, "inline") || q.ask.name == "textEntryInteraction" {
			s = strings.TrimSuffix(s, blank)
		} else {
			s = strings.Replace(s, blank, "", 1)
		}
		put(&q.item.Stem, lang, tidy(s+" "+prompt.In(lang)))
	}
}

const unitClass = "unit"

// values are the right answers that the declaration names or, failing that, those worth most in its mapping.
func (q *qtiQuestion) values() []string {
	var all []string
	for _, v := range q.declared.at("correctResponse").all("value") {
		all = append(all, tidy(v.content()))
	}
	best, worth := q.mapped()
	if len(all) == 0 {
		return best
	}
	if len(worth) > 1 {
		q.changed("bank.part_marks")
	}
	return all
}

// mapped is what the mapping gives most for, and two of the different marks that it gives, if it does.
func (q *qtiQuestion) mapped() (best []string, worth []float64) {
	most := 0.0
	for _, e := range q.declared.at("mapping").all("mapEntry") {
		value, err := strconv.ParseFloat(e.attr("mappedValue"), 64)
		if err != nil || value <= 0 {
			continue
		}
		if len(worth) < 2 && !slices.Contains(worth, value) {
			worth = append(worth, value)
		}
		if value > most && q.item.Type != courses.Several && q.item.Type != courses.Match {
			most, best = value, nil
		}
		if value >= most {
			best = append(best, tidy(e.attr("mapKey")))
		}
	}
	return best, worth
}

// offers reads the choices below n as options.
func (q *qtiQuestion) offers(n *node, choice string) (offered []courses.Option, ids []string) {
	for _, c := range n.deep(named(choice)) {
		p, why := &phrase{}, &phrase{}
		p.walk(c, func(k *node) bool {
			if k.name != "feedbackInline" {
				return false
			}
			if k.attr("showHide") != "hide" {
				why.walk(k, nil)
			}
			return true
		})
		offered = append(offered, courses.Option{Text: q.take(p), Why: q.take(why)})
		ids = append(ids, c.attr("identifier"))
	}
	return offered, ids
}

// keep gives the options the file's own ids where all of them can be ids of Melek's.
func (q *qtiQuestion) keep(options []courses.Option, ids []string) {
	for i := range options {
		options[i].ID = plainID(ids[i])
	}
}

func allFit(ids []string) bool {
	seen := map[string]bool{}
	return !slices.ContainsFunc(ids, func(id string) bool {
		id = plainID(id)
		twice := seen[id]
		seen[id] = true
		return twice || !fitID(id)
	})
}

// plainID takes away what nameID and targetName put before an id.
func plainID(id string) string {
	id = strings.TrimPrefix(id, targetMark)
	if len(id) > 1 && id[0] == '_' && id[1] >= '0' && id[1] <= '9' {
		return id[1:]
	}
	return id
}

// nameID makes an id one that QTI allows: it may not begin with a digit.
func nameID(id string) string {
	if id != "" && id[0] >= '0' && id[0] <= '9' {
		return "_" + id
	}
	return id
}

// targetMark tells a target from an option of its id: QTI wants them to differ within one item.
const targetMark = "_."

func targetName(it *courses.Item, id string) string {
	if it.Offers(id) {
		return targetMark + id
	}
	return nameID(id)
}

// choose reads the options and the places of the right ones as the key names them; false where there are too
// many of them to be looked through.
func (q *qtiQuestion) choose(choice string) bool {
	q.item.Options, q.ids = q.offers(q.ask, choice)
	if q.tooMany(q.ids) {
		return false
	}
	if q.kept = allFit(q.ids); q.kept {
		q.keep(q.item.Options, q.ids)
	}
	for _, v := range q.values() {
		if i := slices.Index(q.ids, v); i >= 0 && !slices.Contains(q.right, i) {
			q.right = append(q.right, i)
		}
	}
	return true
}

func (q *qtiQuestion) tooMany(ids []string) bool {
	if len(ids) > mostOptions {
		q.leave("bank.many_options", mostOptions)
	}
	return len(ids) > mostOptions
}

func (q *qtiQuestion) choice() bool {
	q.item.Type = courses.Single
	if q.declared.attr("cardinality") == "multiple" && q.ask.attr("maxChoices") != "1" {
		q.item.Type = courses.Several
	}
	choice := "simpleChoice"
	if q.ask.name == "inlineChoiceInteraction" {
		choice = "inlineChoice"
	}
	if !q.choose(choice) {
		return false
	}
	if slices.Equal(q.ids, []string{courses.True, courses.False}) && q.item.Type == courses.Single {
		q.item.Type = courses.TrueFalse
	}
	return true
}

func (q *qtiQuestion) order() bool {
	q.item.Type = courses.Order
	if !q.choose("simpleChoice") {
		return false
	}
	if len(q.right) != len(q.item.Options) {
		q.leave("bank.order_part")
		return false
	}
	if slices.IsSorted(q.right) && len(q.right) > 1 {
		q.showAnew()
		slices.Reverse(q.ids)
	}
	return true
}

func (q *qtiQuestion) matching() bool {
	q.item.Type = courses.Match
	sets := q.ask.all("simpleMatchSet")
	if len(sets) != 2 {
		q.leave("bank.few_options")
		return false
	}
	var targets []string
	q.item.Options, q.ids = q.offers(sets[0], "simpleAssociableChoice")
	q.item.Targets, targets = q.offers(sets[1], "simpleAssociableChoice")
	if q.tooMany(q.ids) || q.tooMany(targets) {
		return false
	}
	if q.kept = allFit(q.ids) && allFit(targets); q.kept {
		q.keep(q.item.Options, q.ids)
		q.keep(q.item.Targets, targets)
	}
	q.pairs = slices.Repeat([]int{-1}, len(q.ids))
	values := q.values()
	for _, v := range values {
		if from, to, ok := strings.Cut(v, " "); ok {
			i, j := slices.Index(q.ids, from), slices.Index(targets, to)
			if i < 0 || j < 0 || q.pairs[i] >= 0 {
				q.leave("bank.no_pair", v)
				return false
			}
			q.pairs[i] = j
		}
	}
	if i := slices.Index(q.pairs, -1); i >= 0 {
		q.leave("bank.no_pair", q.ids[i])
		return false
	}
	return true
}

func (q *qtiQuestion) entry() bool {
	if t := q.declared.attr("baseType"); t != "float" && t != "integer" {
		q.item.Type = courses.ShortText
		best, worth := q.mapped()
		if len(worth) > 1 {
			q.changed("bank.part_marks")
		}
		for _, v := range q.declared.at("correctResponse").all("value") {
			q.item.Key = append(q.item.Key, tidy(v.content()))
		}
		q.item.Key = append(q.item.Key, best...)
		return true
	}
	q.item.Type = courses.Number
	for _, v := range q.values() {
		q.figure(v, 0)
	}
	q.tolerance()
	return true
}

// tolerance reads how near is right from how the response is processed.
func (q *qtiQuestion) tolerance() {
	rules := q.root.at("responseProcessing")
	if len(rules.deep(named("equalRounded"))) > 0 {
		q.changed("bank.rounded")
	}
	for _, e := range rules.deep(named("equal")) {
		parts := strings.Fields(e.attr("tolerance"))
		if len(parts) == 0 || len(q.item.Key) == 0 {
			continue
		}
		low, err := strconv.ParseFloat(parts[0], 64)
		high, errHigh := strconv.ParseFloat(parts[len(parts)-1], 64)
		key, errKey := strconv.ParseFloat(q.item.Key[0], 64)
		if cmp.Or(err, errHigh, errKey) != nil {
			q.changed("bank.marking")
			return
		}
		if e.attr("toleranceMode") == "relative" {
			low, high = max(key, -key)*low/100, max(key, -key)*high/100
		}
		if low != high {
			q.changed("bank.uneven")
		}
		q.item.Tolerance = min(low, high)
		return
	}
}

// feedbacks reads feedback that stands apart: of an option where it bears its identifier, of the item
// otherwise.
func (q *qtiQuestion) feedbacks() {
	apart := func(n *node) bool { return n.name == "modalFeedback" || n.name == "feedbackBlock" }
	for _, f := range q.root.deep(apart) {
		if f.attr("showHide") == "hide" {
			continue
		}
		p := &phrase{}
		p.walk(f, nil)
		why := q.take(p)
		if i := slices.Index(q.ids, f.attr("identifier")); i >= 0 && q.item.Type != courses.TrueFalse {
			q.item.Options[i].Why = joined(q.item.Options[i].Why, why)
		} else {
			q.explain(why)
		}
	}
}
