package items_test

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/gain/items"
)

// yesNo offers y, which is right, n and z.
var yesNo = &courses.Item{Key: []string{"y"}, Options: []courses.Option{{ID: "n"}, {ID: "y"}, {ID: "z"}}}

// row is an item's, on the scale of its tests.
func row(s *items.Tests, id string, item *courses.Item) items.Row {
	return s.Row(id, item, s.Calibrate())
}

// absentIn lists the figures of a row that are null.
func absentIn(t *testing.T, row any) []string {
	t.Helper()
	raw, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	var absent []string
	for name, value := range fields {
		if value == nil {
			absent = append(absent, name)
		}
	}
	return absent
}

// near compares a figure with what is wanted, to so many decimals as its source gives.
func near(t *testing.T, name string, got *float64, want, within float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > within {
		t.Errorf("%s = %v, want %v", name, show(got), want)
	}
}

func same(t *rapid.T, name string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Fatalf("%s = %v, want %v", name, show(got), want)
	}
}

func show(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

// moments are the mean and the standard deviation with n − 1.
func moments(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sd += (x - mean) * (x - mean)
	}
	if sd = math.Sqrt(sd / float64(len(xs)-1)); sd < 1e-9 {
		sd = 0
	}
	return mean, sd
}
