package items_test

import (
	"fmt"
	"testing"

	"melek/courses"
	"melek/courses/gain/items"
)

// moodle is 22 attempts at 13 questions in tenths of a mark, as in Moodle's own test of its quiz
// statistics (mod/quiz/report/statistics/tests: fixtures/mdl_question_states.csv, the questions of
// slots 8 to 20 in the order 8–12, 19, 20, 17, 18, 14–16, 13).
var moodle = [][]int64{
	{55, 3, 9, 10, 3, 0, 10, 10, 0, 0, 0, 10, 10},
	{10, 9, 9, 3, 3, 0, 10, 0, 10, 0, 0, 10, 10},
	{25, 10, 9, 3, 10, 10, 10, 10, 10, 0, 10, 10, 0},
	{40, 3, 9, 10, 3, 0, 10, 10, 0, 0, 0, 0, 0},
	{30, 9, 3, 9, 10, 10, 0, 10, 10, 10, 0, 0, 0},
	{45, 9, 10, 10, 9, 0, 0, 0, 0, 10, 10, 10, 0},
	{30, 3, 3, 3, 3, 10, 10, 10, 10, 0, 10, 10, 10},
	{60, 9, 9, 10, 3, 0, 10, 10, 0, 10, 10, 10, 0},
	{5, 9, 10, 9, 3, 0, 10, 10, 10, 10, 10, 0, 0},
	{55, 9, 10, 9, 3, 0, 0, 10, 0, 10, 0, 0, 10},
	{25, 9, 10, 10, 9, 0, 10, 10, 0, 10, 0, 0, 0},
	{40, 9, 3, 9, 10, 0, 10, 10, 10, 10, 10, 10, 0},
	{40, 9, 3, 3, 10, 10, 0, 0, 10, 10, 10, 0, 10},
	{30, 10, 10, 3, 10, 10, 0, 10, 10, 10, 0, 10, 0},
	{10, 10, 9, 3, 3, 0, 0, 0, 0, 0, 10, 0, 10},
	{10, 3, 3, 3, 9, 0, 10, 0, 0, 0, 0, 10, 0},
	{15, 10, 3, 9, 10, 0, 0, 10, 0, 10, 0, 10, 10},
	{40, 9, 10, 9, 10, 0, 0, 0, 10, 10, 10, 10, 0},
	{20, 9, 9, 3, 9, 0, 0, 0, 0, 10, 0, 0, 0},
	{10, 10, 3, 3, 3, 0, 0, 10, 0, 10, 10, 0, 0},
	{60, 9, 10, 10, 9, 10, 10, 0, 0, 0, 0, 10, 0},
	{70, 9, 3, 3, 3, 0, 0, 10, 10, 0, 10, 10, 10},
}

// TestMoodlesExample compares with what Moodle's test expects, the values of its stats.xls. The most
// marks of the first question are 8, of the others 1.
func TestMoodlesExample(t *testing.T) {
	facility := []float64{41.19318182, 81.36363636, 71.36363636, 65.45454545, 65.90909091, 27.27272727, 50,
		63.63636364, 45.45454545, 59.09090909, 50, 59.09090909, 36.36363636}
	discrimination := []float64{25.88327077, 1.170256965, -4.207816809, 28.16930644, -2.513606859, 15.52451404,
		-8.396734802, 15.18945843, 16.21079629, -8.900638238, 8.670004606, 29.63337745, -12.99017581}
	var tests items.Tests
	for _, attempt := range moodle {
		test := make([]items.Answered, len(attempt))
		for i, marks := range attempt {
			test[i] = items.Answered{Item: fmt.Sprintf("%02d", i), Marks: marks}
		}
		tests.Add("", courses.English, test)
	}
	for i := range facility {
		r := row(&tests, fmt.Sprintf("%02d", i), nil)
		most := 10.0
		if i == 0 {
			most = 80
		}
		near(t, r.Item+": facility", r.Facility, facility[i]/100*most, 1e-7)
		near(t, r.Item+": discrimination_index", r.Discrimination, discrimination[i], 1e-7)
	}
}
