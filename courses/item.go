package courses

import "slices"

// Item is one question of a quiz or a test.
type Item struct {
	ID     string
	Fact   string // the fact of the curriculum that it tests
	Pillar string
	Stem   Text
	// Options stand in the order in which they are shown.
	Options []Option
	Key     []string // ids of the right options
	// Withdrawn says why the item counts in no form, for nobody; empty while it counts.
	Withdrawn string
}

// Option is one answer that an item offers.
type Option struct {
	ID   string
	Text Text
	Why  Text // why it is right or wrong, shown after the answer; empty in test items
}

// Several reports whether more than one option is right, so that a page offers more than one.
func (it *Item) Several() bool { return len(it.Key) > 1 }

// Valid reports whether every chosen option is offered, none twice, and no more than the item allows.
func (it *Item) Valid(answer []string) bool {
	if len(answer) > 1 && !it.Several() {
		return false
	}
	seen := map[string]bool{}
	for _, id := range answer {
		if seen[id] || !it.Offers(id) {
			return false
		}
		seen[id] = true
	}
	return true
}

// Offers reports whether the item has an option with the given id.
func (it *Item) Offers(option string) bool {
	return slices.ContainsFunc(it.Options, func(o Option) bool { return o.ID == option })
}

// Mark returns the marks for an answer, 0 or 1 of at most 1: right is the whole key in any order and nothing
// else. An empty answer counts as not answered and gets 0.
func (it *Item) Mark(answer []string) int {
	if len(answer) != len(it.Key) {
		return 0
	}
	given := slices.Clone(answer)
	slices.Sort(given)
	key := slices.Clone(it.Key)
	slices.Sort(key)
	if !slices.Equal(given, key) {
		return 0
	}
	return 1
}
