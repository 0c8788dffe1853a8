package store

import (
	"context"
	"time"
)

// Drafts keeps courses that are being written, at most one draft of each.
type Drafts interface {
	// Draft returns the draft of the course, or courses.NotFound.
	Draft(ctx context.Context, course string) (Draft, error)
	// Drafts returns every draft, in order of course.
	Drafts(ctx context.Context) ([]Draft, error)
	// ChangeDraft runs fn on the draft of the course, the zero one with its Course set where there is none, in
	// one transaction and keeps the result; one that is left without files is taken away. fn may run several
	// times. fn's own error is returned and nothing kept.
	ChangeDraft(ctx context.Context, course string, fn func(*Draft) error) error
}

// Draft is a course that is being written, as its files.
type Draft struct {
	Course string
	Base   string            // the version that it was begun from; empty for a new course
	Files  map[string]string // by name
	By     string            // who changed it last
	At     time.Time
}
