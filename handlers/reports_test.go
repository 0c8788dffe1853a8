package handlers_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
)

// Areas of the tests: two kecamatan with a village of each.
const (
	firstDistrict  = "33.07.01"
	firstVillage   = "33.07.01.2001"
	secondDistrict = "33.07.02"
	secondVillage  = "33.07.02.2001"
	smallDistrict  = "33.07.03"
	smallVillage   = "33.07.03.2001"
)

// tested registers n participants of a village who were tested on paper, the i-th with marks(i).
func (k *kit) tested(village string, n int, marks func(i int) (pre, post float64)) {
	k.t.Helper()
	for i := range n {
		p := k.register(fmt.Sprintf("%s-%02d", village, i), people.Participant, village)
		pre, post := marks(i)
		k.score(p.ID, record.Pre, pre, "")
		k.score(p.ID, record.Post, post, "")
	}
}

// score files a test of the example course that was marked on paper.
func (k *kit) score(person string, phase record.Phase, raw float64, workshop string) {
	k.t.Helper()
	err := k.ledger.Record(context.Background(), record.Record{ID: uuid.NewString(), Kind: record.Scored, By: "A-1",
		Person: person, Course: example, Phase: phase, Score: &record.Score{Raw: raw, Max: 100}, Workshop: workshop,
		At: k.now()})
	if err != nil {
		k.t.Fatal(err)
	}
}

// regency is a kit with two kecamatan that may be told of and one that may not, whose gain is 46.5 points.
func regency(t *testing.T) *kit {
	k := newKit(t)
	k.tested(firstVillage, 12, func(i int) (float64, float64) { return 40, 60 + float64(i) })
	k.tested(secondVillage, 14, func(i int) (float64, float64) { return 50, 70 + float64(i%3) })
	k.tested("33.07.04.2001", 11, func(i int) (float64, float64) { return 30, 52 + float64(i%4) })
	k.tested(smallVillage, 4, func(int) (float64, float64) { return 31.25, 77.75 })
	return k
}

func (k *kit) admin() people.Person { return k.register("A-1", people.Admin, "33.07") }

func (k *kit) officer(district string) people.Person {
	return k.register("K-"+district, people.DistrictOfficer, district)
}

func TestDiskominfosPage(t *testing.T) {
	k := regency(t)
	b := k.signIn(k.admin())
	for lang, words := range map[string][]string{
		"id": {"Laporan Kabupaten Wonosobo", "Rata-rata naik", "kami yakin 95%", "Terdaftar 41 orang", "Wadaslintang",
			"+25,5 (", "disembunyikan untuk melindungi kelompok kecil", "tertutup", "JUMLAH Wonosobo", "belum ada",
			"tidak dapat dibandingkan dengan indeks nasional"},
		"en": {"Report on Wonosobo Regency", "On average scores rose", "95% confident", "41 people enrolled", "+25.5 (",
			"hidden to protect a small group", "TOTAL Wonosobo"},
	} {
		b.open("/" + lang + "/reports?course=" + example)
		b.wants(words...)
	}
	if tiles := strings.Count(b.body, `class="ground" x="2.5%"`); tiles != 15 {
		t.Errorf("%d tiles on the map, want 15", tiles)
	}
	if lines := strings.Count(b.body, `class="interval"`); lines != 2 {
		t.Errorf("%d intervals drawn, want 2: one kecamatan is small, one would give it away", lines)
	}
	b.open("/en/reports?course=" + example)
	b.click("Wadaslintang")
	b.wants("Report on Wadaslintang District", "Kaligowong", "By village/ward")
	if !strings.HasPrefix(b.path, "/en/reports/"+firstDistrict) {
		t.Errorf("the kecamatan opens to %s", b.path)
	}
	b.click("By domain")
	b.wants("Digital safety", "Digital culture")
	b.click("By workshop")
	b.wants("Without a workshop")
	b.click("To the wider report")
	b.wants("Report on Wonosobo Regency")
}

var rawKey = regexp.MustCompile(`\b(reports|headline|why|plot|bars|tilemap|reading|people|code|import|slips|facilitate|` +
	`audit|action|about|area|role|pillar|problem|items|verdict|advice|dif|itemwhy|linked)\.[a-z_]+\b`)

