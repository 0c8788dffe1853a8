package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/gain/items"
	"melek/courses/people"
	"melek/courses/tally"
)

// Scale is how the forms of a course compare, as the last review of its items has it.
type Scale struct {
	At    time.Time    `json:"at"`
	Links []items.Link `json:"links"`
}

// Linked is a report on gains on the scale that the forms of a course share, so that it makes no
// difference who took which.
type Linked struct {
	Course      string      `json:"course"`
	By          By          `json:"by"`
	Method      string      `json:"method"`
	GeneratedAt time.Time   `json:"generated_at"`
	MinCell     int         `json:"min_cell"`
	Scale       *Scale      `json:"scale"` // nil before the first review
	Rows        []LinkedRow `json:"rows"`
	Total       LinkedRow   `json:"total"`
	Simulated   bool        `json:"simulated,omitempty"`
	About       About       `json:"-"`
}

// LinkedRow is what the report says of one area, beside the gain in raw scores. A figure that does not
// exist is nil, with its reason under the figure's name in Reasons.
type LinkedRow struct {
	Code       string         `json:"code"`
	Name       string         `json:"name"`
	Matched    *int64         `json:"matched"`
	GainMean   *float64       `json:"gain_mean"`
	GainCI95   *gain.Interval `json:"gain_ci95"`
	Linked     *gain.Linked   `json:"linked"`
	Suppressed bool           `json:"suppressed"`
	Reasons    gain.Reasons   `json:"reasons"`
}

// NoScale is the reason where nobody has had the items of the course reviewed yet.
const NoScale gain.Reason = "no_scale"

// Linked reports what people gained on the scale of the reference form, by kecamatan or by village.
// Errors are as those of Gains; days of the pre-test are not told apart.
func (d *Desk) Linked(ctx context.Context, q Query) (Linked, error) {
	q, about, err := d.about(q, ByDistrict, ByVillage)
	if err != nil {
		return Linked{}, err
	}
	if q.From+q.To != "" {
		return Linked{}, invalid("linked_days")
	}
	t, err := d.table(ctx, q)
	if err != nil {
		return Linked{}, err
	}
	scale, err := d.scale(ctx, q.Course)
	if err != nil {
		return Linked{}, err
	}
	secrets, err := d.secrets(ctx, q, t)
	if err != nil {
		return Linked{}, err
	}
	link := linking{desk: d, query: q, table: t, secrets: secrets, groups: map[string]*gain.LinkedGroup{}}
	if link.why = scale.why(); link.why == "" {
		if err := link.read(ctx, scale.worth()); err != nil {
			return Linked{}, err
		}
	}
	link.hide()
	report := Linked{Course: q.Course, By: q.By, Method: method, GeneratedAt: d.time(), MinCell: d.minCell,
		Scale: scale, Rows: make([]LinkedRow, len(t.rows)), Total: link.row(t.total), Simulated: d.simulated,
		About: about}
	for i, n := range t.rows {
		report.Rows[i] = link.row(n)
	}
	return report, nil
}

// scale returns that of the course, nil before the first review.
func (d *Desk) scale(ctx context.Context, course string) (*Scale, error) {
	value, err := d.store.Setting(ctx, scaleSetting+course)
	if courses.KindOf(err) == courses.NotFound {
		return nil, nil //nolint:nilnil // no scale is an answer, told with its reason
	}
	if err != nil {
		return nil, fmt.Errorf("reports: scale of %s: %w", course, err)
	}
	var scale Scale
	if err := json.Unmarshal([]byte(value), &scale); err != nil {
		return nil, fmt.Errorf("reports: scale of %s: %w", course, err)
	}
	return &scale, nil
}

// why nobody's gain is on the scale, empty where some are.
func (s *Scale) why() gain.Reason {
	if s == nil {
		return NoScale
	}
	if len(s.worth()) < min(2, len(s.Links)) {
		return gain.NotLinked
	}
	return ""
}

// worth is what scores on the comparable forms are worth.
func (s *Scale) worth() map[string]gain.Worth {
	worth := map[string]gain.Worth{}
	for _, link := range s.Links {
		if !link.Comparable {
			continue
		}
		own := gain.Worth{SE: *link.EffectSE}
		for _, score := range link.Scores {
			own.Scores = append(own.Scores, gain.Score{Points: score.Points, Theta: score.Theta, Slope: score.Slope})
		}
		worth[link.Form] = own
	}
	return worth
}

// linking makes one report.
type linking struct {
	desk    *Desk
	query   Query
	table   table
	secrets secrets
	why     gain.Reason                  // why nothing is linked
	groups  map[string]*gain.LinkedGroup // the people of areas and of all that lies in them, by code
	hidden  map[*node]bool               // whose linked gain is not told
}

