package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"melek/courses"
)

// Journal is the audit log: append-only, each line chained to the one before.
type Journal interface {
	// AddLine keeps a line as the next link of the one chain, whoever else adds at the same time, and
	// moves the head with it.
	AddLine(ctx context.Context, line AuditLine) error
	// Lines returns at most limit lines of the audit log, the newest first.
	Lines(ctx context.Context, limit int) ([]AuditLine, error)
	// LinesAbout returns at most limit lines that say what was done to the person or by the person, the
	// newest first.
	LinesAbout(ctx context.Context, person string, limit int) ([]AuditLine, error)
	// EachLink calls fn with every line in order of the chain until fn returns an error, which is
	// returned. Lines from before there was a chain come first. It need not be one snapshot. fn may use
	// the store.
	EachLink(ctx context.Context, fn func(Link) error) error
}

// AuditLine says who did what to whom, and when.
type AuditLine struct {
	At     time.Time
	By     string
	Action string
	On     string
	Detail string
}

// Link is a line in its place of the chain.
type Link struct {
	AuditLine
	Head
}

// Head is how far a chain goes.
type Head struct {
	N    int64  // number of the line
	Hash string // of the line and of the hash before it, in hexadecimal; empty before the chain begins
}

// HeadSetting is the name under which stores keep the head, so that the newest lines cannot go unnoticed.
const HeadSetting = "audit.head"

// Next is the line as it follows the head.
func (h Head) Next(line AuditLine) Link {
	line.At = line.At.UTC().Truncate(time.Millisecond)
	at := line.At.Format(time.RFC3339Nano)
	// Strings and numbers can always be written.
	text, _ := json.Marshal([]any{h.N + 1, h.Hash, at, line.By, line.Action, line.On, line.Detail})
	sum := sha256.Sum256(text)
	return Link{line, Head{h.N + 1, hex.EncodeToString(sum[:])}}
}

// String is the head as ReadHead reads it.
func (h Head) String() string { return fmt.Sprintf("%d %s", h.N, h.Hash) }

// ReadHead reads a head; the empty text is that of a chain that has not begun.
func ReadHead(text string) (Head, error) {
	var h Head
	if text == "" {
		return h, nil
	}
	if _, err := fmt.Sscanf(text, "%d %s", &h.N, &h.Hash); err != nil || h.String() != text {
		return Head{}, fmt.Errorf("store: %q is no head of the audit log", text)
	}
	return h, nil
}

// CheckJournal goes through the audit log and tells of every place where it is not as it was written: a line
// that was changed, taken away, put in or moved breaks the chain there. It returns how far the chain goes. A
// head that was noted elsewhere before is the proof against somebody who could write all of it anew.
func CheckJournal(ctx context.Context, s Office, tell func(n int64, what string)) (Head, error) {
	known, err := s.Setting(ctx, HeadSetting)
	if err != nil && courses.KindOf(err) != courses.NotFound {
		return Head{}, err
	}
	head, err := ReadHead(known)
	if err != nil {
		tell(0, "the head is unreadable")
	}
	var last Head
	err = s.EachLink(ctx, func(l Link) error {
		if l.Hash == "" && last.Hash == "" { // from before there was a chain
			last.N = max(last.N, l.N)
			return nil
		}
		if last.Hash == "" {
			last.N = l.N - 1
		}
		if want := last.Next(l.AuditLine); want.Head != l.Head {
			tell(l.N, "the line does not follow the one before")
		}
		last = l.Head
		return nil
	})
	if err == nil && (last.N < head.N || last.N == head.N && last.Hash != head.Hash) {
		tell(head.N, "the newest lines are missing")
	}
	return last, err
}
