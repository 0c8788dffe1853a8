package handlers_test

import (
	"archive/zip"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"melek/courses/content"
	"melek/courses/people"
	"melek/courses/store"
)

// writer returns the browser of somebody who writes courses.
func (k *kit) writer(id string) *browser {
	k.t.Helper()
	return k.signIn(k.register(id, people.Author, "33.07"))
}

// drafted returns an author's browser on the page of a draft of the example course.
func (k *kit) drafted(id string) *browser {
	k.t.Helper()
	b := k.writer(id)
	b.post("/id/author/"+example+"/begin", nil)
	return b
}

func TestAnAuthorMendsATextAndPublishesIt(t *testing.T) {
	k := newKit(t)
	before, _ := k.catalog.Current(example)
	b := k.writer("A1")
	b.open("/id/")
	b.click("Bengkel kursus")
	b.wants("Kursus contoh", "versi "+before.Version)
	b.post("/id/author/"+example+"/begin", nil)
	b.click("Modul satu")
	action, fields := b.form("Simpan")
	fields.Set("text.id", strings.Replace(fields.Get("text.id"), "Teks satu", "Teks yang baru", 1))
	b.post(action, fields)
	b.wants("Tersimpan.", "Teks yang baru")
	b.click("Kembali ke draf")
	b.wants("Terjemahan yang menunggu", "satu")
	b.click("Bandingkan dan terbitkan")
	b.wants("01-satu", "Teks dihapus: satu ditambah: yang baru")
	b.lacks("items.yaml")
	b.press("Terbitkan draf ini")
	b.wants("Draf sudah terbit")
	after, _ := k.catalog.Current(example)
	if after.Version == before.Version || !strings.Contains(after.Modules[0].Body.ID, "Teks yang baru") {
		t.Errorf("taught is %q", after.Modules[0].Body.ID)
	}
	if want := "A1 course.publish " + example; !strings.Contains(k.lines(), want) {
		t.Errorf("the audit log lacks %q:\n%s", want, k.lines())
	}
	if b.open("/id/author/" + example); b.status != http.StatusNotFound {
		t.Errorf("the draft is still there: %d", b.status)
	}
}

func TestSavingWhatWasNotTouchedChangesNothing(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	for _, path := range []string{"/course", "/modules/satu", "/items/kuis-2", "/items/a-1", "/files/items.yaml"} {
		b.open("/id/author/" + example + path)
		b.press("Simpan")
		b.wants("Tersimpan.")
	}
	b.open("/id/author/" + example + "/changes")
	b.wants("Draf ini sama dengan versi yang diajarkan.")
	published, err := k.catalog.Source(example)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := k.store.Draft(t.Context(), example)
	if err != nil || content.Version(draft.Files) != published.Version {
		t.Errorf("the draft is %s, %v; want %s", content.Version(draft.Files), err, published.Version)
	}
}

func TestTheSecondAuthorSeesWhatTheFirstHasWritten(t *testing.T) {
	k := newKit(t)
	first := k.drafted("A1")
	second := k.drafted("A2")
	for _, b := range []*browser{first, second} {
		b.open("/id/author/" + example + "/items/kuis-1")
	}
	first.press("Simpan", "stem.id=Tanya yang pertama?")
	second.press("Simpan", "stem.id=Tanya yang kedua?")
	if second.status != http.StatusConflict {
		t.Fatalf("the second save answers %d", second.status)
	}
	second.wants("Bagian ini sudah diubah orang lain", "Sri A1", "Tanya yang dihapus: pertama ditambah: kedua ?")
	if _, fields := second.form("Simpan"); fields.Get("stem.id") != "Tanya yang kedua?" {
		t.Errorf("the form holds %q, want what the second author wrote", fields.Get("stem.id"))
	}
	second.press("Simpan", "stem.id=Tanya pertama dan kedua?")
	second.wants("Tersimpan.")
	if _, fields := second.form("Simpan"); fields.Get("stem.id") != "Tanya pertama dan kedua?" {
		t.Errorf("saved is %q", fields.Get("stem.id"))
	}
}

