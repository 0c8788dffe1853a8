package exchange

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"melek/courses/store"
)

// Journal writes the audit log link by link. What it writes can be checked without Melek: each hash is
// that of the JSON array of number, hash before, time, by, action, on and detail.
type Journal struct {
	rows  *csv.Writer
	lines *json.Encoder
}

var journalColumns = []string{"n", "at", "by", "action", "on", "detail", "hash"}

// NewJournal begins to write in the format, csv or ndjson.
func NewJournal(w io.Writer, format string) (*Journal, error) {
	switch format {
	case "csv":
		rows := csv.NewWriter(w)
		return &Journal{rows: rows}, rows.Write(journalColumns)
	case "ndjson":
		lines := json.NewEncoder(w)
		lines.SetEscapeHTML(false)
		return &Journal{lines: lines}, nil
	}
	return nil, fmt.Errorf("exchange: journal: no format %q", format)
}

type journalLine struct {
	N      int64  `json:"n"`
	At     string `json:"at"`
	By     string `json:"by"`
	Action string `json:"action"`
	On     string `json:"on"`
	Detail string `json:"detail"`
	Hash   string `json:"hash"`
}

// Add writes one link.
func (j *Journal) Add(l store.Link) error {
	at := l.At.UTC().Format(time.RFC3339Nano)
	if j.lines != nil {
		return j.lines.Encode(journalLine{l.N, at, l.By, l.Action, l.On, l.Detail, l.Hash})
	}
	return j.rows.Write([]string{strconv.FormatInt(l.N, 10), at, Guard(l.By), Guard(l.Action), Guard(l.On),
		Guard(l.Detail), l.Hash})
}

// Flush ends the writing.
func (j *Journal) Flush() error {
	if j.rows == nil {
		return nil
	}
	j.rows.Flush()
	return j.rows.Error()
}