func TestOfficePagesAreWorded(t *testing.T) {
	k := regency(t)
	b := k.signIn(k.admin())
	for _, lang := range []string{"id", "en"} {
		for _, path := range []string{"/reports", "/reports?by=pillar", "/reports?by=workshop", "/reports/" + firstDistrict,
			"/reports/" + firstVillage, "/reports?from=2030-01-01", "/reports?unsuppressed=1", "/people", "/people/new",
			"/people/one?id=A-1", "/people/edit?id=A-1", "/people/import", "/people/slips", "/facilitate", "/audit", "/about"} {
			b.open("/" + lang + path)
			if b.status != http.StatusOK {
				t.Errorf("%s%s answers %d", lang, path, b.status)
			}
			if found := rawKey.FindString(b.text()); found != "" {
				t.Errorf("%s%s shows the key %q", lang, path, found)
			}
			each(b.root, func(n *html.Node) {
				if has(n, "style") || strings.HasPrefix(attr(n, "href"), "#ZgotmplZ") {
					t.Errorf("%s%s: <%s> has an inline style or an unsafe link", lang, path, n.Data)
				}
			})
		}
	}
}

func TestWhoMaySeeReports(t *testing.T) {
	k := regency(t)
	officer := k.officer(firstDistrict)
	persons := map[string]*browser{
		"officer":     k.signIn(officer),
		"participant": k.participant("P-1"),
		"facilitator": k.signIn(k.register("F-1", people.Facilitator, firstDistrict)),
		"astray":      k.signIn(people.Person{ID: "K-9", Role: people.DistrictOfficer}),
	}
	if err := k.ledger.Register(context.Background(), []people.Person{{ID: "K-9", Name: "Tanpa wilayah",
		Role: people.DistrictOfficer}}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		who, path string
		want      int
	}{
		{"officer", "/id/reports/" + firstDistrict, http.StatusOK},
		{"officer", "/id/reports/" + firstVillage, http.StatusOK},
		{"officer", "/id/reports/" + secondDistrict, http.StatusForbidden},
		{"officer", "/id/reports/33.07", http.StatusForbidden},
		{"officer", "/id/reports/33.99", http.StatusNotFound},
		{"officer", "/id/reports.csv?area=" + secondDistrict, http.StatusForbidden},
		{"officer", "/id/reports.pdf?area=" + secondVillage, http.StatusForbidden},
		{"officer", "/api/v1/reports/gains?course=contoh&area=" + secondDistrict, http.StatusForbidden},
		{"officer", "/api/v1/reports/completion?course=contoh&area=33.07", http.StatusForbidden},
		{"officer", "/api/v1/reports/items?course=contoh&phase=pre", http.StatusForbidden},
		{"officer", "/id/reports/" + firstDistrict + "?unsuppressed=1", http.StatusForbidden},
		{"officer", "/api/v1/reports/gains?course=contoh&unsuppressed=1", http.StatusForbidden},
		{"officer", "/id/people", http.StatusForbidden},
		{"officer", "/id/audit", http.StatusForbidden},
		{"astray", "/id/reports", http.StatusForbidden},
		{"participant", "/id/reports", http.StatusForbidden},
		{"participant", "/id/reports.csv", http.StatusForbidden},
		{"participant", "/api/v1/reports/gains?course=contoh", http.StatusForbidden},
		{"participant", "/id/people/one?id=P-1", http.StatusForbidden},
		{"participant", "/id/facilitate", http.StatusForbidden},
		{"facilitator", "/id/reports", http.StatusForbidden},
		{"facilitator", "/id/people", http.StatusForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.who+" "+tt.path, func(t *testing.T) {
			if got := persons[tt.who].open(tt.path).status; got != tt.want {
				t.Errorf("status = %d, want %d", got, tt.want)
			}
		})
	}
	b := persons["officer"]
	b.open("/id/reports?course=" + example)
	if want := "/id/reports/" + firstDistrict; !strings.HasPrefix(b.path, want) {
		t.Errorf("an officer is led to %s, want %s", b.path, want)
	}
	b.lacks("Ke laporan yang lebih luas", "Kepil")
	_, body := k.api("GET", "/api/v1/reports/gains?course=contoh&by=village", k.token(officer), "")
	if strings.Contains(body, secondDistrict) || !strings.Contains(body, firstVillage) {
		t.Errorf("an officer's report is not that of the own kecamatan:\n%s", body)
	}
	res, body := k.api("GET", "/api/v1/reports/gains?course=contoh", "", "")
	if res.StatusCode != http.StatusUnauthorized || !strings.Contains(res.Header.Get("Content-Type"), "problem+json") {
		t.Errorf("nobody is answered %d %s", res.StatusCode, body)
	}
}

