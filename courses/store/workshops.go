package store

import (
	"context"

	"melek/courses/people"
)

// Workshops keeps the trainings that facilitators hold.
type Workshops interface {
	// Workshop returns the workshop with the id, or courses.NotFound.
	Workshop(ctx context.Context, id string) (people.Workshop, error)
	// Workshops returns those that are asked for, the latest first day first and then in order of id.
	Workshops(ctx context.Context, q WorkshopsQuery) ([]people.Workshop, error)
	// ChangeWorkshop runs fn on the workshop with the id, the zero one with its ID set where there is none, in
	// one transaction and keeps the result; fn may run several times. fn's own error is returned and nothing
	// kept.
	ChangeWorkshop(ctx context.Context, id string, fn func(*people.Workshop) error) error
}

// WorkshopsQuery narrows Workshops; zero fields do not.
type WorkshopsQuery struct {
	// Areas are the codes of where they are held: all where it is nil, none where it is empty.
	Areas       []string
	Facilitator string // among those who run it
	Member      string // on its roster
	Code        string
	Since       string // the last day is this one, YYYY-MM-DD, or later
	Limit       int    // at most so many, 0 for all
}
