package handlers

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gofiber/fiber/v2"
	"golang.org/x/oauth2"

	"melek/courses"
	"melek/courses/people"
)

// Federation names the identity provider of an office, which speaks OpenID Connect. The zero Federation is
// none.
type Federation struct {
	Issuer       string
	ClientID     string
	ClientSecret string
}

// federation finds the provider when it is first needed, so that one that cannot be reached stops nothing
// else.
type federation struct {
	Federation
	mu       sync.Mutex
	provider *oidc.Provider
}

// callback is the path to which the provider sends people back.
const callback = "/oidc/callback"

// flightLife is how long people may take at the provider.
const flightLife = 10 * time.Minute

func (s *server) federationRoutes() []route {
	if s.federation.Issuer == "" {
		return nil
	}
	return []route{{fiber.MethodGet, callback, people.Enter, s.returnFromProvider}}
}

func (s *server) federationPages() []route {
	if s.federation.Issuer == "" {
		return nil
	}
	return []route{
		{fiber.MethodGet, "/sign-in/office", people.Enter, s.goToProvider},
		{fiber.MethodPost, "/me/office", people.Own, s.beginLink},
		{fiber.MethodPost, "/me/office/end", people.Own, s.endLink},
	}
}

// outward is how the provider is asked: it is given little time, and leads nowhere else.
var outward = &http.Client{
	Timeout:       10 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// client is what the program is to the provider.
func (s *server) client(ctx context.Context) (*oauth2.Config, *oidc.Provider, error) {
	f := &s.federation
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.provider == nil {
		// The provider fetches its keys again later, beyond this request.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), outward), f.Issuer)
		if err != nil {
			slog.Warn("the identity provider cannot be reached", "issuer", f.Issuer, "error", err)
			return nil, nil, courses.Problemf(courses.Unavailable, "oidc.away")
		}
		f.provider = found
	}
	return &oauth2.Config{ClientID: f.ClientID, ClientSecret: f.ClientSecret, Endpoint: f.provider.Endpoint(),
		RedirectURL: s.BaseURL + callback, Scopes: []string{oidc.ScopeOpenID}}, f.provider, nil
}

// flight is what a browser keeps while its person is at the provider.
type flight struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Lang     string `json:"l"`
	Next     string `json:"t,omitempty"`
	Person   string `json:"p,omitempty"` // who is being linked; empty for signing in
}

func (s *server) flightCookie() string { return s.cookieName() + "-office" }

// depart has the browser remember the flight and returns the provider's address.
func (s *server) depart(c *fiber.Ctx, f flight) (string, error) {
	client, _, err := s.client(c.UserContext())
	if err != nil {
		return "", err
	}
	f.State, f.Nonce, f.Verifier, f.Lang = rand.Text(), rand.Text(), oauth2.GenerateVerifier(), string(s.lang(c))
	kept, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	s.setFlight(c, base64.RawURLEncoding.EncodeToString(kept), s.Now().Add(flightLife))
	return client.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), nil
}

func (s *server) setFlight(c *fiber.Ctx, value string, expires time.Time) {
	c.Cookie(&fiber.Cookie{Name: s.flightCookie(), Value: value, Path: "/", HTTPOnly: true, Secure: s.secure(),
		SameSite: fiber.CookieSameSiteLaxMode, Expires: expires})
}

// goToProvider sends whoever wants to sign in to the office's identity provider.
func (s *server) goToProvider(c *fiber.Ctx) error {
	address, err := s.depart(c, flight{Next: localPath(c.Query("next"))})
	if err != nil {
		return err
	}
	return c.Redirect(address, fiber.StatusSeeOther)
}

type linkPage struct {
	page
	Address string
}

type linkForm struct {
	Current string `form:"current" validate:"required,max=200"`
}

