package gate

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"melek/courses"
)

//go:embed curriculum.csv
var shippedCurriculum []byte

// Subject is one module of the curriculum: what it consists of, and what the office must verify.
type Subject struct {
	ID       string // such as K1.M1
	Facts    int    // F1, F2 and so on
	Proposed []string
	Checks   []string // what the curriculum marks for checking, in Indonesian
}

// Curriculum is the subjects by their ids.
type Curriculum map[string]Subject

// Shipped is the curriculum of the shipped courses. The file is compiled in and tested, so it is whole.
func Shipped() Curriculum {
	c, err := ReadCurriculum(shippedCurriculum)
	if err != nil {
		panic(err)
	}
	return c
}

// ReadCurriculum reads a curriculum from CSV with the header module,facts,proposed,check; several facts stand
// apart by a space, several checks by « | ».
func ReadCurriculum(data []byte) (Curriculum, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("gate: curriculum: %w", err)
	}
	c := Curriculum{}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		facts, err := strconv.Atoi(row[1])
		if err != nil || facts < 1 || len(row) != 4 {
			return nil, fmt.Errorf("gate: curriculum: line %d: %q facts", i+1, row[1])
		}
		s := Subject{ID: row[0], Facts: facts, Proposed: strings.Fields(row[2])}
		if row[3] != "" {
			s.Checks = strings.Split(row[3], " | ")
		}
		c[s.ID] = s
	}
	return c, nil
}

// factPattern is how an item names the fact that it tests.
var factPattern = regexp.MustCompile(`^(K[0-9]+\.M[0-9]+)/F([0-9]+)$`)

// moduleOf is the subject of a fact; of one that is not the curriculum's, what comes before the slash.
func moduleOf(fact string) string {
	module, _, _ := strings.Cut(fact, "/")
	return module
}

// trueTo asks that items test facts that the curriculum has, that a quiz asks of each fact of its module at
// most once, and that a module whose facts must be verified says so to the office.
func (j *judging) trueTo(curriculum Curriculum) {
	for _, it := range j.all() {
		parts := factPattern.FindStringSubmatch(it.Fact)
		if parts == nil {
			continue
		}
		s, ok := curriculum[parts[1]]
		if n, err := strconv.Atoi(parts[2]); !ok || err != nil || n < 1 || n > s.Facts {
			j.find(it.ID, "name a fact of the curriculum", "there is no fact %s", it.Fact)
		}
	}
	for _, m := range j.course.Modules {
		if s, ok := curriculum[j.subject(m)]; ok {
			j.marked(m, s)
		}
	}
}

// subject is the one that the module's quiz asks about.
func (j *judging) subject(m courses.Module) string {
	facts := map[string]string{}
	subject := ""
	for _, it := range j.items(m.Quiz) {
		if it.Fact == "" {
			continue
		}
		if first, ok := facts[it.Fact]; ok {
			j.find(it.ID, "ask about another fact", "its quiz asks about %s in %s already", it.Fact, first)
		}
		facts[it.Fact] = it.ID
		if s := moduleOf(it.Fact); subject == "" {
			subject = s
		} else if s != subject {
			j.find(it.ID, "move it to the quiz of its module", "it asks about %s in the quiz of %s", s, subject)
		}
	}
	return subject
}

// marked asks for a check in course.yaml for each that the curriculum has, and for facts that are proposed.
func (j *judging) marked(m courses.Module, s Subject) {
	want := slices.Clone(s.Checks)
	if len(s.Proposed) > 0 {
		want = append(want, "Cocokkan "+strings.Join(s.Proposed, ", ")+" dengan teks aturannya.")
	}
	has := 0
	for _, check := range j.course.Checks {
		if check.Module == m.ID {
			has++
		}
	}
	if has < len(want) {
		j.find(m.ID, "add them under check in course.yaml",
			"the curriculum marks %d things for the office to verify and it has %d: %s", len(want), has,
			strings.Join(want, " "))
	}
}

// Untaught lists the subjects that no module of the courses teaches.
func (c Curriculum) Untaught(all []*courses.Course) []string {
	taught := map[string]bool{}
	for _, course := range all {
		j := &judging{course: course}
		for _, m := range course.Modules {
			taught[j.subject(m)] = true
		}
	}
	var missing []string
	for id := range c {
		if !taught[id] {
			missing = append(missing, id)
		}
	}
	slices.Sort(missing)
	return missing
}
