package demo

import (
	"math"

	"melek/courses"
)

// Truth is what a simulation knows and a report can only estimate.
type Truth struct {
	Seed    uint64       `json:"seed"`
	People  int          `json:"people"`
	Courses []TrueCourse `json:"courses"`
}

// TrueCourse is the true gains of one course, in points on its first form: what its people would gain on
// average if all took the form before and after the whole course, without the chance of single answers.
type TrueCourse struct {
	Course    string         `json:"course"`
	Form      string         `json:"form"`
	Gain      float64        `json:"gain"` // of all participants
	Districts []TrueDistrict `json:"districts"`
	// FormEffects are how many points less the same people would score on each form than on the first.
	FormEffects map[string]float64 `json:"form_effects"`
}

// TrueDistrict is the true gain of the participants of one kecamatan, whether they take part or not.
type TrueDistrict struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	People int     `json:"people"`
	Gain   float64 `json:"gain"`
}

// Truth works out the true gains.
func (r *Regency) Truth() Truth {
	t := Truth{Seed: r.Seed, People: r.People}
	for _, c := range r.Courses {
		if len(c.Forms) > 0 {
			t.Courses = append(t.Courses, r.trueCourse(c))
		}
	}
	return t
}

func (r *Regency) trueCourse(c *courses.Course) TrueCourse {
	t := TrueCourse{Course: c.ID, Form: c.Forms[0].ID, FormEffects: map[string]float64{}}
	sums, people := map[string]float64{}, map[string]int{}
	for _, p := range r.participants {
		village, _ := r.Region.Area(p.Postings[0].Area)
		a := r.ability(p.ID, village)
		before := r.expected(c, 0, a.level)
		gain := r.expected(c, 0, a.level+a.growth) - before
		sums[village.Parent] += gain
		people[village.Parent]++
		t.Gain += gain
		for form := 1; form < len(c.Forms); form++ {
			t.FormEffects[c.Forms[form].ID] += before - r.expected(c, form, a.level)
		}
	}
	if n := float64(len(r.participants)); n > 0 {
		t.Gain /= n
		for form := range t.FormEffects {
			t.FormEffects[form] /= n
		}
	}
	for _, d := range r.districts {
		if n := people[d.Code]; n > 0 {
			t.Districts = append(t.Districts, TrueDistrict{d.Code, d.Name, n, sums[d.Code] / float64(n)})
		}
	}
	return t
}

// expected is the score on a form that somebody of the level is expected to have; an item left out is 0.
func (r *Regency) expected(c *courses.Course, form int, level float64) float64 {
	right := 0.0
	for _, id := range c.Forms[form].Items {
		right += (1 - omits) / (1 + math.Exp(r.difficulty(c.ID, id, form)-level))
	}
	return 100 * right / float64(max(1, len(c.Forms[form].Items)))
}
