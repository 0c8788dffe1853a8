package handlers

import (
	"github.com/gofiber/fiber/v2"

	"melek/courses/access"
	"melek/courses/store"
)

type pinForm struct {
	Current string `form:"current" validate:"max=200"`
	PIN     string `form:"pin" validate:"required,max=200"`
	Again   string `form:"again" validate:"required,max=200"`
	Next    string `form:"next" validate:"max=2000"`
}

type pinPage struct {
	page
	First  bool // chosen after a one-time code, so there is nothing to change yet
	Office bool // a password instead of a PIN
	Least  int  // length
	Next   string
	Faults faults
}

func (s *server) showPIN(c *fiber.Ctx) error {
	if err := s.needKind(c, access.First, store.Browser); err != nil {
		return err
	}
	return s.renderPIN(c, fiber.StatusOK, localPath(c.Query("next")), nil)
}

func (s *server) renderPIN(c *fiber.Ctx, status int, next string, wrong faults) error {
	entry := signedIn(c)
	p := pinPage{First: entry.Session.Kind == access.First, Office: access.IsOffice(entry.Duty.Role),
		Least: access.PINLength, Next: next, Faults: wrong}
	title := "pin.title"
	if p.Office {
		title, p.Least = "pin.title_password", access.PasswordLength
	}
	p.page = s.page(c, title)
	return s.render(c, status, "pin.html", p)
}

// choosePIN keeps a new PIN or password. Whoever has one must know it to change it, so that a phone left
// unlocked is not enough.
func (s *server) choosePIN(c *fiber.Ctx) error {
	entry := signedIn(c)
	if err := s.needKind(c, access.First, store.Browser); err != nil {
		return err
	}
	var f pinForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	f.Next = localPath(f.Next)
	if wrong == nil {
		if wrong, err = s.judgePIN(c, entry, f); err != nil {
			return err
		}
	}
	if wrong != nil {
		return s.renderPIN(c, fiber.StatusUnprocessableEntity, f.Next, wrong)
	}
	next, err := s.Door.ChoosePIN(c.UserContext(), entry.Person, f.PIN, deviceName(c))
	if err != nil {
		return err
	}
	s.sessions.forget(entry.Person.ID)
	if entry.Session.Kind != access.First && f.Next == "" {
		f.Next = s.path(c, "/me?note=pin")
	}
	return s.enter(c, next, f.Next)
}

// judgePIN says what is wrong with the form, by field.
func (s *server) judgePIN(c *fiber.Ctx, entry access.Entry, f pinForm) (faults, error) {
	who := entry.Person
	if err := access.CheckPIN(entry.Duty.Role, f.PIN, who.ID, who.Name, who.Phone); err != nil {
		return faults{"pin": s.reason(c, err)}, nil
	}
	if f.PIN != f.Again {
		return faults{"again": s.words(c).T("problem.pin.different")}, nil
	}
	if entry.Session.Kind == access.First {
		return nil, nil //nolint:nilnil // no faults is what a good form has
	}
	return s.confirm(c, f.Current)
}
