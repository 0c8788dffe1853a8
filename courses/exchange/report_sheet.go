package exchange

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/reports"
)

// sheet is a report as it is laid out, whatever the format.
type sheet struct {
	report      string // gains or completion
	by          reports.By
	about       reports.About
	lang        courses.Lang
	words       func(key string) string
	numerals    *message.Printer
	generatedAt time.Time
	minCell     int
	simulated   bool

	columns []column // of the files with every figure
	heads   []string // of what is printed
	rows    []line
	total   line
}

func newSheet(report string, about reports.About, lang courses.Lang, words func(string) string) *sheet {
	tag := language.Indonesian
	if lang == courses.English {
		tag = language.English
	}
	return &sheet{report: report, about: about, lang: lang, words: words, numerals: message.NewPrinter(tag)}
}

func (s *sheet) write(w io.Writer, format string) error {
	s.total.name = s.word("total")
	switch format {
	case "table":
		return s.writeTable(w)
	case "csv":
		return s.writeCSV(w)
	case "xlsx":
		return s.writeXLSX(w)
	case "pdf":
		return s.writePDF(w)
	}
	return courses.Problemf(courses.Invalid, "report.format", format)
}

// word is a wording of reports.
func (s *sheet) word(key string) string { return s.words("gains." + key) }

// title is what the report is called.
func (s *sheet) title() string { return s.word("title_" + s.report) }

// subject says which people the report is on.
func (s *sheet) subject() string {
	q := s.about.Query
	parts := []string{strings.TrimSpace(typeWords[s.about.Area.Type] + " " + s.about.Area.Name),
		s.words("role." + string(q.Role))}
	if q.Type != "" {
		parts = append(parts, s.word("only_"+string(q.Type)))
	}
	if q.From != "" {
		parts = append(parts, s.word("from")+" "+day(q.From))
	}
	if q.To != "" {
		parts = append(parts, s.word("to")+" "+day(q.To))
	}
	return strings.Join(parts, " · ")
}

// day turns YYYY-MM-DD into the form of tables, DD-MM-YYYY.
func day(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("02-01-2006")
}

// made says when the report was made.
func (s *sheet) made() string {
	clock := "15.04"
	if s.lang == courses.English {
		clock = "15:04"
	}
	return s.word("made") + " " + s.generatedAt.In(s.about.Zone).Format("02-01-2006 "+clock+" MST")
}

// notes explain what is shown.
func (s *sheet) notes() []string {
	var notes []string
	if s.report == "gains" {
		notes = append(notes, s.word("note_matched"), s.word("note_interval"))
	}
	if s.about.Query.Unsuppressed {
		notes = append(notes, s.word("note_unsuppressed"))
	} else if s.hides() {
		notes = append(notes, strings.ReplaceAll(s.word("note_hidden"), "{N}", strconv.Itoa(s.minCell)))
	}
	return notes
}

func (s *sheet) hides() bool {
	hides := s.total.hidden
	for _, l := range s.rows {
		hides = hides || l.hidden
	}
	return hides
}

// firstHead is the head of the column of names.
func (s *sheet) firstHead() string { return s.word("by_" + string(s.by)) }

// none stands where a figure does not exist.
const none = "–"

// show writes a value for people.
func (s *sheet) show(k kind, value any) string {
	switch v := value.(type) {
	case int64:
		return s.numerals.Sprint(number.Decimal(v))
	case float64:
		switch k {
		case share:
			return s.decimal(100*v, 1) + "%"
		case chance:
			return s.decimal(v, 4)
		case effect:
			return s.decimal(v, 2)
		default:
			return s.decimal(v, 1)
		}
	case gain.Method:
		return s.word("method_" + string(v))
	case nil:
		return none
	}
	return fmt.Sprint(value)
}

// decimal writes a number with the language's signs; what rounds to 0 has no sign.
func (s *sheet) decimal(x float64, decimals int) string {
	scale := math.Pow10(decimals)
	if x = math.Round(x*scale) / scale; x == 0 {
		x = 0
	}
	return strings.Replace(s.numerals.Sprint(number.Decimal(x, number.Scale(decimals))), "-", "−", 1)
}

// signed writes points with their sign.
func (s *sheet) signed(x *float64) string {
	if x == nil {
		return none
	}
	written := s.decimal(*x, 1)
	if math.Round(*x*10) > 0 {
		return "+" + written
	}
	return written
}

// interval writes the ends of an interval.
func (s *sheet) interval(ci *gain.Interval) string {
	if ci == nil {
		return none
	}
	return s.signed(&ci[0]) + " " + s.word("until") + " " + s.signed(&ci[1])
}
