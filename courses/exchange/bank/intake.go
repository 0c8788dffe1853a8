package bank

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"melek/courses"
)

// intake is a file on its way to items.
type intake struct {
	lang  courses.Lang // of what does not say its language
	haul  *Haul
	file  string
	group string
	place map[string]int // of the items taken, by id
}

func newIntake(lang courses.Lang) *intake {
	return &intake{lang: lang, haul: &Haul{}, place: map[string]int{}}
}

// leave notes that something was left out.
func (in *intake) leave(line int, item, key string, args ...any) {
	in.haul.Notes = append(in.haul.Notes, Note{in.file, line, item, LeftOut,
		courses.Problemf(courses.Invalid, key, args...)})
}

// draft is an item under reading. What is offered and what is right are told by place; ids come at the end.
type draft struct {
	*intake
	item    courses.Item
	line    int
	name    string
	right   []int        // options that are right; of an order, all in the right order
	pairs   []int        // of a match, the place of each option's target
	general courses.Text // feedback on the whole item
	spanned bool
	notes   []Note
	kept    bool // the ids of the options are the file's
}

func (in *intake) draft(line int, name string) *draft {
	return &draft{intake: in, line: line, name: name}
}

// changed notes once what is not as it was in the file.
func (d *draft) changed(key string, args ...any) {
	note := Note{d.file, d.line, "", Changed, courses.Problemf(courses.Invalid, key, args...)}
	known := func(n Note) bool { return n.Reason.Error() == note.Reason.Error() }
	if len(d.notes) < mostNotes && !slices.ContainsFunc(d.notes, known) {
		d.notes = append(d.notes, note)
	}
}

func (d *draft) leave(key string, args ...any) {
	d.intake.leave(d.line, cmp.Or(d.item.ID, tidy(d.name)), key, args...)
}

// take reads a text of the item and remembers what of it is lost.
func (d *draft) take(p *phrase) courses.Text {
	d.spanned = d.spanned || p.spanned
	for _, key := range p.lost {
		d.changed(key)
	}
	return p.wording()
}

// offer adds an option.
func (d *draft) offer(text, why courses.Text) {
	d.item.Options = append(d.item.Options, courses.Option{Text: text, Why: why})
}

// match adds an option, where it has a text, and its target. A target of the same text is the same one.
func (d *draft) match(option, target courses.Text) {
	if len(d.item.Targets) > mostOptions || len(d.item.Options) > mostOptions {
		return // it is left out for that
	}
	i := slices.IndexFunc(d.item.Targets, func(o courses.Option) bool { return o.Text == target })
	if i < 0 {
		i = len(d.item.Targets)
		d.item.Targets = append(d.item.Targets, courses.Option{Text: target})
	}
	if option != (courses.Text{}) {
		d.offer(option, courses.Text{})
		d.pairs = append(d.pairs, i)
	}
}

// explain adds a feedback on the whole item to what is there.
func (d *draft) explain(why courses.Text) { d.general = joined(d.general, why) }

func joined(a, b courses.Text) courses.Text {
	if a == b {
		return a
	}
	return courses.Text{ID: tidy(a.ID + " " + b.ID), EN: tidy(a.EN + " " + b.EN)}
}

// finish takes the item in, or notes why it is left out.
func (d *draft) finish() {
	if len(d.haul.Items) >= mostItems {
		d.leave("bank.too_many", mostItems)
		return
	}
	d.feedback()
	if !d.spanned {
		for _, t := range texts(&d.item) {
			put(t, other(d.lang), "")
		}
	}
	d.stripUnit()
	if key, args := d.unfit(); key != "" {
		d.leave(key, args...)
		return
	}
	d.nameOptions()
	if d.joinParallel() {
		return
	}
	d.nameItem()
	d.place[d.item.ID] = len(d.haul.Items)
	d.haul.Items = append(d.haul.Items, Entry{d.item, d.group})
	d.haul.Notes = append(d.haul.Notes, Note{d.file, d.line, d.item.ID, Taken, nil})
	d.tell()
}

// tell adds what was noted of the item to the list.
func (d *draft) tell() {
	for _, note := range d.notes {
		note.Item = d.item.ID
		d.haul.Notes = append(d.haul.Notes, note)
	}
}

// feedback puts the feedback where Melek has it: at the options of a choice, at the item otherwise.
func (d *draft) feedback() {
	it := &d.item
	if it.Type != courses.Single && it.Type != courses.Several {
		for i := range it.Options {
			if it.Options[i].Why != (courses.Text{}) {
				d.explain(it.Options[i].Why)
				it.Options[i].Why = courses.Text{}
				d.changed("bank.feedback_moved")
			}
		}
		it.Why = d.general
		return
	}
	if d.general != (courses.Text{}) && len(d.right) > 0 {
		o := &it.Options[d.right[0]]
		o.Why = joined(o.Why, d.general)
		d.changed("bank.feedback_moved")
	}
}

// stripUnit takes the unit, which other systems show in the stem, out of it again.
func (d *draft) stripUnit() {
	for _, lang := range courses.Langs {
		if unit := d.item.Unit.In(lang); unit != "" {
			put(&d.item.Stem, lang, strings.TrimSpace(strings.TrimSuffix(d.item.Stem.In(lang), " ("+unit+")")))
		}
	}
}

