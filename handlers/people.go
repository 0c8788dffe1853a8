package handlers

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

// peoplePerPage is how many people a list shows at once.
const peoplePerPage = 50

type peoplePage struct {
	page
	Note   string
	Search string
	Areas  []areaGroup
	Roles  []choice
	People []listedPerson
	pager
}

// pager leads from one page of a list to the next.
type pager struct {
	First string // link to the first page, empty on it
	Next  string // link to the next page, empty on the last
}

type listedPerson struct {
	people.Person
	Place    string
	Position string
}

// showPeople lists the register, a page at a time in order of the numbers.
func (s *server) showPeople(c *fiber.Ctx) error {
	q := s.peopleQuery(c, s.Region.Root().Code)
	p := peoplePage{page: s.page(c, "people.title").wide(), Search: q.Search}
	p.Note = p.note(c)
	p.Areas = s.areaGroups(p.Words, s.Region.Root().Code, c.Query("area"))
	p.Roles = roleChoices(p.Words, people.Roles, q.Role, "people.any_role")
	found, err := s.pageOfPeople(c, q, &p.pager)
	if err != nil {
		return err
	}
	for _, person := range found {
		p.People = append(p.People, s.listed(p.page, person))
	}
	return s.render(c, fiber.StatusOK, "people.html", p)
}

func (s *server) listed(p page, person people.Person) listedPerson {
	posting := person.Posting(s.Now(), s.Zone)
	return listedPerson{person, s.placeName(p.Words, posting.Area), posting.Position}
}

// peopleQuery reads which people are asked for. An area outside reach narrows to nobody.
func (s *server) peopleQuery(c *fiber.Ctx, reach string) store.PeopleQuery {
	q := store.PeopleQuery{Search: c.Query("q"), Role: people.Role(c.Query("role")), After: c.Query("after"),
		Limit: peoplePerPage + 1}
	area := c.Query("area")
	switch {
	case area != "" && s.Region.Within(area, reach):
		q.Areas = s.areasIn(area)
	case area != "":
		q.Areas = []string{}
	case reach != s.Region.Root().Code:
		q.Areas = s.areasIn(reach)
	}
	return q
}

// reachedPeople is peopleQuery for those whom the one who is signed in reaches, and the area in which they
// serve.
func (s *server) reachedPeople(c *fiber.Ctx) (store.PeopleQuery, string, error) {
	duty := signedIn(c).Duty
	if duty.Role == people.Facilitator {
		all := s.Region.Root().Code
		q := s.peopleQuery(c, all)
		q.IDs = append([]string{}, duty.Charges...)
		return q, all, nil
	}
	reach, err := s.reach(c)
	return s.peopleQuery(c, reach), reach, err
}

// pageOfPeople returns one page of people and sets where the list goes on.
func (s *server) pageOfPeople(c *fiber.Ctx, q store.PeopleQuery, p *pager) ([]people.Person, error) {
	if q.After != "" {
		p.First = linkWith(c, "after", "")
	}
	found, err := s.Store.People(c.UserContext(), q)
	if err != nil || len(found) <= peoplePerPage {
		return found, err
	}
	found = found[:peoplePerPage]
	p.Next = linkWith(c, "after", found[peoplePerPage-1].ID)
	return found, nil
}

// listQuery is the query of a list as a form sent it back, put in order anew.
func listQuery(sent string) string {
	query, err := url.ParseQuery(sent)
	if err != nil {
		return ""
	}
	return query.Encode()
}

// linkWith is a link to the same list with one value of the query replaced.
func linkWith(c *fiber.Ctx, name, value string) string { return "?" + queryWith(c, name, value) }

// queryWith is the request's query with one value replaced; an empty value is left out.
func queryWith(c *fiber.Ctx, name, value string) string {
	query, err := url.ParseQuery(string(c.Context().QueryArgs().QueryString()))
	if err != nil {
		query = url.Values{}
	}
	query.Del(name)
	if value != "" {
		query.Set(name, value)
	}
	return query.Encode()
}

type personPage struct {
	page
	Who       people.Person
	Postings  []listedPosting
	Tests     []takenTest
	Self      bool // it is who is signed in
	HasPIN    bool
	HasSecond bool
	Sessions  int       // and tokens that hold
	CodeEnds  time.Time // zero where no code waits
	Locked    time.Time // zero where the account is open
	Move      moveForm
	Areas     []areaGroup
	Fault     faults
}

