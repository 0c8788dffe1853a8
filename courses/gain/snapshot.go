package gain

import (
	"cmp"
	"maps"
	"slices"

	"melek/courses/tally"
)

// Snapshot is what a public table was made of: the cells of each row's people, and which rows it tells.
type Snapshot struct {
	Rows map[string]map[string]int64 `json:"rows"`
	Told map[string]bool             `json:"told"`
}

// MayReplace reports whether the table of the one snapshot may be shown in the place of the other's without
// telling of few people to whoever has kept the old one. Of each group that is told in either, and of those
// that are hidden together, so many must have changed, or nobody: both among the matched and among all with
// a pre-test. How many changed is judged by the cells, so that one who left and one who came are two.
func MayReplace(before, after Snapshot, least int64) (bool, error) {
	for _, group := range groups(before, after) {
		matched, tested, err := moved(sumOf(before, group), sumOf(after, group))
		if err != nil {
			return false, err
		}
		if 0 < matched && matched < least || 0 < tested && tested < least {
			return false, nil
		}
	}
	return true, nil
}

// groups are the rows told in either snapshot, the rows that each hides together, and all rows.
func groups(before, after Snapshot) [][]string {
	codes := map[string]bool{}
	for _, s := range []Snapshot{before, after} {
		for code := range s.Rows {
			codes[code] = true
		}
	}
	all := slices.SortedFunc(maps.Keys(codes), cmp.Compare)
	groups := [][]string{all}
	for _, code := range all {
		if before.Told[code] || after.Told[code] {
			groups = append(groups, []string{code})
		}
	}
	for _, s := range []Snapshot{before, after} {
		told := func(code string) bool { return s.Told[code] }
		groups = append(groups, slices.DeleteFunc(slices.Clone(all), told))
	}
	return groups
}

func sumOf(s Snapshot, codes []string) map[string]int64 {
	sum := map[string]int64{}
	for _, code := range codes {
		for cell, n := range s.Rows[code] {
			sum[cell] += n
		}
	}
	return sum
}

// moved is how many people at least stand otherwise than before: the matched, and all with a pre-test.
func moved(before, after map[string]int64) (matched, tested int64, err error) {
	var came, left [2]int64
	cells := maps.Clone(after)
	for cell, n := range before {
		cells[cell] -= n
	}
	for cell, n := range cells {
		s, err := tally.ParseCell(cell)
		if err != nil {
			return 0, 0, err
		}
		for i, counts := range [...]bool{s.Matched, s.Pre != nil} {
			switch {
			case counts && n > 0:
				came[i] += n
			case counts:
				left[i] -= n
			}
		}
	}
	return max(came[0], left[0]), max(came[1], left[1]), nil
}
