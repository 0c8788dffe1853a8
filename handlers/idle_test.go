package handlers_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"melek/courses/access"
	"melek/courses/people"
)

func TestWhoWasIdleIsToldAndComesBack(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	b.open("/id/people")
	k.wait(access.OfficeIdle + time.Minute)
	b.open("/id/people?q=sri")
	b.wants("Sesi Anda berakhir karena lama tidak dipakai", "Nomor peserta")
	b.press("Masuk", "name=A-1", "secret="+pinOf(people.Admin))
	b.wants("Data orang")
	if b.path != "/id/people?q=sri" {
		t.Errorf("signing in leads to %s, want the page asked for", b.path)
	}
	b = k.browser()
	b.open("/id/people")
	b.lacks("lama tidak dipakai") // nobody was here
}

// A page asked for again and again, each time from memory, is use as well.
func TestUseKeepsASessionAlive(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	for range 40 {
		k.wait(2 * time.Second)
		b.open("/id/people")
	}
	k.wait(access.OfficeIdle - 2*time.Minute)
	b.open("/id/people")
	b.wants("Data orang")
}

// Whoever thinks about a question for long finds the answer in the form after signing in again.
func TestAnAnswerOutlivesAnIdleSession(t *testing.T) {
	k := newKit(t)
	b := k.inQuiz("P-1")
	for i, each := range everyKind {
		b.open(fmt.Sprintf("/id/courses/%s/modules/satu/quiz/%d", kinds, i+1))
		_, before := b.form("Jawab", each.right...)
		k.wait(access.SessionIdle + time.Hour)
		b.press("Jawab", each.right...)
		b.wants("lama tidak dipakai")
		b.click("Masuk")
		b.press("Masuk", "name=P-1", "secret="+pinOf(people.Participant))
		b.wants("Tanya " + each.id + "?")
		if _, after := b.form("Jawab"); !maps.EqualFunc(strip(before), strip(after), slices.Equal[[]string]) {
			t.Errorf("%s: after signing in the form holds %v; want %v", each.id, strip(after), strip(before))
		}
	}
}

func TestLastUseIsShown(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	k.wait(30 * time.Hour)
	b.open("/id/me/devices")
	b.wants("Masuk sejak 23 November 2026", "Terakhir dipakai sekitar 24 November 2026")
}
