package demo

import (
	"context"
	"slices"
	"strings"
	"time"

	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// hallSize is how many come to the workshop of today.
const hallSize = 40

// held are the workshops that records speak of, by id.
type held map[string]people.Workshop

// note takes down who was at a workshop and when.
func (h held) note(e record.Entry, zone *time.Location) {
	if e.Workshop == "" {
		return
	}
	w, day := h[e.Workshop], e.At.In(zone).Format(time.DateOnly)
	if w.ID = e.Workshop; w.From == "" || day < w.From {
		w.From = day
	}
	w.To = max(w.To, w.From)
	if n := len(w.Roster); n == 0 || (n < people.MostRoster && w.Roster[n-1] != e.Person) {
		w.Roster = append(w.Roster, e.Person)
	}
	h[w.ID] = w
}

// keep puts the workshops in the store, each run by the facilitator of its kecamatan.
func (h held) keep(ctx context.Context, r *Regency, s store.Workshops) error {
	for id, w := range h {
		area, course, _ := strings.Cut(strings.TrimPrefix(id, workshopPrefix), "-")
		w.Area, w.Courses = area, []string{course}
		w.Title = "Bimtek " + r.title(course)
		if err := r.hold(ctx, s, w); err != nil {
			return err
		}
	}
	return nil
}

// hold keeps a workshop as its kecamatan's facilitator planned it.
func (r *Regency) hold(ctx context.Context, s store.Workshops, w people.Workshop) error {
	place := slices.IndexFunc(r.districts, func(d people.Area) bool { return d.Code == w.Area })
	w.Facilitators = []string{r.facilitator(place)}
	w.Place = "Pendapa"
	w.By, w.At = w.Facilitators[0], r.on(0, 0)
	w.Tidy()
	return s.ChangeWorkshop(ctx, w.ID, func(kept *people.Workshop) error { *kept = w; return nil })
}

// facilitator is the number of who runs the workshops of a kecamatan.
func (r *Regency) facilitator(place int) string {
	if place == 0 {
		return "fasilitator"
	}
	return staffID("F", place)
}

func (r *Regency) title(course string) string {
	for _, c := range r.Courses {
		if c.ID == course {
			return c.Title.ID
		}
	}
	return course
}

// Today keeps a workshop of the day on the first course, in the first kecamatan, and returns it with the code
// that lets the people on its roster in. The ready participant is one of them.
func (r *Regency) Today(ctx context.Context, door *access.Door, s store.Workshops, day string) (
	people.Workshop, error) {
	code, err := door.NewHallCode(ctx)
	if err != nil || len(r.Courses) == 0 {
		return people.Workshop{}, err
	}
	district := r.districts[0]
	w := people.Workshop{ID: workshopPrefix + "hari-ini", Title: "Bimtek hari ini, " + district.Name,
		Courses: []string{r.Courses[0].ID}, Area: district.Code, From: day, To: day, Code: code,
		Roster: []string{"peserta"}}
	for _, p := range r.participants {
		village, _ := r.Region.Area(p.Postings[0].Area)
		if village.Parent == district.Code && len(w.Roster) < hallSize {
			w.Roster = append(w.Roster, p.ID)
		}
	}
	return w, r.hold(ctx, s, w)
}