// beginLink leads somebody who is signed in, and knows the password, to the provider to be linked. It is a
// page with a link, since a form may not lead to another site.
func (s *server) beginLink(c *fiber.Ctx) error {
	var f linkForm
	wrong, err := s.readForm(c, &f)
	if err != nil {
		return err
	}
	if wrong == nil {
		if wrong, err = s.confirm(c, f.Current); err != nil {
			return err
		}
	}
	if wrong != nil {
		return s.renderDevices(c, fiber.StatusUnprocessableEntity, endForm{}, wrong)
	}
	address, err := s.depart(c, flight{Person: signedIn(c).Person.ID})
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "office_link.html", linkPage{s.page(c, "office.link"), address})
}

// endLink takes the link of the person to the provider away.
func (s *server) endLink(c *fiber.Ctx) error {
	id := signedIn(c).Person.ID
	if err := s.Door.Link(c.UserContext(), id, ""); err != nil {
		return err
	}
	if err := s.note(c, "office.unlink", id, ""); err != nil {
		return err
	}
	return s.goTo(c, "/me/devices?note=unlinked")
}

// returnFromProvider signs in, or links, whom the provider vouches for. A browser that did not depart from
// here does not arrive.
func (s *server) returnFromProvider(c *fiber.Ctx) error {
	f, err := s.landed(c)
	if err != nil {
		return err
	}
	subject, err := s.vouched(c, f)
	if err != nil {
		return err
	}
	home := "/" + f.Lang
	if f.Person != "" {
		entry := signedIn(c)
		if entry.Person.ID != f.Person || !entry.Whole() {
			return courses.Problemf(courses.Unsigned, "signin.first")
		}
		if err := s.Door.Link(c.UserContext(), f.Person, subject); err != nil {
			return err
		}
		if err := s.note(c, "office.link", f.Person, ""); err != nil {
			return err
		}
		return c.Redirect(home+"/me/devices?note=linked", fiber.StatusSeeOther)
	}
	entry, err := s.Door.Federated(c.UserContext(), subject, deviceName(c))
	if err != nil {
		return err
	}
	s.logSignIn(c, entry, "office")
	s.setCookie(c, entry.Token, entry.Session.Expires)
	if way, ok := halfway[entry.Session.Kind]; ok {
		return c.Redirect(home+way+nextQuery(f.Next), fiber.StatusSeeOther)
	}
	if f.Next == "" {
		f.Next = home + "/"
	}
	return c.Redirect(f.Next, fiber.StatusSeeOther)
}

// landed returns the flight of the browser, which ends with it.
func (s *server) landed(c *fiber.Ctx) (flight, error) {
	var f flight
	stray := courses.Problemf(courses.Invalid, "oidc.stray")
	kept, err := base64.RawURLEncoding.DecodeString(c.Cookies(s.flightCookie()))
	s.setFlight(c, "", time.Unix(0, 0))
	if err != nil || json.Unmarshal(kept, &f) != nil || f.State == "" ||
		subtle.ConstantTimeCompare([]byte(f.State), []byte(c.Query("state"))) != 1 {
		return flight{}, stray
	}
	if !slices.Contains(courses.Langs, courses.Lang(f.Lang)) {
		f.Lang = string(courses.Indonesian)
	}
	f.Next = localPath(f.Next)
	return f, nil
}

// vouched asks the provider who came back: the code is good once, for this program and this flight.
func (s *server) vouched(c *fiber.Ctx, f flight) (subject string, err error) {
	client, provider, err := s.client(c.UserContext())
	if err != nil {
		return "", err
	}
	refused := func(why error) error {
		slog.Warn("the identity provider does not vouch", "request", requestID(c), "error", why)
		return courses.Problemf(courses.Forbidden, "oidc.refused")
	}
	ctx := oidc.ClientContext(c.UserContext(), outward)
	token, err := client.Exchange(ctx, c.Query("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return "", refused(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verifier := provider.Verifier(&oidc.Config{ClientID: s.federation.ClientID, Now: s.Now})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return "", refused(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Nonce)) != 1 {
		return "", refused(fmt.Errorf("the nonce is another one"))
	}
	return id.Issuer + " " + id.Subject, nil
}
