package people

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"melek/courses"
)

const (
	mostID   = 64  // characters of a number
	mostText = 120 // of a name and of a position
	oldest   = 1900
)

var (
	idForm    = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._/-]*$`)
	phoneForm = regexp.MustCompile(`^[0-9]{8,15}$`)
	yearForm  = regexp.MustCompile(`^[0-9]{4}$`)
)

// Check says what is wrong with the particulars, as a courses.Problem of kind Invalid that names the field.
func (p *Person) Check(g *Region, now time.Time) error {
	year := ""
	if p.BirthYear != 0 {
		year = strconv.Itoa(p.BirthYear)
	}
	for _, field := range [][2]string{{"id", p.ID}, {"name", p.Name}, {"role", string(p.Role)},
		{"phone", p.Phone}, {"language", string(p.Language)}, {"gender", p.Gender}, {"birth_year", year}} {
		if err := CheckField(field[0], field[1], g, now); err != nil {
			return err
		}
	}
	for _, posting := range p.Postings {
		if err := posting.check(g, now); err != nil {
			return err
		}
	}
	return nil
}

func (p Posting) check(g *Region, now time.Time) error {
	for _, field := range [][2]string{{"area", p.Area}, {"position", p.Position}, {"valid_from", p.From},
		{"valid_to", p.To}} {
		if err := CheckField(field[0], field[1], g, now); err != nil {
			return err
		}
	}
	if p.To != "" && p.To < p.From {
		return wrong("valid_to")
	}
	return nil
}

// CheckField says what is wrong with one field of a person, named as forms and files name it, as a
// courses.Problem of kind Invalid; a phone number is given as NormalPhone leaves it. What looks like a NIK is
// refused wherever something can be typed.
func CheckField(name, value string, g *Region, now time.Time) error {
	if HoldsNIK(value) && (name == "id" || name == "name" || name == "position") {
		return wrong(name + "_nik")
	}
	if name == "area" {
		if _, ok := g.Area(value); !ok {
			return courses.Problemf(courses.Invalid, "person.area", value)
		}
	}
	if !fits(name, value, now) {
		return wrong(name)
	}
	return nil
}

func wrong(name string) error { return courses.Problemf(courses.Invalid, "person."+name) }

// fits reports whether the field can hold the value; those that need not be known can be empty.
func fits(name, value string, now time.Time) bool {
	switch name {
	case "id":
		return idForm.MatchString(value) && utf8.RuneCountInString(value) <= mostID
	case "name":
		return value != "" && isText(value, mostText)
	case "role":
		return slices.Contains(Roles, Role(value))
	}
	if value == "" {
		return true
	}
	switch name {
	case "position":
		return isText(value, mostText)
	case "phone":
		return phoneForm.MatchString(value)
	case "language":
		return slices.Contains(courses.Langs, courses.Lang(value))
	case "gender":
		return value == "L" || value == "P"
	case "birth_year":
		year, err := strconv.Atoi(value)
		return err == nil && yearForm.MatchString(value) && year >= oldest && year <= now.Year()
	case "valid_from", "valid_to":
		_, err := time.Parse(time.DateOnly, value)
		return err == nil
	}
	return true
}

// isText reports whether the text is that of one line, of so many characters at most.
func isText(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		!strings.ContainsFunc(s, unicode.IsControl)
}
