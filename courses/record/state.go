package record

import (
	"math"
	"time"
)

// State is all that a person's set of facts amounts to.
type State struct {
	Person  string               `json:"person"`
	Erased  bool                 `json:"erased,omitempty"`
	Courses map[string]*Progress `json:"courses,omitempty"`
	// Attended holds the sessions that the person was present at, by workshop and session.
	Attended map[string]time.Time `json:"attended,omitempty"`
}

// Progress is what one person did in one course.
type Progress struct {
	FirstAt time.Time `json:"first_at"` // time of the first fact
	LastAt  time.Time `json:"last_at"`
	// Read holds when each module was first read.
	Read map[string]time.Time `json:"read,omitempty"`
	// Quizzes holds the first answer to each quiz item, by module and item.
	Quizzes map[string]map[string]Answer `json:"quizzes,omitempty"`
	// Covered is set when the person attended a workshop on this course.
	Covered  bool      `json:"covered,omitempty"`
	Attempts []Attempt `json:"attempts,omitempty"` // tests in the order in which they were begun
	// Done lists the modules that were read and whose quiz was answered.
	Done        map[string]bool `json:"done,omitempty"`
	CompletedAt time.Time       `json:"completed_at,omitzero"` // zero while not completed
}

// Answer is a quiz answer and how it was marked.
type Answer struct {
	Chosen  []string  `json:"chosen"`
	Marks   int       `json:"marks"`
	Version string    `json:"version"`
	At      time.Time `json:"at"`
}

// Attempt is one test that was begun, or one that was marked on paper.
type Attempt struct {
	Phase    Phase     `json:"phase"`
	Form     string    `json:"form,omitempty"`
	Version  string    `json:"version,omitempty"`
	Workshop string    `json:"workshop,omitempty"`
	Lang     string    `json:"lang,omitempty"` // language shown when it was handed in
	OpenedAt time.Time `json:"opened_at"`
	// EndedAt is when it was handed in, closed or scored; zero while it is open.
	EndedAt time.Time `json:"ended_at,omitzero"`
	// EndPlace is the place of the ending record among the person's facts of the course, from 1.
	EndPlace int     `json:"end_place,omitempty"`
	Answers  Answers `json:"answers,omitempty"`
	// Marks are those of the whole test and of each pillar; nil while it is open or where nothing can be marked.
	Marks   *Marks           `json:"marks,omitempty"`
	Pillars map[string]Marks `json:"pillars,omitempty"`
	Paper   bool             `json:"paper,omitempty"`
	Void    bool             `json:"void,omitempty"`
	// Counts is set on the attempt that stands for its phase in reports: the first valid one.
	Counts bool `json:"counts,omitempty"`
}

// Marks is a result as an exact fraction.
type Marks struct {
	Raw float64 `json:"raw"`
	Max float64 `json:"max"`
}

// Score is the result as 0 to 100.
func (m Marks) Score() float64 {
	if m.Max > math.MaxFloat64/100 { // no paper has such marks, but one record must not spoil a report
		return 100 * (m.Raw / m.Max)
	}
	return 100 * m.Raw / m.Max
}

// Open reports whether the attempt still takes answers.
func (a *Attempt) Open() bool { return a.EndedAt.IsZero() && !a.Void }

// Counted returns the attempt that stands for the phase in reports, nil where there is none.
func (p *Progress) Counted(phase Phase) *Attempt {
	for i := range p.Attempts {
		if p.Attempts[i].Phase == phase && p.Attempts[i].Counts {
			return &p.Attempts[i]
		}
	}
	return nil
}

// Current returns the attempt of the phase that still takes answers, nil where there is none.
func (p *Progress) Current(phase Phase) *Attempt {
	for i := range p.Attempts {
		if p.Attempts[i].Phase == phase && p.Attempts[i].Open() {
			return &p.Attempts[i]
		}
	}
	return nil
}

// Use says what an attempt is to reports. All are kept and shown; only those that count are counted.
type Use string

// The uses.
const (
	FirstValid Use = "counted"  // the first valid one of its phase
	Later      Use = "later"    // a valid one came before it
	IsVoid     Use = "void"     // it was declared void
	Unmarked   Use = "unmarked" // every item of its form was withdrawn, or nothing can be marked
	UnderWay   Use = "open"     // it still takes answers
	Replaced   Use = "replaced" // marked on paper, and handed in on a device as well
)

// Use says what the attempt, which is one of p's, is to reports.
func (p *Progress) Use(a *Attempt) Use {
	switch {
	case a.Counts:
		return FirstValid
	case a.Void:
		return IsVoid
	case a.EndedAt.IsZero():
		return UnderWay
	case a.Marks == nil:
		return Unmarked
	case a.Paper && p.replaced(a):
		return Replaced
	}
	return Later
}

// Matched returns the counted pre-test and post-test where the post-test did not come before the pre-test.
func (p *Progress) Matched() (pre, post *Attempt, ok bool) {
	pre, post = p.Counted(Pre), p.Counted(Post)
	ok = pre != nil && post != nil && pre.EndPlace < post.EndPlace
	return pre, post, ok
}
