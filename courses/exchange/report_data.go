package exchange

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// writeJSON writes a report as the contract has it.
func writeJSON(w io.Writer, report any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(report)
}

// writeCSV writes every figure at full precision, the total last. Rows of invented people say so in
// a column of their own, so that the header stays the first line.
func (s *sheet) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	var header []string
	for _, c := range s.columns {
		header = append(header, c.name)
	}
	if s.simulated {
		header = append(header, "simulated")
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, l := range s.all() {
		cells := make([]string, len(l.values), len(header))
		for i, value := range l.values {
			cells[i] = plain(value)
		}
		if s.simulated {
			cells = append(cells, Guard(s.word("simulated")))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// all are the rows and the total.
func (s *sheet) all() []line { return append(s.rows[:len(s.rows):len(s.rows)], s.total) }

// plain writes a value for programs; only texts can be taken for formulas.
func plain(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return Guard(fmt.Sprint(value))
}
