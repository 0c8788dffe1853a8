package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/content"
	"melek/courses/exchange"
	"melek/courses/ledger"
	"melek/courses/people"
)

// importCommands take things in; they may run while the program serves.
type importCommands struct {
	People  importPeople  `cmd:"" help:"Take in a people file, CSV or XLSX; a - is standard input."`
	Records importRecords `cmd:"" help:"Take in learning records, NDJSON; a - is standard input."`
	Course  importCourse  `cmd:"" help:"Take in a course, one zip file, as its current version."`
	Items   importItems   `cmd:"" help:"Make a draft of items.yaml from another system's questions."`
}

type importPeople struct {
	settings
	addressSettings `group:"Settings"`
	File            string `arg:"" help:"CSV with at least id,name,role,area, or XLSX."`
	Slips           string `placeholder:"OUT"`
}

// peopleBatch is how many rows are registered in one transaction.
const peopleBatch = 500

// Run takes the people in row by row; bad rows are told and the rest go in.
func (c *importPeople) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	if !slices.Contains([]string{"", ".pdf", ".csv"}, filepath.Ext(c.Slips)) {
		return wrong("--slips", c.Slips, "a file that ends in .pdf or .csv")
	}
	in, err := open(c.File)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	return c.with(ctx, func(r *rig) error {
		work := &peopleImport{rig: r}
		if err := work.run(ctx, in); err != nil {
			return err
		}
		tell("%d rows of %d people taken in, %d refused", work.rows, len(work.ids), work.refused)
		if c.Slips != "" {
			if err := c.writeSlips(ctx, r, work.order); err != nil {
				return err
			}
		}
		if work.refused > 0 {
			return errTold
		}
		return nil
	})
}

// peopleImport is one file being taken in.
type peopleImport struct {
	*rig
	rows    int
	refused int
	ids     map[string]bool
	order   []string // the ids as they came
}

