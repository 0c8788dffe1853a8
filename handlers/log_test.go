package handlers_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"melek/courses/people"
)

// The log says what was asked for and by whom, never about whom.
func TestTheLogHoldsNoQuery(t *testing.T) {
	lines := listen(t)
	k := newKit(t)
	k.register("P-4711", people.Participant, firstVillage)
	b := k.signIn(k.admin())
	b.open("/id/people/one?id=P-4711")
	b.wants("P-4711")
	b.open("/id/people?q=P-4711")
	b.open("/id/people/one?id=P-4712") // nobody's
	b.open("/id/people/one?id=P-4711")
	b.press("Buat kode")
	if log := lines.String(); !strings.Contains(log, "path=/id/people/one") || strings.Contains(log, "P-471") {
		t.Errorf("the log says\n%s", log)
	}
}

// listen collects what the log says.
func listen(t *testing.T) *bytes.Buffer {
	t.Helper()
	lines, before := &bytes.Buffer{}, slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(lines, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return lines
}

func TestTheLogTellsOfWrongCodesAndHoldsNone(t *testing.T) {
	lines := listen(t)
	k := newKit(t)
	k.register("P-1", people.Participant, firstVillage)
	w := k.hold("F-1", "P-1")
	b := k.browser()
	b.open("/id/hall?code=XXXXXX")
	b.press("Lanjut")
	k.atWorkshop(w, "P-1")
	log := lines.String()
	if !strings.Contains(log, "workshop code refused") || !strings.Contains(log, "person=P-1 by=workshop") {
		t.Errorf("the log does not tell who tried and who came in:\n%s", log)
	}
	for _, secret := range []string{"XXXXXX", w.Code} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds the code %s", secret)
		}
	}
}
