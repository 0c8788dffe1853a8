package items

import (
	"melek/courses"
	"melek/courses/gain"
	"melek/courses/gain/rasch"
)

// Link says how a form compares with the reference form, the first one of the course.
type Link struct {
	Form       string `json:"form"`
	Reference  string `json:"reference"`
	Comparable bool   `json:"comparable"`
	// Anchors carry the link; Drifted were taken out, the worst first.
	Anchors []string  `json:"anchors"`
	Drifted []Drifted `json:"drifted"`
	// EffectLogits is how much harder the form is, and EffectPoints how many points of 100 the same
	// people would have less on it.
	EffectLogits *float64       `json:"effect_logits"`
	EffectSE     *float64       `json:"effect_se"`
	EffectPoints *float64       `json:"effect_points"`
	EffectCI95   *gain.Interval `json:"effect_points_ci95"`
	// Scores says what each number of right answers is worth, from none to all.
	Scores  []Score      `json:"scores"`
	Reasons gain.Reasons `json:"reasons"`
}

// Drifted is an anchor and how many logits harder it is on the form than on the reference form.
type Drifted struct {
	Item string  `json:"item"`
	By   float64 `json:"by"`
}

// Score is what a number of right answers on a form is worth: the ability in logits with its
// standard error, and the points of 100 that are expected of it on the reference form.
type Score struct {
	Theta  float64 `json:"theta"`
	SE     float64 `json:"se"`
	Points float64 `json:"points"`
	// Slope is how many points more it would be were the form a logit harder.
	Slope float64 `json:"points_slope"`
}

// Links compares the forms with the first of them; their items are those that count now.
func (s *Tests) Links(forms []courses.Form) []Link {
	all := make([]rasch.Form, len(forms))
	for i, form := range forms {
		all[i] = rasch.Form{ID: form.ID, Items: form.Items}
		for _, set := range s.ofForm(form.ID) {
			all[i].Sets = append(all[i].Sets, set.counts())
		}
	}
	links := make([]Link, len(forms))
	for i, placed := range rasch.Place(all) {
		links[i] = newLink(forms[0].ID, placed)
	}
	return links
}

func newLink(reference string, p rasch.Placed) Link {
	link := Link{Form: p.ID, Reference: reference, Comparable: p.Comparable(), Anchors: []string{},
		Drifted: []Drifted{}, Reasons: gain.Reasons{}}
	link.Anchors = append(link.Anchors, p.Link.Anchors...)
	for _, d := range p.Link.Drifted {
		link.Drifted = append(link.Drifted, Drifted{d.Item, d.By})
	}
	if !link.Comparable {
		absent(link.Reasons, gain.Reason(p.Link.Why), "effect_logits", "effect_se", "effect_points",
			"effect_points_ci95", "scores")
		return link
	}
	for _, score := range p.Scores {
		link.Scores = append(link.Scores, Score{*figure(score.Theta), score.SE, score.Points, score.Slope})
	}
	e := p.Effect
	link.EffectLogits, link.EffectSE, link.EffectPoints = figure(e.Logits), figure(e.SE), figure(e.Points)
	link.EffectCI95 = &gain.Interval{*figure(e.Lo), *figure(e.Hi)}
	return link
}
