package bench

import (
	"context"
	"time"

	"melek/courses/sheet"
)

// Edition is a version of a course in which an item changed.
type Edition struct {
	Version string // empty for the draft
	At      time.Time
	Current bool        // it is taught now
	Item    *sheet.Item // nil where the version no longer has it
	Changes []sheet.Change
}

type keptEdition struct {
	version string
	at      time.Time
	sheet   *sheet.Sheet
}

// editions are the versions kept of a course, the oldest first.
func (b *Bench) editions(ctx context.Context, course string) ([]keptEdition, error) {
	kept, err := b.store.Courses(ctx)
	if err != nil {
		return nil, err
	}
	var all []keptEdition
	for _, source := range kept {
		if source.Course != course {
			continue
		}
		if s, err := sheet.Read(source.Files); err == nil {
			all = append(all, keptEdition{source.Version, source.KeptAt, s})
		}
	}
	return all, nil
}

// History lists the versions in which the item was new, was changed or was taken away, the oldest first,
// and last the draft where the item differs there.
func (b *Bench) History(ctx context.Context, course, item string) ([]Edition, error) {
	all, err := b.editions(ctx, course)
	if err != nil {
		return nil, err
	}
	if d, err := b.store.Draft(ctx, course); err == nil {
		if s, err := sheet.Read(d.Files); err == nil {
			all = append(all, keptEdition{"", d.At, s})
		}
	}
	current, _ := b.catalog.Current(course)
	var history []Edition
	var before *sheet.Item
	for _, each := range all {
		var now *sheet.Item
		if i, err := each.sheet.Item(item); err == nil {
			now = &each.sheet.Items[i]
		}
		if changes := sheet.CompareItem(before, now); len(changes) > 0 {
			history = append(history, Edition{each.version, each.at, current != nil && each.version == current.Version,
				now, changes})
		}
		before = now
	}
	return history, nil
}
