package access_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

// keyed is a door over the same store with the key.
func (k *kit) keyed(key []byte) *access.Door {
	setup := k.Setup
	setup.Key = func() ([]byte, error) { return key, nil }
	return access.NewDoor(setup)
}

func (k *kit) credential(t *testing.T, person string) store.Credential {
	t.Helper()
	c, err := k.store.Credential(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (k *kit) change(t *testing.T, person string, fn func(*store.Credential)) {
	t.Helper()
	err := k.store.ChangeCredential(t.Context(), person, func(c *store.Credential) error { fn(c); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheStoreHoldsNoSecondFactor(t *testing.T) {
	k := demanding(t)
	e := k.person(t, sri)
	offered, err := k.OfferSecond(t.Context(), e.Person)
	if err != nil {
		t.Fatal(err)
	}
	again, err := k.OfferSecond(t.Context(), e.Person)
	if err != nil || again.Secret() != offered.Secret() {
		t.Errorf("offered %s and then %s, %v; want the same", offered.Secret(), again.Secret(), err)
	}
	if c := k.credential(t, "A1"); strings.Contains(c.NextSecond, offered.Secret()) || c.NextSecond == "" {
		t.Errorf("the store holds %q", c.NextSecond)
	}
	secret, _ := k.enrolled(t)
	if c := k.credential(t, "A1"); strings.Contains(c.Second, secret) || !strings.HasPrefix(c.Second, "$aes256gcm$") {
		t.Errorf("the store holds %q", c.Second)
	}
}

func TestALockedSecretOpensForItsPersonAlone(t *testing.T) {
	k := demanding(t)
	secret, _ := k.enrolled(t)
	k.person(t, people.Person{ID: "A2", Name: "Tono", Role: people.Admin})
	stolen := k.credential(t, "A1").Second
	k.change(t, "A2", func(c *store.Credential) { c.Second = stolen })
	e, err := k.SignIn(t.Context(), access.Try{Name: "A2", Secret: password})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.PassSecond(t.Context(), e, k.code(t, secret)); !errors.Is(err, courses.Unavailable) {
		t.Errorf("the second factor of another: %v", err)
	}
}

func TestWithoutTheKeyRecoveryCodesStillOpen(t *testing.T) {
	k := demanding(t)
	key := access.NewKey()
	k.Door = k.keyed(key)
	secret, recovery := k.enrolled(t)
	other := k.keyed(access.NewKey())
	if _, err := other.PassSecond(t.Context(), k.half(t), k.code(t, secret)); !errors.Is(err, courses.Unavailable) {
		t.Errorf("a code where the key is another: %v, want it said", err)
	}
	if _, err := other.PassSecond(t.Context(), k.half(t), recovery[0]); err != nil {
		t.Errorf("a recovery code where the key is another: %v", err)
	}
	if _, err := k.keyed(key).PassSecond(t.Context(), k.half(t), k.code(t, secret)); err != nil {
		t.Errorf("a code where the key is there again: %v", err)
	}
}

func TestOldSecretsAreLockedAtTheNextUse(t *testing.T) {
	k := demanding(t)
	secret, _ := k.enrolled(t)
	k.change(t, "A1", func(c *store.Credential) { c.Second = secret })
	if _, err := k.PassSecond(t.Context(), k.half(t), k.code(t, secret)); err != nil {
		t.Fatal(err)
	}
	if c := k.credential(t, "A1"); strings.Contains(c.Second, secret) {
		t.Errorf("the store still holds %q", c.Second)
	}
}

func TestOldSecretsAreLockedTogether(t *testing.T) {
	k := demanding(t)
	secret, _ := k.enrolled(t)
	k.person(t, siti)
	k.change(t, "A1", func(c *store.Credential) { c.Second, c.NextSecond = secret, "JBSWY3DP" })
	for _, want := range []int{1, 0} {
		if locked, err := k.LockSeconds(t.Context()); err != nil || locked != want {
			t.Errorf("LockSeconds = %d, %v; want %d", locked, err, want)
		}
	}
	c := k.credential(t, "A1")
	if strings.Contains(c.Second, secret) || strings.Contains(c.NextSecond, "JBSWY3DP") {
		t.Errorf("the store still holds %q and %q", c.Second, c.NextSecond)
	}
	if _, err := k.PassSecond(t.Context(), k.half(t), k.code(t, secret)); err != nil {
		t.Errorf("a code after locking: %v", err)
	}
}

func TestSecondFactorsWithoutTheirKeyAreForgotten(t *testing.T) {
	k := demanding(t)
	k.enrolled(t)
	k.person(t, siti)
	had, err := k.keyed(access.NewKey()).ForgetSeconds(t.Context())
	if err != nil || !slices.Equal(had, []string{"A1"}) {
		t.Errorf("ForgetSeconds = %v, %v; want A1", had, err)
	}
	e, err := k.SignIn(t.Context(), access.Try{Name: "A1", Secret: password})
	if err != nil || e.Session.Kind != access.Enrol {
		t.Errorf("SignIn = %v, %v; want one who takes up another", e.Session.Kind, err)
	}
}

func TestAKeyIsNamedWithoutTellingIt(t *testing.T) {
	a, b := access.NewKey(), access.NewKey()
	first, again, other := access.KeyID(a), access.KeyID(a), access.KeyID(b)
	if first != again || first == other || len(first) != 16 {
		t.Errorf("ids %s, %s and %s", first, again, other)
	}
}
