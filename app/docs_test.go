package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tests are the names of all tests of the program.
func tests(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir("..", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)`).FindAllSubmatch(text, -1) {
			all[string(found[1])] = true
		}
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d tests are known: %v", len(all), err)
	}
	return all
}

// TestDocumentsNameTestsThatExist reads the documents: one that names a test as its proof says nothing when the
// test has gone.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	known := tests(t)
	documents, err := filepath.Glob("docs/*.md")
	if err != nil || len(documents) == 0 {
		t.Fatalf("%d documents: %v", len(documents), err)
	}
	for _, name := range append(documents, "../README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			for _, test := range regexp.MustCompile(`\bTest[A-Z]\w*`).FindAllString(line, -1) {
				if !known[test] {
					t.Errorf("%s:%d names %s, which is no test", name, i+1, test)
				}
			}
		}
	}
}
