package main

import (
	"context"
	"errors"
	"os"
	"strings"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
)

// reportCommands write reports to standard output.
type reportCommands struct {
	Gains      reportGains      `cmd:"" help:"How much literacy rose, and how sure that is."`
	Items      reportItems      `cmd:"" help:"How the items of a test did."`
	Linked     reportLinked     `cmd:"" help:"What people gained with the test forms made equal."`
	Freeze     reportFreeze     `cmd:"" help:"Close a period: keep the gains report, signed."`
	Frozen     reportFrozen     `cmd:"" help:"List, print or check the reports of closed periods."`
	Completion reportCompletion `cmd:"" help:"How many people are enrolled, tested and done."`
}

// groupFlags narrow a report to some people and say how it is written.
type groupFlags struct {
	Course string `required:"" placeholder:"ID"`
	From   string `placeholder:"DAY"`
	To     string `placeholder:"DAY"`
	Type   string `enum:",desa,kelurahan" default:"" placeholder:"TYPE"`
	Role   string `enum:"participant,facilitator" default:"participant" placeholder:"ROLE"`
	Format string `enum:"table,json,csv,xlsx,pdf" default:"table" placeholder:"FORMAT"`
	Lang   string `enum:"id,en" default:"id" placeholder:"LANG"`

	Unsuppressed bool
}

func (f groupFlags) query(by string) reports.Query {
	return reports.Query{Course: f.Course, By: reports.By(by), From: f.From, To: f.To,
		Type: people.AreaType(f.Type), Role: people.Role(f.Role), Unsuppressed: f.Unsuppressed}
}

// check refuses to write what is no text to a terminal.
func (f groupFlags) check() error {
	if (f.Format == "xlsx" || f.Format == "pdf") && isTerminal(os.Stdout) {
		return wrong("--format", f.Format, "table, json or csv on a terminal; redirect the others to a file")
	}
	return nil
}

// admit writes the audit line that seeing small groups costs.
func (f groupFlags) admit(ctx context.Context, r *rig, report string) error {
	if !f.Unsuppressed {
		return nil
	}
	return r.note(ctx, "report.unsuppressed", f.Course, report)
}

func (f groupFlags) words() func(string) string {
	words := book().Words(f.Lang)
	return func(key string) string { return words.T(key) }
}

type reportGains struct {
	settings
	By string `enum:"district,village,workshop,pillar,position,age,gender" default:"district" placeholder:"ROWS"`
	groupFlags
}

// Run writes the gains report.
func (c *reportGains) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	return c.with(ctx, func(r *rig) error {
		desk, query := r.desk(), c.query(c.By)
		report, err := desk.GainsWhole(ctx, query)
		if err != nil {
			return usage(err)
		}
		if err := c.admit(ctx, r, "gains by "+c.By); err != nil {
			return err
		}
		return exchange.WriteGains(os.Stdout, c.Format, report, courses.Lang(c.Lang), c.words())
	})
}

type reportLinked struct {
	settings
	Course string `required:"" placeholder:"ID"`
	By     string `enum:"district,village" default:"district" placeholder:"ROWS"`
	Role   string `enum:"participant,facilitator" default:"participant" placeholder:"ROLE"`
	Format string `enum:"table,json" default:"table" placeholder:"FORMAT"`
	Lang   string `enum:"id,en" default:"id" placeholder:"LANG"`
}

// Run compares the forms as the records now have it and writes the report.
func (c *reportLinked) Run(ctx context.Context) error {
	return c.with(ctx, func(r *rig) error {
		desk := r.desk()
		if err := reports.NewReviewer(desk, r.store, r.catalog.Courses).Review(ctx); err != nil {
			return err
		}
		query := reports.Query{Course: c.Course, By: reports.By(c.By), Role: people.Role(c.Role)}
		report, err := desk.Linked(ctx, query)
		if err != nil {
			return usage(err)
		}
		words := book().Words(c.Lang)
		return exchange.WriteLinked(os.Stdout, c.Format, report, courses.Lang(c.Lang),
			func(key string) string { return words.T(key) })
	})
}

type reportCompletion struct {
	settings
	By string `enum:"district,village" default:"district" placeholder:"ROWS"`
	groupFlags
}

// Run writes the completion report.
func (c *reportCompletion) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	return c.with(ctx, func(r *rig) error {
		report, err := r.desk().Completion(ctx, c.query(c.By))
		if err != nil {
			return usage(err)
		}
		if err := c.admit(ctx, r, "completion by "+c.By); err != nil {
			return err
		}
		return exchange.WriteCompletion(os.Stdout, c.Format, report, courses.Lang(c.Lang), c.words())
	})
}

type reportItems struct {
	settings
	Course string `required:"" placeholder:"ID"`
	Phase  string `required:"" enum:"pre,post,retention,all,quiz" placeholder:"PHASE"`
	Form   string `placeholder:"FORM"`
	Format string `enum:"table,json" default:"json" placeholder:"FORMAT"`
	Lang   string `enum:"id,en" default:"id" placeholder:"LANG"`
}

// Run writes the item report.
func (c *reportItems) Run(ctx context.Context) error {
	return c.with(ctx, func(r *rig) error {
		report, err := r.desk().Items(ctx, c.Course, record.Phase(c.Phase), c.Form)
		if err != nil {
			return usage(err)
		}
		words := book().Words(c.Lang)
		return exchange.WriteItems(os.Stdout, c.Format, report, courses.Lang(c.Lang),
			func(key string) string { return words.T(key) })
	})
}

// usage makes a malformed query wrong usage; a course that is not there is refused.
func usage(err error) error {
	var problem *courses.Problem
	ours := errors.As(err, &problem) && strings.HasPrefix(problem.Key, "report.")
	if !ours || problem.Key == "report.course" {
		return err
	}
	return &usageError{err}
}

// usageError is wrong usage that a room found.
type usageError struct{ error }

// Unwrap gives the error that words it.
func (e *usageError) Unwrap() error { return e.error }
