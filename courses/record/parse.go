package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/gowebpki/jcs"

	"melek/courses"
)

// Limits of what one record may hold.
const (
	maxName    = 64      // characters of an id or node
	maxAnswers = 500     // items in one record
	maxText    = 1000    // bytes of one answer
	MaxSize    = 1 << 16 // bytes of one record
)

var (
	uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	nameForm = regexp.MustCompile(`^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$`)
)

// earliest and latest bound the times that can be kept and formatted by every store.
var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Parse reads one record and checks its shape. An error is a courses.Problem of kind Invalid that names the
// field. It keeps fields that it does not know in Content.
func Parse(raw []byte, receivedAt time.Time) (Entry, error) {
	if len(raw) > MaxSize {
		return Entry{}, invalid("record.size", MaxSize)
	}
	content, err := jcs.Transform(raw)
	if err != nil {
		return Entry{}, invalid("record.json", err.Error())
	}
	entry := Entry{Content: content, Digest: sha256.Sum256(content), ReceivedAt: receivedAt.UTC()}
	if err := json.Unmarshal(content, &entry.Record); err != nil {
		return Entry{}, invalid("record.json", err.Error())
	}
	entry.ID, entry.Voids = strings.ToLower(entry.ID), strings.ToLower(entry.Voids)
	entry.At = entry.At.UTC()
	return entry, entry.check(content)
}

func invalid(key string, args ...any) error { return courses.Problemf(courses.Invalid, key, args...) }

func field(name string) error { return invalid("record.field", name) }

// check says which field is missing or malformed.
func (r *Record) check(content []byte) error {
	if !uuidForm.MatchString(r.ID) {
		return field("id")
	}
	if err := r.checkNames(); err != nil {
		return err
	}
	if r.At.Before(earliest) || r.At.After(latest) {
		return field("at")
	}
	if r.Seq < 0 || (r.Seq == 0 && bytes.Contains(content, []byte(`"seq":`))) {
		return field("seq")
	}
	const century = int64(100 * 366 * 24 * time.Hour / time.Millisecond)
	if r.OffsetMS < -century || r.OffsetMS > century {
		return field("offset_ms")
	}
	if r.Lang != "" && r.Lang != courses.Indonesian && r.Lang != courses.English {
		return field("lang")
	}
	if r.Phase != "" && r.Phase != Pre && r.Phase != Post && r.Phase != Retention {
		return field("phase")
	}
	if err := r.checkAnswers(); err != nil {
		return err
	}
	return r.checkKind()
}

func (r *Record) checkNames() error {
	names := []struct{ name, value string }{
		{"person", r.Person}, {"course", r.Course}, {"module", r.Module}, {"form", r.Form}, {"by", r.By},
		{"workshop", r.Workshop}, {"session", r.Session}, {"node", r.Node}, {"version", r.Version},
	}
	for _, n := range names {
		if n.value != "" && (len([]rune(n.value)) > maxName || !nameForm.MatchString(n.value)) {
			return field(n.name)
		}
	}
	if r.Person == "" {
		return field("person")
	}
	if r.Voids != "" && !uuidForm.MatchString(r.Voids) {
		return field("voids")
	}
	return nil
}

func (r *Record) checkAnswers() error {
	if len(r.Answers) > maxAnswers {
		return field("answers")
	}
	for item, chosen := range r.Answers {
		if item == "" || len(item) > maxName || len(chosen) > maxAnswers {
			return field("answers")
		}
		for _, c := range chosen {
			if c == "" || len(c) > maxText {
				return field("answers." + item)
			}
		}
	}
	if len(r.Answers) > 0 && r.Version == "" {
		return field("version")
	}
	return nil
}

// needs says which fields each kind requires.
var needs = map[Kind][]string{
	Enrolled:  {"course"},
	Read:      {"course", "module"},
	Opened:    {"course", "phase", "form", "version"},
	Answered:  {"course", "answers", "version"},
	Submitted: {"course", "phase", "form", "answers", "version"},
	Closed:    {"course", "phase", "workshop"},
	Scored:    {"course", "phase", "score"},
	Attended:  {"workshop", "session"},
	Voided:    {"voids"},
	Erased:    {},
}

func (r *Record) checkKind() error {
	required, ok := needs[r.Kind]
	if !ok {
		return field("kind")
	}
	has := map[string]bool{
		"course": r.Course != "", "module": r.Module != "", "phase": r.Phase != "", "form": r.Form != "",
		"answers": r.Answers != nil, "score": r.Score != nil, "workshop": r.Workshop != "",
		"session": r.Session != "", "version": r.Version != "", "voids": r.Voids != "",
	}
	for _, name := range required {
		if !has[name] {
			return field(name)
		}
	}
	quiz, test := r.Module != "", r.Phase != "" && r.Form != ""
	if r.Kind == Answered && quiz == test {
		return field("module")
	}
	if r.Kind == Scored && (r.Score.Max <= 0 || r.Score.Raw < 0 || r.Score.Raw > r.Score.Max) {
		return field("score")
	}
	if r.Kind != Scored && r.Score != nil {
		return field("score")
	}
	return nil
}

// String names the record in logs and refusals.
func (r *Record) String() string {
	return fmt.Sprintf("%s %s of %s", r.Kind, r.ID, r.Person)
}

// Revive reads an entry back from what a store kept of it; the content has been checked before it was kept.
func Revive(content []byte, digest [32]byte, receivedAt time.Time) (Entry, error) {
	entry := Entry{Content: content, Digest: digest, ReceivedAt: receivedAt.UTC()}
	if err := json.Unmarshal(content, &entry.Record); err != nil {
		return Entry{}, fmt.Errorf("record: content %x: %w", digest, err)
	}
	entry.ID, entry.Voids = strings.ToLower(entry.ID), strings.ToLower(entry.Voids)
	entry.At = entry.At.UTC()
	return entry, nil
}
