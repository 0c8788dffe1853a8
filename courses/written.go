package courses

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold returns what two spellings of a short answer have in common: neither case nor diacritics, neither
// the kind of apostrophe and dash that a phone puts in nor the width of a space tells them apart.
func Fold(text string) string {
	// The chain holds state and is made for each text; it fails on nothing, since it only takes away.
	bare, _, _ := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)),
		runes.Remove(runes.In(unicode.Cf))), text)
	return strings.Join(strings.Fields(oneSign.Replace(strings.ToLower(bare))), " ")
}

// oneSign writes signs that look alike as one. The last two are one letter, which only its place tells apart.
var oneSign = strings.NewReplacer("‘", "'", "’", "'", "ʼ", "'", "`", "'", "“", `"`, "”", `"`,
	"‐", "-", "‒", "-", "–", "-", "—", "-", "−", "-", "ς", "σ")

// The ways in which a number is written: with a decimal comma or point, or with its thousands in groups.
var (
	decimalForm = regexp.MustCompile(`^[0-9]*[.,]?[0-9]+$`)
	pointGroups = regexp.MustCompile(`^[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?$`)
	commaGroups = regexp.MustCompile(`^[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?$`)
)

// mostDigits keeps a written number well within what a float tells apart from its neighbours by size.
const mostDigits = 40

// readings returns the numbers that a writing can mean. There is none where it is no number, and there are
// two for 1.500: Indonesian writes fifteen hundred so, English one and a half. Which of them is meant is
// left to the key, since nobody takes the one for the other within one question.
func readings(written string) []float64 {
	s := strings.TrimSpace(written)
	sign := 1.0
	if rest, ok := cutSign(s, "-", "−", "–"); ok {
		s, sign = rest, -1
	} else if rest, ok := cutSign(s, "+"); ok {
		s = rest
	}
	if len(s) > mostDigits {
		return nil
	}
	var all []float64
	add := func(plain string) {
		if n, err := strconv.ParseFloat(plain, 64); err == nil {
			all = append(all, sign*n)
		}
	}
	if decimalForm.MatchString(s) {
		add(strings.Replace(s, ",", ".", 1))
	}
	if pointGroups.MatchString(s) {
		add(strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1))
	}
	if commaGroups.MatchString(s) {
		add(strings.ReplaceAll(s, ",", ""))
	}
	return all
}

func cutSign(s string, signs ...string) (string, bool) {
	for _, sign := range signs {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return s, false
}