// read takes in everybody whose tests were on forms, area by area.
func (l *linking) read(ctx context.Context, worth map[string]gain.Worth) error {
	areas := map[string]*gain.LinkedVillage{}
	cuts, err := l.desk.store.CutsOf(ctx, l.query.Course, tally.Forms.Of(""))
	if err != nil {
		return fmt.Errorf("reports: forms of %s: %w", l.query.Course, err)
	}
	for _, cut := range cuts {
		pre, post := tally.FormsOf(cut)
		read, err := l.desk.store.CellsOf(ctx, l.query.Course, l.query.Role, cut)
		if err != nil {
			return fmt.Errorf("reports: forms of %s: %w", l.query.Course, err)
		}
		for _, tallied := range read {
			if areas[tallied.Key.Area] == nil {
				areas[tallied.Key.Area] = &gain.LinkedVillage{}
			}
			if err := areas[tallied.Key.Area].Add(pre, post, worth, tallied.Cells); err != nil {
				return fmt.Errorf("reports: forms of %s in %s: %w", l.query.Course, tallied.Key.Area, err)
			}
		}
	}
	for _, area := range slices.Sorted(maps.Keys(areas)) {
		for _, code := range l.above(area) {
			l.group(code).Add(*areas[area])
		}
	}
	return nil
}

// above are the codes of the areas whose people the area's are: itself, its kecamatan and the region;
// none where the report is on areas of another type.
func (l *linking) above(area string) []string {
	region := l.desk.region
	known, ok := region.Area(area)
	if l.query.Type != "" && !(ok && known.Type == l.query.Type) {
		return nil
	}
	codes := []string{region.Root().Code}
	if district, ok := region.Ancestor(area, people.District); ok {
		codes = append(codes, district.Code)
	}
	if ok && known.IsVillage() {
		codes = append(codes, area)
	}
	return codes
}

// group is the people of the area and of all that lie in it, as far as the report is on them.
func (l *linking) group(code string) *gain.LinkedGroup {
	if l.groups[code] == nil {
		l.groups[code] = &gain.LinkedGroup{}
	}
	return l.groups[code]
}

// hide hides what the report on gains hides, and further linked gains of so few people, or of all but
// so few of those that are told of as matched, that these could be found out.
func (l *linking) hide() {
	l.hidden = maps.Clone(l.secrets.rows)
	if l.query.Unsuppressed || l.why != "" {
		return
	}
	nodes := map[*gain.Part]*node{}
	gain.Hide(l.part(l.table.region, nodes), int64(l.desk.minCell))
	for part, n := range nodes {
		l.hidden[n] = l.hidden[n] || part.Hidden
	}
}

// part is the node as its small groups are judged: by how many are linked and how many are not. People
// of no row are what remains.
func (l *linking) part(n *node, nodes map[*gain.Part]*node) *gain.Part {
	linked := l.group(n.code).N()
	part := &gain.Part{Code: n.code, Hidden: l.hidden[n],
		People: []int64{linked, n.group.Sum().Matched - linked}}
	nodes[part] = n
	rest := []int64{part.People[0], part.People[1]}
	for _, below := range n.parts {
		if below.unlisted {
			continue
		}
		own := l.part(below, nodes)
		part.Parts = append(part.Parts, own)
		rest[0], rest[1] = rest[0]-own.People[0], rest[1]-own.People[1]
	}
	if rest[0]+rest[1] > 0 && len(part.Parts) > 0 {
		part.Parts = append(part.Parts, &gain.Part{Hidden: true, People: rest})
	}
	return part
}

func (l *linking) row(n *node) LinkedRow {
	row := LinkedRow{Code: n.code, Name: n.name, Reasons: gain.Reasons{}}
	if l.secrets.rows[n] {
		row.Suppressed = true
		for _, name := range []string{"matched", "gain_mean", "gain_ci95", "linked"} {
			row.Reasons[name] = gain.Suppressed
		}
		return row
	}
	raw := l.secrets.row(n)
	row.Matched, row.GainMean, row.GainCI95 = raw.Matched, raw.GainMean, raw.GainCI95
	for _, name := range []string{"gain_mean", "gain_ci95"} {
		if why, ok := raw.Reasons[name]; ok {
			row.Reasons[name] = why
		}
	}
	switch {
	case l.why != "":
		row.Reasons["linked"] = l.why
	case l.hidden[n]:
		row.Reasons["linked"] = gain.Suppressed
	default:
		linked := l.group(n.code).Linked()
		row.Linked = &linked
	}
	return row
}
