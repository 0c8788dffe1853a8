package demo

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/path"
	"melek/courses/people"
	"melek/courses/record"
)

// Everything happens in four months of 2026, whenever it is simulated: courses are begun within beginDays,
// workshops held within workshopDays, and retention tests taken up to lastDay.
const (
	firstDay     = 3 // of August 2026
	beginDays    = 60
	workshopDays = 80
	lastDay      = 110
)

// Chances of what people do and leave undone.
const (
	neverBegins    = 0.04
	firstCourse    = 0.6 // the curriculum's first; otherwise any
	twoCourses     = 0.45
	stopsBeforePre = 0.03
	leavesOpen     = 0.02 // begins the pre-test, answers a part and never hands it in
	stopsAtModule  = 0.030
	stopsAtPost    = 0.045
	readsEnglish   = 0.03
	omits          = 0.01 // an item of a test
	inWorkshop     = 0.6  // of those whose kecamatan holds one
	comesAgain     = 0.35 // for the retention test, where its time has come
	keeps          = 0.8  // of what was learnt, then
)

// life is one person's way through one course.
type life struct {
	regency *Regency
	rng     *rand.Rand
	person  people.Person
	village people.Area
	course  *courses.Course
	ability ability
	lang    courses.Lang
	clock   time.Time
	// workshop is empty for those who learn by themselves.
	workshop string
	records  []record.Record
	attempts []record.Attempt // at tests, as far as forms are drawn by them
}

// Records invents what a participant did, in the order in which it happened.
func (r *Regency) Records(p people.Person) []record.Record {
	rng := r.rng("life", p.ID)
	if len(r.Courses) == 0 || rng.Float64() < neverBegins {
		return nil
	}
	village, _ := r.Region.Area(p.Postings[0].Area)
	lang := courses.Indonesian
	if rng.Float64() < readsEnglish {
		lang = courses.English
	}
	var all []record.Record
	for turn, i := range r.begun(rng) {
		l := &life{regency: r, rng: rng, person: p, village: village, course: r.Courses[i], lang: lang,
			ability: r.ability(p.ID, village)}
		if turn == 0 {
			l.workshop = r.workshop(rng, village, r.Courses[i].ID)
		}
		l.live()
		all = append(all, l.records...)
	}
	return all
}

// begun are the places of the courses that a participant begins: most people the first, some another too.
func (r *Regency) begun(rng *rand.Rand) []int {
	order := rng.Perm(len(r.Courses))
	if rng.Float64() < firstCourse {
		i := slices.Index(order, 0)
		order[0], order[i] = order[i], order[0]
	}
	number := 1
	if rng.Float64() < twoCourses {
		number = 2
	}
	return order[:min(number, len(order))]
}

// workshopPrefix begins the ids of workshops; the kecamatan and the course follow.
const workshopPrefix = "bimtek-"

// workshop is that which the person attends for a course: every fifth kecamatan held one for each.
func (r *Regency) workshop(rng *rand.Rand, village people.Area, course string) string {
	for i, d := range r.districts {
		if d.Code == village.Parent && i%5 == 2 && rng.Float64() < inWorkshop {
			return workshopPrefix + d.Code + "-" + course
		}
	}
	return ""
}

func (l *life) live() {
	if l.workshop != "" {
		l.attend()
		return
	}
	l.clock = l.on(l.rng.IntN(beginDays), 8).Add(l.minutes(0, 7*60))
	l.add(record.Record{Kind: record.Enrolled})
	if l.stops(stopsBeforePre) || !l.test(record.Pre, 0) {
		return
	}
	for i, m := range l.course.Modules {
		if l.stops(stopsAtModule) {
			return
		}
		l.later()
		l.add(record.Record{Kind: record.Read, Module: m.ID})
		l.clock = l.clock.Add(l.minutes(6, 12))
		l.quiz(m, float64(i+1)/float64(len(l.course.Modules)))
	}
	if l.stops(stopsAtPost) {
		return
	}
	l.later()
	l.test(record.Post, 1)
	l.recall()
}

// attend is a day in the kecamatan's hall: both tests and what is between them.
func (l *life) attend() {
	day := l.regency.rng("day of", l.workshop).IntN(workshopDays)
	l.clock = l.on(day, 8).Add(l.minutes(30, 45))
	l.add(record.Record{Kind: record.Enrolled})
	l.test(record.Pre, 0)
	l.clock = l.clock.Add(l.minutes(30, 40))
	l.add(record.Record{Kind: record.Attended, Session: "1"})
	if l.stops(stopsAtPost) {
		return
	}
	l.clock = l.on(day, 14).Add(l.minutes(30, 45))
	l.test(record.Post, 1)
	l.recall()
}

