package courses

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxWritten is how many characters a written answer may have.
const MaxWritten = 200

// Valid reports whether the answer is whole and well formed, as the item asks for it: options that are
// offered, none twice and no more than the item allows; every option once in an order; every option matched
// once; one number; one short text. Not answered is valid.
func (it *Item) Valid(answer []string) bool {
	if len(answer) == 0 {
		return true
	}
	switch it.Type {
	case Order:
		return len(answer) == len(it.Options) && it.chooses(answer)
	case Match:
		return it.matches(answer)
	case Number:
		return len(answer) == 1 && len(readings(answer[0])) > 0
	case ShortText:
		return len(answer) == 1 && utf8.RuneCountInString(answer[0]) <= MaxWritten && Fold(answer[0]) != ""
	}
	return (len(answer) == 1 || it.Several()) && it.chooses(answer)
}

// chooses reports whether every id is an option's, none twice.
func (it *Item) chooses(answer []string) bool {
	seen := map[string]bool{}
	for _, id := range answer {
		if seen[id] || !it.Offers(id) {
			return false
		}
		seen[id] = true
	}
	return true
}

// matches reports whether every option is matched once, with a target that is there.
func (it *Item) matches(answer []string) bool {
	left := make([]string, len(answer))
	for i, pair := range answer {
		option, target, _ := strings.Cut(pair, "=")
		if !it.HasTarget(target) {
			return false
		}
		left[i] = option
	}
	return len(answer) == len(it.Options) && it.chooses(left)
}

// Mark returns the marks for an answer, 0 or 1 of at most 1: right is the whole key and nothing else, in any
// order unless the order is what is asked; a number near enough; one of the accepted spellings. Not answered
// is 0, and so is whatever is not Valid.
func (it *Item) Mark(answer []string) int {
	if len(answer) == 0 || !it.Valid(answer) || !it.right(answer) {
		return 0
	}
	return 1
}

func (it *Item) right(answer []string) bool {
	switch it.Type {
	case Order:
		return slices.Equal(answer, it.Key)
	case Number:
		return slices.ContainsFunc(readings(answer[0]), it.near)
	case ShortText:
		given := Fold(answer[0])
		return slices.ContainsFunc(it.Key, func(spelling string) bool { return Fold(spelling) == given })
	}
	return slices.Equal(slices.Sorted(slices.Values(answer)), slices.Sorted(slices.Values(it.Key)))
}

// near reports whether the number is the key, give or take the tolerance. What binary fractions lose, as 0.4
// − 0.3 is a little more than 0.1, is let pass.
func (it *Item) near(n float64) bool {
	return slices.ContainsFunc(it.Key, func(written string) bool {
		key, err := strconv.ParseFloat(written, 64)
		return err == nil && math.Abs(n-key) <= it.Tolerance+1e-9*math.Max(1, math.Abs(key))
	})
}

// Tally returns what a report counts of an answer, in ids and never in a person's own words but for a
// written answer, of which it is the folded text or the number: chosen options, "place=option" of an order,
// "option=target" of a match. What is not Valid for the item is not told.
func (it *Item) Tally(answer []string) []string {
	if len(answer) == 0 || !it.Valid(answer) {
		return nil
	}
	switch it.Type {
	case Order:
		places := make([]string, len(answer))
		for i, id := range answer {
			places[i] = strconv.Itoa(i+1) + "=" + id
		}
		return places
	case Number:
		return []string{strconv.FormatFloat(it.closest(readings(answer[0])), 'f', -1, 64)}
	case ShortText:
		return []string{Fold(answer[0])}
	}
	return slices.Clone(answer)
}

// closest is the reading that counts: one that is right, else the first.
func (it *Item) closest(all []float64) float64 {
	if i := slices.IndexFunc(all, it.near); i >= 0 {
		return all[i]
	}
	return all[0]
}

// Tallied lists what Tally can return, so that what nobody chose has its 0; of a written answer it lists
// what is right.
func (it *Item) Tallied() []string {
	var all []string
	switch it.Type {
	case Number:
		return slices.Clone(it.Key)
	case ShortText:
		for _, spelling := range it.Key {
			all = append(all, Fold(spelling))
		}
	case Order:
		for place := range it.Options {
			for _, o := range it.Options {
				all = append(all, strconv.Itoa(place+1)+"="+o.ID)
			}
		}
	case Match:
		for _, o := range it.Options {
			for _, t := range it.Targets {
				all = append(all, o.ID+"="+t.ID)
			}
		}
	default:
		for _, o := range it.Options {
			all = append(all, o.ID)
		}
	}
	return all
}
