package record

import (
	"slices"
	"time"

	"melek/courses"
)

// Syllabus answers what the fold must know of the courses.
type Syllabus interface {
	// Version returns that version of a course, false where this node lacks it.
	Version(course, version string) (*courses.Course, bool)
	// Current returns the newest version of a course, false where this node lacks the course.
	Current(course string) (*courses.Course, bool)
	// Withdrawn reports whether an item counts in no form, for nobody.
	Withdrawn(course, item string) bool
}

// Known reports whether the syllabus can judge the record; one that it cannot is kept until it can.
func Known(r *Record, s Syllabus) bool {
	if r.Course == "" {
		return true
	}
	if r.Version != "" {
		_, ok := s.Version(r.Course, r.Version)
		return ok
	}
	_, ok := s.Current(r.Course)
	return ok
}

// folding is the fold of one course.
type folding struct {
	syllabus Syllabus
	void     map[string]bool // ids of voided records; a voiding cannot itself be voided
	course   string
	progress *Progress // nil until something begins the course
	place    int       // of the record at hand among those of the course, from 1
	// voidScores are tests on paper that were declared void.
	voidScores []voidScore
}

// fold derives the progress in the course from its records, nil where none begins it.
func (f *folding) fold(entries []*Entry) *Progress {
	for _, e := range inOrder(entries) {
		if Known(&e.Record, f.syllabus) {
			f.take(&e.Record)
		}
	}
	if f.progress == nil {
		return nil
	}
	for _, v := range f.voidScores {
		f.show(v)
	}
	f.finish()
	return f.progress
}

func (f *folding) take(r *Record) {
	f.place++
	if f.void[r.ID] && r.Kind == Scored {
		f.voidScores = append(f.voidScores, voidScore{r, f.place})
	}
	if f.void[r.ID] && !(r.Kind == Opened || r.Kind == Submitted || r.Kind == Closed) {
		return
	}
	p := f.begun(r)
	switch r.Kind {
	case Read:
		if _, ok := p.Read[r.Module]; !ok {
			p.Read = put(p.Read, r.Module, r.Time())
		}
	case Attended:
		p.Covered = true
	case Answered:
		if r.Module != "" {
			f.answerQuiz(p, r)
		} else {
			p.answerTest(r)
		}
	case Opened:
		p.open(r, f.void[r.ID])
	case Submitted:
		p.submit(r, f.void[r.ID]).EndPlace = f.place
	case Closed:
		if !f.void[r.ID] {
			p.close(r, f.place)
		}
	case Scored:
		p.score(r).EndPlace = f.place
	}
}

type voidScore struct {
	record *Record
	place  int
}

// show keeps a void test on paper to be seen beside the others of its course. It begins no course: who
// has nothing else of it is not in it.
func (f *folding) show(v voidScore) {
	a := f.progress.score(v.record)
	a.Void, a.EndPlace = true, v.place
}

// begun is the progress, which the record has begun or goes on with.
func (f *folding) begun(r *Record) *Progress {
	if f.progress == nil {
		f.progress = &Progress{FirstAt: r.Time()}
	}
	p := f.progress
	if r.Time().Before(p.FirstAt) {
		p.FirstAt = r.Time()
	}
	if r.Time().After(p.LastAt) {
		p.LastAt = r.Time()
	}
	return p
}

// answerQuiz keeps the first answer to each item: what feedback taught afterwards is practice.
func (f *folding) answerQuiz(p *Progress, r *Record) {
	course, _ := f.syllabus.Version(r.Course, r.Version)
	module, _, err := course.Module(r.Module)
	if err != nil {
		return
	}
	for id, chosen := range r.Answers {
		item := course.Items[id]
		if !slices.Contains(module.Quiz, id) || !item.Valid(chosen) {
			continue
		}
		if _, ok := p.Quizzes[r.Module][id]; ok {
			continue
		}
		p.Quizzes = put(p.Quizzes, r.Module, put(p.Quizzes[r.Module], id,
			Answer{Chosen: chosen, Marks: item.Mark(chosen), Version: r.Version, At: r.Time()}))
	}
}

// last returns the newest attempt of the phase and form, nil where there is none.
func (p *Progress) last(r *Record) *Attempt {
	for i := len(p.Attempts) - 1; i >= 0; i-- {
		a := &p.Attempts[i]
		if a.Phase == r.Phase && a.Form == r.Form && !a.Paper {
			return a
		}
	}
	return nil
}

// open begins an attempt; one that was begun and not handed in is resumed, never restarted.
func (p *Progress) open(r *Record, void bool) {
	if a := p.last(r); a == nil || !a.Open() {
		p.begin(r).Void = void
	}
}

func (p *Progress) begin(r *Record) *Attempt {
	p.Attempts = append(p.Attempts, Attempt{Phase: r.Phase, Form: r.Form, Version: r.Version,
		Workshop: r.Workshop, Lang: string(r.Lang), OpenedAt: r.Time()})
	return &p.Attempts[len(p.Attempts)-1]
}

// answerTest keeps an answer of a test that is under way; after the end it is kept as a record and
// not counted.
func (p *Progress) answerTest(r *Record) {
	a := p.last(r)
	if a == nil {
		a = p.begin(r)
	}
	if a.EndedAt.IsZero() {
		a.merge(r)
	}
}

