// Package backup keeps a copy of everything in one file, whichever database it came from: a
// tar.gz of a manifest and of parts as NDJSON. Only what is known is in it; what is derived is made
// anew when it is restored. It knows no database.
package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/record"
	"melek/courses/store"
)

// format names the shape of the file; a reader refuses one that it does not know.
const format = "melek-backup-1"

// manifestName is the first file of the archive.
const manifestName = "manifest.json"

// The parts, in the order in which they are restored.
const (
	settingsPart    = "settings"
	coursesPart     = "courses"
	peoplePart      = "people"
	recordsPart     = "records"
	credentialsPart = "credentials"
	allowancesPart  = "allowances"
	noticesPart     = "notices"
	requestsPart    = "requests"
	auditPart       = "audit"
	draftsPart      = "drafts"
	workshopsPart   = "workshops"
)

var parts = []string{settingsPart, coursesPart, peoplePart, recordsPart, credentialsPart, allowancesPart,
	noticesPart, requestsPart, auditPart, draftsPart, workshopsPart}

// laterParts are those that older backups do not have.
var laterParts = []string{noticesPart, requestsPart, draftsPart, workshopsPart}

// keptSettings are those that say something no other part does: which version of each course was
// brought in last, and which key locks second factors.
var keptSettings = []string{"content.chosen", access.KeySetting}

// frozenSettings begin the names of settings that hold frozen reports, which nothing else makes again.
const frozenSettings = "frozen/"

// Manifest says what an archive holds.
type Manifest struct {
	Format string    `json:"format"`
	MadeAt time.Time `json:"made_at"`
	By     string    `json:"by"` // version of the program
	Parts  []Part    `json:"parts"`
}

// Part is one file of an archive.
type Part struct {
	Name   string `json:"name"`
	Count  int    `json:"count"` // of lines
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Count is how many lines a part has, 0 where there is no such part.
func (m Manifest) Count(name string) int {
	for _, p := range m.Parts {
		if p.Name == name {
			return p.Count
		}
	}
	return 0
}

// recordLine is a record as it lies in its part. Its canonical content is made again when it is read.
type recordLine struct {
	Content    json.RawMessage `json:"content"`
	ReceivedAt time.Time       `json:"received_at"`
}

type settingLine struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type courseLine struct {
	Course  string            `json:"course"`
	Version string            `json:"version"`
	Files   map[string]string `json:"files"`
	Current bool              `json:"current,omitempty"`
	KeptAt  time.Time         `json:"kept_at"`
}

type draftLine struct {
	Course string            `json:"course"`
	Base   string            `json:"base,omitempty"`
	Files  map[string]string `json:"files"`
	By     string            `json:"by"`
	At     time.Time         `json:"at"`
}

type workshopLine struct {
	ID           string    `json:"id"`
	Title        string    `json:"title"`
	Courses      []string  `json:"courses"`
	Area         string    `json:"area"`
	Place        string    `json:"place,omitempty"`
	From         string    `json:"from"`
	To           string    `json:"to"`
	Facilitators []string  `json:"facilitators"`
	Roster       []string  `json:"roster"`
	Code         string    `json:"code,omitempty"`
	Cancelled    bool      `json:"cancelled,omitempty"`
	By           string    `json:"by"`
	At           time.Time `json:"at"`
}

type credentialLine struct {
	Person      string    `json:"person"`
	PIN         string    `json:"pin,omitempty"`  // sealed
	Code        string    `json:"code,omitempty"` // hash
	CodeExpires time.Time `json:"code_expires,omitzero"`
	Second      string    `json:"second,omitempty"`
	NextSecond  string    `json:"next_second,omitempty"`
	Step        int64     `json:"step,omitempty"`
	Recovery    []string  `json:"recovery,omitempty"` // hashes
	Subject     string    `json:"subject,omitempty"`
}

type allowanceLine struct {
	Person string       `json:"person"`
	Course string       `json:"course"`
	Phase  record.Phase `json:"phase"`
	Extra  int64        `json:"extra_seconds,omitempty"`
	Open   bool         `json:"open,omitempty"`
	By     string       `json:"by"`
	At     time.Time    `json:"at"`
}

func allowanceOf(a store.Allowance) allowanceLine {
	return allowanceLine{a.Person, a.Course, a.Phase, int64(a.Extra / time.Second), a.Open, a.By, a.At}
}

func (l allowanceLine) allowance() store.Allowance {
	return store.Allowance{Person: l.Person, Course: l.Course, Phase: l.Phase,
		Extra: time.Duration(l.Extra) * time.Second, Open: l.Open, By: l.By, At: l.At}
}

// noticeLine is the notice that a person acknowledged last.
type noticeLine struct {
	Person string    `json:"person"`
	Notice string    `json:"notice"`
	Basis  string    `json:"basis"`
	At     time.Time `json:"at"`
}

type requestLine struct {
	ID      string             `json:"id"`
	Person  string             `json:"person"`
	Kind    store.RequestKind  `json:"kind"`
	Text    string             `json:"text,omitempty"`
	MadeAt  time.Time          `json:"made_at"`
	Due     time.Time          `json:"due"`
	State   store.RequestState `json:"state"`
	By      string             `json:"by,omitempty"`
	Answer  string             `json:"answer,omitempty"`
	EndedAt time.Time          `json:"ended_at,omitzero"`
}

type auditLine struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
	On     string    `json:"on,omitempty"`
	Detail string    `json:"detail,omitempty"`
}

// measure counts and digests what passes through it.
type measure struct {
	out   io.Writer
	sum   hash.Hash
	part  Part
	lines *json.Encoder
}

func newMeasure(name string, out io.Writer) *measure {
	m := &measure{out: out, sum: sha256.New(), part: Part{Name: name}}
	m.lines = json.NewEncoder(m)
	m.lines.SetEscapeHTML(false)
	return m
}

// Write passes the bytes on.
func (m *measure) Write(b []byte) (int, error) {
	n, err := m.out.Write(b)
	m.sum.Write(b[:n])
	m.part.Bytes += int64(n)
	return n, err
}

// line adds one line to the part.
func (m *measure) line(v any) error {
	m.part.Count++
	return m.lines.Encode(v)
}

func (m *measure) done() Part {
	m.part.SHA256 = hex.EncodeToString(m.sum.Sum(nil))
	return m.part
}

// damaged is why a file cannot be restored; nothing of it has been kept.
func damaged(form string, args ...any) error {
	return fmt.Errorf("backup: the file is damaged or no backup: "+form+": %w", append(args, courses.Invalid)...)
}
