package content_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/store"
	"melek/courses/store/memory"
)

// folder writes courses to a folder as an operator would.
func folder(t *testing.T, files fstest.MapFS) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

// named returns the files of a course under another id, so that several can lie side by side.
func named(id string, files fstest.MapFS) fstest.MapFS {
	out := fstest.MapFS{}
	for name, f := range files {
		data := bytes.Replace(f.Data, []byte("id: contoh\n"), []byte("id: "+id+"\n"), 1)
		out[strings.Replace(name, "contoh/", id+"/", 1)] = &fstest.MapFile{Data: data}
	}
	return out
}

// source returns the files of a course as they are brought by hand.
func source(files fstest.MapFS) store.CourseSource {
	s := store.CourseSource{Files: map[string]string{}}
	for name, f := range files {
		dir, base, _ := strings.Cut(name, "/")
		s.Course, s.Files[base] = dir, string(f.Data)
	}
	return s
}

func open(t *testing.T, office store.Office, extra string) *content.Catalog {
	t.Helper()
	c, err := content.Open(t.Context(), office, extra)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func add(t *testing.T, c *content.Catalog, files fstest.MapFS) *courses.Course {
	t.Helper()
	course, err := c.Add(t.Context(), source(files))
	if err != nil {
		t.Fatal(err)
	}
	return course
}

func version(t *testing.T, files fstest.MapFS) string {
	t.Helper()
	c, err := content.Load(files, "contoh")
	if err != nil {
		t.Fatal(err)
	}
	return c.Version
}

func checkCurrent(t *testing.T, c *content.Catalog, want string) {
	t.Helper()
	course, ok := c.Current("contoh")
	if !ok || course.Version != want {
		t.Errorf("current version = %v, %v; want %s", course, ok, want)
	}
}

func TestCoursesStandInTheOrderOfTheCurriculum(t *testing.T) {
	files := fstest.MapFS{}
	for _, id := range []string{"zebra", "tes-literasi", "apel", "data-desa"} {
		for name, f := range named(id, example()) {
			files[name] = f
		}
	}
	c := open(t, memory.New(), folder(t, files))
	var got []string
	for _, course := range c.Courses() {
		got = append(got, course.ID)
	}
	want := []string{"kota-cerdas", "literasi-digital", "pelindungan-data", "data-desa", "tes-literasi", "apel", "zebra"}
	got = slices.DeleteFunc(got, func(id string) bool { return !slices.Contains(want, id) })
	if !slices.Equal(got, want) {
		t.Errorf("courses %v; want %v", got, want)
	}
}

func TestCatalogFindsNothingUnknown(t *testing.T) {
	c := open(t, memory.New(), "")
	if _, err := c.Course("contoh"); !errors.Is(err, courses.NotFound) {
		t.Errorf("Course = %v; want NotFound", err)
	}
	if _, err := c.Source("contoh"); !errors.Is(err, courses.NotFound) {
		t.Errorf("Source = %v; want NotFound", err)
	}
	if _, ok := c.Version("kota-cerdas", "000000000000"); ok {
		t.Error("a version is known that never was")
	}
	if c.Withdrawn("contoh", "q-1") || c.Withdrawn("kota-cerdas", "q-1") {
		t.Error("an item is withdrawn that never was")
	}
	course, err := c.Course("kota-cerdas")
	if err != nil {
		t.Fatal(err)
	}
	if known, ok := c.Version("kota-cerdas", course.Version); !ok || known != course {
		t.Error("the current version is not known by its name")
	}
}

func TestFolderReplacesTheShippedCourse(t *testing.T) {
	office := memory.New()
	shipped, err := open(t, office, "").Course("kota-cerdas")
	if err != nil {
		t.Fatal(err)
	}
	c := open(t, office, folder(t, named("kota-cerdas", example())))
	course, err := c.Course("kota-cerdas")
	if err != nil || course.Title.ID != "Contoh" {
		t.Errorf("Course = %v, %v; want that of the folder", course, err)
	}
	if _, ok := c.Version("kota-cerdas", shipped.Version); !ok {
		t.Error("the shipped version cannot be marked any more")
	}
}

func TestFoldersThatCannotBeServed(t *testing.T) {
	tests := []struct{ name, dir, want string }{
		{"is not there", t.TempDir() + "/none", "courses in"},
		{"is itself a course", folder(t, example()) + "/contoh", "name the folder in which it lies"},
		{"holds a course with findings", folder(t, changed(t, "items.yaml", "key: b", "key: e")),
			`contoh/items.yaml:12: key "e" names no option`},
		{"holds a folder that is no course", folder(t, fstest.MapFS{"kosong/a.md": {}}), "kosong/course.yaml:1: is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			office := memory.New()
			_, err := content.Open(t.Context(), office, tt.dir)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open = %v; want %q", err, tt.want)
			}
			if kept, err := office.Courses(t.Context()); err != nil || len(kept) > 0 {
				t.Errorf("%d versions were kept (%v); want none", len(kept), err)
			}
		})
	}
}

func TestOldVersionsStayKnown(t *testing.T) {
	office := memory.New()
	first, second := example(), changed(t, "items.yaml", "key: b", "key: a")
	open(t, office, folder(t, first))
	c := open(t, office, folder(t, second))
	checkCurrent(t, c, version(t, second))
	old, ok := c.Version("contoh", version(t, first))
	if !ok || old.Items["q-1"].Key[0] != "b" {
		t.Errorf("the version before = %v, %v; want it with its own key", old, ok)
	}

	without := open(t, office, "")
	checkCurrent(t, without, version(t, second))
}

