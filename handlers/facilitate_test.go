package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// granted is what the participant was granted for the example course's test.
func (k *kit) granted(id string, phase record.Phase) store.Allowance {
	k.t.Helper()
	all, err := k.store.Allowances(context.Background(), id)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, a := range all {
		if a.Course == example && a.Phase == phase {
			return a
		}
	}
	return store.Allowance{}
}

func TestFacilitatorsSeeWhereTheirPeopleAre(t *testing.T) {
	k := newKit(t)
	k.hold("F-1", "P-1", "P-2")
	k.hold("F-2", "P-3")
	helper := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	k.register("P-2", people.Participant, firstVillage)
	k.register("P-3", people.Participant, firstVillage)
	learner := k.participant("P-1")
	learner.takeTest(record.Pre, false)
	helper.open("/id/facilitate?course=" + example)
	helper.wants("P-1", "Berikutnya: membaca «Modul satu»", "P-2", "Belum mulai")
	helper.lacks("P-3", "Sri F-1")
	helper.open("/id/facilitate?course=" + example + "&workshop=w-F-1")
	helper.wants("P-1", "P-2")
	helper.open("/id/facilitate?course=" + example + "&workshop=w-F-2")
	helper.lacks("P-3")
	helper.open("/id/facilitate?course=" + example + "&q=P-2")
	helper.wants("P-2")
	helper.lacks("P-1")
	learner.takeModules()
	helper.open("/en/facilitate?course=" + example)
	helper.wants("Next: post-test")
	learner.takeTest(record.Post, true)
	helper.open("/en/facilitate?course=" + example)
	helper.wants("Has finished")
}

func TestFacilitatorsOpenThePostTest(t *testing.T) {
	k := newKit(t)
	k.hold("F-1", "P-1")
	helper := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	learner := k.participant("P-1")
	learner.takeTest(record.Pre, false)
	learner.open("/id/courses/" + example + "/test/post")
	learner.wants("Tes akhir terbuka setelah semua modul selesai")
	helper.open("/id/facilitate?course=" + example + "&q=P-1")
	helper.press("Buka tes akhir")
	helper.wants("Tes akhir sudah dibuka", "P-1")
	if !strings.Contains(helper.path, "q=P-1") {
		t.Errorf("the list is another one now: %s", helper.path)
	}
	learner.takeTest(record.Post, true)
	if k.state("P-1").Counted(record.Post) == nil {
		t.Error("the post-test is not taken")
	}
	if !strings.Contains(k.lines(), "F-1 test.open P-1 contoh post") {
		t.Errorf("the audit log does not tell of it:\n%s", k.lines())
	}
}

func TestMoreTimeSentTwiceIsGivenOnce(t *testing.T) {
	k := newKit(t)
	k.hold("F-1", "P-1")
	helper := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	learner := k.participant("P-1")
	learner.open("/id/courses/" + example + "/test/pre")
	learner.press("Mulai tes")
	k.wait(4 * time.Minute)
	helper.open("/id/facilitate?course=" + example)
	helper.wants("Tes sedang berjalan, sisa 1 menit")
	action, fields := helper.form("Tambah 10 menit")
	helper.post(action, fields)
	helper.post(action, fields)
	if got := k.granted("P-1", record.Pre).Extra; got != 10*time.Minute {
		t.Errorf("granted %s, want 10 minutes", got)
	}
	helper.wants("sisa 11 menit")
	helper.press("Tambah 10 menit")
	if got := k.granted("P-1", record.Pre).Extra; got != 20*time.Minute {
		t.Errorf("granted %s, want 20 minutes", got)
	}
	k.wait(15 * time.Minute)
	learner.open("/id/courses/" + example + "/test/pre/1")
	learner.press("Simpan dan lanjut", "chosen=b")
	if k.state("P-1").Current(record.Pre) == nil {
		t.Error("the test has ended in spite of what was granted")
	}
	for _, minutes := range []string{"0", "-10", "121", "ten", ""} {
		fields.Set("minutes", minutes)
		if helper.post(action, fields).status != http.StatusUnprocessableEntity {
			t.Errorf("%q minutes are granted", minutes)
		}
	}
}

func TestAForgottenPIN(t *testing.T) {
	k := newKit(t)
	k.hold("F-1", "P-1")
	helper := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	k.participant("P-1")
	helper.open("/id/facilitate?course=" + example + "&q=P-1")
	helper.press("Lupa PIN")
	code := helper.secret()
	if !k.opens("P-1", code) {
		t.Errorf("the code %q does not open", code)
	}
	helper.click("Selesai, kembali")
	helper.wants("Dampingi peserta", "P-1")
	if !strings.Contains(k.lines(), "F-1 code.make P-1") {
		t.Errorf("the audit log does not tell of it:\n%s", k.lines())
	}
}

func TestOtherPeopleAreOutOfReach(t *testing.T) {
	k := newKit(t)
	k.hold("F-1", "P-1")
	k.hold("F-2", "P-3")
	helper := k.signIn(k.register("F-1", people.Facilitator, firstDistrict))
	k.register("P-3", people.Participant, secondVillage)
	k.officer(firstDistrict)
	k.register("F-2", people.Facilitator, firstDistrict)
	k.admin()
	k.register("P-unlisted", people.Participant, firstVillage)
	for _, id := range []string{"P-3", "P-unlisted", "K-" + firstDistrict, "F-2", "A-1", "F-1", "nobody", ""} {
		form := url.Values{"id": {id}, "course": {example}, "phase": {"pre"}, "minutes": {"10"}}
		for _, act := range []string{"open", "extend", "code"} {
			helper.post("/id/facilitate/"+act, form)
			if helper.status != http.StatusForbidden || helper.secret() != "" {
				t.Errorf("%s for %q answers %d", act, id, helper.status)
			}
		}
	}
	if lines := k.lines(); lines != "" {
		t.Errorf("something was done:\n%s", lines)
	}
	stranger := k.participant("P-9")
	if stranger.post("/id/facilitate/code", url.Values{"id": {"P-3"}}).status != http.StatusForbidden {
		t.Error("a participant makes codes")
	}
}
