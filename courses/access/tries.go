package access

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"melek/courses"
	"melek/courses/store"
)

// Limits of guessing for one name: from the fifth wrong try in a row on it is locked, for twice as long each
// time. They are counted in the store, so that they hold in every process.
const (
	triesBeforeLock = 5
	firstLock       = time.Minute
	longestLock     = time.Hour
	triesKept       = 24 * time.Hour
)

// bound is how many wrong tries a network, or all together, may make within a window. Everybody who gets in
// there adds some, so that a hall full of people behind one address is not locked out by those who mistype.
type bound struct {
	window time.Duration
	free   int // wrong tries without anybody who got in
	each   int // more for everybody who did
}

var (
	ofNetwork = bound{window: 15 * time.Minute, free: 60, each: 3}
	ofAll     = bound{window: time.Hour, free: 400, each: 3}
)

// knownFor is how long a browser in which somebody signed in is known again. What is tried there is counted
// for itself: whoever guesses elsewhere does not lock the person out of it.
const knownFor = 180 * 24 * time.Hour

// Try is one attempt to sign in.
type Try struct {
	Name, Secret string
	Address      string // IP address that it comes from; empty for none
	Browser      string // secret by which the browser is known again; empty for none
	Label        string // what the session will be called
}

// attempt is a try whose name was looked up.
type attempt struct {
	Try
	account string // the person's id, or what was typed where nobody has it
	known   bool   // the person has signed in with this browser before
}

func (a attempt) accountKey() string { return accountKey(a.account) }
func (a attempt) browserKey() string {
	return keyOf(a.account, "browser/"+hexSum(a.Browser+" "+a.account))
}

func (a attempt) seenKey() string {
	return keyOf(a.account, "seen/"+hexSum(Network(a.Address)+" "+a.account))
}

// accountKey is the key of a person's wrong tries. Those of all else that is counted of the person begin with
// it, and name nobody.
func accountKey(account string) string { return "account/" + hexSum(account) }

// keyOf is the key of something that is counted of the person.
func keyOf(person, what string) string { return accountKey(person) + "/" + what }

// Forget takes away all that was counted of a person, who was erased.
func (d *Door) Forget(ctx context.Context, person string) error {
	return d.Store.EndCounters(ctx, accountKey(person))
}

// Network is what an address is counted by: an IPv6 subscriber has a whole /64.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if ip = ip.Unmap(); ip.Is6() {
		if prefix, err := ip.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return ip.String()
}

// totals are the counters of wrong tries and of people let in, by bound, that the attempt belongs to.
func (a attempt) totals() map[string]bound { return boundsOf("", a.Address, ofAll) }

// boundsOf are the counters, below the prefix, of what comes from an address: of its network and of all.
func boundsOf(prefix, address string, all bound) map[string]bound {
	bounds := map[string]bound{prefix + "all": all}
	if name := Network(address); name != "" {
		bounds[prefix+"network/"+hexSum(name)] = ofNetwork
	}
	return bounds
}

// mayTry refuses an attempt, as courses.Limited with the time from which on it may be made, and finds out
// whether the browser is known.
func (d *Door) mayTry(ctx context.Context, a *attempt) error {
	if a.Browser != "" {
		c, err := d.Store.Counter(ctx, a.browserKey())
		if err != nil {
			return err
		}
		if a.known = d.Now().Before(c.Ends); a.known {
			return d.refuseUntil("signin.locked", lockEnd(c))
		}
	}
	if err := d.refuseLocked(ctx, a.accountKey()); err != nil {
		return err
	}
	return d.refuseBeyond(ctx, a.totals())
}

func (d *Door) refuseUntil(key string, until time.Time) error {
	if d.Now().Before(until) {
		return courses.Problemf(courses.Limited, key, until)
	}
	return nil
}

// lockEnd is the time at which what the counter locks opens again.
func lockEnd(c store.Counter) time.Time {
	if c.N < triesBeforeLock {
		return time.Time{}
	}
	return c.At.Add(min(firstLock<<min(c.N-triesBeforeLock, 10), longestLock))
}

