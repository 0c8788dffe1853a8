package handlers_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// known is a person of the register as it is kept.
func (k *kit) known(id string) people.Person {
	k.t.Helper()
	p, err := k.store.Person(context.Background(), id)
	if err != nil {
		k.t.Fatal(err)
	}
	return p
}

func (k *kit) everybody() []people.Person {
	k.t.Helper()
	all, err := k.store.People(context.Background(), store.PeopleQuery{})
	if err != nil {
		k.t.Fatal(err)
	}
	return all
}

// lines are the actions of the audit log, the newest first.
func (k *kit) lines() string {
	k.t.Helper()
	lines, err := k.store.Lines(context.Background(), 100)
	if err != nil {
		k.t.Fatal(err)
	}
	var b strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&b, "%s %s %s %s\n", line.By, line.Action, line.On, line.Detail)
	}
	return b.String()
}

// opens reports whether the code leads to choosing a PIN.
func (k *kit) opens(id, code string) bool {
	b := k.browser()
	b.open("/id/sign-in")
	b.press("Masuk", "name="+id, "secret="+code)
	return b.path == "/id/pin"
}

// secret is the one-time code that a page shows.
func (v *view) secret() string {
	code := ""
	each(v.root, func(n *html.Node) {
		if attr(n, "class") == "secret" {
			code = textOf(n)
		}
	})
	return code
}

func TestTheRegisterIsListedPageByPage(t *testing.T) {
	k := newKit(t)
	admin := k.admin()
	for i := range 120 {
		k.register(fmt.Sprintf("P-%03d", i), people.Participant, firstVillage)
	}
	b := k.signIn(admin)
	b.open("/id/people?role=participant")
	seen := map[string]int{}
	pages := 1
	for ; ; pages++ {
		each(b.root, func(n *html.Node) {
			if id, ok := strings.CutPrefix(attr(n, "href"), "/id/people/one?id="); ok {
				seen[id]++
			}
		})
		if b.find("Berikutnya", "a") == nil {
			break
		}
		b.click("Berikutnya")
	}
	if pages != 3 || len(seen) != 120 || seen["P-000"] != 1 || seen["P-119"] != 1 {
		t.Errorf("%d people on %d pages, want 120 on 3", len(seen), pages)
	}
	b.click("Dari awal")
	b.wants("P-000")
	b.open("/id/people?q=p-11")
	b.wants("P-110", "P-119")
	b.lacks("P-109")
	b.open("/id/people?area=" + secondDistrict)
	b.wants("Tidak ada orang yang cocok")
	b.open("/id/people?area=" + firstDistrict + "&role=participant")
	b.wants("P-000", "Desa Kaligowong, Kecamatan Wadaslintang")
}

func TestOnePersonIsAddedByHand(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	b.open("/id/people")
	b.click("Tambah satu orang")
	b.press("Simpan", "id=P 1", "name=Sri", "area="+firstVillage)
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("status = %d, want 422", b.status)
	}
	b.wants("Nomor peserta harus diisi")
	if !strings.Contains(b.body, `value="Sri"`) || !strings.Contains(b.body, `<option value="`+firstVillage+`" selected>`) {
		t.Error("what was typed is lost")
	}
	form := []string{"id=P/1", "name=<script>alert(1)</script>", "phone=+62 812-3456-7890", "birth_year=1985", "gender=P"}
	b.press("Simpan", form...)
	b.wants("P/1", "<script>alert(1)</script>", "081234567890", "1985", "Perempuan")
	if strings.Contains(b.body, "<script>alert") {
		t.Error("a name is markup")
	}
	b.open("/id/people?q=script")
	if strings.Contains(b.body, "<script>alert") {
		t.Error("a name is markup in the list")
	}
	b.click("<script>")
	b.wants("Riwayat tempat tugas")
	b.open("/id/people/new")
	again := append(form, "area="+firstVillage)
	b.press("Simpan", again...)
	b.wants("Riwayat tempat tugas")
	b.open("/id/people/new")
	b.press("Simpan", "id=P/1", "name=Budi", "area="+firstVillage)
	b.wants("Nomor ini sudah dipakai")
	b.open("/id/people/new")
	b.press("Simpan", "id=P-2", "name=Budi", "area="+firstVillage, "birth_year=tahun lalu")
	b.wants("Tahun lahir ditulis empat angka")
	if n := len(k.everybody()); n != 2 {
		t.Errorf("%d people are kept, want the administrator and one more", n)
	}
}

func TestAPersonIsCorrected(t *testing.T) {
	k := newKit(t)
	admin := k.admin()
	k.register("P-1", people.Participant, firstVillage)
	b := k.signIn(admin)
	b.open("/id/people/one?id=P-1")
	b.click("Perbaiki data")
	b.press("Simpan", "name=")
	b.wants("Nama harus diisi")
	b.press("Simpan", "name=Sri Wahyuni", "position=Kaur Keuangan", "area="+secondVillage)
	b.wants("Sri Wahyuni", "Kaur Keuangan", "Kecamatan Kepil")
	if p := k.known("P-1"); len(p.Postings) != 1 || p.Name != "Sri Wahyuni" {
		t.Errorf("kept = %+v, want one corrected posting", p)
	}
	b.open("/id/people/edit?id=A-1")
	b.press("Simpan", "role=participant")
	b.wants("Anda tidak dapat mengubah peran Anda sendiri")
	b.post("/id/people/retire", url.Values{"id": {"A-1"}, "retired": {"yes"}})
	if b.status != http.StatusConflict || k.known("A-1").Retired {
		t.Errorf("an administrator can lock themselves out: %d", b.status)
	}
	if b.open("/id/people/one?id=P-9").status != http.StatusNotFound {
		t.Error("somebody unknown is shown")
	}
}

