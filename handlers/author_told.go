package handlers

import (
	"net/url"

	"melek/courses"
	"melek/courses/bench"
	"melek/courses/sheet"
)

// toldFinding is a finding in words, with the way to the field that it is about.
type toldFinding struct {
	Where, Href string
	Says, Mend  string
	Bars        bool
}

func (b draftBase) tellFindings(found []bench.Finding) []toldFinding {
	all := make([]toldFinding, len(found))
	for i, f := range found {
		all[i] = toldFinding{Where: b.where(f), Href: b.To(b.Up, wayTo(f)), Says: b.Retell(f.Message),
			Mend: b.Retell(f.Mend), Bars: f.Bars}
	}
	return all
}

// where names the place of a finding for whoever reads it.
func (b draftBase) where(f bench.Finding) string {
	switch f.Part.Kind {
	case sheet.PartItem:
		return b.T("bench.item", f.Part.ID)
	case sheet.PartModule:
		return b.T("bench.module", f.Part.ID)
	case sheet.PartCourse:
		return b.T("bench.particulars")
	}
	return b.T("bench.line", f.File, f.Line)
}

// wayTo is the address of what a finding is about, below the draft's.
func wayTo(f bench.Finding) string {
	field := ""
	if f.Field != "" {
		field = "#" + url.PathEscape(f.Field)
	}
	switch f.Part.Kind {
	case sheet.PartItem:
		return "/items/" + url.PathEscape(f.Part.ID) + field
	case sheet.PartModule:
		return "/modules/" + url.PathEscape(f.Part.ID) + field
	case sheet.PartCourse:
		return "/course" + field
	}
	return "/files/" + url.PathEscape(f.File)
}

// toldDifference is a part that differs, in words.
type toldDifference struct {
	Where, File, Href string
	Mark              string // that it is new or gone; empty where it is changed
	Changes           []toldChange
}

// toldChange is a field that differs.
type toldChange struct {
	Label string
	Sides []toldSide
}

// toldSide is the field in one language, or in none where Lang is empty.
type toldSide struct {
	Lang   courses.Lang
	Name   string
	Pieces []toldPiece
}

// toldPiece is a run of words; Says tells of it to whoever does not see the mark.
type toldPiece struct {
	sheet.Piece
	Says string
}

func (b draftBase) tellDifferences(found []sheet.Difference) []toldDifference {
	all := make([]toldDifference, len(found))
	for i, d := range found {
		at := bench.Finding{Place: sheet.Place{Part: d.Part}}
		all[i] = toldDifference{Where: b.where(at), File: d.File, Changes: b.tellChanges(d.Changes)}
		switch {
		case !d.Is:
			all[i].Mark = b.T("bench.gone")
		case !d.Was:
			all[i].Mark = b.T("bench.new")
		}
		if d.Is {
			all[i].Href = b.To(b.Up, wayTo(at))
		}
	}
	return all
}

func (p page) tellChanges(changes []sheet.Change) []toldChange {
	all := make([]toldChange, len(changes))
	for i, c := range changes {
		all[i] = toldChange{Label: p.T("bench.field_"+c.Field, c.Of)}
		for _, side := range []toldSide{{courses.Indonesian, p.T("people.language_id"), p.tellPieces(c.ID)},
			{courses.English, p.T("people.language_en"), p.tellPieces(c.EN)}, {"", "", p.tellPieces(c.Both)}} {
			if len(side.Pieces) > 0 {
				all[i].Sides = append(all[i].Sides, side)
			}
		}
	}
	return all
}

func (p page) tellPieces(pieces []sheet.Piece) []toldPiece {
	all := make([]toldPiece, len(pieces))
	for i, each := range pieces {
		all[i] = toldPiece{Piece: each}
		if each.Kind == sheet.Added || each.Kind == sheet.Removed {
			all[i].Says = p.T("bench.piece_" + string(each.Kind))
		}
	}
	return all
}
