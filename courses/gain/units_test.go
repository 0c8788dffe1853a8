package gain_test

import (
	"testing"

	"pgregory.net/rapid"

	"melek/courses/gain"
)

// TestWhateverIsToldIsASumOfUnits: the units of a judged tree are nobody or enough people, every leaf is in one of
// them, and what is told of is whole units.
func TestWhateverIsToldIsASumOfUnits(t *testing.T) {
	const least = 10
	rapid.Check(t, func(t *rapid.T) {
		top := &gain.Part{Code: "top", People: []int64{0}}
		leaves := 0
		for range rapid.IntRange(1, 4).Draw(t, "districts") {
			district := &gain.Part{People: []int64{0}}
			for range rapid.IntRange(1, 4).Draw(t, "villages") {
				n := rapid.Int64Range(0, 25).Draw(t, "people")
				district.Parts = append(district.Parts, &gain.Part{People: []int64{n}})
				district.People[0] += n
				leaves++
			}
			top.Parts = append(top.Parts, district)
			top.People[0] += district.People[0]
		}
		gain.Hide(top, least)
		if top.Hidden {
			return
		}
		unitOf, sizes := map[*gain.Part]int{}, []int64{}
		for i, unit := range gain.Units(top) {
			sizes = append(sizes, 0)
			for _, leaf := range unit {
				unitOf[leaf] = i
				sizes[i] += leaf.People[0]
			}
		}
		if len(unitOf) != leaves {
			t.Fatalf("%d of %d leaves are in a unit", len(unitOf), leaves)
		}
		for i, n := range sizes {
			if 0 < n && n < least {
				t.Fatalf("unit %d is %d people", i, n)
			}
		}
		for _, district := range top.Parts {
			own := map[int]int64{}
			for _, leaf := range district.Parts {
				own[unitOf[leaf]] += leaf.People[0]
			}
			for unit, n := range own {
				if !district.Hidden && n != sizes[unit] {
					t.Fatalf("a told kecamatan has %d of the %d people of unit %d", n, sizes[unit], unit)
				}
			}
		}
	})
}

func TestSeparable(t *testing.T) {
	unit := func(columns ...int64) (c gain.Columns) {
		for _, n := range columns {
			c = append(c, []int64{n})
		}
		return c
	}
	wide := make(gain.Columns, 20)
	for i := range wide {
		wide[i] = []int64{1}
	}
	tests := []struct {
		name  string
		units []gain.Columns
		want  bool
	}{
		{"nobody", []gain.Columns{unit(0, 0)}, true},
		{"every unit may be told by column", []gain.Columns{unit(10, 0), unit(12, 15)}, true},
		{"few of one unit alone", []gain.Columns{unit(10, 3)}, false},
		{"few of two units are enough together", []gain.Columns{unit(10, 6), unit(10, 6)}, true},
		{"a unit that lies in a column leaves the few of another", []gain.Columns{unit(12, 0), unit(3, 20)}, false},
		{"few people are never taken away", []gain.Columns{unit(3, 0), unit(12, 12)}, false},
		{"two columns together hold a unit and few others", []gain.Columns{unit(7, 8, 0), unit(8, 9, 30), unit(2, 0, 20),
			unit(0, 1, 20)}, true},
		{"and where it is known", []gain.Columns{unit(7, 8, 0), unit(2, 1, 30)}, false},
		{"many columns with one person each", []gain.Columns{wide}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := gain.Separable(tt.units, 10); got != tt.want {
				t.Errorf("separable = %v, want %v", got, tt.want)
			}
		})
	}
}

// TestNoUnionOfColumnsLeavesFew tries every union and every choice of units by hand.
func TestNoUnionOfColumnsLeavesFew(t *testing.T) {
	const least = 5
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 4).Draw(t, "columns")
		units := make([]gain.Columns, rapid.IntRange(1, 4).Draw(t, "units"))
		sizes := make([]int64, len(units))
		for i := range units {
			for range columns {
				n := rapid.SampledFrom([]int64{0, 0, 2, 4, 6, 9}).Draw(t, "people")
				units[i], sizes[i] = append(units[i], []int64{n}), sizes[i]+n
			}
			if sizes[i] < least { // no unit is told of few
				units[i][0][0] += least
				sizes[i] += least
			}
		}
		if !gain.Separable(units, least) {
			return
		}
		for union := range 1 << columns {
			for taken := range 1 << len(units) {
				left := int64(0)
				inside := true
				for i, u := range units {
					for c, n := range u {
						in := union>>c&1 == 1
						if in && taken>>i&1 == 0 {
							left += n[0]
						}
						inside = inside && (taken>>i&1 == 0 || in || n[0] == 0)
					}
				}
				if inside && 0 < left && left < least {
					t.Fatalf("columns %b less units %b of %v leave %d", union, taken, units, left)
				}
			}
		}
	})
}
