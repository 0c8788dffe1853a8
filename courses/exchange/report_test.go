package exchange_test

import (
	"bytes"
	"compress/zlib"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/reports"
	"melek/courses/tally"
	"melek/locales"
)

var jakarta = time.FixedZone("WIB", 7*60*60)

// wordings are those of the program. A key without one would be returned as it is.
func wordings(t *testing.T, lang courses.Lang) func(string) string {
	t.Helper()
	book, err := locales.Load(jakarta)
	if err != nil {
		t.Fatal(err)
	}
	words := book.Words(string(lang))
	return func(key string) string {
		word := words.T(key)
		if word == key {
			t.Errorf("%s: no wording of %s", lang, key)
		}
		return word
	}
}

// groupOf is one village with the cells.
func groupOf(t *testing.T, cells map[string]int64) *gain.Group {
	t.Helper()
	f, err := tally.Of(cells, 70)
	if err != nil {
		t.Fatal(err)
	}
	var g gain.Group
	g.Add(f)
	return &g
}

// gainsReport has a kecamatan with a loss, one that is hidden, one where nobody was, and one with a wicked name.
func gainsReport(t *testing.T) reports.Report {
	t.Helper()
	g := people.Wonosobo()
	r := reports.Report{Course: "c", By: reports.ByDistrict, Method: "gain-1", MinCell: 10,
		GeneratedAt: time.Date(2026, 11, 23, 4, 5, 6, 0, time.UTC),
		About: reports.About{Title: courses.Text{ID: "Kota cerdas", EN: "Smart city"}, Area: g.Root(), Region: g,
			Zone: jakarta, Query: reports.Query{By: reports.ByDistrict, Role: people.Participant, From: "2026-08-01",
				Type: people.Village}}}
	lost := groupOf(t, map[string]int64{"8/20|7/20|mc": 8, "8/20|6/20|m": 4, "9/20||": 1})
	hidden := groupOf(t, map[string]int64{"1/3|2/3|mc": 7})
	r.Rows = []gain.Row{
		lost.Row("33.07.01", "Wadaslintang", 10),
		hidden.Row("33.07.02", "Kepil", 10).Suppress(),
		groupOf(t, nil).Row("33.07.03", "Sapuran", 10),
		groupOf(t, map[string]int64{"10/20|18/20|mc": 1200, "12/20|16/20|mc": 300}).Row("33.07.04", "=1+1", 10),
	}
	all := groupOf(t, map[string]int64{"8/20|7/20|mc": 8, "8/20|6/20|m": 4, "9/20||": 1, "1/3|2/3|mc": 7,
		"10/20|18/20|mc": 1200, "12/20|16/20|mc": 300})
	r.Total = all.Row("33.07", "Wonosobo", 10)
	return r
}

func completionReport(t *testing.T) reports.Completion {
	t.Helper()
	g := gainsReport(t)
	return reports.Completion{Course: g.Course, By: g.By, MinCell: g.MinCell, GeneratedAt: g.GeneratedAt, About: g.About,
		Rows: []reports.CompletionRow{
			{Code: "33.07.01", Name: "Wadaslintang", Enrolled: new(int64(40)), Completed: new(int64(30)),
				PreN: new(int64(39)), PostN: new(int64(31)), ShareCompleted: new(0.75)},
			{Code: "33.07.02", Name: "Kepil", Suppressed: true, Reasons: gain.Reasons{"enrolled": gain.Suppressed}}},
		Total: reports.CompletionRow{Code: "33.07", Name: "Wonosobo", Enrolled: new(int64(1234)),
			Completed: new(int64(617)), PreN: new(int64(1000)), PostN: new(int64(700)), ShareCompleted: new(0.5)}}
}

