package sqlite

import (
	"encoding/binary"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"melek/courses/people"
	"melek/courses/tally"
)

// TestCountsAreReadAsTheyWereWritten also reads what older versions wrote: every string in full.
func TestCountsAreReadAsTheyWereWritten(t *testing.T) {
	inFull := func(counts []tally.Count) (b []byte) {
		for _, c := range counts {
			for _, s := range stringsOf(c) {
				b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
			}
		}
		return b
	}
	text := rapid.StringN(0, 5, -1)
	rapid.Check(t, func(t *rapid.T) {
		counts := make([]tally.Count, rapid.IntRange(0, 4).Draw(t, "counts"))
		for i := range counts {
			counts[i] = tally.Count{Cell: text.Draw(t, "cell"), Key: tally.Key{Course: "c" + text.Draw(t, "course"),
				Role: people.Role(text.Draw(t, "role")), Cut: tally.Cut(text.Draw(t, "cut")), Area: text.Draw(t, "area")}}
		}
		for _, b := range [][]byte{encodeCounts(counts), inFull(counts)} {
			if got, err := decodeCounts(b); err != nil || !slices.Equal(got, counts) {
				t.Fatalf("read %v, %v from %q; want %v", got, err, b, counts)
			}
		}
	})
	for _, bad := range []string{"\x00\x05ab", "\x05ab", "\x00\xff"} {
		if _, err := decodeCounts([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
