package handlers

import (
	"fmt"
	"math"
	"slices"

	"melek/locales"
)

// Charts are SVG whose places across are shares of the width, so that their texts keep their size on
// a phone. A table of the same figures stands beside each.

// mark is what a drawing shows of one group of people.
type mark struct {
	Code, Name string
	Link       string // empty where there is nothing to open
	Kind       markKind
	Mean       float64 // of a Shown mark
	Lo, Hi     float64 // the interval of a Shown mark; NaN where it has none
}

// markKind says whether there is a figure to draw, and if not, why.
type markKind int

const (
	nobody  markKind = iota // no figure: nobody took both tests
	hidden                  // suppressed: the group is too small to be published
	visible                 // its figure is shown
)

// Shown reports whether the mark has a figure.
func (m mark) Shown() bool { return m.Kind == visible }

// Hidden reports whether the mark's figure is suppressed.
func (m mark) Hidden() bool { return m.Kind == hidden }

// Sizes of the drawings in CSS pixels.
const (
	rowHeight  = 46 // of a group with a figure
	bareHeight = 28 // of one without
	axisHeight = 30
)

// height is that of the mark's row.
func (m mark) height() int {
	if m.Shown() {
		return rowHeight
	}
	return bareHeight
}

// plot is the interval plot: a point for the mean gain of each group, a line for its interval.
type plot struct {
	*locales.Words
	Zero   string
	Ticks  []plotTick
	Rows   []plotRow
	Height int
	Foot   int // where the axis' numbers stand
	Floor  int // where the lines of the grid end
}

type plotTick struct {
	At    string
	Label string
	Align string // text-anchor
}

type plotRow struct {
	mark
	Top, Line, Below int // where the text, the interval and the rule under both are
	At, From, To     string
	Label            string
	// More is set where the interval goes on beyond the axis.
	MoreLeft, MoreRight bool
	HasInterval         bool
}

// newPlot lays the marks out over one axis that holds every mean and zero.
func newPlot(w *locales.Words, marks []mark) plot {
	lo, hi := axis(marks)
	across := func(v float64) string { return share((v - lo) / (hi - lo)) }
	p := plot{Words: w, Zero: across(0), Ticks: ticks(w, lo, hi, across)}
	for _, m := range marks {
		row := plotRow{mark: m, Top: p.Floor + 18, Line: p.Floor + 33, Below: p.Floor + m.height()}
		if m.Shown() {
			row.place(w, lo, hi, across)
		}
		p.Rows, p.Floor = append(p.Rows, row), row.Below
	}
	p.Foot, p.Height = p.Floor+20, p.Floor+axisHeight
	return p
}

func (r *plotRow) place(w *locales.Words, lo, hi float64, across func(float64) string) {
	r.At, r.Label = across(r.Mean), signed(w, r.Mean)
	if math.IsNaN(r.Lo) {
		return
	}
	r.HasInterval = true
	r.Label = withInterval(w, r.Mean, r.Lo, r.Hi)
	r.MoreLeft, r.MoreRight = r.Lo < lo, r.Hi > hi
	r.From, r.To = across(max(r.Lo, lo)), across(min(r.Hi, hi))
}

// farthest is how many points beyond the outermost mean the axis goes at most: one group of a few
// people with a huge interval must not press all others together.
const farthest = 25

// axis returns the ends of the axis on round numbers.
func axis(marks []mark) (lo, hi float64) {
	var least, most, leastMean, mostMean float64
	for _, m := range marks {
		if !m.Shown() {
			continue
		}
		leastMean, mostMean = min(leastMean, m.Mean), max(mostMean, m.Mean)
		least, most = min(least, m.Mean), max(most, m.Mean)
		if !math.IsNaN(m.Lo) {
			least, most = min(least, m.Lo), max(most, m.Hi)
		}
	}
	least, most = max(least, leastMean-farthest), min(most, mostMean+farthest)
	step := tickStep(most - least)
	lo, hi = step*math.Floor(least/step), step*math.Ceil(most/step)
	if lo == hi {
		hi = lo + step
	}
	return lo, hi
}

// tickStep is the distance of the axis' numbers, a round one that makes at most six of them.
func tickStep(width float64) float64 {
	steps := []float64{2, 5, 10, 20, 25}
	i := slices.IndexFunc(steps, func(s float64) bool { return width/s <= 5 })
	if i < 0 {
		return 50
	}
	return steps[i]
}

func ticks(w *locales.Words, lo, hi float64, across func(float64) string) []plotTick {
	var all []plotTick
	step := tickStep(hi - lo)
	for v := lo; v <= hi; v += step {
		align := "middle"
		switch v {
		case lo:
			align = "start"
		case hi:
			align = "end"
		}
		all = append(all, plotTick{across(v), signed(w, v, 0), align})
	}
	return all
}

// share writes a place across the drawing; a little room is left at both ends for points.
func share(f float64) string { return fmt.Sprintf("%.2f%%", 2+96*f) }

// withInterval writes a mean difference and its interval.
func withInterval(w *locales.Words, mean, lo, hi float64) string {
	return w.T("plot.value", signed(w, mean), signed(w, lo), signed(w, hi))
}

// signed writes a difference with its sign, to one decimal where none is named.
func signed(w *locales.Words, f float64, decimals ...int) string {
	d := 1
	if len(decimals) > 0 {
		d = decimals[0]
	}
	s := w.Number(f, d)
	if f > 0 && s != w.Number(0, d) {
		return "+" + s
	}
	return s
}

// bars is the drawing of shares: one bar a group, full at 100 %.
type bars struct {
	*locales.Words
	Rows   []barRow
	Height int
}

type barRow struct {
	mark
	Top, Bar int
	Width    string
	Label    string
}

// shareMark is one group's share: so many of so many.
type shareMark struct {
	mark
	Part, Of int64
}

func newBars(w *locales.Words, marks []shareMark) bars {
	b := bars{Words: w}
	for _, m := range marks {
		row := barRow{mark: m.mark, Top: b.Height + 18, Bar: b.Height + 26}
		b.Height += m.height()
		if m.Shown() {
			percent := 100 * float64(m.Part) / float64(m.Of)
			row.Width = fmt.Sprintf("%.2f%%", percent)
			row.Label = w.T("bars.value", int(m.Part), int(m.Of), w.Number(percent, 0))
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}
