package handlers

import (
	"bytes"
	"compress/gzip"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
)

// chooseLanguage sends a first visitor to the language that the browser asks for.
func (s *server) chooseLanguage(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAcceptLanguage)
	return c.Redirect("/"+string(asked(c.Get(fiber.HeaderAcceptLanguage)))+"/", fiber.StatusSeeOther)
}

// sendAsset sends a file whose name changes with its content.
func (s *server) sendAsset(c *fiber.Ctx) error {
	file, ok := s.assets.File(c.Params("*"))
	if !ok {
		return courses.Problemf(courses.NotFound, "page.unknown")
	}
	c.Set(fiber.HeaderContentType, file.Type)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	if file.Gzip != nil {
		c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
		if takesGzip(c) {
			c.Set(fiber.HeaderContentEncoding, "gzip")
			c.Response().SetBodyRaw(file.Gzip)
			return nil
		}
	}
	c.Response().SetBodyRaw(file.Body)
	return nil
}

func (s *server) showAlive(c *fiber.Ctx) error { return c.SendString("ok") }

func (s *server) showReady(c *fiber.Ctx) error {
	if err := s.Store.Ping(c.UserContext()); err != nil {
		return courses.Problemf(courses.Unavailable, "page.unavailable")
	}
	return c.SendString("ok")
}

// zipFast compresses what is made for one request.
func zipFast(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}
