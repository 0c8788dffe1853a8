package gain

import (
	"cmp"
	"slices"
)

// Part is a part of a sum: a row of a table that has a total, or an area that is itself told in
// smaller areas.
type Part struct {
	Code string
	// People are the counts of which none may be told while it is small, the one that matters most
	// first. All parts that are judged together have the same counts.
	People []int64
	// Hidden is set on a part that must not be told. People of no row are a part that comes hidden.
	Hidden bool
	// Parts add up to this one; empty where it is told whole only.
	Parts []*Part
}

// Hide hides every part of the whole that has at least one and fewer than least people by any
// count, and then the next smallest parts, until nothing small can be found by subtracting what is
// told: wherever a sum and all but some of its parts are told, those left out together hold at
// least that many people, or nobody. So it is on every level, for the tables of all levels may lie
// side by side: the parts of a part that is told add up to it, and those of all that are hidden
// together add up to what remains. The whole is hidden where it is small itself.
func Hide(whole *Part, least int64) {
	whole.Hidden = whole.Hidden || whole.small(least)
	for sums := [][]*Part{whole.Parts}; len(sums) > 0; {
		var finer [][]*Part
		for _, parts := range sums {
			hideAmong(parts, least)
			finer = append(finer, refine(parts)...)
		}
		sums = finer
	}
}

// hideAmong hides among parts whose sum can be known.
func hideAmong(parts []*Part, least int64) {
	for _, p := range parts {
		p.Hidden = p.Hidden || p.small(least)
	}
	for {
		i := exposed(parts, least)
		if i < 0 {
			return
		}
		next := smallestShown(parts, i)
		if next == nil {
			return // the sum is itself small, and hidden
		}
		next.Hidden = true
	}
}

// refine returns the sums that can be known one level down: each part that is told, and what remains.
func refine(parts []*Part) (sums [][]*Part) {
	var rest []*Part
	splits := false
	for _, p := range parts {
		switch {
		case !p.Hidden && len(p.Parts) > 0:
			sums = append(sums, p.Parts)
		case p.Hidden && len(p.Parts) > 0:
			rest, splits = append(rest, p.Parts...), true
		case p.Hidden:
			rest = append(rest, p)
		}
	}
	if splits {
		sums = append(sums, rest)
	}
	return sums
}

// tooFew returns the first count that is of somebody and of fewer than least, −1 where there is none.
func (p *Part) tooFew(least int64) int {
	return slices.IndexFunc(p.People, func(n int64) bool { return 0 < n && n < least })
}

func (p *Part) small(least int64) bool { return p.tooFew(least) >= 0 }

// exposed returns the first count of which the hidden parts together hold too few, −1 where there
// is none.
func exposed(parts []*Part, least int64) int {
	hidden := Part{}
	for _, p := range parts {
		if !p.Hidden {
			continue
		}
		if hidden.People == nil {
			hidden.People = make([]int64, len(p.People))
		}
		for i, n := range p.People {
			hidden.People[i] += n
		}
	}
	return hidden.tooFew(least)
}

// smallestShown returns the smallest part that is told and holds anybody of the count, nil where
// there is none.
func smallestShown(parts []*Part, count int) *Part {
	var smallest *Part
	for _, p := range parts {
		if p.Hidden || p.People[count] == 0 {
			continue
		}
		if smallest == nil || cmp.Or(slices.Compare(p.People, smallest.People),
			cmp.Compare(p.Code, smallest.Code)) < 0 {
			smallest = p
		}
	}
	return smallest
}
