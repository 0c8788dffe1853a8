package handlers

import (
	"bytes"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"melek/courses"
)

// checkReadable refuses an address or a form that holds what is no text: bytes that are not UTF-8, or a NUL,
// which no field of ours takes and some stores choke on.
func checkReadable(c *fiber.Ctx) error {
	uri := c.Context().URI()
	if isText(uri.Path()) && areTexts(uri.QueryArgs()) && areTexts(c.Context().PostArgs()) {
		return nil
	}
	return courses.Problemf(courses.Invalid, "page.malformed")
}

func areTexts(all *fasthttp.Args) bool {
	for name, value := range all.All() {
		if !isText(name) || !isText(value) {
			return false
		}
	}
	return true
}

func isText(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }
