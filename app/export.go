package main

import (
	"context"
	"fmt"
	"iter"

	"melek/courses/exchange"
	"melek/courses/people"
	"melek/courses/store"
)

// exportCommands write files that can be taken in again.
type exportCommands struct {
	People  exportPeople  `cmd:"" help:"Write the register of people as CSV; a - is standard output."`
	Records exportRecords `cmd:"" help:"Write every learning record as NDJSON; a - is standard output."`
	Course  exportCourse  `cmd:"" help:"Write a course for Melek or for another system."`
}

type exportPeople struct {
	settings
	File string `arg:"" help:"CSV to write."`
}

// Run writes the register, a row for each posting.
func (c *exportPeople) Run(ctx context.Context) error {
	return c.with(ctx, func(r *rig) error {
		out, err := create(c.File)
		if err != nil {
			return err
		}
		if err := out.finish(exchange.WritePeople(out, everybody(ctx, r.store))); err != nil {
			return err
		}
		return r.note(ctx, "people.export", "", "")
	})
}

// everybody gives every person of the register in order of id.
func everybody(ctx context.Context, directory store.Directory) iter.Seq2[people.Person, error] {
	const page = 1000
	return func(yield func(people.Person, error) bool) {
		after := ""
		for {
			persons, err := directory.People(ctx, store.PeopleQuery{After: after, Limit: page})
			if err != nil {
				yield(people.Person{}, err)
				return
			}
			for _, p := range persons {
				if !yield(p, nil) {
					return
				}
				after = p.ID
			}
			if len(persons) < page {
				return
			}
		}
	}
}

type exportRecords struct {
	settings
	File string `arg:"" help:"NDJSON to write."`
}

// Run writes every record in its canonical form.
func (c *exportRecords) Run(ctx context.Context) error {
	return c.with(ctx, func(r *rig) error {
		out, err := create(c.File)
		if err != nil {
			return err
		}
		n, err := exchange.WriteRecords(ctx, out, r.store)
		if err := out.finish(err); err != nil {
			return err
		}
		tell("%d records written", n)
		return r.note(ctx, "records.export", "", fmt.Sprint(n, " records"))
	})
}
