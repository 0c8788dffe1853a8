package access_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/access"
	"melek/courses/people"
)

func TestCommonPasswordsAreRefused(t *testing.T) {
	for _, password := range []string{"passwordpassword", "password1234", "P@ssw0rd1234", "Password123!", "123456789012",
		"qwertyuiop123", "qwertyuiop[]12", "asdfghjkl123", "administrator", "Administrator1",
		"aaaaaaaaaaaa", "121212121212", "iloveyou1234", "letmein12345", "welcome12345", "Bismillah123", "bismillah2026!",
		"indonesia1945", "indonesiaraya", "IndonesiaRaya1945", "merdeka17081945", "Wonosobo2026!", "w0n0s0b01234",
		"wonosobo-asri-2026", "katasandi123", "rahasia12345", "rahasiarahasia", "sangatrahasia1", "kantordesa123",
		"sayangkamu123", "akucintakamu", "jakarta12345", "persebaya1927", "diskominfo2026", "melekdigital1",
		"987654321098", "abcdefghijkl", "abcdefghijklmno1", "budi santoso 1985", "siti wahyuni 99"} {
		err := access.CheckPIN(people.Admin, password)
		if err == nil || !strings.Contains(err.Error(), "pin.common") {
			t.Errorf("CheckPIN(%q) = %v, want it refused as common", password, err)
		}
	}
	for _, password := range []string{"kopi tanpa gula di pagi", "teh hangat di kejajar", "kebun teh dieng", "xK9#vQ2m!pL4",
		"sapi makan rumput tetangga", "empat kuda lari pelan", "830264917350", "correct horse battery staple"} {
		if err := access.CheckPIN(people.Admin, password); err != nil {
			t.Errorf("CheckPIN(%q) = %v, want it taken", password, err)
		}
	}
}

func TestWhatPeoplePutAroundACommonWordDoesNotHelp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"password", "wonosobo", "bismillah", "semangat", "pancasila", "kejajar"}).Draw(t, "word")
		if rapid.Bool().Draw(t, "capital") {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		around := rapid.StringMatching(`[0-9!@#$%_.-]{4,10}`)
		password := around.Draw(t, "before") + word + around.Draw(t, "behind")
		if access.CheckPIN(people.Admin, password) == nil {
			t.Fatalf("%q is taken", password)
		}
	})
}

func TestOnesOwnNameIsNoPassword(t *testing.T) {
	own := []string{"NIP-1985-77", "Kertaraharja Wiradipura", "081234567890"}
	for _, password := range []string{"kertaraharja1", "Wiradipura-1985", "kertaraharjawiradipura"} {
		if access.CheckPIN(people.Admin, password, own...) == nil {
			t.Errorf("%q is taken of %v", password, own)
		}
		if err := access.CheckPIN(people.Admin, password); err != nil {
			t.Errorf("%q is refused to a stranger: %v", password, err)
		}
	}
}

func TestJudgingAPasswordEnds(t *testing.T) {
	// Without care there are as many ways to cut this as there are people on earth.
	name := "abcde abcdeabcde abcdeabcdeabcde"
	if access.CheckPIN(people.Admin, strings.Repeat("abcde", 39)+"q", name) != nil {
		t.Error("a letter too many is refused")
	}
}
