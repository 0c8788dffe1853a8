package handlers

import (
	"log/slog"
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"melek/courses"
	"melek/courses/access"
)

// Rate is how many requests may be made: so many a second, and so many at once after a while of quiet.
type Rate struct {
	PerSecond float64
	AtOnce    int
}

// Unbounded is the rate that bounds nothing.
var Unbounded = Rate{PerSecond: float64(rate.Inf), AtOnce: 1}

// Rates bound requests, of pages and of the API alike, but for what a page is made of: styles, scripts and
// pictures are not counted. A zero rate is the default.
type Rates struct {
	Person  Rate // of one who is signed in
	Network Rate // of all behind one address who are not
}

// People press once in some seconds, and programs wait. Forty who open the sign-in page together in a hall,
// all behind one address, send some three hundred requests until they are in.
var defaultRates = Rates{Person: Rate{PerSecond: 10, AtOnce: 100}, Network: Rate{PerSecond: 50, AtOnce: 1000}}

func (r Rates) orDefault() Rates {
	if r.Person == (Rate{}) {
		r.Person = defaultRates.Person
	}
	if r.Network == (Rate{}) {
		r.Network = defaultRates.Network
	}
	return r
}

// mostLimits bounds how many limits are remembered, twice over.
const mostLimits = 20_000

// limits count requests by who makes them. When there are many recent ones they become the former ones, and
// those that nobody has asked for since are forgotten.
type limits struct {
	mu             sync.Mutex
	now            func() time.Time
	recent, former map[string]*rate.Limiter
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, recent: map[string]*rate.Limiter{}}
}

// take counts a request and returns after how long it may be made: 0 where it may be now.
func (l *limits) take(key string, r Rate) time.Duration {
	limiter, now := l.find(key, r), l.now()
	taken := limiter.ReserveN(now, 1)
	wait := taken.DelayFrom(now)
	if wait > 0 {
		taken.CancelAt(now)
	}
	return wait
}

func (l *limits) find(key string, r Rate) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if limiter, ok := l.recent[key]; ok {
		return limiter
	}
	limiter, ok := l.former[key]
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(r.PerSecond), r.AtOnce)
	}
	if len(l.recent) >= mostLimits {
		l.recent, l.former = map[string]*rate.Limiter{}, l.recent
	}
	l.recent[key] = limiter
	return limiter
}

// measure refuses a request beyond the rate, of the person where somebody is signed in and of the network
// where nobody is, and says when to come again.
func (s *server) measure(c *fiber.Ctx, entry *access.Entry) error {
	key, bound := "", s.Rates.Network
	if entry != nil {
		key, bound = "person "+entry.Person.ID, s.Rates.Person
	} else {
		key = "network " + access.Network(s.clientAddress(c))
	}
	wait := s.limits.take(key, bound)
	if wait == 0 {
		return nil
	}
	seconds := int(math.Ceil(wait.Seconds()))
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(seconds))
	slog.Warn("too many requests", "request", requestID(c), "signed_in", entry != nil)
	return courses.Problemf(courses.Limited, "page.too_many", seconds)
}
