package handlers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/mileusna/useragent"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

// ownRoutes are where people look after their own account.
func (s *server) ownRoutes() []route {
	return []route{
		{fiber.MethodGet, "/me/devices", people.Own, s.showDevices},
		{fiber.MethodPost, "/me/devices/end", people.Own, s.endDevice},
		{fiber.MethodGet, "/me/tokens", people.Tokens, s.showNewToken},
		{fiber.MethodPost, "/me/tokens", people.Tokens, s.makeToken},
	}
}

// deviceName is what a session is called in the list: the browser and the system, as far as it says.
func deviceName(c *fiber.Ctx) string {
	const longest = 60
	ua := useragent.Parse(c.Get(fiber.HeaderUserAgent))
	name := ua.Name
	if ua.OS != "" {
		name += " · " + ua.OS
	}
	if runes := []rune(name); len(runes) > longest {
		name = string(runes[:longest])
	}
	return name
}

type devicesPage struct {
	page
	Note    string
	Devices []device
	Tokens  []device
	Several bool // there is another device than this one
	Second  bool // a second factor is taken up
	Offered bool // the role may have one
	// Federated is set where the office has an identity provider, and Linked where the person is linked to it.
	Federated, Linked bool
	Faults            faults
	// Ending is what is to be ended once who asks has proved to be the one.
	Ending       endForm
	EndingLabel  string
	Confirmation confirmation
}

type device struct {
	Key     string // names it in forms
	Label   string
	Scope   string // what a token is for, in words
	MadeAt  time.Time
	SeenAt  time.Time
	Expires time.Time
	This    bool
	Hall    bool // somebody came in under the name at a workshop
}

// showDevices lists where the person is signed in and which tokens hold.
func (s *server) showDevices(c *fiber.Ctx) error {
	return s.renderDevices(c, fiber.StatusOK, endForm{}, nil)
}

func (s *server) renderDevices(c *fiber.Ctx, status int, ending endForm, wrong faults) error {
	entry := signedIn(c)
	sessions, err := s.Door.Sessions(c.UserContext(), entry.Person)
	if err != nil {
		return err
	}
	credential, err := s.Store.Credential(c.UserContext(), entry.Person.ID)
	if err != nil {
		return err
	}
	p := devicesPage{page: s.page(c, "devices.title"), Second: credential.Second != "",
		Offered: access.IsOffice(entry.Duty.Role), Faults: wrong,
		Federated: s.federation.Issuer != "", Linked: credential.Subject != "", Ending: ending}
	p.page = p.at("/me/devices")
	p.Note = p.note(c)
	if ending.Key == othersKey {
		p.EndingLabel = p.T("devices.end_others")
	}
	if ending.Key != "" {
		p.Faults = nil
		if p.Confirmation, err = s.confirmation(c, wrong["current"]); err != nil {
			return err
		}
	}
	for _, session := range sessions {
		d := device{Key: session.Hash, Label: session.Label, MadeAt: session.MadeAt, SeenAt: session.SeenAt,
			Expires: session.Expires, This: session.Hash == entry.Session.Hash}
		if session.Hash == ending.Key {
			p.EndingLabel = cmp.Or(session.Label, p.T("devices.unnamed"))
		}
		switch session.Kind {
		case store.Token:
			d.Scope = scopeInWords(p.page, session.Scope)
			p.Tokens = append(p.Tokens, d)
		case store.Browser, access.Hall:
			d.Hall = session.Kind == access.Hall
			p.Devices = append(p.Devices, d)
			p.Several = p.Several || !d.This
		}
	}
	return s.render(c, status, "devices.html", p)
}

type endForm struct {
	Key     string `form:"key" validate:"required,max=64"` // of a session, or othersKey
	Current string `form:"current" validate:"max=200"`
}

// othersKey stands for all devices but this one.
const othersKey = "others"

// endDevice ends one session or token of the person, or all devices but this one. Ending it again changes
// nothing.
func (s *server) endDevice(c *fiber.Ctx) error {
	var f endForm
	if wrong, err := s.readForm(c, &f); err != nil || wrong != nil {
		return malformed(err)
	}
	if wrong, err := s.prove(c, f.Current); err != nil || wrong != nil {
		if err != nil {
			return err
		}
		if !c.Context().PostArgs().Has("current") { // it was not asked for yet
			wrong = nil
		}
		return s.renderDevices(c, fiber.StatusUnprocessableEntity, endForm{Key: f.Key}, wrong)
	}
	entry := signedIn(c)
	sessions, err := s.Door.Sessions(c.UserContext(), entry.Person)
	if err != nil {
		return err
	}
	for _, session := range sessions {
		others := f.Key == othersKey && session.Kind != store.Token && session.Hash != entry.Session.Hash
		if session.Hash != f.Key && !others {
			continue
		}
		if err := s.Door.End(c.UserContext(), entry.Person.ID, session.Hash); err != nil {
			return err
		}
		if session.Kind == store.Token {
			if err := s.note(c, "token.end", entry.Person.ID, session.Label); err != nil {
				return err
			}
		}
	}
	s.sessions.forget(entry.Person.ID)
	return s.goTo(c, "/me/devices?note=ended")
}

