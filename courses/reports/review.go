package reports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"melek/courses"
	"melek/courses/record"
	"melek/courses/store"
	"melek/courses/tally"
)

// Review is what the items of one course did over everybody, as it was last worked out.
type Review struct {
	Course  string    `json:"course"`
	At      time.Time `json:"at"`     // when the reading began
	People  int       `json:"people"` // who were read, of all courses
	Digest  string    `json:"digest"` // of the course and its figures at that time
	Tests   Items     `json:"tests"`
	Quizzes Items     `json:"quizzes"`
}

// What the names of the settings begin with that keep a course's review, and its forms' scale beside
// it: reports on gains need that alone.
const (
	reviewSetting = "items.review."
	scaleSetting  = "items.scale."
)

// Reviewer works out the reviews of all courses, which takes a pass over everybody, and keeps the
// last ones. Somebody asks, Next does it in the background, and meanwhile Progress says how far it
// is. It is safe for concurrent use.
type Reviewer struct {
	desk    *Desk
	shelf   shelf
	courses func() []*courses.Course
	asked   chan struct{}

	mu       sync.Mutex
	progress Progress
}

// shelf keeps reviews.
type shelf interface {
	Setting(ctx context.Context, name string) (string, error)
	PutSetting(ctx context.Context, name, value string) error
}

// Progress says how far a review is.
type Progress struct {
	Running bool // or about to
	People  int  // read so far
	Of      int  // read by the review before; 0 where there was none
	Failed  bool // the last one could not be worked out
}

// NewReviewer makes a reviewer of the courses over what a desk reads.
func NewReviewer(desk *Desk, s shelf, courses func() []*courses.Course) *Reviewer {
	return &Reviewer{desk: desk, shelf: s, courses: courses, asked: make(chan struct{}, 1)}
}

// Ask has a review worked out soon. One that is under way is not begun anew.
func (r *Reviewer) Ask() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.progress.Running {
		return
	}
	r.progress = Progress{Running: true, Of: r.progress.Of}
	select {
	case r.asked <- struct{}{}:
	default: // somebody's wish is waiting already
	}
}

// Progress says how far the review under way is, or how the last one ended.
func (r *Reviewer) Progress() Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.progress
}

// Next waits until somebody asks and works the reviews out.
func (r *Reviewer) Next(ctx context.Context) error {
	select {
	case <-r.asked:
		return r.Review(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Review works the reviews of all courses out and keeps them.
func (r *Reviewer) Review(ctx context.Context) error {
	done := false
	r.set(func(p *Progress) { p.Running, p.People = true, 0 })
	defer func() { r.set(func(p *Progress) { p.Running, p.Failed = false, !done }) }()
	at := r.desk.time()
	counts, err := r.begin(ctx)
	if err != nil {
		return fmt.Errorf("reports: review of items: %w", err)
	}
	read := 0
	err = r.desk.eachProgress(ctx, func(progress map[string]*record.Progress) error {
		read++
		r.set(func(p *Progress) { p.People = read })
		for _, own := range counts {
			if p, ok := progress[own.course.ID]; ok {
				own.tests.take(AllTests, p)
				own.quizzes.take(Quizzes, p)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reports: review of items: %w", err)
	}
	for _, own := range counts {
		if err := r.keep(ctx, own.review(r.desk, at, read)); err != nil {
			return fmt.Errorf("reports: review of items of %s: %w", own.course.ID, err)
		}
	}
	done = true
	r.set(func(p *Progress) { p.Of = read })
	return nil
}

// courseCounts are the counts of one course.
type courseCounts struct {
	course         *courses.Course
	digest         string // before the reading: what comes in meanwhile makes the review outdated
	tests, quizzes counting
}

func (r *Reviewer) begin(ctx context.Context) ([]*courseCounts, error) {
	var all []*courseCounts
	for _, c := range r.courses() {
		digest, err := r.desk.digest(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		own := counting{syllabus: r.desk.syllabus, course: c.ID}
		all = append(all, &courseCounts{course: c, digest: digest, tests: own, quizzes: own})
	}
	return all, nil
}

func (c *courseCounts) review(d *Desk, at time.Time, people int) Review {
	return Review{Course: c.course.ID, At: at, People: people, Digest: c.digest,
		Tests:   d.report(c.course, AllTests, "", &c.tests),
		Quizzes: d.report(c.course, Quizzes, "", &c.quizzes)}
}

func (r *Reviewer) set(change func(*Progress)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.progress)
}

func (r *Reviewer) keep(ctx context.Context, review Review) error {
	scale := Scale{At: review.At, Links: review.Tests.Links}
	for name, value := range map[string]any{reviewSetting: review, scaleSetting: scale} {
		raw, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if err := r.shelf.PutSetting(ctx, name+review.Course, string(raw)); err != nil {
			return err
		}
	}
	return nil
}

// Last returns the review of a course that was kept last, or courses.NotFound.
func (r *Reviewer) Last(ctx context.Context, course string) (Review, error) {
	raw, err := r.shelf.Setting(ctx, reviewSetting+course)
	if err != nil {
		return Review{}, err
	}
	var review Review
	if err := json.Unmarshal([]byte(raw), &review); err != nil {
		return Review{}, fmt.Errorf("reports: review of items of %s: %w", course, err)
	}
	return review, nil
}

// Outdated reports whether tests were handed in, or the course has changed, since the review was
// worked out. Quizzes alone, without the course being completed, do not show.
func (r *Reviewer) Outdated(ctx context.Context, review Review) (bool, error) {
	digest, err := r.desk.digest(ctx, review.Course)
	return digest != review.Digest, err
}

// digest of a course as it is now and of its figures in every village.
func (d *Desk) digest(ctx context.Context, course string) (string, error) {
	sum := sha256.New()
	if c, ok := d.syllabus.Current(course); ok {
		sum.Write([]byte(c.Version))
	}
	for _, role := range roles {
		figures, err := d.store.Figures(ctx, store.FiguresQuery{Course: course, Role: role, Base: tally.Everybody})
		if err != nil {
			return "", err
		}
		if err := json.NewEncoder(sum).Encode(figures); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
