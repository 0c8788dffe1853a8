package bank

import (
	"cmp"
	"reflect"
	"slices"

	"melek/courses"
)

// joinParallel joins the item with one that was taken before under its id, where the two are one item in two
// languages. The same item again is left out.
func (d *draft) joinParallel() bool {
	i, ok := d.place[d.item.ID]
	if !ok || d.item.ID == "" {
		return false
	}
	earlier := &d.haul.Items[i].Item
	if reflect.DeepEqual(*earlier, d.item) {
		d.leave("bank.twice")
		return true
	}
	if !join(earlier, &d.item) {
		return false
	}
	d.tell()
	return true
}

// join adds to an item what a parallel one says in the other language; false where they are not parallel.
func join(it, more *courses.Item) bool {
	if it.Type != more.Type || !sameOffer(it.Options, more.Options) || !sameOffer(it.Targets, more.Targets) ||
		it.Tolerance != more.Tolerance || it.Type != courses.ShortText && !slices.Equal(it.Key, more.Key) {
		return false
	}
	mine, theirs := texts(it), texts(more)
	for i, t := range mine {
		if it.Type == courses.TrueFalse && i > 2 {
			break // the options of a true-false item are everywhere the same
		}
		if t.ID != "" && theirs[i].ID != "" && t.ID != theirs[i].ID ||
			t.EN != "" && theirs[i].EN != "" && t.EN != theirs[i].EN {
			return false
		}
	}
	for i, t := range mine {
		t.ID, t.EN = cmp.Or(t.ID, theirs[i].ID), cmp.Or(t.EN, theirs[i].EN)
	}
	if it.Type == courses.ShortText {
		for _, k := range more.Key {
			same := func(known string) bool { return courses.Fold(known) == courses.Fold(k) }
			if !slices.ContainsFunc(it.Key, same) {
				it.Key = append(it.Key, k)
			}
		}
	}
	it.Fact, it.Pillar = cmp.Or(it.Fact, more.Fact), cmp.Or(it.Pillar, more.Pillar)
	return true
}

func sameOffer(a, b []courses.Option) bool {
	return slices.EqualFunc(a, b, func(x, y courses.Option) bool { return x.ID == y.ID })
}

// Merge adds the items of a haul to earlier ones: an item of the same id in the other language fills in the
// translation, one that says something else is left out of the haul with a note.
func (h *Haul) Merge(earlier []Entry) {
	merged := slices.Clone(earlier)
	for i := range merged { // the haul may be thrown away, so what was earlier is not changed in place
		merged[i].Options, merged[i].Targets = slices.Clone(merged[i].Options), slices.Clone(merged[i].Targets)
	}
	for _, e := range h.Items {
		i := slices.IndexFunc(merged, func(known Entry) bool { return known.ID == e.ID })
		switch {
		case i < 0:
			merged = append(merged, e)
		case reflect.DeepEqual(merged[i].Item, e.Item) || join(&merged[i].Item, &e.Item):
		default:
			h.refuse(e.ID)
		}
	}
	h.Items = merged
}

// refuse turns the note that an item was taken into one that its id belongs to another item.
func (h *Haul) refuse(id string) {
	for i := range h.Notes {
		if h.Notes[i].Item == id && h.Notes[i].Fate == Taken {
			h.Notes[i].Fate = LeftOut
			h.Notes[i].Reason = courses.Problemf(courses.Conflict, "bank.id_taken", id)
		}
	}
}
