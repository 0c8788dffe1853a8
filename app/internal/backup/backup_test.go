package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"melek/app/internal/backup"
	"melek/app/internal/demo"
	"melek/courses"
	"melek/courses/content"
	"melek/courses/exchange"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/store/memory"
)

var now = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// room is a store with a ledger over it.
type room struct {
	store  *memory.Store
	ledger *ledger.Ledger
	keeper backup.Keeper
}

func newRoom(t *testing.T) room {
	t.Helper()
	s := memory.New()
	catalog, err := content.Open(t.Context(), s, "")
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.New(ledger.Setup{Store: s, Syllabus: catalog, Zone: time.UTC, Now: func() time.Time { return now }})
	file := func(ctx context.Context, entries []record.Entry) error {
		_, err := l.File(ctx, entries)
		return err
	}
	return room{s, l, backup.Keeper{Store: s, Register: l.Register, File: file}}
}

// must fails the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// furnish puts something of everything into the room.
func (r room) furnish(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	catalog, err := content.Open(ctx, r.store, "")
	must(t, err)
	regency, err := demo.New(demo.Setup{Region: people.Wonosobo(), Courses: catalog.Courses(), Zone: time.UTC,
		People: 60, Seed: 1})
	must(t, err)
	must(t, regency.Fill(ctx, r.ledger, r.store))
	odd := `{"id":"018f0000-0000-7000-8000-000000000001","kind":"read","person":"P00001","course":"<b>&\u2028",` +
		`"module":"m","at":"2026-08-01T08:00:00+07:00","more":{"b":[1.5e3,null],"a":"é\u0007"}}`
	entry, err := record.Parse([]byte(odd), now.Add(-time.Hour))
	must(t, err)
	other, err := record.Parse([]byte(strings.Replace(odd, "read", "enrolled", 1)), now)
	must(t, err)
	_, err = r.ledger.File(ctx, []record.Entry{entry, other})
	must(t, err)
	must(t, r.ledger.Record(ctx, record.Record{ID: "018f0000-0000-7000-8000-000000000002", Kind: record.Erased,
		Person: "P00002", At: now}))
	must(t, r.store.ChangeCredential(ctx, "P00003", func(c *store.Credential) error {
		c.PIN, c.Code, c.CodeExpires = "sealed", "hash", now
		c.Second, c.NextSecond, c.Step, c.Recovery, c.Subject = "seed", "next", 7, []string{"a", "b"}, "https://id.example 7"
		return nil
	}))
	must(t, r.store.PutAllowance(ctx, store.Allowance{Person: "P00003", Course: "kota-cerdas", Phase: record.Post,
		Extra: 10 * time.Minute, Open: true, By: "fasilitator", At: now}))
	must(t, r.store.PutAcknowledgement(ctx, store.Acknowledgement{Person: "P00003", Notice: "abc", Basis: "consent",
		At: now}))
	must(t, r.store.ChangeDraft(ctx, "kota-cerdas", func(d *store.Draft) error {
		d.Base, d.By, d.At, d.Files = "v1", "penulis", now, map[string]string{"course.yaml": "id: kota-cerdas\n"}
		return nil
	}))
	for _, w := range []people.Workshop{
		{ID: "w1", Title: "Bimtek Kertek", Courses: []string{"kota-cerdas"}, Area: "33.07.09", Place: "Balai desa",
			From: "2026-11-24", To: "2026-11-25", Facilitators: []string{"fasilitator"},
			Roster: []string{"P00003", "P00004"}, Code: "KRTKBM", Cancelled: true, By: "admin", At: now},
		{ID: "w2", Title: "Bimtek tanpa peserta", From: "2026-11-24", To: "2026-11-24", At: now}} {
		must(t, r.store.ChangeWorkshop(ctx, w.ID, func(kept *people.Workshop) error { *kept = w; return nil }))
	}
	must(t, r.store.ChangeRequest(ctx, "R1", func(q *store.Request) error {
		q.Person, q.Kind, q.Text, q.MadeAt, q.Due, q.State = "P00003", store.Correction, "Nama saya Sri", now,
			now.Add(72*time.Hour), store.RequestOpen
		return nil
	}))
	for i, action := range []string{"first", "second"} {
		must(t, r.store.AddLine(ctx, store.AuditLine{At: now.Add(time.Duration(i)), By: "admin", Action: action}))
	}
}

