package mongo

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/bson/primitive"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"

	"melek/courses"
	"melek/courses/store"
	"melek/courses/tally"
)

const (
	// losses is how many collisions a change bears before it takes its turn alone in this process.
	losses = 1
	// mostTries bounds a change that nothing else bounds: alone here, it loses to other processes only.
	mostTries = 100
	// firstPause and longestPause bound the random pauses between tries.
	firstPause, longestPause = 4 * time.Millisecond, 250 * time.Millisecond
)

// change is one try of a transaction; it is the store.Tx of its function.
type change struct {
	*Store
	// A change lives no longer than the call of Change whose context this is.
	ctx context.Context //nolint:containedctx // the methods of store.Tx take none
	id  primitive.ObjectID
	// failed is the first error of the database: the transaction is over from there on, whatever fn makes of it.
	failed error
	wrote  bool
	// held are the people whom the change read or wrote, put what it puts in place of their projections.
	held map[string]bool
	put  map[string]store.Projection
	// touched are the tallies that the change read or wrote.
	touched map[tally.Key]*tallied
}

// Change implements store.Ledger.
func (s *Store) Change(ctx context.Context, fn func(tx store.Tx) error) error {
	return s.change(ctx, func(c *change) error { return fn(c) })
}

func (s *Store) change(ctx context.Context, fn func(c *change) error) error {
	for try := 0; ; try++ {
		again, err := s.try(ctx, try, fn)
		if !again {
			return err
		}
		if try == mostTries {
			return fmt.Errorf("mongo: change: others were quicker %d times: %w: %w", try, courses.Unavailable, err)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// try runs the change once and reports whether it should be run again.
func (s *Store) try(ctx context.Context, n int, fn func(c *change) error) (again bool, err error) {
	release, err := s.turn(ctx, n)
	if err != nil {
		return false, err
	}
	defer release()
	session, err := s.client.StartSession()
	if err != nil {
		return false, fault(ctx, "start a session", err)
	}
	defer end(ctx, session)
	snapshot := options.Transaction().SetReadConcern(readconcern.Snapshot())
	if err := session.StartTransaction(snapshot); err != nil {
		return false, fault(ctx, "start a transaction", err)
	}
	c := &change{Store: s, ctx: driver.NewSessionContext(ctx, session), id: primitive.NewObjectID(),
		held: map[string]bool{}, put: map[string]store.Projection{}, touched: map[tally.Key]*tallied{}}
	if err = c.run(fn); err == nil {
		err = c.flush()
	}
	if c.failed != nil && ctx.Err() != nil {
		return false, fault(ctx, "change", c.failed)
	}
	if c.failed != nil {
		return collided(c.failed), cmp.Or(err, c.failed)
	}
	if err != nil {
		return false, err
	}
	return commit(ctx, session)
}

// turn waits until the change may run: beside others, or alone once it has lost too often.
func (s *Store) turn(ctx context.Context, try int) (release func(), err error) {
	share := int64(1)
	if try >= losses {
		share = parallel
	}
	if err := s.turns.Acquire(ctx, share); err != nil {
		return nil, fault(ctx, "wait for a turn", err)
	}
	return func() { s.turns.Release(share) }, nil
}

// run calls fn and turns a panic into an error.
func (c *change) run(fn func(c *change) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("mongo: panic in a change: %v", r)
		}
	}()
	return fn(c)
}

// flush writes what was kept back and stamps what was read.
func (c *change) flush() error {
	if c.failed != nil {
		return c.failed
	}
	if !c.wrote {
		return nil
	}
	if err := c.flushProjections(); err != nil {
		return err
	}
	return c.flushTallies()
}

// note remembers the first error of the database and says what was attempted.
func (c *change) note(attempted string, err error) error {
	return c.fail(fault(c.ctx, attempted, err))
}

func (c *change) fail(err error) error {
	if c.failed == nil {
		c.failed = err
	}
	return err
}

// commit tries until the server says how it ended, and reports whether the transaction should be run again.
func commit(ctx context.Context, session driver.Session) (again bool, err error) {
	for try := 0; ; try++ {
		err := session.CommitTransaction(ctx)
		if err == nil {
			return false, nil
		}
		unknown := hasLabel(err, unknownCommit) && !unreachable(err)
		if ctx.Err() != nil || !unknown || try == mostTries {
			return collided(err) && ctx.Err() == nil, fault(ctx, "commit", err)
		}
		if err := pause(ctx, try); err != nil {
			return false, err
		}
	}
}

// end aborts a transaction that was not committed, even where the caller's context has ended.
func end(ctx context.Context, session driver.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), aborting)
	defer cancel()
	session.EndSession(ctx)
}

// pause waits for a random while that grows with the tries.
func pause(ctx context.Context, try int) error {
	longest := min(firstPause<<min(try, 10), longestPause)
	timer := time.NewTimer(rand.N(longest)) //nolint:gosec // a jitter is no secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fault(ctx, "wait to try again", ctx.Err())
	}
}
