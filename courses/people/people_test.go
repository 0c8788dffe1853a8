package people_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"melek/courses/people"
)

var jakarta = time.FixedZone("WIB", 7*60*60)

func TestShippedRegion(t *testing.T) {
	g := people.Wonosobo()
	count := func(types ...people.AreaType) int { return len(g.OfType(types...)) }
	if d, v, w := count(people.District), count(people.Village), count(people.Ward); d != 15 || v != 236 || w != 29 {
		t.Errorf("%d kecamatan, %d desa, %d kelurahan; want 15, 236, 29", d, v, w)
	}
	if got := g.Root().Code; got != "33.07" {
		t.Errorf("root = %s, want 33.07", got)
	}
	if !g.Within("33.07.01.2001", "33.07.01") || g.Within("33.07.01.2001", "33.07.02") || g.Within("", "33.07") {
		t.Error("Within does not follow the parents")
	}
	if a, ok := g.Ancestor("33.07.01.2001", people.District); !ok || a.Name != "Wadaslintang" {
		t.Errorf("kecamatan of Kaligowong = %v, %v; want Wadaslintang", a, ok)
	}
}

func TestRegionNamesTheLineOfAMistake(t *testing.T) {
	const head = "code,name,type,parent\n33,K,kabupaten,\n"
	tests := []struct{ name, csv, want string }{
		{"another header", "kode,nama\n", "line 1"},
		{"an unknown type", head + "33.1,X,dusun,33\n", "line 3"},
		{"a code twice", head + "33.1,X,desa,33\n33.1,Y,desa,33\n", "line 4"},
		{"no name", head + "33.1,,desa,33\n", "line 3"},
		{"an unknown parent", head + "33.1,X,desa,34\n", `parent "34"`},
		{"no kabupaten", "code,name,type,parent\n", "0 kabupaten"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := people.ReadRegion(strings.NewReader(tt.csv))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one with %q", err, tt.want)
			}
		})
	}
}

func moved() people.Person {
	p := people.Person{ID: "P1", Name: "Sri", Role: people.Participant}
	p.Post(people.Posting{Area: "33.07.02.2001", From: "2026-07-01"})
	p.Post(people.Posting{Area: "33.07.01.2001"})
	return p
}

func TestPostingOfADay(t *testing.T) {
	tests := []struct {
		name string
		at   time.Time
		want string
	}{
		{"before the move", time.Date(2026, 6, 30, 23, 59, 0, 0, jakarta), "33.07.01.2001"},
		{"the day begins at midnight of the zone", time.Date(2026, 6, 30, 17, 0, 0, 0, time.UTC), "33.07.02.2001"},
		{"long before", time.Date(1999, 1, 1, 0, 0, 0, 0, jakarta), "33.07.01.2001"},
		{"long after", time.Date(2099, 1, 1, 0, 0, 0, 0, jakarta), "33.07.02.2001"},
	}
	p := moved()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := p.Posting(tt.at, jakarta).Area; got != tt.want {
				t.Errorf("area = %s, want %s", got, tt.want)
			}
		})
	}
	if got := (&people.Person{}).Posting(time.Now(), jakarta); got != (people.Posting{}) {
		t.Errorf("posting of nobody = %v, want none", got)
	}
}

func TestMerge(t *testing.T) {
	row := people.Person{ID: "P1", Name: "Sri Wahyuni", Role: people.Participant,
		Postings: []people.Posting{{Area: "33.07.03.2001", From: "2026-07-01"}}}
	known := moved()
	known.Phone = "08120000001"
	got := known.Merge(row)
	if got.Name != "Sri Wahyuni" || got.Phone != "08120000001" || len(got.Postings) != 2 {
		t.Errorf("merged = %+v, want the new name, the known phone and two postings", got)
	}
	if got.Postings[1].Area != "33.07.03.2001" {
		t.Error("of two postings with one first day the later import does not stand")
	}
	if again := got.Merge(row); len(again.Postings) != 2 {
		t.Error("the same row again adds a posting")
	}
	if len(known.Postings) != 2 || known.Postings[1].Area != "33.07.02.2001" {
		t.Error("merging changed what was known")
	}
}

