package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"melek/courses/people"
	"melek/courses/store"
)

func TestTheAuditLogIsSavedWhole(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.admin())
	k.register("P-1", people.Participant, firstVillage)
	b.post("/id/people/code", map[string][]string{"id": {"P-1"}})
	b.open("/id/audit")
	b.wants("Membuat kode sekali pakai", "Semua 1 catatan terangkai")
	head, err := k.store.Setting(t.Context(), store.HeadSetting)
	if err != nil || !strings.Contains(b.body, strings.Fields(head)[1]) {
		t.Errorf("the page does not show the head %q, %v", head, err)
	}
	for format, mediaType := range map[string]string{"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"} {
		b.open("/id/audit." + format)
		if b.status != http.StatusOK || b.header.Get("Content-Type") != mediaType || b.header.Get("Cache-Control") != "no-store" ||
			!strings.Contains(b.body, "code.make") || !strings.Contains(b.body, "audit.export") {
			t.Errorf("%s: %d %v\n%s", format, b.status, b.header, b.body)
		}
	}
}
