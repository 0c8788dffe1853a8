package pack

import (
	"slices"
	"strings"

	"melek/courses"
)

// right is the right answer in words.
func (j Job) right(it *courses.Item) string {
	if it.Written() {
		return strings.TrimSpace(it.Key[0] + " " + j.In(it.Unit))
	}
	parts := make([]string, len(it.Key))
	for i, k := range it.Key {
		option, target, paired := strings.Cut(k, "=")
		parts[i] = j.textOf(it.Options, option)
		if paired {
			parts[i] += " – " + j.textOf(it.Targets, target)
		}
	}
	if it.Type == courses.Order {
		return strings.Join(parts, " → ")
	}
	return strings.Join(parts, "; ")
}

func (j Job) textOf(options []courses.Option, id string) string {
	i := slices.IndexFunc(options, func(o courses.Option) bool { return o.ID == id })
	if i < 0 {
		return id
	}
	return j.In(options[i].Text)
}