// endSessions ends every session and token of somebody, by an administrator. One's own are ended one by one.
func (s *server) endSessions(c *fiber.Ctx) error {
	var f pressedForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	person, err := s.another(c, f.ID, "sessions.own")
	if err != nil {
		return err
	}
	if err := s.Door.EndAll(c.UserContext(), person.ID); err != nil {
		return err
	}
	return s.afterChange(c, "sessions.end", person.ID, "")
}

// malformed is what a form is that no page of ours sends.
func malformed(err error) error {
	if err != nil {
		return err
	}
	return courses.Problemf(courses.Invalid, "page.malformed")
}

// scopes are the acts that a token can be narrowed to: those that the API has.
var scopes = []people.Act{people.Send, people.Report, people.Review}

// tokenDays are how long a token may hold.
var tokenDays = []string{"30", "90", "365"}

type tokenForm struct {
	Label string   `form:"label" validate:"required,max=60"`
	Acts  []string `form:"acts" validate:"required,max=5,dive,oneof=send report review"`
	Days  int      `form:"days" validate:"oneof=30 90 365"`

	Current string `form:"current" validate:"max=200"`
}

type tokenPage struct {
	page
	Form         tokenForm
	Acts         []choice
	Days         []choice
	Faults       faults
	Confirmation confirmation
	Made         string // the token, shown once; empty on the form
	Ends         time.Time
}

func (s *server) showNewToken(c *fiber.Ctx) error {
	return s.renderToken(c, fiber.StatusOK, tokenForm{Days: 90}, nil)
}

func (s *server) renderToken(c *fiber.Ctx, status int, f tokenForm, wrong faults) error {
	f.Current = ""
	p := tokenPage{page: s.page(c, "tokens.new"), Form: f, Faults: wrong}
	var err error
	if p.Confirmation, err = s.confirmation(c, wrong["current"]); err != nil {
		return err
	}
	for _, act := range scopes {
		if signedIn(c).May(act) {
			chosen := slices.Contains(f.Acts, string(act))
			p.Acts = append(p.Acts, choice{string(act), p.T("tokens.act_" + string(act)), chosen})
		}
	}
	for _, days := range tokenDays {
		p.Days = append(p.Days, choice{days, p.T("tokens.days_" + days), days == strconv.Itoa(f.Days)})
	}
	return s.render(c, status, "token.html", p)
}

// makeToken makes a token for a program, and shows it once.
func (s *server) makeToken(c *fiber.Ctx) error {
	var f tokenForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	if wrong == nil {
		if wrong, err = s.prove(c, f.Current); err != nil {
			return err
		}
	}
	if wrong != nil {
		return s.renderToken(c, fiber.StatusUnprocessableEntity, f, wrong)
	}
	entry := signedIn(c)
	grant := access.Grant{Label: f.Label, Life: time.Duration(f.Days) * 24 * time.Hour}
	for _, act := range f.Acts {
		if !entry.May(people.Act(act)) {
			return courses.Problemf(courses.Forbidden, "page.forbidden")
		}
		grant.Acts = append(grant.Acts, people.Act(act))
	}
	made, err := s.Door.MakeToken(c.UserContext(), entry.Person, grant)
	if err != nil {
		return err
	}
	if err := s.note(c, "token.make", entry.Person.ID, made.Session.Scope+" "+f.Label); err != nil {
		return err
	}
	p := tokenPage{page: s.page(c, "tokens.made"), Form: f, Made: made.Token, Ends: made.Session.Expires}
	return s.render(c, fiber.StatusOK, "token.html", p)
}

// scopeInWords says what a token is for.
func scopeInWords(p page, scope string) string {
	words := ""
	for _, act := range scopes {
		if slices.Contains(strings.Fields(scope), string(act)) {
			if words != "" {
				words += "; "
			}
			words += p.T("tokens.act_" + string(act))
		}
	}
	if words == "" {
		return p.T("tokens.act_all")
	}
	return words
}
