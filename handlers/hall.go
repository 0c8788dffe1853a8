package handlers

import (
	"log/slog"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/record"
	"melek/locales"
)

// hallRoutes are the way in for those who are at a workshop: its code, the own name, and that it is so.
func (s *server) hallRoutes() []route {
	return []route{
		{fiber.MethodGet, "/hall", people.Enter, s.showHall},
		{fiber.MethodPost, "/hall", people.Enter, s.showNames},
		{fiber.MethodPost, "/hall/name", people.Enter, s.confirmName},
		{fiber.MethodPost, "/hall/enter", people.Enter, s.enterHall},
	}
}

// hallForm is a workshop's code and, further on, the number of who says that the name is theirs.
type hallForm struct {
	Code   string `form:"workshop" validate:"required,max=20"`
	Person string `form:"person" validate:"max=64"`
	Next   string `form:"next" validate:"max=2000"` // what was asked for when a session had ended
}

// path is where the form is found below the language, as it is filled in.
func (f hallForm) path() string {
	q := url.Values{}
	if f.Code != "" {
		q.Set("code", f.Code)
	}
	if f.Next != "" {
		q.Set("next", f.Next)
	}
	if len(q) == 0 {
		return "/hall"
	}
	return "/hall?" + q.Encode()
}

type hallPage struct {
	page
	Form   hallForm
	Faults faults
	Fault  string // of the whole form
}

// showHall asks for the code; the address in a QR code brings it along.
func (s *server) showHall(c *fiber.Ctx) error {
	code := people.NormalCode(c.Query("code"))
	if len(code) > people.CodeLength {
		code = ""
	}
	return s.renderHall(c, fiber.StatusOK, hallForm{Code: code, Next: localPath(c.Query("next"))}, nil, "")
}

func (s *server) renderHall(c *fiber.Ctx, status int, f hallForm, wrong faults, fault string) error {
	s.ensureFormToken(c)
	return s.render(c, status, "hall.html", hallPage{page: s.page(c, "hall.title").at(f.path()), Form: f,
		Faults: wrong, Fault: fault})
}

// readHall reads the form and finds the workshop that its code opens; it has answered where there is none.
func (s *server) readHall(c *fiber.Ctx) (f hallForm, w people.Workshop, answered bool, err error) {
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return f, w, true, err
	}
	f.Next = localPath(f.Next)
	if wrong != nil {
		return f, w, true, s.renderHall(c, fiber.StatusUnprocessableEntity, f, wrong, "")
	}
	w, err = s.Door.OpenedBy(c.UserContext(), f.Code, s.clientAddress(c))
	if kind := courses.KindOf(err); kind == courses.Unsigned || kind == courses.Limited {
		slog.Warn("workshop code refused", "request", requestID(c), "why", kind.Error())
		return f, w, true, s.renderHall(c, statuses[kind], f, nil, s.reason(c, err))
	}
	f.Code = w.Code
	return f, w, err != nil, err
}

type namesPage struct {
	page
	Form     hallForm
	Workshop people.Workshop
	Places   []namesOfPlace
	Many     bool // too many to be looked through: the village is chosen first
	Fault    string
}

// fewNames is how many names are shown all at once.
const fewNames = 12

// namesOfPlace are the names of one village.
type namesOfPlace struct {
	Place  string
	People []listedPerson
}

// showNames lets choose the own name among those on the roster, village by village.
func (s *server) showNames(c *fiber.Ctx) error {
	f, w, answered, err := s.readHall(c)
	if answered {
		return err
	}
	return s.renderNames(c, fiber.StatusOK, f, w, "")
}

