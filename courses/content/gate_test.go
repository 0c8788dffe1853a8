package content_test

import (
	"cmp"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"melek/courses"
	"melek/courses/content"
)

// shippedCourses loads every shipped course; a finding fails the test that asked.
func shippedCourses(t *testing.T) []*courses.Course {
	t.Helper()
	folders, err := fs.ReadDir(content.Shipped(), ".")
	if err != nil || len(folders) == 0 {
		t.Fatalf("%d shipped courses: %v", len(folders), err)
	}
	var all []*courses.Course
	for _, folder := range folders {
		c, err := content.Load(content.Shipped(), folder.Name())
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		all = append(all, c)
	}
	return all
}

// quizCourses are the shipped courses that have modules.
func quizCourses(t *testing.T) []*courses.Course {
	return slices.DeleteFunc(shippedCourses(t), func(c *courses.Course) bool { return len(c.Modules) == 0 })
}

func TestShippedCoursesLoad(t *testing.T) {
	for _, c := range shippedCourses(t) {
		if len(c.Forms) < 2 || len(c.Anchors) == 0 {
			t.Errorf("%s has %d forms and %d anchors; want parallel forms that are tied together", c.ID,
				len(c.Forms), len(c.Anchors))
		}
		for _, m := range c.Modules {
			for _, lang := range courses.Langs {
				if m.Title.In(lang) == "" || m.Body.In(lang) == "" || m.Goal.In(lang) == "" {
					t.Errorf("%s: module %s is not whole in %s", c.ID, m.ID, lang)
				}
			}
		}
	}
}

// keys counts how often each option id is the key.
func keys(c *courses.Course, items []string) map[string]int {
	count := map[string]int{}
	for _, id := range items {
		for _, key := range c.Items[id].Key {
			count[key]++
		}
	}
	return count
}

// A participant who always picks the same letter must not pass.
func TestKeysAreBalanced(t *testing.T) {
	letters := []string{"a", "b", "c", "d"}
	for _, c := range quizCourses(t) {
		for _, m := range c.Modules {
			count := keys(c, m.Quiz)
			for _, letter := range letters {
				if count[letter] == 0 {
					t.Errorf("%s: no key of the quiz of %s is %s: %v", c.ID, m.ID, letter, count)
				}
			}
		}
		for _, f := range c.Forms {
			count := keys(c, f.Items)
			for _, letter := range letters {
				if n := count[letter]; 10*n < len(f.Items) || 10*n > 4*len(f.Items) {
					t.Errorf("%s: %d of %d keys of form %s are %s; want 10 to 40 %%: %v", c.ID, n, len(f.Items),
						f.ID, letter, count)
				}
			}
		}
	}
}

// keyIsLongest reports whether the right option is longer than every other.
func keyIsLongest(it *courses.Item, lang courses.Lang) bool {
	longest := slices.MaxFunc(it.Options, func(a, b courses.Option) int {
		return cmp.Compare(utf8.RuneCountInString(a.Text.In(lang)), utf8.RuneCountInString(b.Text.In(lang)))
	})
	return slices.Contains(it.Key, longest.ID)
}

func TestLengthDoesNotGiveTheAnswerAway(t *testing.T) {
	for _, c := range shippedCourses(t) {
		for _, lang := range courses.Langs {
			n := 0
			for _, it := range c.Items {
				if keyIsLongest(it, lang) {
					n++
				}
			}
			if 100*n > 45*len(c.Items) {
				t.Errorf("%s: the right option is the longest in %d of %d items in %s; want at most 45 %%", c.ID, n,
					len(c.Items), lang)
			}
		}
	}
}

// Where a block ends, a sentence ends; other marks stand within sentences.
var (
	blockTag    = regexp.MustCompile(`</?(p|h[1-6]|li|ul|ol|th|td|tr|pre|blockquote)[ >]|<br|<hr`)
	anyTag      = regexp.MustCompile(`<[^>]*>`)
	sentenceEnd = regexp.MustCompile(`[.!?…][»”"’')]*\s+`)
)

// blocks returns the paragraphs, headings, entries and cells of a lesson as plain text.
func blocks(body string) []string {
	marked := blockTag.ReplaceAllStringFunc(body, func(tag string) string { return "\x00" + tag })
	return strings.Split(html.UnescapeString(anyTag.ReplaceAllString(marked, "")), "\x00")
}

// words counts what a reader would call words: what holds a letter or a digit.
func words(text string) int {
	n := 0
	for _, field := range strings.Fields(text) {
		if strings.ContainsFunc(field, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

func TestModulesHaveTheLengthOfALunchBreak(t *testing.T) {
	for _, c := range quizCourses(t) {
		for _, m := range c.Modules {
			for _, lang := range courses.Langs {
				if n := words(strings.Join(blocks(m.Body.In(lang)), " ")); n < 300 || n > 600 {
					t.Errorf("%s: module %s has %d words in %s; want 300 to 600", c.ID, m.ID, n, lang)
				}
			}
		}
	}
}

// prose returns everything in the course that a participant reads.
func prose(c *courses.Course) map[string]courses.Text {
	all := map[string]courses.Text{"summary": c.Summary}
	for _, m := range c.Modules {
		all["goal of "+m.ID], all["title of "+m.ID], all["text of "+m.ID] = m.Goal, m.Title, m.Body
	}
	for i, check := range c.Checks {
		all[fmt.Sprintf("check %d", i+1)] = check.Note
	}
	for _, it := range c.Items {
		all["stem of "+it.ID] = it.Stem
		for _, o := range it.Options {
			all["option "+o.ID+" of "+it.ID], all["why of "+o.ID+" of "+it.ID] = o.Text, o.Why
		}
	}
	return all
}

// English needs its small words, so the same thought is a little longer.
func TestSentencesAreShort(t *testing.T) {
	most := map[courses.Lang]int{courses.Indonesian: 20, courses.English: 25}
	for _, c := range shippedCourses(t) {
		for where, text := range prose(c) {
			for _, lang := range courses.Langs {
				for _, block := range blocks(text.In(lang)) {
					for _, sentence := range sentenceEnd.Split(block, -1) {
						if n := words(sentence); n > most[lang] {
							t.Errorf("%s: %s has a sentence of %d words in %s; want at most %d: %s", c.ID, where, n,
								lang, most[lang], sentence)
						}
					}
				}
			}
		}
	}
}

// gist is a text without anything but its letters and digits, so that a moved comma makes no new item.
func gist(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// A quiz tells its answers, so a test that asked the same would measure memory; two items alike measure one thing twice.
func TestNoItemIsAskedTwice(t *testing.T) {
	for _, lang := range courses.Langs {
		seen := map[string]string{}
		for _, c := range shippedCourses(t) {
			for _, id := range slices.Sorted(maps.Keys(c.Items)) {
				text := gist(c.Items[id].Stem.In(lang))
				if other, ok := seen[text]; ok {
					t.Errorf("%s asks in %s what %s asks", id, lang, other)
				}
				seen[text] = id
			}
		}
	}
}

func TestOptionsOfAnItemDiffer(t *testing.T) {
	for _, c := range shippedCourses(t) {
		for id, it := range c.Items {
			for _, lang := range courses.Langs {
				seen := map[string]bool{}
				for _, o := range it.Options {
					if text := gist(o.Text.In(lang)); seen[text] {
						t.Errorf("%s: %s offers option %s twice in %s", c.ID, id, o.ID, lang)
					} else {
						seen[text] = true
					}
				}
			}
		}
	}
}