func TestAuthorsOfDifferentPartsDoNotMeet(t *testing.T) {
	k := newKit(t)
	first, second := k.drafted("A1"), k.drafted("A2")
	first.open("/id/author/" + example + "/items/kuis-1")
	second.open("/id/author/" + example + "/modules/dua")
	first.press("Simpan", "stem.id=Lain?")
	second.press("Simpan", "goal.id=Tujuan lain")
	second.wants("Tersimpan.")
	first.open("/id/author/" + example + "/changes")
	first.wants("Butir kuis-1", "Modul dua")
}

func TestAPreviewIsTheLessonAndKeepsNothing(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	b.open("/id/author/" + example + "/modules/satu")
	action, fields := b.form("Pratinjau")
	fields.Set("text.id", "# Judul baru\n\nTeks **tebal** <script>alert(1)</script>\n")
	b.post(action, fields)
	b.wants("Judul baru", "tebal", "01-satu.id.md, baris 3: berisi HTML")
	if strings.Contains(b.body, "<script>alert") {
		t.Error("the preview runs what the author wrote")
	}
	if _, fields := b.form("Simpan"); !strings.HasPrefix(fields.Get("text.id"), "# Judul baru\n\nTeks") {
		t.Errorf("the form lost what was written: %q", fields.Get("text.id"))
	}
	req := httptest.NewRequest(http.MethodPost, action, strings.NewReader(fields.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("X-Part", "preview")
	b.follow(req)
	if strings.Contains(b.body, "<html") || !strings.Contains(b.body, "<strong>tebal</strong>") {
		t.Errorf("a script is sent %q", b.body)
	}
	b.open("/id/author/" + example + "/changes")
	b.wants("Draf ini sama")
}

func TestItemsOfEveryTypeAreWritten(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	words := func(name, text string) []string { return []string{name + ".id=" + text, name + ".en=" + text + " en"} }
	for _, tt := range []struct {
		kind string
		fill [][]string
		want []string // in items.yaml
	}{
		{"several", [][]string{words("option.1", "Satu"), words("option.1.why", "Sebab"), words("option.2", "Dua"),
			words("option.2.why", "Sebab"), {"option.1.right=yes", "option.2.right=yes"}}, []string{"key: [a, b]"}},
		{"true-false", [][]string{{"key=true"}, words("why", "Sebab")}, []string{"type: true-false", "key: true"}},
		{"order", [][]string{words("option.1", "Satu"), words("option.2", "Dua"), {"key=b\na", "option.1.key=a", "option.2.key=b"},
			words("why", "Sebab")}, []string{"type: order", "key: [b, a]"}},
		{"match", [][]string{words("option.1", "Satu"), words("option.2", "Dua"), words("target.1", "Lima"),
			words("target.2", "Enam"), {"key=a=b\nb=a"}, words("why", "Sebab")}, []string{`key: ["a=b", "b=a"]`}},
		{"number", [][]string{{"key=72", "tolerance=0,5"}, words("unit", "jam"), words("why", "Sebab")},
			[]string{"key: 72", "tolerance: 0.5", `unit: {id: "jam", en: "jam en"}`}},
		{"text", [][]string{{"key=kata sandi\nsandi"}, words("why", "Sebab")}, []string{`key: ["kata sandi", sandi]`}},
	} {
		b.open("/id/author/" + example)
		b.press("Tambah butir soal", "id=baru-"+tt.kind, "type="+tt.kind, "place=module satu")
		fill := words("stem", "Tanya "+tt.kind+"?")
		for _, f := range tt.fill {
			fill = append(fill, f...)
		}
		b.press("Simpan", fill...)
		b.wants("Tersimpan.")
		b.press("Pratinjau")
		b.wants("Tanya " + tt.kind + "?")
		draft, err := k.store.Draft(t.Context(), example)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.want {
			if !strings.Contains(draft.Files["items.yaml"], want) {
				t.Errorf("%s: items.yaml lacks %s", tt.kind, want)
			}
		}
		if _, err := content.Understand(sourceOf(example, draft.Files)); err != nil {
			t.Errorf("%s: %v", tt.kind, err)
		}
	}
}

func TestOptionsAreReordered(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	b.open("/id/author/" + example + "/items/kuis-1")
	b.press("Simpan", "option.1.place=9", "option.2.text=", "option.2.id=", "option.2.en=", "option.2.key=",
		"option.2.why.id=", "option.2.why.en=", "option.3.right=yes", "option.2.right=")
	draft, err := k.store.Draft(t.Context(), example)
	if err != nil {
		t.Fatal(err)
	}
	course, err := content.Understand(sourceOf(example, draft.Files))
	if err != nil {
		t.Fatal(err)
	}
	it := course.Items["kuis-1"]
	if len(it.Options) != 2 || it.Options[0].ID != "c" || it.Options[1].ID != "a" || it.Key[0] != "c" {
		t.Errorf("options %v, key %v", it.Options, it.Key)
	}
}

func TestModulesAndItemsMove(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	b.press("Turun Modul satu")
	b.open("/id/author/" + example)
	if first := strings.Index(b.text(), "Modul dua"); first > strings.Index(b.text(), "Modul satu") {
		t.Error("the module did not move down")
	}
	b.press("Naik kuis-2")
	b.press("Tambah modul", "id=tiga", "name.id=Modul tiga", "name.en=Module three")
	b.wants("Modul tiga")
	b.open("/id/author/" + example + "/changes")
	b.wants("Urutan modul", "Butir kuis", "03-tiga")
}

func TestFindingsLeadToTheirFields(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	b.open("/id/author/" + example + "/items/kuis-1")
	b.press("Simpan", "stem.en=", "withdrawn=")
	b.open("/id/author/" + example)
	b.wants("pertanyaan kuis-1 tidak mempunyai bahasa Inggris")
	if link := b.find("Butir kuis-1", "a"); link == nil || !strings.HasSuffix(attr(link, "href"), "/items/kuis-1#stem") {
		t.Fatal("the finding does not lead to its field")
	}
	b.open("/en/author/" + example)
	b.wants("stem of kuis-1 has no English")
	b.open("/id/author/" + example + "/changes")
	b.wants("1 hal membuat draf ini belum dapat diterbitkan")
	if b.find("Terbitkan draf ini", "button") != nil {
		t.Error("an unfit draft can be published")
	}
	draft, err := k.store.Draft(t.Context(), example)
	if err != nil {
		t.Fatal(err)
	}
	b.post("/id/author/"+example+"/publish", url.Values{"version": {content.Version(draft.Files)}})
	if b.status != http.StatusConflict {
		t.Errorf("publishing it anyway answers %d", b.status)
	}
	if c, _ := k.catalog.Current(example); c.Items["kuis-1"].Stem.EN == "" {
		t.Error("an unfit draft is taught")
	}
}

func TestAFileThatIsNoYAMLIsMendedAsAFile(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	b.open("/id/author/" + example + "/files/course.yaml")
	_, fields := b.form("Simpan")
	whole := fields.Get("text")
	b.press("Simpan", "text=id: [")
	b.open("/id/author/" + example)
	b.wants("course.yaml, baris 1 : bukan YAML")
	if b.open("/id/author/" + example + "/items/kuis-1"); b.status != http.StatusConflict {
		t.Errorf("a form over a broken file answers %d", b.status)
	}
	b.open("/id/author/" + example + "/files/course.yaml")
	b.press("Simpan", "text="+whole)
	b.open("/id/author/" + example)
	b.lacks("bukan YAML")
}

func TestAWithdrawnItemKeepsItsHistory(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	b.open("/id/author/" + example + "/items/kuis-1")
	if b.find("Hapus butir", "button") != nil {
		t.Error("a published item can be removed")
	}
	b.press("Simpan", "withdrawn=Dua jawaban benar")
	b.open("/id/author/" + example + "/changes")
	b.press("Terbitkan draf ini")
	b.open("/id/author/" + example + "/items/kuis-1/history")
	b.wants("Ditarik: Dua jawaban benar", "Pertama kali ada", "Alasan penarikan", "Belum ada angka")
	if !k.catalog.Withdrawn(example, "kuis-1") {
		t.Error("the item still counts")
	}
}

func TestACourseGoesOutAndComesInAsOneFile(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	b.open("/id/author/" + example + "/draft.zip")
	if kind := b.header.Get("Content-Type"); kind != "application/zip" {
		t.Fatalf("the draft is sent as %s", kind)
	}
	packed := []byte(b.body)
	b.open("/id/author/" + example + "/course")
	b.press("Simpan", "summary.id=Ringkasan lain.", "summary.en=Another summary.")
	b.open("/id/author")
	if b.bring(t, packed, ""); b.status != http.StatusConflict {
		t.Errorf("bringing it in over a draft answers %d", b.status)
	}
	b.wants("sudah mempunyai draf")
	b.open("/id/author/" + example)
	b.press("Buang draf ini")
	b.wants("Draf dibuang.")
	b.bring(t, packed, "")
	b.wants("Kursus contoh", "disimpan oleh Sri A1")
	if b.bring(t, []byte("no zip"), ""); b.status != http.StatusUnprocessableEntity {
		t.Errorf("what is no zip answers %d", b.status)
	}
	b.open("/id/author/" + example + "/published.zip")
	r, err := zip.NewReader(strings.NewReader(b.body), int64(len(b.body)))
	if err != nil {
		t.Fatal(err)
	}
	source, err := k.catalog.Source(example)
	if err != nil || len(r.File) != len(source.Files) {
		t.Errorf("%d files are sent, %v; want %d", len(r.File), err, len(source.Files))
	}
}

// bring brings a course in as one file.
func (b *browser) bring(t *testing.T, packed []byte, over string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "kursus.zip")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(file, bytes.NewReader(packed)); err != nil {
		t.Fatal(err)
	}
	if err := form.WriteField("over", over); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/id/author/take", &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	b.follow(req)
}

func TestANewCourseIsBegun(t *testing.T) {
	k := newKit(t)
	b := k.writer("A1")
	b.open("/id/author")
	b.press("Buat draf", "id=surat desa", "name_id=Surat desa", "name_en=Village letters", "pillar=layanan")
	b.wants("Kode hanya boleh berisi")
	b.press("Buat draf", "id=surat-desa")
	b.wants("Surat desa", "Yang perlu diperbaiki")
	b.press("Tambah modul", "id=satu", "name.id=Modul satu", "name.en=Module one")
	b.open("/id/author/surat-desa/course")
	b.press("Simpan", "form.1.key=A", "form.1.items=x-1, x-2", "anchors=x-1", "pass_mark=75,5", "check.1.id=Periksa",
		"check.1.en=Check", "check.1.module=satu")
	draft, err := k.store.Draft(t.Context(), "surat-desa")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"pass_mark: 75.5", "anchors: [x-1]", "items: [x-1, x-2]", "module: satu"} {
		if !strings.Contains(draft.Files["course.yaml"], want) {
			t.Errorf("course.yaml lacks %s:\n%s", want, draft.Files["course.yaml"])
		}
	}
	b.open("/id/author")
	b.wants("Surat desa", "belum pernah terbit", "hal membuat draf ini belum dapat diterbitkan")
}

