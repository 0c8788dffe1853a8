package access

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"melek/courses"
	"melek/courses/people"
)

// Lengths of secrets.
const (
	PINLength      = 6  // digits, of participants and facilitators
	PasswordLength = 12 // characters, of those who see other people's data
	longestSecret  = 200
)

// typed is a secret as it counts: a password exactly as it was typed, a PIN without the spaces that a phone
// puts around digits.
func typed(secret string) string {
	if pin := strings.TrimSpace(secret); pin != "" && !strings.ContainsFunc(pin, notDigit) {
		return pin
	}
	return secret
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// wrongKey is what people are told of a wrong secret. Spaces around a password used to be cut, so whoever has
// typed them ever since is told to leave them out.
func wrongKey(key, secret string) string {
	if secret = typed(secret); secret != strings.TrimSpace(secret) {
		return key + "_spaces"
	}
	return key
}

// CheckPIN says what is wrong with a PIN or password for the role, as a courses.Problem of kind Invalid. A
// password is good for every role; a PIN for those only who work with no other people's data. Own are words
// about the person, which make no password by themselves.
func CheckPIN(role people.Role, pin string, own ...string) error {
	pin = typed(pin)
	bad := func(key string, args ...any) error { return courses.Problemf(courses.Invalid, key, args...) }
	if len(pin) > longestSecret {
		return bad("pin.long")
	}
	long := utf8.RuneCountInString(pin) >= PasswordLength
	if long && common(pin, own) {
		return bad("pin.common")
	}
	if long {
		return nil
	}
	if IsOffice(role) {
		return bad("pin.password_short", PasswordLength)
	}
	if len(pin) < PINLength || strings.ContainsFunc(pin, notDigit) {
		return bad("pin.short", PINLength)
	}
	if easy(pin) {
		return bad("pin.easy")
	}
	return nil
}

// easy reports whether every step from digit to digit is the same, as in 111111, 123456 and 987654; whether a
// short piece is repeated, as in 121212; or whether it is the years or keys that are tried first.
func easy(pin string) bool {
	if step := int(pin[1]) - int(pin[0]); step >= -1 && step <= 1 && steady(pin, step) {
		return true
	}
	for n := 1; n <= 3; n++ {
		if strings.Repeat(pin[:n], len(pin)/n+1)[:len(pin)] == pin {
			return true
		}
	}
	return strings.Contains(" 112233 159753 147258 258456 789456 456123 170845 171945 102030 ", " "+pin+" ")
}

func steady(digits string, step int) bool {
	for i := 1; i < len(digits); i++ {
		if int(digits[i])-int(digits[i-1]) != step {
			return false
		}
	}
	return true
}

// commonWords are what most passwords are made of, by our own count: words of Indonesia and of its offices,
// names, and the passwords that lead every published list. Whole passwords need not be listed: with what
// people put before and behind them they are found as well.
//
//go:embed common.txt
var commonWords string

var commonSet = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(commonWords) {
		set[word] = true
	}
	return set
})

// mostCommon is how many different common words do not make a password yet.
const mostCommon = 2

// common reports whether a long password is one of those that are tried first: hardly any different
// characters, characters in a row, or one or two common words, whatever digits and marks stand around them
// and whichever letters were written as digits.
func common(password string, own []string) bool {
	folded := strings.ToLower(password)
	if few(folded) || inRow(folded) {
		return true
	}
	mine := map[string]bool{}
	for _, name := range own {
		for _, word := range strings.FieldsFunc(strings.ToLower(name), notLetter) {
			mine[word] = utf8.RuneCountInString(word) >= 3
		}
	}
	return strings.ContainsFunc(folded, unicode.IsLetter) && madeOf(folded, mine) <= mostCommon
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// unleet writes digits and marks that stand for letters as these.
var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t",
	"@", "a", "$", "s", "!", "i")

// few reports whether there are so few different characters that the length says nothing.
func few(s string) bool {
	different := map[rune]bool{}
	for _, r := range s {
		different[r] = true
	}
	return len(different) < 5
}

// inRow reports whether characters mostly follow each other by one step up or down, or repeat.
func inRow(s string) bool {
	runes := []rune(s)
	broken := 0
	for i := 2; i < len(runes); i++ {
		if step := runes[i] - runes[i-1]; step < -1 || step > 1 || step != runes[i-1]-runes[i-2] {
			broken++
		}
	}
	return broken <= len(runes)/3
}

// madeOf is the least number of different common words that the password can be cut into, digits and marks
// between them left out, and more than mostCommon where it cannot.
func madeOf(password string, mine map[string]bool) int {
	const never = mostCommon + 1
	typed, set := []rune(password), commonSet()
	meant := []rune(unleet.Replace(password)) // as long, for each stands for one
	best, tried := never, map[string]bool{}
	var cut func(at int, used []string)
	cut = func(at int, used []string) {
		state := fmt.Sprint(at, used)
		if tried[state] {
			return
		}
		tried[state] = true
		if at == len(typed) {
			best = min(best, len(used))
			return
		}
		if notLetter(typed[at]) {
			cut(at+1, used)
		}
		for end := len(typed); end > at; end-- {
			word := string(meant[at:end])
			again := slices.Contains(used, word)
			switch {
			case !set[word] && !mine[word], !again && len(used) == mostCommon:
			case again:
				cut(end, used)
			default:
				cut(end, append(slices.Clone(used), word))
			}
		}
	}
	cut(0, nil)
	return best
}
