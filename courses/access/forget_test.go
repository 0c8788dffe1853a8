package access_test

import (
	"context"
	"strings"
	"testing"

	"melek/courses/access"
	"melek/courses/store"
)

// noting notes the keys of counters.
type noting struct {
	store.Store
	keys map[string]bool
}

func (n *noting) ChangeCounter(ctx context.Context, key string, fn func(*store.Counter) error) error {
	n.keys[key] = true
	return n.Store.ChangeCounter(ctx, key, fn)
}

// Whatever somebody does at the door, what is counted of them names nobody and can be forgotten.
func TestWhatIsCountedOfAPersonCanBeForgotten(t *testing.T) {
	k := demanding(t)
	setup, noted := k.Setup, &noting{Store: k.store, keys: map[string]bool{}}
	setup.Store = noted
	k.Door = access.NewDoor(setup)
	k.enrolled(t)
	try := access.Try{Name: "A1", Secret: "salah", Address: "10.1.2.3", Browser: "b"}
	_, _ = k.SignIn(t.Context(), try)
	try.Secret = password
	e, err := k.SignIn(t.Context(), try)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = k.PassSecond(t.Context(), e, "000000")
	_, _ = k.Confirm(t.Context(), e, "salah")
	if err := k.Forget(t.Context(), "A1"); err != nil {
		t.Fatal(err)
	}
	if len(noted.keys) != 9 {
		t.Errorf("counted under %d keys, want 5 of the person and 4 of all and the network: %v", len(noted.keys), noted.keys)
	}
	for key := range noted.keys {
		c, err := k.store.Counter(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		ofAll := strings.HasPrefix(key, "wrong/") || strings.HasPrefix(key, "in/")
		if c.N > 0 != ofAll || strings.Contains(key, "A1") {
			t.Errorf("the counter %s holds %d", key, c.N)
		}
	}
}
