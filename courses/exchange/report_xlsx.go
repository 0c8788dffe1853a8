package exchange

import (
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Colours of spreadsheets, the same as on paper.
const (
	hexTea   = "1B5E44"
	hexPaper = "F4F1E7"
	hexQuiet = "626C66"
	hexBurnt = "AD4912"
	hexRule  = "C9CFC9"
)

// workbook is one sheet that is being written. Errors are gathered.
type workbook struct {
	*excelize.File
	name   string
	row    int // last written, from 1
	styles map[excelStyle]int
	err    error
}

// excelStyle is how a cell looks.
type excelStyle struct {
	role string // title, quiet, warning, head, cell, total
	kind kind
}

// writeXLSX writes every figure as a real number, with the heads and the names of rows always in
// sight, ready to be printed across an A4 page.
func (s *sheet) writeXLSX(w io.Writer) error {
	file := excelize.NewFile()
	b := &workbook{File: file, name: s.word("sheet_" + s.report), styles: map[excelStyle]int{}}
	b.note(file.SetSheetName("Sheet1", b.name))
	b.say("title", s.title()+": "+s.about.Title.In(s.lang))
	if s.simulated {
		b.say("warning", s.word("simulated"))
	}
	b.say("quiet", s.subject())
	b.say("quiet", s.made())
	columns := s.shown()
	b.header(s, columns)
	head := b.row
	for _, l := range s.rows {
		b.line(s, columns, l, "cell")
	}
	last := b.row
	b.line(s, columns, s.total, "total")
	b.row++
	for _, text := range s.notes() {
		b.say("quiet", text)
	}
	b.arrange(len(columns), head, last)
	b.note(file.SetDocProps(&excelize.DocProperties{Title: s.title(), Creator: "Melek",
		Language: string(s.lang)}))
	if b.err == nil {
		b.note(file.Write(w))
	}
	return errors.Join(b.err, file.Close())
}

// shown are the places of the columns that people are shown.
func (s *sheet) shown() []int {
	var places []int
	for i, c := range s.columns {
		if c.kind != codes {
			places = append(places, i)
		}
	}
	return places
}

func (b *workbook) note(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *workbook) cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	b.note(err)
	return name
}

// put writes a value; text never becomes a formula, and nil leaves the cell empty.
func (b *workbook) put(column int, value any, style excelStyle) {
	cell := b.cell(column, b.row)
	if text, ok := value.(string); ok {
		b.note(b.SetCellStr(b.name, cell, text))
	} else if value != nil {
		b.note(b.SetCellValue(b.name, cell, value))
	}
	b.note(b.SetCellStyle(b.name, cell, cell, b.style(style)))
}

func (b *workbook) say(role, text string) {
	b.row++
	b.put(1, text, excelStyle{role: role})
}

func (b *workbook) header(s *sheet, columns []int) {
	b.row += 2
	for i, place := range columns {
		c := s.columns[place]
		head := s.firstHead()
		if c.name != "name" {
			head = s.word(c.name)
		}
		b.put(i+1, head, excelStyle{"head", c.kind})
	}
	b.note(b.SetRowHeight(b.name, b.row, 48))
}

func (b *workbook) line(s *sheet, columns []int, l line, role string) {
	b.row++
	for i, place := range columns {
		c, value := s.columns[place], l.values[place]
		switch {
		case c.name == "name":
			value = l.name
		case c.kind == flag:
			value = nil
			if l.hidden {
				value = s.word("hidden")
			}
		case c.kind == method && value != nil:
			value = s.show(method, value)
		}
		b.put(i+1, value, excelStyle{role, c.kind})
	}
}

// numberFormats are those of the kinds of figures.
var numberFormats = map[kind]string{count: "#,##0", points: "0.0", effect: "0.00", chance: "0.0000",
	share: "0.0%"}

func (b *workbook) style(of excelStyle) int {
	if id, ok := b.styles[of]; ok {
		return id
	}
	style := &excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 11}}
	if format, ok := numberFormats[of.kind]; ok {
		style.CustomNumFmt = &format
		style.Alignment = &excelize.Alignment{Horizontal: "right"}
	}
	rule := func(side string, weight int) { style.Border = append(style.Border, border(side, weight)) }
	switch of.role {
	case "title":
		style.Font.Bold, style.Font.Size, style.Font.Color = true, 15, hexTea
	case "quiet":
		style.Font.Color = hexQuiet
	case "warning":
		style.Font.Bold, style.Font.Size, style.Font.Color = true, 13, hexBurnt
	case "head":
		style.Font.Bold, style.Font.Color = true, "FFFFFF"
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{hexTea}}
		style.Alignment = &excelize.Alignment{WrapText: true, Vertical: "center", Horizontal: "center"}
	case "cell":
		rule("bottom", 1)
	case "total":
		style.Font.Bold = true
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{hexPaper}}
		rule("top", 2)
	}
	id, err := b.NewStyle(style)
	b.note(err)
	b.styles[of] = id
	return id
}

func border(side string, weight int) excelize.Border {
	return excelize.Border{Type: side, Color: hexRule, Style: weight}
}

// arrange sets widths, frozen heads, filters and how the sheet is printed.
func (b *workbook) arrange(columns, head, last int) {
	right, err := excelize.ColumnNumberToName(columns)
	b.note(err)
	b.note(b.SetColWidth(b.name, "A", "A", 15))
	b.note(b.SetColWidth(b.name, "B", "B", 30))
	b.note(b.SetColWidth(b.name, "C", right, 12.5))
	b.note(b.SetPanes(b.name, &excelize.Panes{Freeze: true, XSplit: 2, YSplit: head,
		TopLeftCell: b.cell(3, head+1), ActivePane: "bottomRight"}))
	b.note(b.AutoFilter(b.name, b.cell(1, head)+":"+b.cell(columns, last), nil))
	b.note(b.SetPageLayout(b.name, &excelize.PageLayoutOptions{Size: new(9), Orientation: new("landscape"),
		FitToWidth: new(1), FitToHeight: new(0)}))
	b.note(b.SetSheetProps(b.name, &excelize.SheetPropsOptions{FitToPage: new(true)}))
	b.note(b.SetHeaderFooter(b.name, &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P / &N"}))
	b.note(b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: b.name,
		RefersTo: fmt.Sprintf("'%s'!$%d:$%d", b.name, head, head)}))
}
