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
	var lines bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&lines, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
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
