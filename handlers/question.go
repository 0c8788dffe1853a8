package handlers

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
)

// question is an item as a page shows it before the answer: nothing in it tells which option is right.
type question struct {
	Item    string
	Version string
	Stem    string
	Several bool
	Options []option
	Number  int // from 1
	Count   int
	Fault   string
	Action  string // where the answer goes, below the language
}

// option is one answer that is offered. Right and Why stay empty until the answer was given.
type option struct {
	ID     string
	Letter string
	Text   string
	Chosen bool
	Right  bool
	Why    string
}

func (p page) question(item *courses.Item, version string, chosen []string) question {
	q := question{Item: item.ID, Version: version, Stem: p.Say(item.Stem), Several: item.Several()}
	for i, o := range item.Options {
		q.Options = append(q.Options, option{ID: o.ID, Letter: letter(i), Text: p.Say(o.Text),
			Chosen: slices.Contains(chosen, o.ID)})
	}
	return q
}

// letter names an option by its place, so that people can speak of it.
func letter(i int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if i >= len(letters) {
		return strconv.Itoa(i + 1)
	}
	return letters[i : i+1]
}

// chosen reads the options that a form sends and that the item offers.
func chosen(c *fiber.Ctx, item *courses.Item) []string {
	return offered(item, sentOptions(c))
}

func sentOptions(c *fiber.Ctx) []string {
	options := []string{}
	for _, sent := range c.Context().PostArgs().PeekMulti("chosen") {
		options = append(options, string(sent))
	}
	return options
}

// kept reads the options that the address keeps through a change of language.
func kept(c *fiber.Ctx, item *courses.Item) []string {
	var options []string
	for _, sent := range c.Context().QueryArgs().PeekMulti("chosen") {
		options = append(options, string(sent))
	}
	if options = offered(item, options); len(options) == 0 {
		return nil
	}
	return options
}

// offered leaves of the options those that make a valid answer, none where they do not fit together.
func offered(item *courses.Item, options []string) []string {
	options = slices.DeleteFunc(options, func(id string) bool { return !item.Offers(id) })
	if !item.Valid(options) {
		return nil
	}
	return options
}

// otherLanguage goes to the same question in the other language; what is chosen goes with it.
func (s *server) otherLanguage(c *fiber.Ctx, below string, options []string) error {
	address := "/" + string(s.page(c, "layout.home").OtherLang()) + below + carrying(options)
	return c.Redirect(address, fiber.StatusSeeOther)
}

// carrying is the query with which an address of a question keeps what is chosen.
func carrying(options []string) string {
	if len(options) == 0 {
		return ""
	}
	return "?" + url.Values{"chosen": options}.Encode()
}

// place reads the number of a question, from 1 to count.
func place(c *fiber.Ctx, count int) (int, error) {
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil || n < 1 || n > count {
		return 0, courses.Problemf(courses.NotFound, "page.unknown")
	}
	return n, nil
}