// write makes a backup of the room.
func (r room) write(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := backup.Write(t.Context(), &b, r.store, "test", now)
	must(t, err)
	return b.Bytes()
}

func (r room) restore(t *testing.T, file []byte) {
	t.Helper()
	u, err := backup.Open(bytes.NewReader(file))
	must(t, err)
	defer u.Close()
	must(t, backup.Empty(t.Context(), r.store))
	must(t, u.RestoreCourses(t.Context(), r.store))
	must(t, u.Restore(t.Context(), r.keeper))
}

// contents is every part of a backup by name.
func contents(t *testing.T, file []byte) map[string]string {
	t.Helper()
	zipped, err := gzip.NewReader(bytes.NewReader(file))
	must(t, err)
	packed, all := tar.NewReader(zipped), map[string]string{}
	for {
		head, err := packed.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		must(t, err)
		content, err := io.ReadAll(packed)
		must(t, err)
		all[head.Name] = string(content)
	}
}

func TestWhatIsRestoredIsWhatWas(t *testing.T) {
	first := newRoom(t)
	first.furnish(t)
	file := first.write(t)
	second := newRoom(t)
	second.restore(t, file)
	want, got := contents(t, file), contents(t, second.write(t))
	for name, content := range want {
		if name == "courses.ndjson" {
			continue // says when each was kept
		}
		if content == "" && name != "settings.ndjson" {
			t.Errorf("%s is empty", name)
		}
		if got[name] != content && name != "manifest.json" {
			t.Errorf("%s came back as\n%.400s\nwent as\n%.400s", name, got[name], content)
		}
	}
	if _, err := second.ledger.Verify(t.Context(), func(d ledger.Difference) { t.Error(d) }); err != nil {
		t.Error(err)
	}
	for _, c := range []string{"kota-cerdas", "literasi-digital"} {
		q := store.FiguresQuery{Course: c, Role: people.Participant}
		a, err := first.store.Figures(t.Context(), q)
		must(t, err)
		b, err := second.store.Figures(t.Context(), q)
		must(t, err)
		if !slices.Equal(a, b) || len(a) == 0 {
			t.Errorf("figures of %s differ", c)
		}
	}
}

func TestRecordsKeepTheirDigest(t *testing.T) {
	first, second := newRoom(t), newRoom(t)
	first.furnish(t)
	second.restore(t, first.write(t))
	var want, got strings.Builder
	_, err := exchange.WriteRecords(t.Context(), &want, first.store)
	must(t, err)
	_, err = exchange.WriteRecords(t.Context(), &got, second.store)
	must(t, err)
	if want.String() != got.String() {
		t.Error("records came back otherwise than they went")
	}
}

func TestACourseBroughtByHandStaysCurrent(t *testing.T) {
	first, second := newRoom(t), newRoom(t)
	catalog, err := content.Open(t.Context(), first.store, "")
	must(t, err)
	source, err := catalog.Source("kota-cerdas")
	must(t, err)
	source.Files["course.yaml"] = strings.Replace(source.Files["course.yaml"], "pass_mark: 70", "pass_mark: 55", 1)
	_, err = catalog.Add(t.Context(), source)
	must(t, err)
	second.restore(t, first.write(t))
	restored, err := content.Open(t.Context(), second.store, "")
	must(t, err)
	if c, err := restored.Course("kota-cerdas"); err != nil || c.PassMark != 55 {
		t.Errorf("pass mark %v, %v; want that of the version brought in", c.PassMark, err)
	}
}

func TestNothingIsRestoredOverSomething(t *testing.T) {
	withPeople, withRecords := newRoom(t), newRoom(t)
	must(t, withPeople.ledger.Register(t.Context(), []people.Person{{ID: "P1", Name: "Sri", Role: people.Participant}}))
	must(t, withRecords.ledger.Record(t.Context(), record.Record{ID: "018f0000-0000-7000-8000-000000000001",
		Kind: record.Enrolled, Person: "P1", Course: "c", At: now}))
	for name, r := range map[string]room{"people": withPeople, "records": withRecords} {
		if err := backup.Empty(t.Context(), r.store); !errors.Is(err, courses.Conflict) {
			t.Errorf("a store with %s: %v, want a conflict", name, err)
		}
	}
	if err := backup.Empty(t.Context(), newRoom(t).store); err != nil {
		t.Errorf("a new store: %v, want it empty", err)
	}
}