// Drafts and files hold keys, so nobody else may see a page of the workshop, nor is led to one.
func TestOthersAreNotLedToTheWorkshop(t *testing.T) {
	k := newKit(t)
	k.drafted("A1")
	for _, role := range []people.Role{people.Participant, people.Facilitator, people.DistrictOfficer} {
		b := k.signIn(k.register("R-"+string(role), role, firstDistrict))
		b.open("/id/")
		if strings.Contains(b.body, "/author") {
			t.Errorf("a %s is shown the way to the workshop", role)
		}
	}
}

func sourceOf(id string, files map[string]string) store.CourseSource {
	return store.CourseSource{Course: id, Files: files}
}

func TestAPreviewShowsThePicturesOfTheDraft(t *testing.T) {
	k := newKit(t)
	b := k.drafted("A1")
	b.open("/id/author/" + example + "/files/titik.svg")
	b.press("Simpan", `text=<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="9" cy="9" r="9"/></svg>`)
	b.open("/id/author/" + example + "/modules/satu")
	b.press("Pratinjau", "text.id=# Satu\n\n![Satu titik](titik.svg)\n", "text.en=# One\n\n![A dot](lain.svg)\n")
	if image := b.find("", "img"); !strings.Contains(b.body, `src="data:image/svg+xml;base64,`) || image == nil {
		t.Errorf("the preview has no picture:\n%s", b.text())
	}
	b.wants(`menampilkan gambar "lain.svg", yang tidak ada`)
}
