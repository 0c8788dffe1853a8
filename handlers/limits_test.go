package handlers

import (
	"fmt"
	"testing"
	"time"
)

// However many ask, memory is bounded; whoever goes on asking meanwhile is not forgotten.
func TestLimitsAreBounded(t *testing.T) {
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	l, once := newLimits(func() time.Time { return now }), Rate{PerSecond: 0.001, AtOnce: 1}
	if wait := l.take("busy", once); wait != 0 {
		t.Fatalf("the first request waits %v", wait)
	}
	for i := range 5 * mostLimits {
		l.take(fmt.Sprint("passer-by ", i), once)
		if i%1000 == 0 && l.take("busy", once) == 0 {
			t.Fatalf("after %d others the limit of who goes on asking is forgotten", i)
		}
	}
	if n := len(l.recent) + len(l.former); n > 2*mostLimits {
		t.Errorf("%d limits are remembered, want at most %d", n, 2*mostLimits)
	}
}