func (w *peopleImport) run(ctx context.Context, in io.Reader) error {
	file, err := exchange.ReadPeople(in, w.region, time.Now())
	if err != nil {
		return err
	}
	for _, title := range file.Ignored {
		tell("the column %q is not known and not read", title)
	}
	w.ids = map[string]bool{}
	var batch []exchange.PersonRow
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return w.register(ctx, batch)
		}
		if err != nil {
			return err
		}
		if row.Problem != nil {
			w.refuse(row, row.Problem)
			continue
		}
		if batch = append(batch, row); len(batch) == peopleBatch {
			if err := w.register(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
}

func (w *peopleImport) refuse(row exchange.PersonRow, reason error) {
	w.refused++
	refuse(row.Line, row.ID, reason)
}

// register puts the rows in the register; those of erased people are told, and the rest tried again.
func (w *peopleImport) register(ctx context.Context, batch []exchange.PersonRow) error {
	for len(batch) > 0 {
		persons := make([]people.Person, len(batch))
		for i, row := range batch {
			persons[i] = row.Person
		}
		err := w.ledger.Register(ctx, persons)
		erased, ok := erasedID(err)
		if !ok {
			if err == nil {
				w.count(batch)
			}
			return err
		}
		var rest []exchange.PersonRow
		for _, row := range batch {
			if row.ID == erased {
				w.refuse(row, err)
			} else {
				rest = append(rest, row)
			}
		}
		batch = rest
	}
	return nil
}

func (w *peopleImport) count(batch []exchange.PersonRow) {
	w.rows += len(batch)
	for _, row := range batch {
		if !w.ids[row.ID] {
			w.ids[row.ID] = true
			w.order = append(w.order, row.ID)
		}
	}
}

// refuse writes the line of a refusal.
func refuse(line int, id string, reason error) {
	if id == "" {
		complain("line %d: %s", line, sentence(reason))
		return
	}
	complain("line %d: %s: %s", line, id, sentence(reason))
}

// erasedID is the id that an error refuses because its person was erased.
func erasedID(err error) (string, bool) {
	var problem *courses.Problem
	if !errors.As(err, &problem) || problem.Key != "person.erased" || len(problem.Args) != 1 {
		return "", false
	}
	id, ok := problem.Args[0].(string)
	return id, ok
}

// writeSlips makes new codes for those of the people who have not chosen a PIN yet.
func (c *importPeople) writeSlips(ctx context.Context, r *rig, ids []string) error {
	var slips []exchange.Slip
	for _, id := range ids {
		credential, err := r.store.Credential(ctx, id)
		if err != nil || credential.PIN != "" {
			if err != nil {
				return err
			}
			continue
		}
		person, err := r.store.Person(ctx, id)
		if err != nil {
			return err
		}
		code, err := r.door.MakeCode(ctx, id)
		if err != nil {
			return err
		}
		slips = append(slips, exchange.NewSlip(person, code, r.region))
	}
	out, err := create(c.Slips)
	if err != nil {
		return err
	}
	if filepath.Ext(c.Slips) == ".csv" {
		err = exchange.WriteSlipList(out, slips)
	} else {
		err = exchange.WriteSlips(out, exchange.SlipSheet{Slips: slips, Address: c.publicURL(),
			Until: time.Now().Add(access.CodeLife).In(r.zone), Simulated: r.simulated})
	}
	if err := out.finish(err); err != nil {
		return err
	}
	tell("%d slips written to %s; earlier unused codes of these people are not valid any more",
		len(slips), c.Slips)
	return r.note(ctx, "people.slips", "", fmt.Sprint(len(slips), " codes"))
}

type importRecords struct {
	settings
	File string `arg:"" help:"NDJSON, one record a line."`
}

// Run takes the records in; run again after it was broken off, it doubles and loses nothing.
func (c *importRecords) Run(ctx context.Context) error {
	in, err := open(c.File)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	return c.with(ctx, func(r *rig) error {
		bar := progressbar.NewOptions64(sizeOf(in), progressbar.OptionSetWriter(os.Stderr),
			progressbar.OptionShowBytes(true), progressbar.OptionSetDescription("records"),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetVisibility(isTerminal(os.Stderr)))
		job := exchange.RecordImport{Filer: r.ledger, Now: time.Now,
			Told: func(l exchange.RecordLine) {
				_ = bar.Clear() // only looks
				refuse(l.Line, l.ID, l.Reason)
			},
			Progress: func(bytes int64) { _ = bar.Set64(bytes) },
		}
		counts, err := job.Run(ctx, in)
		_ = bar.Finish()
		tell("%s", recordCounts(counts))
		if err != nil {
			tell("broken off; run the import again, nothing will be doubled or lost")
			return err
		}
		if counts[ledger.Invalid]+counts[ledger.Refused] > 0 {
			return errTold
		}
		return nil
	})
}

// recordCounts words the counts that are not 0, in the order of their weight.
func recordCounts(counts exchange.RecordCounts) string {
	parts := []string{fmt.Sprintf("%d stored", counts[ledger.Stored])}
	for _, s := range []struct {
		status ledger.Status
		words  string
	}{
		{ledger.Duplicate, "known already"},
		{ledger.Quarantined, "kept until their person or course version is known"},
		{ledger.Conflict, "in conflict with an earlier record, kept beside it"},
		{ledger.Erased, "of erased people, not kept"},
		{ledger.Invalid, "refused"},
	} {
		if n := counts[s.status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s.words))
		}
	}
	return strings.Join(parts, ", ")
}

type importCourse struct {
	settings
	File string `arg:"" help:"Zip file of the course's folder."`
}

// Run takes the course in and derives anew what follows from it.
func (c *importCourse) Run(ctx context.Context) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	source, err := content.ReadFile(file, max(sizeOf(file), 0))
	if err != nil {
		return err
	}
	return c.with(ctx, func(r *rig) error {
		course, err := r.catalog.Add(ctx, source)
		if err != nil {
			return err
		}
		if err := r.ledger.CatchUp(ctx); err != nil {
			return err
		}
		tell("%s is taught in version %s now", course.ID, course.Version)
		return r.note(ctx, "course.import", course.ID, course.Version)
	})
}
