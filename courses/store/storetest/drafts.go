package storetest

import (
	"context"
	"errors"
	"maps"
	"testing"

	"melek/courses"
	"melek/courses/store"
)

var draftChecks = []check{
	{"drafts come back as they were left, in order of course", draftsInOrder},
	{"a change of a draft that fails keeps nothing", draftRefused},
	{"a draft left without files is gone", draftTakenAway},
	{"changes of one draft at once all count", draftTogether},
	{"what a caller does to a draft's files changes nothing kept", draftFilesAreOwn},
	{"awkward texts in drafts are data", awkwardDrafts},
}

// draftCalls are the calls about drafts.
func draftCalls(s store.Store) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Draft":  func(ctx context.Context) error { _, err := s.Draft(ctx, "c"); return err },
		"Drafts": func(ctx context.Context) error { _, err := s.Drafts(ctx); return err },
		"ChangeDraft": func(ctx context.Context) error {
			return s.ChangeDraft(ctx, "c", func(d *store.Draft) error { *d = draft("c", "A1"); return nil })
		},
	}
}

func draft(course, by string) store.Draft {
	return store.Draft{Course: course, Base: "v1", By: by, At: noon,
		Files: map[string]string{"course.yaml": "id: " + course + "\n", "01-a.id.md": "# Satu\n"}}
}

func putDraft(t *testing.T, s store.Store, d store.Draft) {
	t.Helper()
	must(t, s.ChangeDraft(t.Context(), d.Course, func(kept *store.Draft) error { *kept = d; return nil }))
}

func draftsInOrder(t *testing.T, s store.Store) {
	var given store.Draft
	must(t, s.ChangeDraft(t.Context(), "b", func(d *store.Draft) error {
		given = *d
		*d = draft("b", "A1")
		return nil
	}))
	same(t, "given to fn", given, store.Draft{Course: "b"})
	putDraft(t, s, draft("a", "A2"))
	later := draft("b", "A2")
	later.Base, later.At, later.Files = "", odd, map[string]string{"items.yaml": "items: []\n"}
	putDraft(t, s, later)
	got, err := s.Draft(t.Context(), "b")
	must(t, err)
	isRounded(t, "draft", got.At)
	later.At = got.At
	same(t, "draft", got, later)
	all, err := s.Drafts(t.Context())
	must(t, err)
	same(t, "drafts", all, []store.Draft{draft("a", "A2"), later})
}

func draftRefused(t *testing.T, s store.Store) {
	putDraft(t, s, draft("a", "A1"))
	no := errors.New("no")
	for _, course := range []string{"a", "b"} {
		err := s.ChangeDraft(t.Context(), course, func(d *store.Draft) error {
			d.Files = map[string]string{"course.yaml": "other"}
			return no
		})
		same(t, "error", errors.Is(err, no), true)
	}
	all, err := s.Drafts(t.Context())
	must(t, err)
	same(t, "drafts", all, []store.Draft{draft("a", "A1")})
}

func draftTakenAway(t *testing.T, s store.Store) {
	putDraft(t, s, draft("a", "A1"))
	for range 2 { // the second time there is none
		must(t, s.ChangeDraft(t.Context(), "a", func(d *store.Draft) error { d.Files = nil; return nil }))
	}
	_, err := s.Draft(t.Context(), "a")
	isKind(t, "a draft taken away", err, courses.NotFound)
}

func draftTogether(t *testing.T, s store.Store) {
	const n = 20
	allSucceed(t, allAtOnce(n, func(int) error {
		return s.ChangeDraft(t.Context(), "a", func(d *store.Draft) error {
			d.Files = map[string]string{"course.yaml": d.Files["course.yaml"] + "x"}
			return nil
		})
	}))
	got, err := s.Draft(t.Context(), "a")
	must(t, err)
	same(t, "letters", len(got.Files["course.yaml"]), n)
}

func draftFilesAreOwn(t *testing.T, s store.Store) {
	given := draft("a", "A1")
	given.Files = maps.Clone(given.Files)
	putDraft(t, s, given)
	given.Files["course.yaml"] = "changed"
	got, err := s.Draft(t.Context(), "a")
	must(t, err)
	got.Files["course.yaml"] = "changed"
	got, err = s.Draft(t.Context(), "a")
	must(t, err)
	same(t, "draft", got, draft("a", "A1"))
}

func awkwardDrafts(t *testing.T, s store.Store) {
	for _, text := range awkward {
		want := store.Draft{Course: text, Base: text, By: text, At: noon, Files: map[string]string{text: text}}
		putDraft(t, s, want)
		got, err := s.Draft(t.Context(), text)
		must(t, err)
		same(t, "draft", got, want)
	}
}
