package handlers

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses/people"
)

// displayRoutes are the choice of how pages look, which belongs to the browser and needs no sign-in.
func (s *server) displayRoutes() []route {
	return []route{
		{fiber.MethodGet, "/display", people.Look, s.showDisplay},
		{fiber.MethodPost, "/display", people.Look, s.chooseDisplay},
	}
}

// looks are the kinds of choices. Each choice is a class of <html> that melek.css knows; the usual one of a
// kind comes first and needs no class.
var looks = []struct {
	kind    string
	classes []string
}{
	{"size", []string{usual, "large", "larger"}},
	{"contrast", []string{usual, "strong"}},
	{"theme", []string{usual, "light", "dark"}},
}

const (
	usual    = ""
	lookLife = 400 * 24 * time.Hour // browsers keep no cookie longer
)

// lookCookie holds the classes with dots between them. It tells nothing of the person.
func (s *server) lookCookie() string { return s.cookieName() + "-display" }

// wishedLook is the class of <html> that the browser's cookie asks for; what no kind offers is left out.
func (s *server) wishedLook(c *fiber.Ctx) string {
	cookie := c.Cookies(s.lookCookie())
	if cookie == "" {
		return ""
	}
	return lookOf(strings.Split(cookie, "."))
}

// lookOf is the class with at most one of the words of each kind, in the order of kinds.
func lookOf(words []string) string {
	var classes []string
	for _, look := range looks {
		for _, class := range look.classes[1:] {
			if slices.Contains(words, class) {
				classes = append(classes, class)
				break
			}
		}
	}
	return strings.Join(classes, " ")
}

type displayPage struct {
	page
	Kinds []lookKind
	Back  string // below the language
	Saved bool
}

type lookKind struct {
	Name    string
	Choices []lookChoice
}

// lookChoice is one look of a kind; Word is what its wording is called.
type lookChoice struct {
	Class, Word string
	Chosen      bool
}

func (s *server) showDisplay(c *fiber.Ctx) error {
	s.ensureFormToken(c)
	p := displayPage{page: s.page(c, "display.title"), Back: s.backFromDisplay(c, c.Query("back")),
		Saved: c.Query("saved") != ""}
	p.page = p.at("/display?back=" + queryEscape(p.Back))
	wished := strings.Fields(p.Look)
	for _, look := range looks {
		kind, chosen := lookKind{Name: look.kind}, false
		for _, class := range look.classes[1:] {
			is := slices.Contains(wished, class)
			chosen = chosen || is
			kind.Choices = append(kind.Choices, lookChoice{class, class, is})
		}
		kind.Choices = slices.Insert(kind.Choices, 0, lookChoice{usual, "usual", !chosen})
		p.Kinds = append(p.Kinds, kind)
	}
	return s.render(c, fiber.StatusOK, "display.html", p)
}

// chooseDisplay keeps the choice in the browser and shows it at once, on the page where it was made.
func (s *server) chooseDisplay(c *fiber.Ctx) error {
	var words []string
	for _, look := range looks {
		words = append(words, posted(c, look.kind))
	}
	value := strings.ReplaceAll(lookOf(words), " ", ".")
	cookie := &fiber.Cookie{Name: s.lookCookie(), Value: value, Path: "/",
		Expires: s.Now().Add(lookLife), HTTPOnly: true, Secure: s.secure(), SameSite: fiber.CookieSameSiteLaxMode}
	if cookie.Value == "" {
		cookie.Expires = time.Unix(0, 0)
	}
	c.Cookie(cookie)
	return s.goTo(c, "/display?saved=1&back="+queryEscape(s.backFromDisplay(c, posted(c, "back"))))
}

// backFromDisplay is the page that the choice was opened from, home where the address is none of ours.
func (s *server) backFromDisplay(c *fiber.Ctx, back string) string {
	if !strings.HasPrefix(back, "/") || localPath(s.path(c, back)) == "" {
		return "/"
	}
	return back
}
