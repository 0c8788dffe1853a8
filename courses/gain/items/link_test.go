package items_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"melek/courses"
	"melek/courses/gain/items"
)

// linkable are tests on two forms with four anchors, whose ids begin so, the other six items of the
// second being harder by one logit; without a beginning there are no anchors.
func linkable(people int, anchors string) (*items.Tests, []courses.Form) {
	rng := rand.New(rand.NewPCG(1, 4))
	forms := []courses.Form{{ID: "A"}, {ID: "B"}}
	tests := &items.Tests{}
	for f := range forms {
		difficulty := map[string]float64{}
		for i := range 10 {
			id, harder := fmt.Sprint(forms[f].ID, i), float64(f)
			if i < 4 && anchors != "" {
				id, harder = fmt.Sprint(anchors, i), 0
			}
			forms[f].Items, difficulty[id] = append(forms[f].Items, id), float64(i%5-2)/2+harder
		}
		for range people {
			ability, test := rng.NormFloat64(), []items.Answered{}
			for _, id := range forms[f].Items {
				a := items.Answered{Item: id}
				if rng.Float64() < 1/(1+math.Exp(difficulty[id]-ability)) {
					a.Marks = 1
				}
				test = append(test, a)
			}
			tests.Add(forms[f].ID, courses.Indonesian, test)
		}
	}
	return tests, forms
}

func TestLinks(t *testing.T) {
	tests, forms := linkable(3000, "j")
	links := tests.Links(forms)
	a, b := links[0], links[1]
	if !a.Comparable || len(a.Anchors) != 0 || a.Reference != "A" || *a.EffectPoints != 0 || a.Scores[4].Points != 40 {
		t.Errorf("the reference form = %+v", a)
	}
	if !b.Comparable || len(b.Anchors) != 4 || len(b.Drifted) != 0 || len(b.Scores) != 11 {
		t.Fatalf("the other form = %+v", b)
	}
	near(t, "effect_logits", b.EffectLogits, 0.6, 3**b.EffectSE)
	if *b.EffectPoints < 5 || *b.EffectPoints > 15 || b.EffectCI95[0] > *b.EffectPoints || b.EffectCI95[1] < *b.EffectPoints {
		t.Errorf("effect in points = %v %v", *b.EffectPoints, b.EffectCI95)
	}
	if four := b.Scores[4]; four.Points <= 40 || four.Theta <= a.Scores[4].Theta {
		t.Errorf("four right on the harder form are worth %+v, on the other %+v", four, a.Scores[4])
	}
}

func TestFormsThatAreNotCompared(t *testing.T) {
	for name, tt := range map[string]struct {
		people  int
		anchors string
		want    string
	}{
		"no anchors":  {300, "", "no_anchors"},
		"few answers": {60, "j", "too_few_answers"},
		"nobody":      {0, "j", "too_few_answers"},
	} {
		t.Run(name, func(t *testing.T) {
			tests, forms := linkable(tt.people, tt.anchors)
			link := tests.Links(forms)[1]
			if link.Comparable || link.Scores != nil || string(link.Reasons["scores"]) != tt.want {
				t.Errorf("link = %+v, want the reason %q", link, tt.want)
			}
		})
	}
}

// TestFormsOfSeveralVersions has some people who took the first form while it had another item for the
// last one: what the form's scores are worth is of the items that count now.
func TestFormsOfSeveralVersions(t *testing.T) {
	tests, forms := linkable(400, "j")
	for i := range 200 {
		test := []items.Answered{{Item: "old", Marks: int64(i % 3 % 2)}}
		for j, id := range forms[0].Items[:9] {
			test = append(test, items.Answered{Item: id, Marks: int64((i + j) % 2)})
		}
		tests.Add("A", courses.Indonesian, test)
	}
	if a := tests.Links(forms)[0]; !a.Comparable || len(a.Scores) != 11 {
		t.Errorf("link = %+v", a)
	}
}
