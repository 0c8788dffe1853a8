package gain

// Units returns the finest groups of leaves that can be told of, once Hide has judged the whole: those that
// are told, and those hidden ones that are known only together. Whatever is told is a sum of units, and each
// unit is nobody or holds enough people.
func Units(whole *Part) [][]*Part {
	if len(whole.Parts) == 0 {
		return [][]*Part{{whole}}
	}
	return unitsOf(whole.Parts)
}

func unitsOf(parts []*Part) (units [][]*Part) {
	var rest []*Part
	splits := false
	for _, p := range parts {
		switch {
		case !p.Hidden && len(p.Parts) > 0:
			units = append(units, unitsOf(p.Parts)...)
		case !p.Hidden:
			units = append(units, []*Part{p})
		case len(p.Parts) > 0:
			rest, splits = append(rest, p.Parts...), true
		default:
			rest = append(rest, p)
		}
	}
	if splits {
		return append(units, unitsOf(rest)...)
	}
	if len(rest) > 0 {
		units = append(units, rest)
	}
	return units
}

// Columns is how many people of a unit are in each column of a narrower table, by each count that matters.
// All that are judged together have the same columns and counts, and nobody is in two columns.
type Columns [][]int64

// Add returns the people of both units together; nil is nobody.
func (c Columns) Add(other Columns) Columns {
	if c == nil {
		c = make(Columns, len(other))
	}
	sum := make(Columns, len(other))
	for i := range other {
		sum[i] = append(sum[i], other[i]...)
		for k, n := range c[i] {
			sum[i][k] += n
		}
	}
	return sum
}

// sum is how many people there are in all columns.
func (c Columns) sum() []int64 {
	var sum []int64
	for _, column := range c {
		if sum == nil {
			sum = make([]int64, len(column))
		}
		for i, n := range column {
			sum[i] += n
		}
	}
	return sum
}

// Split reports whether the unit may be told column by column: no column holds few of it.
func (c Columns) Split(least int64) bool {
	for _, column := range c {
		for _, n := range column {
			if 0 < n && n < least {
				return false
			}
		}
	}
	return true
}

// mostColumns is the number of columns of which every union is tried; of more than these only single ones
// and all but single ones are.
const mostColumns = 13

// Separable reports whether everybody may be told column by column although some units may not: whichever
// columns are added up, what is told of units that lie in them leaves nobody, or enough people, when it is
// taken away. Units that may be told by column never leave few, and few people are no unit that is told.
func Separable(units []Columns, least int64) bool {
	var pool []Columns
	for _, u := range units {
		if !u.Split(least) {
			pool = append(pool, u)
		}
	}
	return SeparableAlone(pool, least)
}

// SeparableAlone is Separable where no unit is told column by column, however many it holds.
func SeparableAlone(pool []Columns, least int64) bool {
	if len(pool) == 0 {
		return true
	}
	if len(pool[0]) <= mostColumns {
		return separableByAll(pool, least)
	}
	for column := range pool[0] {
		single := func(c int) bool { return c == column }
		others := func(c int) bool { return c != column }
		if !leavesEnough(pool, single, least) || !leavesEnough(pool, others, least) {
			return false
		}
	}
	return true
}

// leavesEnough judges one union of columns. A unit lies in it by one count, as that of the matched, even
// where by another it does not.
func leavesEnough(pool []Columns, in func(column int) bool, least int64) bool {
	left := make([]int64, len(pool[0][0]))
	for _, u := range pool {
		told := enough(u.sum(), least)
		for i := range left {
			inside, whole := int64(0), true
			for column, counts := range u {
				if in(column) {
					inside += counts[i]
				} else if counts[i] > 0 {
					whole = false
				}
			}
			if !whole || !told {
				left[i] += inside
			}
		}
	}
	return enough(left, least)
}

func enough(counts []int64, least int64) bool {
	for _, n := range counts {
		if 0 < n && n < least {
			return false
		}
	}
	return true
}

// separableByAll judges every union of columns, each a set of bits. What lies in a union is the sum of its
// columns, and the units wholly in it are those of all its subsets, added up bit by bit.
func separableByAll(pool []Columns, least int64) bool {
	columns, counts := len(pool[0]), len(pool[0][0])
	for i := range counts {
		left := make([]int64, 1<<columns)
		for _, u := range pool {
			support, own := 0, int64(0)
			for column, of := range u {
				if of[i] != 0 {
					left[1<<column] += of[i]
					own += of[i]
					support |= 1 << column
				}
			}
			if enough(u.sum(), least) {
				left[support] -= own
			}
		}
		for bit := range columns {
			for set := range left {
				if set&(1<<bit) != 0 {
					left[set] += left[set^(1<<bit)]
				}
			}
		}
		if !enough(left, least) {
			return false
		}
	}
	return true
}
