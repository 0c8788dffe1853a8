package demo

import (
	"math"
	"math/rand/v2"
	"slices"

	"melek/courses"
	"melek/courses/people"
)

// formStep is how much harder the items of each form's own are than those of the one before, in logits.
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
	return wrongAnswer(rng, it)
}

// wrongAnswer is what somebody gives who does not know, nothing where nothing wrong can be given.
func wrongAnswer(rng *rand.Rand, it *courses.Item) []string {
	var wrong [][]string
	consider := func(answer ...string) {
		if it.Valid(answer) && it.Mark(answer) == 0 {
			wrong = append(wrong, answer)
		}
	}
	switch it.Type {
	case courses.Order:
		for i := 1; i < len(it.Key); i++ { // two neighbours the wrong way round
			answer := slices.Clone(it.Key)
			answer[i-1], answer[i] = answer[i], answer[i-1]
			consider(answer...)
		}
	case courses.Match:
		for i, o := range it.Options {
			for _, target := range it.Targets {
				answer := slices.Clone(it.Key)
				answer[i] = o.ID + "=" + target.ID
				consider(answer...)
			}
		}
	case courses.Number:
		for _, n := range []string{"0", "1", "10", "100"} {
			consider(n)
		}
	case courses.ShortText:
		consider("tidak tahu")
	default:
		for _, o := range it.Options {
			consider(o.ID)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong[rng.IntN(len(wrong))]
}
