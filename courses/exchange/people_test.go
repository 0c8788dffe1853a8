package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/people"
)

var today = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// key is the key of a courses.Problem, empty for no error.
func key(err error) string {
	var problem *courses.Problem
	if errors.As(err, &problem) {
		return problem.Key
	}
	return fmt.Sprint(err)
}

// readAll reads a people file to its end: good people, and refusals as «line key».
func readAll(t *testing.T, content string) (good []people.Person, refused []string) {
	t.Helper()
	file, err := exchange.ReadPeople(strings.NewReader(content), people.Wonosobo(), today)
	if err != nil {
		t.Fatalf("ReadPeople: %v", err)
	}
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return good, refused
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		if row.Problem != nil {
			refused = append(refused, fmt.Sprint(row.Line, " ", key(row.Problem)))
			continue
		}
		good = append(good, row.Person)
	}
}

func TestPeopleHeaders(t *testing.T) {
	for _, tt := range []struct{ name, head, want string }{
		{"the required columns are enough", "id,name,role,area", "<nil>"},
		{"their order is free", "area,role,name,id", "<nil>"},
		{"semicolons separate too", "id;name;role;area;phone", "<nil>"},
		{"case and space do not matter", " ID , Name,ROLE,Area", "<nil>"},
		{"a byte order mark is passed over", "\ufeffid,name,role,area", "<nil>"},
		{"unknown columns are passed over", "id,name,role,area,shoe size", "<nil>"},
		{"a NIK is not taken", "id,name,nik,role,area", "people.nik"},
		{"nor in another case", "id,name,role,area,NIK", "people.nik"},
		{"nor among other words", "id,name,role,area,No. NIK (KTP)", "people.nik"},
		{"a word that only contains it is harmless", "id,name,role,area,teknik", "<nil>"},
		{"a missing column is named", "id,name,area", "people.header"},
		{"a column twice is ambiguous", "id,name,role,area,area", "people.header_twice"},
		{"nothing is no file", "", "people.empty"},
		{"nor are empty lines", "\n\n", "people.empty"},
		{"other encodings are refused", "i\xffd,name,role,area", "people.encoding"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := exchange.ReadPeople(strings.NewReader(tt.head), people.Wonosobo(), today)
			if got := key(err); got != tt.want {
				t.Errorf("ReadPeople(%q) = %s, want %s", tt.head, got, tt.want)
			}
		})
	}
}

func TestUnknownColumnsAreNamed(t *testing.T) {
	file, err := exchange.ReadPeople(strings.NewReader("id,Shoe size,name,role,area,Note\n"), people.Wonosobo(), today)
	if err != nil || !slices.Equal(file.Ignored, []string{"Shoe size", "Note"}) {
		t.Errorf("Ignored = %q, %v; want Shoe size and Note", file.Ignored, err)
	}
}

func TestPeopleRows(t *testing.T) {
	const head = "id;name;role;area;position;phone;language;gender;birth_year;valid_from;valid_to\n"
	for _, tt := range []struct{ name, row, want string }{
		{"a whole row", "P1;Sri Embun;participant;33.07.01.2001;Kaur;+62 812-3456-7890;id;p;1980;2026-01-01;2026-12-31", ""},
		{"missing cells at the end are empty", "P1;Sri Embun;participant;33.07.01.2001", ""},
		{"empty cells beyond the header are nothing", "P1;Sri;participant;33.07.01.2001;;;;;;;; ;;", ""},
		{"full ones are too many", "P1;Sri;participant;33.07.01.2001;;;;;;;;;x", "2 people.cells"},
		{"no name", "P1;;participant;33.07.01.2001", "2 person.name"},
		{"no id", ";Sri;participant;33.07.01.2001", "2 person.id"},
		{"a role that is none", "P1;Sri;king;33.07.01.2001", "2 person.role"},
		{"an area that is not there", "P1;Sri;participant;33.08.01.2001", "2 person.area"},
		{"no area", "P1;Sri;participant;", "2 person.area"},
		{"a year that is none", "P1;Sri;participant;33.07.01.2001;;;;;nineteen", "2 person.birth_year"},
		{"a year to come", "P1;Sri;participant;33.07.01.2001;;;;;2050", "2 person.birth_year"},
		{"a day that is none", "P1;Sri;participant;33.07.01.2001;;;;;;2026-02-30", "2 person.valid_from"},
		{"an end before the beginning", "P1;Sri;participant;33.07.01.2001;;;;;;2026-02-03;2026-01-01", "2 person.valid_to"},
		{"a phone that is none", "P1;Sri;participant;33.07.01.2001;;twelve", "2 person.phone"},
		{"a stray quotation mark", `P1;"Sri;participant;33.07.01.2001`, "2 people.quotes"},
		{"another encoding", "P1;S\xe9ri;participant;33.07.01.2001", "2 people.encoding"},
		{"a line without end", "P1;" + strings.Repeat("x", 1<<17), "2 people.line"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const next = "P2;Tono Cemara;participant;33.07.02.2001\r\n"
			good, refused := readAll(t, head+tt.row+"\n"+next)
			if got := strings.Join(refused, ", "); got != tt.want {
				t.Errorf("refused %q, want %q", got, tt.want)
			}
			if last := good[len(good)-1]; last.ID != "P2" {
				t.Errorf("the row after it became %+v", last)
			}
		})
	}
}

