package locales

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// findings begins the keys that are sentences themselves: what is told of courses is worded in English
// where it is found, and told again here in the reader's language.
const findings = "finding."

// sentence is an English sentence with places, and the key of its wording.
type sentence struct {
	key   string
	form  *regexp.Regexp
	words int // how much of it is fixed
}

// sentencesOf are the sentences of a file, those with more words of their own first, for what fits «{} has
// no {}» may be meant more exactly by another.
func sentencesOf(file *i18n.MessageFile) []sentence {
	var all []sentence
	for _, m := range file.Messages {
		text, ok := strings.CutPrefix(m.ID, findings)
		if !ok {
			continue
		}
		parts := strings.Split(text, "{}")
		fixed := len(strings.Join(parts, ""))
		for i, part := range parts {
			parts[i] = regexp.QuoteMeta(part)
		}
		all = append(all, sentence{m.ID, regexp.MustCompile(`(?s)^` + strings.Join(parts, "(.+?)") + `$`), fixed})
	}
	slices.SortFunc(all, func(a, b sentence) int {
		return cmp.Or(b.words-a.words, strings.Compare(a.key, b.key))
	})
	return all
}

// Retell is a finding, worded in English, in this language. What stands at its places is told again too
// where it is known, and stays otherwise, as does a sentence that no wording fits.
func (w *Words) Retell(finding string) string {
	for _, s := range w.sentences {
		places := s.form.FindStringSubmatch(finding)
		if places == nil {
			continue
		}
		args := make([]any, len(places)-1)
		for i, place := range places[1:] {
			args[i] = w.Retell(place)
		}
		return w.T(s.key, args...)
	}
	return finding
}