func (s *server) renderNames(c *fiber.Ctx, status int, f hallForm, w people.Workshop, fault string) error {
	names, err := s.Door.Names(c.UserContext(), w)
	if err != nil {
		return err
	}
	s.ensureFormToken(c)
	p := namesPage{page: s.page(c, "hall.names").at(f.path()), Form: f, Workshop: w,
		Many: len(names) > fewNames, Fault: fault}
	where := s.placeName
	if s.inOneDistrict(names) {
		where = func(w *locales.Words, code string) string {
			area, _ := s.Region.Area(code)
			return areaName(w, area)
		}
	}
	for _, person := range names {
		listed := s.listed(p.page, person)
		listed.Place = where(p.Words, person.Posting(s.Now(), s.Zone).Area)
		i := slices.IndexFunc(p.Places, func(n namesOfPlace) bool { return n.Place == listed.Place })
		if i < 0 {
			i = len(p.Places)
			p.Places = append(p.Places, namesOfPlace{Place: listed.Place})
		}
		p.Places[i].People = append(p.Places[i].People, listed)
	}
	slices.SortFunc(p.Places, func(a, b namesOfPlace) int { return strings.Compare(a.Place, b.Place) })
	for _, place := range p.Places {
		slices.SortStableFunc(place.People, func(a, b listedPerson) int { return strings.Compare(a.Name, b.Name) })
	}
	return s.render(c, status, "hall_names.html", p)
}

// inOneDistrict reports whether all serve in one kecamatan, so that a village is told by its name alone.
func (s *server) inOneDistrict(names []people.Person) bool {
	var codes []string
	for _, person := range names {
		district, ok := s.Region.Ancestor(person.Posting(s.Now(), s.Zone).Area, people.District)
		if !ok {
			return false
		}
		codes = append(codes, district.Code)
	}
	slices.Sort(codes)
	return len(slices.Compact(codes)) == 1
}

type sureName struct {
	page
	Form     hallForm
	Workshop people.Workshop
	Who      listedPerson
}

// confirmName asks whether the name that was pressed is the right one: on a small screen the next is near.
func (s *server) confirmName(c *fiber.Ctx) error {
	f, w, answered, err := s.readHall(c)
	if answered {
		return err
	}
	names, err := s.Door.Names(c.UserContext(), w)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(names, func(p people.Person) bool { return p.ID == f.Person })
	if i < 0 {
		return s.renderNames(c, fiber.StatusUnprocessableEntity, f, w, s.words(c).T("problem.hall.unlisted"))
	}
	p := s.page(c, "hall.sure").at(f.path())
	return s.render(c, fiber.StatusOK, "hall_sure.html", sureName{p, f, w, s.listed(p, names[i])})
}

// enterHall lets somebody on the roster in until the end of the day.
func (s *server) enterHall(c *fiber.Ctx) error {
	f, w, answered, err := s.readHall(c)
	if answered {
		return err
	}
	if old := signedIn(c); old.Session.Workshop == w.ID && old.Person.ID == f.Person {
		return s.goOn(c, f.Next) // pressed twice
	}
	entry, err := s.Door.Enter(c.UserContext(), f.Code, f.Person,
		access.Try{Address: s.clientAddress(c), Label: deviceName(c)})
	switch kind := courses.KindOf(err); {
	case kind == courses.Unsigned || kind == courses.Conflict || kind == courses.Limited:
		return s.renderNames(c, statuses[kind], f, w, s.reason(c, err))
	case err != nil:
		return err
	}
	if err := s.leaveOld(c); err != nil {
		return err
	}
	s.logSignIn(c, entry, "workshop")
	return s.enter(c, entry, f.Next)
}

// mayStudy refuses a course that the session is not for: one of a workshop is for what is taught there.
func mayStudy(c *fiber.Ctx, course string) error {
	if signedIn(c).Studies(course) {
		return nil
	}
	return courses.Problemf(courses.Forbidden, "hall.other_course")
}

// mayTell refuses a record that the session is not for, of another course, workshop or day.
func mayTell(c *fiber.Ctx, r *record.Record) error {
	if err := mayStudy(c, r.Course); err != nil {
		return err
	}
	if signedIn(c).Tells(r.Workshop, r.Time()) {
		return nil
	}
	return courses.Problemf(courses.Forbidden, "hall.other_day")
}
