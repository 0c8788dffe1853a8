package handlers

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"melek/courses"
	"melek/courses/path"
	"melek/courses/people"
	"melek/courses/record"
)

// learnRoutes are the participant's way.
func (s *server) learnRoutes() []route {
	const course = "/courses/:course"
	const module = course + "/modules/:module"
	const test = course + "/test/:phase"
	return []route{
		{fiber.MethodGet, "/", people.Look, s.showHome},
		{fiber.MethodGet, "/me", people.Learn, s.showMe},
		{fiber.MethodGet, course, people.Learn, s.showCourse},
		{fiber.MethodPost, course, people.Learn, s.beginCourse},
		{fiber.MethodGet, course + "/result", people.Learn, s.showResult},
		{fiber.MethodGet, course + "/proof", people.Learn, s.showProof},
		{fiber.MethodGet, module, people.Learn, s.showLesson},
		{fiber.MethodPost, module + "/read", people.Learn, s.readLesson},
		{fiber.MethodGet, module + "/quiz", people.Learn, s.showQuiz},
		{fiber.MethodGet, module + "/quiz/:n", people.Learn, s.showQuizItem},
		{fiber.MethodPost, module + "/quiz/:n", people.Learn, s.answerQuizItem},
		{fiber.MethodPost, module + "/quiz/:n/language", people.Learn, s.turnQuizItem},
		{fiber.MethodPost, module + "/quiz/:n/display", people.Learn, s.turnQuizItem},
		{fiber.MethodGet, test, people.Learn, s.showTest},
		{fiber.MethodPost, test, people.Learn, s.beginTest},
		{fiber.MethodGet, test + "/review", people.Learn, s.sit(s.showReview)},
		{fiber.MethodPost, test + "/review", people.Learn, s.sit(s.handIn)},
		{fiber.MethodGet, test + "/:n", people.Learn, s.sit(s.showTestItem)},
		{fiber.MethodPost, test + "/:n", people.Learn, s.sit(s.answerTestItem)},
		{fiber.MethodPost, test + "/:n/language", people.Learn, s.sit(s.turnTestItem)},
		{fiber.MethodPost, test + "/:n/display", people.Learn, s.sit(s.turnTestItem)},
	}
}

// way is the signed-in person's way through the course of the address.
func (s *server) way(c *fiber.Ctx) (path.Way, error) {
	course, err := s.Catalog.Course(c.Params("course"))
	if err != nil {
		return path.Way{}, err
	}
	if err := mayStudy(c, course.ID); err != nil {
		return path.Way{}, err
	}
	ways, err := s.ways(c, course)
	if err != nil {
		return path.Way{}, err
	}
	return ways[0], nil
}

// ways are the signed-in person's ways through the courses.
func (s *server) ways(c *fiber.Ctx, all ...*courses.Course) ([]path.Way, error) {
	person := signedIn(c).Person.ID
	state, err := s.Ledger.State(c.UserContext(), person)
	if err != nil {
		return nil, err
	}
	allowances, err := s.Store.Allowances(c.UserContext(), person)
	if err != nil {
		return nil, err
	}
	ways := make([]path.Way, len(all))
	for i, course := range all {
		ways[i] = path.New(course, state, allowances, s.Now())
		if s.RetentionAfter > 0 {
			ways[i].RetentionAfter = s.RetentionAfter
		}
	}
	return ways, nil
}

// webNode names these pages in the records that they make.
const webNode = "web"

// fact begins a record of what the signed-in person does now, and at which workshop.
func (s *server) fact(c *fiber.Ctx, kind record.Kind, course string) record.Record {
	entry := signedIn(c)
	return record.Record{ID: uuid.Must(uuid.NewV7()).String(), Kind: kind, Person: entry.Person.ID,
		Course: course, Workshop: entry.Session.Workshop, Lang: s.lang(c),
		At: s.Now().UTC().Truncate(time.Millisecond), Node: webNode}
}

// onward is the one thing to do next, as a button.
type onward struct {
	Label string
	Hint  string
	Href  string // below the language
}

// onward words the next step of the way.
func (p page) onward(w path.Way) onward {
	step, below := w.Next(), "/courses/"+w.Course.ID
	module, _, _ := w.Course.Module(step.Module)
	switch step.Kind {
	case path.Test:
		return p.onwardTest(w, step.Phase)
	case path.Read:
		return onward{p.T("next.read"), p.T("next.read_hint", p.Say(module.Title)), below + "/modules/" + module.ID}
	case path.Quiz:
		items := w.Items(w.Course, module.Quiz)
		return onward{p.T("next.quiz"), p.T("next.quiz_hint", p.Say(module.Title), step.Item+1, len(items)),
			below + "/modules/" + module.ID + "/quiz"}
	case path.Wait:
		return onward{p.T("next.wait"), p.T("next.wait_hint"), "/"}
	}
	return onward{p.T("next.finish"), p.T("next.finish_hint"), below + "/result"}
}

func (p page) onwardTest(w path.Way, phase record.Phase) onward {
	on := onward{p.T("next." + string(phase)), p.T("next." + string(phase) + "_hint"),
		"/courses/" + w.Course.ID + "/test/" + string(phase)}
	if w.Current(phase) != nil {
		on.Label, on.Hint = p.T("next."+string(phase)+"_resume"), p.T("next.resume_hint")
	}
	return on
}

// score writes a score of 0 to 100 with one decimal where it has any.
func (p page) score(f float64) string {
	if text := p.Number(f, 1); text != p.Number(float64(int(f)), 1) {
		return text
	}
	return p.Number(f, 0)
}

// minutes writes how long something takes, in whole minutes.
func (p page) minutes(d time.Duration) string {
	return p.N("time.minutes", int((d + time.Minute - time.Nanosecond).Minutes()))
}

// titled is a page whose title is no wording of ours.
func (s *server) titled(c *fiber.Ctx, title string) page {
	p := s.page(c, "layout.home")
	p.Title = title
	return p
}

// notes are what a page may say of what has just been done; the address names one.
var notes = []string{"pin", "pre", "post", "retention", "handed_in", "time_over", "done_before", "ended",
	"linked", "unlinked",
	"asked", "answered", "withdrawn", "erased"}

func (p page) note(c *fiber.Ctx) string {
	name := c.Query("note")
	if !slices.Contains(notes, name) {
		return ""
	}
	return p.T("note." + name)
}
