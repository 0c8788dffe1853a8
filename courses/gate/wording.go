package gate

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

// Where a block ends, a sentence ends; other marks stand within sentences.
var (
	blockTag    = regexp.MustCompile(`</?(p|h[1-6]|li|ul|ol|th|td|tr|pre|blockquote)[ >]|<br|<hr`)
	anyTag      = regexp.MustCompile(`<[^>]*>`)
	builtTag    = regexp.MustCompile(`<(p|h[1-6]|li|ul|ol|th|td|tr|pre|blockquote|hr|img)\b`)
	sentenceEnd = regexp.MustCompile(`[.!?…][»”"’')]*\s+`)
)

// blocks returns the paragraphs, headings, entries and cells of a lesson as plain text.
func blocks(body string) []string {
	marked := blockTag.ReplaceAllStringFunc(body, func(tag string) string { return "\x00" + tag })
	return strings.Split(html.UnescapeString(anyTag.ReplaceAllString(marked, "")), "\x00")
}

// build returns the names of the blocks of a lesson in their order.
func build(body string) []string {
	var names []string
	for _, tag := range builtTag.FindAllStringSubmatch(body, -1) {
		names = append(names, tag[1])
	}
	return names
}

// sentences returns the sentences of a text or lesson.
func sentences(text string) []string {
	var all []string
	for _, block := range blocks(text) {
		for _, s := range sentenceEnd.Split(block, -1) {
			if len(words(s)) > 0 {
				all = append(all, s)
			}
		}
	}
	return all
}

// words returns what a reader would call words: what holds a letter or a digit.
func words(text string) []string {
	var all []string
	for _, field := range strings.Fields(text) {
		if strings.ContainsFunc(field, isWord) {
			all = append(all, field)
		}
	}
	return all
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// letters counts the letters and digits of a word.
func letters(word string) int {
	n := 0
	for _, r := range word {
		if isWord(r) {
			n++
		}
	}
	return n
}

// gist is a text without anything but its letters and digits, so that a moved comma makes no new item.
func gist(text string) string {
	return strings.Map(func(r rune) rune {
		if isWord(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
