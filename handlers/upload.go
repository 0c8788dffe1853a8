package handlers

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/exchange"
	"melek/courses/people"
)

// An upload is shown before it is kept. What was shown travels back with the confirmation, packed
// into the form, so that nothing waits on the server: any process can finish what another began.

// Limits of an uploaded list of people.
const (
	mostUpload    = 4 << 20
	previewRows   = 20
	refusalsShown = 1000
	registerBatch = 500
)

// peopleList is a list of people as read.
type peopleList struct {
	Good     []exchange.PersonRow
	Refused  []refusedRow
	Ignored  []string // titles of columns that are not read
	Unlisted int      // refusals beyond those shown
}

// refusedRow is a row that is not taken, and why, in words.
type refusedRow struct {
	Line   int
	ID     string
	Reason string
}

// AllRefused is how many rows are not taken.
func (l *peopleList) AllRefused() int { return len(l.Refused) + l.Unlisted }

func (s *server) readPeople(c *fiber.Ctx, content []byte) (*peopleList, error) {
	file, err := exchange.ReadPeople(bytes.NewReader(content), s.Region, s.Now())
	if err != nil {
		return nil, err
	}
	list := &peopleList{Ignored: file.Ignored}
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if row.Problem != nil {
			list.refuse(row, s.reason(c, row.Problem))
			continue
		}
		list.Good = append(list.Good, row)
	}
}

func (l *peopleList) refuse(row exchange.PersonRow, reason string) {
	if len(l.Refused) == refusalsShown {
		l.Unlisted++
		return
	}
	l.Refused = append(l.Refused, refusedRow{row.Line, row.ID, reason})
}

type importPage struct {
	page
	Fault   string
	List    *peopleList // nil before anything was uploaded
	Preview []previewedRow
	File    string // its name
	Packed  string // its content, for the confirmation
	Done    bool
}

type previewedRow struct {
	listedPerson
	Line int
	From string
}

func (s *server) renderImport(c *fiber.Ctx, status int, p importPage) error {
	p.page = s.page(c, "import.title").wide().at("/people/import")
	if p.List != nil && !p.Done {
		for _, row := range p.List.Good[:min(len(p.List.Good), previewRows)] {
			posting := row.Person.Postings[0]
			listed := listedPerson{row.Person, s.placeName(p.Words, posting.Area), posting.Position}
			p.Preview = append(p.Preview, previewedRow{listed, row.Line, posting.From})
		}
	}
	return s.render(c, status, "import.html", p)
}

func (s *server) showImport(c *fiber.Ctx) error {
	return s.renderImport(c, fiber.StatusOK, importPage{})
}

// sendExample sends a list with one person, to be filled in.
func (s *server) sendExample(c *fiber.Ctx) error {
	villages := s.Region.OfType(people.Village, people.Ward)
	example := people.Person{ID: "P0001", Name: "Sri Rahayu", Role: people.Participant, Phone: "081200000000",
		Language: courses.Indonesian, Gender: "P", BirthYear: 1985, Postings: []people.Posting{{
			Area: villages[0].Code, Position: "Sekretaris Desa", From: s.Now().In(s.Zone).Format(time.DateOnly)}}}
	var b bytes.Buffer
	err := exchange.WritePeople(&b, func(yield func(people.Person, error) bool) { yield(example, nil) })
	if err != nil {
		return err
	}
	return sendFile(c, "peserta.csv", "text/csv; charset=utf-8", b.Bytes())
}

// previewImport shows what a file would bring. Nothing is kept.
func (s *server) previewImport(c *fiber.Ctx) error {
	name, content, err := uploaded(c, ".csv", ".xlsx")
	var list *peopleList
	if err == nil {
		list, err = s.readPeople(c, content)
	}
	if courses.KindOf(err) == courses.Invalid {
		return s.renderImport(c, fiber.StatusUnprocessableEntity, importPage{Fault: s.reason(c, err), File: name})
	}
	if err != nil {
		return err
	}
	packed, err := pack(content)
	if err != nil {
		return err
	}
	return s.renderImport(c, fiber.StatusOK, importPage{List: list, File: name, Packed: packed})
}