func TestAMoveKeepsOnePerson(t *testing.T) {
	k := regency(t)
	b := k.signIn(k.admin())
	id := firstVillage + "-00"
	b.open("/id/people/one?id=" + id)
	b.press("Simpan kepindahan", "area="+secondVillage)
	b.wants("Tanggal ditulis tahun-bulan-hari")
	for range 2 {
		b.open("/id/people/one?id=" + id)
		b.press("Simpan kepindahan", "area="+secondVillage, "position=Kasi Pelayanan", "valid_from=2026-12-01")
	}
	b.wants("Kecamatan Kepil", "2026-12-01", "Kaligowong")
	if p := k.known(id); len(p.Postings) != 2 || p.Name == "" {
		t.Errorf("kept = %+v, want one person with two postings", p)
	}
	b.open("/id/reports?course=contoh")
	b.wants("Terdaftar 41 orang")
	if got := rowOf(b.view, "Wadaslintang"); !strings.HasPrefix(got, "Wadaslintang 12 12 12 ") {
		t.Errorf("what was done before the move counts elsewhere: %q", got)
	}
	if !strings.Contains(k.lines(), "A-1 person.move "+id) {
		t.Errorf("the audit log does not tell of the move:\n%s", k.lines())
	}
}

func TestWhoHasLeftCannotSignIn(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	leaving := k.participant("P-1")
	b.open("/id/people/one?id=P-1")
	b.press("Tandai sudah keluar")
	b.wants("sudah keluar")
	leaving.open("/id/me")
	if !strings.HasPrefix(leaving.path, "/id/sign-in") {
		t.Errorf("who has left sees %s", leaving.path)
	}
	b.post("/id/people/code", url.Values{"id": {"P-1"}})
	b.wants("maka tidak dapat diberi kode")
	b.open("/id/people/one?id=P-1")
	b.press("Tandai kembali bertugas")
	b.press("Buat kode sekali pakai")
	code := b.secret()
	if !k.opens("P-1", code) {
		t.Errorf("the code %q does not open", code)
	}
	b.open("/id/people/one?id=P-1")
	if strings.Contains(b.body, code) {
		t.Error("a code is shown twice")
	}
}