// recall takes the retention test some weeks later, if there is time left. Whether and when does not change
// what else happens.
func (l *life) recall() {
	rng := l.regency.rng("recall", l.person.ID, l.course.ID)
	after := time.Duration(31+rng.IntN(10)) * 24 * time.Hour
	if rng.Float64() >= comesAgain || l.clock.Add(after).After(l.on(lastDay, 0)) {
		return
	}
	again := *l
	again.rng, again.clock = rng, l.clock.Add(after)
	again.test(record.Retention, keeps)
	l.records = again.records
}

// test takes a test, learned being how much of the course has been gone through; false where it is
// left open.
func (l *life) test(phase record.Phase, learned float64) bool {
	way := path.Way{Course: l.course, Progress: &record.Progress{Attempts: l.attempts}}
	form := way.Draw(phase, l.village.Code, l.regency.Region)
	step := record.Record{Phase: phase, Form: form.ID, Version: l.course.Version}
	step.Kind = record.Opened
	l.add(step)
	if phase == record.Pre && l.workshop == "" && l.rng.Float64() < leavesOpen {
		l.clock = l.clock.Add(l.minutes(3, 8))
		step.Kind, step.Answers = record.Answered, l.answers(form, form.Items[:len(form.Items)/2], learned)
		l.add(step)
		return false
	}
	l.clock = l.clock.Add(l.minutes(7, 14))
	step.Kind, step.Answers = record.Submitted, l.answers(form, form.Items, learned)
	l.add(step)
	l.attempts = append(l.attempts, record.Attempt{Phase: phase, Form: form.ID, Counts: true})
	return true
}

// answers are those to some items of a form; now and then one is left out.
func (l *life) answers(form courses.Form, items []string, learned float64) record.Answers {
	place := slices.IndexFunc(l.course.Forms, func(f courses.Form) bool { return f.ID == form.ID })
	answers := record.Answers{}
	for _, id := range items {
		if l.rng.Float64() >= omits {
			harder := place
			if slices.Contains(l.course.Anchors, id) {
				harder = 0 // the same item, wherever it stands
			}
			answers[id] = l.regency.answer(l.rng, l.course.ID, l.course.Items[id], l.level(learned), harder)
		}
	}
	return answers
}

func (l *life) quiz(m courses.Module, learned float64) {
	answers := record.Answers{}
	for _, id := range m.Quiz {
		// The lesson has just been read: quizzes go better than tests.
		level := l.level(learned) + 0.6
		answers[id] = l.regency.answer(l.rng, l.course.ID, l.course.Items[id], level, 0)
	}
	l.add(record.Record{Kind: record.Answered, Module: m.ID, Version: l.course.Version, Answers: answers})
}

// level is the person's now, with what the course has taught so far.
func (l *life) level(learned float64) float64 { return l.ability.level + l.ability.growth*learned }

// stops reports whether the person gives up here; those who know less do so more often.
func (l *life) stops(chance float64) bool {
	return l.rng.Float64() < chance*math.Exp(-0.4*l.ability.level)
}

func (l *life) add(rec record.Record) {
	rec.ID, rec.Person, rec.Course = recordID(l.clock, l.rng), l.person.ID, l.course.ID
	rec.Workshop, rec.Lang, rec.At, rec.Node = l.workshop, l.lang, l.clock.UTC(), "simulasi"
	l.records = append(l.records, rec)
}

// on is the full hour of the day with the number.
func (l *life) on(day, hour int) time.Time { return l.regency.on(day, hour) }

// on is an hour of a day of the simulation.
func (r *Regency) on(day, hour int) time.Time {
	return time.Date(2026, time.August, firstDay+day, hour, 0, 0, 0, r.Zone)
}

// later moves the clock on within the day or by some days, to office hours.
func (l *life) later() {
	if days := l.rng.IntN(5); days > 0 {
		y, m, d := l.clock.Date()
		l.clock = time.Date(y, m, d+days, 8, 0, 0, 0, l.regency.Zone).Add(l.minutes(0, 7*60))
		return
	}
	l.clock = l.clock.Add(l.minutes(15, 60))
}

// minutes is a time from least to most minutes, to the second.
func (l *life) minutes(least, most int) time.Duration {
	return time.Duration(least*60+l.rng.IntN((most-least)*60+1)) * time.Second
}
