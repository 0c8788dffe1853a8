package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"melek/courses/access"
	"melek/courses/store"
)

func TestSecondFactorsNeedTheirKey(t *testing.T) {
	d := newDesk(t)
	d.must("admin", "create", "--id", "admin", "--name", "Dewi Telaga")
	d.keepSecond("admin", "JBSWY3DPEHPK3PXP") // as older versions kept it
	d.start("serve").stop()
	name := filepath.Join(d.data, "second.key")
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key: %v, %v; want a file for its owner alone", info, err)
	}
	if kept := d.keptSecond("admin"); !strings.HasPrefix(kept, "$aes256gcm$") {
		t.Errorf("the second factor is kept as %q", kept)
	}
	if o := d.run("admin", "lost-key"); o.status != failed || !strings.Contains(o.err, "not lost") {
		t.Errorf("a key that is there is given up: %d %q", o.status, o.err)
	}
	away := name + ".away"
	if err := os.Rename(name, away); err != nil {
		t.Fatal(err)
	}
	told := regexp.MustCompile(`locked with key [0-9a-f]{16}.*second\.key.*copy the file.*admin lost-key`)
	if o := d.run("serve"); o.status != failed || !told.MatchString(o.err) {
		t.Errorf("without its key serve says %d %q", o.status, o.err)
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("a key that does not fit was made")
	}
	if _, err := secondKey.readOr(d.data, access.NewKey()); err != nil {
		t.Fatal(err)
	}
	if o := d.run("serve"); o.status != failed || !strings.Contains(o.err, "it holds key") {
		t.Errorf("with another key serve says %d %q", o.status, o.err)
	}
	d.must("verify") // what checks no second factor needs no key
}

func TestALostKeyIsGivenUp(t *testing.T) {
	d := newDesk(t)
	d.must("admin", "create", "--id", "admin", "--name", "Dewi Telaga")
	d.keepSecond("admin", "JBSWY3DPEHPK3PXP")
	d.start("serve").stop()
	if err := os.Remove(filepath.Join(d.data, "second.key")); err != nil {
		t.Fatal(err)
	}
	if o := d.must("admin", "lost-key"); !strings.Contains(o.out, "1 second factors") {
		t.Errorf("lost-key says %q", o.out)
	}
	if kept := d.keptSecond("admin"); kept != "" {
		t.Errorf("the second factor is kept as %q", kept)
	}
	d.start("serve").stop()
	if _, err := os.Stat(filepath.Join(d.data, "second.key")); err != nil {
		t.Errorf("no new key: %v", err)
	}
}

// A backup brings second factors back where the key is, and says which key where it is not.
func TestARestoredDatabaseNeedsItsKey(t *testing.T) {
	d, there := newDesk(t), newDesk(t)
	d.must("admin", "create", "--id", "admin", "--name", "Dewi Telaga")
	d.keepSecond("admin", "JBSWY3DPEHPK3PXP")
	d.start("serve").stop()
	file := filepath.Join(t.TempDir(), "copy.tar.gz")
	d.must("backup", file)
	there.must("restore", file)
	if o := there.run("serve"); o.status != failed || !strings.Contains(o.err, "it is not there") {
		t.Errorf("without the key serve says %d %q", o.status, o.err)
	}
	key, err := os.ReadFile(filepath.Join(d.data, "second.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(there.data, "second.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	there.start("serve").stop()
	if a, b := d.keptSecond("admin"), there.keptSecond("admin"); a != b || a == "" {
		t.Errorf("kept %q and restored %q", a, b)
	}
}

func (d desk) keepSecond(person, secret string) {
	d.t.Helper()
	s := d.store()
	defer s.Close()
	err := s.ChangeCredential(d.t.Context(), person, func(c *store.Credential) error {
		c.Second = secret
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) keptSecond(person string) string {
	d.t.Helper()
	s := d.store()
	defer s.Close()
	c, err := s.Credential(d.t.Context(), person)
	if err != nil {
		d.t.Fatal(err)
	}
	return c.Second
}
