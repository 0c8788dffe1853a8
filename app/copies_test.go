package main

import (
	"archive/zip"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"melek/courses/access"
	"melek/courses/content"
	"melek/courses/people"
	"melek/courses/store"
	"melek/courses/store/memory"
	"melek/courses/tally"
)

// choosePIN signs a participant in with a code and chooses a PIN.
func (d desk) choosePIN(person, code string) { d.chooseSecret(person, code, "246813") }

// choosePassword signs a member of the office in with a code and chooses a password.
func (d desk) choosePassword(person, code string) {
	d.chooseSecret(person, code, "kopi di lereng Sindoro")
}

func (d desk) chooseSecret(person, code, secret string) {
	d.t.Helper()
	s := d.store()
	defer s.Close()
	door := access.NewDoor(access.Setup{Store: s, Region: people.Wonosobo(), Zone: time.UTC, Now: time.Now})
	entry, err := door.SignIn(d.t.Context(), access.Try{Name: person, Secret: code})
	if err != nil || entry.Session.Kind != access.First {
		d.t.Fatalf("sign in with %q: %+v, %v", code, entry, err)
	}
	if _, err := door.ChoosePIN(d.t.Context(), entry.Person, secret, ""); err != nil {
		d.t.Fatal(err)
	}
}

// easierCourse is a file of the course kota-cerdas with a lower pass mark.
func easierCourse(t *testing.T) string {
	t.Helper()
	catalog, err := content.Open(t.Context(), memory.New(), "")
	if err != nil {
		t.Fatal(err)
	}
	source, err := catalog.Source("kota-cerdas")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "course.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	for name, text := range source.Files {
		out, err := archive.Create("kota-cerdas/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(strings.Replace(text, "pass_mark: 70", "pass_mark: 30", 1))); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

// filled is a desk with a regency.
func filled(t *testing.T, number int, env ...string) desk {
	t.Helper()
	d, f := newDesk(t, env...), regency(t, number)
	if o := d.feed(f.people, "import", "people", "-"); o.status != done {
		t.Fatal(o.err)
	}
	if o := d.feed(lines(f.records), "import", "records", "-"); o.status != done {
		t.Fatal(o.err)
	}
	return d
}

// onMongo is a desk over a database of its own on the test server.
func onMongo(t *testing.T) desk {
	t.Helper()
	uri := os.Getenv("MONGODB_TEST_URI")
	if uri == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("MONGODB_TEST_URI is not set")
		}
		t.Skip("MONGODB_TEST_URI names no MongoDB")
	}
	return newDesk(t, "MONGODB_URI="+uri, fmt.Sprintf("MONGODB_DATABASE=melek-test-%d", time.Now().UnixNano()))
}

func TestABackupComesBackAsItWas(t *testing.T) {
	for name, elsewhere := range map[string]func(*testing.T) desk{
		"to SQLite":  func(t *testing.T) desk { return newDesk(t) },
		"to MongoDB": onMongo,
	} {
		t.Run(name, func(t *testing.T) {
			first, second := filled(t, 60), elsewhere(t)
			first.must("admin", "create", "--id", "admin", "--name", "Dewi")
			file := filepath.Join(t.TempDir(), "melek.tar.gz")
			first.must("backup", file)
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the backup is readable by others: %v, %v", info, err)
			}
			second.must("restore", file)
			for _, by := range []string{"district", "village", "workshop", "pillar"} {
				if first.report("--by", by) != second.report("--by", by) {
					t.Errorf("the reports by %s differ", by)
				}
			}
			for _, what := range []string{"people", "records"} {
				if first.must("export", what, "-").out != second.must("export", what, "-").out {
					t.Errorf("the %s differ", what)
				}
			}
			second.must("verify")
			third := newDesk(t)
			if o := third.feed(second.must("backup", "-").out, "restore", "-"); o.status != done {
				t.Fatal(o.err)
			}
			if first.report() != third.report() {
				t.Error("the reports differ after the way back")
			}
		})
	}
}

func TestRestoreRefuses(t *testing.T) {
	d := filled(t, 5)
	backup := d.must("backup", "-").out
	if o := d.feed(backup, "restore", "-"); o.status != failed || !strings.Contains(o.err, "already holds people or records") {
		t.Errorf("over something: %d %s", o.status, o.err)
	}
	for name, content := range map[string]string{"nothing": "", "text": "hello", "half": backup[:len(backup)/2]} {
		empty := newDesk(t)
		if o := empty.feed(content, "restore", "-"); o.status != failed || !strings.Contains(o.err, "damaged or no backup") {
			t.Errorf("%s: %d %s", name, o.status, o.err)
		}
		if out := empty.must("export", "records", "-").out; out != "" {
			t.Errorf("%s: kept %.100s", name, out)
		}
	}
}

func TestVerifyFindsWhatIsWrong(t *testing.T) {
	d := filled(t, 30)
	if o := d.must("verify"); !strings.Contains(o.out, " 0 differences") {
		t.Errorf("verify says %q", o.out)
	}
	s := d.store()
	must(t, s.AddLine(t.Context(), store.AuditLine{At: time.Now(), By: "admin", Action: "look"}))
	if o := d.must("verify"); !strings.Contains(o.out, "1 lines of the audit log") {
		t.Errorf("verify says %q", o.out)
	}
	db, err := sql.Open("sqlite", filepath.Join(d.data, databaseFile))
	must(t, err)
	_, err = db.ExecContext(t.Context(), "UPDATE audit SET by = 'somebody else'")
	must(t, errors.Join(err, db.Close()))
	if o := d.run("verify"); o.status != failed || !strings.Contains(o.err, "tampered with at line 1") {
		t.Errorf("verify = %d, %q, %q; want the line that was changed", o.status, o.out, o.err)
	}
	key := tally.Key{Course: "kota-cerdas", Role: people.Participant, Area: "33.07.01.2001"}
	err = s.Change(t.Context(), func(tx store.Tx) error {
		return tx.PutFigures(map[tally.Key]tally.Figures{key: {Enrolled: 999}})
	})
	if err != nil {
		t.Fatal(err)
	}
	o := d.run("verify")
	if o.status != failed || !strings.Contains(o.err, "figures of") || !strings.Contains(o.err, "33.07.01.2001") {
		t.Errorf("verify = %d, %q, %q; want the difference", o.status, o.out, o.err)
	}
}
