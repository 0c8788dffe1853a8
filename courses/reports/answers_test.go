package reports_test

import (
	"maps"
	"testing"

	"melek/courses"
	"melek/courses/record"
)

// An item of any type has its answers counted as far as they say nothing of one person.
func TestAnswersOfEveryTypeAreCounted(t *testing.T) {
	options := []courses.Option{{ID: "p"}, {ID: "q"}}
	sides := courses.Item{Type: courses.Match, Options: options, Targets: []courses.Option{{ID: "x"}, {ID: "y"}},
		Key: []string{"p=x", "q=y"}}
	tests := []struct {
		name    string
		item    courses.Item
		answers [][]string // the first of six people, the second of five, the others of one each
		want    map[string]int64
		right   float64
	}{
		{"the places of an order", courses.Item{Type: courses.Order, Options: options, Key: []string{"q", "p"}},
			[][]string{{"q", "p"}, {"p", "q"}, {"p"}}, map[string]int64{"1=p": 5, "1=q": 6, "2=p": 6, "2=q": 5}, 6.0 / 12},
		{"the pairs of a match", sides, [][]string{{"q=y", "p=x"}, {"p=x", "q=x"}, {"p=x"}},
			map[string]int64{"p=x": 11, "p=y": 0, "q=x": 5, "q=y": 6}, 6.0 / 12},
		{"numbers, however they are written", courses.Item{Type: courses.Number, Key: []string{"1500"}},
			[][]string{{"1.500"}, {"15"}, {"1500"}, {"7"}, {"banyak"}}, map[string]int64{"1500": 7, "15": 5, "…": 1}, 7.0 / 14},
		{"texts that enough people wrote", courses.Item{Type: courses.ShortText, Key: []string{"Sandi", "password"}},
			[][]string{{"SANDI"}, {"nama saya"}, {"Budi dari Kejajar"}, {"Siti"}},
			map[string]int64{"sandi": 6, "password": 0, "nama saya": 5, "…": 2}, 6.0 / 13},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit()
			tt.item.ID, tt.item.Pillar = "a1", "aman"
			k.syllabus.courses["c"].Items["a1"] = &tt.item
			for i, answer := range tt.answers {
				for range []int{6, 5, 1, 1, 1}[i] {
					k.say(record.Record{Kind: record.Submitted, Person: k.newcomer("33.1.1"), Phase: record.Pre, Form: "A",
						Answers: record.Answers{"a1": answer}, At: day})
				}
			}
			row := k.file(t).items(t, "A").Items[0]
			if !maps.Equal(row.Options, tt.want) || row.Facility == nil || *row.Facility != tt.right {
				t.Errorf("options = %v, facility %v; want %v and %v", row.Options, *row.Facility, tt.want, tt.right)
			}
		})
	}
}

// A written item that nobody has met has nothing to tell, and breaks nothing.
func TestAWrittenItemThatNobodyAnsweredIsTold(t *testing.T) {
	k := newKit()
	k.syllabus.courses["c"].Items["a1"] = &courses.Item{ID: "a1", Pillar: "aman", Type: courses.ShortText, Key: []string{"Sandi"}}
	row := k.items(t, "A").Items[0]
	if row.N != 0 || !maps.Equal(row.Options, map[string]int64{"sandi": 0}) {
		t.Errorf("row = %+v; want nobody and the accepted spelling", row)
	}
}
