package handlers

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/privacy"
	"melek/courses/record"
	"melek/courses/store"
)

// recordsShown is how many records the page shows; the files have all.
const recordsShown = 50

// dataRow is one line of what is held, in words.
type dataRow struct{ Name, Value string }

// heldRecord is one record in words.
type heldRecord struct {
	At           time.Time
	What, Detail string
}

// dossierView is everything held on one person, in plain words.
type dossierView struct {
	MadeAt      time.Time
	Particulars []dataRow
	Postings    []listedPosting
	SignIn      []string
	Sessions    []store.Session
	Progress    []dataRow
	Allowances  []heldRecord
	Workshops   []heldRecord
	Records     []heldRecord
	Left        int // records that are in the files only
	Lines       []heldRecord
}

type myDataPage struct {
	page
	dossierView
	Note     string
	Requests []requestRow
	Kinds    []choice
	Form     askForm
	Faults   faults
}

// fileDossier is the same as a file to be kept.
type fileDossier struct {
	page
	dossierView
	Requests []requestRow
}

// showMyData shows people what is held on them, and what became of what they asked.
func (s *server) showMyData(c *fiber.Ctx) error {
	return s.renderMyData(c, fiber.StatusOK, askForm{}, nil)
}

func (s *server) renderMyData(c *fiber.Ctx, status int, f askForm, wrong faults) error {
	p := s.page(c, "mydata.title").at("/me/data")
	d, err := s.Clerk.Dossier(c.UserContext(), p.Person.ID)
	if err != nil {
		return err
	}
	view := myDataPage{page: p, dossierView: s.dossier(p, d), Note: p.note(c), Form: f, Faults: wrong,
		Requests: s.requestRows(p, d.Requests), Kinds: p.requestKinds(store.RequestKind(f.Kind))}
	if n := len(view.Records); n > recordsShown {
		view.Records, view.Left = view.Records[n-recordsShown:], n-recordsShown
	}
	return s.render(c, status, "mydata.html", view)
}

func (p page) requestKinds(chosen store.RequestKind) []choice {
	var kinds []string
	for _, kind := range privacy.Kinds {
		kinds = append(kinds, string(kind))
	}
	return p.choices("mydata.ask_", string(chosen), kinds...)
}

// saveMyData sends everything that is held as a file for programs.
func (s *server) saveMyData(c *fiber.Ctx) error {
	d, err := s.Clerk.Dossier(c.UserContext(), signedIn(c).Person.ID)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	return sendFile(c, "data-saya.json", fiber.MIMEApplicationJSONCharsetUTF8, body)
}

// saveMyPage sends everything that is held as a page to be read and printed without Melek.
func (s *server) saveMyPage(c *fiber.Ctx) error {
	p := s.page(c, "mydata.title")
	d, err := s.Clerk.Dossier(c.UserContext(), p.Person.ID)
	if err != nil {
		return err
	}
	view := fileDossier{p, s.dossier(p, d), s.requestRows(p, d.Requests)}
	body, err := s.pages.part("mydata_file.html", "file", view)
	if err != nil {
		return err
	}
	return sendFile(c, "data-saya.html", fiber.MIMETextHTMLCharsetUTF8, body)
}

// dossier puts what is held into words.
func (s *server) dossier(p page, d privacy.Dossier) dossierView {
	v := dossierView{MadeAt: d.MadeAt, Sessions: d.Sessions, Postings: s.listPostings(p, d.Person)}
	v.particulars(p, d)
	v.SignIn = append(v.SignIn, p.T("mydata.no_pin"))
	if d.SignIn.HasPIN {
		v.SignIn[0] = p.T("mydata.has_pin")
	}
	if d.SignIn.HasSecond {
		v.SignIn = append(v.SignIn, p.T("mydata.has_second"))
	}
	if !d.SignIn.CodeExpires.IsZero() {
		v.SignIn = append(v.SignIn, p.T("people.code_until", d.SignIn.CodeExpires))
	}
	v.progress(p, s.Catalog.Courses(), d.Progress)
	for _, a := range d.Allowances {
		v.Allowances = append(v.Allowances, heldRecord{a.At, s.courseTitle(p, a.Course),
			p.T("phase."+string(a.Phase)) + ", " + p.T("mydata.by", a.By)})
	}
	for _, w := range d.Workshops {
		v.Workshops = append(v.Workshops, heldRecord{What: w.Title, Detail: s.workshopPlace(p, w)})
	}
	for _, e := range d.Records {
		v.Records = append(v.Records, s.heldRecord(p, e))
	}
	for _, l := range d.Lines {
		by := p.T("mydata.by", l.By)
		if l.By == p.Person.ID {
			by = p.T("mydata.by_you")
		}
		v.Lines = append(v.Lines, heldRecord{l.At, p.actionName(l.Action), strings.TrimSpace(by + " " + l.Detail)})
	}
	return v
}

