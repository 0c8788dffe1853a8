package handlers_test

import (
	"regexp"
	"strings"
	"testing"

	"melek/courses/people"
	"melek/courses/record"
)

func TestAClosedPeriodStaysAndSaysWhatHasChanged(t *testing.T) {
	k := regency(t)
	b := k.signIn(k.admin())
	b.open("/id/frozen")
	b.wants("Belum ada periode yang ditutup.")
	b.press("Bekukan sekarang", "course="+example)
	b.wants("Tanda tangan", "sah", "sama persis", "Belum ada yang berubah.")
	report := regexp.MustCompile(`/id/frozen/[0-9a-f-]+/report\.json`).FindString(b.body)
	before := b.open(report).body
	p := k.register("P-new", people.Participant, secondVillage)
	k.score(p.ID, record.Pre, 10, "")
	k.score(p.ID, record.Post, 20, "")
	if b.open(report).body != before {
		t.Error("the report has changed")
	}
	b.open(strings.TrimSuffix(report, "/report.json"))
	b.wants("sama persis", "Berpasangan")
	b.lacks("Belum ada yang berubah.")
}