func TestPersonOfARow(t *testing.T) {
	good, _ := readAll(t, "id,name,role,area,position,phone,language,gender,birth_year,valid_from,valid_to,retired\n"+
		`P1, Sri Embun ,Participant,33.07.01.2001,"Kaur, umum",+62 812-3456-7890,ID,p,1980,2026-01-01,,yes`)
	want := people.Person{ID: "P1", Name: "Sri Embun", Role: people.Participant, Phone: "081234567890",
		Language: courses.Indonesian, Gender: "P", BirthYear: 1980, Retired: true,
		Postings: []people.Posting{{Area: "33.07.01.2001", Position: "Kaur, umum", From: "2026-01-01"}}}
	if len(good) != 1 || fmt.Sprint(good[0]) != fmt.Sprint(want) {
		t.Errorf("read %+v, want %+v", good, want)
	}
}

func TestLineNumbersAreThoseOfTheFile(t *testing.T) {
	_, refused := readAll(t, "\n\nid,name,role,area\n,,,\n\nP1,,participant,33.07\nP2,,participant,33.07\n")
	if got := strings.Join(refused, ", "); got != "6 person.name, 7 person.name" {
		t.Errorf("refused %q", got)
	}
}

// sheet makes an XLSX file of the rows.
func sheet(t *testing.T, rows ...[]any) string {
	t.Helper()
	file := excelize.NewFile()
	out, err := file.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := out.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := file.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPeopleSheet(t *testing.T) {
	good, refused := readAll(t, sheet(t,
		[]any{"id", "name", "role", "area", "phone", "birth_year", "valid_from"},
		[]any{"P1", "Sri Embun", "participant", "33.07.01.2001", 81234567890, 1980, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)},
		nil,
		[]any{"P2", "", "participant", "33.07.01.2001"},
		[]any{"P3", "Tono", "participant", "33.07.01.2001", "0812 3456 7890", "1980", "2026-03-01"},
	))
	if got := strings.Join(refused, ", "); got != "4 person.name" {
		t.Errorf("refused %q, want row 4", got)
	}
	if len(good) != 2 {
		t.Fatalf("read %+v, want two people", good)
	}
	for _, p := range good {
		if p.Phone != "081234567890" || p.BirthYear != 1980 || p.Postings[0].From != "2026-03-01" {
			t.Errorf("read %+v, want the phone, year and day that were meant", p)
		}
	}
}

func TestPeopleSheetsAreBounded(t *testing.T) {
	rows := [][]any{{"id", "name", "role", "area"}}
	for range 20_010 {
		rows = append(rows, []any{"P1", "Sri", "participant", "33.07"})
	}
	good, refused := readAll(t, sheet(t, rows...))
	if len(good) != 19_999 || strings.Join(refused, ", ") != "20001 people.sheet_rows" {
		t.Errorf("read %d people and refused %v; want the first 20,000 rows", len(good), refused)
	}
	for _, content := range []string{"PK\x03\x04 no archive", "PK\x03\x04" + strings.Repeat("x", 17<<20)} {
		_, err := exchange.ReadPeople(strings.NewReader(content), people.Wonosobo(), today)
		if courses.KindOf(err) != courses.Invalid {
			t.Errorf("ReadPeople of %d odd bytes = %v, want an Invalid problem", len(content), err)
		}
	}
}

// persons generates people whose names a spreadsheet would take for formulas.
func persons() *rapid.Generator[people.Person] {
	areas := people.Wonosobo().OfType(people.Village, people.Ward)
	return rapid.Custom(func(t *rapid.T) people.Person {
		p := people.Person{
			ID:      rapid.StringMatching(`[A-Z0-9][A-Za-z0-9._/-]{0,20}`).Draw(t, "id"),
			Name:    rapid.StringMatching(`[=+@A-Za-z'"-][A-Za-z,;'" -]{0,30}[A-Za-z"]`).Draw(t, "name"),
			Role:    rapid.SampledFrom(people.Roles).Draw(t, "role"),
			Phone:   rapid.SampledFrom([]string{"", "081234567890"}).Draw(t, "phone"),
			Gender:  rapid.SampledFrom([]string{"", "L", "P"}).Draw(t, "gender"),
			Retired: rapid.Bool().Draw(t, "retired"),
		}
		for year := range rapid.IntRange(1, 3).Draw(t, "postings") {
			area := rapid.SampledFrom(areas).Draw(t, "area").Code
			p.Postings = append(p.Postings, people.Posting{Area: area, Position: "Kaur", From: fmt.Sprintf("202%d-01-01", year)})
		}
		return p
	})
}

func TestPeopleComeBackAsTheyWent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sent := persons().Draw(rt, "person")
		var b strings.Builder
		err := exchange.WritePeople(&b, func(yield func(people.Person, error) bool) { yield(sent, nil) })
		if err != nil {
			rt.Fatal(err)
		}
		rows, refused := readAll(t, b.String())
		if len(refused) > 0 {
			rt.Fatalf("refused %v of\n%s", refused, b.String())
		}
		back := rows[0]
		for _, row := range rows[1:] {
			back = back.Merge(row)
		}
		if fmt.Sprint(back) != fmt.Sprint(sent) {
			rt.Fatalf("came back %+v, went %+v", back, sent)
		}
	})
}

func TestFormulasAreDefused(t *testing.T) {
	p := people.Person{ID: "P1", Name: "=1+1", Role: people.Participant, Postings: []people.Posting{{Area: "33.07"}}}
	var b strings.Builder
	err := exchange.WritePeople(&b, func(yield func(people.Person, error) bool) { yield(p, nil) })
	if err != nil || !strings.Contains(b.String(), "P1,'=1+1,") {
		t.Errorf("wrote %q, %v; want the name behind an apostrophe", b.String(), err)
	}
}

func TestWritingStopsAtAnError(t *testing.T) {
	err := exchange.WritePeople(io.Discard, func(yield func(people.Person, error) bool) {
		yield(people.Person{}, courses.Unavailable)
	})
	if !errors.Is(err, courses.Unavailable) {
		t.Errorf("WritePeople = %v, want the error of the sequence", err)
	}
}
