package reports

import (
	"math"

	"melek/courses"
	"melek/courses/gain/items"
	"melek/courses/gain/rasch"
)

// otherAnswers is what an item report calls the written answers that it does not tell one by one. No folded
// text and no number is written so.
const otherAnswers = "…"

// itemRow is the row of an item; item is nil where the current version of the course has it no more. What
// people wrote themselves may tell who they are, so a writing that is not in the key is told only where as
// many wrote it as may be published, and not by thirds.
func (d *Desk) itemRow(tests *items.Tests, id string, item *courses.Item, scale *rasch.Scale) items.Row {
	if item == nil {
		item = &courses.Item{ID: id}
	}
	row := tests.Row(id, item, scale)
	if item.Written() || len(item.Options) == 0 {
		mergeRare(row.Options, item.Tallied(), int64(d.minCell))
		if row.Thirds != nil { // nobody's answers have none
			for i := range row.Thirds {
				mergeRare(row.Thirds[i].Options, item.Tallied(), math.MaxInt64)
			}
		}
	}
	return row
}

// mergeRare puts the answers that fewer than least people gave together, but for those that are known.
func mergeRare(answers map[string]int64, known []string, least int64) {
	keep := map[string]bool{}
	for _, answer := range known {
		keep[answer] = true
	}
	rest := int64(0)
	for answer, n := range answers {
		if n < least && !keep[answer] {
			rest += n
			delete(answers, answer)
		}
	}
	if rest > 0 {
		answers[otherAnswers] = rest
	}
}
