package access_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/people"
	"melek/courses/store"
)

const password = "kopi tanpa gula"

var sri = people.Person{ID: "A1", Name: "Sri", Role: people.Admin}

// demanding is a kit whose door demands a second factor.
func demanding(t *testing.T) *kit {
	t.Helper()
	k := newKit(t)
	setup := k.Setup
	setup.SecondFactor = true
	k.Door = access.NewDoor(setup)
	return k
}

// code is what the app shows now.
func (k *kit) code(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, k.now)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrolled is Sri with a second factor: its secret and the recovery codes.
func (k *kit) enrolled(t *testing.T) (secret string, recovery []string) {
	t.Helper()
	e := k.person(t, sri)
	key, err := k.OfferSecond(t.Context(), e.Person)
	if err != nil {
		t.Fatal(err)
	}
	next, recovery, err := k.ConfirmSecond(t.Context(), e, k.code(t, key.Secret()))
	if err != nil || next.Session.Kind != store.Browser {
		t.Fatalf("ConfirmSecond = %v, %v", next.Session.Kind, err)
	}
	k.now = k.now.Add(time.Minute)
	return key.Secret(), recovery
}

func (k *kit) half(t *testing.T) access.Entry {
	t.Helper()
	e, err := k.SignIn(t.Context(), access.Try{Name: "A1", Secret: password})
	if err != nil || e.Session.Kind != access.Second || e.Whole() {
		t.Fatalf("SignIn = %v, %v; want one that waits for a code", e.Session.Kind, err)
	}
	return e
}

func TestASecondFactorIsDemandedOfThoseWhoSeeOthers(t *testing.T) {
	tests := []struct {
		role people.Role
		want store.SessionKind
	}{
		{people.Participant, store.Browser}, {people.Facilitator, store.Browser}, {people.Author, store.Browser},
		{people.DistrictOfficer, access.Enrol}, {people.Admin, access.Enrol},
	}
	for _, tt := range tests {
		k := demanding(t)
		e := k.person(t, people.Person{ID: "X", Name: "X", Role: tt.role})
		if e.Session.Kind != tt.want {
			t.Errorf("%s gets a session of kind %s, want %s", tt.role, e.Session.Kind, tt.want)
		}
		if undemanded := newKit(t).person(t, people.Person{ID: "X", Name: "X", Role: tt.role}); !undemanded.Whole() {
			t.Errorf("%s is asked for a second factor where none is demanded", tt.role)
		}
	}
}

func TestSigningInTakesBothFactors(t *testing.T) {
	k := demanding(t)
	secret, _ := k.enrolled(t)
	e := k.half(t)
	who, err := k.Who(t.Context(), e.Token)
	if err != nil || who.Whole() {
		t.Fatalf("the password alone gives %v, %v", who.Session.Kind, err)
	}
	if _, err := k.PassSecond(t.Context(), e, "000000"); !errors.Is(err, courses.Unsigned) {
		t.Errorf("a wrong code: %v", err)
	}
	code := k.code(t, secret)
	next, err := k.PassSecond(t.Context(), e, " "+code[:3]+" "+code[3:])
	if err != nil || !next.Whole() || next.Token == e.Token {
		t.Fatalf("PassSecond = %v, %v; want a new and whole session", next.Session.Kind, err)
	}
	if _, err := k.Who(t.Context(), e.Token); !errors.Is(err, courses.Unsigned) {
		t.Error("the half session outlives the whole one")
	}
	if _, err := k.PassSecond(t.Context(), k.half(t), code); !errors.Is(err, courses.Unsigned) {
		t.Errorf("a code opens twice: %v", err)
	}
	k.now = k.now.Add(30 * time.Second)
	if _, err := k.PassSecond(t.Context(), k.half(t), k.code(t, secret)); err != nil {
		t.Errorf("the next code: %v", err)
	}
}

