package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"melek/app/internal/demo"
	"melek/courses/store"
	"melek/handlers"
)

// mostPeople is how many people a demo may have; a regency has some thousand.
const mostPeople = 1_000_000

type demoCommand struct {
	Rules          ruleSettings `embed:"" group:"Settings"`
	listenSettings `group:"Settings"`
	People         string `default:"3000" placeholder:"N"`
	Seed           uint64 `default:"1" placeholder:"S"`
	Truth          string `placeholder:"FILE"`
}

// Run simulates a regency in a temporary folder, serves it and takes the folder away. Whatever
// database the environment names is left alone.
func (c *demoCommand) Run(ctx context.Context) (err error) {
	number, err := strconv.Atoi(c.People)
	if err != nil || number < 1 || number > mostPeople {
		return wrong("--people", c.People, fmt.Sprintf("a whole number from 1 to %d", mostPeople))
	}
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // the server closes it first
	folder, err := os.MkdirTemp("", "melek-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	s := settings{Store: storeSettings{Data: folder}, Rules: c.Rules}
	return s.withStore(ctx, func(rules rules, opened store.Store) error {
		if err := opened.PutSetting(ctx, simulatedSetting, "yes"); err != nil {
			return err
		}
		r, err := rules.assemble(ctx, opened)
		if err != nil {
			return err
		}
		if err := r.prepareSecond(ctx); err != nil {
			return err
		}
		return c.serve(ctx, r, number, folder, func(setup handlers.Setup) error {
			return r.serve(ctx, listener, setup)
		})
	})
}

// serve fills the database, says how to try it, and serves.
func (c *demoCommand) serve(ctx context.Context, r *rig, number int, folder string,
	serve func(handlers.Setup) error) error {
	begun := time.Now()
	if err := r.ledger.CatchUp(ctx); err != nil {
		return err
	}
	regency, err := demo.New(demo.Setup{Region: r.region, Courses: r.catalog.Courses(), Zone: r.zone,
		People: number, Seed: c.Seed})
	if err != nil {
		return err
	}
	if err := c.writeTruth(regency); err != nil {
		return err
	}
	if err := regency.Fill(ctx, r.ledger, r.store); err != nil {
		return err
	}
	tokens, err := regency.Open(ctx, r.door)
	if err != nil {
		return err
	}
	say("A simulated regency of %d participants, made in %s. Nothing in it is real.", number,
		time.Since(begun).Round(100*time.Millisecond))
	say("Melek is at %s", c.publicURL())
	today, err := regency.Today(ctx, r.door, r.store, time.Now().In(r.zone).Format(time.DateOnly))
	if err != nil {
		return err
	}
	say("WORKSHOP CODE %s at %s/id/hall", today.Code, c.publicURL())
	setup := handlers.Setup{BaseURL: c.publicURL(), TrustedProxies: c.Proxies,
		Rates: handlers.Rates{Person: handlers.Unbounded, Network: handlers.Unbounded}} // a place to try things out
	for i, a := range regency.Accounts() {
		say("ACCOUNT %s %s %q", a.Person.Role, a.Person.ID, a.Secret)
		say("TOKEN %s %s", a.Person.Role, tokens[i])
		setup.Accounts = append(setup.Accounts, handlers.DemoAccount{Role: a.Person.Role, Name: a.Person.Name,
			ID: a.Person.ID, Secret: a.Secret})
	}
	c.sayReports(r, folder, tokens[len(tokens)-2])
	return serve(setup)
}

// sayReports prints two ways to one report: over HTTP, and from the same database on the command line.
func (c *demoCommand) sayReports(r *rig, folder, token string) {
	all := r.catalog.Courses()
	if len(all) == 0 {
		return
	}
	course := all[0].ID
	address := c.publicURL() + "/api/v1/reports/gains?course=" + course
	say("curl -s -H 'Authorization: Bearer %s' '%s'", token, address)
	say("MELEK_DATA=%s %s report gains --course %s --format json", folder, programName(), course)
}

// writeTruth writes the true gains of the simulation to the file that is named.
func (c *demoCommand) writeTruth(regency *demo.Regency) error {
	if c.Truth == "" {
		return nil
	}
	raw, err := json.MarshalIndent(regency.Truth(), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(c.Truth, append(raw, '\n'), 0o600)
}

// programName is how whoever reads the output starts the program.
func programName() string {
	if strings.Contains(filepath.ToSlash(os.Args[0]), "/go-build") {
		return "go run ./app"
	}
	return os.Args[0]
}
