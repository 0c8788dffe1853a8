package people_test

import (
	"strings"
	"testing"

	"melek/courses/people"
)

func TestTileMapOfTheShippedRegion(t *testing.T) {
	tiles := people.Wonosobo().Tiles()
	if len(tiles) != 15 {
		t.Fatalf("%d tiles, want 15", len(tiles))
	}
	taken := map[[2]int]string{}
	for _, tile := range tiles {
		place := [2]int{tile.Col, tile.Row}
		if other, ok := taken[place]; ok {
			t.Errorf("%s and %s stand on one place", other, tile.Area.Name)
		}
		taken[place] = tile.Area.Name
	}
	if got := taken[[2]int{2, 0}]; got != "Kejajar" {
		t.Errorf("in the north stands %q, want Kejajar", got)
	}
}

func TestTileMapOfAnotherRegionIsInReadingOrder(t *testing.T) {
	g, err := people.ReadRegion(strings.NewReader("code,name,type,parent\n1,A,kabupaten,\n" +
		"1.1,B,kecamatan,1\n1.2,C,kecamatan,1\n1.3,D,kecamatan,1\n1.4,E,kecamatan,1\n1.5,F,kecamatan,1\n"))
	if err != nil {
		t.Fatal(err)
	}
	last := g.Tiles()[4]
	if last.Area.Name != "F" || last.Col != 0 || last.Row != 1 {
		t.Errorf("fifth tile = %+v, want F at the beginning of the second row", last)
	}
}
