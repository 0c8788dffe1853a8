package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"melek/courses"
	"melek/courses/people"
)

// adminCommands help where nobody can sign in.
type adminCommands struct {
	Create createAdmin `cmd:"" help:"Create an administrator and print a one-time code."`
	Reset  resetCode   `cmd:"" help:"Print a new one-time code for a person of any role."`

	LostKey lostKey `cmd:"" help:"Take all second factors away, where the key that locks them is lost."`
}

type createAdmin struct {
	settings
	addressSettings `group:"Settings"`
	ID              string `placeholder:"NUMBER"`
	Name            string `placeholder:"NAME"`
}

// Run registers the administrator in the region's root area.
func (c *createAdmin) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	id, err := given(c.ID, "--id", "Number to sign in with")
	if err != nil {
		return err
	}
	name, err := given(c.Name, "--name", "Name")
	if err != nil {
		return err
	}
	return c.with(ctx, func(r *rig) error {
		p := people.Person{ID: id, Name: name, Role: people.Admin,
			Postings: []people.Posting{{Area: r.region.Root().Code}}}
		if err := p.Check(r.region, time.Now()); err != nil {
			return err
		}
		if _, err := r.store.Person(ctx, id); !errors.Is(err, courses.NotFound) {
			if err != nil {
				return err
			}
			return fmt.Errorf("there is a person %q already; «admin reset %s» makes a new code", id, id)
		}
		if err := r.ledger.Register(ctx, []people.Person{p}); err != nil {
			return err
		}
		if err := r.note(ctx, "admin.create", id, ""); err != nil {
			return err
		}
		return printCode(ctx, r, id, c.publicURL())
	})
}

type resetCode struct {
	settings
	addressSettings `group:"Settings"`
	ID              string `arg:"" help:"Number of the person."`
	Second          bool   `name:"second-factor" help:"Take the second factor away too."`
}

// Run makes a new code; a PIN that was chosen still opens.
func (c *resetCode) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	return c.with(ctx, func(r *rig) error {
		if _, err := r.store.Person(ctx, c.ID); errors.Is(err, courses.NotFound) {
			return fmt.Errorf("there is no person %q", c.ID)
		} else if err != nil {
			return err
		}
		if err := r.note(ctx, "admin.reset", c.ID, ""); err != nil {
			return err
		}
		if c.Second {
			if err := r.door.ForgetSecond(ctx, c.ID); err != nil {
				return err
			}
			if err := r.note(ctx, "second.remove", c.ID, ""); err != nil {
				return err
			}
		}
		return printCode(ctx, r, c.ID, c.publicURL())
	})
}

func printCode(ctx context.Context, r *rig, id, address string) error {
	code, err := r.door.MakeCode(ctx, id)
	if err != nil {
		return err
	}
	say("Sign in at %s/id/sign-in\nnumber %s\ncode   %s", address, id, code)
	return nil
}

// given is the value of a flag; on a terminal it is asked for.
func given(value, flag, question string) (string, error) {
	if value != "" {
		return value, nil
	}
	if !isTerminal(os.Stdin) {
		return "", wrong(flag, value, "anything but nothing")
	}
	fmt.Fprintf(os.Stderr, "%s: ", question)
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	return strings.TrimSpace(line), err
}
