package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"melek/app/internal/backup"
	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

// erasures is the desk's list of the erased.
func (d desk) erasures() *backup.Erasures { return backup.ErasuresIn(d.data) }

// someone is the number and the name of a person who has records.
func (d desk) someone() (id, name string) {
	d.t.Helper()
	s := d.store()
	defer s.Close()
	some, err := s.Projections(d.t.Context(), []string{"P00001", "P00002", "P00003"})
	if err != nil || len(some) == 0 {
		d.t.Fatalf("nobody has records: %v", err)
	}
	p, err := s.Person(d.t.Context(), some[0].Person)
	if err != nil {
		d.t.Fatal(err)
	}
	return p.ID, p.Name
}

func TestEraseTakesAPersonOutOfEverything(t *testing.T) {
	d := filled(t, 40)
	id, name := d.someone()
	if o := d.run("erase", id, "--confirm", "P99999"); o.status != failed || !strings.Contains(o.err, "Nothing was erased") {
		t.Errorf("another number typed: %d %s", o.status, o.err)
	}
	d.must("erase", id, "--confirm", id)
	if out := d.must("export", "people", "-").out; strings.Contains(out, id) {
		t.Errorf("the register still has %s", id)
	}
	records := d.must("export", "records", "-").out
	if n := strings.Count(records, `"person":"`+id+`"`); n != 1 || !strings.Contains(records, `"kind":"erased"`) {
		t.Errorf("%d records of %s, want the erased one", n, id)
	}
	if o := d.must("verify"); !strings.Contains(o.out, " 0 differences") {
		t.Errorf("verify says %q", o.out)
	}
	files, err := filepath.Glob(filepath.Join(d.data, "melek.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), name) {
			t.Errorf("%s still holds the name %q", file, name)
		}
	}
	if o := d.feed("id,name,role,area\n"+id+",Baru,participant,33.07.01.2001\n", "import", "people", "-"); o.status != failed {
		t.Errorf("the number was used again: %d %s", o.status, o.err)
	}
}

func TestAnOlderBackupAgreesWithTheErasures(t *testing.T) {
	for name, elsewhere := range map[string]func(*testing.T) desk{
		"in SQLite":  func(t *testing.T) desk { return newDesk(t) },
		"in MongoDB": onMongo,
	} {
		t.Run(name, func(t *testing.T) {
			d := filled(t, 20)
			id, _ := d.someone()
			old := filepath.Join(t.TempDir(), "old.tar.gz")
			d.must("backup", old)
			d.must("erase", id, "--confirm", id)
			want := d.must("export", "people", "-").out
			d.must("backup", filepath.Join(filepath.Dir(old), "new.tar.gz")) // puts the list beside both
			other := elsewhere(t)
			if o := other.must("restore", old); !strings.Contains(o.err, "1 people on the list of erasures taken out again") {
				t.Errorf("restore says %q", o.err)
			}
			if got := other.must("export", "people", "-").out; got != want {
				t.Errorf("the register came back as\n%s\nwant\n%s", got, want)
			}
			if d.report() != other.report() {
				t.Error("the reports differ")
			}
			if o := other.must("verify"); !strings.Contains(o.out, " 0 differences") {
				t.Errorf("verify says %q", o.out)
			}
		})
	}
}

func TestADamagedListStopsARestore(t *testing.T) {
	d := filled(t, 5)
	old := filepath.Join(t.TempDir(), "old.tar.gz")
	d.must("backup", old)
	id, _ := d.someone()
	d.must("erase", id, "--confirm", id)
	list := filepath.Join(d.data, "melek-erased.ndjson")
	content, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]string{"another person": strings.Replace(string(content), id, "P99999", 1),
		"cut short": string(content[:len(content)/2]), "no list": "hello\n"} {
		other := newDesk(t)
		if err := os.MkdirAll(other.data, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(other.data, "melek-erased.ndjson"), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if o := other.run("restore", old); o.status != failed || !strings.Contains(o.err, "line 1 of") {
			t.Errorf("%s: %d %s", name, o.status, o.err)
		}
		if out := other.must("export", "people", "-").out; strings.Contains(out, "P0") {
			t.Errorf("%s: people were restored", name)
		}
	}
}

