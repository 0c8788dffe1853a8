package store

import (
	"context"
	"time"
)

// Rights keeps what the law gives people over their data: the notice that they were shown, and what they ask
// for.
type Rights interface {
	// Acknowledgement returns the notice that the person acknowledged last; the zero one with its Person set
	// where there was none.
	Acknowledgement(ctx context.Context, person string) (Acknowledgement, error)
	// PutAcknowledgement keeps an acknowledgement in place of the person's last.
	PutAcknowledgement(ctx context.Context, a Acknowledgement) error
	// Request returns the request with the id, or courses.NotFound.
	Request(ctx context.Context, id string) (Request, error)
	// Requests returns at most limit requests, 0 for all: open ones first, the earliest due before others, then
	// those that were ended, the latest ended first.
	Requests(ctx context.Context, q RequestsQuery) ([]Request, error)
	// ChangeRequest runs fn on the request with the id, the zero one with its ID set where there is none, in one
	// transaction and keeps the result; fn may run several times. fn's own error is returned and nothing kept.
	ChangeRequest(ctx context.Context, id string, fn func(*Request) error) error
}

// Acknowledgement says which notice a person was shown, and when the person said so.
type Acknowledgement struct {
	Person string
	Notice string // digest of its wording
	Basis  string // on which the data were processed then
	At     time.Time
}

// Request is what a person asked about the own data.
type Request struct {
	ID      string
	Person  string
	Kind    RequestKind
	Text    string // in the person's own words
	MadeAt  time.Time
	Due     time.Time
	State   RequestState
	By      string // who ended it
	Answer  string
	EndedAt time.Time // zero while it is open
}

// RequestKind is what is asked for.
type RequestKind string

// The kinds of requests.
const (
	Access     RequestKind = "access"
	Correction RequestKind = "correction"
	Erasure    RequestKind = "erasure"
	Objection  RequestKind = "objection"
)

// RequestState says how far a request is.
type RequestState string

// The states of requests.
const (
	RequestOpen      RequestState = "open"
	RequestDone      RequestState = "done"
	RequestRefused   RequestState = "refused"
	RequestWithdrawn RequestState = "withdrawn"
)

// RequestsQuery narrows Requests; zero fields do not.
type RequestsQuery struct {
	Person string
	Open   bool // only those that are open
	Limit  int
}
