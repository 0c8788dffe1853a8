package access

import (
	"strings"
	"unicode/utf8"

	"melek/courses"
	"melek/courses/people"
)

// Lengths of secrets.
const (
	PINLength      = 6  // digits, of participants and facilitators
	PasswordLength = 12 // characters, of those who see other people's data
	longestSecret  = 200
)

// CheckPIN says what is wrong with a PIN or password for the role, as a courses.Problem of kind Invalid. A
// password is good for every role; a PIN for those only who work with no other people's data.
func CheckPIN(role people.Role, pin string) error {
	bad := func(key string, args ...any) error { return courses.Problemf(courses.Invalid, key, args...) }
	if len(pin) > longestSecret {
		return bad("pin.long")
	}
	digits := !strings.ContainsFunc(pin, func(r rune) bool { return r < '0' || r > '9' })
	if long := utf8.RuneCountInString(pin) >= PasswordLength; long && !digits {
		return nil
	}
	if IsOffice(role) {
		return bad("pin.password_short", PasswordLength)
	}
	if len(pin) < PINLength || !digits {
		return bad("pin.short", PINLength)
	}
	if easy(pin) {
		return bad("pin.easy")
	}
	return nil
}

// easy reports whether every step from digit to digit is the same, as in 111111, 123456 and 987654.
func easy(pin string) bool {
	step := int(pin[1]) - int(pin[0])
	if step < -1 || step > 1 {
		return false
	}
	for i := 2; i < len(pin); i++ {
		if int(pin[i])-int(pin[i-1]) != step {
			return false
		}
	}
	return true
}
