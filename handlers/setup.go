package handlers

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

// setupKey is the setting that holds the SHA-256, in hexadecimal, of the key that creates the first
// administrator; it is empty once the key was used.
const setupKey = "setup.key"

type setupForm struct {
	Key   string `form:"key" validate:"max=100"`
	Name  string `form:"name" validate:"required,max=120"`
	ID    string `form:"id" validate:"required,max=64"`
	PIN   string `form:"pin" validate:"required,max=200"`
	Again string `form:"again" validate:"required,max=200"`
}

type setupPage struct {
	page
	Form   setupForm
	Least  int
	Faults faults
}

func (s *server) showSetup(c *fiber.Ctx) error {
	f := setupForm{Key: c.Query("key")}
	if err := s.checkSetupKey(c, f.Key); err != nil {
		return err
	}
	return s.renderSetup(c, fiber.StatusOK, f, nil)
}

func (s *server) renderSetup(c *fiber.Ctx, status int, f setupForm, wrong faults) error {
	s.ensureFormToken(c)
	f.PIN, f.Again = "", ""
	p := s.page(c, "setup.title")
	p.Path = "/setup?key=" + queryEscape(f.Key)
	view := setupPage{page: p, Form: f, Least: access.PasswordLength, Faults: wrong}
	return s.render(c, status, "setup.html", view)
}

func (s *server) checkSetupKey(c *fiber.Ctx, key string) error {
	kept, err := s.Store.Setting(c.UserContext(), setupKey)
	if err != nil && courses.KindOf(err) != courses.NotFound {
		return err
	}
	sum := sha256.Sum256([]byte(key))
	if kept == "" || subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(kept)) != 1 {
		return courses.Problemf(courses.Closed, "setup.used")
	}
	return nil
}

// createAdmin creates the first administrator with the key that the program printed, and signs in.
func (s *server) createAdmin(c *fiber.Ctx) error {
	var f setupForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	if err := s.checkSetupKey(c, f.Key); err != nil {
		return err
	}
	f.Name, f.ID = strings.TrimSpace(f.Name), strings.TrimSpace(f.ID)
	admin := people.Person{ID: f.ID, Name: f.Name, Role: people.Admin, Language: s.lang(c),
		Postings: []people.Posting{{Area: s.Region.Root().Code}}}
	if wrong == nil {
		if wrong, err = s.judgeAdmin(c, admin, f); err != nil {
			return err
		}
	}
	if wrong != nil {
		return s.renderSetup(c, fiber.StatusUnprocessableEntity, f, wrong)
	}
	entry, err := s.keepAdmin(c, admin, f.PIN)
	if err != nil {
		return err
	}
	return s.enter(c, entry, "")
}

// judgeAdmin says what is wrong with the form, by field.
func (s *server) judgeAdmin(c *fiber.Ctx, admin people.Person, f setupForm) (faults, error) {
	if err := admin.Check(s.Region, s.Now()); err != nil {
		return s.faultsOf(c, err)
	}
	if err := access.CheckPIN(people.Admin, f.PIN, admin.ID, admin.Name); err != nil {
		return faults{"pin": s.reason(c, err)}, nil
	}
	if f.PIN != f.Again {
		return faults{"again": s.words(c).T("problem.pin.different")}, nil
	}
	_, err := s.Store.Person(c.UserContext(), admin.ID)
	if err == nil {
		return faults{"id": s.words(c).T("problem.setup.taken")}, nil
	}
	if courses.KindOf(err) == courses.NotFound {
		return nil, nil //nolint:nilnil // no faults is what a good form has
	}
	return nil, err
}

// keepAdmin uses the key up only when the administrator can sign in.
func (s *server) keepAdmin(c *fiber.Ctx, admin people.Person, password string) (access.Entry, error) {
	if err := s.Ledger.Register(c.UserContext(), []people.Person{admin}); err != nil {
		return access.Entry{}, err
	}
	entry, err := s.Door.ChoosePIN(c.UserContext(), admin, password, deviceName(c))
	if err != nil {
		return access.Entry{}, err
	}
	if err := s.Store.AddLine(c.UserContext(), store.AuditLine{At: s.Now().UTC(), By: admin.ID,
		Action: "admin.create", On: admin.ID}); err != nil {
		return access.Entry{}, err
	}
	return entry, s.Store.PutSetting(c.UserContext(), setupKey, "")
}
