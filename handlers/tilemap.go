package handlers

import (
	"fmt"
	"math"

	"melek/courses/people"
	"melek/locales"
)

// tileHeight is that of one tile in CSS pixels; its width is a share of the map's.
const tileHeight = 82

// tilemap is the regency with a tile of one size for each kecamatan.
type tilemap struct {
	*locales.Words
	Tiles   []tile
	Height  int
	Classes []tileClass
}

// tile is one kecamatan. Its colour follows a class of gain, not the gain itself: the classes stay
// the same from course to course and from year to year, so that maps can be compared.
type tile struct {
	mark
	Class int // from 1; 0 where there is no figure
	Left  string
	Wide  string
	Top   int
	Label string // the gain, or why there is none
	Long  bool   // a name that needs smaller letters
}

// tileClass is one step of the legend.
type tileClass struct {
	Class int
	Word  string
	Range string
}

// classFrom are the gains in points from which classes 2, 3, … begin.
var classFrom = [...]float64{0, 5, 10, 20}

// gainClass is the class of a gain, from 1, as it is written in the tile: with one decimal.
func gainClass(gain float64) int {
	class := 1
	gain = math.Round(10*gain) / 10
	for _, from := range classFrom {
		if gain >= from {
			class++
		}
	}
	return class
}

// longName is how many letters fit into a tile on a small phone.
const longName = 9

// newTilemap puts each kecamatan's mark, known by its code, on its place.
func newTilemap(w *locales.Words, region *people.Region, marks []mark) tilemap {
	byCode := make(map[string]mark, len(marks))
	for _, m := range marks {
		byCode[m.Code] = m
	}
	places := region.Tiles()
	columns, rows := 1, 1
	for _, p := range places {
		columns, rows = max(columns, p.Col+1), max(rows, p.Row+1)
	}
	t := tilemap{Words: w, Height: rows * tileHeight, Classes: classes(w)}
	for _, p := range places {
		m, ok := byCode[p.Area.Code]
		if !ok {
			continue
		}
		drawn := tile{mark: m, Top: p.Row * tileHeight, Long: len([]rune(m.Name)) > longName,
			Left: fmt.Sprintf("%.3f%%", 100*float64(p.Col)/float64(columns)),
			Wide: fmt.Sprintf("%.3f%%", 100/float64(columns))}
		switch m.Kind {
		case visible:
			drawn.Class, drawn.Label = gainClass(m.Mean), signed(w, m.Mean)
		case hidden:
			drawn.Label = w.T("tilemap.hidden")
		default:
			drawn.Label = w.T("tilemap.nobody")
		}
		t.Tiles = append(t.Tiles, drawn)
	}
	return t
}

// classes are the steps of the legend in words and numbers.
func classes(w *locales.Words) []tileClass {
	all := make([]tileClass, len(classFrom)+1)
	for i := range all {
		all[i] = tileClass{Class: i + 1, Word: w.T(fmt.Sprintf("tilemap.class%d", i+1))}
		switch i {
		case 0:
			all[i].Range = w.T("tilemap.below", int(classFrom[i]))
		case len(classFrom):
			all[i].Range = w.T("tilemap.from", int(classFrom[i-1]))
		default:
			all[i].Range = w.T("tilemap.between", int(classFrom[i-1]), int(classFrom[i]))
		}
	}
	return all
}
