package people

import (
	"slices"
	"time"
)

// Act is something that a person may or may not do. Every route and command asks about one.
type Act string

// The acts.
const (
	Look       Act = "look"       // see what is public
	Enter      Act = "enter"      // prove who one is, choose a PIN, sign out
	Learn      Act = "learn"      // take courses and see one's own results
	Own        Act = "own"        // look after the own account: devices, tokens, the second factor
	Tokens     Act = "tokens"     // make tokens for programs that ask the API in one's name
	Send       Act = "send"       // deliver learning records
	Facilitate Act = "facilitate" // open tests and extend them for participants
	Hold       Act = "hold"       // plan workshops and run them
	Rescue     Act = "rescue"     // make one-time codes for those who have forgotten the PIN
	Report     Act = "report"     // see completion and gains
	Review     Act = "review"     // see how the items of tests did
	Write      Act = "write"      // write courses and publish them
	Roster     Act = "roster"     // see and change the register of people
	Govern     Act = "govern"     // see what is suppressed, the audit log, settings
)

// policy is the one table of who may do what. Which people an act reaches is asked of a Duty.
var policy = map[Act][]Role{
	Learn:      {Participant, Facilitator, DistrictOfficer, Admin, Author},
	Own:        {Participant, Facilitator, DistrictOfficer, Admin, Author},
	Tokens:     {Facilitator, DistrictOfficer, Admin, Author},
	Send:       {Participant, Facilitator, DistrictOfficer, Admin, Author},
	Facilitate: {Facilitator, Admin},
	Hold:       {Facilitator, DistrictOfficer, Admin},
	Rescue:     {Facilitator, DistrictOfficer, Admin},
	Report:     {DistrictOfficer, Admin},
	Review:     {Admin, Author},
	Write:      {Admin, Author},
	Roster:     {Admin},
	Govern:     {Admin},
}

// Public reports whether the act needs no sign-in.
func (a Act) Public() bool { return a == Look || a == Enter }

// Duty is what a person is charged with at one time: a role, and the area to which acts on others are
// limited.
type Duty struct {
	Person string
	Role   Role
	Area   string // empty: nobody is reached
	// Charges are the ids, in order, of those on the rosters of a facilitator's workshops: facilitators reach
	// nobody else.
	Charges []string
}

// Charge adds the people of the workshops that a facilitator runs and that are current at t.
func (d Duty) Charge(workshops []Workshop, t time.Time, zone *time.Location) Duty {
	for _, w := range workshops {
		if d.Role == Facilitator && slices.Contains(w.Facilitators, d.Person) && w.Current(t, zone) {
			d.Charges = append(d.Charges, w.Roster...)
		}
	}
	d.Charges = inOrder(d.Charges)
	return d
}

// Duty returns what the person is charged with on the day of t in zone. A role is granted for as long as the
// latest posting that has begun lasts: before and after it, and once retired, the person is a participant
// like any other, of no area. Whoever has no posting has the role without an area, which only an
// administrator needs none for.
func (p *Person) Duty(t time.Time, zone *time.Location, g *Region) Duty {
	none := Duty{Person: p.ID, Role: Participant}
	if p.Retired {
		return none
	}
	held := Duty{Person: p.ID, Role: p.Role}
	if len(p.Postings) > 0 {
		day, posting := t.In(zone).Format(time.DateOnly), p.Posting(t, zone)
		if posting.From > day || (posting.To != "" && posting.To < day) {
			return none
		}
		held.Area = posting.Area
	}
	if p.Role == Admin {
		held.Area = g.Root().Code
	}
	return held
}

// May reports whether the duty allows the act.
func (d Duty) May(a Act) bool { return a.Public() || slices.Contains(policy[a], d.Role) }

// Reaches reports whether the duty extends to the other person: a facilitator's to those on the rosters of
// the own workshops, others' to whoever serves in their area.
func (d Duty) Reaches(other *Person, g *Region) bool {
	if d.Role == Facilitator {
		_, found := slices.BinarySearch(d.Charges, other.ID)
		return found
	}
	return d.covers(other, g)
}

// covers reports whether the other person serves in the duty's area.
func (d Duty) covers(other *Person, g *Region) bool {
	if len(other.Postings) == 0 {
		return d.Role == Admin
	}
	return d.Area != "" && g.Within(other.Postings[len(other.Postings)-1].Area, d.Area)
}

// Enlists reports whether the duty allows to put the other person on the roster of a workshop: participants
// who serve in its area.
func (d Duty) Enlists(other *Person, g *Region) bool {
	return d.May(Hold) && other.Role == Participant && !other.Retired && d.covers(other, g)
}

// Plans reports whether the duty allows to hold a workshop in the area.
func (d Duty) Plans(area string, g *Region) bool {
	return d.May(Hold) && d.Area != "" && g.Within(area, d.Area)
}

// Holds reports whether the duty allows to see and change the workshop: a facilitator's those that they run,
// others' those held in their area.
func (d Duty) Holds(w *Workshop, g *Region) bool {
	if d.Role == Facilitator {
		return slices.Contains(w.Facilitators, d.Person)
	}
	return d.Plans(w.Area, g)
}

// Helps reports whether the duty allows to open and extend tests of the other person: participants that it
// reaches.
func (d Duty) Helps(other *Person, g *Region) bool {
	return d.May(Facilitate) && other.Role == Participant && !other.Retired && d.Reaches(other, g)
}

// Rescues reports whether the duty allows to make a one-time code for the other person: those that it
// reaches and that work with less than it does.
func (d Duty) Rescues(other *Person, g *Region) bool {
	if !d.May(Rescue) || other.Retired || other.ID == d.Person || !d.Reaches(other, g) {
		return false
	}
	switch d.Role {
	case Admin:
		return true
	case DistrictOfficer:
		return other.Role == Participant || other.Role == Facilitator
	}
	return other.Role == Participant
}
