package handlers

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image"
	"image/png"
	"net/url"
	"slices"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/store"
)

// workshopRoutes are the pages of those who plan workshops and run them.
func (s *server) workshopRoutes() []route {
	const one = "/workshops/:workshop"
	return []route{
		{fiber.MethodGet, "/workshops", people.Hold, s.showWorkshops},
		{fiber.MethodGet, "/workshops/new", people.Hold, s.showNewWorkshop},
		{fiber.MethodPost, "/workshops/new", people.Hold, s.planWorkshop},
		{fiber.MethodGet, one, people.Hold, s.showWorkshop},
		{fiber.MethodGet, one + "/edit", people.Hold, s.showEditWorkshop},
		{fiber.MethodPost, one + "/edit", people.Hold, s.changePlan},
		{fiber.MethodPost, one + "/cancel", people.Hold, s.cancelWorkshop},
		{fiber.MethodGet, one + "/screen", people.Hold, s.showScreen},
		{fiber.MethodPost, one + "/code", people.Hold, s.changeCode},
		{fiber.MethodGet, one + "/roster", people.Hold, s.showEnlist},
		{fiber.MethodPost, one + "/roster", people.Hold, s.enlist},
		{fiber.MethodPost, one + "/strike", people.Hold, s.strike},
		{fiber.MethodPost, one + "/release", people.Hold, s.release},
	}
}

// held is the workshop of the address, where the one who is signed in may see and change it. One that is not
// there is refused alike.
func (s *server) held(c *fiber.Ctx) (people.Workshop, error) {
	w, err := s.Store.Workshop(c.UserContext(), c.Params("workshop"))
	if err != nil && courses.KindOf(err) != courses.NotFound {
		return people.Workshop{}, err
	}
	if err != nil || !signedIn(c).Duty.Holds(&w, s.Region) {
		return people.Workshop{}, courses.Problemf(courses.Forbidden, "workshop.reach")
	}
	return w, nil
}

// changeWorkshop changes the workshop of the address. Whose reach or session that changes has the new one at
// once.
func (s *server) changeWorkshop(c *fiber.Ctx, change func(*people.Workshop) error) error {
	var before, after people.Workshop
	err := s.Store.ChangeWorkshop(c.UserContext(), c.Params("workshop"), func(w *people.Workshop) error {
		if w.By == "" || !signedIn(c).Duty.Holds(w, s.Region) {
			return courses.Problemf(courses.Forbidden, "workshop.reach")
		}
		before = *w
		if err := change(w); err != nil {
			return err
		}
		w.By, w.At = signedIn(c).Person.ID, s.Now().UTC()
		w.Tidy()
		after = *w
		return w.Check(s.Region)
	})
	if err != nil {
		return err
	}
	for _, id := range slices.Concat(before.Facilitators, after.Facilitators, before.Roster) {
		s.sessions.forget(id)
	}
	return nil
}

type workshopsPage struct {
	page
	Coming, Past []listedWorkshop
}

type listedWorkshop struct {
	people.Workshop
	When, Where string
	Today, Last bool // it is held today, for the last day
}

// showWorkshops lists the workshops of the one who is signed in: those that come first, then those that were.
func (s *server) showWorkshops(c *fiber.Ctx) error {
	duty := signedIn(c).Duty
	q := store.WorkshopsQuery{}
	if duty.Role == people.Facilitator {
		q.Facilitator = duty.Person
	} else {
		reach, err := s.reach(c)
		if err != nil {
			return err
		}
		q.Areas = s.areasIn(reach)
	}
	found, err := s.Store.Workshops(c.UserContext(), q)
	if err != nil {
		return err
	}
	p := workshopsPage{page: s.page(c, "workshops.title").wide()}
	today := s.Now().In(s.Zone).Format(time.DateOnly)
	for _, w := range found {
		if listed := s.listedWorkshop(p.page, w); w.To >= today {
			p.Coming = append(p.Coming, listed)
		} else {
			p.Past = append(p.Past, listed)
		}
	}
	slices.Reverse(p.Coming) // the next one first
	return s.render(c, fiber.StatusOK, "workshops.html", p)
}

func (s *server) listedWorkshop(p page, w people.Workshop) listedWorkshop {
	today := s.Now().In(s.Zone).Format(time.DateOnly)
	l := listedWorkshop{Workshop: w, When: p.Days(w.From, w.To), Where: s.placeName(p.Words, w.Area),
		Today: w.From <= today && today <= w.To && !w.Cancelled, Last: today == w.To}
	if w.Place != "" {
		l.Where = w.Place + ", " + l.Where
	}
	return l
}

type workshopPage struct {
	page
	listedWorkshop
	Courses      []string
	Facilitators []string
	Door         string // what the code does now: open, closed, early or over
	Code         string // in two groups
	Entrance     string // the address that is typed in
	Image        template.URL
	Local        bool // the address leads to this computer only
	Roster       []enlistedPerson
	Inside       int
	Said         string
}

type enlistedPerson struct {
	listedPerson
	In    bool
	On    string // the device that they are in with
	Since time.Time
}

// what a page may say of what has just been done to a workshop.
var workshopNotes = []string{"planned", "changed", "code", "closed", "enlisted", "struck", "released",
	"cancelled", "restored"}

