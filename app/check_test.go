package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// copyCourse copies a shipped course and returns its folder.
func copyCourse(t *testing.T, id string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), id)
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("../courses/content", id))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// rewrite puts with in the place of old in a file of the folder.
func rewrite(t *testing.T, folder, name, old, with string) {
	t.Helper()
	path := filepath.Join(folder, name)
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%s does not hold %q: %v", path, old, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, with, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestShippedCoursesPassTheCheck(t *testing.T) {
	d := newDesk(t)
	if o := d.must("check"); o.out != "" || !strings.Contains(o.err, "courses pass the gate") {
		t.Errorf("check writes %q and says %q", o.out, o.err)
	}
	if _, err := os.Stat(d.data); err == nil {
		t.Error("check has made a database")
	}
	if o := d.must("check", "--report", "kota-cerdas"); !strings.Contains(o.out, "| 4 | ") ||
		strings.Contains(o.out, "literasi-digital") {
		t.Errorf("the report on one course is\n%s", o.out)
	}
}

func TestCheckTellsWhatMustBeMended(t *testing.T) {
	d := newDesk(t)
	tests := []struct{ name, file, old, with, want string }{
		{"what the loader refuses", "course.yaml", "pass_mark: 70", "pass_mark: 700",
			"kota-cerdas/course.yaml:9: pass_mark is 700; write a number from 0 to 100"},
		{"what the gate refuses", "items.yaml", "fact: K1.M1/F1", "fact: K1.M1/F9",
			"kota-cerdas: kc-1-1: there is no fact K1.M1/F9; name a fact of the curriculum"},
		{"a translation out of step", "02-dimensi-kota-cerdas.id.md", "Kota cerdas dibagi", "Kota cerdas terbagi",
			"kota-cerdas: dimensi-kota-cerdas: its English was not confirmed"},
		{"an item of another course", "course.yaml", "id: kota-cerdas", "id: kota-lain", "asks in English what kota-cerdas/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder := copyCourse(t, "kota-cerdas")
			rewrite(t, folder, tt.file, tt.old, tt.with)
			if tt.file == "course.yaml" && strings.Contains(tt.with, "lain") {
				other := filepath.Join(filepath.Dir(folder), "kota-lain")
				if err := os.Rename(folder, other); err != nil {
					t.Fatal(err)
				}
				folder = other
			}
			for _, path := range []string{folder, filepath.Dir(folder)} {
				if o := d.run("check", path); o.status != failed || !strings.Contains(o.err, tt.want) ||
					strings.Contains(o.err, "literasi-digital:") {
					t.Errorf("check %s = %d\n%s\nwant 1 and %q", path, o.status, o.err, tt.want)
				}
			}
		})
	}
}

func TestConfirmingBringsTranslationsIntoStep(t *testing.T) {
	d := newDesk(t)
	folder := copyCourse(t, "kota-cerdas")
	rewrite(t, folder, "02-dimensi-kota-cerdas.id.md", "Kota cerdas dibagi", "Kota cerdas terbagi")
	rewrite(t, folder, "01-apa-itu-kota-cerdas.id.md", "## Ingat", "## Ingatlah")
	d.must("check", "--confirm", "--only", "dimensi-kota-cerdas", folder)
	if o := d.run("check", folder); o.status != failed || strings.Contains(o.err, "dimensi") ||
		!strings.Contains(o.err, "apa-itu-kota-cerdas: its English was not confirmed") {
		t.Errorf("with one of two confirmed, check = %d\n%s", o.status, o.err)
	}
	d.must("check", "--confirm", folder)
	d.must("check", folder)
}

func TestCheckIsUsedRightly(t *testing.T) {
	d := newDesk(t)
	for args, want := range map[string]int{"check --only course": misused, "check --confirm": misused,
		"check nowhere": failed, "check --confirm nowhere": failed, "check --confirm kota-cerdas": failed,
		"check --confirm --only nothing ../courses/content/kota-cerdas": failed} {
		if o := d.run(strings.Fields(args)...); o.status != want || o.err == "" {
			t.Errorf("%s = %d, %q; want %d", args, o.status, o.err, want)
		}
	}
}