func TestAdd(t *testing.T) {
	office := memory.New()
	dir := folder(t, example())
	c := open(t, office, dir)
	better := changed(t, "course.yaml", "pass_mark: 70", "pass_mark: 80")
	if course := add(t, c, better); course.Version != version(t, better) || course.PassMark != 80 {
		t.Errorf("Add = %+v; want the new version", course)
	}
	checkCurrent(t, c, version(t, better))
	checkCurrent(t, open(t, office, dir), version(t, better))

	t.Run("an earlier version again", func(t *testing.T) {
		add(t, c, example())
		checkCurrent(t, c, version(t, example()))
		checkCurrent(t, open(t, office, dir), version(t, example()))
	})
	t.Run("the same version again", func(t *testing.T) {
		before := c.Digest()
		add(t, c, example())
		if c.Digest() != before {
			t.Error("bringing the same version twice has changed the digest")
		}
	})
	t.Run("a course with findings", func(t *testing.T) {
		before, digest := len(keptVersions(t, office)), c.Digest()
		_, err := c.Add(t.Context(), source(changed(t, "items.yaml", "key: b", "key: e")))
		var findings content.Findings
		if !errors.As(err, &findings) || len(findings) != 1 {
			t.Errorf("Add = %v; want one finding", err)
		}
		if len(keptVersions(t, office)) != before || c.Digest() != digest {
			t.Error("a refused course was kept")
		}
	})
	t.Run("a course in another folder", func(t *testing.T) {
		s := source(example())
		s.Course = "lain"
		if _, err := c.Add(t.Context(), s); !errors.Is(err, courses.Invalid) {
			t.Errorf("Add = %v; want Invalid", err)
		}
	})
}

func keptVersions(t *testing.T, office store.Office) []store.CourseSource {
	t.Helper()
	kept, err := office.Courses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// A store that was filled from a backup has the versions but not the setting.
func TestNewestBroughtByHandCountsWithoutTheSetting(t *testing.T) {
	office := memory.New()
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	marks := []string{"pass_mark: 60", "pass_mark: 80", "pass_mark: 90"}
	for i, mark := range marks {
		files := changed(t, "course.yaml", "pass_mark: 70", mark)
		s := source(files)
		s.Version, s.KeptAt, s.Current = version(t, files), day.Add(time.Duration(i)*time.Hour), i < 2
		if err := office.PutCourse(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	c := open(t, office, folder(t, example()))
	if course, ok := c.Current("contoh"); !ok || course.PassMark != 80 {
		t.Errorf("current = %+v; want the newest that was brought by hand", course)
	}
}

func TestWithdrawnHoldsForAllVersions(t *testing.T) {
	c := open(t, memory.New(), folder(t, example()))
	if c.Withdrawn("contoh", "a-1") {
		t.Fatal("a-1 is withdrawn from the start")
	}
	before := c.Digest()
	add(t, c, changed(t, "items.yaml", "fact: F/a-1", "withdrawn: \"Dua jawaban benar\""))
	if !c.Withdrawn("contoh", "a-1") || c.Withdrawn("contoh", "b-1") {
		t.Error("a-1 alone is to be withdrawn, of every version")
	}
	if c.Digest() == before {
		t.Error("a withdrawal has not changed the digest")
	}
}

func TestUnreadableKeptVersionIsLeftOut(t *testing.T) {
	var log bytes.Buffer
	standard := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(standard) })

	office := memory.New()
	for name, s := range map[string]store.CourseSource{
		"aaaaaaaaaaaa": source(changed(t, "items.yaml", "key: b", "key: e")),
		"bbbbbbbbbbbb": source(example()),
	} {
		s.Version, s.Current = name, true
		if err := office.PutCourse(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	c := open(t, office, folder(t, example()))
	checkCurrent(t, c, version(t, example()))
	for _, want := range []string{"version=aaaaaaaaaaaa", "names no option of q-1", "version=bbbbbbbbbbbb",
		"its files are those of version " + version(t, example())} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log does not say %q:\n%s", want, log.String())
		}
	}
}

func TestRefreshSeesWhatAnotherProcessAdded(t *testing.T) {
	office := memory.New()
	serving, importing := open(t, office, ""), open(t, office, "")
	refresh := func(want bool) {
		t.Helper()
		if changed, err := serving.Refresh(t.Context()); err != nil || changed != want {
			t.Errorf("Refresh = %v, %v; want %v", changed, err, want)
		}
	}
	refresh(false)
	add(t, importing, example())
	refresh(true)
	checkCurrent(t, serving, version(t, example()))
	refresh(false)
	if serving.Digest() != importing.Digest() {
		t.Error("two processes with the same courses have two digests")
	}
}

func TestCatalogWhileItChanges(t *testing.T) {
	c := open(t, memory.New(), folder(t, example()))
	many := len(c.Courses())
	other := changed(t, "course.yaml", "pass_mark: 70", "pass_mark: 80")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				course, ok := c.Current("contoh")
				known, is := c.Version("contoh", course.Version)
				if !ok || !is || known != course || c.Withdrawn("contoh", "q-1") || len(c.Courses()) != many {
					t.Error("the catalog is half changed")
				}
			}
		})
	}
	for _, files := range []fstest.MapFS{other, example(), other} {
		add(t, c, files)
	}
	group.Wait()
}

// failing is an office whose database is gone.
type failing struct{ store.Office }

func (failing) Courses(context.Context) ([]store.CourseSource, error) {
	return nil, courses.Unavailable
}

func TestOpenWithoutADatabase(t *testing.T) {
	if _, err := content.Open(t.Context(), failing{memory.New()}, ""); !errors.Is(err, courses.Unavailable) {
		t.Errorf("Open = %v; want Unavailable", err)
	}
}
