package handlers

import (
	"errors"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

	"melek/courses"
)

// secretFields are the names of fields that are never shown again.
var secretFields = []string{"secret", "current", "pin", "again", "code"}

// checker checks the fields of forms by their tags; a field is named as the form names it.
var checker = newChecker()

func newChecker() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	return v
}

// readForm fills the struct from the form in the request's body, and says what is wrong by field.
func (s *server) readForm(c *fiber.Ctx, form any) (faults, error) {
	kind := string(c.Request().Header.ContentType())
	if !strings.HasPrefix(kind, fiber.MIMEApplicationForm) || c.BodyParser(form) != nil {
		return nil, courses.Problemf(courses.Invalid, "page.malformed")
	}
	var wrong validator.ValidationErrors
	if err := checker.Struct(form); err != nil && !errors.As(err, &wrong) {
		return nil, err
	}
	if len(wrong) == 0 {
		return nil, nil //nolint:nilnil // no faults is what a good form has
	}
	found := faults{}
	for _, w := range wrong {
		found[w.Field()] = s.words(c).T(faultKey(w.Tag()))
	}
	return found, nil
}

func faultKey(tag string) string {
	switch tag {
	case "required":
		return "problem.field.required"
	case "max":
		return "problem.field.long"
	}
	return "problem.field.wrong"
}
