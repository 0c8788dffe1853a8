package handlers

import "github.com/gofiber/fiber/v2"

// confirmation is the field that asks for the PIN or password before an act that a device left open must not
// do.
type confirmation struct {
	Wanted bool
	NoPIN  bool // signs in by the office's identity provider only
	Fault  string
}

// confirmation is what the page asks for of who is signed in; a fault is of the secret that was given.
func (s *server) confirmation(c *fiber.Ctx, fault string) (confirmation, error) {
	entry := signedIn(c)
	if s.Door.Proved(entry) {
		return confirmation{}, nil
	}
	credential, err := s.Store.Credential(c.UserContext(), entry.Person.ID)
	return confirmation{Wanted: true, NoPIN: credential.PIN == "", Fault: fault}, err
}

// prove says what is wrong with the PIN or password that was given, by field, where one is asked for.
func (s *server) prove(c *fiber.Ctx, secret string) (faults, error) {
	switch {
	case s.Door.Proved(signedIn(c)):
		return nil, nil //nolint:nilnil // no faults is what a good form has
	case secret == "":
		return faults{"current": s.words(c).T("problem.field.required")}, nil
	}
	return s.confirm(c, secret)
}
