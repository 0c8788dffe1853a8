package gate

import (
	"fmt"
	"html"
	"net/url"
	"regexp"

	"melek/courses"
)

// A picture is told in a sentence or two.
const leastAlt, mostAlt = 4, 50

var picture = regexp.MustCompile(`<img [^>]*alt="([^"]*)"`)

var link = regexp.MustCompile(`<a [^>]*href="([^"]*)"`)

// pictured asks that those who see no picture are told what it shows, each in their own language.
func (j *judging) pictured() {
	for _, m := range j.course.Modules {
		seen := map[string]bool{}
		for _, lang := range courses.Langs {
			for _, found := range picture.FindAllStringSubmatch(m.Body.In(lang), -1) {
				alt := html.UnescapeString(found[1])
				if n := len(words(alt)); n < leastAlt || n > mostAlt {
					j.find(m.ID, fmt.Sprintf("say in %d to %d words what there is to see", leastAlt, mostAlt),
						"a picture has %d words in %s: %s", n, langNames[lang], alt)
				}
				if seen[gist(alt)] {
					j.find(m.ID, "say it in both languages", "two pictures have the same words: %s", alt)
				}
				seen[gist(alt)] = true
			}
		}
	}
}

// linked asks that what a lesson links to is there to be opened: a page of the web by https, since a lesson
// has no other page to lead to by itself.
func (j *judging) linked() {
	for _, m := range j.course.Modules {
		for _, lang := range courses.Langs {
			for _, found := range link.FindAllStringSubmatch(m.Body.In(lang), -1) {
				address := html.UnescapeString(found[1])
				u, err := url.Parse(address)
				if err != nil || u.Scheme != "https" || u.Host == "" {
					j.find(m.ID, "write a whole address that begins with https://", "its link %q leads nowhere in %s",
						address, langNames[lang])
				}
			}
		}
	}
}