type listedPosting struct {
	people.Posting
	Place   string
	Current bool
}

// showPerson shows one person of the register. Who looked is kept, for the record of processing (Pasal 31).
func (s *server) showPerson(c *fiber.Ctx) error {
	person, err := s.Store.Person(c.UserContext(), c.Query("id"))
	if err != nil {
		return unknownPerson(err)
	}
	if person.ID != signedIn(c).Person.ID && c.Method() == fiber.MethodGet {
		if err := s.note(c, "person.view", person.ID, ""); err != nil {
			return err
		}
	}
	return s.renderPerson(c, fiber.StatusOK, person, moveForm{}, nil)
}

// another is a person of the register who is not the one who is signed in; oneself is refused with the key.
func (s *server) another(c *fiber.Ctx, id, own string) (people.Person, error) {
	person, err := s.Store.Person(c.UserContext(), id)
	switch {
	case err != nil:
		return people.Person{}, unknownPerson(err)
	case person.ID == signedIn(c).Person.ID:
		return people.Person{}, courses.Problemf(courses.Conflict, own)
	}
	return person, nil
}

// unknownPerson says that there is nobody, where that is so.
func unknownPerson(err error) error {
	if courses.KindOf(err) == courses.NotFound {
		return courses.Problemf(courses.NotFound, "person.unknown")
	}
	return err
}

func (s *server) renderPerson(c *fiber.Ctx, status int, person people.Person, move moveForm,
	fault faults) error {
	credential, err := s.Store.Credential(c.UserContext(), person.ID)
	if err != nil {
		return err
	}
	base := s.titled(c, person.Name).wide().at("/people/one?id=" + queryEscape(person.ID))
	p := personPage{page: base, Who: person, Self: person.ID == signedIn(c).Person.ID,
		HasPIN: credential.PIN != "", HasSecond: credential.Second != "", Move: move, Fault: fault,
		Areas: s.areaGroups(base.Words, s.Region.Root().Code, move.Area)}
	if credential.Code != "" && s.Now().Before(credential.CodeExpires) {
		p.CodeEnds = credential.CodeExpires
	}
	if p.Locked, err = s.Door.LockedUntil(c.UserContext(), person.ID); err != nil {
		return err
	}
	sessions, err := s.Door.Sessions(c.UserContext(), person)
	if err != nil {
		return err
	}
	p.Sessions = len(sessions)
	if p.Tests, err = s.takenTests(c, base, person.ID); err != nil {
		return err
	}
	p.Postings = s.listPostings(p.page, person)
	return s.render(c, status, "person.html", p)
}

// listPostings lists where the person has served, the present place marked.
func (s *server) listPostings(p page, person people.Person) []listedPosting {
	var listed []listedPosting
	now := person.Posting(s.Now(), s.Zone)
	for _, posting := range person.Postings {
		listed = append(listed, listedPosting{posting, s.placeName(p.Words, posting.Area), posting == now})
	}
	return listed
}

// codePage shows a one-time code, the only time that it can be seen.
type codePage struct {
	page
	Who     people.Person
	Place   string
	Code    string
	Address string // where one signs in with it
	Until   time.Time
	Back    string
}

// makeCode makes a one-time code for a person of the register. Asked twice it makes two, of which the second
// opens, and that is the one last shown.
func (s *server) makeCode(c *fiber.Ctx) error {
	var f pressedForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	person, err := s.Store.Person(c.UserContext(), f.ID)
	if err != nil {
		return unknownPerson(err)
	}
	if person.Retired {
		return courses.Problemf(courses.Conflict, "person.retired_code")
	}
	return s.showCode(c, person, "/people/one?id="+queryEscape(person.ID))
}

// showCode makes a code for the person and shows it; back is where one goes from there.
func (s *server) showCode(c *fiber.Ctx, person people.Person, back string) error {
	code, err := s.Door.MakeCode(c.UserContext(), person.ID)
	if err != nil {
		return err
	}
	if err := s.note(c, "code.make", person.ID, ""); err != nil {
		return err
	}
	base := s.page(c, "code.title", person.Name).at(back)
	place := s.placeName(base.Words, person.Posting(s.Now(), s.Zone).Area)
	return s.render(c, fiber.StatusOK, "code.html", codePage{page: base, Who: person, Place: place, Code: code,
		Address: s.BaseURL, Until: s.Now().Add(access.CodeLife), Back: back})
}
