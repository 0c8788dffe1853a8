package exchange

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Limits of an XLSX file. A small file can unpack to a huge one, so what is unpacked is bounded too;
// all of it is held in memory, so that nothing is left in a temporary folder.
const (
	mostSheetBytes    = 16 << 20
	mostUnpackedBytes = 64 << 20
	mostSheetRows     = 20_000
)

// sheetRows reads the first sheet of an XLSX file.
type sheetRows struct {
	rows *excelize.Rows // nil when nothing more is read
	line int
	// since1904 is set on a workbook whose days are counted from 1904.
	since1904 bool
}

func openSheet(r io.Reader) (*sheetRows, error) {
	bounded := &io.LimitedReader{R: r, N: mostSheetBytes + 1}
	file, err := excelize.OpenReader(bounded, excelize.Options{RawCellValue: true,
		UnzipSizeLimit: mostUnpackedBytes, UnzipXMLSizeLimit: mostUnpackedBytes})
	if bounded.N <= 0 {
		return nil, refused("people.sheet_size", mostSheetBytes>>20)
	}
	if err != nil {
		return nil, refused("people.sheet")
	}
	rows, err := file.Rows(file.GetSheetName(0))
	if err != nil {
		return nil, refused("people.sheet")
	}
	sheet := &sheetRows{rows: rows}
	if workbook, err := file.GetWorkbookProps(); err == nil && workbook.Date1904 != nil {
		sheet.since1904 = *workbook.Date1904
	}
	return sheet, nil
}

func (s *sheetRows) next() ([]string, int, error) {
	if s.rows == nil {
		return nil, s.line, io.EOF
	}
	for s.rows.Next() {
		if s.line++; s.line > mostSheetRows {
			return nil, s.line, s.end(refused("people.sheet_rows", mostSheetRows))
		}
		cells, err := s.rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, s.line, s.end(refused("people.sheet"))
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			return cells, s.line, nil
		}
	}
	if s.rows.Error() != nil {
		return nil, s.line, s.end(refused("people.sheet"))
	}
	return nil, s.line, s.end(io.EOF)
}

func (s *sheetRows) end(err error) error {
	s.rows = nil
	return err
}

// Days of a spreadsheet are numbers; those from firstDay to lastDay, 1927 to 2118, are taken as days.
const (
	firstDay = 10_000
	lastDay  = 80_000
)

// day reads a spreadsheet's day; what is none is left for the check to refuse.
func (s *sheetRows) day(cell string) string {
	number, err := strconv.ParseFloat(cell, 64)
	if err != nil || number < firstDay || number > lastDay {
		return cell
	}
	day, err := excelize.ExcelDateToTime(number, s.since1904)
	if err != nil {
		return cell
	}
	return day.Format(time.DateOnly)
}
