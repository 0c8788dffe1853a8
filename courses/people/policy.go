package people

import "slices"

// Act is something that a person may or may not do. Every route and command asks about one.
type Act string

// The acts.
const (
	Look       Act = "look"       // see what is public
	Enter      Act = "enter"      // prove who one is, choose a PIN, sign out
	Learn      Act = "learn"      // take courses and see one's own results
	Send       Act = "send"       // deliver learning records
	Facilitate Act = "facilitate" // open tests and extend them for participants
	Report     Act = "report"     // see completion and gains
	Review     Act = "review"     // see how the items of tests did
	Roster     Act = "roster"     // see and change the register of people
	Govern     Act = "govern"     // see what is suppressed, the audit log, settings
)

// policy is the one table of who may do what. Which area an act reaches is Person.Reach.
var policy = map[Act][]Role{
	Learn:      {Participant, Facilitator, DistrictOfficer, Admin, Author},
	Send:       {Participant, Facilitator, DistrictOfficer, Admin, Author},
	Facilitate: {Facilitator, Admin},
	Report:     {DistrictOfficer, Admin},
	Review:     {Admin, Author},
	Roster:     {Admin},
	Govern:     {Admin},
}

// Public reports whether the act needs no sign-in.
func (a Act) Public() bool { return a == Look || a == Enter }

// May reports whether the role may do the act.
func (r Role) May(a Act) bool { return a.Public() || slices.Contains(policy[a], r) }

// Reach returns the area that the person's acts on other people are limited to: administrators the
// whole region, everybody else the area of the last posting.
func (p *Person) Reach(g *Region) string {
	if p.Role == Admin {
		return g.Root().Code
	}
	if len(p.Postings) == 0 {
		return ""
	}
	return p.Postings[len(p.Postings)-1].Area
}

// Reaches reports whether the other person serves in the area that p's acts are limited to.
func (p *Person) Reaches(other *Person, g *Region) bool {
	if len(other.Postings) == 0 {
		return p.Role == Admin
	}
	reach := p.Reach(g)
	return reach != "" && g.Within(other.Postings[len(other.Postings)-1].Area, reach)
}

// Helps reports whether p may open and extend tests of the other person and make a code for them:
// participants that p reaches, and nobody who works with other people's data.
func (p *Person) Helps(other *Person, g *Region) bool {
	return p.Role.May(Facilitate) && other.Role == Participant && !other.Retired && p.Reaches(other, g)
}
