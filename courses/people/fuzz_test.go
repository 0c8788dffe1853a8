package people_test

import (
	"strings"
	"testing"

	"melek/courses/people"
)

// FuzzRegion reads whatever an operator names as the file of areas: a region whose every area lies in its root.
func FuzzRegion(f *testing.F) {
	f.Add("code,name,type,parent\n33.07,Wonosobo,kabupaten,\n33.07.01,Wadaslintang,kecamatan,33.07\n")
	f.Add("code,name,type,parent\na,A,kecamatan,b\nb,B,kecamatan,a\n")
	f.Add("code,name,type,parent\n\"a\n")
	f.Fuzz(func(t *testing.T, file string) {
		region, err := people.ReadRegion(strings.NewReader(file))
		if err != nil {
			return
		}
		root := region.Root()
		for _, area := range region.OfType(people.Regency, people.District, people.Village, people.Ward) {
			if !region.Within(area.Code, root.Code) {
				t.Fatalf("%q lies outside %q", area.Code, root.Code)
			}
		}
	})
}
