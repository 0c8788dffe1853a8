package handlers

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"
)

// openAPI describes every route of the API; a test holds it to the routes that are registered.
//
//go:embed openapi.json
var openAPI []byte

func (s *server) describeAPI(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(fiber.HeaderCacheControl, "public, max-age=60")
	return c.Send(openAPI)
}
