package static_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"testing"

	"melek/static"
)

var (
	colours = regexp.MustCompile(`--([a-z0-9-]+): var\(--day, (\S+)\) var\(--night, (\S+)\) var\(--day-strong, (\S+)\) var\(--night-strong, (\S+)\);`)
	palette = []string{"day", "night", "day-strong", "night-strong"}
)

// TestColoursCanBeToldApart holds the palettes against WCAG: 4.5 to 1 for text, 7 to 1 where high contrast is chosen,
// 3 to 1 for what only marks a place.
func TestColoursCanBeToldApart(t *testing.T) {
	files, err := static.Load()
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string][]string{}
	for _, name := range []string{"css/melek.css", "css/office.css"} {
		file, _ := files.File(files.Name(name))
		for _, m := range colours.FindAllStringSubmatch(string(file.Body), -1) {
			tokens[m[1]] = m[2:]
		}
	}
	type pair struct{ front, ground string }
	var text, marks []pair
	for _, ground := range []string{"paper", "sheet", "leaf"} {
		for _, front := range []string{"ink", "quiet", "link", "tea"} {
			text = append(text, pair{front, ground})
		}
		for _, front := range []string{"edge", "focus"} {
			marks = append(marks, pair{front, ground})
		}
	}
	text = append(text, pair{"ember", "paper"}, pair{"ember", "sheet"}, pair{"ember", "ember-paper"}, pair{"ink", "ember-paper"},
		pair{"wrong", "paper"}, pair{"wrong", "sheet"}, pair{"wrong", "wrong-paper"}, pair{"ink", "wrong-paper"},
		pair{"on-press", "press"}, pair{"on-press", "press-deep"}, pair{"on-bar", "bar"}, pair{"on-bar-quiet", "bar"},
		pair{"on-light", "class1"}, pair{"on-light", "class2"}, pair{"on-light", "class3"}, pair{"on-deep", "class4"},
		pair{"on-deep", "class5"})
	marks = append(marks, pair{"ember-bright", "paper"}, pair{"ember-bright", "sheet"}, pair{"press", "sheet"})
	for i, name := range palette {
		least := 4.5
		if i >= 2 {
			least = 7
		}
		check := func(p pair, least float64) {
			if got := contrast(t, tokens[p.front], tokens[p.ground], i); got < least {
				t.Errorf("%s: %s on %s is %.2f to 1, want %.1f", name, p.front, p.ground, got, least)
			}
		}
		for _, p := range text {
			check(p, least)
		}
		for _, p := range marks {
			check(p, 3)
		}
	}
}

// contrast is the ratio of two colours of the palette as WCAG 2 has it.
func contrast(t *testing.T, a, b []string, palette int) float64 {
	t.Helper()
	if len(a) == 0 || len(b) == 0 {
		t.Fatal("a colour has no place in the palettes")
	}
	light, dark := luminance(t, a[palette]), luminance(t, b[palette])
	return (math.Max(light, dark) + 0.05) / (math.Min(light, dark) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 4 {
		hex = fmt.Sprintf("#%c%c%c%c%c%c", hex[1], hex[1], hex[2], hex[2], hex[3], hex[3])
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		part := float64(n) / 255
		if part <= 0.04045 {
			sum += weight * part / 12.92
		} else {
			sum += weight * math.Pow((part+0.055)/1.055, 2.4)
		}
	}
	return sum
}
