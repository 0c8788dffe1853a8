package content_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"melek/courses/content"
)

// tb is what tests and generated cases have in common.
type tb interface {
	Helper()
	Fatal(args ...any)
}

// confirmed returns the files with all of it, or only the named parts, confirmed.
func confirmed(t tb, files fstest.MapFS, only ...string) fstest.MapFS {
	t.Helper()
	source, err := content.Gather(files, "contoh")
	if err != nil {
		t.Fatal(err)
	}
	text, err := content.Confirm(source, only...)
	if err != nil {
		t.Fatal(err)
	}
	files["contoh/translations.yaml"] = &fstest.MapFile{Data: []byte(text)}
	return files
}

func stale(t tb, files fstest.MapFS) []string {
	t.Helper()
	c, err := content.Load(files, "contoh")
	if err != nil {
		t.Fatal(err)
	}
	return c.Stale
}

// change puts with in the place of old, once.
func change(files fstest.MapFS, name, old, with string) {
	text := string(files["contoh/"+name].Data)
	files["contoh/"+name] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, with, 1))}
}

func TestAChangedIndonesianTextIsStaleUntilConfirmed(t *testing.T) {
	tests := []struct{ name, file, old, with, want string }{
		{"nothing", "course.yaml", "id: contoh", "id: contoh # a comment", ""},
		{"the title", "course.yaml", `{id: "Contoh"`, `{id: "Contoh baru"`, "course"},
		{"the summary", "course.yaml", `id: "Ringkasan"`, `id: "Ringkasan baru"`, "course"},
		{"a check", "course.yaml", `id: "Periksa"`, `id: "Periksa lagi"`, "course"},
		{"the goal of a module", "course.yaml", `id: "Tujuan dua"`, `id: "Tujuan lain"`, "dua"},
		{"the text of a module", "01-satu.id.md", "*pendek*", "*panjang*", "satu"},
		{"its title", "02-dua.id.md", "# Modul dua", "# Modul kedua", "dua"},
		{"a stem", "items.yaml", `id: "Tanya q-2?"`, `id: "Tanya apa?"`, "q-2"},
		{"an option", "items.yaml", `id: "a-1 b"`, `id: "a-1 B"`, "a-1"},
		{"a why", "items.yaml", `id: "Sebab q-3 a"`, `id: "Karena q-3 a"`, "q-3"},
		{"the English of a module", "01-satu.en.md", "*pendek*", "*short*", ""},
		{"the English of an item", "items.yaml", `en: "Ask q-2?"`, `en: "Ask what?"`, ""},
		{"a key", "items.yaml", "key: b", "key: a", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := confirmed(t, example())
			if got := stale(t, files); len(got) != 0 {
				t.Fatalf("confirmed, %v is stale", got)
			}
			change(files, tt.file, tt.old, tt.with)
			if got := strings.Join(stale(t, files), " "); got != tt.want {
				t.Errorf("%q is stale; want %q", got, tt.want)
			}
			if got := stale(t, confirmed(t, files)); len(got) != 0 {
				t.Errorf("confirmed again, %v is stale", got)
			}
		})
	}
}

// Whichever parts are confirmed, those and no others stop being stale.
func TestOnlyWhatIsConfirmedStopsBeingStale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := example()
		all := stale(t, files)
		waiting := slices.Clone(all)
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			only := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID[string]).Draw(t, "only")
			files = confirmed(t, files, only...)
			waiting = slices.DeleteFunc(waiting, func(p string) bool { return slices.Contains(only, p) })
			if got := stale(t, files); !slices.Equal(got, waiting) {
				t.Fatalf("%v is stale; want %v", got, waiting)
			}
		}
	})
}

func TestConfirmingIsExact(t *testing.T) {
	files := confirmed(t, example())
	before := string(files["contoh/translations.yaml"].Data)
	if again := string(confirmed(t, files)["contoh/translations.yaml"].Data); again != before {
		t.Errorf("confirmed twice, the file is\n%s\nwant\n%s", again, before)
	}
	source, err := content.Gather(files, "contoh")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := content.Confirm(source, "satu", "tiga"); err == nil || !strings.Contains(err.Error(), `"tiga"`) {
		t.Errorf("confirming a part that is not there = %v; want an error that names it", err)
	}
	change(files, "items.yaml", "key: b", "key: z")
	if source, err = content.Gather(files, "contoh"); err != nil {
		t.Fatal(err)
	}
	if _, err := content.Confirm(source); err == nil {
		t.Error("a course with findings is confirmed")
	}
}

func TestATranslationsFileThatIsAmissIsFound(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"an unknown field", "kursus: x\n",
			`translations.yaml:1: the file has an unknown field "kursus"; use one of course, modules, items`},
		{"a list", "items: [q-1]\n", "translations.yaml:1: items has no fields; write it as lines of id: digest"},
		{"no YAML", "items: [", "translations.yaml:1: is not YAML: sequence end token ']' not found; " +
			"look at the quotes, colons and indentation here and just above"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := example()
			files["contoh/translations.yaml"] = &fstest.MapFile{Data: []byte(tt.text)}
			checkFindings(t, files, tt.want)
		})
	}
	files := confirmed(t, example())
	change(files, "translations.yaml", "  q-1:", "  hilang: \"000000000000\"\n  q-1:")
	if got := stale(t, files); len(got) != 0 {
		t.Errorf("with a line for a part that is gone, %v is stale", got)
	}
}
