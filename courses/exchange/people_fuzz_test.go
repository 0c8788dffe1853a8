package exchange_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/people"
)

// FuzzPeople reads whatever is uploaded as a people file, CSV or XLSX: each row is a person that the register
// would take, or has a problem that says why not.
func FuzzPeople(f *testing.F) {
	f.Add([]byte("id,name,role,area\nP1,Sri,participant,33.07.01.2001\n"))
	f.Add([]byte("\xef\xbb\xbfid;name;role;area;valid_from\r\n\"P;1\";'=1+1;admin;33.07;2026-02-30\r\n"))
	f.Add([]byte("nik,id\n\"\n\"\"\"\x00"))
	f.Add([]byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"))
	f.Add([]byte("PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	region := people.Wonosobo()
	f.Fuzz(func(t *testing.T, file []byte) {
		read, err := exchange.ReadPeople(bytes.NewReader(file), region, today)
		if err != nil {
			if courses.KindOf(err) != courses.Invalid {
				t.Fatalf("ReadPeople = %v, want it refused as invalid", err)
			}
			return
		}
		for {
			row, err := read.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("Next = %v", err)
			}
			if row.Problem == nil {
				if err := row.Person.Check(region, today); err != nil {
					t.Fatalf("row %d is taken: %+v, %v", row.Line, row.Person, err)
				}
			}
		}
	})
}
