package bench_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/bench"
	"melek/courses/content"
	"melek/courses/sheet"
	"melek/courses/store"
	"melek/courses/store/memory"
)

const course = "kota-cerdas"

var now = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

type room struct {
	t       *testing.T
	store   *memory.Store
	catalog *content.Catalog
	*bench.Bench
}

func newRoom(t *testing.T) room {
	t.Helper()
	s := memory.New()
	catalog, err := content.Open(t.Context(), s, "")
	must(t, err)
	return room{t, s, catalog, bench.New(s, catalog, func() time.Time { return now })}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r room) begun() room {
	r.t.Helper()
	must(r.t, r.Begin(r.t.Context(), course, "A1"))
	return r
}

func (r room) open() bench.Draft {
	r.t.Helper()
	d, err := r.Open(r.t.Context(), course)
	must(r.t, err)
	return d
}

// edit is a change of the part as it stands now.
func (r room) edit(kind sheet.PartKind, id, by string) bench.Edit {
	part := sheet.Part{Kind: kind, ID: id}
	return bench.Edit{Course: course, By: by, Part: part, Rev: r.open().Sheet.Rev(part)}
}

func titled(title string) func(*sheet.Sheet) error {
	return func(s *sheet.Sheet) error { s.Title.ID = title; return nil }
}

