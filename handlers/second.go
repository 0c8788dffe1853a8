package handlers

import (
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/pquerna/otp"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/store"
)

type secondForm struct {
	Code    string `form:"code" validate:"required,max=40"`
	Current string `form:"current" validate:"max=200"`
	Next    string `form:"next" validate:"max=2000"`
}

type secondPage struct {
	page
	Next   string
	Faults faults
}

// showSecond asks somebody who has proved the password for a code of the second factor.
func (s *server) showSecond(c *fiber.Ctx) error {
	if err := s.needKind(c, access.Second); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "second.html",
		secondPage{page: s.page(c, "second.title"), Next: localPath(c.Query("next"))})
}

// needKind refuses who has a session of none of the kinds.
func (s *server) needKind(c *fiber.Ctx, kinds ...store.SessionKind) error {
	entry := signedIn(c)
	for _, kind := range kinds {
		if entry.Session.Kind == kind {
			return nil
		}
	}
	return courses.Problemf(courses.Unsigned, "signin.first")
}

// passSecond opens a whole session by a code of the app, or by one of those that stand in for it.
func (s *server) passSecond(c *fiber.Ctx) error {
	if err := s.needKind(c, access.Second); err != nil {
		return err
	}
	var f secondForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	f.Next = localPath(f.Next)
	entry, status := signedIn(c), fiber.StatusUnprocessableEntity
	if wrong == nil {
		next, err := s.Door.PassSecond(c.UserContext(), entry, f.Code)
		switch kind := courses.KindOf(err); {
		case err == nil:
			s.sessions.forget(entry.Person.ID)
			s.logSignIn(c, next, "second")
			return s.enter(c, next, f.Next)
		case kind == courses.Unsigned || kind == courses.Limited:
			wrong, status = faults{"code": s.reason(c, err)}, statuses[kind]
		default:
			return err
		}
	}
	return s.render(c, status, "second.html", secondPage{s.page(c, "second.title"), f.Next, wrong})
}

type enrolPage struct {
	page
	Must   bool // nothing else can be done before
	Image  template.URL
	Secret string // in groups, to be typed
	Link   template.URL
	Next   string
	Faults faults
}

// showEnrol offers a second factor, as a QR code for an authenticator app.
func (s *server) showEnrol(c *fiber.Ctx) error {
	return s.renderEnrol(c, fiber.StatusOK, localPath(c.Query("next")), nil)
}

func (s *server) renderEnrol(c *fiber.Ctx, status int, next string, wrong faults) error {
	entry := signedIn(c)
	if err := s.needKind(c, access.Enrol, store.Browser); err != nil {
		return err
	}
	key, err := s.Door.OfferSecond(c.UserContext(), entry.Person)
	if err != nil {
		return err
	}
	image, err := drawKey(key)
	if err != nil {
		return err
	}
	return s.render(c, status, "second_new.html", enrolPage{page: s.page(c, "second.new"), Image: image,
		Must: entry.Session.Kind == access.Enrol, Secret: inGroups(key.Secret()), Next: next, Faults: wrong,
		Link: template.URL(key.URL())}) //nolint:gosec // made by us of a number and a secret
}

// qrSize is the side of the QR code in pixels.
const qrSize = 240

// drawKey draws the QR code of a second factor as an image that stands in the page: it is kept nowhere.
func drawKey(key *otp.Key) (template.URL, error) {
	image, err := key.Image(qrSize, qrSize)
	if err != nil {
		return "", err
	}
	return inPage(image)
}

func inGroups(secret string) string {
	var groups []string
	for ; len(secret) > 4; secret = secret[4:] {
		groups = append(groups, secret[:4])
	}
	return strings.Join(append(groups, secret), " ")
}

type recoveryPage struct {
	page
	Codes []string
	Next  string
}

// enrol takes the second factor up and shows, once, the codes that stand in for it. Who is wholly signed in
// must know the password, so that a computer left open is not enough.
func (s *server) enrol(c *fiber.Ctx) error {
	if err := s.needKind(c, access.Enrol, store.Browser); err != nil {
		return err
	}
	var f secondForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	entry := signedIn(c)
	f.Next = localPath(f.Next)
	if wrong == nil && entry.Session.Kind == store.Browser {
		if wrong, err = s.confirm(c, f.Current); err != nil {
			return err
		}
	}
	if wrong != nil {
		return s.renderEnrol(c, fiber.StatusUnprocessableEntity, f.Next, wrong)
	}
	next, codes, err := s.Door.ConfirmSecond(c.UserContext(), entry, f.Code)
	if kind := courses.KindOf(err); kind == courses.Unsigned || kind == courses.Limited {
		return s.renderEnrol(c, statuses[kind], f.Next, faults{"code": s.reason(c, err)})
	}
	if err != nil {
		return err
	}
	if err := s.note(c, "second.enrol", entry.Person.ID, ""); err != nil {
		return err
	}
	s.sessions.forget(entry.Person.ID)
	s.setCookie(c, next.Token, next.Session.Expires)
	s.become(c, next)
	p := recoveryPage{page: s.page(c, "second.recovery"), Codes: codes, Next: f.Next}
	return s.render(c, fiber.StatusOK, "recovery.html", p)
}

// confirm says what is wrong with the PIN or password of who is signed in, by field. A right one gives the
// browser another session in place of the one it had.
func (s *server) confirm(c *fiber.Ctx, secret string) (faults, error) {
	next, err := s.Door.Confirm(c.UserContext(), signedIn(c), secret)
	switch kind := courses.KindOf(err); {
	case kind == courses.Unsigned || kind == courses.Limited:
		return faults{"current": s.reason(c, err)}, nil
	case err != nil:
		return nil, err
	}
	s.sessions.forget(next.Person.ID)
	s.setCookie(c, next.Token, next.Session.Expires)
	s.become(c, next)
	return nil, nil //nolint:nilnil // no faults is what a good form has
}

// forgetSecond takes the second factor of somebody away who lost it; they take up another at the next
// sign-in. One's own goes by taking up another.
func (s *server) forgetSecond(c *fiber.Ctx) error {
	var f pressedForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	person, err := s.another(c, f.ID, "second.own")
	if err != nil {
		return err
	}
	if err := s.Door.ForgetSecond(c.UserContext(), person.ID); err != nil {
		return err
	}
	return s.afterChange(c, "second.remove", person.ID, "")
}
