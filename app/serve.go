package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"time"

	"melek/courses/path"
	"melek/courses/people"
	"melek/courses/reports"
	"melek/courses/store"
	"melek/handlers"
)

// How the program stops, and how often it looks after what nobody asks for.
const (
	stopPatience = 20 * time.Second // for requests in flight
	upkeepEvery  = 30 * time.Second
)

type serveCommand struct {
	settings
	listenSettings `group:"Settings"`
	Office         officeSettings `embed:"" group:"Settings"`
}

// Run serves until the program is told to stop, which it may be before it has begun.
func (c *serveCommand) Run(ctx context.Context) error {
	if err := c.run(ctx); ctx.Err() == nil || !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (c *serveCommand) run(ctx context.Context) error {
	federation, err := c.Office.read()
	if err != nil {
		return err
	}
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // the server closes it first
	return c.withStore(ctx, func(rules rules, s store.Store) error {
		r, err := rules.assemble(ctx, s)
		if err != nil {
			return err
		}
		if err := r.prepareSecond(ctx); err != nil {
			return err
		}
		say("Melek is at %s", c.publicURL())
		if err := r.offerSetup(ctx, c.publicURL()); err != nil {
			return err
		}
		observe, err := c.offerMetrics(ctx)
		if err != nil {
			return err
		}
		return r.serve(ctx, listener, handlers.Setup{BaseURL: c.publicURL(), TrustedProxies: c.Proxies,
			Observe: observe, Federation: federation})
	})
}

const anotherPort = "choose another one with PORT or --port"

// listen opens the port; for port 0 the settings then name the one that was found.
func (c *listenSettings) listen(ctx context.Context) (net.Listener, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	for _, proxy := range c.Proxies {
		if _, _, err := net.ParseCIDR(proxy); err != nil && net.ParseIP(proxy) == nil {
			return nil, wrong("MELEK_TRUSTED_PROXIES (--trusted-proxies)", proxy, "IP addresses and CIDR ranges")
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(c.Host, c.Port))
	var dns *net.DNSError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("port %s is in use by another program; %s", c.Port, anotherPort)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("port %s may not be used by this user; %s", c.Port, anotherPort)
	case errors.As(err, &dns), errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, wrong("HOST (--host)", c.Host, "an address of this machine")
	case err != nil:
		return nil, err
	}
	if address, ok := listener.Addr().(*net.TCPAddr); ok {
		c.Port = strconv.Itoa(address.Port)
	}
	return listener, nil
}

// setupKey is the setting that keeps the hash of the key which creates the first administrator.
const setupKey = "setup.key"

// offerSetup prints a link that creates the first administrator, while there is none. It is new at
// every start, because only the key's hash is kept.
func (r *rig) offerSetup(ctx context.Context, address string) error {
	admins, err := r.store.People(ctx, store.PeopleQuery{Role: people.Admin, Limit: 1})
	if err != nil || len(admins) > 0 {
		return err
	}
	secret := make([]byte, 24)
	_, _ = rand.Read(secret) // never fails
	key := base64.RawURLEncoding.EncodeToString(secret)
	sum := sha256.Sum256([]byte(key))
	if err := r.store.PutSetting(ctx, setupKey, hex.EncodeToString(sum[:])); err != nil {
		return err
	}
	say("There is no administrator yet. This link creates one, once:\n%s/id/setup?key=%s", address, key)
	return nil
}

// serve answers requests until the context ends, then lets those in flight finish.
func (r *rig) serve(ctx context.Context, listener net.Listener, setup handlers.Setup) error {
	setup.Store, setup.Ledger, setup.Catalog, setup.Door = r.store, r.ledger, r.catalog, r.door
	setup.Desk, setup.Region, setup.Zone, setup.MinCell = r.desk(), r.region, r.zone, r.minCell
	setup.Reviewer = reports.NewReviewer(setup.Desk, r.store, r.catalog.Courses)
	setup.Clerk = r.clerk()
	setup.Archive = r.archive(setup.Desk)
	setup.RetentionAfter = r.retentionAfter
	setup.Now, setup.Version, setup.Simulated = time.Now, version(), r.simulated
	app, err := handlers.New(setup)
	if err != nil {
		return err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var upkeep sync.WaitGroup
	upkeep.Go(func() { r.keepUp(background) })
	upkeep.Go(func() {
		defer recoverTo("finer figures")
		setup.Desk.KeepRefined(background)
	})
	upkeep.Go(func() { reviewItems(background, setup.Reviewer) })
	upkeep.Go(func() { r.keepOpen(background, setup.Desk) })
	defer func() {
		stop()
		upkeep.Wait()
	}()
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(listener) }()
	slog.Info("serving", "address", listener.Addr().String(), "version", setup.Version)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	slog.Info("stopping", "patience", stopPatience.String())
	if err := app.ShutdownWithTimeout(stopPatience); err != nil {
		return fmt.Errorf("requests were cut off: %w", err)
	}
	// A shutdown that comes before serving has begun stops nothing; without a listener it ends by itself.
	_ = listener.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// keepUp does what nobody asks for: it takes in courses that other processes brought, folds anew what
// follows from them, takes away sessions and counters that are over, hands in tests whose time is over and
// ends the keeping of data.
func (r *rig) keepUp(ctx context.Context) {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	for {
		r.keepUpOnce(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (r *rig) keepUpOnce(ctx context.Context) {
	defer recoverTo("upkeep")
	if _, err := r.catalog.Refresh(ctx); err != nil {
		warn(ctx, "courses could not be read again", err)
	}
	begun := time.Now()
	if err := r.ledger.CatchUp(ctx); err != nil {
		warn(ctx, "progress could not be brought up to date; it goes on later", err)
	} else if took := time.Since(begun); took > time.Second {
		slog.Info("progress is up to date", "took", took.String())
		giveBack()
	}
	if err := r.store.EndExpired(ctx, time.Now()); err != nil {
		warn(ctx, "sessions that are over could not be taken away; it goes on later", err)
	}
	closed, err := r.ledger.CloseOverdue(ctx, path.Grace)
	if err != nil {
		warn(ctx, "tests that are over could not be handed in; it goes on later", err)
	}
	if closed > 0 {
		slog.Info("tests that were over handed in", "number", closed)
	}
	r.keepPrivacy(ctx, time.Now())
}

// giveBack returns to the machine what large work in the background has left unused, which otherwise stays
// with this process: the machine may be a small one that has other things to do. It is for work that is done
// seldom, for it looks through all memory.
func giveBack() { debug.FreeOSMemory() }

// reviewItems works the reviews of items out whenever somebody asks.
func reviewItems(ctx context.Context, reviewer *reports.Reviewer) {
	for ctx.Err() == nil {
		func() {
			defer recoverTo("review of items")
			if err := reviewer.Next(ctx); err != nil {
				warn(ctx, "items could not be reviewed", err)
			}
		}()
	}
}

// warn logs what failed in the background, unless the program is stopping.
func warn(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		slog.Warn(what, "error", err)
	}
}
