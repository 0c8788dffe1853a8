package courses

import (
	"errors"
	"fmt"
)

// Kind says what a caller can do about an error. Every error that is not of a Kind is a fault of ours.
type Kind int

// The kinds of errors, each with one meaning everywhere.
const (
	Invalid     Kind = iota + 1 // what was sent is malformed: mend it and send again
	NotFound                    // there is no such thing
	Conflict                    // it contradicts what is already there
	Unsigned                    // sign in first
	Forbidden                   // this person may not
	Limited                     // too many tries: wait
	Closed                      // not open now
	Unavailable                 // the store cannot be reached: try again
)

var kindNames = [...]string{"", "invalid", "not found", "conflict", "not signed in", "forbidden",
	"too many tries", "not open", "unavailable"}

// Error names the kind, so that errors.Is(err, courses.NotFound) works.
func (k Kind) Error() string { return kindNames[k] }

// Problem is an error that a person may read: a kind and a wording.
type Problem struct {
	Kind Kind
	Key  string // locale key below "problem."
	Args []any
}

// Problemf makes a Problem. The key names its wording; args fill the wording's places in order.
func Problemf(kind Kind, key string, args ...any) error {
	return &Problem{Kind: kind, Key: key, Args: args}
}

// Error is for logs; people read the wording of Key.
func (p *Problem) Error() string {
	if len(p.Args) == 0 {
		return fmt.Sprintf("%s: %s", p.Kind, p.Key)
	}
	return fmt.Sprintf("%s: %s %v", p.Kind, p.Key, p.Args)
}

// Unwrap makes errors.Is find the kind.
func (p *Problem) Unwrap() error { return p.Kind }

// KindOf returns the kind of an error, 0 when it has none.
func KindOf(err error) Kind {
	var kind Kind
	if errors.As(err, &kind) {
		return kind
	}
	return 0
}