func TestNormalPhone(t *testing.T) {
	for _, s := range []string{"0812-3456-7890", "+62 812 3456 7890", "62812.3456.7890", "(0812) 34567890",
		"81234567890"} {
		if got := people.NormalPhone(s); got != "081234567890" {
			t.Errorf("NormalPhone(%q) = %q, want 081234567890", s, got)
		}
	}
}

func TestCheckNamesTheField(t *testing.T) {
	g, now := people.Wonosobo(), time.Date(2026, 11, 23, 0, 0, 0, 0, jakarta)
	good := func() people.Person { p := moved(); return p }
	if p := good(); p.Check(g, now) != nil {
		t.Fatalf("a good person is refused: %v", p.Check(g, now))
	}
	tests := []struct {
		field string
		spoil func(*people.Person)
	}{
		{"person.id", func(p *people.Person) { p.ID = "a b" }},
		{"person.name", func(p *people.Person) { p.Name = "" }},
		{"person.role", func(p *people.Person) { p.Role = "king" }},
		{"person.phone", func(p *people.Person) { p.Phone = "12" }},
		{"person.gender", func(p *people.Person) { p.Gender = "X" }},
		{"person.birth_year", func(p *people.Person) { p.BirthYear = 2027 }},
		{"person.language", func(p *people.Person) { p.Language = "jv" }},
		{"person.area", func(p *people.Person) { p.Post(people.Posting{Area: "99"}) }},
		{"person.valid_from", func(p *people.Person) { p.Post(people.Posting{Area: "33.07", From: "1/2/2026"}) }},
		{"person.valid_to", func(p *people.Person) {
			p.Post(people.Posting{Area: "33.07", From: "2026-02-01", To: "2026-01-01"})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.field, func(t *testing.T) {
			p := good()
			tt.spoil(&p)
			if err := p.Check(g, now); err == nil || !strings.Contains(err.Error(), tt.field) {
				t.Errorf("error = %v, want %s", err, tt.field)
			}
		})
	}
}

// on returns what the person is charged with on a day.
func on(p people.Person, day string) people.Duty {
	t, err := time.ParseInLocation(time.DateOnly, day, jakarta)
	if err != nil {
		panic(err)
	}
	return p.Duty(t, jakarta, people.Wonosobo())
}

func TestADutyLastsAsLongAsItsPosting(t *testing.T) {
	posting := func(area, from, to string) people.Posting { return people.Posting{Area: area, From: from, To: to} }
	officer := func(postings ...people.Posting) people.Person {
		return people.Person{ID: "K1", Role: people.DistrictOfficer, Postings: postings}
	}
	none := people.Duty{Person: "K1", Role: people.Participant}
	held := func(area string) people.Duty {
		return people.Duty{Person: "K1", Role: people.DistrictOfficer, Area: area}
	}
	term := officer(posting("33.07.01", "2026-01-01", "2026-06-30"))
	moving := officer(posting("33.07.01", "", ""), posting("33.07.02", "2026-07-01", ""))
	acting := officer(posting("33.07.01", "", ""), posting("33.07.02", "2026-07-01", "2026-07-31"))
	retired := officer(posting("33.07.01", "", ""))
	retired.Retired = true
	tests := []struct {
		name   string
		person people.Person
		day    string
		want   people.Duty
	}{
		{"before the first day", term, "2025-12-31", none},
		{"on the first day", term, "2026-01-01", held("33.07.01")},
		{"on the last day", term, "2026-06-30", held("33.07.01")},
		{"after the last day", term, "2026-07-01", none},
		{"the day before a move", moving, "2026-06-30", held("33.07.01")},
		{"the day of a move", moving, "2026-07-01", held("33.07.02")},
		{"after the last of several postings", acting, "2026-08-01", none},
		{"once retired", retired, "2026-08-01", none},
		{"without any posting", officer(), "2026-08-01", held("")},
		{"a participant whose posting is over", people.Person{ID: "K1", Role: people.Participant,
			Postings: term.Postings}, "2027-01-01", none},
		{"an administrator of a village", people.Person{ID: "K1", Role: people.Admin,
			Postings: moving.Postings}, "2026-08-01", people.Duty{Person: "K1", Role: people.Admin, Area: "33.07"}},
		{"an administrator whose posting is over", people.Person{ID: "K1", Role: people.Admin,
			Postings: term.Postings}, "2027-01-01", none},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := on(tt.person, tt.day); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Duty = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestReach(t *testing.T) {
	g, other := people.Wonosobo(), moved()
	if !(people.Duty{Role: people.DistrictOfficer, Area: "33.07.02"}).Reaches(&other, g) {
		t.Error("an officer does not reach a person of the own kecamatan")
	}
	if (people.Duty{Role: people.DistrictOfficer, Area: "33.07.01"}).Reaches(&other, g) {
		t.Error("an officer reaches a person who has moved away")
	}
	if (people.Duty{Role: people.Facilitator, Area: "33.07.02"}).Reaches(&other, g) {
		t.Error("a facilitator reaches somebody who is on none of the own rosters")
	}
}

func TestWhoIsHelpedAndRescued(t *testing.T) {
	g := people.Wonosobo()
	duty := func(role people.Role, area string) people.Duty {
		return people.Duty{Person: "S1", Role: role, Area: area}
	}
	facilitator, officer := duty(people.Facilitator, "33.07.02"), duty(people.DistrictOfficer, "33.07.02")
	facilitator.Charges = []string{moved().ID}
	admin := duty(people.Admin, "33.07")
	other := func(role people.Role, change ...func(*people.Person)) people.Person {
		p := moved()
		p.Role = role
		for _, c := range change {
			c(&p)
		}
		return p
	}
	gone := func(p *people.Person) { p.Retired = true }
	away := func(p *people.Person) { p.Post(people.Posting{Area: "33.07.01.2001", From: "2027-01-01"}) }
	self := func(p *people.Person) { p.ID = "S1" }
	unlisted := func(p *people.Person) { p.ID = "P-unlisted" }
	tests := []struct {
		name           string
		by             people.Duty
		other          people.Person
		helps, rescues bool
	}{
		{"a participant, by the facilitator", facilitator, other(people.Participant), true, true},
		{"a participant, by the officer", officer, other(people.Participant), false, true},
		{"a participant, by an administrator", admin, other(people.Participant), true, true},
		{"a participant, by another", duty(people.Participant, "33.07.02"), other(people.Participant), false, false},
		{"a participant, by an author", duty(people.Author, "33.07"), other(people.Participant), false, false},
		{"one who has retired, by the facilitator", facilitator, other(people.Participant, gone), false, false},
		{"one who has retired, by an administrator", admin, other(people.Participant, gone), false, false},
		{"one of another kecamatan on the roster, by the facilitator", facilitator, other(people.Participant, away),
			true, true},
		{"one of the own kecamatan on no roster, by the facilitator", facilitator,
			other(people.Participant, unlisted), false, false},
		{"one of another kecamatan, by the officer", officer, other(people.Participant, away), false, false},
		{"a facilitator, by another", facilitator, other(people.Facilitator), false, false},
		{"a facilitator, by the officer", officer, other(people.Facilitator), false, true},
		{"an officer, by another", officer, other(people.DistrictOfficer), false, false},
		{"an officer, by an administrator", admin, other(people.DistrictOfficer), false, true},
		{"an administrator, by another", admin, other(people.Admin), false, true},
		{"oneself", admin, other(people.Admin, self), false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.by.Helps(&tt.other, g); got != tt.helps {
				t.Errorf("Helps = %v, want %v", got, tt.helps)
			}
			if got := tt.by.Rescues(&tt.other, g); got != tt.rescues {
				t.Errorf("Rescues = %v, want %v", got, tt.rescues)
			}
		})
	}
}