// pack makes an archive of files in order of name, the manifest first.
func pack(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	packed := tar.NewWriter(zipped)
	for _, name := range []string{"manifest.json", "settings.ndjson", "courses.ndjson", "people.ndjson",
		"records.ndjson", "credentials.ndjson", "allowances.ndjson", "notices.ndjson", "requests.ndjson",
		"audit.ndjson", "drafts.ndjson", "workshops.ndjson", "more.ndjson"} {
		content, ok := files[name]
		if !ok {
			continue
		}
		must(t, packed.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600}))
		_, err := packed.Write([]byte(content))
		must(t, err)
	}
	must(t, packed.Close())
	must(t, zipped.Close())
	return b.Bytes()
}

func TestDamagedFilesAreRefused(t *testing.T) {
	r := newRoom(t)
	r.furnish(t)
	whole := r.write(t)
	for _, tt := range []struct {
		name   string
		damage func(files map[string]string)
	}{
		{"a record changed", func(f map[string]string) {
			f["records.ndjson"] = strings.Replace(f["records.ndjson"], "submitted", "submitteD", 1)
		}},
		{"a line added", func(f map[string]string) { f["people.ndjson"] += "{}\n" }},
		{"a line taken away", func(f map[string]string) {
			_, f["audit.ndjson"], _ = strings.Cut(f["audit.ndjson"], "\n")
		}},
		{"a part missing", func(f map[string]string) { delete(f, "credentials.ndjson") }},
		{"no manifest", func(f map[string]string) { delete(f, "manifest.json") }},
		{"a manifest of another format", func(f map[string]string) {
			f["manifest.json"] = strings.Replace(f["manifest.json"], "melek-backup-1", "melek-backup-9", 1)
		}},
		{"a manifest that is no JSON", func(f map[string]string) { f["manifest.json"] = "{" }},
		{"a manifest with other parts", func(f map[string]string) {
			f["manifest.json"] = strings.Replace(f["manifest.json"], `"audit"`, `"../x"`, 1)
		}},
		{"a file too many", func(f map[string]string) { f["more.ndjson"] = "{}\n" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := contents(t, whole)
			tt.damage(files)
			if u, err := backup.Open(bytes.NewReader(pack(t, files))); !errors.Is(err, courses.Invalid) {
				t.Errorf("Open = %v, %v; want it refused", u, err)
			}
		})
	}
	for name, file := range map[string][]byte{"cut short": whole[:len(whole)/2], "text": []byte("hello"), "empty": nil} {
		if u, err := backup.Open(bytes.NewReader(file)); !errors.Is(err, courses.Invalid) {
			t.Errorf("%s: Open = %v, %v; want it refused", name, u, err)
		}
	}
}

func TestABackupOfBeforeThereWereSomePartsIsRestored(t *testing.T) {
	first := newRoom(t)
	first.furnish(t)
	whole := first.write(t)
	for _, lacking := range [][]string{{"workshops"}, {"drafts", "workshops"}} {
		files, second := contents(t, whole), newRoom(t)
		var m backup.Manifest
		must(t, json.Unmarshal([]byte(files["manifest.json"]), &m))
		m.Parts = slices.DeleteFunc(m.Parts, func(p backup.Part) bool { return slices.Contains(lacking, p.Name) })
		older, err := json.Marshal(m)
		must(t, err)
		files["manifest.json"] = string(older)
		for _, part := range lacking {
			delete(files, part+".ndjson")
		}
		second.restore(t, pack(t, files))
		if lines, err := second.store.Lines(t.Context(), 9); err != nil || len(lines) != 2 {
			t.Errorf("without %v: %d lines of the audit log, %v; want 2", lacking, len(lines), err)
		}
	}
}

func TestManifestCounts(t *testing.T) {
	r := newRoom(t)
	r.furnish(t)
	u, err := backup.Open(bytes.NewReader(r.write(t)))
	must(t, err)
	defer u.Close()
	if u.By != "test" || !u.MadeAt.Equal(now) || u.Count("people") != 60-1+28+5 || u.Count("audit") != 2 {
		t.Errorf("manifest %+v", u.Manifest)
	}
}
