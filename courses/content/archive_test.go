package content_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/store"
	"melek/courses/store/memory"
)

// entry is a file of an archive.
type entry struct{ name, content string }

func archive(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		f, err := w.Create(e.name)
		if err == nil {
			_, err = f.Write([]byte(e.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readFile(data []byte) (store.CourseSource, error) {
	return content.ReadFile(bytes.NewReader(data), int64(len(data)))
}

func TestACourseTravelsAsOneFile(t *testing.T) {
	from := open(t, memory.New(), "")
	for _, course := range from.Courses() {
		want, err := from.Source(course.ID)
		if err != nil {
			t.Fatal(err)
		}
		var first, second bytes.Buffer
		if err := errors.Join(content.WriteFile(&first, want), content.WriteFile(&second, want)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: two files of one course differ", course.ID)
		}
		got, err := readFile(first.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if got.Course != course.ID || got.Version != course.Version || !maps.Equal(got.Files, want.Files) {
			t.Errorf("%s: what was read is not what was written", course.ID)
		}
	}
}

func TestReadFileAccepts(t *testing.T) {
	tests := []struct {
		name    string
		entries []entry
		course  string
	}{
		{"files without a folder", []entry{{"course.yaml", "x"}, {"items.yaml", "y"}}, ""},
		{"a folder with its own entry", []entry{{"a/", ""}, {"a/course.yaml", "x"}, {"a/items.yaml", "y"}}, "a"},
		{"what file managers leave", []entry{{"a/.DS_Store", "?"}, {"__MACOSX/a/._course.yaml", "?"},
			{"a/Thumbs.db", "?"}, {"a/course.yaml", "x"}, {"a/items.yaml", "y"}}, "a"},
		{"line ends of another system", []entry{{"a/course.yaml", "\ufeffx"}, {"a/items.yaml", "y"}}, "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readFile(archive(t, tt.entries...))
			want := map[string]string{"course.yaml": "x", "items.yaml": "y"}
			if err != nil || got.Course != tt.course || !maps.Equal(got.Files, want) {
				t.Errorf("ReadFile = %+v, %v; want the two files of %q", got, err, tt.course)
			}
		})
	}
}

func TestReadFileRefuses(t *testing.T) {
	many := []entry{{"course.yaml", "x"}}
	for i := range 200 {
		many = append(many, entry{fmt.Sprintf("%d.md", i), ""})
	}
	whole := archive(t, entry{"course.yaml", strings.Repeat("x", 1000)})
	broken := bytes.Clone(whole)
	broken[bytes.Index(broken, []byte("course.yaml"))+len("course.yaml")] ^= 0xff
	tests := []struct {
		name string
		data []byte
		key  string
	}{
		{"no archive", []byte("id: contoh\n"), "course.zip"},
		{"half an archive", whole[:len(whole)/2], "course.zip"},
		{"a damaged file", broken, "course.zip"},
		{"nothing", archive(t), "course.no_course"},
		{"other files", archive(t, entry{"a/items.yaml", "x"}), "course.no_course"},
		{"too many files", archive(t, many...), "course.too_many_files"},
		{"a file that unpacks to too much", archive(t, entry{"course.yaml", strings.Repeat("x", 5<<20+1)}),
			"course.too_large"},
		{"files that unpack to too much", archive(t, entry{"course.yaml", strings.Repeat("x", 3<<20)},
			entry{"items.yaml", strings.Repeat("x", 3<<20)}), "course.too_large"},
		{"a way out of the folder", archive(t, entry{"../course.yaml", "x"}), "course.file_name"},
		{"a way from the root", archive(t, entry{"/course.yaml", "x"}), "course.file_name"},
		{"two folders", archive(t, entry{"a/course.yaml", "x"}, entry{"b/items.yaml", "x"}), "course.file_name"},
		{"a folder in the folder", archive(t, entry{"a/course.yaml", "x"}, entry{"a/b/x.md", "x"}), "course.file_name"},
		{"a backslash", archive(t, entry{`a\course.yaml`, "x"}), "course.file_name"},
		{"a name twice", archive(t, entry{"course.yaml", "x"}, entry{"course.yaml", "y"}), "course.file_name"},
		{"a control character", archive(t, entry{"course.yaml", "x"}, entry{"a\nb.md", ""}), "course.file_name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readFile(tt.data)
			var problem *courses.Problem
			if !errors.As(err, &problem) || problem.Key != tt.key || !errors.Is(err, courses.Invalid) {
				t.Errorf("ReadFile = %v; want Invalid %s", err, tt.key)
			}
		})
	}
}
