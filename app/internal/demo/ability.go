package demo

import (
	"math"
	"math/rand/v2"

	"melek/courses"
	"melek/courses/people"
)

// formStep is how much harder each form is than the one before, in logits.
const formStep = 0.12

// ability is what decides an answer, in logits: the chance of a right one is logistic in the
// difference of a person's level and an item's difficulty.
type ability struct {
	level  float64 // before any course
	growth float64 // by a whole course
}

// ability of a person: a part is the kecamatan's, a part the village's, and most the person's own.
// How much a course teaches differs by kecamatan.
func (r *Regency) ability(person string, village people.Area) ability {
	d, v, p := r.rng("level", village.Parent), r.rng("level", village.Code), r.rng("level", person)
	return ability{
		level:  0.10 + 0.25*d.NormFloat64() + 0.30*v.NormFloat64() + 0.75*p.NormFloat64(),
		growth: 0.35 + 0.80*d.Float64() + 0.15*v.NormFloat64() + 0.30*p.NormFloat64(),
	}
}

// difficulty of an item, and of the form that it stands in.
func (r *Regency) difficulty(course, item string, form int) float64 {
	return 0.65*r.rng("item", course, item).NormFloat64() + formStep*float64(form)
}

// answer is what a person at the level gives: the key, or one of the wrong options.
func (r *Regency) answer(rng *rand.Rand, course string, it *courses.Item, level float64, form int) []string {
	chance := 1 / (1 + math.Exp(r.difficulty(course, it.ID, form)-level))
	if rng.Float64() < chance {
		return it.Key
	}
	var wrong []string
	for _, option := range it.Options {
		if it.Mark([]string{option.ID}) == 0 {
			wrong = append(wrong, option.ID)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return []string{wrong[rng.IntN(len(wrong))]}
}
