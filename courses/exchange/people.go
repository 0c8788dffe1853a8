package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"melek/courses"
	"melek/courses/people"
)

// peopleColumns are the columns of a people file, in the order in which they are written.
var peopleColumns = []string{"id", "name", "role", "area", "position", "phone", "language", "gender",
	"birth_year", "valid_from", "valid_to", "retired"}

// requiredColumns are those without which a people file cannot be read.
var requiredColumns = []string{"id", "name", "role", "area"}

// mostPeopleLine is how many bytes a line of a people file may have.
const mostPeopleLine = 1 << 16

// PeopleFile is a list of people that is being read, as CSV or as the first sheet of an XLSX file.
type PeopleFile struct {
	// Ignored are the titles of columns that are not known and not read.
	Ignored []string

	region *people.Region
	now    time.Time
	rows   rowSource
	place  map[string]int // of a known column
	width  int
}

// PersonRow is one row of a people file: a person with one posting or, where Problem is set, the
// reason why it is none.
type PersonRow struct {
	Line    int // in the file, from 1
	ID      string
	Person  people.Person
	Problem error // a courses.Problem
}

// rowSource gives the cells of a file row by row.
type rowSource interface {
	// next returns the cells of the next row that has any and its number, or io.EOF. A
	// courses.Problem is the matter of one row; reading goes on after it.
	next() (cells []string, line int, err error)
	// day reads a cell as a day written YYYY-MM-DD.
	day(cell string) string
}

// ReadPeople begins to read a people file and judges its header: a courses.Problem of kind Invalid
// refuses the whole file. CSV is read row by row in flat memory; one line is one row, so a stray
// quotation mark spoils no other.
func ReadPeople(r io.Reader, region *people.Region, now time.Time) (*PeopleFile, error) {
	in := bufio.NewReader(r)
	f := &PeopleFile{region: region, now: now}
	var err error
	if start, _ := in.Peek(4); bytes.Equal(start, []byte("PK\x03\x04")) {
		f.rows, err = openSheet(in)
	} else {
		f.rows = &csvRows{lines: newLineReader(in, mostPeopleLine)}
	}
	if err != nil {
		return nil, err
	}
	head, _, err := f.rows.next()
	if errors.Is(err, io.EOF) {
		return nil, refused("people.empty")
	}
	if err != nil {
		return nil, err
	}
	return f, f.readHeader(head)
}

func refused(key string, args ...any) error { return courses.Problemf(courses.Invalid, key, args...) }

func (f *PeopleFile) readHeader(head []string) error {
	f.place, f.width = map[string]int{}, len(head)
	for i, title := range head {
		name := strings.ToLower(strings.TrimSpace(title))
		if isNIK(name) {
			return refused("people.nik", title)
		}
		if !slices.Contains(peopleColumns, name) {
			if name != "" {
				f.Ignored = append(f.Ignored, title)
			}
			continue
		}
		if _, twice := f.place[name]; twice {
			return refused("people.header_twice", name)
		}
		f.place[name] = i
	}
	for _, name := range requiredColumns {
		if _, ok := f.place[name]; !ok {
			return refused("people.header", name)
		}
	}
	return nil
}

// isNIK reports whether a title promises the national identity number, which is not needed here and
// so must not be taken (UU 27/2022 Pasal 16).
func isNIK(title string) bool {
	words := strings.FieldsFunc(title, func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.Contains(words, "nik")
}

// Next returns the next row, or io.EOF after the last. Any other error ends the reading.
func (f *PeopleFile) Next() (PersonRow, error) {
	cells, line, err := f.rows.next()
	row := PersonRow{Line: line}
	if problem := (*courses.Problem)(nil); errors.As(err, &problem) {
		row.Problem = err
		return row, nil
	}
	if err != nil {
		return row, err
	}
	row.ID = f.cell(cells, "id")
	for len(cells) > f.width && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1] // spreadsheets like to add empty ones
	}
	if len(cells) > f.width {
		row.Problem = refused("people.cells", f.width, len(cells))
		return row, nil
	}
	row.Person, row.Problem = f.person(cells)
	return row, nil
}

// cell returns the text of a known column without surrounding space, empty where it is missing.
func (f *PeopleFile) cell(cells []string, column string) string {
	i, ok := f.place[column]
	if !ok || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(unguard(strings.TrimSpace(cells[i])))
}

func (f *PeopleFile) person(cells []string) (people.Person, error) {
	cell := func(column string) string { return f.cell(cells, column) }
	p := people.Person{
		ID: cell("id"), Name: cell("name"), Role: people.Role(strings.ToLower(cell("role"))),
		Phone: people.NormalPhone(cell("phone")), Language: courses.Lang(strings.ToLower(cell("language"))),
		Gender: strings.ToUpper(cell("gender")),
		Postings: []people.Posting{{Area: cell("area"), Position: cell("position"),
			From: f.rows.day(cell("valid_from")), To: f.rows.day(cell("valid_to"))}},
	}
	if year := cell("birth_year"); year != "" {
		n, err := strconv.Atoi(year)
		if err != nil || n == 0 {
			return p, refused("person.birth_year")
		}
		p.BirthYear = n
	}
	switch strings.ToLower(cell("retired")) {
	case "", "no":
	case "yes":
		p.Retired = true
	default:
		return p, refused("person.retired")
	}
	return p, p.Check(f.region, f.now)
}

// csvRows reads CSV with commas or semicolons, whichever the header has more of.
type csvRows struct {
	lines *lineReader
	comma rune
}

func (c *csvRows) next() ([]string, int, error) {
	for {
		line, err := c.lines.next()
		if errors.Is(err, errLineTooLong) {
			return nil, c.lines.number, refused("people.line", mostPeopleLine)
		}
		if err != nil {
			return nil, c.lines.number, err
		}
		if c.comma == 0 {
			c.comma = separator(line)
		}
		if len(bytes.Trim(line, " \t,;")) == 0 {
			continue
		}
		if !utf8.Valid(line) {
			return nil, c.lines.number, refused("people.encoding")
		}
		cells, err := splitCSV(line, c.comma)
		return cells, c.lines.number, err
	}
}

func (c *csvRows) day(cell string) string { return cell }

func separator(header []byte) rune {
	if bytes.Count(header, []byte(";")) > bytes.Count(header, []byte(",")) {
		return ';'
	}
	return ','
}

func splitCSV(line []byte, comma rune) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(line))
	r.Comma = comma
	cells, err := r.Read()
	if err != nil {
		return nil, refused("people.quotes")
	}
	return cells, nil
}