func TestRetainTakesThoseWhoLeft(t *testing.T) {
	const people = "id,name,role,area,valid_from,valid_to,retired\n" +
		"P-1,Sri,participant,33.07.01.2001,2015-01-01,2020-01-01,yes\n" +
		"P-2,Budi,participant,33.07.01.2001,,,yes\n" +
		"P-3,Tono,participant,33.07.01.2001,,,\n"
	d := newDesk(t, "MELEK_RETENTION_MONTHS=24")
	if o := d.feed(people, "import", "people", "-"); o.status != done {
		t.Fatal(o.err)
	}
	want := "P-1\twould be erased\nP-2\tkept, the last day of service is not known\n1 people would be erased\n"
	if o := d.must("retain", "--dry-run"); o.out != want {
		t.Errorf("a dry run says %q, want %q", o.out, want)
	}
	if o := d.must("retain"); o.out != "1 people erased\n" {
		t.Errorf("retain says %q", o.out)
	}
	if out := d.must("export", "people", "-").out; strings.Contains(out, "Sri") || !strings.Contains(out, "Budi") {
		t.Errorf("kept:\n%s", out)
	}
	if o := d.must("retain", "--dry-run", "--retention-months", ""); !strings.HasSuffix(o.out, "0 people would be erased\n") {
		t.Errorf("without a retention: %q", o.out)
	}
}

func TestUpkeepEndsTheKeepingOfData(t *testing.T) {
	d := newDesk(t)
	s := d.store()
	defer s.Close()
	var given settings
	parser, err := kong.New(&given)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"--retention-months", "12"}); err != nil {
		t.Fatal(err)
	}
	rules, err := given.Rules.read()
	if err != nil {
		t.Fatal(err)
	}
	rules.erasures = d.erasures()
	r, err := rules.assemble(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	var rows []people.Person
	for n := range mostADay + 1 {
		rows = append(rows, people.Person{ID: fmt.Sprintf("P%03d", n), Name: "Sri", Role: people.Participant,
			Postings: []people.Posting{{Area: "33.07.01.2001", To: "2020-01-01"}}})
	}
	if err := r.ledger.Register(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	left := func() int {
		t.Helper()
		all, err := s.People(t.Context(), store.PeopleQuery{})
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	for i, want := range []int{1, 1, 0} {
		if i == 2 {
			now = now.AddDate(0, 0, 1)
		}
		if r.keepPrivacy(t.Context(), now); left() != want {
			t.Errorf("%d people left after look %d, want %d", left(), i+1, want)
		}
	}
	listed, err := d.erasures().Entries()
	if err != nil || len(listed) != mostADay+1 {
		t.Errorf("%d on the list, %v; want %d", len(listed), err, mostADay+1)
	}
}

// What was counted at the door of somebody who is erased goes with them.
func TestEraseForgetsWrongTries(t *testing.T) {
	d := newDesk(t)
	d.must("admin", "create", "--id", "A-7", "--name", "Dewi Telaga")
	s := d.store()
	door := access.NewDoor(access.Setup{Store: s, Region: people.Wonosobo(), Zone: time.UTC, Now: time.Now})
	try := access.Try{Name: "A-7", Secret: "000000", Address: "10.1.2.3", Browser: "b"}
	if _, err := door.SignIn(t.Context(), try); !errors.Is(err, courses.Unsigned) {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("A-7"))
	counted := func() int {
		c, err := s.Counter(t.Context(), "account/"+hex.EncodeToString(sum[:]))
		if err != nil {
			t.Fatal(err)
		}
		return c.N
	}
	before := counted()
	d.must("erase", "A-7", "--confirm", "A-7")
	if after := counted(); before != 1 || after != 0 {
		t.Errorf("%d wrong tries before the erasure and %d after, want 1 and 0", before, after)
	}
}
