// Package reports puts reports together from what the store keeps. Gains and completion read the
// figures of tallies, never a person; item reports pass once over everybody's tests and keep sums.
// It says which areas, workshops and pillars make a table and which rows belong to one sum; what the
// figures are and what must be hidden is for package gain.
package reports

import (
	"context"
	"time"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// method names the definitions that the figures follow; other definitions have another name.
const method = "gain-2"

// keeper is what a desk reads.
type keeper interface {
	store.Reports
	EachProjection(ctx context.Context, after string, fn func(store.Projection) error) error
	Setting(ctx context.Context, name string) (string, error)
	PutSetting(ctx context.Context, name, value string) error
	Workshop(ctx context.Context, id string) (people.Workshop, error)
}

// Desk makes reports. It is safe for concurrent use.
type Desk struct {
	store     keeper
	region    *people.Region
	syllabus  record.Syllabus
	zone      *time.Location
	minCell   int
	simulated bool
	now       func() time.Time
	finer     *refinery
}

// Setup is what a desk works with.
type Setup struct {
	Store    keeper
	Region   *people.Region
	Syllabus record.Syllabus
	Zone     *time.Location // of the days and times in reports
	MinCell  int            // smallest group that is published
	// Simulated marks every report: its people were invented.
	Simulated bool
	Now       func() time.Time
}

// New makes a desk.
func New(s Setup) *Desk {
	return &Desk{store: s.Store, region: s.Region, syllabus: s.Syllabus, zone: s.Zone, minCell: s.MinCell,
		simulated: s.Simulated, now: s.Now, finer: newRefinery()}
}

// Report is a gains report.
type Report struct {
	Course      string     `json:"course"`
	By          By         `json:"by"`
	Method      string     `json:"method"`
	GeneratedAt time.Time  `json:"generated_at"`
	MinCell     int        `json:"min_cell"`
	Rows        []gain.Row `json:"rows"`
	Total       gain.Row   `json:"total"`
	// Pooling is the model of the rows' pooled means, nil where there is none.
	Pooling   *gain.Pooled `json:"pooling,omitempty"`
	Simulated bool         `json:"simulated,omitempty"`
	About     About        `json:"-"`
}

// Completion is a report on how far people have come.
type Completion struct {
	Course      string          `json:"course"`
	By          By              `json:"by"`
	GeneratedAt time.Time       `json:"generated_at"`
	MinCell     int             `json:"min_cell"`
	Rows        []CompletionRow `json:"rows"`
	Total       CompletionRow   `json:"total"`
	Simulated   bool            `json:"simulated,omitempty"`
	About       About           `json:"-"`
}

// CompletionRow is what a completion report says of one area. A figure that does not exist is nil, with
// its reason under the figure's name in Reasons.
type CompletionRow struct {
	Code           string       `json:"code"`
	Name           string       `json:"name"`
	Enrolled       *int64       `json:"enrolled"`
	Completed      *int64       `json:"completed"`
	PreN           *int64       `json:"pre_n"`
	PostN          *int64       `json:"post_n"`
	ShareCompleted *float64     `json:"share_completed"`
	Suppressed     bool         `json:"suppressed"`
	Reasons        gain.Reasons `json:"reasons"`
}

// About is what a reader needs beside a report's figures to know what they are of.
type About struct {
	Query Query        // with its defaults filled in
	Title courses.Text // of the course
	Area  people.Area  // which the total is of
	// Region and Zone are those of the desk.
	Region *people.Region
	Zone   *time.Location
}

// Gains reports what the people of a course gained. It is an error of kind courses.Invalid where
// the query names what there is not.
func (d *Desk) Gains(ctx context.Context, q Query) (Report, error) {
	q, about, err := d.about(q, AllBy...)
	if err != nil {
		return Report{}, err
	}
	t, err := d.table(ctx, q)
	if err != nil {
		return Report{}, err
	}
	secrets, err := d.secrets(ctx, q, t)
	if err != nil {
		return Report{}, err
	}
	report := Report{Course: q.Course, By: q.By, Method: method, GeneratedAt: d.time(), MinCell: d.minCell,
		Rows: make([]gain.Row, len(t.rows)), Simulated: d.simulated, About: about}
	row := func(n *node, total bool) gain.Row {
		return secrets.keepRow(q, d.refine(ctx, q, secrets.row(n), n, total), n, total)
	}
	report.Total = row(t.total, true)
	for i, n := range t.rows {
		report.Rows[i] = row(n, false)
	}
	if q.By == ByDistrict {
		report.pool(t, secrets)
	}
	return report, nil
}

// Completion reports how many people are enrolled, tested and done, by kecamatan or by village.
// Errors are as those of Gains.
func (d *Desk) Completion(ctx context.Context, q Query) (Completion, error) {
	q, about, err := d.about(q, ByDistrict, ByVillage)
	if err != nil {
		return Completion{}, err
	}
	t, err := d.table(ctx, q)
	if err != nil {
		return Completion{}, err
	}
	hidden := map[*node]bool{}
	if !q.Unsuppressed && q.narrowed() {
		if hidden, err = d.narrow(ctx, q, t, enrolled); err != nil {
			return Completion{}, err
		}
	}
	if !q.Unsuppressed {
		t.hide(byFigures(enrolled), hidden, int64(d.minCell))
	}
	report := Completion{Course: q.Course, By: q.By, GeneratedAt: d.time(), MinCell: d.minCell,
		Rows: make([]CompletionRow, len(t.rows)), Total: t.total.completion(hidden), Simulated: d.simulated,
		About: about}
	for i, n := range t.rows {
		report.Rows[i] = n.completion(hidden)
	}
	return report, nil
}

func (d *Desk) time() time.Time { return d.now().UTC().Truncate(time.Millisecond) }

func (n *node) completion(hidden map[*node]bool) CompletionRow {
	row := CompletionRow{Code: n.code, Name: n.name, Reasons: gain.Reasons{}}
	if hidden[n] {
		row.Suppressed = true
		for _, name := range []string{"enrolled", "completed", "pre_n", "post_n", "share_completed"} {
			row.Reasons[name] = gain.Suppressed
		}
		return row
	}
	f := n.group.Sum()
	row.Enrolled, row.Completed, row.PreN, row.PostN = &f.Enrolled, &f.Completed, &f.PreN, &f.PostN
	if f.Enrolled == 0 {
		row.Reasons["share_completed"] = gain.Nobody
		return row
	}
	row.ShareCompleted = new(float64(f.Completed) / float64(f.Enrolled))
	return row
}
