package handlers

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"melek/courses"
)

// headers go with every answer, their names as they are sent. There is no unsafe-inline: styles and scripts
// are files of our own.
var headers = []struct{ name, value []byte }{
	{[]byte("Content-Security-Policy"), []byte("default-src 'none'; style-src 'self'; script-src 'self'; " +
		"img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; " +
		"object-src 'none'; base-uri 'none'; frame-ancestors 'none'")},
	{[]byte("X-Content-Type-Options"), []byte("nosniff")},
	{[]byte("Referrer-Policy"), []byte("same-origin")},
	{[]byte("X-Frame-Options"), []byte("DENY")},
	{[]byte("Permissions-Policy"), []byte("camera=(), geolocation=(), microphone=(), payment=(), usb=()")},
	{[]byte("Cross-Origin-Opener-Policy"), []byte("same-origin")},
	{[]byte("Cross-Origin-Resource-Policy"), []byte("same-origin")},
}

// onlyHTTPS has browsers come by https alone for a year, where that is how they come.
const onlyHTTPS = "max-age=31536000; includeSubDomains"

// guard is the outermost room: nothing that happens inside ends the process, and every request has an id, a
// deadline, the security headers, its origin checked and one line in the log.
func (s *server) guard(c *fiber.Ctx) (err error) {
	start := time.Now()
	id := uuid.NewString()
	c.Locals(requestKey, id)
	c.Set(fiber.HeaderXRequestID, id)
	s.setHeaders(c)
	ctx, cancel := context.WithDeadline(c.UserContext(), start.Add(answerDeadline))
	defer cancel()
	c.SetUserContext(ctx)
	defer func() {
		if r := recover(); r != nil {
			slog.Error("panic", "request", id, "value", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = s.answerError(c, fmt.Errorf("panic: %v", r))
		}
		s.log(c, id, time.Since(start))
	}()
	if err := s.checkOrigin(c); err != nil {
		return s.answerForeign(c, err)
	}
	err = checkReadable(c)
	if err == nil {
		err = c.Next()
	}
	if err != nil {
		return s.answerError(c, err)
	}
	return nil
}

func (s *server) setHeaders(c *fiber.Ctx) {
	for _, h := range headers {
		c.Response().Header.SetCanonical(h.name, h.value)
	}
	if s.secure() {
		c.Set(fiber.HeaderStrictTransportSecurity, onlyHTTPS)
	}
}

func (s *server) log(c *fiber.Ctx, id string, took time.Duration) {
	status := c.Response().StatusCode()
	level := slog.LevelInfo
	if status >= fiber.StatusInternalServerError {
		level = slog.LevelError
	}
	slog.LogAttrs(context.Background(), level, "request", slog.String("request", id),
		slog.String("method", c.Method()), slog.String("path", c.Path()), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000))
	if s.Observe != nil {
		s.Observe(c.Method(), c.Route().Path, status, took)
	}
}

// checkOrigin refuses a change that another site asked for. Browsers say where a request comes from
// in Sec-Fetch-Site or, on plain http, in Origin; one that says neither must bring the token of a
// page of ours. A browser never sends a bearer token on its own, and the API changes nothing for who
// brings neither that nor a cookie.
func (s *server) checkOrigin(c *fiber.Ctx) error {
	safe := []string{fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions}
	if slices.Contains(safe, c.Method()) || bearer(c) != "" {
		return nil
	}
	if isAPI(c) && c.Cookies(s.cookieName()) == "" {
		return nil
	}
	switch site := c.Get("Sec-Fetch-Site"); site {
	case "same-origin", "none":
		return nil
	case "":
	default:
		return courses.Problemf(courses.Forbidden, "origin.foreign")
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		if u, err := url.Parse(origin); err == nil && u.Host != "" && s.ourHost(c, u.Host) {
			return nil
		}
		return courses.Problemf(courses.Forbidden, "origin.foreign")
	}
	if token := s.formToken(c); token != "" &&
		subtle.ConstantTimeCompare([]byte(sentToken(c)), []byte(token)) == 1 {
		return nil
	}
	return courses.Problemf(courses.Forbidden, "origin.unknown")
}

// sentToken is the token that a form brought in its body.
func sentToken(c *fiber.Ctx) string {
	if token := posted(c, formTokenName); token != "" {
		return token
	}
	if form, err := c.MultipartForm(); err == nil && len(form.Value[formTokenName]) > 0 {
		return form.Value[formTokenName][0]
	}
	return ""
}

// answerForeign refuses a change whose origin was not proved. Where the browser is one that cannot say, the
// page that sent it may be one that is the same for all and so holds no token: the person is asked to press
// once more.
func (s *server) answerForeign(c *fiber.Ctx, err error) error {
	var p *courses.Problem
	unknown := errors.As(err, &p) && p.Key == "origin.unknown" && !isAPI(c)
	sent, repeatable := repeatableFields(c)
	if !unknown || !repeatable {
		return s.answerError(c, err)
	}
	s.ensureFormToken(c)
	return s.render(c, fiber.StatusForbidden, "again.html",
		againPage{page: s.page(c, "again.title"), Action: c.OriginalURL(), Sent: sent})
}

// againPage asks to send a form once more, this time with the token.
type againPage struct {
	page
	Action string
	Sent   []sentField
}

type sentField struct{ Name, Value string }

// mostRepeated is the size in bytes of a form that is shown again to be repeated.
const mostRepeated = 16 << 10

// repeatableFields reads the fields of a short form without a secret in it; other forms are not repeated.
func repeatableFields(c *fiber.Ctx) (fields []sentField, ok bool) {
	kind := string(c.Request().Header.ContentType())
	ok = c.Method() == fiber.MethodPost && len(c.Body()) <= mostRepeated &&
		(len(c.Body()) == 0 || strings.HasPrefix(kind, fiber.MIMEApplicationForm))
	if !ok {
		return nil, false
	}
	for name, value := range c.Request().PostArgs().All() {
		if slices.Contains(secretFields, string(name)) {
			return nil, false
		}
		if string(name) != formTokenName {
			fields = append(fields, sentField{string(name), string(value)})
		}
	}
	return fields, true
}

// ourHost reports whether the host of an Origin is the one that was asked, or the public one.
func (s *server) ourHost(c *fiber.Ctx, host string) bool {
	public, err := url.Parse(s.BaseURL)
	return strings.EqualFold(host, string(c.Context().Host())) ||
		(err == nil && strings.EqualFold(host, public.Host))
}
