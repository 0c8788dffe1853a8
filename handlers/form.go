package handlers

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/privacy"
)

// secretFields are the names of fields that are never shown again.
var secretFields = []string{"secret", "current", "pin", "again", "code"}

// rule judges a field for the middle; what it finds is told beside the field.
type rule func(value, param string) error

// formRules are the tags of forms beyond the validator's own. The rules themselves are the middle's.
func (s *server) formRules() map[string]rule {
	return map[string]rule{
		"person": func(value, field string) error {
			if field == "phone" {
				value = people.NormalPhone(value)
			}
			return people.CheckField(field, value, s.Region, s.Now())
		},
		"request": func(value, _ string) error { return privacy.CheckText(value) },
		"asked":   func(value, _ string) error { return privacy.CheckKind(value) },
		"course": func(value, _ string) error {
			_, err := s.Catalog.Course(value)
			return err
		},
	}
}

// newChecker checks the fields of forms by their tags; a field is named as the form names it.
func newChecker(rules map[string]rule) (*validator.Validate, error) {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("form") })
	for tag, judge := range rules {
		err := v.RegisterValidation(tag, func(f validator.FieldLevel) bool {
			return judge(f.Field().String(), f.Param()) == nil
		})
		if err != nil {
			return nil, err
		}
	}
	return v, nil
}

// readForm fills the struct from the form in the request's body, and says what is wrong by field. Spaces
// around what was typed are nothing, but in secrets.
func (s *server) readForm(c *fiber.Ctx, form any) (faults, error) {
	kind := string(c.Request().Header.ContentType())
	if !strings.HasPrefix(kind, fiber.MIMEApplicationForm) || c.BodyParser(form) != nil {
		return nil, courses.Problemf(courses.Invalid, "page.malformed")
	}
	trim(reflect.ValueOf(form).Elem())
	var wrong validator.ValidationErrors
	if err := s.checker.Struct(form); err != nil && !errors.As(err, &wrong) {
		return nil, err
	}
	if len(wrong) == 0 {
		return nil, nil //nolint:nilnil // no faults is what a good form has
	}
	found := faults{}
	for _, w := range wrong {
		found[w.Field()] = s.fault(c, w)
	}
	return found, nil
}

// readPressed fills the struct from a form in which nothing is typed, only pressed: no page of ours sends one
// with a fault.
func (s *server) readPressed(c *fiber.Ctx, form any) error {
	if wrong, err := s.readForm(c, form); err != nil || wrong != nil {
		return malformed(err)
	}
	return nil
}

// pressedForm is a button that acts on one thing.
type pressedForm struct {
	ID string `form:"id" validate:"required,max=64"`
}

// trim takes the spaces around the texts of a form away.
func trim(form reflect.Value) {
	for i := range form.NumField() {
		field, name := form.Field(i), form.Type().Field(i).Tag.Get("form")
		switch {
		case field.Kind() == reflect.Struct:
			trim(field)
		case field.Kind() == reflect.String && !slices.Contains(secretFields, name):
			field.SetString(strings.TrimSpace(field.String()))
		}
	}
}

// fault words what is wrong with a field.
func (s *server) fault(c *fiber.Ctx, w validator.FieldError) string {
	if judge, ok := s.rules[w.Tag()]; ok {
		if value, ok := w.Value().(string); ok {
			return s.reason(c, judge(value, w.Param()))
		}
	}
	return s.words(c).T(faultKey(w.Tag()))
}

func faultKey(tag string) string {
	switch tag {
	case "required":
		return "problem.field.required"
	case "max":
		return "problem.field.long"
	case "datetime":
		return "problem.field.day"
	}
	return "problem.field.wrong"
}
