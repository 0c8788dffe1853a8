package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"melek/courses"
)

// given is what a form holds of an answer, whole or not, by the names of its fields. It goes through a change
// of language and back into the form where something is amiss, so that nothing that was given is lost.
type given map[string][]string

// The fields of an answer.
const (
	chosenField  = "chosen"  // ids of the chosen options
	writtenField = "written" // a number or short text
)

// besideField holds what stands beside an option: its place in an order, or its target in a match.
func besideField(option string) string { return "to-" + option }

// mostKept is how much of a written answer goes back into the form: more than is taken, so that one can see
// what is too long.
const mostKept = 2 * courses.MaxWritten

// sent reads the answer that a form sends.
func sent(c *fiber.Ctx, item *courses.Item) given { return givenIn(c.Context().PostArgs(), item) }

// kept reads the answer that the address keeps through a change of language, nil where it keeps none.
func kept(c *fiber.Ctx, item *courses.Item) given {
	if g := givenIn(c.Context().QueryArgs(), item); len(g) > 0 {
		return g
	}
	return nil
}

// givenIn takes what the item can use, and leaves the rest.
func givenIn(args *fasthttp.Args, item *courses.Item) given {
	g := given{}
	if item.Written() {
		text := []rune(strings.ToValidUTF8(string(args.Peek(writtenField)), ""))
		if len(text) > 0 {
			g[writtenField] = []string{string(text[:min(len(text), mostKept)])}
		}
		return g
	}
	if item.Type != courses.Order && item.Type != courses.Match {
		for _, value := range args.PeekMulti(chosenField) {
			if id := string(value); item.Offers(id) && !slices.Contains(g[chosenField], id) {
				g[chosenField] = append(g[chosenField], id)
			}
		}
		return g
	}
	for _, o := range item.Options {
		value := string(args.Peek(besideField(o.ID)))
		if item.HasTarget(value) || item.Type == courses.Order && slices.Contains(places(item), value) {
			g[besideField(o.ID)] = []string{value}
		}
	}
	return g
}

// places are the numbers that the entries of an order can have.
func places(item *courses.Item) []string {
	numbers := make([]string, len(item.Options))
	for i := range numbers {
		numbers[i] = strconv.Itoa(i + 1)
	}
	return numbers
}

// givenOf is a whole answer as the form holds it.
func givenOf(item *courses.Item, answer []string) given {
	g := given{}
	for i, value := range answer {
		switch {
		case item.Written():
			g[writtenField] = []string{value}
		case item.Type == courses.Order:
			g[besideField(value)] = []string{strconv.Itoa(i + 1)}
		case item.Type == courses.Match:
			option, target, _ := strings.Cut(value, "=")
			g[besideField(option)] = []string{target}
		default:
			g[chosenField] = append(g[chosenField], value)
		}
	}
	return g
}

// first is the value of a field that has one.
func (g given) first(field string) string {
	if len(g[field]) == 0 {
		return ""
	}
	return g[field][0]
}

// answer makes an answer of what is given, none where nothing is. What makes no answer is a problem that says
// what is amiss.
func (g given) answer(item *courses.Item) ([]string, error) {
	var answer []string
	var err error
	switch {
	case item.Written():
		if text := strings.TrimSpace(g.first(writtenField)); text != "" {
			answer = []string{text}
		}
	case item.Type == courses.Order:
		answer, err = g.order(item)
	case item.Type == courses.Match:
		answer, err = g.pairs(item)
	default:
		answer = g[chosenField]
	}
	if err == nil && !item.Valid(answer) {
		err = unanswered(item)
	}
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// unanswered says what the item asks for.
func unanswered(item *courses.Item) error {
	key := "quiz.choose"
	switch {
	case item.Several():
		key = "quiz.choose_several"
	case item.Type == courses.Order, item.Type == courses.Match, item.Written():
		key = "answer." + string(item.Type)
	}
	return courses.Problemf(courses.Invalid, key)
}

// order puts the options in the order of their numbers.
func (g given) order(item *courses.Item) ([]string, error) {
	at := make(map[string]string, len(item.Options))
	for _, o := range item.Options {
		number := g.first(besideField(o.ID))
		if _, taken := at[number]; taken && number != "" {
			return nil, courses.Problemf(courses.Invalid, "answer.order_twice", number)
		}
		at[number] = o.ID
	}
	if _, open := at[""]; open && len(at) == 1 {
		return nil, nil
	} else if open {
		return nil, unanswered(item)
	}
	answer := make([]string, len(item.Options))
	for i, number := range places(item) {
		answer[i] = at[number]
	}
	return answer, nil
}

// pairs puts every option with its target.
func (g given) pairs(item *courses.Item) ([]string, error) {
	var answer []string
	for _, o := range item.Options {
		if target := g.first(besideField(o.ID)); target != "" {
			answer = append(answer, o.ID+"="+target)
		}
	}
	if len(answer) > 0 && len(answer) < len(item.Options) {
		return nil, unanswered(item)
	}
	return answer, nil
}

// amiss reports whether what stands beside the option is missing, or is a number that another has too.
func (g given) amiss(item *courses.Item, option string) bool {
	value := g.first(besideField(option))
	twin := func(o courses.Option) bool { return o.ID != option && g.first(besideField(o.ID)) == value }
	return value == "" || item.Type == courses.Order && slices.ContainsFunc(item.Options, twin)
}

// query is what is given as the query of an address.
func (g given) query() string {
	if len(g) == 0 {
		return ""
	}
	return "?" + url.Values(g).Encode()
}

// mostCarried is how many bytes of an answer an address carries.
const mostCarried = 2000

// sentTo reads the fields of an answer to a question that is not known yet, none where they are too many to
// carry.
func sentTo(c *fiber.Ctx) given {
	g, size := given{}, 0
	for key, value := range c.Context().PostArgs().All() {
		field := string(key)
		if field != chosenField && field != writtenField && !strings.HasPrefix(field, besideField("")) {
			continue
		}
		if size += len(field) + len(value); size > mostCarried {
			return nil
		}
		if len(value) > 0 {
			g[field] = append(g[field], string(value))
		}
	}
	return g
}
