package static_test

import (
	"path"
	"regexp"
	"testing"

	"melek/static"
)

var moduleImport = regexp.MustCompile(`[^{]import\('([^']+)'`)

// TestModulesFindEachOther follows every import of every module, as a browser does, to a file that is there.
func TestModulesFindEachOther(t *testing.T) {
	files, err := static.Load()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, plain := range []string{"js/aloud.js", "js/press.js", "js/clock.js"} {
		name := files.Name(plain)
		file, ok := files.File(name)
		if !ok || name == plain {
			t.Fatalf("%s is served as %q: %v", plain, name, ok)
		}
		for _, m := range moduleImport.FindAllStringSubmatch(string(file.Body), -1) {
			found++
			if _, ok := files.File(path.Join(path.Dir(name), m[1])); !ok {
				t.Errorf("%s imports %s, which is not there", plain, m[1])
			}
		}
	}
	if found != 3 {
		t.Errorf("%d imports, want the three of aloud.js", found)
	}
}
