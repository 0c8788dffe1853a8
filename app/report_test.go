package main

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
)

func TestReportFormats(t *testing.T) {
	d := filled(t, 300)
	for _, report := range []string{"gains", "completion"} {
		for format, begin := range map[string]string{"table": "", "json": "{", "csv": "code,name,", "xlsx": "PK", "pdf": "%PDF-"} {
			o := d.must("report", report, "--course", "kota-cerdas", "--format", format)
			if !strings.HasPrefix(o.out, begin) || len(o.out) < 100 || o.err != "" {
				t.Errorf("%s as %s: %.60q, %q", report, format, o.out, o.err)
			}
		}
		whole := d.must("report", report, "--course", "kota-cerdas")
		if table := d.must("report", report, "--course", "kota-cerdas", "--format", "table"); table.out == "" ||
			strings.Count(whole.out, "\n") != strings.Count(table.out, "\n") {
			t.Errorf("%s: table is not the default", report)
		}
	}
}

func TestGainsAsCSVHasARowForEveryDistrict(t *testing.T) {
	d := filled(t, 300)
	rows, err := csv.NewReader(strings.NewReader(
		d.must("report", "gains", "--course", "kota-cerdas", "--format", "csv").out)).ReadAll()
	if err != nil || len(rows) < 16 || rows[1][0] != "33.07.01" || rows[15][0] != "33.07.15" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestReportItems(t *testing.T) {
	d := filled(t, 60)
	var report struct {
		Items []struct {
			Item string `json:"item"`
			N    int    `json:"n"`
		} `json:"items"`
	}
	o := d.must("report", "items", "--course", "kota-cerdas", "--phase", "pre", "--form", "A", "--format", "json")
	if err := json.Unmarshal([]byte(o.out), &report); err != nil || len(report.Items) != 10 || report.Items[0].N == 0 {
		t.Errorf("report items: %v, %.300s", err, o.out)
	}
	table := d.must("report", "items", "--course", "kota-cerdas", "--phase", "quiz", "--format", "table", "--lang", "en")
	if !strings.Contains(table.out, "too few answers") {
		t.Errorf("report items as a table: %.300s", table.out)
	}
}

func TestReportLinked(t *testing.T) {
	d := filled(t, 60)
	var report struct {
		Rows []struct{ Code string }
	}
	o := d.must("report", "linked", "--course", "kota-cerdas", "--format", "json")
	if err := json.Unmarshal([]byte(o.out), &report); err != nil || len(report.Rows) != 15 {
		t.Errorf("report linked: %v, %.300s", err, o.out)
	}
	if o := d.must("report", "linked", "--course", "kota-cerdas", "--lang", "en"); !strings.Contains(o.out, "Gain with equal forms") {
		t.Errorf("report linked as a table: %.300s", o.out)
	}
}

func TestReportsOfWhatIsNotThereAreRefused(t *testing.T) {
	d := newDesk(t)
	for _, args := range []string{"report gains --course cooking", "report completion --course cooking",
		"report items --course cooking --phase pre"} {
		if o := d.run(strings.Fields(args)...); o.status != failed || o.out != "" || !strings.Contains(o.err, "cooking") {
			t.Errorf("%s = %d, %q, %q", args, o.status, o.out, o.err)
		}
	}
}

func TestSmallGroupsCostALineOfTheAuditLog(t *testing.T) {
	d := filled(t, 30)
	if !strings.Contains(d.report(), `"suppressed":true`) {
		t.Error("nothing is suppressed among 30 people")
	}
	if strings.Contains(d.report("--unsuppressed"), `"suppressed":true`) {
		t.Error("something is suppressed all the same")
	}
	lines, err := d.store().Lines(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	noted := 0
	for _, l := range lines {
		if l.Action == "report.unsuppressed" && l.On == "kota-cerdas" {
			noted++
		}
	}
	if noted != 1 {
		t.Errorf("%d lines of %+v, want one", noted, lines)
	}
}