// withUnit is the stem with the unit, where there is one, for systems that would not show it.
func withUnit(it *courses.Item) courses.Text {
	stem := it.Stem
	for _, lang := range courses.Langs {
		if unit := it.Unit.In(lang); unit != "" && stem.In(lang) != "" {
			put(&stem, lang, stem.In(lang)+" ("+unit+")")
		}
	}
	return stem
}

// unfit is the key of the reason for which the item cannot be taken, empty where it can.
func (d *draft) unfit() (string, []any) {
	it := &d.item
	for _, t := range texts(it) {
		if utf8.RuneCountInString(t.ID) > mostText || utf8.RuneCountInString(t.EN) > mostText {
			return "bank.long", []any{mostText}
		}
	}
	empty := func(o courses.Option) bool { return o.Text == courses.Text{} }
	switch {
	case it.Stem == courses.Text{}:
		return "bank.no_stem", nil
	case slices.ContainsFunc(it.Options, empty) || slices.ContainsFunc(it.Targets, empty):
		return "bank.no_text", nil
	case len(it.Options) > mostOptions || len(it.Targets) > mostOptions || len(it.Key) > mostOptions:
		return "bank.many_options", []any{mostOptions}
	}
	switch it.Type {
	case courses.Number:
		return d.unfitNumber()
	case courses.ShortText:
		return d.unfitText()
	case courses.Match:
		if len(it.Options) < 2 || len(it.Targets) < 2 {
			return "bank.few_options", nil
		}
		return "", nil
	}
	switch {
	case len(it.Options) < 2:
		return "bank.few_options", nil
	case len(d.right) == 0:
		return "bank.no_key", nil
	case len(d.right) > 1 && (it.Type == courses.Single || it.Type == courses.TrueFalse):
		return "bank.many_keys", nil
	}
	return "", nil
}

func (d *draft) unfitNumber() (string, []any) {
	if len(d.item.Key) == 0 {
		return "bank.no_key", nil
	}
	n, err := strconv.ParseFloat(d.item.Key[0], 64)
	plain := strconv.FormatFloat(n, 'f', -1, 64)
	if err != nil || !d.item.Valid([]string{plain}) || d.item.Tolerance < 0 || !(d.item.Tolerance <= 1e12) {
		return "bank.no_number", []any{tidy(d.item.Key[0])}
	}
	d.item.Key = []string{plain}
	return "", nil
}

func (d *draft) unfitText() (string, []any) {
	var keys []string
	seen := map[string]bool{}
	for _, k := range d.item.Key {
		k = tidy(k)
		folded := courses.Fold(k)
		if !d.item.Valid([]string{k}) {
			d.changed("bank.no_spelling", k)
		} else if !seen[folded] {
			seen[folded] = true
			keys = append(keys, k)
		}
	}
	d.item.Key = keys
	if len(keys) == 0 {
		return "bank.no_key", nil
	}
	return "", nil
}

// nameOptions gives what is offered its ids, and writes the key in them.
func (d *draft) nameOptions() {
	it := &d.item
	if it.Type == courses.TrueFalse {
		it.Options = slices.Clone(truth)
	} else if !d.kept {
		if it.Type == courses.Order && slices.IsSorted(d.right) {
			d.showAnew()
		}
		letter(it.Options, 'a')
		letter(it.Targets, 't')
	}
	for _, i := range d.right {
		it.Key = append(it.Key, it.Options[i].ID)
	}
	for i, target := range d.pairs {
		it.Key = append(it.Key, it.Options[i].ID+"="+it.Targets[target].ID)
	}
}

// truth is what a true-false item offers.
var truth = []courses.Option{
	{ID: courses.True, Text: courses.Text{ID: "Benar", EN: "True"}},
	{ID: courses.False, Text: courses.Text{ID: "Salah", EN: "False"}},
}

// showAnew chooses the order in which the options of an order are shown, for formats that hold the right
// order only: the last first, so that it is always the same one and never the right one.
func (d *draft) showAnew() {
	slices.Reverse(d.item.Options)
	slices.Reverse(d.right)
	d.changed("bank.shown_anew")
}

func letter(options []courses.Option, first rune) {
	for i := range options {
		if first == 'a' && i < 26 {
			options[i].ID = string(first + rune(i))
		} else {
			options[i].ID = fmt.Sprint(string(first), i+1)
		}
	}
}

// idPattern is what the loader of courses takes for an id.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$`)

const longestID = 64

func fitID(id string) bool { return len(id) <= longestID && idPattern.MatchString(id) }

// nameItem gives the item the file's name for it, or one like it that is an id and is free.
func (d *draft) nameItem() {
	was := cmp.Or(d.item.ID, tidy(d.name))
	id := was
	if !fitID(id) {
		id = strings.ToLower(strings.Trim(notInID.ReplaceAllString(id, "-"), "-"))
		id = strings.TrimRight(id[:min(len(id), longestID-8)], "-")
	}
	base := cmp.Or(id, "item")
	_, taken := d.place[base]
	for n := 2; taken; n++ {
		id = fmt.Sprintf("%s-%d", base[:min(len(base), longestID-8)], n)
		_, taken = d.place[id]
	}
	d.item.ID = cmp.Or(id, base)
	if was != "" && d.item.ID != was {
		d.changed("bank.id", was)
	}
}

var notInID = regexp.MustCompile(`[^A-Za-z0-9]+`)
