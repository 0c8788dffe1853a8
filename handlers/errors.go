package handlers

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
)

// statuses turns kinds into HTTP; it is the only place that does.
var statuses = map[courses.Kind]int{
	courses.Invalid:     fiber.StatusUnprocessableEntity,
	courses.NotFound:    fiber.StatusNotFound,
	courses.Conflict:    fiber.StatusConflict,
	courses.Unsigned:    fiber.StatusUnauthorized,
	courses.Forbidden:   fiber.StatusForbidden,
	courses.Limited:     fiber.StatusTooManyRequests,
	courses.Closed:      fiber.StatusConflict,
	courses.Unavailable: fiber.StatusServiceUnavailable,
}

// problem returns the status of an error and what people may read of it. An error that is not a
// courses.Problem is ours: it is logged whole, and people read only that.
func problem(err error) (int, *courses.Problem) {
	var p *courses.Problem
	var f *fiber.Error
	switch {
	case errors.As(err, &p):
		return statuses[p.Kind], p
	case errors.As(err, &f) && f.Code < fiber.StatusInternalServerError:
		return f.Code, &courses.Problem{Kind: courses.Invalid, Key: fiberKey(f.Code)}
	case errors.Is(err, courses.Unavailable), errors.Is(err, context.DeadlineExceeded):
		return fiber.StatusServiceUnavailable, &courses.Problem{Kind: courses.Unavailable, Key: "page.unavailable"}
	case courses.KindOf(err) != 0:
		kind := courses.KindOf(err)
		return statuses[kind], &courses.Problem{Kind: kind, Key: "page.unknown"}
	}
	return fiber.StatusInternalServerError, &courses.Problem{Key: "page.ours"}
}

func fiberKey(status int) string {
	switch status {
	case fiber.StatusRequestEntityTooLarge:
		return "page.too_large"
	case fiber.StatusMethodNotAllowed, fiber.StatusNotFound:
		return "page.unknown"
	case fiber.StatusUnsupportedMediaType:
		return "page.media_type"
	}
	return "page.malformed"
}

// answerStray answers requests that met no middleware: too large or malformed ones.
func (s *server) answerStray(c *fiber.Ctx, err error) (answered error) {
	defer func() {
		if r := recover(); r != nil {
			answered = c.SendStatus(fiber.StatusInternalServerError)
		}
	}()
	s.setHeaders(c)
	return s.answerError(c, err)
}

// isAPI reports whether a program asks, and not a page.
func isAPI(c *fiber.Ctx) bool { return strings.HasPrefix(c.Path(), "/api/") }

// answerError answers an error as a page or, on the API, as application/problem+json. It forgets
// what the handler had begun to answer.
func (s *server) answerError(c *fiber.Ctx, err error) error {
	status, p := problem(err)
	if status >= fiber.StatusInternalServerError {
		slog.Error("request failed", "request", c.Locals(requestKey), "path", c.Path(), "error", err)
	}
	for _, name := range []string{fiber.HeaderContentDisposition, fiber.HeaderContentEncoding, fiber.HeaderETag,
		fiber.HeaderLastModified} {
		c.Response().Header.Del(name)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if isAPI(c) {
		return s.answerProblem(c, status, p)
	}
	if status == fiber.StatusUnauthorized && c.Method() == fiber.MethodGet {
		return s.sendToDoor(c, p)
	}
	return s.render(c, status, "problem.html", s.problemPage(c, status, p))
}

// problemPage says what went wrong, and what to do.
type problemPage struct {
	page
	Status   int
	Message  string
	Request  string
	SignIn   string // where to sign in, where that helps
	Back     string
	BackWord string
}

func (s *server) problemPage(c *fiber.Ctx, status int, p *courses.Problem) problemPage {
	base := s.page(c, "problem.title")
	view := problemPage{page: base, Status: status, Message: s.wording(c, p), Request: requestID(c), Back: "/",
		BackWord: base.T("problem.home")}
	if slices.Contains(c.Route().Params, "course") { // a stray request has no parameters to ask for
		if course, ok := s.Catalog.Current(c.Params("course")); ok {
			view.Back, view.BackWord = "/courses/"+course.ID, base.T("problem.course")
		}
	}
	switch {
	case status == fiber.StatusUnauthorized && base.Path != "/":
		// What was given on a question when the session ended is still given after signing in.
		view.SignIn = "/sign-in" + nextQuery(base.To(base.Path)+sentTo(c).query())
	case status == fiber.StatusUnauthorized, p.Key == "setup.used":
		view.SignIn = "/sign-in"
	}
	return view
}

// sendToDoor asks somebody who must first sign in, or choose a PIN, to do so and come back.
func (s *server) sendToDoor(c *fiber.Ctx, p *courses.Problem) error {
	for way, key := range halfwayKeys {
		if p.Key == key {
			return c.Redirect(s.path(c, way), fiber.StatusSeeOther)
		}
	}
	return c.Redirect(s.path(c, "/sign-in")+"?next="+queryEscape(c.OriginalURL()), fiber.StatusSeeOther)
}

// apiProblem is an error as RFC 9457 has it. Code is the stable name for programs.
type apiProblem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (s *server) answerProblem(c *fiber.Ctx, status int, p *courses.Problem) error {
	err := c.Status(status).JSON(apiProblem{Type: "about:blank", Title: p.Kind.Error(), Status: status,
		Code: p.Key, Detail: s.wording(c, p)})
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return err
}

// wording is what people read of a problem, in the language of the request.
func (s *server) wording(c *fiber.Ctx, p *courses.Problem) string {
	return s.words(c).T("problem."+p.Key, p.Args...)
}

// reason words any error for people.
func (s *server) reason(c *fiber.Ctx, err error) string {
	_, p := problem(err)
	return s.wording(c, p)
}

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestKey).(string)
	return id
}