// rowOf is the text of the table row that begins with the name.
func rowOf(v *view, name string) string {
	found := ""
	each(v.root, func(n *html.Node) {
		if text := textOf(n); n.Data == "tr" && found == "" && strings.HasPrefix(text, name+" ") {
			found = text
		}
	})
	return found
}

func TestHiddenRowsShowNoNumber(t *testing.T) {
	k := regency(t)
	b := k.signIn(k.admin())
	for _, path := range []string{"/id/reports?course=contoh", "/id/reports/" + smallDistrict + "?course=contoh",
		"/id/reports?course=contoh&by=village"} {
		b.open(path)
		for _, secret := range []string{"46,5", "31,2", "31,3", "77,7", "77,8"} {
			if strings.Contains(b.body, secret) {
				t.Errorf("%s tells %s of four people", path, secret)
			}
		}
	}
	b.open("/id/reports?course=contoh")
	if got := rowOf(b.view, "Sapuran"); got != "Sapuran disembunyikan untuk melindungi kelompok kecil" {
		t.Errorf("the hidden row reads %q", got)
	}
	b.open("/id/reports.csv?course=contoh")
	rows, err := csv.NewReader(strings.NewReader(b.body)).ReadAll()
	if err != nil || len(rows) != 17 {
		t.Fatalf("%d rows of CSV, want a header, 15 kecamatan and the total: %v", len(rows), err)
	}
	i := slices.IndexFunc(rows, func(row []string) bool { return row[0] == smallDistrict })
	for column, name := range rows[0] {
		if cell := rows[i][column]; cell != "" && !slices.Contains([]string{"code", "name", "suppressed", "reasons"}, name) {
			t.Errorf("the hidden row's %s is %q", name, cell)
		}
	}
	b.open("/id/reports?course=contoh&unsuppressed=1")
	b.wants("+46,5", "Kelompok kecil ikut tampil")
	b.open("/id/audit")
	b.wants("Membuka laporan dengan kelompok kecil", "A-1")
}

func TestTheAPIsReportIsTheDesks(t *testing.T) {
	k := regency(t)
	token := k.token(k.admin())
	desk := reports.New(reports.Setup{Store: k.store, Region: k.region, Syllabus: k.catalog, Zone: jakarta, MinCell: 10,
		Now: k.now})
	if err := desk.Refine(context.Background(), example, people.Participant); err != nil {
		t.Fatal(err)
	}
	made := regexp.MustCompile(`"generated_at": "[^"]*"`)
	for _, by := range []reports.By{reports.ByDistrict, reports.ByVillage, reports.ByPillar, reports.ByWorkshop} {
		report, err := desk.Gains(context.Background(), reports.Query{Course: example, By: by})
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := exchange.WriteGains(&want, "json", report, courses.Indonesian, nil); err != nil {
			t.Fatal(err)
		}
		res, got := k.api("GET", "/api/v1/reports/gains?course=contoh&by="+string(by), token, "")
		if res.StatusCode != http.StatusOK || made.ReplaceAllString(got, "") != made.ReplaceAllString(want.String(), "") {
			t.Errorf("by %s the API answers %d\n%s\nwant\n%s", by, res.StatusCode, got, want.String())
		}
	}
	var completion reports.Completion
	_, body := k.api("GET", "/api/v1/reports/completion?course=contoh", token, "")
	if err := json.Unmarshal([]byte(body), &completion); err != nil || len(completion.Rows) != 15 {
		t.Errorf("completion = %s, %v; want 15 rows", body, err)
	}
	res, body := k.api("GET", "/api/v1/reports/items?course=contoh&phase=pre", token, "")
	if res.StatusCode != http.StatusOK || !strings.Contains(body, `"items"`) {
		t.Errorf("items = %d %s", res.StatusCode, body)
	}
}

