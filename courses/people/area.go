package people

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// AreaType is the kind of an area.
type AreaType string

// The types of areas, from the largest.
const (
	Regency  AreaType = "kabupaten"
	District AreaType = "kecamatan"
	Village  AreaType = "desa"
	Ward     AreaType = "kelurahan"
)

// Area is a part of the region, named by its Kemendagri code with dots.
type Area struct {
	Code   string
	Name   string
	Type   AreaType
	Parent string
}

// Region is the tree of areas that one office serves. It is never changed after loading.
type Region struct {
	areas  []Area // in code order
	byCode map[string]Area
}

//go:embed wonosobo.csv
var wonosobo string

// Wonosobo returns the shipped region: 15 kecamatan, 236 desa and 29 kelurahan as of Kepmendagri
// 300.2.2-2430/2025. The data come from idn-area-data and stand under the Open Database License (ODbL).
func Wonosobo() *Region {
	region, err := ReadRegion(strings.NewReader(wonosobo))
	if err != nil {
		panic(err) // the file is compiled in and tested
	}
	return region
}

// ReadRegion reads a region from CSV with the header code,name,type,parent. An error names the line.
func ReadRegion(r io.Reader) (*Region, error) {
	rows := csv.NewReader(r)
	head, err := rows.Read()
	if err != nil || !slices.Equal(head, []string{"code", "name", "type", "parent"}) {
		return nil, fmt.Errorf("areas: line 1: the header must be code,name,type,parent")
	}
	region := &Region{byCode: map[string]Area{}}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("areas: %w", err)
		}
		line, _ := rows.FieldPos(0)
		area := Area{Code: row[0], Name: row[1], Type: AreaType(row[2]), Parent: row[3]}
		if err := region.add(area); err != nil {
			return nil, fmt.Errorf("areas: line %d: %w", line, err)
		}
	}
	return region, region.check()
}

func (g *Region) add(a Area) error {
	if a.Code == "" || a.Name == "" {
		return fmt.Errorf("code and name are required")
	}
	if !slices.Contains([]AreaType{Regency, District, Village, Ward}, a.Type) {
		return fmt.Errorf("type %q: allowed are kabupaten, kecamatan, desa, kelurahan", a.Type)
	}
	if _, ok := g.byCode[a.Code]; ok {
		return fmt.Errorf("code %q stands twice", a.Code)
	}
	g.byCode[a.Code] = a
	g.areas = append(g.areas, a)
	return nil
}

func (g *Region) check() error {
	slices.SortFunc(g.areas, func(a, b Area) int { return strings.Compare(a.Code, b.Code) })
	regencies := 0
	for _, a := range g.areas {
		if a.Type == Regency {
			regencies++
		} else if _, ok := g.byCode[a.Parent]; !ok {
			return fmt.Errorf("areas: parent %q of %q is not in the file", a.Parent, a.Code)
		}
	}
	if regencies != 1 {
		return fmt.Errorf("areas: %d kabupaten, want exactly 1", regencies)
	}
	return nil
}

// Area returns the area with the code, false where there is none.
func (g *Region) Area(code string) (Area, bool) {
	a, ok := g.byCode[code]
	return a, ok
}

// Root returns the regency.
func (g *Region) Root() Area {
	i := slices.IndexFunc(g.areas, func(a Area) bool { return a.Type == Regency })
	return g.areas[i]
}

// Children returns the areas directly below the code, in code order.
func (g *Region) Children(code string) []Area {
	return slices.DeleteFunc(slices.Clone(g.areas), func(a Area) bool { return a.Parent != code })
}

// OfType returns all areas of the types, in code order.
func (g *Region) OfType(types ...AreaType) []Area {
	return slices.DeleteFunc(slices.Clone(g.areas), func(a Area) bool { return !slices.Contains(types, a.Type) })
}

// Within reports whether the area is the outer one or lies in it.
func (g *Region) Within(code, outer string) bool {
	for code != "" {
		if code == outer {
			return true
		}
		code = g.byCode[code].Parent
	}
	return false
}

// Ancestor returns the area of the type that holds the code, or the area itself; false where there is none.
func (g *Region) Ancestor(code string, t AreaType) (Area, bool) {
	for a, ok := g.byCode[code]; ok; a, ok = g.byCode[a.Parent] {
		if a.Type == t {
			return a, true
		}
	}
	return Area{}, false
}

// IsVillage reports whether the area is a desa or a kelurahan.
func (a Area) IsVillage() bool { return a.Type == Village || a.Type == Ward }