func TestAPhoneMayBeHalfAMinuteOff(t *testing.T) {
	for off, ok := range map[time.Duration]bool{-time.Minute - 30*time.Second: false, -30 * time.Second: true,
		30 * time.Second: true, 90 * time.Second: false} {
		k := demanding(t)
		secret, _ := k.enrolled(t)
		k.now = k.now.Add(time.Hour)
		code, err := totp.GenerateCode(secret, k.now.Add(off))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.PassSecond(t.Context(), k.half(t), code); (err == nil) != ok {
			t.Errorf("off by %s: %v, want it taken %v", off, err, ok)
		}
	}
}

func TestARecoveryCodeStandsInOnce(t *testing.T) {
	k := demanding(t)
	_, recovery := k.enrolled(t)
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes, want 10", len(recovery))
	}
	if _, err := k.PassSecond(t.Context(), k.half(t), recovery[3]); err != nil {
		t.Fatal(err)
	}
	if _, err := k.PassSecond(t.Context(), k.half(t), recovery[3]); !errors.Is(err, courses.Unsigned) {
		t.Errorf("a recovery code opens twice: %v", err)
	}
	if _, err := k.PassSecond(t.Context(), k.half(t), recovery[4]); err != nil {
		t.Errorf("another one: %v", err)
	}
}

func TestRecoveryCodesAreSealedWithOneSalt(t *testing.T) {
	k := demanding(t)
	setup := k.Setup
	setup.Cost = access.Cost{}
	k.Door = access.NewDoor(setup)
	k.enrolled(t)
	kept := k.credential(t, "A1").Recovery
	salts := map[string]bool{}
	for _, seal := range kept {
		salts[seal[:strings.LastIndex(seal, "$")]] = true
	}
	for salt := range salts {
		if len(salts) != 1 || len(kept) != 10 || !strings.HasPrefix(salt, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("%d codes are kept with %v, want 10 sealed with one salt", len(kept), salts)
		}
	}
}

// A code that was made when codes were kept as plain hashes still opens, once.
func TestAnOldRecoveryCodeStillStandsInOnce(t *testing.T) {
	k := demanding(t)
	_, recovery := k.enrolled(t)
	sum := sha256.Sum256([]byte("A1 K7QMR2XWPA"))
	k.change(t, "A1", func(c *store.Credential) { c.Recovery[0] = hex.EncodeToString(sum[:]) })
	if _, err := k.PassSecond(t.Context(), k.half(t), "k7qmr-2xwpa"); err != nil {
		t.Errorf("an old code: %v", err)
	}
	if _, err := k.PassSecond(t.Context(), k.half(t), "k7qmr-2xwpa"); !errors.Is(err, courses.Unsigned) {
		t.Errorf("an old code opens twice: %v", err)
	}
	if _, err := k.PassSecond(t.Context(), k.half(t), recovery[9]); err != nil {
		t.Errorf("a new code beside it: %v", err)
	}
}

// A try costs one seal however many codes are left, and none where it cannot be one of them.
func TestATryCostsAtMostOneSeal(t *testing.T) {
	k := demanding(t)
	_, recovery := k.enrolled(t)
	for code, want := range map[string]int{"123456": 0, "AAAAA-AAAAA": 1, recovery[7]: 1} {
		e := k.half(t)
		n := 0
		access.CountSeals(k.Door, func(string) { n++ })
		_, _ = k.PassSecond(t.Context(), e, code)
		if access.CountSeals(k.Door, nil); n != want {
			t.Errorf("a try of %q costs %d seals, want %d", code, n, want)
		}
	}
}

func TestGuessingTheSecondFactorLocks(t *testing.T) {
	k := demanding(t)
	secret, _ := k.enrolled(t)
	e := k.half(t)
	for range 5 {
		if _, err := k.PassSecond(t.Context(), e, "000000"); !errors.Is(err, courses.Unsigned) {
			t.Fatal(err)
		}
	}
	if _, err := k.PassSecond(t.Context(), k.half(t), k.code(t, secret)); limited(err).IsZero() {
		t.Errorf("error = %v, want it locked, in a new session too", err)
	}
	k.now = k.now.Add(time.Minute)
	if _, err := k.PassSecond(t.Context(), k.half(t), k.code(t, secret)); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}

