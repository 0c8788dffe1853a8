package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
)

// sendPicture sends a drawing of a lesson. Its address changes with its content, so it is kept for ever;
// opened by itself it may load and run nothing.
func (s *server) sendPicture(c *fiber.Ctx) error {
	picture, ok := s.Catalog.Picture(c.Params("course"), c.Params("digest"))
	if !ok {
		return courses.Problemf(courses.NotFound, "page.unknown")
	}
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if !takesGzip(c) {
		return c.SendString(picture.Body)
	}
	zipped, err := zipFast([]byte(picture.Body))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	return c.Send(zipped)
}

// pictured is the text of a lesson with the addresses of the course's pictures, which it calls by their
// names.
func pictured(course *courses.Course, body string) string {
	var pairs []string
	for name, picture := range course.Pictures {
		address := "/pictures/" + course.ID + "/" + picture.Digest + "/" + name
		pairs = append(pairs, `src="`+name+`"`, `src="`+address+`"`)
	}
	return strings.NewReplacer(pairs...).Replace(body)
}