// zipped are the kinds of files, by the ends of their names, that are zip files within.
var zipped = []string{".xlsx", ".zip"}

// uploaded returns the file of the form, whose name must end like one of the kinds and which must be of that
// kind within.
func uploaded(c *fiber.Ctx, kinds ...string) (name string, content []byte, err error) {
	header, err := c.FormFile("file")
	if err != nil || header.Size == 0 {
		return "", nil, courses.Problemf(courses.Invalid, "upload.none")
	}
	if !isText([]byte(header.Filename)) {
		return "", nil, courses.Problemf(courses.Invalid, "upload.name")
	}
	if header.Size > mostUpload {
		return header.Filename, nil, courses.Problemf(courses.Invalid, "upload.large", mostUpload>>20)
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	content, err = io.ReadAll(file)
	kind := strings.ToLower(path.Ext(header.Filename))
	isZip := bytes.HasPrefix(content, []byte("PK\x03\x04"))
	if err == nil && (!slices.Contains(kinds, kind) || slices.Contains(zipped, kind) != isZip) {
		err = courses.Problemf(courses.Invalid, "upload.kind", strings.Join(kinds, ", "))
	}
	return header.Filename, content, err
}

// packedForm is a list as it was shown.
type packedForm struct {
	File   string `form:"file" validate:"max=255"` // its name
	Packed string `form:"packed" validate:"required"`
}

// confirmImport registers the people that were shown. The same confirmation again changes nothing.
func (s *server) confirmImport(c *fiber.Ctx) error {
	var f packedForm
	if err := s.readPressed(c, &f); err != nil {
		return err
	}
	content, err := unpack(f.Packed)
	if err != nil {
		return s.renderImport(c, fiber.StatusUnprocessableEntity,
			importPage{Fault: s.reason(c, courses.Problemf(courses.Invalid, "upload.again"))})
	}
	list, err := s.readPeople(c, content)
	if err != nil {
		return err
	}
	if err := s.registerList(c, list); err != nil {
		return err
	}
	if err := s.note(c, "people.import", f.File, strconv.Itoa(len(list.Good))); err != nil {
		return err
	}
	return s.renderImport(c, fiber.StatusOK, importPage{List: list, File: f.File, Done: true})
}

// registerList registers the good rows, a batch at a time. One whose number may not be used again is
// refused alone.
func (s *server) registerList(c *fiber.Ctx, list *peopleList) error {
	good := list.Good
	list.Good = make([]exchange.PersonRow, 0, len(good))
	for batch := range slices.Chunk(good, registerBatch) {
		err := s.registerRows(c, list, batch)
		if courses.KindOf(err) == courses.Conflict {
			err = s.registerEach(c, list, batch)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *server) registerRows(c *fiber.Ctx, list *peopleList, rows []exchange.PersonRow) error {
	persons := make([]people.Person, len(rows))
	for i, row := range rows {
		persons[i] = row.Person
	}
	if err := s.Ledger.Register(c.UserContext(), persons); err != nil {
		return err
	}
	list.Good = append(list.Good, rows...)
	return nil
}

func (s *server) registerEach(c *fiber.Ctx, list *peopleList, rows []exchange.PersonRow) error {
	for i, row := range rows {
		err := s.registerRows(c, list, rows[i:i+1])
		if courses.KindOf(err) == courses.Conflict {
			list.refuse(row, s.reason(c, err))
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pack makes a file fit to stand in a form.
func pack(content []byte) (string, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		return "", err
	}
	err := w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes()), err
}

// unpack undoes pack; more than an upload may have is an error.
func unpack(packed string) ([]byte, error) {
	zipped, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, mostUpload+1))
	if err == nil && len(content) > mostUpload {
		err = errors.New("handlers: a packed file that is too large")
	}
	return content, err
}