func TestWrongParametersAreNamed(t *testing.T) {
	k := newKit(t)
	admin := k.admin()
	b := k.signIn(admin)
	token := k.token(admin)
	tests := []struct{ query, code string }{
		{"course=nothing", "report.course"},
		{"", "report.course"},
		{"course=contoh&by=hamlet", "report.by"},
		{"course=contoh&role=admin", "report.role"},
		{"course=contoh&type=dusun", "report.type"},
		{"course=contoh&from=soon", "report.from"},
		{"course=contoh&to=2026-02-31", "report.to"},
		{"course=contoh&from=2026-02-02&to=2026-02-01", "report.range"},
		{"course=contoh&format=doc", "report.format"},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			res, body := k.api("GET", "/api/v1/reports/gains?"+tt.query, token, "")
			if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `"code":"`+tt.code+`"`) ||
				res.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%d %s %s; want 422 %s", res.StatusCode, res.Header.Get("Content-Type"), body, tt.code)
			}
		})
	}
	b.open("/id/reports?course=contoh&from=2026-02-02&to=2026-02-01")
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("the page answers %d, want 422", b.status)
	}
	b.wants("Tanggal akhir 2026-02-01 lebih awal", "Kursus contoh")
}

func TestNobodyHasLearntYet(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	b.open("/id/reports?course=contoh")
	b.wants("Belum ada yang mengerjakan tes awal dan tes akhir", "belum ada")
	b.lacks("NaN", "disembunyikan:")
}

func TestFilesOfAReport(t *testing.T) {
	k := regency(t)
	for i := range 12 {
		id := k.register(fmt.Sprintf("W-%02d", i), people.Participant, firstVillage).ID
		k.score(id, record.Pre, 20, "=HYPERLINK(1)")
		k.score(id, record.Post, 40, "=HYPERLINK(1)")
	}
	b := k.signIn(k.admin())
	begins := map[string]string{"csv": "code,name,", "xlsx": "PK", "pdf": "%PDF-"}
	for format, want := range begins {
		b.open("/id/reports." + format + "?course=contoh&by=workshop")
		if b.status != http.StatusOK || !strings.HasPrefix(b.body, want) {
			t.Errorf("%s: %d, begins %.20q", format, b.status, b.body)
		}
		if got := b.header.Get("Content-Disposition"); !strings.Contains(got, `filename="melek-contoh-33.07-`) {
			t.Errorf("%s is saved as %q", format, got)
		}
	}
	b.open("/id/reports.csv?course=contoh&by=workshop")
	if !strings.Contains(b.body, "\n'=HYPERLINK(1),") {
		t.Errorf("a formula is not defused:\n%s", b.body)
	}
}

func TestOpenDataNeedNoSignIn(t *testing.T) {
	k := regency(t)
	b := k.browser()
	if b.open("/api/v1/open/gains"); b.body != `{"courses":[]}` {
		t.Errorf("before anything is published: %s", b.body)
	}
	if done, err := k.desk.Publish(context.Background(), example); !done || err != nil {
		t.Fatalf("published = %v, %v", done, err)
	}
	var open struct{ Courses []reports.Report }
	if err := json.Unmarshal([]byte(b.open("/api/v1/open/gains").body), &open); err != nil || len(open.Courses) != 1 {
		t.Fatalf("%d reports, %v: %s", len(open.Courses), err, b.body)
	}
	if r := open.Courses[0]; r.Course != example || r.Rows[0].Suppressed || !r.Rows[2].Suppressed {
		t.Errorf("report = %+v", r)
	}
	if b.open("/api/v1/open/gains?course=lain"); b.body != `{"courses":[]}` {
		t.Errorf("of another course: %s", b.body)
	}
}