func TestAOneTimeCodeDoesNotPassTheSecondFactor(t *testing.T) {
	k := demanding(t)
	k.enrolled(t)
	code, err := k.MakeCode(t.Context(), "A1")
	if err != nil {
		t.Fatal(err)
	}
	e, err := k.SignIn(t.Context(), access.Try{Name: "A1", Secret: code})
	if err != nil || e.Session.Kind != access.First {
		t.Fatalf("SignIn = %v, %v", e.Session.Kind, err)
	}
	if e, err = k.ChoosePIN(t.Context(), sri, "teh hangat di kejajar", ""); err != nil || e.Session.Kind != access.Second {
		t.Errorf("after choosing a password: %v, %v; want the code asked for", e.Session.Kind, err)
	}
}

func TestALostSecondFactorIsTakenUpAnew(t *testing.T) {
	k := demanding(t)
	k.enrolled(t)
	half := k.half(t)
	if err := k.ForgetSecond(t.Context(), "A1"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Who(t.Context(), half.Token); !errors.Is(err, courses.Unsigned) {
		t.Error("a session outlives it")
	}
	e, err := k.SignIn(t.Context(), access.Try{Name: "A1", Secret: password})
	if err != nil || e.Session.Kind != access.Enrol {
		t.Errorf("SignIn = %v, %v; want it asked to take one up", e.Session.Kind, err)
	}
}

func TestAnOfferHoldsUntilItIsConfirmed(t *testing.T) {
	k := demanding(t)
	e := k.person(t, sri)
	first, err := k.OfferSecond(t.Context(), sri)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := k.OfferSecond(t.Context(), sri); err != nil || again.Secret() != first.Secret() {
		t.Error("the same page twice offers two secrets")
	}
	if _, _, err := k.ConfirmSecond(t.Context(), e, "000000"); !errors.Is(err, courses.Unsigned) {
		t.Errorf("a wrong code: %v", err)
	}
	if c, _ := k.store.Credential(t.Context(), "A1"); c.Second != "" {
		t.Error("a wrong code takes it up")
	}
}

func TestAPromotionAsksForASecondFactor(t *testing.T) {
	k := demanding(t)
	author := people.Person{ID: "A1", Name: "Sri", Role: people.Author}
	e := k.person(t, author)
	if err := k.store.Change(t.Context(), putPeople(sri)); err != nil {
		t.Fatal(err)
	}
	who, err := k.Who(t.Context(), e.Token)
	if err != nil || who.Session.Kind != access.Enrol {
		t.Errorf("an author made administrator goes on with %v, %v", who.Session.Kind, err)
	}
}

func TestATokenDoesWhatItsScopeNames(t *testing.T) {
	k := newKit(t)
	k.person(t, sri)
	token := func(acts ...people.Act) access.Entry {
		made, err := k.MakeToken(t.Context(), sri, access.Grant{Label: "x", Acts: acts, Life: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		e, err := k.Who(t.Context(), made.Token)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	narrow, wide := token(people.Report), token()
	tests := []struct {
		act          people.Act
		narrow, wide bool
	}{
		{people.Report, true, true}, {people.Send, false, true}, {people.Govern, false, true}, {people.Look, true, true},
		{people.Own, false, false}, {people.Tokens, false, false},
	}
	for _, tt := range tests {
		if narrow.May(tt.act) != tt.narrow || wide.May(tt.act) != tt.wide {
			t.Errorf("%s: narrow %v, wide %v; want %v, %v", tt.act, narrow.May(tt.act), wide.May(tt.act), tt.narrow, tt.wide)
		}
	}
	k.now = k.now.Add(time.Hour)
	if _, err := k.Who(t.Context(), narrow.Token); !errors.Is(err, courses.Unsigned) {
		t.Error("a token outlives its time")
	}
}