func (a *Attempt) merge(r *Record) {
	for item, chosen := range r.Answers {
		a.Answers = put(a.Answers, item, chosen)
	}
	if r.Lang != "" {
		a.Lang = string(r.Lang)
	}
}

// submit ends the attempt that is under way, or stands for a whole one.
func (p *Progress) submit(r *Record, void bool) *Attempt {
	a := p.last(r)
	if a == nil || !a.EndedAt.IsZero() {
		a = p.begin(r)
	}
	a.merge(r)
	a.EndedAt, a.Void = r.Time(), a.Void || void
	if r.Workshop != "" {
		a.Workshop = r.Workshop
	}
	return a
}

// close ends what the room's test left open: what was answered before counts as handed in.
func (p *Progress) close(r *Record, place int) {
	for i := range p.Attempts {
		a := &p.Attempts[i]
		if a.Phase == r.Phase && a.Workshop == r.Workshop && a.EndedAt.IsZero() {
			a.EndedAt, a.EndPlace = r.Time(), place
		}
	}
}

func (p *Progress) score(r *Record) *Attempt {
	a := p.begin(r)
	a.Paper, a.EndedAt = true, r.Time()
	a.Marks = &Marks{Raw: r.Score.Raw, Max: r.Score.Max}
	return a
}

// finish marks the tests, chooses the attempts that count and judges completion.
func (f *folding) finish() {
	p := f.progress
	for i := range p.Attempts {
		f.mark(&p.Attempts[i])
	}
	for _, phase := range Phases {
		if a := p.firstValid(phase); a != nil {
			a.Counts = true
		}
	}
	f.complete(p)
}

// mark marks an ended attempt against the version that the person saw, without withdrawn items.
func (f *folding) mark(a *Attempt) {
	if a.Paper || a.EndedAt.IsZero() {
		return
	}
	course, ok := f.syllabus.Version(f.course, a.Version)
	if !ok {
		return
	}
	form, err := course.Form(a.Form)
	if err != nil {
		return
	}
	whole := Marks{}
	for _, itemID := range form.Items {
		if f.syllabus.Withdrawn(f.course, itemID) {
			continue
		}
		item := course.Items[itemID]
		marks := float64(item.Mark(a.Answers[itemID]))
		whole.Raw, whole.Max = whole.Raw+marks, whole.Max+1
		part := a.Pillars[item.Pillar]
		a.Pillars = put(a.Pillars, item.Pillar, Marks{part.Raw + marks, part.Max + 1})
	}
	if whole.Max > 0 {
		a.Marks = &whole
	}
}

// firstValid returns the earliest ended attempt of the phase that is not void and has marks. A test marked on
// paper gives way to the same test handed in on a device: same phase, same workshop.
func (p *Progress) firstValid(phase Phase) *Attempt {
	var first *Attempt
	for i := range p.Attempts {
		a := &p.Attempts[i]
		if a.Phase != phase || a.Void || a.Marks == nil || (a.Paper && p.replaced(a)) {
			continue
		}
		if first == nil || a.EndPlace < first.EndPlace {
			first = a
		}
	}
	return first
}

func (p *Progress) replaced(paper *Attempt) bool {
	return slices.ContainsFunc(p.Attempts, func(a Attempt) bool {
		return !a.Paper && !a.Void && a.Marks != nil && a.Phase == paper.Phase && a.Workshop == paper.Workshop
	})
}

// complete judges completion: every module read and its quiz answered, or a workshop on the course attended,
// and the post-test taken. The modules are those of the version in which the post-test was taken.
func (f *folding) complete(p *Progress) {
	post := p.Counted(Post)
	course, ok := f.syllabus.Current(f.course)
	if post != nil && post.Version != "" {
		course, ok = f.syllabus.Version(f.course, post.Version)
	}
	if !ok {
		return
	}
	at, all := p.FirstAt, true
	for _, m := range course.Modules {
		doneAt, done := f.moduleDone(m.ID, p)
		if done {
			p.Done = put(p.Done, m.ID, true)
		}
		all = all && done
		if doneAt.After(at) {
			at = doneAt
		}
	}
	if post == nil || !(all || p.Covered) {
		return
	}
	if post.EndedAt.After(at) || !all {
		at = post.EndedAt
	}
	p.CompletedAt = at
}

// moduleDone reports whether the module was read and every item of its quiz answered, as the quiz stands in
// one of the versions that the person saw, and when the last of it happened.
func (f *folding) moduleDone(module string, p *Progress) (time.Time, bool) {
	at, read := p.Read[module]
	if !read {
		return time.Time{}, false
	}
	answers := p.Quizzes[module]
	versions := map[string]bool{}
	for _, a := range answers {
		versions[a.Version] = true
		if a.At.After(at) {
			at = a.At
		}
	}
	if current, ok := f.syllabus.Current(f.course); ok {
		versions[current.Version] = true
	}
	for version := range versions {
		course, ok := f.syllabus.Version(f.course, version)
		if !ok {
			continue
		}
		m, _, err := course.Module(module)
		if err == nil && !slices.ContainsFunc(m.Quiz, func(item string) bool {
			_, ok := answers[item]
			return !ok && !f.syllabus.Withdrawn(f.course, item)
		}) {
			return at, true
		}
	}
	return time.Time{}, false
}

func put[M ~map[K]V, K comparable, V any](m M, key K, value V) M {
	if m == nil {
		m = M{}
	}
	m[key] = value
	return m
}
