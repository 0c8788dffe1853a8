package people_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"melek/courses/people"
)

func TestHoldsNIK(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       bool
	}{
		{"sixteen digits alone", "3307010101800001", true},
		{"in the middle of a name", "Sri 3307010101800001 Wahyuni", true},
		{"in groups of four", "3307 0101 0180 0001", true},
		{"in the groups of its parts", "33.07.01.010180.0001", true},
		{"with dashes", "3307-0101-0180-0001", true},
		{"after the word", "NIK:3307010101800001", true},
		{"a NIP of eighteen digits", "NIP 198001012005011001", false},
		{"a NIP in groups", "19800101 200501 1 001", false},
		{"fifteen digits", "330701010180000", false},
		{"seventeen digits", "33070101018000012", false},
		{"a phone number", "0812 3456 7890", false},
		{"two numbers with words between", "081234567890 atau 1234", false},
		{"a date and a time", "23-11-2026 08.30", false},
		{"an area", "33.07.01.2001", false},
		{"words", "Kaur Keuangan", false},
		{"nothing", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := people.HoldsNIK(tt.text); got != tt.want {
				t.Errorf("HoldsNIK(%q) = %v, want %v", tt.text, got, tt.want)
			}
		})
	}
}

func TestANIKIsFoundHoweverItIsGrouped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[0-9]{16}`).Draw(t, "digits")
		var written strings.Builder
		for i, r := range digits {
			if i > 0 {
				written.WriteString(rapid.SampledFrom([]string{"", " ", ".", "-"}).Draw(t, "between"))
			}
			written.WriteRune(r)
		}
		word := rapid.StringMatching(`[A-Za-z ]{0,8}[A-Za-z:]`)
		text := word.Draw(t, "before") + written.String() + word.Draw(t, "after")
		if !people.HoldsNIK(text) {
			t.Fatalf("%q passes", text)
		}
	})
}

func TestNoFieldTakesANIK(t *testing.T) {
	const nik = "3307010101800001"
	for want, change := range map[string]func(*people.Person){
		"person.id_nik":       func(p *people.Person) { p.ID = nik },
		"person.name_nik":     func(p *people.Person) { p.Name = "Sri " + nik },
		"person.position_nik": func(p *people.Person) { p.Postings[0].Position = "Sekdes " + nik },
		"person.phone":        func(p *people.Person) { p.Phone = nik },
	} {
		p := moved()
		change(&p)
		err := p.Check(people.Wonosobo(), time.Date(2026, 11, 23, 0, 0, 0, 0, jakarta))
		if err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("Check = %v, want %s", err, want)
		}
	}
}
