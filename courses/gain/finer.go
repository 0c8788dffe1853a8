package gain

import "maps"

// Finer are the figures that are made of everybody's exact marks.
type Finer struct {
	HakeGCI95 *Interval `json:"hake_g_ci95,omitempty"`
	WilcoxonP *float64  `json:"wilcoxon_p,omitempty"`
	NoHakeG   Reason    `json:"no_hake_g,omitempty"` // why there is no interval
	NoP       Reason    `json:"no_p,omitempty"`      // why there is no p
}

// Finer makes the sample's finer figures.
func (s *Sample) Finer() Finer {
	var f Finer
	ci, why := s.HakeInterval()
	if f.NoHakeG = why; why == "" {
		f.HakeGCI95 = &ci
	}
	p, why := s.Wilcoxon()
	if f.NoP = why; why == "" {
		f.WilcoxonP = &p
	}
	return f
}

// Refine returns the row with the finer figures or, where f is nil, with why there are none yet.
func (r Row) Refine(f *Finer, why Reason) Row {
	if r.Suppressed {
		return r
	}
	if *r.Matched == 0 {
		f, why = nil, NoPairs
	}
	if f == nil {
		f = &Finer{NoHakeG: why, NoP: why}
	}
	r.Reasons = maps.Clone(r.Reasons)
	r.HakeGCI95, r.WilcoxonP = f.HakeGCI95, f.WilcoxonP
	r.Reasons.put("hake_g_ci95", f.NoHakeG)
	r.Reasons.put("wilcoxon_p", f.NoP)
	return r
}

// Pool returns the row of a kecamatan with what the model says of it or, where p is nil, with why there
// is none.
func (r Row) Pool(p *Pooled, why Reason) Row {
	if r.Suppressed {
		return r
	}
	if *r.Matched == 0 {
		p, why = nil, NoPairs
	}
	r.Reasons, r.PooledMean, r.PooledCI95 = maps.Clone(r.Reasons), nil, nil
	if p != nil {
		mean, ci, ok := p.District(r.Code)
		if why = NoPairs; ok {
			r.PooledMean, r.PooledCI95, why = figure(mean), &ci, ""
		}
	}
	r.Reasons.put("pooled_mean", why)
	r.Reasons.put("pooled_ci95", why)
	return r
}
