package gain

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// mostExact is the number of changed scores up to which the distribution of Wilcoxon's statistic is
// counted out; beyond it the normal one is as good.
const mostExact = 50

// step is a size of change, and how many people gained or lost that much.
type step struct {
	size     float64
	up, down int64
}

// Wilcoxon is the two-sided p of Wilcoxon's signed-rank test that scores rise as often and as far as
// they fall (Wilcoxon 1945). People whose score stayed are left out, as Wilcoxon did, and equal
// changes share their ranks. Up to 50 changed scores p is exact, given the ties; beyond, the normal
// approximation with corrections for ties and continuity (Hollander, Wolfe and Chicken 2014, section
// 3.1). It takes people for independent.
func (s *Sample) Wilcoxon() (float64, Reason) {
	if s.n == 0 {
		return 0, NoPairs
	}
	steps, n := s.steps()
	if n == 0 {
		return 0, NoChange
	}
	// Ranks are doubled, so that shared ones are whole.
	var rank, above int64
	var ties float64
	ranks := make([]int64, len(steps))
	for i, st := range steps {
		size := st.up + st.down
		ranks[i] = 2*rank + size + 1
		above += st.up * ranks[i]
		rank += size
		ties += float64(size) * (float64(size)*float64(size) - 1)
	}
	if n <= mostExact {
		return exactWilcoxon(steps, ranks, above), ""
	}
	size := float64(n)
	mean, variance := size*(size+1)/4, size*(size+1)*(2*size+1)/24-ties/48
	off := max(math.Abs(float64(above)/2-mean)-0.5, 0)
	return min(1, 2*distuv.UnitNormal.CDF(-off/math.Sqrt(variance))), "" // Survival loses small ones
}

// steps are the changes by size, and how many there are.
func (s *Sample) steps() ([]step, int64) {
	bySize := map[float64]step{}
	var n int64
	for p, people := range s.pairs() {
		// Marks are fractions: what remains beyond nine digits is rounding and no change.
		d := math.Round((p.post-p.pre)*1e9) / 1e9
		st := bySize[math.Abs(d)]
		st.size = math.Abs(d)
		switch {
		case d > 0:
			st.up += people
		case d < 0:
			st.down += people
		default:
			continue
		}
		bySize[st.size], n = st, n+people
	}
	steps := make([]step, 0, len(bySize))
	for _, st := range bySize {
		steps = append(steps, st)
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.size, b.size) })
	return steps, n
}

// exactWilcoxon counts how many of all assignments of signs have rank sums at least as far out.
func exactWilcoxon(steps []step, ranks []int64, above int64) float64 {
	ways := []float64{1} // by the doubled sum of the ranks that went up
	for i, st := range steps {
		for range st.up + st.down {
			next := make([]float64, len(ways)+int(ranks[i]))
			for sum, w := range ways {
				next[sum] += w / 2
				next[sum+int(ranks[i])] += w / 2
			}
			ways = next
		}
	}
	var low, high float64
	for sum, w := range ways {
		if int64(sum) <= above {
			low += w
		}
		if int64(sum) >= above {
			high += w
		}
	}
	return min(1, 2*min(low, high))
}
