package access_test

import (
	"errors"
	"strings"
	"testing"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
)

func TestAPasswordCountsAsItIsTyped(t *testing.T) {
	const spaced = " teh hangat di kejajar "
	k := newKit(t)
	k.person(t, endang)
	k.person(t, siti)
	for _, tt := range []struct {
		name, who, chosen, typed string
		key                      string // of the problem, empty where it opens
	}{
		{"as it was chosen", endang.ID, spaced, spaced, ""},
		{"with a space less", endang.ID, spaced, spaced[1:], "signin.wrong_spaces"},
		{"without spaces", endang.ID, spaced, strings.TrimSpace(spaced), "signin.wrong"},
		{"with spaces that were not chosen", endang.ID, password, password + " ", "signin.wrong_spaces"},
		{"a PIN with spaces that a phone put there", siti.ID, " 270591", "270591 ", ""},
	} {
		person := map[string]people.Person{endang.ID: endang, siti.ID: siti}[tt.who]
		e, err := k.ChoosePIN(t.Context(), person, tt.chosen, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.SignIn(t.Context(), access.Try{Name: tt.who, Secret: tt.typed})
		var p *courses.Problem
		if tt.key == "" && err != nil || tt.key != "" && (!errors.As(err, &p) || p.Key != tt.key) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.key)
		}
		_, confirmed := k.Confirm(t.Context(), e, tt.typed)
		if (confirmed == nil) != (tt.key == "") {
			t.Errorf("%s: confirming gives %v, want it as for signing in", tt.name, confirmed)
		}
	}
}
