package handlers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
)

// question is an item as a page shows it before the answer: nothing in it tells what is right.
type question struct {
	Item    string
	Version string
	Asks    string // how it is answered: choice, order, match, number or text
	Hint    string
	Stem    string
	Several bool
	Options []option
	Targets []option // what the options of a match are matched with
	Places  []string // the numbers of an order
	Written string
	Unit    string
	Most    int // characters of a written answer
	Number  int // from 1
	Count   int
	Fault   string
	Action  string // where the answer goes, below the language
}

// option is one answer that is offered, or one entry of an order or match.
type option struct {
	ID     string
	Letter string
	Text   string
	Chosen bool
	Beside string // the number or target that it was given
	Amiss  bool   // what is beside it is missing or there twice
}

// question shows an item with what is given so far; a fault says what is amiss with that.
func (p page) question(item *courses.Item, version string, g given, fault string) question {
	q := question{Item: item.ID, Version: version, Asks: asks(item), Hint: p.T("question." + hintOf(item)),
		Stem: p.Say(item.Stem), Several: item.Several(), Written: g.first(writtenField),
		Unit: p.Say(item.Unit), Most: courses.MaxWritten, Fault: fault}
	for i, o := range item.Options {
		q.Options = append(q.Options, option{ID: o.ID, Letter: letter(i), Text: p.Say(o.Text),
			Chosen: slices.Contains(g[chosenField], o.ID), Beside: g.first(besideField(o.ID)),
			Amiss: fault != "" && g.amiss(item, o.ID)})
	}
	for i, o := range item.Targets {
		q.Targets = append(q.Targets, option{ID: o.ID, Letter: letter(i), Text: p.Say(o.Text)})
	}
	if item.Type == courses.Order {
		q.Places = places(item)
	}
	return q
}

// asks names the part of the page by which the item is answered.
func asks(item *courses.Item) string {
	if item.Written() || item.Type == courses.Order || item.Type == courses.Match {
		return string(item.Type)
	}
	return "choice"
}

func hintOf(item *courses.Item) string {
	switch {
	case item.Several():
		return "several"
	case item.Type == courses.TrueFalse:
		return "true_false"
	case asks(item) == "choice":
		return "single"
	}
	return asks(item)
}

// letter names an option by its place, so that people can speak of it.
func letter(i int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if i >= len(letters) {
		return strconv.Itoa(i + 1)
	}
	return letters[i : i+1]
}

// turn shows the same question in the other language or, where the address asks for it, first the choice of
// the display; what is given goes with it.
func (s *server) turn(c *fiber.Ctx, below string, item *courses.Item) error {
	if strings.HasSuffix(c.Path(), "/display") {
		return s.goTo(c, "/display?back="+queryEscape(below+sent(c, item).query()))
	}
	address := "/" + string(s.page(c, "layout.home").OtherLang()) + below
	return c.Redirect(address+sent(c, item).query(), fiber.StatusSeeOther)
}

// place reads the number of a question, from 1 to count.
func place(c *fiber.Ctx, count int) (int, error) {
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil || n < 1 || n > count {
		return 0, courses.Problemf(courses.NotFound, "page.unknown")
	}
	return n, nil
}
