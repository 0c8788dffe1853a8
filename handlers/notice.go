package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/privacy"
	"melek/courses/store"
	"melek/locales"
)

// privacyRoutes are what the law gives people over their data, and the office's side of it.
func (s *server) privacyRoutes() []route {
	return []route{
		{fiber.MethodGet, "/privacy", people.Look, s.showNotice},
		{fiber.MethodPost, "/privacy", people.Learn, s.acknowledge},
		{fiber.MethodGet, "/me/data", people.Own, s.showMyData},
		{fiber.MethodGet, "/me/data.json", people.Own, s.saveMyData},
		{fiber.MethodGet, "/me/data.html", people.Own, s.saveMyPage},
		{fiber.MethodPost, "/me/data/ask", people.Own, s.askAboutData},
		{fiber.MethodPost, "/me/data/withdraw", people.Own, s.withdrawRequest},
		{fiber.MethodGet, "/processing", people.Govern, s.showProcessing},
		{fiber.MethodGet, "/processing.csv", people.Govern, s.saveProcessing},
		{fiber.MethodGet, "/retention", people.Govern, s.showRetention},
		{fiber.MethodGet, "/requests", people.Govern, s.showRequests},
		{fiber.MethodPost, "/requests/new", people.Govern, s.addRequest},
		{fiber.MethodPost, "/requests/answer", people.Govern, s.answerRequest},
		{fiber.MethodGet, "/people/erase", people.Roster, s.showErase},
		{fiber.MethodPost, "/people/erase", people.Roster, s.erasePerson},
	}
}

// noticePoints are the seven of UU 27/2022 Pasal 21, in its order.
var noticePoints = []string{"basis", "purpose", "kinds", "retention", "details", "period", "rights"}

// notice is what people are told before anything of theirs is recorded.
type notice struct {
	Controller, Contact string
	Points              []noticePoint
	Ending              string // what pressing the button means
	Button              string
}

type noticePoint struct{ Title, Text string }

// notice words the notice; all of it follows from the wordings and the office's settings.
func (s *server) notice(w *locales.Words) notice {
	o := s.Clerk.Office
	n := notice{Controller: w.T("notice.controller", o.Controller), Contact: w.T("notice.contact_office"),
		Ending: w.T("notice.ending"), Button: w.T("notice.button")}
	if o.Contact != "" {
		n.Contact = w.T("notice.contact", o.Contact)
	}
	if o.Basis == privacy.Consent {
		n.Ending, n.Button = w.T("notice.ending_consent"), w.T("notice.button_consent")
	}
	for _, point := range noticePoints {
		text := ""
		switch {
		case point == "basis":
			text = w.T("notice.basis_" + strings.ReplaceAll(string(o.Basis), "-", "_"))
		case point == "retention" && o.RetentionMonths > 0:
			text = w.T("notice.retention_months", o.RetentionMonths)
		default:
			text = w.T("notice." + point)
		}
		n.Points = append(n.Points, noticePoint{w.T("notice." + point + "_title"), text})
	}
	return n
}

