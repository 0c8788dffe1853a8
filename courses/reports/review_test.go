package reports_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/record"
	"melek/courses/reports"
	"melek/courses/store"
)

func (k *kit) reviewer() *reports.Reviewer {
	return reports.NewReviewer(k.Desk, k.store, func() []*courses.Course {
		return []*courses.Course{k.syllabus.courses["c"], k.syllabus.courses["one"]}
	})
}

func TestReviewIsKeptAndGrowsOld(t *testing.T) {
	k, ctx := tested(t), context.Background()
	r := k.reviewer()
	if _, err := r.Last(ctx, "c"); !errors.Is(err, courses.NotFound) {
		t.Errorf("before the first review: %v, want not found", err)
	}
	r.Ask()
	r.Ask() // asked twice, worked out once
	if p := r.Progress(); !p.Running {
		t.Errorf("progress = %+v, want it running", p)
	}
	if err := r.Next(ctx); err != nil {
		t.Fatal(err)
	}
	if p := r.Progress(); p.Running || p.Failed || p.People == 0 || p.Of != p.People {
		t.Errorf("progress = %+v", p)
	}
	review, err := k.reviewer().Last(ctx, "c")
	if err != nil || review.Tests.Items[0].N != 7 || len(review.Quizzes.Items) != 0 || !review.At.Equal(day.Add(1234*time.Millisecond)) {
		t.Fatalf("review = %+v, %v; want seven tests on a1", review, err)
	}
	if old, err := r.Outdated(ctx, review); old || err != nil {
		t.Errorf("outdated = %v, %v; want it new", old, err)
	}
	k.device("c", k.newcomer("33.2.1"), record.Pre, "A", 3)
	if old, err := r.Outdated(ctx, mustLast(t, k.file(t), "c")); !old || err != nil {
		t.Errorf("outdated = %v, %v; want it old after another test", old, err)
	}
	if old, err := r.Outdated(ctx, mustLast(t, k, "one")); old || err != nil {
		t.Errorf("the other course is outdated = %v, %v", old, err)
	}
}

func mustLast(t *testing.T, k *kit, course string) reports.Review {
	t.Helper()
	review, err := k.reviewer().Last(context.Background(), course)
	if err != nil {
		t.Fatal(err)
	}
	return review
}

func TestReviewOfNobody(t *testing.T) {
	k := newKit()
	if err := k.reviewer().Review(context.Background()); err != nil {
		t.Fatal(err)
	}
	if review := mustLast(t, k, "c"); review.People != 0 || len(review.Tests.Items) != 6 || review.Tests.Links[1].Comparable {
		t.Errorf("review = %+v", review)
	}
}

// broken is a store whose projections cannot be read.
type broken struct{ store.Store }

var errBroken = errors.New("broken")

func (broken) EachProjection(context.Context, string, func(store.Projection) error) error {
	return errBroken
}

func TestAReviewThatFailsSaysSoAndLeavesTheLastOne(t *testing.T) {
	k := tested(t)
	if err := k.reviewer().Review(context.Background()); err != nil {
		t.Fatal(err)
	}
	desk := reports.New(reports.Setup{Store: broken{k.store}, Region: region(), Syllabus: k.syllabus, Zone: zone,
		MinCell: 5, Now: time.Now})
	r := reports.NewReviewer(desk, k.store, func() []*courses.Course { return nil })
	if err := r.Review(context.Background()); !errors.Is(err, errBroken) {
		t.Errorf("review = %v, want it broken", err)
	}
	if p := r.Progress(); p.Running || !p.Failed {
		t.Errorf("progress = %+v, want it failed", p)
	}
	if review := mustLast(t, k, "c"); review.Tests.Items[0].N != 7 {
		t.Errorf("the last review = %+v", review)
	}
}

func TestNextEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := newKit().reviewer().Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("next = %v, want canceled", err)
	}
}
