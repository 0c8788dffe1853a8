package gain_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/gain"
)

func TestASnapshotIsReplacedWhenEnoughPeopleChanged(t *testing.T) {
	people := func(n int64) map[string]int64 { return map[string]int64{"4/10|6/10|m": n} }
	snap := func(a, b map[string]int64, told ...string) gain.Snapshot {
		s := gain.Snapshot{Rows: map[string]map[string]int64{"a": a, "b": b}, Told: map[string]bool{}}
		for _, code := range told {
			s.Told[code] = true
		}
		return s
	}
	tests := []struct {
		name          string
		before, after gain.Snapshot
		want          bool
	}{
		{"nothing changed", snap(people(20), people(20), "a", "b"), snap(people(20), people(20), "a", "b"), true},
		{"one more", snap(people(20), people(20), "a", "b"), snap(people(21), people(20), "a", "b"), false},
		{"ten more", snap(people(20), people(20), "a", "b"), snap(people(30), people(20), "a", "b"), true},
		{"ten more here and one there", snap(people(20), people(20), "a", "b"), snap(people(30), people(21), "a", "b"),
			false},
		{"as many, of other marks", snap(people(20), people(20), "a", "b"),
			snap(map[string]int64{"4/10|6/10|m": 19, "4/10|7/10|m": 1}, people(20), "a", "b"), false},
		{"ten who only enrolled and one with marks", snap(people(20), people(20), "a", "b"),
			snap(map[string]int64{"4/10|6/10|m": 21, "||": 10}, people(20), "a", "b"), false},
		{"few who left after the pre-test", snap(people(20), people(20), "a", "b"),
			snap(map[string]int64{"4/10|6/10|m": 20, "4/10||": 3}, people(20), "a", "b"), false},
		{"few hidden ones", snap(people(20), people(5), "a"), snap(people(20), people(7), "a"), false},
		{"a row that is told for the first time grew by few", snap(people(20), people(8), "a"),
			snap(people(20), people(11), "a", "b"), false},
		{"the first snapshot is of many", gain.Snapshot{}, snap(people(20), people(20), "a", "b"), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := gain.MayReplace(tt.before, tt.after, 10); got != tt.want || err != nil {
				t.Errorf("may replace = %v, %v; want %v", got, err, tt.want)
			}
		})
	}
	if _, err := gain.MayReplace(gain.Snapshot{}, snap(map[string]int64{"x": 1}, nil, "a"), 10); err == nil {
		t.Error("a cell that cannot be read is passed over")
	}
}

// TestTwoDaysTablesDoNotTellOfFew publishes a table day by day where it may be and subtracts what was told of each
// row from what is told: 1 to 9 people are never what changed.
func TestTwoDaysTablesDoNotTellOfFew(t *testing.T) {
	const least = 10
	rapid.Check(t, func(t *rapid.T) {
		now := map[string]int64{}
		var shown gain.Snapshot
		shownRows := map[string]int64{}
		for range rapid.IntRange(1, 12).Draw(t, "days") {
			for row := range 3 {
				now[fmt.Sprint(row)] += rapid.SampledFrom([]int64{0, 0, 1, 4, 12}).Draw(t, "more")
			}
			next := gain.Snapshot{Rows: map[string]map[string]int64{}, Told: map[string]bool{}}
			for code, n := range now {
				next.Rows[code] = map[string]int64{"4/10|6/10|m": n}
				next.Told[code] = n >= least
			}
			may, err := gain.MayReplace(shown, next, least)
			if err != nil {
				t.Fatal(err)
			}
			if !may {
				continue
			}
			for code, n := range now {
				if before, told := shownRows[code], shown.Told[code]; told && n != before && n-before < least {
					t.Fatalf("row %s went from %d to %d", code, before, n)
				}
			}
			shown = next
			for code, n := range now {
				shownRows[code] = n
			}
		}
	})
}
