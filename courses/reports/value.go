package reports

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/tally"
)

// valued is the people of one value of a dimension, by area.
type valued struct {
	code    string
	buckets []bucket
}

// byValue makes a row each value of the dimension that anybody has; those who have none come last.
//
// Tables of the region, of kecamatan and by area can be subtracted from each other, so they are judged
// together: values are columns, and the units are those that reports by area leave. While some values leave
// few people when the units that lie in them are taken away, the smallest value is hidden. A kecamatan tells
// its values where no value holds few of its people, nor leaves few; a village does not tell them. Where
// the report is narrowed, a workshop is told that lies in it with everybody.
func (d *Desk) byValue(ctx context.Context, q Query, by tally.Dimension, t *table) error {
	values, err := d.values(ctx, q, by)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	if !q.Unsuppressed {
		whole := values
		if q.narrowed() {
			if whole, err = d.values(ctx, q.whole(), by); err != nil {
				return err
			}
		}
		if told, err = d.toldValues(ctx, q, whole, values); err != nil {
			return err
		}
	}
	for _, v := range values {
		name, err := d.nameOfValue(ctx, by, v.code)
		if err != nil {
			return err
		}
		n := &node{code: v.code, name: name}
		for _, b := range v.buckets {
			if d.within(b.area, q.Within) {
				n.group.Add(b.figures)
			}
		}
		if n.group.Sum().Enrolled == 0 {
			continue
		}
		t.rows = append(t.rows, n)
		if !q.Unsuppressed && !told[v.code] {
			t.barred[n] = true
		}
	}
	t.sums = []*node{{group: t.total.group, parts: t.rows}}
	return nil
}

// nameOfValue is what a row is called that has no wording of its own: a workshop that the register knows by
// its title and its first day.
func (d *Desk) nameOfValue(ctx context.Context, by tally.Dimension, code string) (string, error) {
	if by != tally.Workshop || code == "" {
		return capitalised(code), nil
	}
	w, err := d.store.Workshop(ctx, code)
	if errors.Is(err, courses.NotFound) {
		return code, nil
	}
	if err != nil {
		return "", fmt.Errorf("reports: workshop %s: %w", code, err)
	}
	if day, err := time.Parse(time.DateOnly, w.From); err == nil {
		return w.Title + " (" + day.Format("02-01-2006") + ")", nil
	}
	return w.Title, nil
}

func (d *Desk) values(ctx context.Context, q Query, by tally.Dimension) ([]valued, error) {
	cuts, err := d.store.CutsOf(ctx, q.Course, by.Of(""))
	if err != nil {
		return nil, fmt.Errorf("reports: %s of %s: %w", by, q.Course, err)
	}
	for _, none := range []tally.Cut{by.Of(""), by.Of(tally.Unknown)} {
		if i := slices.Index(cuts, none); i >= 0 {
			cuts = append(slices.Delete(cuts, i, i+1), none)
		}
	}
	values := make([]valued, len(cuts))
	for i, cut := range cuts {
		values[i].code = string(cut[len(by.Of("")):])
		if values[i].buckets, err = d.buckets(ctx, q, cut); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// toldValues are the values that the report may tell of, given those of the whole report.
func (d *Desk) toldValues(ctx context.Context, q Query, whole, narrowed []valued) (map[string]bool, error) {
	j := judge{desk: d, counts: tested, least: int64(d.minCell), hidden: map[*node]bool{},
		unitOf: map[string]int{}}
	everybody, err := d.buckets(ctx, q.whole(), tally.Everybody)
	if err != nil {
		return nil, err
	}
	j.judgeWhole(q.whole(), everybody)
	top := j.separate(whole)
	telling := j.telling(whole, top)
	told := map[string]bool{}
	for i, v := range whole {
		same := !q.narrowed() || slices.ContainsFunc(narrowed, func(n valued) bool {
			return n.code == v.code && d.sum(n, q.Within) == d.sum(v, q.Within)
		})
		told[v.code] = same && !top.Hidden && !top.Parts[i].Hidden
	}
	if q.Within == d.region.Root().Code || telling[q.Within] {
		return told, nil
	}
	return map[string]bool{}, nil
}

// telling are the kecamatan whose own tables may tell values, in the order of their codes as many as may:
// what each tells can be taken away from what is told of the region.
func (j *judge) telling(values []valued, top *gain.Part) map[string]bool {
	telling := map[string]bool{}
	for _, district := range j.desk.region.OfType(people.District) {
		n := j.base.nodes[district.Code]
		if n == nil || j.hidden[n] || top.Hidden {
			continue
		}
		units := j.byValue(values, top, func(area string) bool { return j.desk.region.Within(area, district.Code) })
		var sum gain.Columns
		for _, u := range units {
			sum = sum.Add(u)
		}
		if !sum.Split(j.least) || !gain.SeparableAlone(units, j.least) {
			continue
		}
		telling[district.Code] = true
		others := j.byValue(values, top, func(area string) bool {
			of, ok := j.desk.region.Ancestor(area, people.District)
			return !ok || !telling[of.Code]
		})
		if !gain.SeparableAlone(others, j.least) {
			delete(telling, district.Code)
		}
	}
	return telling
}

// separate hides values until the region can be told by them.
func (j *judge) separate(values []valued) *gain.Part {
	root := j.desk.region.Root().Code
	top := &gain.Part{People: tested(j.base.root.group.Sum()), Hidden: j.hidden[j.base.root]}
	for _, v := range values {
		top.Parts = append(top.Parts, &gain.Part{Code: v.code, People: tested(j.desk.sum(v, root))})
	}
	for {
		gain.Hide(top, j.least)
		if gain.SeparableAlone(j.byValue(values, top, func(string) bool { return true }), j.least) {
			return top
		}
		var smallest *gain.Part
		for _, p := range top.Parts {
			if !p.Hidden && (smallest == nil || slices.Compare(p.People, smallest.People) < 0) {
				smallest = p
			}
		}
		if smallest == nil {
			top.Hidden = true
			return top
		}
		smallest.Hidden = true
	}
}

// byValue counts the units' people in some areas by value; hidden values are one column.
func (j *judge) byValue(values []valued, top *gain.Part, in func(area string) bool) []gain.Columns {
	var all []some
	column := map[string]int{}
	for i, v := range values {
		column[v.code] = i
		if top.Parts[i].Hidden {
			column[v.code] = len(values)
		}
		for _, b := range v.buckets {
			if in(b.area) {
				// The value stands where the day does elsewhere.
				all = append(all, some{j.base.leafOf(j.desk.region, b.area), b.area, v.code, b.figures})
			}
		}
	}
	return j.columns(j.unitOf, all, len(values)+1, func(s some) int { return column[s.day] })
}

func (d *Desk) sum(v valued, within string) tally.Figures {
	var g gain.Group
	for _, b := range v.buckets {
		if d.within(b.area, within) {
			g.Add(b.figures)
		}
	}
	return g.Sum()
}

func (d *Desk) within(area, within string) bool {
	return within == d.region.Root().Code || d.region.Within(area, within)
}

// capitalised writes a value that is kept in small letters as a name; others begin with what has no case
// or with a capital already.
func capitalised(value string) string {
	first, size := utf8.DecodeRuneInString(value)
	if first == utf8.RuneError {
		return value
	}
	return string(unicode.ToUpper(first)) + value[size:]
}