func writeGains(t *testing.T, format string, r reports.Report, lang courses.Lang) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := exchange.WriteGains(&b, format, r, lang, wordings(t, lang)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeCompletion(t *testing.T, format string, r reports.Completion, lang courses.Lang) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := exchange.WriteCompletion(&b, format, r, lang, wordings(t, lang)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReportTable(t *testing.T) {
	want := strings.TrimPrefix(`
Laporan kenaikan skor: Kota cerdas
Kabupaten Wonosobo · Peserta · hanya desa · tes awal sejak 01-08-2026
Dibuat 23-11-2026 11.05 WIB

`, "\n")
	got := string(writeGains(t, "table", gainsReport(t), courses.Indonesian))
	if !strings.HasPrefix(got, want) {
		t.Errorf("table begins\n%s\nwant\n%s", got, want)
	}
	lines := strings.Split(got, "\n")
	for _, want := range []string{
		"Wadaslintang 13 8 13 12 12 7,7% 40,0 33,3 −6,7 −8,2 s.d. −5,1 −0,11 0,0%",
		"Kepil disembunyikan",
		"Sapuran 0 0 0 0 0 – – – – – – –",
		"=1+1 1.500 1.500 1.500 1.500 1.500 0,0% 52,0 88,0 +36,0 +35,6 s.d. +36,4 0,75 100,0%",
	} {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.Join(strings.Fields(l), " ") == want }) {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
	if !strings.Contains(got, "kurang dari 10 orang") {
		t.Error("nothing says why a row is hidden")
	}
	english := string(writeCompletion(t, "table", completionReport(t), courses.English))
	if !strings.Contains(english, "1,234") || !strings.Contains(english, "75.0%") || !strings.Contains(english, "hidden") {
		t.Errorf("English table\n%s", english)
	}
}

func TestReportJSONIsTheReport(t *testing.T) {
	r := gainsReport(t)
	want, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Compact(&got, writeGains(t, "json", r, courses.Indonesian)); err != nil || got.String() != string(want) {
		t.Errorf("JSON = %s, %v; want %s", got.Bytes(), err, want)
	}
	r.Simulated = true
	if b := writeGains(t, "json", r, courses.Indonesian); !bytes.Contains(b, []byte(`"simulated": true`)) {
		t.Error("the JSON of a simulation is not marked")
	}
}

func table(t *testing.T, b []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestReportCSV(t *testing.T) {
	r := gainsReport(t)
	rows := table(t, writeGains(t, "csv", r, courses.Indonesian))
	const header = "code,name,enrolled,completed,pre_n,post_n,matched,attrition,pre_mean,post_mean,pre_sd,post_sd," +
		"gain_mean,gain_sd,gain_ci95_lo,gain_ci95_hi,ci_method,gain_ci95_t_lo,gain_ci95_t_hi,hake_g,d_av," +
		"hedges_g_av,d_z,competent_n,competent_of,competent_share,competent_ci95_lo,competent_ci95_hi," +
		"dropout_pre_mean,suppressed,reasons,dropout_gap,dropout_gap_ci95_lo,dropout_gap_ci95_hi," +
		"hake_g_ci95_lo,hake_g_ci95_hi,wilcoxon_p,pooled_mean,pooled_ci95_lo,pooled_ci95_hi,kept_n," +
		"kept_gain,kept_gain_ci95_lo,kept_gain_ci95_hi"
	if got := strings.Join(rows[0], ","); got != header {
		t.Fatalf("header = %s", got)
	}
	if len(rows) != 6 || rows[5][0] != "33.07" {
		t.Fatalf("%d rows, want a header, four rows and the total", len(rows))
	}
	at := func(row int, name string) string { return rows[row][slices.Index(rows[0], name)] }
	if got := at(1, "gain_mean"); got != "-6.666666666666666" && got != "-6.666666666666667" {
		t.Errorf("gain_mean = %s, want a negative number at full precision, not taken for a formula", got)
	}
	const reasons = "dropout_gap=below_min_cell dropout_gap_ci95=below_min_cell dropout_pre_mean=below_min_cell " +
		"hake_g_ci95=pending kept_gain=no_retention kept_gain_ci95=no_retention kept_n=no_retention pooled_ci95=district_only pooled_mean=district_only wilcoxon_p=pending"
	if at(1, "reasons") != reasons || at(1, "dropout_pre_mean") != "" {
		t.Errorf("row = %v", rows[1])
	}
	if got, want := strings.Join(rows[2], ","), "33.07.02,Kepil"+strings.Repeat(",", 28)+"true,suppressed"+strings.Repeat(",", 13); got != want {
		t.Errorf("hidden row = %s, want %s", got, want)
	}
	if got := at(4, "name"); got != "'=1+1" {
		t.Errorf("name = %s, want it defused", got)
	}
	r.Simulated = true
	for i, row := range table(t, writeGains(t, "csv", r, courses.Indonesian)) {
		if last := row[len(row)-1]; i == 0 && last != "simulated" || i > 0 && !strings.Contains(last, "SIMULASI") {
			t.Errorf("row %d of a simulation ends with %q", i, last)
		}
	}
	completion := table(t, writeCompletion(t, "csv", completionReport(t), courses.Indonesian))
	if got := strings.Join(completion[1], ","); got != "33.07.01,Wadaslintang,40,30,39,31,0.75,false," {
		t.Errorf("completion row = %s", got)
	}
}

func TestReportSpreadsheet(t *testing.T) {
	r := gainsReport(t)
	r.Simulated = true
	file, err := excelize.OpenReader(bytes.NewReader(writeGains(t, "xlsx", r, courses.Indonesian)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	name := file.GetSheetName(0)
	rows, err := file.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != "Laporan kenaikan skor: Kota cerdas" || rows[1][0] != "SIMULASI – bukan data nyata" {
		t.Errorf("first lines = %v", rows[:2])
	}
	head := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == "Kode" })
	panes, err := file.GetPanes(name)
	if err != nil || !panes.Freeze || panes.YSplit != head+1 || panes.XSplit != 2 {
		t.Errorf("panes = %+v, %v; want the heads in row %d frozen", panes, err, head+1)
	}
	first := head + 2 // counted from 1
	for _, tt := range []struct {
		column string
		row    int
		kind   excelize.CellType
		value  string
	}{
		{"B", first, excelize.CellTypeSharedString, "Wadaslintang"},
		{"C", first, excelize.CellTypeUnset, "13"}, // a number
		{"I", first, excelize.CellTypeUnset, "40"},
		{"C", first + 1, excelize.CellTypeUnset, ""},
		{"AD", first + 1, excelize.CellTypeSharedString, "disembunyikan"},
		{"B", first + 3, excelize.CellTypeSharedString, "=1+1"},
		{"B", first + 4, excelize.CellTypeSharedString, "JUMLAH"},
	} {
		cell, place := "", tt.column+strconv.Itoa(tt.row)
		kind, err := file.GetCellType(name, place)
		if err == nil {
			cell, err = file.GetCellValue(name, place, excelize.Options{RawCellValue: true})
		}
		if err != nil || kind != tt.kind || cell != tt.value {
			t.Errorf("%s = %q of type %v, %v; want %q of type %v", place, cell, kind, err, tt.value, tt.kind)
		}
		if formula, err := file.GetCellFormula(name, place); err != nil || formula != "" {
			t.Errorf("%s has the formula %q, %v", place, formula, err)
		}
	}
	if shown, err := file.GetCellValue(name, "M"+strconv.Itoa(first)); err != nil || shown != "-6.7" {
		t.Errorf("gain is shown as %q, %v; want one decimal", shown, err)
	}
	if len(rows[first]) > 2 && strings.TrimSpace(strings.Join(rows[first][2:len(rows[first])-1], "")) != "" {
		t.Errorf("hidden row = %v", rows[first])
	}
}

var pdfStream = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)

// pages are what stands on each page of a PDF, as its drawing commands.
func pages(t *testing.T, b []byte) []string {
	t.Helper()
	var all []string
	for _, m := range pdfStream.FindAllSubmatch(b, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(page))
	}
	return all
}

func TestReportPDF(t *testing.T) {
	r := gainsReport(t)
	b := writeGains(t, "pdf", r, courses.Indonesian)
	got := pages(t, b)
	if len(got) != 1 {
		t.Fatalf("%d pages, want 1", len(got))
	}
	for _, text := range []string{"Laporan kenaikan skor", "Kota cerdas", "disembunyikan", "JUMLAH", "1.500", "52,0",
		"Halaman 1 / 1", "kurang dari 10 orang", "Dibuat 23-11-2026 11.05 WIB"} {
		if !strings.Contains(got[0], text) {
			t.Errorf("the page has no %q", text)
		}
	}
	if strings.Contains(got[0], "SIMULASI") {
		t.Error("a real report says that it is simulated")
	}
	if !bytes.Equal(b, writeGains(t, "pdf", r, courses.Indonesian)) {
		t.Error("the same report makes another file")
	}
	english := pages(t, writeCompletion(t, "pdf", completionReport(t), courses.English))[0]
	if !strings.Contains(english, "75.0%") || !strings.Contains(english, "Page 1 / 1") {
		t.Error("the English page has no English numbers")
	}
}

func TestReportPDFOfManyPages(t *testing.T) {
	r := gainsReport(t)
	g := people.Wonosobo()
	r.By, r.Simulated, r.Rows = reports.ByVillage, true, nil
	for _, area := range g.OfType(people.Village, people.Ward) {
		r.Rows = append(r.Rows, groupOf(t, map[string]int64{"8/20|9/20|m": 12}).Row(area.Code, area.Name, 10))
	}
	got := pages(t, writeGains(t, "pdf", r, courses.English))
	if len(got) < 10 {
		t.Fatalf("%d pages, want the 265 villages on more", len(got))
	}
	for i, page := range got {
		if !strings.Contains(page, "SIMULATION") || !strings.Contains(page, "Enrolled") {
			t.Errorf("page %d has no mark of a simulation or no heads", i+1)
		}
	}
	if !strings.Contains(got[0], "Kaligowong, Wadaslintang") {
		t.Error("a village stands without its kecamatan")
	}
}

func TestRowsThatAreNoAreas(t *testing.T) {
	r := gainsReport(t)
	r.By, r.Rows = reports.ByPillar, r.Rows[:1]
	r.Rows[0].Code, r.Rows[0].Name = "aman", "aman"
	if got := string(writeGains(t, "table", r, courses.Indonesian)); !strings.Contains(got, "Aman digital") {
		t.Errorf("pillars\n%s", got)
	}
	r.By = reports.ByWorkshop
	r.Rows[0].Code, r.Rows[0].Name = "", ""
	if got := string(writeGains(t, "table", r, courses.Indonesian)); !strings.Contains(got, "Tanpa bimtek") {
		t.Errorf("workshops\n%s", got)
	}
}

func TestUnknownReportFormat(t *testing.T) {
	err := exchange.WriteGains(io.Discard, "doc", gainsReport(t), courses.Indonesian, wordings(t, courses.Indonesian))
	if !errors.Is(err, courses.Invalid) {
		t.Errorf("error = %v, want invalid", err)
	}
}

func TestFailingWriterIsToldOf(t *testing.T) {
	for _, format := range exchange.ReportFormats {
		err := exchange.WriteGains(brokenWriter{}, format, gainsReport(t), courses.Indonesian,
			wordings(t, courses.Indonesian))
		if err == nil {
			t.Errorf("%s: no error", format)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }
