package gate

import (
	"html"
	"net/url"
	"regexp"

	"melek/courses"
)

var link = regexp.MustCompile(`<a [^>]*href="([^"]*)"`)

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