// upload sends a file in the browser's form.
func (b *browser) upload(name, content string) *view {
	b.kit.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, values := range b.uploadForm() {
		_ = form.WriteField(field, values[0])
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		b.kit.t.Fatal(err)
	}
	_, _ = io.WriteString(part, content)
	if err := form.Close(); err != nil {
		b.kit.t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/id/people/import", &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	if !b.quiet {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return b.follow(req)
}

// uploadForm are the other fields of the form for files.
func (b *browser) uploadForm() url.Values {
	b.kit.t.Helper()
	b.open("/id/people/import")
	_, fields := b.form("Lihat isinya dulu")
	return fields
}

func TestAnOldBrowserUploadsToo(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	b.quiet = true
	b.upload("daftar.csv", list)
	b.wants("2 baris baik")
	b.press("Simpan 2 baris")
	b.wants("2 baris sudah disimpan")
}

const list = "id,name,role,area,hobi\n" +
	"P-1,Sri,participant,33.07.01.2001,\n" +
	"P-2,,participant,33.07.01.2001,\n" +
	"P-3,<b>Budi</b>,participant,33.07.02.2001,\n" +
	"P-4,Tri,raja,33.07.01.2001,\n"

func TestAListIsShownBeforeItIsKept(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	b.upload("daftar.csv", list)
	b.wants("2 baris baik", "2 baris tidak dapat diterima", "3 P-2 Nama harus diisi", "5 P-4 Peran tidak dikenal", "«hobi»",
		"<b>Budi</b>", "daftar.csv")
	if n := len(k.everybody()); n != 1 {
		t.Fatalf("%d people are kept before the confirmation", n)
	}
	action, fields := b.form("Simpan 2 baris")
	for range 2 {
		b.post(action, fields)
		b.wants("2 baris sudah disimpan", "3 P-2 Nama harus diisi")
	}
	if n := len(k.everybody()); n != 3 {
		t.Errorf("%d people are kept, want 3", n)
	}
	if !strings.Contains(k.lines(), "A-1 people.import daftar.csv 2") {
		t.Errorf("the audit log does not tell of the list:\n%s", k.lines())
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	tests := []struct{ name, file, content, want string }{
		{"a NIK column", "x.csv", "id,name,role,area,NIK\nP-1,Sri,participant,33.07.01.2001,3307\n", "UU 27/2022"},
		{"no name column", "x.csv", "id,role,area\n", "Kolom «name» tidak ada"},
		{"nothing", "x.csv", "", "Pilih berkasnya dulu"},
		{"no spreadsheet", "x.xlsx", "PK\x03\x04 and then nothing", "bukan lembar kerja"},
		{"a spreadsheet that is said to be a list", "x.csv", "PK\x03\x04 and then nothing", "berakhiran .csv, .xlsx"},
		{"a list that is said to be a spreadsheet", "x.XLSX", list, "berakhiran .csv, .xlsx"},
		{"a program", "x.exe", list, "berakhiran .csv, .xlsx"},
		{"a list without an end", "x", list, "berakhiran .csv, .xlsx"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b.upload(tt.file, tt.content)
			if b.status != http.StatusUnprocessableEntity {
				t.Errorf("status = %d, want 422", b.status)
			}
			b.wants(tt.want)
		})
	}
	b.post("/id/people/import/confirm", url.Values{"packed": {"H4sIAAAA"}})
	b.wants("Unggah sekali lagi")
	if n := len(k.everybody()); n != 1 {
		t.Errorf("%d people are kept, want 1", n)
	}
	b.open("/id/people/example.csv")
	b.upload("peserta.csv", b.body)
	b.wants("1 baris baik")
}

func TestTheNumberOfAnErasedPersonIsRefusedAlone(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	k.register("P-1", people.Participant, firstVillage)
	err := k.ledger.Record(context.Background(), record.Record{ID: uuid.NewString(), Kind: record.Erased, Person: "P-1",
		At: k.now()})
	if err != nil {
		t.Fatal(err)
	}
	b.upload("daftar.csv", list)
	b.press("Simpan 2 baris")
	b.wants("1 baris sudah disimpan", "2 P-1 Data orang ini sudah dihapus")
	k.known("P-3")
	b.open("/id/people/new")
	b.press("Simpan", "id=P-1", "name=Sri", "area="+firstVillage)
	b.wants("Nomornya tidak dapat dipakai lagi")
}

var (
	streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	codes   = regexp.MustCompile(`\(([A-Z2-9]{5}-[A-Z2-9]{5})\)`)
)

// codesIn are the one-time codes that are printed in a PDF.
func codesIn(t *testing.T, pdf string) []string {
	t.Helper()
	var found []string
	for _, stream := range streams.FindAllStringSubmatch(pdf, -1) {
		r, err := zlib.NewReader(strings.NewReader(stream[1]))
		if err != nil {
			continue
		}
		text, _ := io.ReadAll(r)
		for _, code := range codes.FindAllStringSubmatch(string(text), -1) {
			found = append(found, code[1])
		}
	}
	return found
}

func TestSlipsMakeCodesThatOpen(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	k.participant("P-1") // has a PIN
	k.register("P-2", people.Participant, firstVillage)
	k.register("P-3", people.Participant, secondVillage)
	slips := func(more ...string) []string {
		b.open("/id/people/slips")
		b.press("Buat slip", append(more, "area="+firstDistrict)...)
		if got := b.header.Get("Content-Type"); got != "application/pdf" {
			t.Fatalf("slips are %s:\n%s", got, b.text())
		}
		return codesIn(t, b.body)
	}
	first := slips()
	if len(first) != 1 || !k.opens("P-2", first[0]) {
		t.Errorf("codes %v; want one that opens for who has no PIN", first)
	}
	both := slips("all=1")
	if len(both) != 2 || !k.opens("P-1", both[0]) || !k.opens("P-2", both[1]) {
		t.Errorf("codes %v; want one each", both)
	}
	if k.opens("P-2", first[0]) {
		t.Error("a slip that was printed before still opens")
	}
	b.open("/id/people/slips")
	b.press("Buat slip", "area=33.07.09")
	b.wants("Tidak ada yang perlu slip")
	b.press("Buat slip", "area=")
	b.wants("Pilih wilayahnya dulu")
	if !strings.Contains(k.lines(), "A-1 people.slips "+firstDistrict+" 2") {
		t.Errorf("the audit log does not tell of the slips:\n%s", k.lines())
	}
}

func TestANIKIsRefusedBesideItsField(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	good := url.Values{"id": {"P-1"}, "name": {"Sri"}, "role": {"participant"}, "area": {firstVillage}}
	for field, want := range map[string]string{"id": "Nomor peserta tidak boleh 16 angka",
		"name": "Di nama ada 16 angka", "position": "Di jabatan ada 16 angka"} {
		fields := maps.Clone(good)
		fields.Set(field, "3307010101800001")
		b.post("/id/people/new", fields)
		if b.wants(want, "UU 27/2022"); b.status != http.StatusUnprocessableEntity {
			t.Errorf("a NIK as %s: status %d, want 422", field, b.status)
		}
	}
	b.upload("x.csv", "id,name,role,area\nP-1,3307010101800001,participant,33.07.01.2001\n")
	b.wants("16 angka yang tampak seperti NIK")
	if n := len(k.everybody()); n != 1 {
		t.Errorf("%d people are kept, want the administrator alone", n)
	}
}
