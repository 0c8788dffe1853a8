package exchange

import (
	"fmt"
	"io"
	"strings"

	"github.com/go-pdf/fpdf"
)

// An A4 page on its side, in millimetres.
const (
	pageWidth  = 297.0
	pageHeight = 210.0
	pageMargin = 12.0
	tableWidth = pageWidth - 2*pageMargin
	headHeight = 12.5
	rowHeight  = 6.6
	lowestRow  = pageHeight - 17
	headSize   = 7.6 // of the font
	cellSize   = 9.0
)

// nameWidth is that of the column of names; what is drawn has what the columns leave.
const nameWidth = 44.0

// pdfWidths are those of the printed columns of each report by head.
var pdfWidths = map[string]map[string]float64{
	"gains": {"enrolled": 15.5, "completed": 16, "pre_n": 14.5, "post_n": 14.5, "matched": 18.5,
		"attrition": 13.5, "pre_mean": 16, "post_mean": 16, "gain_mean": 15.5, "gain_ci95": 28, "hake_g": 10,
		"competent_share": 15},
	"completion": {"enrolled": 24, "completed": 24, "share_completed": 24, "pre_n": 24, "post_n": 24},
}

// pdfReport draws a report.
type pdfReport struct {
	*fpdf.Fpdf
	s      *sheet
	encode func(string) string // into the encoding of the built-in fonts
	widths map[string]float64
	axis   axis
	// drawnAt is where the drawing of each row begins.
	drawnAt, drawnWidth float64
}

// writePDF writes the report as it is printed: on each page the heads, a drawing beside each row,
// and who may take it for real.
func (s *sheet) writePDF(w io.Writer) error {
	pdf := fpdf.New("L", "mm", "A4", "")
	pdf.SetTitle(s.title(), true)
	pdf.SetCreator("Melek", true)
	pdf.SetLang(string(s.lang))
	pdf.SetCreationDate(s.generatedAt)
	pdf.SetModificationDate(s.generatedAt)
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(pageMargin, pageMargin, pageMargin)
	pdf.SetCellMargin(1)
	p := &pdfReport{Fpdf: pdf, s: s, widths: pdfWidths[s.report], axis: axisOf(s.all()),
		drawnAt: pageMargin + nameWidth}
	latin := pdf.UnicodeTranslatorFromDescriptor("")
	p.encode = func(text string) string { return latin(strings.ReplaceAll(text, "−", "–")) }
	for _, head := range s.heads {
		p.drawnAt += p.widths[head]
	}
	p.drawnWidth = pageWidth - pageMargin - p.drawnAt
	pdf.SetHeaderFunc(p.top)
	pdf.AddPage()
	p.headline()
	p.tableHead()
	for i, l := range s.rows {
		p.room(rowHeight)
		p.row(l, i%2 == 1)
	}
	p.room(rowHeight + 1)
	p.sum()
	p.notes()
	for page, pages := 1, p.PageCount(); page <= pages; page++ {
		p.SetPage(page)
		p.bottom(page, pages)
	}
	return pdf.Output(w)
}

// top is the band of every page, and says where nothing is real.
func (p *pdfReport) top() {
	p.fill(tea)
	p.Rect(0, 0, pageWidth, 13, "F")
	white := [3]int{255, 255, 255}
	p.say(pageMargin, 8.6, "B", 13, white, "Melek")
	p.SetFont("Helvetica", "", 9.5)
	right := p.s.title()
	p.say(pageWidth-pageMargin-p.GetStringWidth(p.encode(right)), 8.4, "", 9.5, white, right)
	p.SetY(19)
	if p.s.simulated {
		p.fill(burnt)
		p.Rect(0, 13, pageWidth, 8, "F")
		p.SetFont("Helvetica", "B", 11)
		warning := p.s.word("simulated")
		p.say((pageWidth-p.GetStringWidth(p.encode(warning)))/2, 18.4, "B", 11, white, warning)
		p.SetY(27)
	}
}

// bottom is written last, when the number of pages is known.
func (p *pdfReport) bottom(page, pages int) {
	y := pageHeight - 8
	p.say(pageMargin, y, "", 8, quiet, p.s.made())
	text := fmt.Sprintf("%s %d / %d", p.s.word("page"), page, pages)
	p.say(pageWidth-pageMargin-p.GetStringWidth(p.encode(text)), y, "", 8, quiet, text)
}

// headline says what the report is on.
func (p *pdfReport) headline() {
	y := p.GetY()
	p.say(pageMargin, y+4.5, "B", 17, ink, p.s.about.Title.In(p.s.lang))
	p.say(pageMargin, y+11, "", 10.5, quiet, p.s.subject())
	p.SetY(y + 16)
}

// room begins a new page where the height is not left on this one.
func (p *pdfReport) room(height float64) {
	if p.GetY()+height > lowestRow {
		p.AddPage()
		p.tableHead()
	}
}

