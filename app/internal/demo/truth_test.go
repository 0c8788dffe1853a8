package demo_test

import (
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"melek/app/internal/demo"
	"melek/courses/content"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/reports"
	"melek/courses/store/memory"
)

// regencies is how many regencies are simulated: 2 of them at hand, 20 in CI, more where MELEK_REGENCIES says so.
func regencies() int {
	if n, err := strconv.Atoi(os.Getenv("MELEK_REGENCIES")); err == nil {
		return n
	}
	if os.Getenv("CI") == "true" {
		return 20
	}
	return 2
}

// TestReportsEstimateTheTruth compares the report by kecamatan with the true gains, on raw scores: the
// kecamatan's intervals hold the truth in most of them, and pooled means err less than raw ones.
func TestReportsEstimateTheTruth(t *testing.T) {
	var held, asked, raw, pooled, bias float64
	for seed := range regencies() {
		truth, report := simulate(t, uint64(seed+1))
		for i, row := range report.Rows {
			want := truth.Courses[0].Districts[i]
			if row.Code != want.Code || row.Matched == nil || *row.Matched < 20 || row.PooledMean == nil {
				continue
			}
			asked++
			if row.GainCI95[0] <= want.Gain && want.Gain <= row.GainCI95[1] {
				held++
			}
			bias += *row.GainMean - want.Gain
			raw += (*row.GainMean - want.Gain) * (*row.GainMean - want.Gain)
			pooled += (*row.PooledMean - want.Gain) * (*row.PooledMean - want.Gain)
		}
	}
	t.Logf("%v kecamatan: intervals hold %.3f, bias %.2f points, mean square error %.2f raw, %.2f pooled", asked,
		held/asked, bias/asked, raw/asked, pooled/asked)
	if asked == 0 {
		t.Fatal("no kecamatan has 20 pairs")
	}
	if held/asked < 0.85 {
		t.Errorf("intervals hold the truth in %.3f", held/asked)
	}
	if math.Abs(bias/asked) > 4 {
		t.Errorf("bias of %.2f points", bias/asked)
	}
	if pooled > raw*1.05 {
		t.Errorf("mean square error %.2f pooled, %.2f raw", pooled/asked, raw/asked)
	}
}

// simulate fills a regency of one course and reports on it.
func simulate(t *testing.T, seed uint64) (demo.Truth, reports.Report) {
	t.Helper()
	s := memory.New()
	catalog, err := content.Open(t.Context(), s, "")
	if err != nil {
		t.Fatal(err)
	}
	region := people.Wonosobo()
	regency, err := demo.New(demo.Setup{Region: region, Courses: catalog.Courses()[:1], Zone: zone, People: 900,
		Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return now }
	l := ledger.New(ledger.Setup{Store: s, Syllabus: catalog, Zone: zone, Now: clock})
	if err := regency.Fill(t.Context(), l, s); err != nil {
		t.Fatal(err)
	}
	desk := reports.New(reports.Setup{Store: s, Region: region, Syllabus: catalog, Zone: zone, MinCell: 1, Now: clock})
	report, err := desk.Gains(t.Context(), reports.Query{Course: catalog.Courses()[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	return regency.Truth(), report
}
