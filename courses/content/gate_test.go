package content_test

import (
	"flag"
	"io/fs"
	"os"
	"testing"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/gate"
)

// shippedCourses loads every shipped course; a finding fails the test that asked.
func shippedCourses(t *testing.T) []*courses.Course {
	t.Helper()
	folders, err := fs.ReadDir(content.Shipped(), ".")
	if err != nil || len(folders) == 0 {
		t.Fatalf("%d shipped courses: %v", len(folders), err)
	}
	var all []*courses.Course
	for _, folder := range folders {
		c, err := content.Load(content.Shipped(), folder.Name())
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		all = append(all, c)
	}
	return all
}

// What the gate finds, the loader would let pass; `melek check` tells the same.
func TestShippedCoursesPassTheGate(t *testing.T) {
	all := shippedCourses(t)
	for _, found := range gate.Judge(all, gate.Shipped()) {
		t.Error(found)
	}
	if missing := gate.Shipped().Untaught(all); len(missing) > 0 {
		t.Errorf("no module teaches %v of the curriculum", missing)
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// The document about the courses is made by the gate.
func TestTheFiguresInTheDocumentationAreThoseOfTheCourses(t *testing.T) {
	const name = "../../app/docs/content.md"
	want := gate.Document(shippedCourses(t))
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("%s is out of date (%v); run: go test ./courses/content -run Figures -update", name, err)
	}
}
