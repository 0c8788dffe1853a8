package rasch

import "math"

// Ability is a person's place on the scale as told by one test.
type Ability struct {
	Theta, SE float64 // logits
}

// Abilities returns, for each number of right answers from none to all of items with the
// difficulties, Warm's (1989) weighted likelihood estimate: its bias is of smaller order than that of
// maximum likelihood, and it exists where none or all answers are right.
func Abilities(difficulties []float64) []Ability {
	table := make([]Ability, len(difficulties)+1)
	for score := range table {
		theta := root(func(theta float64) float64 {
			right, information, skew := moments(difficulties, theta)
			if information == 0 {
				return float64(score) - right // so far out that nothing but the sign is left
			}
			return float64(score) - right + skew/(2*information)
		})
		_, information, _ := moments(difficulties, theta)
		table[score] = Ability{theta, 1 / math.Sqrt(information)}
	}
	return table
}

// moments are the expected number of right answers and its first two derivatives.
func moments(difficulties []float64, theta float64) (right, information, skew float64) {
	for _, b := range difficulties {
		p := chance(theta, b)
		right += p
		information += p * (1 - p)
		skew += p * (1 - p) * (1 - 2*p)
	}
	return right, information, skew
}

// Expected is how many right answers a person of the ability is expected to give.
func Expected(difficulties []float64, theta float64) float64 {
	right, _, _ := moments(difficulties, theta)
	return right
}

// AbilityOf is the ability at which the score, more than none and less than all, is expected.
func AbilityOf(difficulties []float64, score float64) float64 {
	return root(func(theta float64) float64 { return score - Expected(difficulties, theta) })
}

// farthest is an ability in logits beyond that of anybody.
const farthest = 100

// root is where a function that falls through 0 between the farthest abilities does so, to the last
// bit.
func root(f func(float64) float64) float64 {
	lo, hi := -float64(farthest), float64(farthest)
	for {
		middle := (lo + hi) / 2
		if middle <= lo || middle >= hi {
			return middle
		}
		if f(middle) > 0 {
			lo = middle
		} else {
			hi = middle
		}
	}
}
