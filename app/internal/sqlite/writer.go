package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"melek/courses"
	"melek/courses/store"
)

// Bounds of the writer's work.
const (
	mostInGroup = 256
	// yields is how often the writer lets others run before it closes a group: enough for those that have just
	// been answered to come with their next change.
	yields = 4
	// mostRepeats is how often a group is run again without a change that failed, before each is run by itself.
	mostRepeats = 4
	// patience is how long a change waits while another process writes.
	patience = 30 * time.Second
)

// writer runs changes one after the other on one connection. What waits is committed as one group; a change
// that finds nobody else does not wait for the writer's goroutine.
type writer struct {
	conn *sql.Conn
	stmts

	mu      sync.Mutex
	waiting []*change
	busy    bool // somebody is using conn
	lonely  bool // the last group was of one change
	unclean bool // the files still hold what was deleted; of whoever uses conn
	closed  bool
	wake    chan struct{} // tells the goroutine to look again
	done    chan struct{} // closed when the goroutine has ended
}

// change is one that has been asked for. Its fn runs on whichever goroutine commits it.
type change struct {
	ctx    context.Context //nolint:containedctx // a change waits in a queue with the request it belongs to
	fn     func(*tx) error
	err    error
	answer chan error
}

func newWriter(conn *sql.Conn) *writer {
	w := &writer{conn: conn, stmts: stmts{prepare: conn.PrepareContext}, lonely: true,
		wake: make(chan struct{}, 1), done: make(chan struct{})}
	go w.run()
	return w
}

var errClosed = fmt.Errorf("sqlite: closed: %w", courses.Unavailable)

// do has the change made and waits until it is durable. A change whose context ends while it waits is not
// made.
func (w *writer) do(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &change{ctx: ctx, fn: fn, answer: make(chan error, 1)}
	alone, err := w.enter(c)
	if err != nil {
		return err
	}
	if alone {
		w.commit(ctx, func() []*change { return []*change{c} })
		w.leave(1)
		return <-c.answer
	}
	select {
	case err := <-c.answer:
		return err
	case <-ctx.Done():
		if w.withdraw(c) {
			return ctx.Err()
		}
		return <-c.answer
	}
}

// enter takes the connection for a change that is alone, and has others wait.
func (w *writer) enter(c *change) (alone bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false, errClosed
	}
	if w.lonely && !w.busy && len(w.waiting) == 0 {
		w.busy = true
		return true, nil
	}
	w.waiting = append(w.waiting, c)
	w.rouse()
	return false, nil
}

func (w *writer) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// leave gives the connection back after a group of n.
func (w *writer) leave(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy, w.lonely = false, n <= 1
	w.rouse()
}

// withdraw takes back a change that still waits.
func (w *writer) withdraw(c *change) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.waiting, c)
	if i >= 0 {
		w.waiting = slices.Delete(w.waiting, i, i+1)
	}
	return i >= 0
}

// open returns errClosed once the writer takes no more changes.
func (w *writer) open() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errClosed
	}
	return nil
}

// close takes no more changes, and returns when those that wait have been made.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.rouse()
	<-w.done
	return errors.Join(w.stmts.close(), w.conn.Close())
}

func (w *writer) run() {
	defer close(w.done)
	for range w.wake {
		w.mu.Lock()
		work, end := !w.busy && len(w.waiting) > 0, !w.busy && len(w.waiting) == 0 && w.closed
		w.busy = w.busy || work
		w.mu.Unlock()
		if end {
			return
		}
		if work {
			n := 0
			w.commit(context.Background(), func() []*change {
				group := w.gather()
				n = len(group)
				return group
			})
			w.leave(n)
		}
	}
}

// gather takes what waits, after others have had the chance to join.
func (w *writer) gather() []*change {
	for range yields {
		runtime.Gosched()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.waiting), mostInGroup)
	group := slices.Clone(w.waiting[:n])
	w.waiting = slices.Delete(w.waiting, 0, n)
	return group
}

// commit makes the changes that gather returns and answers each. They are gathered when the transaction has
// begun, so that a change can be withdrawn as long as another process writes.
func (w *writer) commit(ctx context.Context, gather func() []*change) {
	err := w.begin(ctx)
	group := gather()
	var again []*change
	for err == nil {
		bad := w.attempt(group)
		if bad < 0 {
			break
		}
		c := group[bad]
		if group = slices.Delete(group, bad, bad+1); len(group) == 0 {
			c.answer <- c.err
			break
		}
		if again = append(again, c); len(again) == mostRepeats {
			again, group = append(again, group...), nil
			break
		}
		err = w.begin(context.Background())
	}
	if err != nil {
		answer(group, err)
	}
	for _, c := range again {
		w.commit(c.ctx, func() []*change { return []*change{c} })
	}
}

func answer(group []*change, err error) {
	for _, c := range group {
		c.answer <- err
	}
}

// begin begins a transaction that may write. While another process writes it tries again.
func (w *writer) begin(ctx context.Context) error {
	for until := time.Now().Add(patience); ; {
		_, err := w.exec("BEGIN IMMEDIATE")
		if err == nil || !isBusy(err) || time.Now().After(until) {
			return err
		}
		pause := time.NewTimer(time.Duration(rand.Int64N(int64(4 * time.Millisecond)))) //nolint:gosec // no secret
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-pause.C:
		}
	}
}

// attempt runs the group in the transaction that has begun, commits it and answers each. A change that
// failed before it wrote anything harms nobody. One that failed after that undoes the whole transaction:
// attempt returns its place and answers nobody, and -1 otherwise. It will run again by itself, so that its
// error never speaks of what a neighbour did and was not kept.
func (w *writer) attempt(group []*change) (bad int) {
	whole := false
	for i, c := range group {
		t := &tx{stmts: &w.stmts}
		c.err = t.run(c)
		w.unclean, whole = w.unclean || t.removed, whole || t.cleans
		if c.err != nil && t.wrote {
			w.rollback()
			return i
		}
	}
	if _, err := w.exec("COMMIT"); err != nil {
		w.rollback()
		answer(group, err)
		return -1
	}
	w.clean(whole)
	for _, c := range group {
		c.answer <- c.err
	}
	return -1
}

// rollback undoes the transaction. After some faults SQLite has done so by itself; then there is none.
func (w *writer) rollback() { _, _ = w.exec("ROLLBACK") }

// run makes the change. A panic is an error of that change, and so is a statement that failed, whatever fn
// made of it.
func (t *tx) run(c *change) (err error) {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("sqlite: panic in a change: %v\n%s", r, debug.Stack())
		}
	}()
	if err := c.fn(t); err != nil {
		return err
	}
	return t.err
}

// Change implements store.Ledger.
func (s *Store) Change(ctx context.Context, fn func(store.Tx) error) error {
	return s.writer.do(ctx, func(t *tx) error { return fn(t) })
}
