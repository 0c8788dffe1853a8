// Package path says what a participant does next in a course: which step is open, which test form
// is drawn and until when a test runs. It is pure: the state, the course and the clock go in.
package path

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// Grace is how long after its end a test still takes an answer that was on its way.
const Grace = time.Minute

// Kind is what a step asks of the participant.
type Kind string

// The kinds of steps.
const (
	Test   Kind = "test"
	Read   Kind = "read"
	Quiz   Kind = "quiz"
	Wait   Kind = "wait"   // the post-test opens later
	Finish Kind = "finish" // nothing is left to do
)

// Step is one thing to do.
type Step struct {
	Kind   Kind
	Phase  record.Phase // of a Test
	Module string       // of Read and Quiz
	Item   int          // of Quiz: the first unanswered item, from 0
}

// Way is one person's way through one course.
type Way struct {
	Course     *courses.Course
	Progress   *record.Progress // empty, never nil
	Allowances []store.Allowance
	Now        time.Time
	// RetentionAfter is how long after the post-test the retention test opens.
	RetentionAfter time.Duration
	// Learnt is set when the person has completed another course since this one's pre-test.
	Learnt bool
}

// New makes the way of the person with the state through the course.
func New(c *courses.Course, s record.State, allowances []store.Allowance, now time.Time) Way {
	progress := s.Courses[c.ID]
	if progress == nil {
		progress = &record.Progress{}
	}
	return Way{Course: c, Progress: progress, Allowances: allowances, Now: now, RetentionAfter: RetentionAfter,
		Learnt: learnt(c, s, progress)}
}

func learnt(c *courses.Course, s record.State, own *record.Progress) bool {
	pre := own.Counted(record.Pre)
	if pre == nil {
		return false
	}
	for id, p := range s.Courses {
		if id != c.ID && p.CompletedAt.After(pre.EndedAt) {
			return true
		}
	}
	return false
}

// Begun reports whether the person has done anything in the course.
func (w Way) Begun() bool { return !w.Progress.FirstAt.IsZero() }

// Next returns the step to do now: the pre-test, each module and its quiz, the post-test. A post-test
// that is under way, or that a facilitator has opened, comes before the modules.
func (w Way) Next() Step {
	post := Step{Kind: Test, Phase: record.Post}
	if w.Completed() {
		return Step{Kind: Finish}
	}
	if w.Current(record.Post) != nil {
		return post
	}
	if !w.Taken(record.Pre) && !w.Taken(record.Post) {
		return Step{Kind: Test, Phase: record.Pre}
	}
	if w.allowance(record.Post).Open && !w.Taken(record.Post) {
		return post
	}
	for _, m := range w.Course.Modules {
		if w.Progress.Done[m.ID] {
			continue
		}
		if !w.HasRead(m.ID) {
			return Step{Kind: Read, Module: m.ID}
		}
		return Step{Kind: Quiz, Module: m.ID, Item: max(w.Unanswered(m), 0)}
	}
	switch {
	case w.Taken(record.Post):
		return Step{Kind: Finish}
	case w.MayBegin(record.Post) != nil:
		return Step{Kind: Wait}
	}
	return post
}

// Completed reports whether the course is done.
func (w Way) Completed() bool { return !w.Progress.CompletedAt.IsZero() }

// HasRead reports whether the module was read.
func (w Way) HasRead(module string) bool { _, ok := w.Progress.Read[module]; return ok }

// Unanswered is the place of the first item of the module's quiz without an answer, -1 where all have one.
func (w Way) Unanswered(m courses.Module) int {
	answers := w.Progress.Quizzes[m.ID]
	return slices.IndexFunc(w.Items(w.Course, m.Quiz), func(it *courses.Item) bool {
		_, ok := answers[it.ID]
		return !ok
	})
}

// Items returns those of the items that are shown, seen being the version that they belong to: an
// item that was withdrawn meanwhile is passed over.
func (w Way) Items(seen *courses.Course, ids []string) []*courses.Item {
	items := make([]*courses.Item, 0, len(ids))
	for _, id := range ids {
		if now, ok := w.Course.Items[id]; ok && now.Withdrawn != "" {
			continue
		}
		if item, ok := seen.Items[id]; ok {
			items = append(items, item)
		}
	}
	return items
}

// MayStudy says whether the modules are open, as a courses.Problem of kind Closed where they are
// not: the pre-test comes first, so that it tells what was known before. Whoever came another way,
// by a workshop or with records from elsewhere, is not held up.
func (w Way) MayStudy() error {
	if w.Taken(record.Pre) || w.Taken(record.Post) || w.Current(record.Post) != nil || w.Progress.Covered ||
		w.allowance(record.Post).Open || len(w.Progress.Read) > 0 {
		return nil
	}
	return courses.Problemf(courses.Closed, "module.test_first")
}