func (p *pdfReport) tableHead() {
	y := p.GetY()
	p.fill(paper)
	p.Rect(pageMargin, y, tableWidth, headHeight, "F")
	p.SetFont("Helvetica", "B", headSize)
	p.SetTextColor(tea[0], tea[1], tea[2])
	p.head(pageMargin, y, nameWidth, "L", p.s.firstHead())
	x := pageMargin + nameWidth
	for _, head := range p.s.heads {
		p.head(x, y, p.widths[head], "R", p.s.word(head))
		x += p.widths[head]
	}
	if p.s.report == "gains" {
		p.ticks(y)
	}
	p.rule(y+headHeight, tea, 0.4)
	p.SetY(y + headHeight)
}

// head writes a head on as many lines as it has words that need them, the last one always at the same height.
func (p *pdfReport) head(x, y, width float64, align, text string) {
	const lineHeight = 3.6
	p.SetFontSize(headSize)
	inner := width - 2*p.GetCellMargin()
	var lines []string
	for _, word := range strings.Fields(p.encode(text)) {
		if last := len(lines) - 1; last >= 0 && p.GetStringWidth(lines[last]+" "+word) <= inner {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	y += headHeight - 1.2 - lineHeight*float64(len(lines))
	for _, l := range lines {
		p.SetFontSize(headSize * min(1, inner/p.GetStringWidth(l)))
		p.SetXY(x, y)
		p.CellFormat(width, lineHeight, l, "", 0, align, false, 0, "")
		y += lineHeight
	}
}

func (p *pdfReport) row(l line, shaded bool) {
	y := p.GetY()
	if shaded {
		p.SetFillColor(250, 249, 245)
		p.Rect(pageMargin, y, tableWidth, rowHeight, "F")
	}
	p.cells(l, y, "")
	p.SetY(y + rowHeight)
}

// sum is the row of the total.
func (p *pdfReport) sum() {
	y := p.GetY()
	p.fill(paper)
	p.Rect(pageMargin, y, tableWidth, rowHeight+0.6, "F")
	p.rule(y, tea, 0.4)
	p.cells(p.s.total, y+0.3, "B")
	p.SetY(y + rowHeight + 0.6)
}

// cells writes the cells of one row. A hidden row says so in words.
func (p *pdfReport) cells(l line, y float64, style string) {
	p.SetTextColor(ink[0], ink[1], ink[2])
	p.cell(pageMargin, y, nameWidth, "L", style, l.name)
	x := pageMargin + nameWidth
	if l.hidden {
		p.SetTextColor(quiet[0], quiet[1], quiet[2])
		p.cell(x+2, y, 80, "L", "I", p.s.word("hidden"))
		p.draw(line{}, y, false)
		return
	}
	for i, text := range l.printed {
		width := p.widths[p.s.heads[i]]
		p.SetTextColor(ink[0], ink[1], ink[2])
		if text == none {
			p.SetTextColor(quiet[0], quiet[1], quiet[2])
		}
		p.cell(x, y, width, "R", style, text)
		x += width
	}
	p.draw(l, y, style == "B")
}

// cell writes one line, smaller where it would not fit.
func (p *pdfReport) cell(x, y, width float64, align, style, text string) {
	text = p.encode(text)
	p.SetFont("Helvetica", style, cellSize)
	if needed := p.GetStringWidth(text) + 2*p.GetCellMargin(); needed > width {
		p.SetFontSize(cellSize * width / needed)
	}
	p.SetXY(x, y)
	p.CellFormat(width, rowHeight, text, "", 0, align, false, 0, "")
}

// notes explain what is shown, below the table.
func (p *pdfReport) notes() {
	p.SetY(p.GetY() + 4)
	for _, note := range p.s.notes() {
		p.SetFont("Helvetica", "", 8.5)
		lines := p.SplitLines([]byte(p.encode(note)), tableWidth)
		if p.GetY()+4.2*float64(len(lines)) > lowestRow+5 {
			p.AddPage()
			p.SetFont("Helvetica", "", 8.5)
		}
		p.SetTextColor(quiet[0], quiet[1], quiet[2])
		for _, l := range lines {
			p.SetX(pageMargin - p.GetCellMargin())
			p.CellFormat(tableWidth, 4.2, string(l), "", 2, "L", false, 0, "")
		}
		p.SetY(p.GetY() + 0.8)
	}
}

func (p *pdfReport) say(x, y float64, style string, size float64, colour [3]int, text string) {
	p.SetTextColor(colour[0], colour[1], colour[2])
	p.SetFont("Helvetica", style, size)
	p.Text(x, y, p.encode(text))
}

func (p *pdfReport) fill(colour [3]int) { p.SetFillColor(colour[0], colour[1], colour[2]) }

func (p *pdfReport) rule(y float64, colour [3]int, weight float64) {
	p.SetDrawColor(colour[0], colour[1], colour[2])
	p.SetLineWidth(weight)
	p.Line(pageMargin, y, pageMargin+tableWidth, y)
}
