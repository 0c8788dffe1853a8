package tally_test

import (
	"testing"

	"melek/courses/tally"
)

// FuzzCell reads whatever stands in a database as the name of a cell: what is read is written the same again.
func FuzzCell(f *testing.F) {
	for _, cell := range []string{"||", "7/10|9/10|mc", "0.5/3||c", "NaN/1||", "1e309/1||", "-1/0|x|m", "|/|"} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		read, err := tally.ParseCell(cell)
		if err != nil {
			return
		}
		again, err := tally.ParseCell(read.Cell())
		if err != nil || again.Cell() != read.Cell() {
			t.Fatalf("%q is read as %+v, written as %q and read as %+v, %v", cell, read, read.Cell(), again, err)
		}
	})
}
