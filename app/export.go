package main

import (
	"context"
	"fmt"

	"melek/courses/exchange"
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
		if err := out.finish(exchange.WritePeople(out, store.Everybody(ctx, r.store))); err != nil {
			return err
		}
		return r.note(ctx, "people.export", "", "")
	})
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
