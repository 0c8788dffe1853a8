package gate

import (
	"slices"
	"unicode/utf8"

	"melek/courses"
)

// A key must not be found without reading: not by its letter and not by its length. With four options, a
// reader of nothing is right in a quarter; these are the shares that chance still explains in ten items.
const (
	leastPlace, mostPlace = 0.10, 0.40 // of a form's keys at one letter
	mostLength            = 0.40       // of a form's keys that are the longest, or the shortest
	mostRow               = 3          // keys at one letter, one after the other
)

// fair asks that no key is given away, and that parallel forms are parallel.
func (j *judging) fair() {
	for _, m := range j.course.Modules {
		j.everyLetter(m)
	}
	for _, f := range j.course.Forms {
		items := singles(j.items(f.Items))
		j.places(f.ID, items)
		j.truths(f.ID, j.items(f.Items))
		for _, lang := range courses.Langs {
			j.lengths(f.ID, items, lang)
		}
	}
	j.parallel()
	for _, it := range j.all() {
		j.targetsTurned(it)
	}
}

// singles are the items of which one of several options is right; true and false are another matter.
func singles(items []*courses.Item) []*courses.Item {
	return slices.DeleteFunc(slices.Clone(items), func(it *courses.Item) bool {
		return it.Several() || it.Type != courses.Single && it.Type != "" || len(it.Key) != 1
	})
}

// place is that of the key among the options, from 0.
func place(it *courses.Item) int {
	return slices.IndexFunc(it.Options, func(o courses.Option) bool { return slices.Contains(it.Key, o.ID) })
}

// everyLetter asks that somebody who always picks the same letter gets something wrong and something right.
func (j *judging) everyLetter(m courses.Module) {
	items := singles(j.items(m.Quiz))
	if len(items) == 0 || len(items) < len(items[0].Options) {
		return
	}
	count := make([]int, len(items[0].Options))
	for _, it := range items {
		if at := place(it); at < len(count) {
			count[at]++
		}
	}
	for i, n := range count {
		if n == 0 {
			j.find(m.ID, "move a key there", "no key of its quiz stands at place %d", i+1)
		}
	}
}

// places asks that the keys of a form are spread over the letters without a pattern.
func (j *judging) places(form string, items []*courses.Item) {
	count, row, last := map[int]int{}, 0, -1
	most := 0
	for _, it := range items {
		at := place(it)
		count[at]++
		if row++; at != last {
			row, last = 1, at
		}
		if row == mostRow+1 {
			j.find(it.ID, "move one of them", "it is the key number %d in a row at place %d of form %s", row,
				at+1, form)
		}
		most = max(most, len(it.Options))
	}
	if len(items) < 2*most {
		return
	}
	for at := range most {
		if share := float64(count[at]) / float64(len(items)); share < leastPlace || share > mostPlace {
			j.find(form, "move keys until each place has 10 to 40 %", "%d of %d keys stand at place %d", count[at],
				len(items), at+1)
		}
	}
}

// truths asks that neither true nor false is the safer guess.
func (j *judging) truths(form string, items []*courses.Item) {
	n, trues := 0, 0
	for _, it := range items {
		if it.Type == courses.TrueFalse {
			n++
			if slices.Contains(it.Key, courses.True) {
				trues++
			}
		}
	}
	if n >= 4 && (4*trues < n || 4*trues > 3*n) {
		j.find(form, "turn some of the statements round", "%d of %d statements are true", trues, n)
	}
}

// lengths asks that neither the longest nor the shortest option is the safer guess.
func (j *judging) lengths(form string, items []*courses.Item, lang courses.Lang) {
	if len(items) < 8 {
		return
	}
	longest, shortest := 0, 0
	for _, it := range items {
		key, least, most := lengthsOf(it, lang)
		if key > most {
			longest++
		}
		if key < least {
			shortest++
		}
	}
	for what, n := range map[string]int{"longest": longest, "shortest": shortest} {
		if float64(n) > mostLength*float64(len(items)) {
			j.find(form, "make the options of an item alike in length; 40 % at most",
				"the right option is the %s in %d of %d items in %s", what, n, len(items), langNames[lang])
		}
	}
}

// lengthsOf returns how long the key is, and how long the shortest and the longest of the others are.
func lengthsOf(it *courses.Item, lang courses.Lang) (key, least, most int) {
	least = 1 << 30
	for _, o := range it.Options {
		n := utf8.RuneCountInString(o.Text.In(lang))
		if slices.Contains(it.Key, o.ID) {
			key = n
		} else {
			least, most = min(least, n), max(most, n)
		}
	}
	return key, least, most
}

// parallel asks that the forms ask the same at the same place: of one module, of one pillar.
func (j *judging) parallel() {
	if len(j.course.Forms) == 0 {
		return
	}
	first := j.items(j.course.Forms[0].Items)
	for _, f := range j.course.Forms[1:] {
		for i, it := range j.items(f.Items) {
			if i >= len(first) {
				break
			}
			if it.Pillar != first[i].Pillar || moduleOf(it.Fact) != moduleOf(first[i].Fact) {
				j.find(it.ID, "give both one subject, or move one of them",
					"it is number %d of form %s as %s is of form %s, and asks of another module or pillar", i+1, f.ID,
					first[i].ID, j.course.Forms[0].ID)
			}
		}
	}
}

// targetsTurned asks that a match is not solved by going down both lists at once.
func (j *judging) targetsTurned(it *courses.Item) {
	if it.Type != courses.Match || len(it.Options) > len(it.Targets) {
		return
	}
	for i, o := range it.Options {
		if !slices.Contains(it.Key, o.ID+"="+it.Targets[i].ID) {
			return
		}
	}
	j.find(it.ID, "write the targets in another order", "its targets stand in the order of its options")
}