func (v *dossierView) particulars(p page, d privacy.Dossier) {
	add := func(key, value string) {
		if value != "" {
			v.Particulars = append(v.Particulars, dataRow{p.T(key), value})
		}
	}
	f := formOf(d.Person)
	add("people.name", f.Name)
	add("people.number", f.ID)
	add("people.role", p.T("role."+f.Role))
	add("people.phone", f.Phone)
	add("people.birth_year", f.BirthYear)
	if f.Language != "" {
		add("people.language", p.T("people.language_"+f.Language))
	}
	if f.Gender != "" {
		add("people.gender", p.T("people.gender_"+f.Gender))
	}
	if at := d.Acknowledgement.At; !at.IsZero() {
		add("mydata.notice_read", p.Moment(at))
	}
}

// progress sums up each course that was begun.
func (v *dossierView) progress(p page, all []*courses.Course, state record.State) {
	for _, course := range all {
		begun := state.Courses[course.ID]
		if begun == nil {
			continue
		}
		text := []string{p.T("mydata.modules", len(begun.Done), len(course.Modules))}
		for _, a := range begun.Attempts {
			if a.Marks != nil {
				text = append(text, p.T("mydata.test", p.T("phase."+string(a.Phase)), a.Marks.Score()))
			}
		}
		v.Progress = append(v.Progress, dataRow{p.Say(course.Title), strings.Join(text, "; ")})
	}
}

// workshopPlace says when and where a workshop is, and what the person does there.
func (s *server) workshopPlace(p page, w privacy.Workshop) string {
	parts := []string{p.Days(w.From, w.To), w.Place, s.placeName(p.Words, w.Area), p.T("mydata.workshop_comes")}
	if w.Runs {
		parts[3] = p.T("mydata.workshop_runs")
	}
	if w.Cancelled {
		parts = append(parts, p.T("mydata.workshop_off"))
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "; ")
}

// heldRecord puts one record into words: what happened, where, and what was answered.
func (s *server) heldRecord(p page, e record.Entry) heldRecord {
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	add(s.courseTitle(p, e.Course))
	add(e.Module)
	if e.Phase != "" {
		add(p.T("phase." + string(e.Phase)))
	}
	for _, item := range slices.Sorted(maps.Keys(e.Answers)) {
		add(item + ": " + strings.Join(e.Answers[item], ", "))
	}
	if e.Score != nil {
		add(p.T("mydata.marks", e.Score.Raw, e.Score.Max))
	}
	if e.By != "" {
		add(p.T("mydata.by", e.By))
	}
	return heldRecord{e.Time(), p.T("mydata.kind_" + string(e.Kind)), strings.Join(parts, "; ")}
}

// courseTitle is a course's title or, where it is not known here, its id.
func (s *server) courseTitle(p page, id string) string {
	if course, ok := s.Catalog.Current(id); ok {
		return p.Say(course.Title)
	}
	return id
}

// askAboutData puts what the person asks for in the register.
func (s *server) askAboutData(c *fiber.Ctx) error {
	var f askForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	if f.Person = signedIn(c).Person.ID; wrong == nil {
		wrong, err = s.ask(c, f, "text")
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderMyData(c, fiber.StatusUnprocessableEntity, f, wrong)
	}
	return s.goTo(c, "/me/data?note=asked")
}

// withdrawRequest takes the person's own request back.
func (s *server) withdrawRequest(c *fiber.Ctx) error {
	var f pressedForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	if err := s.Clerk.Withdraw(c.UserContext(), f.ID, signedIn(c).Person.ID); err != nil {
		return err
	}
	return s.goTo(c, "/me/data?note=withdrawn")
}
