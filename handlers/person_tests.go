package handlers

import (
	"maps"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses/record"
)

// takenTest is one attempt at a test as the page of a person lists it, counted or not.
type takenTest struct {
	Course string
	Phase  record.Phase
	Form   string
	At     time.Time // when it was handed in, or opened where it was not
	Score  string    // empty where there are no marks
	Use    record.Use
	Paper  bool
}

// takenTests lists every attempt of the person, the latest first.
func (s *server) takenTests(c *fiber.Ctx, p page, person string) ([]takenTest, error) {
	state, err := s.Ledger.State(c.UserContext(), person)
	if err != nil {
		return nil, err
	}
	var tests []takenTest
	for _, id := range slices.Sorted(maps.Keys(state.Courses)) {
		name := id
		if course, ok := s.Catalog.Current(id); ok {
			name = p.Say(course.Title)
		}
		progress := state.Courses[id]
		for i := range progress.Attempts {
			a := &progress.Attempts[i]
			t := takenTest{Course: name, Phase: a.Phase, Form: a.Form, At: a.EndedAt, Use: progress.Use(a),
				Paper: a.Paper}
			if t.At.IsZero() {
				t.At = a.OpenedAt
			}
			if a.Marks != nil {
				t.Score = p.score(a.Marks.Score())
			}
			tests = append(tests, t)
		}
	}
	slices.SortStableFunc(tests, func(a, b takenTest) int { return b.At.Compare(a.At) })
	return tests, nil
}