// showWorkshop shows one workshop: how people get in, and who is on the roster and who is in.
func (s *server) showWorkshop(c *fiber.Ctx) error {
	w, err := s.held(c)
	if err != nil {
		return err
	}
	p, err := s.workshopPage(c, w)
	if err != nil {
		return err
	}
	if said := c.Query("said"); slices.Contains(workshopNotes, said) {
		p.Said = p.T("workshop.said_" + said)
	}
	if p.Roster, err = s.enlisted(c, p.page, w); err != nil {
		return err
	}
	for _, person := range p.Roster {
		if person.In {
			p.Inside++
		}
	}
	return s.render(c, fiber.StatusOK, "workshop.html", p)
}

func (s *server) workshopPage(c *fiber.Ctx, w people.Workshop) (workshopPage, error) {
	base := s.titled(c, w.Title).wide()
	p := workshopPage{page: base, listedWorkshop: s.listedWorkshop(base, w), Door: s.doorState(w),
		Entrance: s.BaseURL + s.path(c, "/hall"), Local: local(s.BaseURL)}
	for _, id := range w.Courses {
		if course, ok := s.Catalog.Current(id); ok {
			p.Courses = append(p.Courses, base.Say(course.Title))
		}
	}
	runs, err := s.Store.People(c.UserContext(), store.PeopleQuery{IDs: w.Facilitators})
	if err != nil {
		return p, err
	}
	for _, person := range runs {
		p.Facilitators = append(p.Facilitators, person.Name)
	}
	if w.Code != "" {
		p.Code = w.Code[:len(w.Code)/2] + " " + w.Code[len(w.Code)/2:]
		p.Image, err = drawCode(p.Entrance + "?code=" + w.Code)
	}
	return p, err
}

// doorState says what the workshop's code does today.
func (s *server) doorState(w people.Workshop) string {
	today := s.Now().In(s.Zone).Format(time.DateOnly)
	switch {
	case w.Cancelled:
		return "cancelled"
	case today > w.To:
		return "over"
	case w.Code == "":
		return "closed"
	case today < w.From:
		return "early"
	}
	return "open"
}

// local reports whether an address leads to the computer that asks for it, wherever that is.
func local(address string) bool {
	u, err := url.Parse(address)
	return err == nil && slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}

// drawCode draws an address as a QR code that stands in the page: it is kept nowhere.
func drawCode(address string) (template.URL, error) {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return "", err
	}
	const cell = 8 // pixels of the smallest square
	size := code.Bounds().Dx() * cell
	scaled, err := barcode.Scale(code, size, size)
	if err != nil {
		return "", err
	}
	return inPage(scaled)
}

// inPage is a picture as an address that holds it whole.
func inPage(picture image.Image) (template.URL, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return "", err
	}
	address := "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
	return template.URL(address), nil //nolint:gosec // a picture that we drew
}

// showScreen shows how to get in, large enough for a hall.
func (s *server) showScreen(c *fiber.Ctx) error {
	w, err := s.held(c)
	if err != nil {
		return err
	}
	p, err := s.workshopPage(c, w)
	if err != nil {
		return err
	}
	inside, err := s.Door.Inside(c.UserContext(), w)
	p.Inside = len(inside)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "workshop_screen.html", p)
}

// doorForm says what is done to the door of a workshop, or to the workshop.
type doorForm struct {
	Do string `form:"do" validate:"required,oneof=new close cancel restore"`
}

// changeCode makes a new code, closes the door by taking the code away, or opens it with a new one.
func (s *server) changeCode(c *fiber.Ctx) error {
	var f doorForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	code, said := "", "closed"
	if f.Do == "new" {
		var err error
		if code, err = s.Door.NewHallCode(c.UserContext()); err != nil {
			return err
		}
		said = "code"
	}
	err := s.changeWorkshop(c, func(w *people.Workshop) error {
		w.Code = code
		return nil
	})
	if err != nil {
		return err
	}
	return s.toWorkshop(c, "workshop.code", said)
}

// cancelWorkshop calls a workshop off, or on again. Whoever is in by its code is out.
func (s *server) cancelWorkshop(c *fiber.Ctx) error {
	var f doorForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	off, said := f.Do == "cancel", "restored"
	if off {
		said = "cancelled"
	}
	err := s.changeWorkshop(c, func(w *people.Workshop) error {
		w.Cancelled = off
		return nil
	})
	if err != nil {
		return err
	}
	return s.toWorkshop(c, "workshop.cancel", said)
}

// toWorkshop ends what was done to the workshop of the address: each of the people it was done to, or else
// the workshop itself, has a line in the audit log, and the page says it.
func (s *server) toWorkshop(c *fiber.Ctx, action, said string, persons ...string) error {
	if len(persons) == 0 {
		if err := s.note(c, action, c.Params("workshop"), said); err != nil {
			return err
		}
	}
	for _, id := range persons {
		if err := s.note(c, action, id, c.Params("workshop")); err != nil {
			return err
		}
	}
	return s.goTo(c, "/workshops/"+url.PathEscape(c.Params("workshop"))+"?said="+said)
}
