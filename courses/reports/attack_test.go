package reports_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
)

// victim is one person of a generated regency: what an attacker may know, and what reports count.
type victim struct {
	area, day, workshop, gender string // day is empty where no test was taken
	matched                     bool
}

// set is a set of people, a bit each.
type set [4]uint64

func (c set) without(o set) (left set) {
	for i := range c {
		left[i] = c[i] &^ o[i]
	}
	return left
}

func (c set) size() (n int) {
	for _, w := range c {
		n += bits.OnesCount64(w)
	}
	return n
}

func (c set) within(o set) bool { return c.without(o) == set{} }

// attack is all that a regency's reports tell of: the sets of people with a pre-test, and of those matched.
type attack struct {
	t       *testing.T
	k       *kit
	victims []victim
	told    [2]map[set]string   // by the set, where it was told
	tables  [2]map[string]table // by the filter, for by district and village
}

// table is the sets of one table by their codes.
type table map[string]set

const fewest = 5 // of newKit

// totalCode is that of the total; no row has it.
const totalCode = "total"

// TestNoTwoTablesDifferByFewPeople asks every report with every filter and range of days and subtracts: one told
// group from each that holds it, all told rows of a table from its total, and tables of one range from tables of
// a wider one. Nowhere are 1 to 4 people left.
func TestNoTwoTablesDifferByFewPeople(t *testing.T) {
	cases := 2
	if more, err := strconv.Atoi(os.Getenv("MELEK_ATTACKS")); err == nil {
		cases = more
	}
	dated, typed, valued := 0, 0, 0
	for seed := range cases {
		a := newAttack(t, uint64(seed))
		a.ask()
		a.subtract()
		for _, where := range a.told[0] {
			dated += btoi(len(where) > 0 && where[0] == 'd')
			typed += btoi(len(where) > 0 && where[0] == 't')
			valued += btoi(len(where) > 0 && where[0] == 'v')
		}
	}
	t.Logf("told: %d groups by days, %d by type, %d by value", dated, typed, valued)
	if dated == 0 || typed == 0 || valued == 0 { // with the seeds of the first cases
		t.Error("some kind of table tells nothing at all, so that it cannot be attacked")
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// newAttack invents a regency. Days, workshops and sizes go together in some, as they do in life.
func newAttack(t *testing.T, seed uint64) *attack {
	rng := rand.New(rand.NewPCG(seed, 7))
	a := &attack{t: t, k: newKit()}
	workshops := rng.IntN(3)
	for _, area := range []string{"33.1.1", "33.1.2", "33.1.3", "33.2.1", "33.2.2", "33.3.1", "33.3.2", "33.1", "33"} {
		size := []int{0, 3, 7, 12, 25}[rng.IntN(5)]
		if len(area) < 5 {
			size = []int{0, 0, 4}[rng.IntN(3)]
		}
		home := rng.IntN(4)
		for range size {
			v := victim{area: area, gender: "LP"[rng.IntN(2):][:1], matched: rng.IntN(5) > 0}
			at := home
			if rng.IntN(4) == 0 {
				at = rng.IntN(4)
			}
			if rng.IntN(12) > 0 {
				v.day = day.AddDate(0, 0, []int{0, 1, 9, 40}[at]).Format("2006-01-02")
			}
			if workshops > 0 && rng.IntN(5) > 0 {
				v.workshop = fmt.Sprint("w", at%(workshops+1))
			}
			if len(a.victims) < 256 {
				a.victims = append(a.victims, v)
			}
		}
	}
	for i := range a.victims {
		a.live(i)
	}
	a.k.file(t)
	for i := range a.told {
		a.told[i], a.tables[i] = map[set]string{}, map[string]table{}
	}
	return a
}

// live files what a victim did.
func (a *attack) live(i int) {
	v := &a.victims[i]
	p := a.k.newcomer(v.area)
	a.k.persons[i].Gender = v.gender
	if v.day == "" {
		v.matched = false
		a.k.say(record.Record{Kind: record.Enrolled, Person: p})
		return
	}
	at := day
	for at.Format("2006-01-02") != v.day {
		at = at.AddDate(0, 0, 1)
	}
	a.k.say(record.Record{Kind: record.Scored, Person: p, Phase: record.Pre, Workshop: v.workshop, At: at,
		Score: &record.Score{Raw: float64(i), Max: 300}})
	if v.matched {
		a.k.say(record.Record{Kind: record.Scored, Person: p, Phase: record.Post, At: at.AddDate(0, 3, 0),
			Score: &record.Score{Raw: float64(200 + i%7), Max: 300}})
	}
}

// ask asks for everything.
func (a *attack) ask() {
	days := []string{"", "2026-11-02", "2026-11-03", "2026-11-11", "2026-12-12"}
	for _, within := range []string{"33", "33.1", "33.2", "33.1.2"} {
		for _, by := range []reports.By{reports.ByDistrict, reports.ByVillage, reports.ByWorkshop, reports.ByGender} {
			for _, kind := range []people.AreaType{"", people.Village, people.Ward} {
				for i, from := range days {
					for _, to := range days {
						if by == reports.ByGender && (from+to+string(kind) != "") || to != "" && to < from || i > 0 && to == "" {
							continue
						}
						a.read(reports.Query{By: by, Type: kind, From: from, To: to, Within: within})
					}
				}
			}
		}
	}
}

// read takes down whom a report tells of.
func (a *attack) read(q reports.Query) {
	r := a.k.gains(a.t, q)
	kind := "a" // by area
	switch {
	case q.From+q.To != "":
		kind = "d"
	case q.Type != "":
		kind = "t"
	case q.By == reports.ByWorkshop || q.By == reports.ByGender:
		kind = "v"
	}
	name := fmt.Sprintf("%s %s %s %s…%s %s", kind, q.By, q.Type, q.From, q.To, q.Within)
	for count := range a.told {
		told := table{}
		tell := func(code string, set set) {
			told[code] = set
			// Who is of which gender has nothing to do with the other filters: those tables are attacked by themselves.
			if q.By != reports.ByGender {
				a.told[count][set] = name + " " + code
			}
		}
		for _, row := range r.Rows {
			if !row.Suppressed {
				set := a.set(q, row.Code, count)
				if n := []int64{*row.PreN, *row.Matched}[count]; int(n) != set.size() {
					a.t.Fatalf("%s: row %q is of %d people, the attacker knows %d", name, row.Code, n, set.size())
				}
				tell(row.Code, set)
			}
		}
		if !r.Total.Suppressed {
			tell(totalCode, a.set(q, totalCode, count))
		}
		a.tables[count][name] = told
		a.total(name, told)
	}
}

// set is whom a row is of.
func (a *attack) set(q reports.Query, code string, count int) (set set) {
	for i, v := range a.victims {
		in := v.day != "" && (count == 0 || v.matched) && region().Within(v.area, q.Within) && v.day >= q.From &&
			(q.To == "" || v.day <= q.To)
		area, _ := region().Area(v.area)
		in = in && (q.Type == "" || area.Type == q.Type)
		switch {
		case code == totalCode:
		case q.By == reports.ByGender:
			in = in && v.gender == code
		case q.By == reports.ByWorkshop:
			in = in && v.workshop == code
		default:
			in = in && region().Within(v.area, code)
		}
		if in {
			set[i/64] |= 1 << (i % 64)
		}
	}
	return set
}

// total takes all told rows from the total.
func (a *attack) total(name string, told table) {
	left, ok := told[totalCode]
	if !ok {
		return
	}
	for code, set := range told {
		if code != totalCode {
			left = left.without(set)
		}
	}
	a.judge(left, name+": the total less its rows")
}

func (a *attack) judge(left set, how string) {
	if n := left.size(); 0 < n && n < fewest {
		a.t.Fatalf("%d people are left: %s", n, how)
	}
}

// subtract takes each told group from each that holds it, and each table from those of wider filters.
func (a *attack) subtract() {
	for count := range a.told {
		for inner, where := range a.told[count] {
			for outer, there := range a.told[count] {
				if inner != outer && inner.within(outer) {
					a.judge(outer.without(inner), there+" less "+where)
				}
			}
		}
		for there, wide := range a.tables[count] {
			for where, narrow := range a.tables[count] {
				if there == where || !narrow[totalCode].within(wide[totalCode]) {
					continue
				}
				a.difference(wide, narrow, there+" less "+where+", and its total less its rows")
			}
		}
	}
}

// difference subtracts two tables row by row, and then the rows from the total.
func (a *attack) difference(wide, narrow table, how string) {
	total, ok := wide[totalCode]
	small, both := narrow[totalCode]
	if !ok || !both {
		return
	}
	left := total.without(small)
	for code, set := range wide {
		inner, both := narrow[code]
		if code == totalCode || !both || !inner.within(set) {
			continue
		}
		a.judge(set.without(inner), how)
		left = left.without(set.without(inner))
	}
	a.judge(left, how)
}
