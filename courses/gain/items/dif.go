package items

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"melek/courses"
	"melek/courses/gain"
)

// MinLanguage is how many people must have been shown an item in each language before these are
// compared.
const MinLanguage = 100

// The reasons why languages are not compared.
const (
	FewInLanguage gain.Reason = "few_in_language" // fewer than MinLanguage people in one of them
	NoOverlap     gain.Reason = "no_overlap"      // no people of equal scores who differ on the item
)

// DIF says whether people of equal score find an item as hard in English as in Indonesian: the
// Mantel-Haenszel statistic (Holland and Thayer 1988) on the delta scale of the Educational Testing
// Service, where below 0 the item is harder in English.
type DIF struct {
	Delta float64 `json:"delta"`
	SE    float64 `json:"se"`
	// Class is A where the difference is negligible, C where it is large, else B (Zieky 1993).
	Class string `json:"class"`
	ID    int64  `json:"n_id"`
	EN    int64  `json:"n_en"`
}

// stratum is people with one score on one set of items, by whether they had the item right.
type stratum struct{ idRight, idWrong, enRight, enWrong float64 }

// strata are those of an item.
func (s *Tests) strata(id string) []stratum {
	var all []stratum
	for _, set := range s.inOrder() {
		place := slices.Index(set.items, id)
		if place < 0 {
			continue
		}
		for total := range int64(len(set.items)) + 1 {
			score, ok := set.scores[total]
			if !ok {
				continue
			}
			var one stratum
			if own, ok := score.langs[courses.Indonesian]; ok {
				one.idRight, one.idWrong = float64(own.right[place]), float64(own.n-own.right[place])
			}
			if own, ok := score.langs[courses.English]; ok {
				one.enRight, one.enWrong = float64(own.right[place]), float64(own.n-own.right[place])
			}
			all = append(all, one)
		}
	}
	return all
}

// judgeLanguages fills in the DIF.
func (r *Row) judgeLanguages(strata []stratum) {
	dif := DIF{}
	for _, s := range strata {
		dif.ID += int64(s.idRight + s.idWrong)
		dif.EN += int64(s.enRight + s.enWrong)
	}
	if dif.ID < MinLanguage || dif.EN < MinLanguage {
		absent(r.Reasons, FewInLanguage, "dif")
		return
	}
	if !dif.compare(strata) {
		absent(r.Reasons, NoOverlap, "dif")
		return
	}
	r.DIF = &dif
}

// deltaUnit turns a logarithm of odds into the delta scale.
const deltaUnit = 2.35

// compare fills in the statistics; false where there is nothing to compare. The standard error is
// that of Robins, Breslow and Greenland (1986).
func (d *DIF) compare(strata []stratum) bool {
	var r, s, pr, mixed, qs float64       // sums of the estimate and of its variance
	var right, expected, variance float64 // sums of the test that there is no difference
	for _, t := range strata {
		id, en := t.idRight+t.idWrong, t.enRight+t.enWrong
		n := id + en
		if id == 0 || en == 0 {
			continue
		}
		ri, si := t.idRight*t.enWrong/n, t.idWrong*t.enRight/n
		p, q := (t.idRight+t.enWrong)/n, (t.idWrong+t.enRight)/n
		r, s = r+ri, s+si
		pr, mixed, qs = pr+p*ri, mixed+p*si+q*ri, qs+q*si
		all := t.idRight + t.enRight
		right, expected = right+t.idRight, expected+id*all/n
		variance += id * en * all * (n - all) / (n * n * (n - 1))
	}
	if r == 0 || s == 0 {
		return false
	}
	d.Delta = *figure(-deltaUnit * math.Log(r/s))
	d.SE = deltaUnit * math.Sqrt(pr/(2*r*r)+mixed/(2*r*s)+qs/(2*s*s))
	apart := max(0, math.Abs(right-expected)-0.5)
	d.Class = class(math.Abs(d.Delta), d.SE, apart*apart/variance)
	return true
}

// class is that of the Educational Testing Service: A where the difference is below 1 or not
// significantly other than 0, C where it is at least 1.5 and significantly above 1, both at 5 %.
func class(delta, se, square float64) string {
	significant := square > distuv.ChiSquared{K: 1}.Quantile(0.95)
	switch {
	case delta < 1 || !significant:
		return "A"
	case delta >= 1.5 && (delta-1)/se > distuv.UnitNormal.Quantile(0.95):
		return "C"
	}
	return "B"
}
