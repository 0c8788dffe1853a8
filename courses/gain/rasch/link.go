package rasch

import (
	"cmp"
	"math"
	"slices"
)

const (
	// MostDrift is how far an anchor may be, in logits, from where the others say that it is.
	MostDrift = 0.5
	// MinAnchors is how many anchors a link needs: of two that disagree nobody can say which moved.
	MinAnchors = 3
)

// Link says where the difficulties of one scale lie on another.
type Link struct {
	// Shift added to a difficulty of the scale gives that on the other.
	Shift, SE float64
	// Anchors are the ids of the items that carry the link, and Drifted those that were taken out.
	Anchors []string
	Drifted []Drift
	Why     Reason // why there is no link; then Shift and SE are 0
}

// Drift is an anchor that is not as hard on one scale as on the other, and by how many logits it is
// harder.
type Drift struct {
	Item string
	By   float64
}

// anchor is an item in common: its place in both parts, and by how much it is harder on the scale
// that is linked to.
type anchor struct {
	id          string
	there, here int
	harder      float64
}

// LinkTo links the scale to another by the mean difference of the items that they have in common,
// so called mean/mean linking (Kolen and Brennan 2014, section 6.3). After centering, the item
// farthest off is taken out as long as it is off by more than MostDrift, one at a time. The other
// scale, and this one, must be of one part.
func (s *Scale) LinkTo(other *Scale) Link {
	anchors := s.common(other)
	if len(anchors) == 0 {
		return Link{Why: NoAnchors}
	}
	var link Link
	for {
		shift := meanHarder(anchors)
		worst := slices.MaxFunc(anchors, func(a, b anchor) int {
			return cmp.Compare(math.Abs(a.harder-shift), math.Abs(b.harder-shift))
		})
		off := worst.harder - shift
		if math.Abs(off) <= MostDrift {
			break
		}
		link.Drifted = append(link.Drifted, Drift{worst.id, -off})
		anchors = slices.DeleteFunc(anchors, func(a anchor) bool { return a.id == worst.id })
		if len(anchors) == 0 {
			break
		}
	}
	for _, a := range anchors {
		link.Anchors = append(link.Anchors, a.id)
	}
	if len(anchors) < MinAnchors {
		link.Why = TooFewAnchors
		return link
	}
	link.Shift, link.SE = meanHarder(anchors), s.linkError(other, anchors)
	return link
}

// common lists the calibrated items that both scales have, in order of id.
func (s *Scale) common(other *Scale) []anchor {
	if s.Parts() == 0 || other.Parts() == 0 {
		return nil
	}
	var anchors []anchor
	for here, place := range s.order[0] {
		item := s.items[place]
		there := slices.IndexFunc(other.order[0], func(p int) bool { return other.items[p].ID == item.ID })
		if there >= 0 {
			anchors = append(anchors, anchor{item.ID, there, here, other.Item(item.ID).B - item.B})
		}
	}
	return anchors
}

func meanHarder(anchors []anchor) float64 {
	sum := 0.0
	for _, a := range anchors {
		sum += a.harder
	}
	return sum / float64(len(anchors))
}

// linkError is the standard error of the mean difference. Part of it is that other people would
// have taken the tests, known from both calibrations. Where the anchors differ by more than that
// explains, they are themselves a sample of anchors that might have been chosen, and that part is
// estimated by the method of moments (DerSimonian and Laird 1986) and added.
func (s *Scale) linkError(other *Scale, anchors []anchor) float64 {
	n, shift := float64(len(anchors)), meanHarder(anchors)
	sum, diagonal, squares := 0.0, 0.0, 0.0
	for _, a := range anchors {
		for _, b := range anchors {
			v := s.cov[0].At(a.here, b.here) + other.cov[0].At(a.there, b.there)
			sum += v
			if a.id == b.id {
				diagonal += v
			}
		}
		squares += (a.harder - shift) * (a.harder - shift)
	}
	sampling := sum / (n * n)
	between := max(0, (squares-(diagonal-sum/n))/(n-1))
	return math.Sqrt(sampling + between/n)
}
