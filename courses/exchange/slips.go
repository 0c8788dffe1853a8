package exchange

import (
	"encoding/csv"
	"io"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"

	"melek/courses/people"
)

// Slip is what one person needs to sign in for the first time.
type Slip struct {
	ID    string
	Name  string
	Area  string // code
	Place string // in words, a village with its kecamatan
	Code  string // one-time
}

// NewSlip makes the slip of a person who was given a code.
func NewSlip(p people.Person, code string, g *people.Region) Slip {
	slip := Slip{ID: p.ID, Name: p.Name, Code: code}
	if len(p.Postings) > 0 {
		slip.Area = p.Postings[len(p.Postings)-1].Area
	}
	area, ok := g.Area(slip.Area)
	if !ok {
		return slip
	}
	slip.Place = typeWords[area.Type] + " " + area.Name
	if district, ok := g.Ancestor(area.Code, people.District); ok && area.IsVillage() {
		slip.Place += ", " + typeWords[people.District] + " " + district.Name
	}
	return slip
}

// typeWords are the types of areas as slips have them.
var typeWords = map[people.AreaType]string{people.Regency: "Kabupaten", people.District: "Kecamatan",
	people.Village: "Desa", people.Ward: "Kelurahan"}

// WriteSlipList writes the codes as CSV, for sending them one by one.
func WriteSlipList(w io.Writer, slips []Slip) error {
	rows := csv.NewWriter(w)
	if err := rows.Write([]string{"id", "name", "area", "code"}); err != nil {
		return err
	}
	for _, s := range slips {
		if err := rows.Write([]string{Guard(s.ID), Guard(s.Name), s.Area, s.Code}); err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}

// SlipSheet is slips to be printed, cut apart and handed out.
type SlipSheet struct {
	Slips   []Slip
	Address string    // where one signs in
	Until   time.Time // when the codes expire, in the zone of its readers
	// Simulated marks every slip: nobody signs in with it.
	Simulated bool
}

// An A4 page holds four slips of A6, two by two.
const (
	slipWidth  = 105.0
	slipHeight = 148.5
	slipMargin = 11.0
	slipInner  = slipWidth - 2*slipMargin
)

// WriteSlips writes the slips as PDF, four to an A4 page with lines to cut along.
func WriteSlips(w io.Writer, sheet SlipSheet) error {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetTitle("Melek", true)
	pdf.SetCreator("Melek", true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	page := slipPage{Fpdf: pdf, sheet: sheet, encode: pdf.UnicodeTranslatorFromDescriptor("")}
	for i, slip := range sheet.Slips {
		place := i % 4
		if place == 0 {
			pdf.AddPage()
			page.cutLines()
		}
		page.draw(slip, float64(place%2)*slipWidth, float64(place/2)*slipHeight)
	}
	if len(sheet.Slips) == 0 {
		pdf.AddPage()
	}
	return pdf.Output(w)
}

// slipPage draws slips; encode turns text into the encoding of the built-in fonts.
type slipPage struct {
	*fpdf.Fpdf
	sheet  SlipSheet
	encode func(string) string
}

// Colours, as red, green and blue.
var (
	ink    = [3]int{28, 36, 32}
	quiet  = [3]int{98, 108, 102}
	tea    = [3]int{27, 94, 68}
	paper  = [3]int{244, 241, 231}
	burnt  = [3]int{173, 73, 18}
	dashes = []float64{1.6, 1.6}
)

func (p *slipPage) cutLines() {
	p.SetDrawColor(150, 150, 150)
	p.SetLineWidth(0.2)
	p.SetDashPattern(dashes, 0)
	p.Line(slipWidth, 0, slipWidth, 2*slipHeight)
	p.Line(0, slipHeight, 2*slipWidth, slipHeight)
	p.SetDashPattern(nil, 0)
}

func (p *slipPage) draw(s Slip, x, y float64) {
	left := x + slipMargin
	p.head(left, y+slipMargin)
	p.name(left, y+33, s.Name)
	p.line(left, y+41, "Helvetica", "", 11, quiet, s.Place)
	p.field(left, y+53, "Alamat", "Address", "Helvetica", strings.TrimSuffix(p.sheet.Address, "/"))
	p.field(left, y+70, "Nomor peserta", "Participant number", "Courier", s.ID)
	p.code(left, y+83, s.Code)
	p.instructions(left, y+118)
}

// head draws the name of the program, and says so where nothing is real.
func (p *slipPage) head(x, y float64) {
	p.SetFillColor(tea[0], tea[1], tea[2])
	p.Rect(x, y, slipInner, 11, "F")
	white := [3]int{255, 255, 255}
	p.line(x+4, y+7.3, "Helvetica", "B", 13, white, "Melek")
	p.SetFont("Helvetica", "", 9)
	right := "Slip masuk"
	if p.sheet.Simulated {
		right = "SIMULASI – bukan data nyata"
		p.SetFont("Helvetica", "B", 9)
	}
	right = p.encode(right)
	p.Text(x+slipInner-4-p.GetStringWidth(right), y+7.1, right)
}

// name writes a name large, or on two lines where it is long.
func (p *slipPage) name(x, y float64, name string) {
	const large, small = 17, 12.5
	p.SetFont("Helvetica", "B", large)
	if p.GetStringWidth(p.encode(name)) <= slipInner {
		p.line(x, y, "Helvetica", "B", large, ink, name)
		return
	}
	p.SetFontSize(small)
	first, rest := name, ""
	for p.GetStringWidth(p.encode(first)) > slipInner {
		cut := strings.LastIndexByte(first, ' ')
		if cut < 0 {
			break
		}
		first, rest = first[:cut], name[cut+1:]
	}
	p.line(x, y-3, "Helvetica", "B", small, ink, first)
	p.line(x, y+2.5, "Helvetica", "B", small, ink, rest)
}

// line writes one line with its baseline at y, smaller where it would not fit.
func (p *slipPage) line(x, y float64, font, style string, size float64, colour [3]int, text string) {
	text = p.encode(text)
	p.SetTextColor(colour[0], colour[1], colour[2])
	p.SetFont(font, style, size)
	if width := p.GetStringWidth(text); width > slipInner {
		p.SetFontSize(size * slipInner / width)
	}
	p.Text(x, y, text)
}

// label writes what follows in Indonesian and, more quietly, in English.
func (p *slipPage) label(x, y float64, indonesian, english string) {
	p.line(x, y, "Helvetica", "B", 8.5, tea, indonesian)
	width := p.GetStringWidth(p.encode(indonesian))
	p.line(x+width+1.8, y, "Helvetica", "", 8.5, quiet, english)
}

func (p *slipPage) field(x, y float64, indonesian, english, font, value string) {
	p.label(x, y, indonesian, english)
	p.line(x, y+6.5, font, "B", 14, ink, value)
}

func (p *slipPage) code(x, y float64, code string) {
	p.SetFillColor(paper[0], paper[1], paper[2])
	p.SetDrawColor(tea[0], tea[1], tea[2])
	p.SetLineWidth(0.5)
	p.Rect(x, y, slipInner, 25, "FD")
	p.label(x+4, y+6.5, "Kode sekali pakai", "One-time code")
	p.SetFont("Courier", "B", 27)
	p.SetTextColor(ink[0], ink[1], ink[2])
	code = p.encode(code)
	p.Text(x+(slipInner-p.GetStringWidth(code))/2, y+18.5, code)
}

// instructions are two lines; the codes' last day follows.
func (p *slipPage) instructions(x, y float64) {
	const step, english = 4.6, "Open the address, type the number and the code, then choose your PIN."
	p.line(x, y, "Helvetica", "", 9.5, ink, "1. Buka alamat di atas, ketik nomor peserta dan kode.")
	p.line(x, y+step, "Helvetica", "", 9.5, ink, "2. Pilih PIN Anda sendiri; kode lalu tidak berlaku lagi.")
	p.line(x, y+2*step+1, "Helvetica", "", 7.5, quiet, english)
	if !p.sheet.Until.IsZero() {
		day := p.sheet.Until.Format("02-01-2006")
		p.line(x, y+3*step+1.4, "Helvetica", "B", 8, burnt, "Berlaku sampai "+day+" · valid until "+day)
	}
}
