package courses

import "slices"

// ItemType says how an item is answered.
type ItemType string

// The types of items, in the words of items.yaml.
const (
	Single    ItemType = "single"     // one option is right
	Several   ItemType = "several"    // every right option and no other
	TrueFalse ItemType = "true-false" // the options are True and False
	Order     ItemType = "order"      // every option, in order
	Match     ItemType = "match"      // every option with one target, as "option=target"
	Number    ItemType = "number"     // one number, as written
	ShortText ItemType = "text"       // a word or a few, as written
)

// ItemTypes lists the types in the order in which the documentation tells of them.
var ItemTypes = []ItemType{Single, Several, TrueFalse, Order, Match, Number, ShortText}

// The options of a true-false item.
const (
	True  = "true"
	False = "false"
)

// Item is one question of a quiz or a test.
type Item struct {
	ID     string
	Fact   string // the fact of the curriculum that it tests
	Pillar string
	// Type is set on every loaded item. Empty, it is Single or Several by the number of keys.
	Type ItemType
	Stem Text
	// Options stand in the order in which they are shown; a number or short text has none.
	Options []Option
	Targets []Option // what the options of a match are matched with
	// Key is the right answer as an answer is written: option ids, "option=target", a number with a decimal
	// point; of a short text every accepted spelling.
	Key       []string
	Tolerance float64 // how far from the key a number may lie
	Unit      Text    // what a number counts, shown beside the field; may be empty
	// Why explains the key after the answer where the options do not explain themselves.
	Why Text
	// Withdrawn says why the item counts in no form, for nobody; empty while it counts.
	Withdrawn string
}

// Option is one answer that an item offers.
type Option struct {
	ID   string
	Text Text
	Why  Text // why it is right or wrong, shown after the answer; empty in test items
}

// Several reports whether more than one option may be chosen, so that a page offers more than one.
func (it *Item) Several() bool { return it.Type == Several || it.Type == "" && len(it.Key) > 1 }

// Written reports whether the answer is written and not chosen from what is offered.
func (it *Item) Written() bool { return it.Type == Number || it.Type == ShortText }

// Offers reports whether the item has an option with the given id.
func (it *Item) Offers(option string) bool { return has(it.Options, option) }

// HasTarget reports whether the item has a target with the given id.
func (it *Item) HasTarget(id string) bool { return has(it.Targets, id) }

func has(options []Option, id string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.ID == id })
}
