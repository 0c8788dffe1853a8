package reports

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/record"
)

// Frozen is a report of a closed period with all that it was made of. It is signed as a whole and never
// changed, whatever happens to records and people afterwards.
type Frozen struct {
	ID       string          `json:"id"`
	FrozenAt time.Time       `json:"frozen_at"`
	By       string          `json:"by"`
	Query    Query           `json:"query"`
	Method   string          `json:"method"`
	MinCell  int             `json:"min_cell"`
	Version  string          `json:"content_version"` // of the course
	Records  RecordSet       `json:"records"`
	Region   string          `json:"region"`  // as a region file
	Tallies  []byte          `json:"tallies"` // gzipped JSON
	Report   json.RawMessage `json:"report"`
}

// RecordSet names a set of records. SHA256 is of every record's person, id and digest in that order, so it
// depends on the set alone.
type RecordSet struct {
	Count  int64  `json:"count"`
	SHA256 string `json:"sha256"`
}

// sealed is a frozen report as it is kept.
type sealed struct {
	Payload   []byte `json:"payload"` // a Frozen as JSON
	Signature []byte `json:"signature"`
	Key       []byte `json:"key"` // the public one
}

// Seal says whose signature a frozen report has.
type Seal string

// The seals.
const (
	OwnSeal   Seal = "own"    // of this installation
	OtherSeal Seal = "other"  // of another one
	BadSeal   Seal = "broken" // the report is not what was signed
)

// Archive freezes reports and keeps them.
type Archive struct {
	desk    *Desk
	records entries
	names   settingNames
	key     func() (ed25519.PrivateKey, error)
	newID   func() string
}

type entries interface {
	EachEntry(ctx context.Context, after string, fn func(record.Entry) error) error
}

type settingNames interface {
	SettingNames(ctx context.Context, prefix string) ([]string, error)
}

// archiveStore is what an archive reads beside its desk.
type archiveStore interface {
	entries
	settingNames
}

// NewArchive makes an archive of the desk's reports. The key is asked for when something is frozen or
// checked.
func NewArchive(desk *Desk, s archiveStore, key func() (ed25519.PrivateKey, error),
	newID func() string) *Archive {
	return &Archive{desk: desk, records: s, names: s, key: key, newID: newID}
}

const frozenPrefix = "frozen/"

// Freeze makes the report of the query, signs and keeps it. Records that come in meanwhile make it begin
// again; where they never stop it is courses.Unavailable.
func (a *Archive) Freeze(ctx context.Context, q Query, by string) (Frozen, error) {
	key, err := a.key()
	if err != nil {
		return Frozen{}, err
	}
	for range 3 {
		before, err := a.recordSet(ctx)
		if err != nil {
			return Frozen{}, err
		}
		f, err := a.make(ctx, q, by)
		if err != nil {
			return Frozen{}, err
		}
		if f.Records, err = a.recordSet(ctx); err != nil {
			return Frozen{}, err
		}
		if f.Records == before {
			return f, a.keep(ctx, f, key)
		}
	}
	return Frozen{}, courses.Problemf(courses.Unavailable, "frozen.moving")
}

func (a *Archive) keep(ctx context.Context, f Frozen, key ed25519.PrivateKey) error {
	payload, err := json.Marshal(f)
	if err != nil {
		return err
	}
	value, err := json.Marshal(sealed{payload, ed25519.Sign(key, payload), key.Public().(ed25519.PublicKey)})
	if err != nil {
		return err
	}
	return a.desk.store.PutSetting(ctx, frozenPrefix+f.ID, string(value))
}

// make makes the report from the tallies that it takes down.
func (a *Archive) make(ctx context.Context, q Query, by string) (Frozen, error) {
	q, about, err := a.desk.about(q, AllBy...)
	if err != nil {
		return Frozen{}, err
	}
	region, err := regionText(about.Region)
	if err != nil {
		return Frozen{}, err
	}
	course, _ := a.desk.syllabus.Current(q.Course)
	f := Frozen{ID: a.newID(), FrozenAt: a.desk.time(), By: by, Query: q, Method: method,
		MinCell: a.desk.minCell, Version: course.Version, Region: region}
	from := newSource(a.desk.store, q.Course, q.Role, course.PassMark)
	if f.Report, err = a.report(ctx, f, from, course); err != nil {
		return Frozen{}, err
	}
	f.Tallies, err = zipped(from.kept)
	return f, err
}

// report makes the report of a frozen period from its tallies.
func (a *Archive) report(ctx context.Context, f Frozen, from *source,
	course *courses.Course) ([]byte, error) {
	region, err := people.ReadRegion(strings.NewReader(f.Region))
	if err != nil {
		return nil, err
	}
	desk := New(Setup{Store: from, Region: region, Syllabus: single{course}, Zone: a.desk.zone,
		MinCell: f.MinCell, Simulated: a.desk.simulated, Now: func() time.Time { return f.FrozenAt }})
	report, err := desk.GainsWhole(ctx, f.Query)
	if err != nil {
		return nil, err
	}
	return json.Marshal(report)
}

