package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"melek/app/internal/backup"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/privacy"
	"melek/courses/record"
)

// privacySettings say how the office processes personal data; the notice to people is made from them.
type privacySettings struct {
	Retention  string `name:"retention-months" env:"MELEK_RETENTION_MONTHS" placeholder:"N"`
	Basis      string `name:"privacy-basis" env:"MELEK_PRIVACY_BASIS" default:"public-task" placeholder:"BASIS"`
	Controller string `env:"MELEK_CONTROLLER" placeholder:"OFFICE"`
	Contact    string `name:"privacy-contact" env:"MELEK_PRIVACY_CONTACT" placeholder:"TEXT"`
}

// mostRetention is the longest time in months that can be set: 50 years.
const mostRetention = 600

// office reads the settings; the controller is the Diskominfo of the region unless another is named.
func (s privacySettings) office(region *people.Region) (privacy.Office, error) {
	root := region.Root()
	o := privacy.Office{Basis: privacy.Basis(s.Basis), Contact: s.Contact, Controller: cmp.Or(s.Controller,
		"Dinas Komunikasi dan Informatika Kabupaten "+root.Name)}
	if !slices.Contains(privacy.Bases, o.Basis) {
		return o, wrong("MELEK_PRIVACY_BASIS (--privacy-basis)", s.Basis, bases())
	}
	if s.Retention == "" {
		return o, nil
	}
	var err error
	o.RetentionMonths, err = strconv.Atoi(s.Retention)
	if err != nil || o.RetentionMonths < 1 || o.RetentionMonths > mostRetention {
		return o, wrong("MELEK_RETENTION_MONTHS (--retention-months)", s.Retention,
			fmt.Sprintf("a whole number from 1 to %d, or nothing for no end", mostRetention))
	}
	return o, nil
}

// bases are the grounds that can be set.
func bases() string {
	var all []string
	for _, b := range privacy.Bases {
		all = append(all, string(b))
	}
	return strings.Join(all, ", ")
}

// clerk carries out what people may ask over their data.
func (r *rig) clerk() *privacy.Clerk {
	return privacy.New(privacy.Setup{Office: r.office, Store: r.store, Ledger: r.ledger, Zone: r.zone,
		Now: time.Now})
}

// commandLine is who does what is done there.
const commandLine = "command line"

type eraseCommand struct {
	settings
	ID      string `arg:"" help:"Number of the person."`
	Confirm string `placeholder:"NUMBER"`
}

// Run erases one person, whose number is given twice.
func (c *eraseCommand) Run(ctx context.Context) error {
	typed, err := given(c.Confirm, "--confirm", "This cannot be undone. Type the number once more")
	if err != nil {
		return err
	}
	return c.with(ctx, func(r *rig) error {
		if err := r.clerk().Erase(ctx, c.ID, typed, commandLine); err != nil {
			return err
		}
		tell("%s is erased, and on the list %s; keep the list with the backups", c.ID, r.erasures.Path())
		return nil
	})
}

type retainCommand struct {
	settings
	DryRun bool
}

// Run takes away the data of those who have left for longer than the retention, or says of whom.
func (c *retainCommand) Run(ctx context.Context) error {
	return c.with(ctx, func(r *rig) error {
		clerk := r.clerk()
		if r.office.RetentionMonths == 0 {
			say("MELEK_RETENTION_MONTHS is not set: nobody's data are taken away")
		}
		if c.DryRun {
			return sayLeavers(ctx, clerk)
		}
		n, err := clerk.Retain(ctx, math.MaxInt)
		say("%d people erased", n)
		return err
	})
}

// sayLeavers prints who has left and what is to become of their data.
func sayLeavers(ctx context.Context, clerk *privacy.Clerk) error {
	due := 0
	err := clerk.EachLeaver(ctx, func(l privacy.Leaver) error {
		fate := "kept, no retention is set"
		switch {
		case l.Left.IsZero():
			fate = "kept, the last day of service is not known"
		case clerk.IsDue(l):
			fate = "would be erased"
			due++
		case clerk.RetentionMonths > 0:
			fate = "kept until " + l.Until.Format(time.DateOnly)
		}
		say("%s\t%s", l.Person.ID, fate)
		return nil
	})
	say("%d people would be erased", due)
	return err
}

// lists are the lists of erasures that a backup of the name is to agree with: that of the data folder and
// that beside the backup.
func (r rules) lists(name string) []*backup.Erasures {
	if name == "-" {
		return []*backup.Erasures{r.erasures}
	}
	return []*backup.Erasures{r.erasures, backup.ErasuresIn(filepath.Dir(name))}
}

// agree erases again whoever is on a list and not yet erased in the store, and returns how many.
func (r *rig) agree(ctx context.Context, listed []record.Entry) (int, error) {
	n := 0
	for some := range slices.Chunk(listed, 100) {
		answers, err := r.ledger.File(ctx, some)
		if err != nil {
			return n, err
		}
		for i, a := range answers {
			if a.Status == ledger.Stored {
				n++
				if err := r.note(ctx, "restore.erased", some[i].Person, ""); err != nil {
					return n, err
				}
			}
		}
	}
	return n, nil
}

// Retention by itself.
const (
	// mostADay is how many people are erased by themselves in a day: a clock that is wrong does little harm,
	// and whoever wants more runs «retain».
	mostADay = 200
	// retainedSetting says on which day that was done last.
	retainedSetting = "privacy.retained"
	quietFrom       = 1 // hour of the zone
	quietTo         = 4
)

// cleaner is a store whose files may go on holding what was deleted until they are written anew.
type cleaner interface {
	Unclean(ctx context.Context) (bool, error)
	Clean(ctx context.Context) error
}

// keepPrivacy takes away, once a day, the data of those who have left for longer than the retention, and
// what may have stayed of the erased in a file too large to be written anew at once.
func (r *rig) keepPrivacy(ctx context.Context, now time.Time) {
	now = now.In(r.zone)
	if c, ok := r.store.(cleaner); ok && now.Hour() >= quietFrom && now.Hour() < quietTo {
		if err := c.Clean(ctx); err != nil {
			warn(ctx, "the database could not be cleared of what was erased; it goes on later", err)
		}
	}
	today := now.Format(time.DateOnly)
	done, err := r.setting(ctx, retainedSetting)
	if r.office.RetentionMonths == 0 || err != nil || done == today {
		return
	}
	n, err := r.clerk().Retain(ctx, mostADay)
	if n > 0 {
		slog.Info("data of those who have left were erased", "people", n)
	}
	if err == nil {
		err = r.store.PutSetting(ctx, retainedSetting, today)
	}
	if err != nil {
		warn(ctx, "retention could not be carried out; it goes on later", err)
	}
}
