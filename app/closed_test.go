package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"melek/courses/store"
)

// Words that stand in the database only where the person who is to be erased left them.
const (
	plantedWords  = "Tolong perbaiki nama ibu saya"
	plantedLabel  = "Ponsel biru di dapur"
	plantedCode   = "sidik-kode-sekali-pakai"
	plantedSecond = "kunci-kode-kedua"
)

// leaveTraces has a person ask for something, and be signed in, halfway in and able to get in.
func (d desk) leaveTraces(person string) {
	d.t.Helper()
	s, ctx, now := d.store(), d.t.Context(), time.Now()
	defer s.Close()
	must(d.t, s.ChangeRequest(ctx, "R-1", func(r *store.Request) error {
		r.Person, r.Kind, r.State, r.Text, r.MadeAt, r.Due = person, store.Correction, store.RequestOpen, plantedWords, now, now
		return nil
	}))
	must(d.t, s.PutSession(ctx, store.Session{Hash: "hash", Person: person, Kind: store.Browser, Label: plantedLabel,
		MadeAt: now, Expires: now.Add(time.Hour)}))
	must(d.t, s.ChangeCredential(ctx, person, func(c *store.Credential) error {
		c.Code, c.CodeExpires, c.Second = plantedCode, now.Add(time.Hour), plantedSecond
		return nil
	}))
}

// inBackup reports which of the words stand in a backup, in whatever part.
func inBackup(t *testing.T, file string, words ...string) []string {
	t.Helper()
	zipped, err := gzip.NewReader(strings.NewReader(file))
	must(t, err)
	packed, found := tar.NewReader(zipped), []string(nil)
	for {
		_, err := packed.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		must(t, err)
		content, err := io.ReadAll(packed)
		must(t, err)
		for _, word := range words {
			if bytes.Contains(content, []byte(word)) {
				found = append(found, word)
			}
		}
	}
}

// checked is what the program says of a closed period.
type checked struct {
	Seal    string           `json:"seal"`
	Same    bool             `json:"same_again"`
	Changes []map[string]any `json:"changes"`
}

func (d desk) checked(id string) checked {
	d.t.Helper()
	var c checked
	must(d.t, json.Unmarshal([]byte(d.must("report", "frozen", id, "--check").out), &c))
	return c
}

// TestAClosedPeriodOutlivesErasureAndRestore closes a period, erases somebody in it and restores a backup from
// before: the closed period is the same to the byte, and nothing of the person comes back.
func TestAClosedPeriodOutlivesErasureAndRestore(t *testing.T) {
	for name, elsewhere := range map[string]func(*testing.T) desk{
		"to SQLite":  func(t *testing.T) desk { return newDesk(t) },
		"to MongoDB": onMongo,
	} {
		t.Run(name, func(t *testing.T) {
			d := filled(t, 40)
			person, who := d.someone()
			d.leaveTraces(person)
			id := strings.TrimSpace(d.must("report", "freeze", "--course", "kota-cerdas").out)
			signed, live := d.must("report", "frozen", id).out, d.report()
			old := filepath.Join(t.TempDir(), "old.tar.gz")
			d.must("backup", old)

			d.must("erase", person, "--confirm", person)
			if got := d.must("report", "frozen", id).out; got != signed {
				t.Errorf("the closed period became\n%s\nwas\n%s", got, signed)
			}
			if c := d.checked(id); c.Seal != "own" || !c.Same || len(c.Changes) == 0 {
				t.Errorf("after the erasure: %+v, want our own seal, the same again and what has changed since", c)
			}
			if d.report() == live {
				t.Error("the live report still counts the person")
			}
			d.must("backup", filepath.Join(filepath.Dir(old), "new.tar.gz")) // puts the list beside both

			other := elsewhere(t)
			other.must("restore", old)
			if got := other.must("report", "frozen", id).out; got != signed {
				t.Errorf("the closed period came back as\n%s\nwas\n%s", got, signed)
			}
			if c := other.checked(id); c.Seal != "other" || !c.Same {
				t.Errorf("without the key: %+v, want another's seal and the same again", c)
			}
			key, err := os.ReadFile(filepath.Join(d.data, frozenKey.name))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(other.data, frozenKey.name), key, 0o600))
			if c := other.checked(id); c.Seal != "own" || !c.Same {
				t.Errorf("with the key: %+v, want our own seal and the same again", c)
			}
			if d.report() != other.report() {
				t.Error("the live reports differ")
			}

			words := []string{plantedWords, plantedLabel, plantedCode, plantedSecond, who}
			before, err := os.ReadFile(old)
			must(t, err)
			if found := inBackup(t, string(before), words...); len(found) < 4 {
				t.Fatalf("the old backup holds %q, which is too little to tell anything", found)
			}
			if found := inBackup(t, other.must("backup", "-").out, words...); len(found) > 0 {
				t.Errorf("what was restored still holds %q", found)
			}
		})
	}
}
