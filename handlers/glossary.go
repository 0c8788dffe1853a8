package handlers

import (
	"html/template"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses/content"
)

type glossaryPage struct {
	page
	Terms []content.Term
}

// showGlossary explains every word of the glossary, in the order of the page's language.
func (s *server) showGlossary(c *fiber.Ctx) error {
	view := glossaryPage{page: s.page(c, "glossary.title"), Terms: slices.Clone(content.Glossary())}
	slices.SortFunc(view.Terms, func(a, b content.Term) int {
		return strings.Compare(strings.ToLower(view.Say(a.Word)), strings.ToLower(view.Say(b.Word)))
	})
	return s.render(c, fiber.StatusOK, "glossary.html", view)
}

// explained is the text of a lesson in which each word of the glossary leads, where it stands first, to its
// explanation below the text; the words are returned in that order.
func (p page) explained(body string) (template.HTML, []content.Term) {
	text, terms := content.Explain(body, p.Lang, func(t content.Term, word string) string {
		return `<a class="term" id="kata-` + t.ID + `" href="#istilah-` + t.ID + `">` + word + `</a>`
	})
	return template.HTML(text), terms //nolint:gosec // the loader has sanitised it, and words are from its text
}
