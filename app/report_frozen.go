package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"melek/courses"
	"melek/courses/reports"
)

type reportFreeze struct {
	settings
	By     string `enum:"district,village,workshop,pillar,position,age,gender" default:"district"`
	Course string `required:"" placeholder:"ID"`
	From   string `placeholder:"DAY"`
	To     string `placeholder:"DAY"`
	Type   string `enum:",desa,kelurahan" default:"" placeholder:"TYPE"`
	Role   string `enum:"participant,facilitator" default:"participant" placeholder:"ROLE"`
}

// Run freezes the report and prints its id.
func (c *reportFreeze) Run(ctx context.Context) error {
	return c.with(ctx, func(r *rig) error {
		flags := groupFlags{Course: c.Course, From: c.From, To: c.To, Type: c.Type, Role: c.Role}
		f, err := r.archive(r.desk()).Freeze(ctx, flags.query(c.By), commandLine)
		if err != nil {
			return usage(err)
		}
		if err := r.note(ctx, "report.frozen", c.Course, f.ID); err != nil {
			return err
		}
		_, err = fmt.Println(f.ID)
		return err
	})
}

type reportFrozen struct {
	settings
	ID    string `arg:"" optional:"" help:"Print this report as it was signed; without it list all."`
	Check bool
}

// Run lists frozen reports, prints one, or checks the seal of one and makes it again.
func (c *reportFrozen) Run(ctx context.Context) error {
	return c.with(ctx, func(r *rig) error {
		archive := r.archive(r.desk())
		if c.ID == "" {
			return listFrozen(ctx, archive)
		}
		f, seal, err := archive.Get(ctx, c.ID)
		if err != nil {
			return err
		}
		if !c.Check {
			if seal == reports.BadSeal {
				return courses.Problemf(courses.Conflict, "frozen.broken", c.ID)
			}
			_, err := os.Stdout.Write(append(f.Report, '\n'))
			return err
		}
		return checkFrozen(ctx, archive, f, seal)
	})
}

func listFrozen(ctx context.Context, archive *reports.Archive) error {
	ids, err := archive.List(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		f, seal, err := archive.Get(ctx, id)
		if err != nil {
			return err
		}
		q := f.Query
		fmt.Printf("%s %s %s by %s %s..%s, %d records, %s, seal: %s\n", id, f.FrozenAt.Format("2006-01-02"),
			q.Course, q.By, q.From, q.To, f.Records.Count, f.Method, seal)
	}
	return nil
}

// checkFrozen refuses a report that is not what was signed or does not come out the same again.
func checkFrozen(ctx context.Context, archive *reports.Archive, f reports.Frozen, seal reports.Seal) error {
	same, err := archive.Again(ctx, f)
	if err != nil {
		return err
	}
	changes, err := archive.Changes(ctx, f)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	err = out.Encode(struct {
		Seal    reports.Seal     `json:"seal"`
		Same    bool             `json:"same_again"`
		Changes []reports.Change `json:"changes"`
	}{seal, same, changes})
	if err == nil && (seal == reports.BadSeal || !same) {
		return courses.Problemf(courses.Conflict, "frozen.broken", f.ID)
	}
	return err
}
