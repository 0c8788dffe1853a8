// Package people holds who takes part: people with their dated postings, the region's areas, roles
// and what each role may do. It knows nothing of learning, storage or HTTP.
package people

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"melek/courses"
)

// Role is what a person is in the program.
type Role string

// The roles.
const (
	Participant     Role = "participant"
	Facilitator     Role = "facilitator"
	DistrictOfficer Role = "district_officer"
	Admin           Role = "admin"
	Author          Role = "author"
)

// Roles lists the roles in the order in which they are offered.
var Roles = []Role{Participant, Facilitator, DistrictOfficer, Admin, Author}

// Person is one person of the register. There is no NIK: it is not needed (UU 27/2022 Pasal 16).
type Person struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Role      Role         `json:"role"`
	Phone     string       `json:"phone,omitempty"` // digits as NormalPhone leaves them
	Language  courses.Lang `json:"language,omitempty"`
	Gender    string       `json:"gender,omitempty"`     // L or P
	BirthYear int          `json:"birth_year,omitempty"` // 0 unknown
	// Postings are where the person serves, in order of their first day, none with the same first day.
	Postings []Posting `json:"postings"`
	// Retired is set on a person who has left; the person's records stay.
	Retired bool `json:"retired,omitempty"`
}

// Posting is one place of service. From and To are days as YYYY-MM-DD in the reports' time zone;
// From is empty for «always», To is empty for «until now» and otherwise the last day.
type Posting struct {
	Area     string `json:"area"`
	Position string `json:"position,omitempty"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
}

// Posting returns the place of service on the day of t in zone; before the first posting the first, after the
// last the last. The zero Posting stands for a person without any.
func (p *Person) Posting(t time.Time, zone *time.Location) Posting {
	if len(p.Postings) == 0 {
		return Posting{}
	}
	day, found := t.In(zone).Format(time.DateOnly), p.Postings[0]
	for _, posting := range p.Postings {
		if posting.From <= day {
			found = posting
		}
	}
	return found
}

// Post puts a posting in its place; one with the same first day is replaced.
func (p *Person) Post(posting Posting) {
	sameDay := func(q Posting) bool { return q.From == posting.From }
	p.Postings = slices.DeleteFunc(slices.Clone(p.Postings), sameDay)
	p.Postings = append(p.Postings, posting)
	slices.SortFunc(p.Postings, func(a, b Posting) int { return cmp.Compare(a.From, b.From) })
}

// Leave marks the person as one who has left on the day, which ends the last posting unless it ended before.
func (p *Person) Leave(day string) {
	p.Retired = true
	if n := len(p.Postings); n > 0 && p.Postings[n-1].To == "" && p.Postings[n-1].From <= day {
		last := p.Postings[n-1]
		last.To = day
		p.Post(last)
	}
}

// Return takes the mark of Leave away and opens the last posting again.
func (p *Person) Return() {
	p.Retired = false
	if n := len(p.Postings); n > 0 {
		last := p.Postings[n-1]
		last.To = ""
		p.Post(last)
	}
}

// Merge takes another row of the same person in: its particulars replace those known, where it
// names any, and its posting is added.
func (p Person) Merge(row Person) Person {
	merged := row
	merged.Phone = cmp.Or(row.Phone, p.Phone)
	merged.Language = cmp.Or(row.Language, p.Language)
	merged.Gender = cmp.Or(row.Gender, p.Gender)
	merged.BirthYear = cmp.Or(row.BirthYear, p.BirthYear)
	merged.Postings = p.Postings
	for _, posting := range row.Postings {
		merged.Post(posting)
	}
	return merged
}

// NormalPhone reduces an Indonesian phone number to the digits it is found by: 0812…, whether it was written
// +62 812…, 62812…, with spaces and dashes, or 812… as a spreadsheet leaves it.
func NormalPhone(s string) string {
	s = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "").Replace(s)
	s = strings.TrimPrefix(s, "+")
	if rest, ok := strings.CutPrefix(s, "62"); ok {
		return "0" + rest
	}
	if strings.HasPrefix(s, "8") {
		return "0" + s
	}
	return s
}