// refuseLocked refuses while the counter of wrong tries locks.
func (d *Door) refuseLocked(ctx context.Context, key string) error {
	c, err := d.Store.Counter(ctx, key)
	if err != nil || !d.Now().Before(c.Ends) {
		return err
	}
	return d.refuseUntil("signin.locked", lockEnd(c))
}

// refuseBeyond refuses where one of the bounds is used up.
func (d *Door) refuseBeyond(ctx context.Context, bounds map[string]bound) error {
	for key, b := range bounds {
		if err := d.refuseOne(ctx, key, b); err != nil {
			return err
		}
	}
	return nil
}

func (d *Door) refuseOne(ctx context.Context, key string, b bound) error {
	wrong, err := d.Store.Counter(ctx, "wrong/"+key)
	if err != nil || !d.Now().Before(wrong.Ends) || wrong.N < b.free {
		return err
	}
	in, err := d.Store.Counter(ctx, "in/"+key)
	if err != nil {
		return err
	}
	if d.Now().Before(in.Ends) && wrong.N < b.free+b.each*in.N {
		return nil
	}
	slog.Warn("too many wrong tries to sign in", "of", key, "wrong", wrong.N, "until", wrong.Ends)
	return d.refuseUntil("signin.busy", wrong.Ends)
}

// count adds one to a counter, which from its first on counts for as long as kept.
func (d *Door) count(ctx context.Context, key string, kept time.Duration) error {
	return d.Store.ChangeCounter(ctx, key, func(c *store.Counter) error {
		now := d.Now()
		if !now.Before(c.Ends) {
			c.N, c.Ends = 0, now.Add(kept)
		}
		c.N, c.At = c.N+1, now
		return nil
	})
}

// countEach adds one to the counter of each bound, of wrong tries or of people let in.
func (d *Door) countEach(ctx context.Context, of string, bounds map[string]bound) error {
	for key, b := range bounds {
		if err := d.count(ctx, of+key, b.window); err != nil {
			return err
		}
	}
	return nil
}

// miss counts a wrong try, of a known name and of an unknown one alike.
func (d *Door) miss(ctx context.Context, a attempt) error {
	if a.known {
		return d.count(ctx, a.browserKey(), knownFor)
	}
	if err := d.count(ctx, a.accountKey(), triesKept); err != nil {
		return err
	}
	return d.countEach(ctx, "wrong/", a.totals())
}

// hit forgets the wrong tries of somebody who got in, and remembers the browser. Once in a window it makes
// room for others behind the same address.
func (d *Door) hit(ctx context.Context, a attempt) error {
	if err := d.know(ctx, a); err != nil || a.known {
		return err
	}
	if err := d.forgive(ctx, a.accountKey()); err != nil {
		return err
	}
	seen, err := d.Store.Counter(ctx, a.seenKey())
	if err != nil || d.Now().Before(seen.Ends) {
		return err
	}
	if err := d.count(ctx, a.seenKey(), ofAll.window); err != nil {
		return err
	}
	return d.countEach(ctx, "in/", a.totals())
}

// know remembers the browser and forgets what was tried in it.
func (d *Door) know(ctx context.Context, a attempt) error {
	if a.Browser == "" {
		return nil
	}
	return d.Store.ChangeCounter(ctx, a.browserKey(), func(c *store.Counter) error {
		c.N, c.At, c.Ends = 0, d.Now(), d.Now().Add(knownFor)
		return nil
	})
}

// forgive forgets the wrong tries that a counter holds.
func (d *Door) forgive(ctx context.Context, key string) error {
	c, err := d.Store.Counter(ctx, key)
	if err != nil || c.N == 0 {
		return err
	}
	return d.Store.ChangeCounter(ctx, key, func(c *store.Counter) error {
		c.N, c.Ends = 0, time.Time{}
		return nil
	})
}

// LockedUntil is the time at which a locked account opens again to browsers that are not known; the zero time
// for one that is open.
func (d *Door) LockedUntil(ctx context.Context, person string) (time.Time, error) {
	c, err := d.Store.Counter(ctx, accountKey(person))
	if end := lockEnd(c); err == nil && d.Now().Before(c.Ends) && d.Now().Before(end) {
		return end, nil
	}
	return time.Time{}, err
}
