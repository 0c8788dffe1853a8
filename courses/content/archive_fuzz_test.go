package content_test

import (
	"archive/zip"
	"bytes"
	"testing"

	"melek/courses/content"
)

// FuzzArchive reads whatever is brought in as the one file of a course: a course whose files have plain names,
// or why it is none.
func FuzzArchive(f *testing.F) {
	for name, text := range map[string]string{"contoh/course.yaml": courseYAML, "../course.yaml": "id: a", "a//b": ""} {
		var b bytes.Buffer
		archive := zip.NewWriter(&b)
		w, err := archive.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
		_ = archive.Close()
		f.Add(b.Bytes())
	}
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, file []byte) {
		source, err := readFile(file)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := content.WriteFile(&b, source); err != nil {
			t.Fatalf("a course that was read cannot be written: %v", err)
		}
		if again, err := readFile(b.Bytes()); err != nil || again.Version != source.Version {
			t.Fatalf("a course that was written is read as %q, %v; want %q", again.Version, err, source.Version)
		}
	})
}
