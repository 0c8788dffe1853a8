package exchange_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"melek/courses/exchange"
	"melek/courses/store"
)

func writeJournal(t *testing.T, format string) string {
	t.Helper()
	var b strings.Builder
	j, err := exchange.NewJournal(&b, format)
	if err != nil {
		t.Fatal(err)
	}
	var head store.Head
	for _, detail := range []string{"=cmd|' /C calc'!A0", "baris\nkedua", `"kutip" <b> & ünïcödé`} {
		l := head.Next(store.AuditLine{At: time.UnixMilli(1763859600123), By: "+A1", Action: "look", On: "P1", Detail: detail})
		if err := j.Add(l); err != nil {
			t.Fatal(err)
		}
		head = l.Head
	}
	if err := j.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheChainCanBeCheckedFromTheFileAlone(t *testing.T) {
	before := ""
	lines := bufio.NewScanner(strings.NewReader(writeJournal(t, "ndjson")))
	n := 0
	for ; lines.Scan(); n++ {
		var l struct {
			N                                int
			At, By, Action, On, Detail, Hash string
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal([]any{l.N, before, l.At, l.By, l.Action, l.On, l.Detail})
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		if before = hex.EncodeToString(sum[:]); before != l.Hash {
			t.Errorf("line %d: hash %s, want %s", l.N, l.Hash, before)
		}
	}
	if n != 3 {
		t.Errorf("%d lines, want 3", n)
	}
}

func TestTheJournalHoldsNoFormulas(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(writeJournal(t, "csv"))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[1][2] != "'+A1" || rows[1][5] != "'=cmd|' /C calc'!A0" {
		t.Errorf("row %q is not defused", rows[1])
	}
	if _, err := exchange.NewJournal(&strings.Builder{}, "xml"); err == nil {
		t.Error("an unknown format is written")
	}
}
