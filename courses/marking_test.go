package courses_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses"
)

var letters = []string{"a", "b", "c", "d", "e", "f"}

// anyItem draws an item of any type, fit to be taught.
func anyItem(t *rapid.T) *courses.Item {
	kind := rapid.SampledFrom(courses.ItemTypes).Draw(t, "type")
	ids := letters[:rapid.IntRange(2, 6).Draw(t, "options")]
	it := item(ids, nil)
	it.Type = kind
	switch kind {
	case courses.Single:
		it.Key = []string{rapid.SampledFrom(ids).Draw(t, "key")}
	case courses.Several:
		if it.Key = subset(t, "key", ids); len(it.Key) == 0 {
			it.Key = ids[:1]
		}
	case courses.TrueFalse:
		it.Options = options([]string{courses.True, courses.False})
		it.Key = []string{rapid.SampledFrom([]string{courses.True, courses.False}).Draw(t, "key")}
	case courses.Order:
		it.Key = rapid.Permutation(ids).Draw(t, "key")
	case courses.Match:
		targets := []string{"x", "y", "z"}[:rapid.IntRange(2, 3).Draw(t, "targets")]
		it.Targets = options(targets)
		for _, id := range ids {
			it.Key = append(it.Key, id+"="+rapid.SampledFrom(targets).Draw(t, "target of "+id))
		}
	case courses.Number:
		it.Options = nil
		it.Key = []string{strconv.FormatFloat(float64(rapid.IntRange(-1e6, 1e6).Draw(t, "key"))/100, 'f', -1, 64)}
		it.Tolerance = float64(rapid.IntRange(0, 100).Draw(t, "tolerance")) / 100
	case courses.ShortText:
		it.Options = nil
		it.Key = rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,8}( [a-z]{1,8})?`), 1, 3).Draw(t, "key")
	}
	return it
}

// anyAnswer draws what somebody or something may send for the item, fit or not.
func anyAnswer(t *rapid.T, it *courses.Item) []string {
	some := append(slices.Clone(it.Key), "", "=", "a", "a=x", "b=y", "1,5", "1.500", "true", "kata")
	for _, o := range it.Options {
		some = append(some, o.ID)
	}
	return rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(some), rapid.String()), 0, 7).Draw(t, "answer")
}

// rightAnswer is an answer that is right.
func rightAnswer(it *courses.Item) []string {
	if it.Type == courses.ShortText {
		return it.Key[:1]
	}
	return it.Key
}

func TestEveryTypeKeepsTheLawsOfMarking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := anyItem(t)
		answer := anyAnswer(t, it)
		before, key := slices.Clone(answer), slices.Clone(it.Key)
		marks := it.Mark(answer)
		if marks != 0 && marks != 1 || marks == 1 && !it.Valid(answer) {
			t.Fatalf("Mark(%q) = %d, valid %v, for %+v", answer, marks, it.Valid(answer), it)
		}
		if it.Mark(nil) != 0 || !it.Valid(nil) {
			t.Fatalf("no answer is invalid or gets marks for %+v", it)
		}
		if right := rightAnswer(it); it.Mark(right) != 1 || !it.Valid(right) {
			t.Fatalf("Mark(%q) = %d; the key of %+v is right", right, it.Mark(right), it)
		}
		if told := it.Tally(answer); (len(told) > 0) != (len(answer) > 0 && it.Valid(answer)) {
			t.Fatalf("Tally(%q) = %q for %+v", answer, told, it)
		} else if !it.Written() {
			for _, each := range told {
				if !slices.Contains(it.Tallied(), each) {
					t.Fatalf("Tally(%q) tells %q, which is not in Tallied %q", answer, each, it.Tallied())
				}
			}
		}
		if !slices.Equal(answer, before) || !slices.Equal(it.Key, key) {
			t.Fatal("marking has changed the answer or the key")
		}
	})
}

func TestOnlyTheKeyIsTheRightOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := item(letters[:4], rapid.Permutation(letters[:4]).Draw(t, "key"))
		it.Type = courses.Order
		answer := rapid.Permutation(letters[:4]).Draw(t, "answer")
		if got, want := it.Mark(answer) == 1, slices.Equal(answer, it.Key); got != want {
			t.Fatalf("the order %v is right: %v; want %v with the key %v", answer, got, want, it.Key)
		}
	})
}

func TestPairsOfAMatchHaveNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := item(letters[:4], nil)
		it.Type, it.Targets = courses.Match, options([]string{"x", "y", "z"})
		draw := func(label string) (pairs []string) {
			for _, id := range letters[:4] {
				pairs = append(pairs, id+"="+rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, label+id))
			}
			return pairs
		}
		it.Key = draw("key ")
		answer := draw("answer ")
		want := slices.Equal(answer, it.Key)
		if got := it.Mark(rapid.Permutation(answer).Draw(t, "turned")) == 1; got != want {
			t.Fatalf("the pairs %v are right: %v; want %v with the key %v", answer, got, want, it.Key)
		}
	})
}

// Marks are given for what a number is, not for how its fraction is written or its thousands are grouped.
func TestEveryWritingOfANumberIsMarkedAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hundredths := rapid.IntRange(0, 1e8).Draw(t, "hundredths")
		whole, part := strconv.Itoa(hundredths/100), fmt.Sprintf("%02d", hundredths%100)
		it := &courses.Item{Type: courses.Number, Key: []string{whole + "." + part}}
		for _, written := range []string{whole + "." + part, whole + "," + part, grouped(whole, ".") + "," + part,
			grouped(whole, ",") + "." + part, " " + whole + "," + part + "0 "} {
			if it.Mark([]string{written}) != 1 {
				t.Fatalf("%q is marked wrong where the key is %q", written, it.Key)
			}
			if it.Mark([]string{"-" + written}) != 0 && hundredths != 0 {
				t.Fatalf("%q is marked right where the key is %q", "-"+written, it.Key)
			}
		}
	})
}

func grouped(digits, sign string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + sign + digits[i:]
	}
	return digits
}

func TestToleranceIsExactInDecimals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.IntRange(-10000, 10000).Draw(t, "key")
		tolerance := rapid.IntRange(0, 500).Draw(t, "tolerance")
		given := key + rapid.IntRange(-600, 600).Draw(t, "away")
		it := &courses.Item{Type: courses.Number, Key: []string{decimal(key)}, Tolerance: float64(tolerance) / 100}
		want := max(given-key, key-given) <= tolerance
		if got := it.Mark([]string{decimal(given)}) == 1; got != want {
			t.Fatalf("%s is right: %v; want %v with the key %s ± %v", decimal(given), got, want, it.Key, it.Tolerance)
		}
	})
}

// decimal writes hundredths.
func decimal(n int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

func TestFoldingIsFinal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		once := courses.Fold(text)
		if twice := courses.Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, folded again %q", text, once, twice)
		}
		if spaced := courses.Fold("  " + text + "\t"); spaced != once {
			t.Fatalf("with spaces around, %q folds to %q; want %q", text, spaced, once)
		}
		if strings.Contains(once, "…") {
			t.Fatalf("Fold(%q) = %q holds an ellipsis, which reports keep for what is not told", text, once)
		}
	})
}
