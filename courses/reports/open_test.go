package reports_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"melek/courses"
	"melek/courses/reports"
)

func TestWhatIsOpenToAllChangesByEnoughPeople(t *testing.T) {
	ctx := context.Background()
	k := newKit()
	open := func() reports.Report {
		raw, err := k.Open(ctx, "c")
		if err != nil {
			t.Fatal(err)
		}
		var r reports.Report
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	publish := func(want bool) {
		t.Helper()
		if got, err := k.file(t).Publish(ctx, "c"); got != want || err != nil {
			t.Fatalf("published = %v, %v; want %v", got, err, want)
		}
	}
	publish(false)
	if _, err := k.Open(ctx, "c"); !errors.Is(err, courses.NotFound) {
		t.Errorf("before anybody took part: %v, want nothing to be found", err)
	}
	k.pairs("33.1.1", 20)
	k.pairs("33.2.1", 3)
	k.pairs("33.2.2", 14)
	k.dropouts("33.1.1", 9)
	publish(true)
	if got := brief(open()); got != "33.1=20 33.2=17 33.3=0 33=37" {
		t.Errorf("open to all: %s", got)
	}
	if r := open(); r.Rows[0].DropoutPre != nil || r.Total.DropoutPre != nil || r.Total.HakeGCI95 == nil {
		t.Errorf("leavers %v, interval %v; want none of leavers, and the interval", r.Rows[0].DropoutPre, r.Total.HakeGCI95)
	}
	k.pairs("33.1.1", 1)
	publish(false)
	if got := brief(open()); got != "33.1=20 33.2=17 33.3=0 33=37" {
		t.Errorf("after one more: %s, want the report as it was", got)
	}
	k.pairs("33.1.1", 4)
	publish(true)
	if got := brief(open()); got != "33.1=25 33.2=17 33.3=0 33=42" {
		t.Errorf("after five more: %s", got)
	}
}
