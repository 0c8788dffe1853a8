package gate

import (
	"fmt"
	"maps"
	"slices"

	"melek/courses"
)

// Level is how hard a text is to read.
type Level struct {
	Words     int
	Sentences int
	Longest   int     // words of the longest sentence
	Mean      float64 // words of a sentence
	Letters   float64 // letters of a word
}

// LevelOf measures a text, plain or HTML. Headings and cells count as sentences.
func LevelOf(text string) Level {
	var l Level
	sum := 0
	for _, s := range sentences(text) {
		all := words(s)
		l.Sentences++
		l.Words += len(all)
		l.Longest = max(l.Longest, len(all))
		for _, word := range all {
			sum += letters(word)
		}
	}
	if l.Words > 0 {
		l.Mean, l.Letters = float64(l.Words)/float64(l.Sentences), float64(sum)/float64(l.Words)
	}
	return l
}

// limit is what a reader who left school after SMP can be asked to read. English needs its small words, so
// the same thought is a little longer; Indonesian builds long words of affixes.
type limit struct {
	sentence int     // words of any sentence
	mean     float64 // words of a module's sentences
	letters  float64 // letters of a module's words
}

var limits = map[courses.Lang]limit{courses.Indonesian: {20, 12, 6.5}, courses.English: {25, 14, 5.5}}

// The words of a module: what can be read in a lunch break and still teaches something.
const leastWords, mostWords = 300, 600

// readable asks that every sentence is short and every module of a length and level for its readers.
func (j *judging) readable() {
	for _, lang := range courses.Langs {
		most := limits[lang]
		for _, m := range j.course.Modules {
			l := LevelOf(m.Body.In(lang))
			if l.Words < leastWords || l.Words > mostWords {
				j.find(m.ID, fmt.Sprintf("write %d to %d", leastWords, mostWords), "it has %d words in %s", l.Words,
					langNames[lang])
			}
			if l.Mean > most.mean {
				j.find(m.ID, fmt.Sprintf("write shorter ones, %.0f words at most on average", most.mean),
					"its sentences have %.1f words in %s on average", l.Mean, langNames[lang])
			}
			if l.Letters > most.letters {
				j.find(m.ID, "choose plainer words", "its words have %.1f letters in %s on average, more than %.1f",
					l.Letters, langNames[lang], most.letters)
			}
		}
		for _, text := range j.prose() {
			for _, s := range sentences(text.wording.In(lang)) {
				if n := len(words(s)); n > most.sentence {
					j.find(text.part, fmt.Sprintf("make two of it; %d words at most", most.sentence),
						"its %s has a sentence of %d words in %s: %s", text.what, n, langNames[lang], s)
				}
			}
		}
	}
}

// piece is a text of a part of the course.
type piece struct {
	part, what string
	wording    courses.Text
}

// prose returns everything in the course that somebody reads.
func (j *judging) prose() []piece {
	c := j.course
	all := []piece{{"course", "summary", c.Summary}}
	for i, check := range c.Checks {
		all = append(all, piece{"course", fmt.Sprintf("check %d", i+1), check.Note})
	}
	for _, m := range c.Modules {
		all = append(all, piece{m.ID, "goal", m.Goal}, piece{m.ID, "title", m.Title}, piece{m.ID, "text", m.Body})
	}
	for _, id := range slices.Sorted(maps.Keys(c.Items)) {
		it := c.Items[id]
		all = append(all, piece{id, "stem", it.Stem}, piece{id, "why", it.Why})
		for _, o := range it.Options {
			all = append(all, piece{id, "option " + o.ID, o.Text}, piece{id, "why of " + o.ID, o.Why})
		}
		for _, t := range it.Targets {
			all = append(all, piece{id, "target " + t.ID, t.Text})
		}
	}
	return all
}
