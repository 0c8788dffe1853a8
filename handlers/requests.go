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
	Note    string
	Rows    []requestRow
	Overdue int
	Kinds   []choice
	Paper   askForm    // a request on paper, as typed
	Answer  answerForm // of one request, as typed
	Faults  faults     // of either
}

// askForm is what somebody asks for; Person is who, where another writes it down.
type askForm struct {
	Person string `form:"person" validate:"omitempty,person=id"`
	Kind   string `form:"kind" validate:"asked"`
	Text   string `form:"text" validate:"request"`
}

// answerForm ends a request.
type answerForm struct {
	ID     string `form:"id" validate:"required,max=64"`
	State  string `form:"state" validate:"oneof=done refused"`
	Answer string `form:"answer" validate:"request"`
}

// showRequests is the register: what is overdue first, with its clock.
func (s *server) showRequests(c *fiber.Ctx) error {
	return s.renderRequests(c, fiber.StatusOK, requestsPage{})
}

func (s *server) renderRequests(c *fiber.Ctx, status int, p requestsPage) error {
	p.page = s.page(c, "request.title").at("/requests").wide()
	p.Note = p.note(c)
	if p.Kinds == nil {
		p.Kinds = p.requestKinds(store.RequestKind(p.Paper.Kind))
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
	var f askForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	if wrong == nil {
		wrong, err = s.ask(c, f, "person")
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderRequests(c, fiber.StatusUnprocessableEntity, requestsPage{Paper: f, Faults: wrong})
	}
	return s.goTo(c, "/requests?note=asked")
}

// ask puts a request in the register, and says what is wrong by field; who is the field of what is wrong with
// the person.
func (s *server) ask(c *fiber.Ctx, f askForm, who string) (faults, error) {
	_, err := s.Clerk.Ask(c.UserContext(), f.Person, store.RequestKind(f.Kind), f.Text, signedIn(c).Person.ID)
	switch courses.KindOf(err) {
	case courses.Invalid:
		return faults{"text": s.reason(c, err)}, nil
	case courses.Limited, courses.NotFound:
		return faults{who: s.reason(c, err)}, nil
	}
	return nil, err
}

// answerRequest ends a request with a reason.
func (s *server) answerRequest(c *fiber.Ctx) error {
	var f answerForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	status := fiber.StatusUnprocessableEntity
	if wrong == nil {
		state := store.RequestState(f.State)
		err = s.Clerk.Answer(c.UserContext(), f.ID, state, f.Answer, signedIn(c).Person.ID)
		if kind := courses.KindOf(err); kind == courses.Invalid || kind == courses.Conflict {
			status, wrong, err = statuses[kind], faults{"answer": s.reason(c, err)}, nil
		}
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderRequests(c, status, requestsPage{Answer: f, Faults: wrong})
	}
	return s.goTo(c, "/requests?note=answered")
}

type erasePage struct {
	page
	Who   people.Person
	Typed string
	Fault string
}

// showErase asks for the person's number before anything is erased.
func (s *server) showErase(c *fiber.Ctx) error {
	return s.renderErase(c, fiber.StatusOK, eraseForm{ID: c.Query("id")}, "")
}

func (s *server) renderErase(c *fiber.Ctx, status int, f eraseForm, fault string) error {
	person, err := s.Store.Person(c.UserContext(), f.ID)
	if err != nil {
		return unknownPerson(err)
	}
	p := s.page(c, "erase.title", person.Name).at("/people/erase?id=" + queryEscape(f.ID))
	return s.render(c, status, "erase.html", erasePage{p, person, f.Typed, fault})
}

type eraseForm struct {
	ID    string `form:"id" validate:"required,max=64"`
	Typed string `form:"typed" validate:"required,max=64"` // the number once more
}

// erasePerson takes one person out of everything.
func (s *server) erasePerson(c *fiber.Ctx) error {
	var f eraseForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	if why := wrong["typed"]; why != "" {
		return s.renderErase(c, fiber.StatusUnprocessableEntity, f, why)
	}
	err = s.Clerk.Erase(c.UserContext(), f.ID, f.Typed, signedIn(c).Person.ID)
	switch courses.KindOf(err) {
	case courses.Invalid, courses.Conflict:
		return s.renderErase(c, statuses[courses.KindOf(err)], f, s.reason(c, err))
	}
	if err != nil {
		return err
	}
	s.sessions.forget(f.ID)
	return s.goTo(c, "/people?note=erased")
}
