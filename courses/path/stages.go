package path

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"melek/courses"
	"melek/courses/record"
)

// Standing says how a stage of the way stands.
type Standing string

// The standings.
const (
	Done   Standing = "done"
	Now    Standing = "now"    // it is what to do next
	Ready  Standing = "ready"  // it is open, though something else comes first
	Locked Standing = "locked" // it opens later, or was passed by
)

// Stage is one stretch of the way as a list shows it: a test, a module with its quiz, or the finish.
type Stage struct {
	Step     Step
	Module   courses.Module // of Read
	Standing Standing
}

// Stages lists the whole way: pre-test, modules, post-test, finish and, for whoever may take one, the
// retention test.
func (w Way) Stages() []Stage {
	next := w.Next()
	stages := []Stage{w.testStage(record.Pre, next)}
	study := w.MayStudy() == nil
	for _, m := range w.Course.Modules {
		s := Stage{Step: Step{Kind: Read, Module: m.ID}, Module: m, Standing: Locked}
		switch {
		case w.Progress.Done[m.ID]:
			s.Standing = Done
		case next.Module == m.ID:
			s.Standing = Now
		case study:
			s.Standing = Ready
		}
		stages = append(stages, s)
	}
	finish := Stage{Step: Step{Kind: Finish}, Standing: Locked}
	if next.Kind == Finish {
		finish.Standing = Done
	}
	stages = append(stages, w.testStage(record.Post, next), finish)
	if _, ok := w.RetentionOpens(); ok {
		stages = append(stages, w.testStage(record.Retention, next))
	}
	return stages
}

func (w Way) testStage(phase record.Phase, next Step) Stage {
	s := Stage{Step: Step{Kind: Test, Phase: phase}, Standing: Locked}
	switch {
	case w.Taken(phase):
		s.Standing = Done
	case next == s.Step:
		s.Standing = Now
	case w.Current(phase) != nil || w.MayBegin(phase) == nil:
		s.Standing = Ready
	}
	return s
}

// First is the place of the way that a person goes on with: of those under way the one where they did
// something last, or else the first that was not begun; -1 where there is nothing to do in any.
func First(ways []Way) int {
	first := -1
	for i, w := range ways {
		switch {
		case w.Next().Kind == Finish || w.Next().Kind == Wait:
		case first < 0, w.Begun() && w.Progress.LastAt.After(ways[first].Progress.LastAt):
			first = i
		}
	}
	return first
}

// TimeLeft is how long the attempt still runs, negative when its time is over. The course is the
// version of the attempt.
func (w Way) TimeLeft(a *record.Attempt, seen *courses.Course) time.Duration {
	return w.End(a, seen).Sub(w.Now)
}

// proofLetters leave out what is mistaken for another when read from paper.
var proofLetters = base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding)

// ProofNumber is the short number on a proof of completion, such as «K7QM-R2XW». It follows from
// what the proof says, so the same proof always bears the same number, and another one another.
func (w Way) ProofNumber(person string) string {
	facts := []string{person, w.Course.ID, w.Progress.CompletedAt.UTC().Format(time.RFC3339Nano)}
	if post := w.Progress.Counted(record.Post); post != nil {
		facts = append(facts, post.Version, post.EndedAt.UTC().Format(time.RFC3339Nano))
	}
	sum := sha256.Sum256([]byte(strings.Join(facts, "\x00")))
	letters := proofLetters.EncodeToString(sum[:5])
	return letters[:4] + "-" + letters[4:]
}
