package rasch

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Form is a test form with all tests that were taken on it.
type Form struct {
	ID string
	// Items are those that count now, and Sets are tests on these or, of earlier versions, on others.
	Items []string
	Sets  []Set
}

// Placed is a form on the scale of the reference form.
type Placed struct {
	ID    string
	Scale *Scale // of the form alone
	Link  Link   // to the reference form's; of the reference form itself without anchors
	// Scores says what each number of right answers on the form is worth, from none to all; nil
	// where the form cannot be compared.
	Scores []Score
	Effect Effect // of the form; zero where it cannot be compared
}

// Comparable reports whether scores of the form can be compared with those of the reference form.
func (p *Placed) Comparable() bool { return p.Scores != nil }

// Score is what a number of right answers is worth on the scale of the reference form.
type Score struct {
	Ability
	// Points is the score from 0 to 100 that is expected on the reference form of a person of whom
	// this one is expected on the form: true-score equating (Kolen and Brennan 2014, section 6.5).
	// None right is 0, all right is 100, and on the reference form itself the points are the score.
	Points float64
	// Slope is how many points more it would be were the form a logit harder.
	Slope float64
}

// Effect is how much harder a form is than the reference form.
type Effect struct {
	Logits, SE float64 // of the mean difficulty; SE is that of the link
	// Points is how many points of 100 the same people, all those who took either form, would
	// have less on the form; Lo and Hi are the ends of its 95 % interval.
	Points, Lo, Hi float64
}

// Place calibrates each form on its own and links it to the first, the reference. Where that has no
// scale, the others are not compared for the same reason.
func Place(forms []Form) []Placed {
	placed := make([]Placed, len(forms))
	for i, form := range forms {
		p := &placed[i]
		p.ID, p.Scale = form.ID, Calibrate(form.Sets)
		if p.Scale.Parts() != 1 {
			p.Link.Why = p.Scale.why(form.Items)
			continue
		}
		switch reference := &placed[0]; {
		case i == 0:
		case reference.Link.Why != "":
			p.Link.Why = reference.Link.Why
		default:
			p.Link = p.Scale.LinkTo(reference.Scale)
		}
	}
	for i := range placed {
		placed[i].compare(forms[i], &placed[0], forms[0])
	}
	return placed
}

// why a form that is not one part cannot be placed: the first item's reason.
func (s *Scale) why(items []string) Reason {
	if s.Parts() > 1 {
		return NotSeparable
	}
	for _, id := range items {
		if item := s.Item(id); item.Why == TooFewAnswers {
			return TooFewAnswers
		}
	}
	return NotCalibrated
}

// key is what a form's score table is made of.
type key struct {
	difficulties       []float64 // on the reference form's scale
	items, alwaysRight int       // all of the form, and those that were set aside because all had them right
}

// key of the form's items; false where one of them is not known well enough.
func (s *Scale) key(items []string, shift float64) (key, bool) {
	k := key{items: len(items)}
	for _, id := range items {
		switch item := s.Item(id); item.Why {
		case "":
			k.difficulties = append(k.difficulties, item.B+shift)
		case AllRight:
			k.alwaysRight++
		case AllWrong:
		default:
			return k, false
		}
	}
	return k, len(k.difficulties) > 1
}

// expected is the score from 0 to 100 that is expected at the ability.
func (k key) expected(theta float64) float64 {
	return 100 * (float64(k.alwaysRight) + Expected(k.difficulties, theta)) / float64(k.items)
}

// inner is how many of the calibrated items were right of a test with so many right.
func (k key) inner(score int) int {
	return min(max(score-k.alwaysRight, 0), len(k.difficulties))
}

// compare fills in what the form's scores are worth, where the link allows it.
func (p *Placed) compare(form Form, reference *Placed, referenceForm Form) {
	if p.Link.Why != "" {
		return
	}
	own, ok := p.Scale.key(form.Items, p.Link.Shift)
	if !ok {
		p.Link = Link{Why: p.Scale.why(form.Items)}
		return
	}
	target, ok := reference.Scale.key(referenceForm.Items, 0)
	if !ok {
		p.Link = Link{Why: reference.Link.Why}
		return
	}
	p.Scores = own.worth(target)
	if p == reference {
		for score := range p.Scores {
			p.Scores[score].Points = 100 * float64(score) / float64(own.items)
			p.Scores[score].Slope = 0 // it is the measure itself
		}
		return
	}
	p.Effect.Logits, p.Effect.SE = mean(own.difficulties)-mean(target.difficulties), p.Link.SE
	people := slices.Concat(p.people(form.Sets), reference.people(referenceForm.Sets))
	z := -distuv.UnitNormal.Quantile(0.025)
	p.Effect.Points = own.harder(target, people, 0)
	p.Effect.Lo = own.harder(target, people, -z*p.Link.SE)
	p.Effect.Hi = own.harder(target, people, z*p.Link.SE)
}

// worth makes the table of what scores on the form are worth on the reference form.
func (k key) worth(reference key) []Score {
	abilities := Abilities(k.difficulties)
	table := make([]Score, k.items+1)
	for score := range table {
		inner := k.inner(score)
		table[score].Ability = abilities[inner]
		switch {
		case score == 0:
		case score == k.items:
			table[score].Points = 100
		case inner == 0:
			table[score].Points = reference.expected(math.Inf(-1))
		case inner == len(k.difficulties):
			table[score].Points = reference.expected(math.Inf(1))
		default:
			theta := AbilityOf(k.difficulties, float64(inner))
			_, slope, _ := moments(reference.difficulties, theta)
			table[score].Points = reference.expected(theta)
			table[score].Slope = 100 * slope / float64(reference.items)
		}
	}
	return table
}

// weighed is an ability and how many tests speak of it.
type weighed struct{ theta, n float64 }

// people are the abilities of those who took the form, by the items that each one's test had.
func (p *Placed) people(sets []Set) []weighed {
	var all []weighed
	for _, set := range sets {
		k, ok := p.Scale.key(set.Items, p.Link.Shift)
		if !ok {
			continue
		}
		abilities := Abilities(k.difficulties)
		for score, n := range set.N {
			if n > 0 {
				all = append(all, weighed{abilities[k.inner(score)].Theta, float64(n)})
			}
		}
	}
	return all
}

// harder is how many points the people would have less on the form, were it harder by so much, than
// on the reference form.
func (k key) harder(reference key, people []weighed, by float64) float64 {
	sum, n := 0.0, 0.0
	for _, p := range people {
		sum += p.n * (reference.expected(p.theta) - k.expected(p.theta-by))
		n += p.n
	}
	return sum / n
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
