package handlers

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

// doorRoutes are the ways in and out.
func (s *server) doorRoutes() []route {
	return []route{
		{fiber.MethodGet, "/sign-in", people.Enter, s.showSignIn},
		{fiber.MethodPost, "/sign-in", people.Enter, s.signIn},
		{fiber.MethodPost, "/sign-out", people.Enter, s.signOut},
		{fiber.MethodGet, "/pin", people.Enter, s.showPIN},
		{fiber.MethodPost, "/pin", people.Enter, s.choosePIN},
		{fiber.MethodGet, "/second", people.Enter, s.showSecond},
		{fiber.MethodPost, "/second", people.Enter, s.passSecond},
		{fiber.MethodGet, "/second/new", people.Enter, s.showEnrol},
		{fiber.MethodPost, "/second/new", people.Enter, s.enrol},
		{fiber.MethodGet, "/setup", people.Enter, s.showSetup},
		{fiber.MethodPost, "/setup", people.Enter, s.createAdmin},
	}
}

type signInForm struct {
	Name   string `form:"name" validate:"required,max=64"`
	Secret string `form:"secret" validate:"required,max=200"`
	Next   string `form:"next" validate:"max=2000"`
}

type signInPage struct {
	page
	Form     signInForm
	Faults   faults
	Fault    string // of the whole form
	Ended    string // why the session that the browser had is over
	Accounts []DemoAccount
	// Federated is set where the office has an identity provider.
	Federated bool
}

func (s *server) showSignIn(c *fiber.Ctx) error {
	next := localPath(c.Query("next"))
	if entry := signedIn(c); entry.Whole() && entry.Session.Kind != access.Hall {
		return s.goOn(c, next)
	}
	return s.renderSignIn(c, fiber.StatusOK, signInPage{Form: signInForm{Next: next}, Ended: s.whyEnded(c)})
}

// whyEnded words why the session is over that this browser still brings; empty where it brings none.
func (s *server) whyEnded(c *fiber.Ctx) string {
	_, err := s.who(c)
	var p *courses.Problem
	if errors.As(err, &p) && p.Kind == courses.Unsigned && p.Key != "signin.first" {
		return s.wording(c, p)
	}
	return ""
}

func (s *server) renderSignIn(c *fiber.Ctx, status int, p signInPage) error {
	s.ensureFormToken(c)
	p.Form.Secret = ""
	p.page, p.Accounts, p.Federated = s.page(c, "signin.title"), s.Accounts, s.federation.Issuer != ""
	return s.render(c, status, "signin.html", p)
}

// signIn opens a session. What is wrong is said without telling a wrong number from a wrong PIN.
func (s *server) signIn(c *fiber.Ctx) error {
	var f signInForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	f.Next = localPath(f.Next)
	if wrong != nil {
		return s.renderSignIn(c, fiber.StatusUnprocessableEntity, signInPage{Form: f, Faults: wrong})
	}
	entry, err := s.Door.SignIn(c.UserContext(), access.Try{Name: f.Name, Secret: f.Secret,
		Address: s.clientAddress(c), Browser: s.knownBrowser(c), Label: deviceName(c)})
	switch kind := courses.KindOf(err); {
	case kind == courses.Unsigned || kind == courses.Limited:
		slog.Warn("sign-in refused", "request", requestID(c), "why", kind.Error())
		return s.renderSignIn(c, statuses[kind], signInPage{Form: f, Fault: s.reason(c, err)})
	case err != nil:
		return err
	}
	if err := s.leaveOld(c); err != nil {
		return err
	}
	s.logSignIn(c, entry, "secret")
	return s.enter(c, entry, f.Next)
}

// leaveOld ends the session that the browser brought: it is replaced, not kept beside the new one.
func (s *server) leaveOld(c *fiber.Ctx) error {
	old := signedIn(c)
	if old.Token == "" {
		return nil
	}
	s.sessions.forget(old.Person.ID)
	return s.Door.SignOut(c.UserContext(), old)
}

// logSignIn tells the log who came in and by what.
func (s *server) logSignIn(c *fiber.Ctx, entry access.Entry, by string) {
	slog.Info("signed in", "request", requestID(c), "person", entry.Person.ID, "by", by,
		"session", string(entry.Session.Kind))
}

// halfway is where those go on who have something left to prove or to choose, by the kind of their session.
var halfway = map[store.SessionKind]string{
	access.First: "/pin", access.Second: "/second", access.Enrol: "/second/new",
}

// enter gives the browser its session and leads to what the person had asked for, by way of what is left to
// prove.
func (s *server) enter(c *fiber.Ctx, entry access.Entry, next string) error {
	s.setCookie(c, entry.Token, entry.Session.Expires)
	if way, ok := halfway[entry.Session.Kind]; ok {
		return s.goTo(c, way+nextQuery(next))
	}
	return s.goOn(c, next)
}

// signOut ends the session of this browser. Whoever is out already stays out. At a workshop somebody else
// takes the device next.
func (s *server) signOut(c *fiber.Ctx) error {
	to := "/"
	if signedIn(c).Session.Kind == access.Hall {
		to = "/hall"
	}
	if err := s.leaveOld(c); err != nil {
		return err
	}
	s.clearCookie(c)
	c.Set("Clear-Site-Data", `"cache"`) // what somebody else at this browser could still look at
	return s.goTo(c, to)
}

// goOn sends the browser to the page that it had asked for, or home.
func (s *server) goOn(c *fiber.Ctx, next string) error {
	if next == "" {
		return s.goTo(c, "/")
	}
	return c.Redirect(next, fiber.StatusSeeOther)
}

func nextQuery(next string) string {
	if next == "" {
		return ""
	}
	return "?next=" + queryEscape(next)
}

// localPath returns the address where it is a page of ours, and otherwise nothing: nobody is sent to
// another site by a link to the sign-in page.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	for _, lang := range courses.Langs {
		if u.Path == "/"+string(lang) || strings.HasPrefix(u.Path, "/"+string(lang)+"/") {
			return next
		}
	}
	return ""
}
