package storetest

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/store"
)

var officeChecks = []check{
	{"courses come back in order of course and time of keeping", coursesInOrder},
	{"keeping a version again changes nothing", courseAgain},
	{"a setting is what was put last, by its exact name", settings},
	{"names of settings are listed by prefix, sorted", settingNames},
	{"lines of the audit log come newest first, at most so many", lines},
	{"times in the office are kept in UTC to the millisecond", officeTimes},
	{"awkward texts in the office are data", awkwardOffice},
	{"a store answers a ping", ping},
}

func source(course, version string, minute int) store.CourseSource {
	keptAt := noon.Add(time.Duration(minute) * time.Minute)
	return store.CourseSource{Course: course, Version: version, KeptAt: keptAt, Current: minute%2 == 1,
		Files: map[string]string{"course.yaml": "id: " + course, "01-a.id.md": "# Satu\n"}}
}

func coursesInOrder(t *testing.T, s store.Store) {
	want := []store.CourseSource{source("a", "v9", 1), source("a", "v1", 3), source("b", "v1", 2),
		source("b", "v0", 4)}
	for _, i := range []int{2, 1, 3, 0} {
		must(t, s.PutCourse(t.Context(), want[i]))
	}
	got, err := s.Courses(t.Context())
	must(t, err)
	same(t, "courses", got, want)
}

func courseAgain(t *testing.T, s store.Store) {
	first := source("a", "v1", 1)
	must(t, s.PutCourse(t.Context(), first))
	again := source("a", "v1", 2)
	again.Files = map[string]string{"course.yaml": "other"}
	must(t, s.PutCourse(t.Context(), again))
	must(t, s.PutCourse(t.Context(), first))
	got, err := s.Courses(t.Context())
	must(t, err)
	same(t, "courses", got, []store.CourseSource{first})
}

func settingNames(t *testing.T, s store.Store) {
	for _, name := range []string{"a/2", "a/10", "a", "b/1", "A/1", "a%1", "ä/1"} {
		must(t, s.PutSetting(t.Context(), name, "value"))
	}
	for prefix, want := range map[string][]string{"a/": {"a/10", "a/2"}, "a": {"a", "a%1", "a/10", "a/2"},
		"ä": {"ä/1"}, "%": nil, ".": nil} {
		got, err := s.SettingNames(t.Context(), prefix)
		must(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("names with prefix %q: got %q, want %q", prefix, got, want)
		}
	}
}

func settings(t *testing.T, s store.Store) {
	_, err := s.Setting(t.Context(), "name")
	isKind(t, "a setting never put", err, courses.NotFound)
	must(t, s.PutSetting(t.Context(), "name", "one"))
	must(t, s.PutSetting(t.Context(), "name", "two"))
	must(t, s.PutSetting(t.Context(), "empty", ""))
	for name, want := range map[string]string{"name": "two", "empty": ""} {
		got, err := s.Setting(t.Context(), name)
		must(t, err)
		same(t, name, got, want)
	}
	_, err = s.Setting(t.Context(), "NAME")
	isKind(t, "a name in another case", err, courses.NotFound)
}

func lines(t *testing.T, s store.Store) {
	var want []store.AuditLine
	for n := range 5 {
		at := noon.Add(time.Duration(n/2) * time.Second) // some at the same time
		line := store.AuditLine{At: at, By: "A1", Action: "look", On: fmt.Sprintf("P%d", n), Detail: `{"n":1}`}
		must(t, s.AddLine(t.Context(), line))
		want = append(want, line)
	}
	must(t, s.AddLine(t.Context(), want[4])) // the same line twice is two lines
	want = append(want, want[4])
	slices.Reverse(want)
	for _, limit := range []int{1, 3, 100} {
		got, err := s.Lines(t.Context(), limit)
		must(t, err)
		same(t, "lines", got, want[:min(limit, len(want))])
	}
}

func officeTimes(t *testing.T, s store.Store) {
	must(t, s.AddLine(t.Context(), store.AuditLine{At: odd, By: "A1"}))
	logged, err := s.Lines(t.Context(), 1)
	must(t, err)
	isRounded(t, "line", logged[0].At)
	must(t, s.PutAllowance(t.Context(), store.Allowance{Person: "P1", At: odd}))
	granted, err := s.Allowances(t.Context(), "P1")
	must(t, err)
	isRounded(t, "allowance", granted[0].At)
	kept := source("a", "v1", 1)
	kept.KeptAt = odd
	must(t, s.PutCourse(t.Context(), kept))
	sources, err := s.Courses(t.Context())
	must(t, err)
	isRounded(t, "course", sources[0].KeptAt)
}

func awkwardOffice(t *testing.T, s store.Store) {
	files := map[string]string{}
	for _, text := range awkward {
		files[text] = text
		must(t, s.PutSetting(t.Context(), text, text))
		got, err := s.Setting(t.Context(), text)
		must(t, err)
		same(t, "setting", got, text)
		line := store.AuditLine{At: noon, By: text, Action: text, On: text, Detail: text}
		must(t, s.AddLine(t.Context(), line))
		logged, err := s.Lines(t.Context(), 1)
		must(t, err)
		same(t, "line", logged, []store.AuditLine{line})
		source := store.CourseSource{Course: text, Version: text, Files: maps.Clone(files), KeptAt: noon}
		must(t, s.PutCourse(t.Context(), source))
	}
	sources, err := s.Courses(t.Context())
	must(t, err)
	for _, source := range sources {
		same(t, "file "+source.Course, source.Files[source.Course], source.Course)
	}
	same(t, "courses", len(sources), len(awkward))
}

func ping(t *testing.T, s store.Store) { must(t, s.Ping(t.Context())) }
