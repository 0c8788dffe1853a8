package exchange

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"

	"melek/courses/people"
)

// WritePeople writes a people file as CSV that ReadPeople reads back: a row for each posting, the
// particulars repeated. An error that the sequence brings ends the writing and is returned.
func WritePeople(w io.Writer, persons iter.Seq2[people.Person, error]) error {
	rows := csv.NewWriter(w)
	if err := rows.Write(peopleColumns); err != nil {
		return err
	}
	for p, err := range persons {
		if err != nil {
			return err
		}
		for _, posting := range p.Postings {
			if err := rows.Write(personCells(p, posting)); err != nil {
				return err
			}
		}
	}
	rows.Flush()
	return rows.Error()
}

func personCells(p people.Person, posting people.Posting) []string {
	birthYear, retired := "", ""
	if p.BirthYear != 0 {
		birthYear = strconv.Itoa(p.BirthYear)
	}
	if p.Retired {
		retired = "yes"
	}
	return []string{Guard(p.ID), Guard(p.Name), string(p.Role), posting.Area, Guard(posting.Position),
		p.Phone, string(p.Language), p.Gender, birthYear, posting.From, posting.To, retired}
}

// formulaSigns begin what a spreadsheet would take for a formula.
const formulaSigns = "=+-@\t\r"

// Guard keeps a spreadsheet from taking a text for a formula. What looks as if it were guarded is guarded
// once more, so that unguard gives back every text.
func Guard(cell string) string {
	bare := strings.TrimLeft(cell, "'")
	if bare != "" && strings.ContainsRune(formulaSigns, rune(bare[0])) {
		return "'" + cell
	}
	return cell
}

// unguard undoes guard.
func unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && rest != Guard(rest) {
		return rest
	}
	return cell
}
