package handlers

import (
	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// requestsShown is how many requests a page shows, open ones first.
const requestsShown = 200

// requestRow is a request in words.
type requestRow struct {
	store.Request
	What, Standing string
	Name           string // of who asked, empty once erased
	Open, Overdue  bool
	Erasure        bool
}

func (s *server) requestRows(p page, all []store.Request) []requestRow {
	now := s.Now()
	var rows []requestRow
	for _, r := range all {
		row := requestRow{Request: r, What: p.T("mydata.ask_" + string(r.Kind)),
			Standing: p.T("request." + string(r.State)), Open: r.State == store.RequestOpen,
			Erasure: r.Kind == store.Erasure}
		row.Overdue = row.Open && now.After(r.Due)
		rows = append(rows, row)
	}
	return rows
}

type requestsPage struct {
	page
	Note     string
	Rows     []requestRow
	Overdue  int
	Kinds    []choice
	Asker    string // of the form for a request on paper
	Text     string
	Fault    string // of that form
	Answered string // id of the request whose answer is faulty
	Wrong    string
}

// showRequests is the register: what is overdue first, with its clock.
func (s *server) showRequests(c *fiber.Ctx) error {
	return s.renderRequests(c, fiber.StatusOK, requestsPage{})
}

func (s *server) renderRequests(c *fiber.Ctx, status int, p requestsPage) error {
	p.page = s.page(c, "request.title").at("/requests").wide()
	p.Note = p.note(c)
	if p.Kinds == nil {
		p.Kinds = p.requestKinds(store.Correction)
	}
	all, err := s.Store.Requests(c.UserContext(), store.RequestsQuery{Limit: requestsShown})
	if err != nil {
		return err
	}
	p.Rows = s.requestRows(p.page, all)
	for i := range p.Rows {
		row := &p.Rows[i]
		if row.Overdue {
			p.Overdue++
		}
		if !row.Open {
			continue
		}
		person, err := s.Store.Person(c.UserContext(), row.Request.Person)
		if err != nil && courses.KindOf(err) != courses.NotFound {
			return err
		}
		row.Name = person.Name
	}
	return s.render(c, status, "requests.html", p)
}

// addRequest writes down what somebody asked on paper or by word; the clock runs from now.
func (s *server) addRequest(c *fiber.Ctx) error {
	kind := store.RequestKind(posted(c, "kind"))
	p := requestsPage{Asker: posted(c, "person"), Text: posted(c, "text")}
	_, err := s.Clerk.Ask(c.UserContext(), p.Asker, kind, p.Text, signedIn(c).Person.ID)
	switch courses.KindOf(err) {
	case courses.Invalid, courses.Limited, courses.NotFound:
		p.Fault = s.reason(c, err)
		return s.renderRequests(c, fiber.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return s.goTo(c, "/requests?note=asked")
}

// answerRequest ends a request with a reason.
func (s *server) answerRequest(c *fiber.Ctx) error {
	id, state := posted(c, "id"), store.RequestState(posted(c, "state"))
	err := s.Clerk.Answer(c.UserContext(), id, state, posted(c, "answer"), signedIn(c).Person.ID)
	switch courses.KindOf(err) {
	case courses.Invalid, courses.Conflict:
		return s.renderRequests(c, statuses[courses.KindOf(err)],
			requestsPage{Answered: id, Wrong: s.reason(c, err)})
	}
	if err != nil {
		return err
	}
	return s.goTo(c, "/requests?note=answered")
}

type erasePage struct {
	page
	Who   people.Person
	Fault string
}

// showErase asks for the person's number before anything is erased.
func (s *server) showErase(c *fiber.Ctx) error {
	return s.renderErase(c, fiber.StatusOK, c.Query("id"), "")
}

func (s *server) renderErase(c *fiber.Ctx, status int, id, fault string) error {
	person, err := s.Store.Person(c.UserContext(), id)
	if err != nil {
		return unknownPerson(err)
	}
	p := s.page(c, "erase.title", person.Name).at("/people/erase?id=" + queryEscape(id))
	return s.render(c, status, "erase.html", erasePage{p, person, fault})
}

// erasePerson takes one person out of everything.
func (s *server) erasePerson(c *fiber.Ctx) error {
	id := posted(c, "id")
	err := s.Clerk.Erase(c.UserContext(), id, posted(c, "typed"), signedIn(c).Person.ID)
	switch courses.KindOf(err) {
	case courses.Invalid, courses.Conflict:
		return s.renderErase(c, statuses[courses.KindOf(err)], id, s.reason(c, err))
	}
	if err != nil {
		return err
	}
	s.sessions.forget(id)
	return s.goTo(c, "/people?note=erased")
}
