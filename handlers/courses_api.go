package handlers

import (
	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/people"
)

// courseListing is a course as programs see it: no keys, no explanations.
type courseListing struct {
	ID       string          `json:"id"`
	Version  string          `json:"version"`
	Title    courses.Text    `json:"title"`
	PassMark float64         `json:"pass_mark"`
	Modules  []moduleListing `json:"modules"`
	Forms    []formListing   `json:"forms"`
	// Stale lists the modules and items whose English was not confirmed since the Indonesian was changed, and
	// "course" for its title, summary and checks.
	Stale []string `json:"stale"`
}

type moduleListing struct {
	ID    string       `json:"id"`
	Title courses.Text `json:"title"`
	Items int          `json:"items"`
}

type formListing struct {
	ID      string `json:"id"`
	Items   int    `json:"items"`
	Anchors int    `json:"anchors"`
}

func (s *server) listCourses(c *fiber.Ctx) error {
	list := []courseListing{}
	for _, course := range s.Catalog.Courses() {
		list = append(list, listCourse(course))
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=60")
	return c.JSON(list)
}

func listCourse(c *courses.Course) courseListing {
	l := courseListing{ID: c.ID, Version: c.Version, Title: c.Title, PassMark: c.PassMark,
		Modules: []moduleListing{}, Forms: []formListing{}, Stale: append([]string{}, c.Stale...)}
	for _, m := range c.Modules {
		l.Modules = append(l.Modules, moduleListing{m.ID, m.Title, len(m.Quiz)})
	}
	for _, f := range c.Forms {
		l.Forms = append(l.Forms, formListing{f.ID, len(f.Items), len(c.Anchors)})
	}
	return l
}

type areaListing struct {
	Code   string          `json:"code"`
	Name   string          `json:"name"`
	Type   people.AreaType `json:"type"`
	Parent string          `json:"parent"`
}

func (s *server) listAreas(c *fiber.Ctx) error {
	areas := s.Region.OfType(people.Regency, people.District, people.Village, people.Ward)
	list := make([]areaListing, len(areas))
	for i, a := range areas {
		list[i] = areaListing(a)
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	return c.JSON(list)
}
