package exchange_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"melek/courses/exchange"
	"melek/courses/people"
)

func TestASlipNamesTheVillageWithItsKecamatan(t *testing.T) {
	for _, tt := range []struct{ area, want string }{
		{"33.07.01.2001", "Desa Kaligowong, Kecamatan Wadaslintang"},
		{"33.07.01.1007", "Kelurahan Wadaslintang, Kecamatan Wadaslintang"},
		{"33.07.01", "Kecamatan Wadaslintang"},
		{"33.07", "Kabupaten Wonosobo"},
		{"99", ""},
	} {
		p := people.Person{ID: "P1", Postings: []people.Posting{{Area: "33.07.02.2001"}, {Area: tt.area}}}
		if got := exchange.NewSlip(p, "AAAAA-BBBBB", people.Wonosobo()); got.Place != tt.want || got.Area != tt.area {
			t.Errorf("slip of %s = %+v, want %q", tt.area, got, tt.want)
		}
	}
}

func TestSlipList(t *testing.T) {
	var b strings.Builder
	err := exchange.WriteSlipList(&b, []exchange.Slip{{ID: "P1", Name: "-Sri", Area: "33.07", Code: "AAAAA-BBBBB"}})
	if want := "id,name,area,code\nP1,'-Sri,33.07,AAAAA-BBBBB\n"; err != nil || b.String() != want {
		t.Errorf("WriteSlipList = %q, %v; want %q", b.String(), err, want)
	}
}

func TestFourSlipsToAPage(t *testing.T) {
	for slips, pages := range map[int]int{0: 1, 1: 1, 4: 1, 5: 2, 9: 3} {
		sheet := exchange.SlipSheet{Address: "http://localhost:3000", Until: today}
		for i := range slips {
			long := strings.Repeat("Sri Wahyuni ", i+1)
			sheet.Slips = append(sheet.Slips, exchange.Slip{ID: fmt.Sprint("P", i), Name: long, Code: "AAAAA-BBBBB"})
		}
		var b bytes.Buffer
		if err := exchange.WriteSlips(&b, sheet); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("/Count %d\n", pages); !strings.Contains(b.String(), want) {
			t.Errorf("%d slips: no %q in the PDF", slips, want)
		}
	}
}
