// Package record holds the learning record: a fact about one person that happened once, what makes one valid,
// the order of a person's facts, and the fold of a person's set of facts into progress. It knows nothing of
// names, areas, storage or HTTP. State depends on the set of records alone: delivering one twice, late or out
// of order changes nothing. The progress in a course depends on the records of that course and on what was
// declared void, so that one record more costs the folding of one course, however much the person has done.
package record

import (
	"encoding/json"
	"time"

	"melek/courses"
)

// Kind says what happened.
type Kind string

// The kinds of records.
const (
	Enrolled  Kind = "enrolled"
	Read      Kind = "read"
	Opened    Kind = "opened"
	Answered  Kind = "answered"
	Submitted Kind = "submitted"
	Closed    Kind = "closed"
	Scored    Kind = "scored"
	Attended  Kind = "attended"
	Voided    Kind = "voided"
	Erased    Kind = "erased"
)

// Phase says which of a course's tests a record belongs to.
type Phase string

// The phases of testing.
const (
	Pre       Phase = "pre"
	Post      Phase = "post"
	Retention Phase = "retention"
)

// Phases lists the phases in the order in which they are taken.
var Phases = []Phase{Pre, Post, Retention}

// Answers holds the chosen options by item.
type Answers map[string][]string

// Score is the result of a test that was marked on paper, 0 ≤ Raw ≤ Max, Max > 0.
type Score struct {
	Raw float64 `json:"raw"`
	Max float64 `json:"max"`
}

// Record is one fact, as the contract names its fields.
type Record struct {
	ID       string       `json:"id"`
	Kind     Kind         `json:"kind"`
	Person   string       `json:"person"`
	Course   string       `json:"course,omitempty"`
	Module   string       `json:"module,omitempty"`
	Phase    Phase        `json:"phase,omitempty"`
	Form     string       `json:"form,omitempty"`
	Answers  Answers      `json:"answers,omitzero"`
	Score    *Score       `json:"score,omitempty"`
	Workshop string       `json:"workshop,omitempty"`
	Session  string       `json:"session,omitempty"`
	By       string       `json:"by,omitempty"`
	Lang     courses.Lang `json:"lang,omitempty"`
	At       time.Time    `json:"at"`
	OffsetMS int64        `json:"offset_ms,omitempty"`
	Node     string       `json:"node,omitempty"`
	Seq      int64        `json:"seq,omitempty"`
	Version  string       `json:"version,omitempty"`
	Voids    string       `json:"voids,omitempty"`
}

// Time is when the fact happened by the server's clock: the device's clock and its offset.
func (r *Record) Time() time.Time {
	return r.At.Add(time.Duration(r.OffsetMS) * time.Millisecond).UTC()
}

// Entry is a record as it is kept: the exact content that was sent, and what it says.
type Entry struct {
	Record
	// Content is the canonical JSON (RFC 8785) of everything that was sent, fields unknown here included.
	Content []byte
	// Digest is the SHA-256 of Content. Of several contents under one id the smallest digest counts.
	Digest     [32]byte
	ReceivedAt time.Time
}

// Make turns a record made by this program into an entry.
func Make(r Record, receivedAt time.Time) (Entry, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return Entry{}, err
	}
	return Parse(raw, receivedAt)
}
