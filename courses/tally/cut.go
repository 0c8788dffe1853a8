package tally

import (
	"slices"
	"strings"
	"time"

	"melek/courses/people"
	"melek/courses/record"
)

// Cut is a dimension of the tally and its value, empty for everybody. Cuts by day hold the people
// whose first valid pre-test was on that day (YYYY-MM-DD in the reports' time zone).
type Cut string

// Everybody is the cut that leaves nobody out.
const Everybody Cut = ""

// The cuts of those who took all three tests in their order. Each pairs the pre-test with one of the others.
const (
	KeptGain Cut = "kept=post"
	KeptLeft Cut = "kept=retention"
)

// Dimension is a way in which the people of an area are told apart.
type Dimension string

// The dimensions. The days of the pre-test are kept of everybody, of pillars and of workshops.
const (
	Pillar   Dimension = "pillar"   // of the items; the same people each time
	Workshop Dimension = "workshop" // that of the pre-test, empty for none
	Position Dimension = "position" // the office held at the pre-test
	Age      Dimension = "age"      // one of AgeBands
	Gender   Dimension = "gender"   // L or P
	Forms    Dimension = "forms"    // those of both tests of the matched, as ByForms has them
)

// Unknown is the value of those of whom the register does not know the dimension.
const Unknown = "unknown"

// AgeBands are the values of Age, the youngest first, before Unknown.
var AgeBands = []string{"0-24", "25-34", "35-44", "45-54", "55+"}

// ageBounds are the ages at which the bands after the first begin.
var ageBounds = []int{25, 35, 45, 55}

// Of is the cut of the people with the value.
func (d Dimension) Of(value string) Cut { return Cut(d) + "=" + Cut(value) }

// ByDay narrows a cut to one day of the pre-test.
func (c Cut) ByDay(day string) Cut { return c + Cut("@"+day) }

// ByPillar is the cut that marks only the items of one pillar.
func ByPillar(pillar string) Cut { return Pillar.Of(pillar) }

// ByWorkshop is the cut of the people of one workshop; an empty id stands for those without one.
func ByWorkshop(workshop string) Cut { return Workshop.Of(workshop) }

// ByForms is the cut of the matched who took the pre-test on one form and the post-test on another, both
// on a device.
func ByForms(pre, post string) Cut { return Forms.Of(pre + formsSign + post) }

// formsSign stands between the two forms; no form's id has it.
const formsSign = ">"

// FormsOf reads a cut of ByForms.
func FormsOf(c Cut) (pre, post string) {
	value, _ := strings.CutPrefix(string(c), string(Forms.Of("")))
	pre, post, _ = strings.Cut(value, formsSign)
	return pre, post
}

// Split returns the cut without its day, and the day, empty where it has none.
func (c Cut) Split() (base Cut, day string) {
	if i := strings.LastIndexByte(string(c), '@'); i >= 0 && len(c)-i == len("@2006-01-02") {
		return c[:i], string(c[i+1:])
	}
	return c, ""
}

// Count is one person in one cell of one tally.
type Count struct {
	Key  Key
	Cell string
}

// Counts lists the cells in which a person counts in a course: in the area where the person served at the
// first valid pre-test, or without one at the first record of the course; position and age are those of that
// day.
func Counts(course string, progress *record.Progress, p people.Person, zone *time.Location) []Count {
	c := counting{zone: zone, pre: progress.Counted(record.Pre), post: progress.Counted(record.Post)}
	c.count(course, progress, p)
	return c.counts
}

// counting is how one person counts in one course.
type counting struct {
	zone      *time.Location
	pre, post *record.Attempt
	key       Key
	day       string // of the pre-test, empty without one
	counts    []Count
}

func (c *counting) count(course string, progress *record.Progress, p people.Person) {
	_, _, matched := progress.Matched()
	at := progress.FirstAt
	if c.pre != nil {
		at = c.pre.EndedAt
		c.day = at.In(c.zone).Format(time.DateOnly)
	}
	posting := p.Posting(at, c.zone)
	c.key = Key{Course: course, Role: p.Role, Area: posting.Area}
	completed := !progress.CompletedAt.IsZero()
	all := Standing{Pre: whole(c.pre), Post: whole(c.post), Matched: matched, Completed: completed}
	cell := all.Cell()
	c.add(Everybody, cell)
	c.addByDay(Everybody, cell)
	workshop := ByWorkshop(workshop(c.pre, c.post))
	c.add(workshop, cell)
	c.addByDay(workshop, cell)
	c.add(Position.Of(position(posting)), cell)
	c.add(Age.Of(ageBand(p, at.In(c.zone))), cell)
	c.add(Gender.Of(known(p.Gender)), cell)
	if later := progress.Counted(record.Retention); matched && later != nil && c.post.EndPlace < later.EndPlace {
		c.add(KeptGain, cell)
		all.Post = whole(later)
		c.add(KeptLeft, all.Cell())
	}
	if matched && !c.pre.Paper && !c.post.Paper {
		c.add(ByForms(c.pre.Form, c.post.Form), cell)
	}
	for pillar := range pillars(c.pre, c.post) {
		part := Standing{Pre: part(c.pre, pillar), Post: part(c.post, pillar), Completed: completed}
		part.Matched = matched && part.Pre != nil && part.Post != nil
		c.add(ByPillar(pillar), part.Cell())
		c.addByDay(ByPillar(pillar), part.Cell())
	}
}

func (c *counting) add(cut Cut, cell string) {
	c.key.Cut = cut
	c.counts = append(c.counts, Count{c.key, cell})
}

func (c *counting) addByDay(cut Cut, cell string) {
	if c.day != "" {
		c.add(cut.ByDay(c.day), cell)
	}
}

func known(value string) string {
	if value == "" {
		return Unknown
	}
	return value
}

// position is the office in small letters with single spaces, so that ways of writing it are one.
func position(p people.Posting) string {
	return known(strings.ToLower(strings.Join(strings.Fields(p.Position), " ")))
}

// ageBand is by the age that the person reached in the year of t.
func ageBand(p people.Person, t time.Time) string {
	if p.BirthYear == 0 {
		return Unknown
	}
	age := t.Year() - p.BirthYear
	band := slices.IndexFunc(ageBounds, func(bound int) bool { return age < bound })
	if band < 0 {
		band = len(ageBounds)
	}
	return AgeBands[band]
}

func whole(a *record.Attempt) *record.Marks {
	if a == nil {
		return nil
	}
	return a.Marks
}

func part(a *record.Attempt, pillar string) *record.Marks {
	if a == nil {
		return nil
	}
	if m, ok := a.Pillars[pillar]; ok {
		return &m
	}
	return nil
}

func pillars(attempts ...*record.Attempt) map[string]bool {
	all := map[string]bool{}
	for _, a := range attempts {
		if a != nil {
			for pillar := range a.Pillars {
				all[pillar] = true
			}
		}
	}
	return all
}

// workshop is that of the pre-test, or without one that of the post-test.
func workshop(attempts ...*record.Attempt) string {
	for _, a := range attempts {
		if a != nil && a.Workshop != "" {
			return a.Workshop
		}
	}
	return ""
}
