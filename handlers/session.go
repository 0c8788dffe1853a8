package handlers

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

// Names of what a handler finds in a request's locals: who is signed in, and the request's id.
const (
	entryKey   = "entry"
	requestKey = "request"
)

// formTokenName is the hidden field that a form brings for browsers that do not say where a request
// comes from.
const formTokenName = "token"

// formToken is what the pages of this browser put there: only who reads them, or holds the secret in the
// browser's cookie, can know it. A browser that has neither cookie has no token.
func (s *server) formToken(c *fiber.Ctx) string {
	secret := c.Cookies(s.cookieName())
	if secret == "" {
		secret = c.Cookies(s.formCookieName())
	}
	if secret == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("form " + secret))
	return hex.EncodeToString(sum[:16])
}

// formCookieName is the cookie on which the token of somebody rests who is not signed in.
func (s *server) formCookieName() string { return s.cookieName() + "-form" }

// ensureFormToken gives the browser what a token rests on. It goes before the page is made.
func (s *server) ensureFormToken(c *fiber.Ctx) {
	if s.formToken(c) != "" {
		return
	}
	secret := rand.Text()
	c.Request().Header.SetCookie(s.formCookieName(), secret)
	c.Cookie(&fiber.Cookie{Name: s.formCookieName(), Value: secret, Path: "/", HTTPOnly: true,
		Secure: s.secure(), SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true})
}

func (s *server) secure() bool { return strings.HasPrefix(s.BaseURL, "https://") }

// cookieName carries the prefix that binds it to this host where browsers allow that.
func (s *server) cookieName() string {
	if s.secure() {
		return "__Host-melek"
	}
	return "melek"
}

func (s *server) setCookie(c *fiber.Ctx, token string, expires time.Time) {
	c.Cookie(&fiber.Cookie{Name: s.cookieName(), Value: token, Path: "/", Expires: expires, HTTPOnly: true,
		Secure: s.secure(), SameSite: fiber.CookieSameSiteLaxMode})
}

func (s *server) clearCookie(c *fiber.Ctx) { s.setCookie(c, "", time.Unix(0, 0)) }

func bearer(c *fiber.Ctx) string {
	token, ok := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// admit lets those in who may do the act, and leaves who it is for the handler.
func (s *server) admit(act people.Act) fiber.Handler {
	return func(c *fiber.Ctx) error {
		entry, err := s.who(c)
		if err == nil {
			c.Locals(entryKey, entry)
		}
		if err := s.measure(c, entry); err != nil {
			return err
		}
		if act.Public() {
			return c.Next()
		}
		if err != nil {
			return err
		}
		if way, ok := halfway[entry.Session.Kind]; ok {
			return courses.Problemf(courses.Unsigned, halfwayKeys[way])
		}
		if !entry.May(act) {
			slog.Warn("refused", "request", requestID(c), "person", entry.Person.ID, "act", string(act))
			if entry.Session.Kind == access.Hall {
				return courses.Problemf(courses.Forbidden, "hall.account")
			}
			return courses.Problemf(courses.Forbidden, "page.forbidden")
		}
		return c.Next()
	}
}

// halfwayKeys are what those are told who go on elsewhere first.
var halfwayKeys = map[string]string{
	"/pin": "pin.first", "/second": "second.first", "/second/new": "second.must",
}

// become makes the entry the one of the rest of this request.
func (s *server) become(c *fiber.Ctx, entry access.Entry) {
	c.Locals(entryKey, &entry)
	c.Request().Header.SetCookie(s.cookieName(), entry.Token)
}

// knownBrowser is the secret by which this browser is known again at sign-in; it says nothing of who used it.
func (s *server) knownBrowser(c *fiber.Ctx) string {
	name := s.cookieName() + "-browser"
	secret := c.Cookies(name)
	if secret == "" {
		secret = rand.Text()
	}
	c.Cookie(&fiber.Cookie{Name: name, Value: secret, Path: "/", HTTPOnly: true, Secure: s.secure(),
		SameSite: fiber.CookieSameSiteLaxMode, Expires: s.Now().Add(browserLife)})
	return secret
}

// browserLife is how long a browser keeps the cookie by which it is known again.
const browserLife = 400 * 24 * time.Hour

// who returns whose request it is: by bearer token on the API, by cookie everywhere.
func (s *server) who(c *fiber.Ctx) (*access.Entry, error) {
	token := bearer(c)
	if token == "" {
		token = c.Cookies(s.cookieName())
	}
	if token == "" {
		return nil, courses.Problemf(courses.Unsigned, "signin.first")
	}
	entry := s.sessions.find(token)
	if entry == nil {
		found, err := s.Door.Who(c.UserContext(), token)
		if err != nil {
			return nil, err
		}
		entry = &found
		s.sessions.keep(token, entry)
	}
	if bearer(c) != "" && entry.Session.Kind != store.Token {
		return nil, courses.Problemf(courses.Unsigned, "signin.first")
	}
	return entry, nil
}

// signedIn returns whose request it is; the zero Entry where nobody is signed in.
func signedIn(c *fiber.Ctx) access.Entry {
	if entry, ok := c.Locals(entryKey).(*access.Entry); ok {
		return *entry
	}
	return access.Entry{}
}

// sessionLife is how long a session that was looked up is believed without asking the store again.
// A session that is ended in this process ends at once; one ended by another process ends here
// after this time.
const sessionLife = 5 * time.Second

// sessionCache saves the store two look-ups a request.
type sessionCache struct {
	mu    sync.RWMutex
	now   func() time.Time
	known map[string]knownSession
}

// knownSession is never changed: requests share it.
type knownSession struct {
	entry *access.Entry
	until time.Time
}

const mostSessions = 10_000

func newSessionCache(now func() time.Time) *sessionCache {
	return &sessionCache{now: now, known: map[string]knownSession{}}
}

// find returns nil where the store is to be asked.
func (k *sessionCache) find(token string) *access.Entry {
	k.mu.RLock()
	known, ok := k.known[token]
	k.mu.RUnlock()
	if now := k.now(); ok && now.Before(known.until) && now.Before(known.entry.Session.Expires) {
		return known.entry
	}
	return nil
}

func (k *sessionCache) keep(token string, entry *access.Entry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.known) >= mostSessions {
		clear(k.known)
	}
	k.known[token] = knownSession{entry, k.now().Add(sessionLife)}
}

// forget makes the next request of the person ask the store again.
func (k *sessionCache) forget(person string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for token, known := range k.known {
		if known.entry.Person.ID == person {
			delete(k.known, token)
		}
	}
}
