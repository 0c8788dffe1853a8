package exchange

import (
	"math"

	"github.com/go-pdf/fpdf"
)

// axis is the scale of points that the intervals of all rows are drawn on.
type axis struct{ lo, hi, step float64 }

// drawMargin is left free on either side of a drawing.
const drawMargin = 5.0

// mostReach is how far beyond all means an interval may draw the axis out. Those of a few people
// reach further, and would make all others too small to compare.
const mostReach = 15.0

// axisOf is an axis with few ticks that holds 0, every mean and what it can of their intervals.
func axisOf(lines []line) axis {
	means := axis{lo: 0, hi: 10}
	for _, l := range lines {
		if l.mean != nil {
			means.lo, means.hi = min(means.lo, *l.mean), max(means.hi, *l.mean)
		}
	}
	a := means
	for _, l := range lines {
		if l.ci != nil {
			a.lo = max(min(a.lo, l.ci[0]), means.lo-mostReach)
			a.hi = min(max(a.hi, l.ci[1]), means.hi+mostReach)
		}
	}
	for _, a.step = range []float64{5, 10, 20, 50} {
		if (a.hi-a.lo)/a.step <= 4 {
			break
		}
	}
	a.lo, a.hi = a.step*math.Floor(a.lo/a.step), a.step*math.Ceil(a.hi/a.step)
	return a
}

// at is where points stand in the drawing; what lies beyond the axis stands at its end.
func (p *pdfReport) at(points float64) float64 {
	a := p.axis
	share := (min(max(points, a.lo), a.hi) - a.lo) / (a.hi - a.lo)
	return p.drawnAt + drawMargin + share*(p.drawnWidth-2*drawMargin)
}

// ticks writes the numbers of the axis into the head.
func (p *pdfReport) ticks(y float64) {
	p.SetFont("Helvetica", "", 7)
	p.SetTextColor(quiet[0], quiet[1], quiet[2])
	for points := p.axis.lo; points <= p.axis.hi; points += p.axis.step {
		p.SetXY(p.at(points)-5, y+headHeight-4.6)
		p.CellFormat(10, 3.4, p.encode(p.s.decimal(points, 0)), "", 0, "C", false, 0, "")
	}
}

// draw draws the gain with its interval, or how many have completed the course.
func (p *pdfReport) draw(l line, y float64, total bool) {
	switch {
	case p.s.report == "gains":
		p.interval(l, y, total)
	case l.share != nil:
		p.bar(*l.share, y, total)
	}
}

func (p *pdfReport) interval(l line, y float64, total bool) {
	for points := p.axis.lo; points <= p.axis.hi; points += p.axis.step {
		p.SetDrawColor(222, 225, 222)
		p.SetLineWidth(0.15)
		if points == 0 {
			p.SetDrawColor(quiet[0], quiet[1], quiet[2])
			p.SetLineWidth(0.25)
		}
		p.Line(p.at(points), y, p.at(points), y+rowHeight)
	}
	if l.mean == nil {
		return
	}
	colour, middle := tea, y+rowHeight/2
	if total {
		colour = burnt
	}
	p.fill(colour)
	p.SetDrawColor(colour[0], colour[1], colour[2])
	if l.ci != nil {
		p.SetLineWidth(0.6)
		p.Line(p.at(l.ci[0]), middle, p.at(l.ci[1]), middle)
		p.reach(l.ci[0], middle)
		p.reach(l.ci[1], middle)
	}
	p.Circle(p.at(*l.mean), middle, 1.1, "F")
}

// reach points outwards where an interval goes on beyond the axis.
func (p *pdfReport) reach(points, y float64) {
	tip := 1.6
	if points < p.axis.lo {
		tip = -tip
	}
	if x := p.at(points); points < p.axis.lo || points > p.axis.hi {
		p.Polygon([]fpdf.PointType{{X: x + tip, Y: y}, {X: x, Y: y - 1.1}, {X: x, Y: y + 1.1}}, "F")
	}
}

func (p *pdfReport) bar(share, y float64, total bool) {
	width := p.drawnWidth - drawMargin
	p.SetFillColor(228, 231, 227)
	p.Rect(p.drawnAt+drawMargin, y+1.9, width, rowHeight-3.8, "F")
	p.fill(tea)
	if total {
		p.fill(burnt)
	}
	p.Rect(p.drawnAt+drawMargin, y+1.9, width*share, rowHeight-3.8, "F")
}
