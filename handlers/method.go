package handlers

import (
	"github.com/gofiber/fiber/v2"
)

// definition is one figure of the page on method: what it means in words, its formula and where it is from.
type definition struct{ Word, Means, Formula, Source string }

// definitions are the figures by the keys of their words, with the formulas that are the same in every
// language.
var definitions = []definition{
	{Word: "score", Formula: "100 · Σ marks / Σ maximum"},
	{Word: "gain", Formula: "mean(post − pre)"},
	{Word: "interval", Formula: "SE² = G/(G−1) · Σ_v (Σ_{i∈v} (d_i − mean))² / n², t(G−1)",
		Source: "Cochran 1977, 9A"},
	{Word: "g", Formula: "(mean post − mean pre) / (100 − mean pre)",
		Source: "Hake 1998; BCa bootstrap: Efron 1987"},
	{Word: "chance", Formula: "min(1, 2 · min(P(W ≤ w), P(W ≥ w)))",
		Source: "Wilcoxon 1945; Hollander, Wolfe, Chicken 2014"},
	{Word: "pooled", Formula: "d_ijk = μ + u_j + v_jk + e_ijk, REML, BLUP",
		Source: "Patterson & Thompson 1971; Robinson 1991; Prasad & Rao 1990"},
	{Word: "kept", Formula: "(retention − pre) / (post − pre)", Source: "Cochran 1977, 6.3"},
	{Word: "leavers", Formula: "mean pre (leavers) − mean pre (stayers)", Source: "Welch 1947"},
	{Word: "attrition", Formula: "1 − matched / pre_n"},
	{Word: "competent", Formula: "n(post ≥ pass mark) / matched", Source: "Wilson 1927"},
}

// cautions are what breaks the figures, and how a reader sees it, by the keys of their words.
var cautions = []string{"dropout", "anchors", "repeat", "small", "insider"}

type methodPage struct {
	page
	Definitions []definition
	Cautions    []term
	MinCell     int
}

// showMethod shows how figures are made.
func (s *server) showMethod(c *fiber.Ctx) error {
	p := methodPage{page: s.page(c, "method.title"), MinCell: s.MinCell}
	for _, d := range definitions {
		d.Word, d.Means = p.T("reading."+d.Word), p.T("reading."+d.Word+"_means")
		p.Definitions = append(p.Definitions, d)
	}
	for _, name := range cautions {
		p.Cautions = append(p.Cautions, term{p.T("method." + name), p.T("method." + name + "_seen")})
	}
	return s.render(c, fiber.StatusOK, "method.html", p)
}