// Taken reports whether a valid test of the phase has been handed in.
func (w Way) Taken(phase record.Phase) bool { return w.Progress.Counted(phase) != nil }

// Current returns the attempt of the phase that is under way, nil where there is none.
func (w Way) Current(phase record.Phase) *record.Attempt { return w.Progress.Current(phase) }

// MayBegin says whether a test of the phase can be begun now; the reason why not is a
// courses.Problem of kind Closed or Conflict. The pre-test is open until the post-test has been
// begun; the post-test opens when every module is done, after a workshop on the course, or when a
// facilitator opens it. That of a course without modules opens when another course was completed. The
// retention test opens RetentionAfter the post-test.
func (w Way) MayBegin(phase record.Phase) error {
	if w.Taken(phase) {
		return courses.Problemf(courses.Conflict, "test.taken")
	}
	switch phase {
	case record.Pre:
		if w.Taken(record.Post) || w.Current(record.Post) != nil {
			return courses.Problemf(courses.Closed, "test.too_late")
		}
		return nil
	case record.Post:
		switch {
		case w.allowance(phase).Open || w.Progress.Covered || w.modulesDone():
			return nil
		case len(w.Course.Modules) == 0:
			return courses.Problemf(courses.Closed, "test.course_first")
		}
		return courses.Problemf(courses.Closed, "test.modules_first")
	}
	return w.mayRecall()
}

func (w Way) modulesDone() bool {
	if len(w.Course.Modules) == 0 {
		return w.Learnt
	}
	return !slices.ContainsFunc(w.Course.Modules, func(m courses.Module) bool { return !w.Progress.Done[m.ID] })
}

func (w Way) allowance(phase record.Phase) store.Allowance {
	for _, a := range w.Allowances {
		if a.Course == w.Course.ID && a.Phase == phase {
			return a
		}
	}
	return store.Allowance{}
}

// End is when the attempt ends, with what a facilitator granted. The course is the version of the attempt.
func (w Way) End(a *record.Attempt, seen *courses.Course) time.Time {
	form, err := seen.Form(a.Form)
	if err != nil {
		return a.OpenedAt
	}
	return a.OpenedAt.Add(w.Duration(form, a.Phase, seen))
}

// Duration is how long a test on the form takes for this person.
func (w Way) Duration(f courses.Form, phase record.Phase, seen *courses.Course) time.Duration {
	return seen.Duration(f) + w.allowance(phase).Extra
}

// Share is how much of the way is done, 0 to 100: the two tests, and each module's text and quiz,
// are one step each.
func (w Way) Share() int {
	if w.Completed() {
		return 100
	}
	steps, done := 2+2*len(w.Course.Modules), 0
	for _, phase := range []record.Phase{record.Pre, record.Post} {
		if w.Taken(phase) {
			done++
		}
	}
	for _, m := range w.Course.Modules {
		if w.HasRead(m.ID) {
			done++
		}
		if w.Progress.Done[m.ID] {
			done++
		}
	}
	return 100 * done / steps
}

// Draw returns the form on which the person takes the test of the phase. Half of the region's
// villages begin with the first form and half with the second; the post-test is the other one, and a
// retention test the third or, where there is none, not that of the post-test. Within a village all begin
// alike.
func (w Way) Draw(phase record.Phase, village string, region *people.Region) courses.Form {
	forms := w.Course.Forms
	if phase == record.Retention {
		return w.recalled(forms)
	}
	if len(forms) == 1 {
		return forms[0]
	}
	first := 0
	if Half(w.Course.ID, village, region) {
		first = 1
	}
	if phase != record.Post {
		return forms[first]
	}
	if pre := w.Progress.Counted(record.Pre); pre != nil && pre.Form == forms[first].ID {
		return forms[1-first]
	} else if pre != nil && pre.Form != "" {
		return forms[first]
	}
	return forms[1-first]
}

// Half reports whether the village is in the half that begins a course with the second form. The
// villages are put in an order that depends on the course and taken in turn, kecamatan by
// kecamatan, so that each kecamatan is halved too.
func Half(course, village string, region *people.Region) bool {
	lot := func(code string) uint64 {
		sum := sha256.Sum256([]byte(course + " " + code))
		return binary.BigEndian.Uint64(sum[:8])
	}
	own := lot(village)
	area, _ := region.Area(village)
	if !area.IsVillage() {
		return own%2 == 1
	}
	place := 0
	for _, other := range region.OfType(people.Village, people.Ward) {
		if other.Parent < area.Parent || (other.Parent == area.Parent && lot(other.Code) < own) {
			place++
		}
	}
	return place%2 == 1
}