// digestNotice names the present notice: another wording, in either language, or other settings give another
// name, and so it is shown again.
func (s *server) digestNotice() string {
	sum := sha256.New()
	for _, lang := range courses.Langs {
		sum.Write(fmt.Appendf(nil, "%+v\n", s.notice(s.book.Words(string(lang)))))
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

type noticePage struct {
	page
	notice
	Digest string
	// Acknowledged is when this very notice was acknowledged, zero where it was not; Offered says whether
	// there is somebody to acknowledge it.
	Acknowledged store.Acknowledgement
	Offered      bool
	Next         string
	Fault        string
}

func (s *server) showNotice(c *fiber.Ctx) error {
	return s.renderNotice(c, fiber.StatusOK, localPath(c.Query("next")), "")
}

func (s *server) renderNotice(c *fiber.Ctx, status int, next, fault string) error {
	p := noticePage{page: s.page(c, "notice.title"), Digest: s.noticeDigest, Next: next, Fault: fault}
	p.notice = s.notice(p.Words)
	if p.Role != "" {
		last, err := s.Store.Acknowledgement(c.UserContext(), p.Person.ID)
		if err != nil {
			return err
		}
		if last.Notice == p.Digest {
			p.Acknowledged = last
		}
		p.Offered = last.Notice != p.Digest
	}
	return s.render(c, status, "notice.html", p)
}

type noticeForm struct {
	Notice string `form:"notice" validate:"required,max=64"` // which was shown
	Next   string `form:"next" validate:"max=2000"`
}

// acknowledge keeps that the person has been shown the notice. A notice that has changed since it was shown
// is shown once more.
func (s *server) acknowledge(c *fiber.Ctx) error {
	if err := s.needKind(c, store.Browser, access.Hall); err != nil {
		return err
	}
	var f noticeForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	next, person := localPath(f.Next), signedIn(c).Person.ID
	if f.Notice != s.noticeDigest {
		return s.renderNotice(c, fiber.StatusConflict, next, s.words(c).T("problem.notice.old"))
	}
	last, err := s.Store.Acknowledgement(c.UserContext(), person)
	if err != nil {
		return err
	}
	if last.Notice != s.noticeDigest {
		err = s.Store.PutAcknowledgement(c.UserContext(), store.Acknowledgement{Person: person,
			Notice: s.noticeDigest, Basis: string(s.Clerk.Basis), At: s.Now().UTC()})
	}
	if err != nil {
		return err
	}
	s.informed.keep(person, s.noticeDigest)
	return s.goOn(c, next)
}

// inform leads whoever is signed in to the notice before the first record is made, and again when the notice
// has changed. What is sent while a changed notice waits is taken all the same, so that no answer is lost.
// Programs with a token read no notice, and the ready accounts of a simulation are nobody's.
func (s *server) inform(routes []route) []route {
	for i, r := range routes {
		if r.path == "/me" {
			continue
		}
		routes[i].handle = func(c *fiber.Ctx) error {
			told, err := s.isInformed(c)
			if err != nil {
				return err
			}
			if told {
				return r.handle(c)
			}
			next := s.path(c, s.pathBelow(c))
			return c.Redirect(s.path(c, "/privacy")+nextQuery(next), fiber.StatusSeeOther)
		}
	}
	return routes
}

// reads reports whether a person looks at the pages of a session of the kind.
func reads(kind store.SessionKind) bool { return kind == store.Browser || kind == access.Hall }

// isInformed reports whether the request may go on without the notice.
func (s *server) isInformed(c *fiber.Ctx) (bool, error) {
	entry := signedIn(c)
	person := entry.Person.ID
	if person == "" || !reads(entry.Session.Kind) || s.isReady(person) {
		return true, nil
	}
	last := s.informed.last(person)
	if last != s.noticeDigest {
		kept, err := s.Store.Acknowledgement(c.UserContext(), person)
		if err != nil {
			return false, err
		}
		if last = kept.Notice; last != "" {
			s.informed.keep(person, last)
		}
	}
	sends := c.Method() == fiber.MethodPost
	return last == s.noticeDigest || (sends && last != ""), nil
}

// isReady reports whether the person is a ready account of a simulation.
func (s *server) isReady(person string) bool {
	for _, a := range s.Accounts {
		if a.ID == person {
			return true
		}
	}
	return false
}

// informed remembers which notice people acknowledged last, so that a lesson costs no look-up.
type informed struct {
	mu    sync.RWMutex
	known map[string]string
}

func newInformed() *informed { return &informed{known: map[string]string{}} }

func (k *informed) last(person string) string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.known[person]
}

func (k *informed) keep(person, notice string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.known) >= mostStudents {
		clear(k.known)
	}
	k.known[person] = notice
}