func isKind(t *testing.T, what string, err error, want courses.Kind) {
	t.Helper()
	if courses.KindOf(err) != want {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func TestADraftBeginsAsWhatIsTaught(t *testing.T) {
	r := newRoom(t).begun()
	d := r.open()
	if d.Course == nil || d.Overtaken || len(d.Findings) != 0 || d.By != "A1" || d.Version != d.Base {
		t.Errorf("draft of %s: overtaken %v, findings %v, by %s", d.Base, d.Overtaken, d.Findings, d.By)
	}
	must(t, r.Change(t.Context(), r.edit(sheet.PartCourse, "", "A1"), titled("Lain")))
	must(t, r.Begin(t.Context(), course, "A2"))
	if d := r.open(); d.Sheet.Title.ID != "Lain" || d.By != "A1" {
		t.Error("beginning again threw the draft away")
	}
	isKind(t, "a course that is not there", r.Begin(t.Context(), "none", "A1"), courses.NotFound)
}

func TestTwoAuthorsDoNotOverwriteEachOther(t *testing.T) {
	r := newRoom(t).begun()
	first, second := r.edit(sheet.PartCourse, "", "A1"), r.edit(sheet.PartCourse, "", "A2")
	item := r.open().Sheet.Items[0].ID
	other := r.edit(sheet.PartItem, item, "A2")
	must(t, r.Change(t.Context(), first, titled("Satu")))
	err := r.Change(t.Context(), second, titled("Dua"))
	var clash *bench.Clash
	if !errors.As(err, &clash) || clash.By != "A1" || clash.Theirs.Title.ID != "Satu" || clash.Mine.Title.ID != "Dua" {
		t.Fatalf("the second change is %v, want a clash with what the first wrote", err)
	}
	if got := r.open().Sheet.Title.ID; got != "Satu" {
		t.Errorf("title %q, want the first one's", got)
	}
	if err := r.Change(t.Context(), first, titled("Satu")); err != nil {
		t.Errorf("the same change twice is %v", err)
	}
	must(t, r.Change(t.Context(), other, func(s *sheet.Sheet) error { s.Items[0].Fact = "X"; return nil }))
	second.Rev = clash.Theirs.Rev(second.Part)
	must(t, r.Change(t.Context(), second, titled("Satu dan dua")))
	if d := r.open(); d.Sheet.Title.ID != "Satu dan dua" || d.Sheet.Items[0].Fact != "X" {
		t.Error("merging lost something")
	}
}

func TestTwoAuthorsOfOneFileDoNotOverwriteEachOther(t *testing.T) {
	r := newRoom(t).begun()
	name := r.open().Names()[0]
	rev := bench.FileRev(r.open().Files, name)
	must(t, r.ChangeFile(t.Context(), course, "A1", name, rev, "# Satu\r\n\r\nTeks\r\n"))
	err := r.ChangeFile(t.Context(), course, "A2", name, rev, "# Dua\n")
	isKind(t, "the second", err, courses.Conflict)
	must(t, r.ChangeFile(t.Context(), course, "A1", name, rev, "# Satu\n\nTeks\n"))
	if got := r.open().Files[name]; got != "# Satu\n\nTeks\n" {
		t.Errorf("the file is %q", got)
	}
	err = r.ChangeFile(t.Context(), course, "A1", "../x", bench.FileRev(nil, "../x"), "x")
	var problem *courses.Problem
	if !errors.As(err, &problem) || problem.Key != "course.file_name" {
		t.Errorf("a name that leads out: %v", err)
	}
}

func TestFindingsNameTheirPlace(t *testing.T) {
	r := newRoom(t).begun()
	d := r.open()
	module, item := d.Sheet.Modules[1].ID, d.Sheet.Items[2].ID
	must(t, r.Change(t.Context(), r.edit(sheet.PartItem, item, "A1"), func(s *sheet.Sheet) error {
		s.Items[2].Key, s.Items[2].Stem.EN = []string{"z"}, ""
		return nil
	}))
	must(t, r.Change(t.Context(), r.edit(sheet.PartModule, module, "A1"), func(s *sheet.Sheet) error {
		s.Modules[1].Goal.ID, s.Modules[1].Text.EN = "", "no title"
		return nil
	}))
	must(t, r.Change(t.Context(), r.edit(sheet.PartCourse, "", "A1"), func(s *sheet.Sheet) error {
		s.PassMark = "170"
		return nil
	}))
	place := func(kind sheet.PartKind, id, field string) sheet.Place {
		return sheet.Place{Part: sheet.Part{Kind: kind, ID: id}, Field: field}
	}
	want := []sheet.Place{place(sheet.PartModule, module, "text"), place(sheet.PartCourse, "", "pass_mark"),
		place(sheet.PartModule, module, "goal"), place(sheet.PartItem, item, "stem"), place(sheet.PartItem, item, "key")}
	var got []sheet.Place
	for _, f := range r.open().Findings {
		if got = append(got, f.Place); !f.Bars {
			t.Errorf("%v does not bar", f)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("places %v\nwant %v", got, want)
	}
	_, err := r.Publish(t.Context(), course, r.open().Version)
	var findings content.Findings
	if !errors.As(err, &findings) || len(findings) != len(want) {
		t.Errorf("Publish = %v, want the findings", err)
	}
}

func TestTheGateIsAskedToo(t *testing.T) {
	r := newRoom(t).begun()
	item := r.open().Sheet.Items[0].ID
	must(t, r.Change(t.Context(), r.edit(sheet.PartItem, item, "A1"), func(s *sheet.Sheet) error {
		s.Items[0].Fact = "K99.M1/F1"
		return nil
	}))
	found := r.open().Findings
	if len(found) == 0 || found[0].Part.ID != item || found[0].Bars {
		t.Errorf("findings %v, want the fact of %s", found, item)
	}
}

func TestEnglishIsConfirmedPartByPart(t *testing.T) {
	r := newRoom(t).begun()
	item := r.open().Sheet.Items[0].ID
	must(t, r.Change(t.Context(), r.edit(sheet.PartItem, item, "A1"), func(s *sheet.Sheet) error {
		s.Items[0].Stem.ID += " Ya?"
		return nil
	}))
	if got := r.open().Course.Stale; !reflect.DeepEqual(got, []string{item}) {
		t.Fatalf("stale are %q, want %s", got, item)
	}
	for range 2 {
		must(t, r.Confirm(t.Context(), course, "A1", item))
	}
	must(t, r.Confirm(t.Context(), course, "A1", "nothing"))
	if got := r.open().Course.Stale; len(got) != 0 {
		t.Errorf("stale are %q after confirming", got)
	}
}

func TestPublishingMakesAVersion(t *testing.T) {
	r := newRoom(t).begun()
	before, _ := r.catalog.Current(course)
	stale := r.open().Version
	must(t, r.Change(t.Context(), r.edit(sheet.PartCourse, "", "A1"), titled("Baru")))
	_, err := r.Publish(t.Context(), course, stale)
	isKind(t, "a draft that has changed since", err, courses.Conflict)
	published, err := r.Publish(t.Context(), course, r.open().Version)
	must(t, err)
	if c, _ := r.catalog.Current(course); c.Version != published.Version || c.Title.ID != "Baru" {
		t.Error("the draft is not what is taught")
	}
	if _, ok := r.catalog.Version(course, before.Version); !ok {
		t.Error("the version before it is gone")
	}
	_, err = r.Open(t.Context(), course)
	isKind(t, "the draft afterwards", err, courses.NotFound)
	_, err = r.Publish(t.Context(), course, published.Version)
	isKind(t, "publishing again", err, courses.NotFound)
}

func TestAPublicationElsewhereIsToldOf(t *testing.T) {
	r := newRoom(t).begun()
	source, err := r.catalog.Source(course)
	must(t, err)
	source.Files["course.yaml"] = strings.Replace(source.Files["course.yaml"], "pass_mark: 70", "pass_mark: 71", 1)
	_, err = r.catalog.Add(t.Context(), source)
	must(t, err)
	if d := r.open(); !d.Overtaken || d.Published.PassMark != "71" {
		t.Error("the draft does not know that it was overtaken")
	}
}

func TestANewCourse(t *testing.T) {
	r := newRoom(t)
	s := sheet.New("surat-desa", "layanan", courses.Text{ID: "Surat desa", EN: "Village letters"})
	must(t, r.Create(t.Context(), s, "A1"))
	must(t, r.Create(t.Context(), s, "A1"))
	d, err := r.Open(t.Context(), "surat-desa")
	must(t, err)
	if d.Course != nil || d.Published != nil || d.Overtaken || len(d.Findings) == 0 {
		t.Errorf("a course without items is fit: %v", d.Findings)
	}
	isKind(t, "a course that is taught", r.Create(t.Context(), sheet.New(course, "", courses.Text{}), "A1"), courses.Conflict)
	isKind(t, "an odd id", r.Create(t.Context(), sheet.New("../x", "", courses.Text{}), "A1"), courses.Invalid)
	other := sheet.New("surat-desa", "aman", courses.Text{ID: "Lain", EN: "Other"})
	isKind(t, "an id of another draft", r.Create(t.Context(), other, "A2"), courses.Conflict)
}

func TestACourseIsTakenInAsADraft(t *testing.T) {
	r := newRoom(t).begun()
	source, err := r.catalog.Source(course)
	must(t, err)
	source.Course = ""
	source.Files["course.yaml"] = strings.Replace(source.Files["course.yaml"], "pass_mark: 70", "pass_mark: 71", 1)
	id, err := r.Take(t.Context(), source, "", "A2")
	isKind(t, "over a draft without leave", err, courses.Conflict)
	if _, err = r.Take(t.Context(), source, r.open().Version, "A2"); err != nil || id != course {
		t.Fatalf("Take = %q, %v", id, err)
	}
	if d := r.open(); d.Sheet.PassMark != "71" || d.By != "A2" || d.Overtaken {
		t.Error("the draft is not what was brought")
	}
	_, err = r.Take(t.Context(), store.CourseSource{Files: map[string]string{"course.yaml": "["}}, "", "A1")
	isKind(t, "a file without an id", err, courses.Invalid)
}

func TestDiscardingNamesWhatItThrowsAway(t *testing.T) {
	r := newRoom(t).begun()
	stale := r.open().Version
	must(t, r.Change(t.Context(), r.edit(sheet.PartCourse, "", "A2"), titled("Baru")))
	isKind(t, "a draft that has changed since", r.Discard(t.Context(), course, stale), courses.Conflict)
	must(t, r.Discard(t.Context(), course, r.open().Version))
	must(t, r.Discard(t.Context(), course, stale))
	isKind(t, "a change afterwards", r.Change(t.Context(), bench.Edit{Course: course}, titled("x")), courses.NotFound)
}

func TestPublishedItemsAreWithdrawnAndNotRemoved(t *testing.T) {
	r := newRoom(t).begun()
	item := r.open().Sheet.Modules[0].Quiz[0]
	isKind(t, "removing", r.RemoveItem(t.Context(), r.edit(sheet.PartItem, item, "A1")), courses.Conflict)
	must(t, r.Change(t.Context(), r.edit(sheet.PartOrder, "", "A1"), func(s *sheet.Sheet) error {
		return s.AddItem(sheet.Item{ID: "baru", Type: courses.Single}, s.Modules[0].ID, "")
	}))
	if s := r.open().Sheet; s.Items[len(s.Modules[0].Quiz)-1].ID != "baru" {
		t.Error("the new item does not stand after the last of its quiz")
	}
	must(t, r.RemoveItem(t.Context(), r.edit(sheet.PartItem, "baru", "A1")))
	if d := r.open(); d.Version != d.Base {
		t.Error("adding and removing an item left a trace")
	}
}

func TestAnItemKeepsItsHistory(t *testing.T) {
	r := newRoom(t).begun()
	files := r.open().Files
	item := r.open().Sheet.Items[1].ID
	later := func(version string, day int, change func(it *sheet.Item, s *sheet.Sheet)) {
		s, err := sheet.Read(files)
		must(t, err)
		change(&s.Items[1], s)
		files, err = s.Save(files)
		must(t, err)
		must(t, r.store.PutCourse(t.Context(), store.CourseSource{Course: course, Version: version, Files: files,
			KeptAt: time.Date(2100, 1, day, 0, 0, 0, 0, time.UTC)}))
	}
	later("v2", 1, func(it *sheet.Item, _ *sheet.Sheet) { it.Stem.ID += " Lagi?" })
	later("v3", 2, func(_ *sheet.Item, s *sheet.Sheet) { s.PassMark = "75" })
	later("v4", 3, func(it *sheet.Item, _ *sheet.Sheet) { it.Withdrawn = "Dua kunci" })
	history, err := r.History(t.Context(), course, item)
	must(t, err)
	var told []string
	for _, e := range history {
		told = append(told, e.Version+" "+e.Changes[len(e.Changes)-1].Field)
	}
	want := []string{r.open().Base + " key", "v2 stem", "v4 withdrawn", " withdrawn"} // the draft is as it began
	if !reflect.DeepEqual(told, want) {
		t.Errorf("history %q, want %q", told, want)
	}
	if !history[0].Current || history[2].Current || history[2].Item.Withdrawn != "Dua kunci" {
		t.Errorf("editions %+v", history)
	}
}
