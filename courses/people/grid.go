package people

import (
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"
)

// Tile is where a kecamatan stands on the tile map: column and row, from 0 at the upper left.
type Tile struct {
	Area     Area
	Col, Row int
}

// tilegrid is the tile map of the shipped region, our own design.
//
//go:embed tilegrid.csv
var tilegrid string

// gridColumns is how many tiles stand side by side where a region has no map of its own.
const gridColumns = 4

// Tiles returns the region's kecamatan in code order, each with its place on the tile map. A region other
// than the shipped one is laid out in reading order.
func (g *Region) Tiles() []Tile {
	places := shippedTiles()
	tiles := make([]Tile, 0, len(places))
	districts := g.OfType(District)
	for _, area := range districts {
		place, ok := places[area.Code]
		if !ok {
			return inReadingOrder(districts)
		}
		tiles = append(tiles, Tile{area, place.Col, place.Row})
	}
	return tiles
}

func inReadingOrder(areas []Area) []Tile {
	tiles := make([]Tile, len(areas))
	for i, area := range areas {
		tiles[i] = Tile{area, i % gridColumns, i / gridColumns}
	}
	return tiles
}

// shippedTiles reads the places of the shipped tile map by code.
func shippedTiles() map[string]Tile {
	rows, err := csv.NewReader(strings.NewReader(tilegrid)).ReadAll()
	if err != nil {
		panic(err) // the file is compiled in and tested
	}
	tiles := make(map[string]Tile, len(rows))
	for _, row := range rows[1:] {
		col, _ := strconv.Atoi(row[2]) // tested, as above
		line, _ := strconv.Atoi(row[3])
		tiles[row[0]] = Tile{Col: col, Row: line}
	}
	return tiles
}