// single is a syllabus of one version of one course.
type single struct{ course *courses.Course }

// Version implements record.Syllabus.
func (s single) Version(course, version string) (*courses.Course, bool) {
	return s.course, course == s.course.ID && version == s.course.Version
}

// Current implements record.Syllabus.
func (s single) Current(course string) (*courses.Course, bool) {
	return s.course, course == s.course.ID
}

// Withdrawn implements record.Syllabus; marks are made already.
func (s single) Withdrawn(string, string) bool { return false }

// Again makes a frozen report once more from the tallies kept with it and reports whether it comes out
// the same to the byte. Another method than today's cannot be repeated: courses.Closed.
func (a *Archive) Again(ctx context.Context, f Frozen) (bool, error) {
	if f.Method != method {
		return false, courses.Problemf(courses.Closed, "frozen.method", f.Method, method)
	}
	course, ok := a.desk.syllabus.Version(f.Query.Course, f.Version)
	if !ok {
		return false, courses.Problemf(courses.NotFound, "record.version", f.Query.Course, f.Version)
	}
	kept, err := unzipped(f.Tallies)
	if err != nil {
		return false, err
	}
	kept.Finer = map[string]string{}
	at := *course
	at.PassMark = kept.PassMark
	again, err := a.report(ctx, f, &source{course: f.Query.Course, role: f.Query.Role, kept: kept}, &at)
	return err == nil && bytes.Equal(again, f.Report), err
}

func (a *Archive) recordSet(ctx context.Context) (RecordSet, error) {
	h, set := sha256.New(), RecordSet{}
	err := a.records.EachEntry(ctx, "", func(e record.Entry) error {
		set.Count++
		_, err := fmt.Fprintf(h, "%q %q %x\n", e.Person, e.ID, e.Digest)
		return err
	})
	set.SHA256 = hex.EncodeToString(h.Sum(nil))
	return set, err
}

// Get returns a frozen report and whose seal it has, or courses.NotFound.
func (a *Archive) Get(ctx context.Context, id string) (Frozen, Seal, error) {
	value, err := a.desk.store.Setting(ctx, frozenPrefix+id)
	if errors.Is(err, courses.NotFound) {
		return Frozen{}, "", courses.Problemf(courses.NotFound, "frozen.unknown", id)
	}
	if err != nil {
		return Frozen{}, "", err
	}
	var s sealed
	var f Frozen
	if err := json.Unmarshal([]byte(value), &s); err != nil {
		return Frozen{}, "", err
	}
	if err := json.Unmarshal(s.Payload, &f); err != nil {
		return Frozen{}, "", err
	}
	if len(s.Key) != ed25519.PublicKeySize || !ed25519.Verify(s.Key, s.Payload, s.Signature) || f.ID != id {
		return f, BadSeal, nil
	}
	key, err := a.key()
	if err != nil {
		return Frozen{}, "", err
	}
	if own := key.Public().(ed25519.PublicKey); !own.Equal(ed25519.PublicKey(s.Key)) {
		return f, OtherSeal, nil
	}
	return f, OwnSeal, nil
}

// List returns the ids of all frozen reports, the oldest first.
func (a *Archive) List(ctx context.Context) ([]string, error) {
	names, err := a.names.SettingNames(ctx, frozenPrefix)
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], frozenPrefix)
	}
	return names, err
}

// Change is one count that is not the same in a frozen report and in the figures of now. A count that is not
// told is nil.
type Change struct {
	Code, Name, Count string
	Frozen, Now       *int64
}

// Changes lists what has changed since, count by count, in the order of rows.
func (a *Archive) Changes(ctx context.Context, f Frozen) ([]Change, error) {
	var then Report
	if err := json.Unmarshal(f.Report, &then); err != nil {
		return nil, err
	}
	now, err := a.desk.Gains(ctx, f.Query)
	if err != nil {
		return nil, err
	}
	rows := map[string]gain.Row{}
	for _, row := range now.Rows {
		rows[row.Code] = row
	}
	var changes []Change
	compare := func(before, after gain.Row) {
		counts := func(r gain.Row) []*int64 { return []*int64{r.Enrolled, r.Completed, r.PreN, r.PostN, r.Matched} }
		for i, name := range []string{"enrolled", "completed", "pre_n", "post_n", "matched"} {
			if a, b := counts(before)[i], counts(after)[i]; (a == nil) != (b == nil) || a != nil && *a != *b {
				changes = append(changes, Change{before.Code, before.Name, name, a, b})
			}
		}
	}
	for _, row := range then.Rows {
		compare(row, rows[row.Code])
		delete(rows, row.Code)
	}
	for _, row := range now.Rows {
		if _, isNew := rows[row.Code]; isNew {
			compare(gain.Row{Code: row.Code, Name: row.Name}, row)
		}
	}
	compare(then.Total, now.Total)
	return changes, nil
}

// Fingerprint names a public key for people to compare.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}
