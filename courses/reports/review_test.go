package reports_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/record"
	"melek/courses/reports"
	"melek/courses/store"
	"melek/courses/tally"
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
	r.Ask()
	if err := r.Review(ctx); err != nil { // by another way than the one that was asked
		t.Fatal(err)
	}
	r.Ask()
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

// crowd is a store of people who each took a form of thirty items.
type crowd struct {
	store.Store
	projections []store.Projection
}

func (c crowd) EachProjection(_ context.Context, _ string, fn func(store.Projection) error) error {
	for _, p := range c.projections {
		if err := fn(p); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkReview reads the people of a million answers to a form of thirty items, counts, calibrates and
// keeps what came of it.
func BenchmarkReview(b *testing.B) {
	k := newKit()
	c := k.syllabus.courses["c"]
	form := courses.Form{ID: "A"}
	for i := range 30 {
		id := fmt.Sprintf("i%02d", i)
		c.Items[id] = &courses.Item{ID: id, Pillar: "aman", Key: []string{"y"}, Options: c.Items["a1"].Options}
		form.Items = append(form.Items, id)
	}
	c.Forms = []courses.Form{form}
	rng := rand.New(rand.NewPCG(1, 2))
	people := crowd{Store: k.store}
	for range 1_000_000 / 30 {
		answers := record.Answers{}
		ability := rng.NormFloat64()
		for i, id := range form.Items {
			answers[id] = []string{"n"}
			if rng.Float64() < 1/(1+math.Exp(float64(i-15)/10-ability)) {
				answers[id] = []string{"y"}
			}
		}
		state, err := json.Marshal(record.State{Courses: map[string]*record.Progress{"c": {Attempts: []record.Attempt{{
			Phase: record.Pre, Form: "A", Version: "v1", Lang: "id", Answers: answers, Counts: true,
			Marks: &record.Marks{Max: 30}}}}}})
		if err != nil {
			b.Fatal(err)
		}
		people.projections = append(people.projections, store.Projection{State: state,
			Counts: []tally.Count{{Key: tally.Key{Course: "c"}}}})
	}
	desk := reports.New(reports.Setup{Store: people, Region: region(), Syllabus: k.syllabus, Zone: zone, MinCell: 5,
		Now: time.Now})
	r := reports.NewReviewer(desk, k.store, func() []*courses.Course { return []*courses.Course{c} })
	for b.Loop() {
		if err := r.Review(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
