package reports

import (
	"context"
	"encoding/json"
	"errors"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/tally"
)

// opened is a report that is open to everybody, beside what it was made of.
type opened struct {
	Report   json.RawMessage `json:"report"`
	Snapshot gain.Snapshot   `json:"snapshot"`
}

func openSetting(course string) string { return "open/" + course }

// Open returns the report by kecamatan that everybody may see of a course, as JSON; courses.NotFound where
// there is none yet. It stays as it was until Publish replaces it.
func (d *Desk) Open(ctx context.Context, course string) (json.RawMessage, error) {
	kept, err := d.openOf(ctx, course)
	return kept.Report, err
}

func (d *Desk) openOf(ctx context.Context, course string) (kept opened, err error) {
	value, err := d.store.Setting(ctx, openSetting(course))
	if err != nil {
		return kept, err
	}
	return kept, json.Unmarshal([]byte(value), &kept)
}

// Publish puts the report as it is now in the place of the one that is open to everybody, unless the two
// could be subtracted to tell of few people. It reports whether it did.
func (d *Desk) Publish(ctx context.Context, course string) (bool, error) {
	before, err := d.openOf(ctx, course)
	if err != nil && !errors.Is(err, courses.NotFound) {
		return false, err
	}
	report, next, err := d.publishable(ctx, course)
	if err != nil || len(next.Rows) == 0 {
		return false, err
	}
	if before.Report != nil {
		may, err := gain.MayReplace(before.Snapshot, next, int64(d.minCell))
		if err != nil || !may {
			return false, err
		}
	}
	encoded, err := json.Marshal(report)
	if err != nil {
		return false, err
	}
	value, err := json.Marshal(opened{Report: encoded, Snapshot: next})
	if err != nil {
		return false, err
	}
	return true, d.store.PutSetting(ctx, openSetting(course), string(value))
}

// publishable is the report as it is now and what it is made of. It tells nothing of those who left, who
// are too few to be told of day by day.
func (d *Desk) publishable(ctx context.Context, course string) (Report, gain.Snapshot, error) {
	report, err := d.GainsWhole(ctx, Query{Course: course})
	if err != nil {
		return Report{}, gain.Snapshot{}, err
	}
	report.Total = report.Total.SuppressDropouts().Keep(nil, gain.Suppressed)
	snapshot := gain.Snapshot{Rows: map[string]map[string]int64{}, Told: map[string]bool{}}
	for i, row := range report.Rows {
		report.Rows[i] = row.SuppressDropouts().Keep(nil, gain.Suppressed)
		snapshot.Told[row.Code] = !row.Suppressed
	}
	read, err := d.store.CellsOf(ctx, course, people.Participant, tally.Everybody)
	if err != nil {
		return Report{}, gain.Snapshot{}, err
	}
	for _, tallied := range read {
		code := "" // of the regency's own people
		if district, ok := d.region.Ancestor(tallied.Key.Area, people.District); ok {
			code = district.Code
		}
		row := snapshot.Rows[code]
		if row == nil {
			row = map[string]int64{}
			snapshot.Rows[code] = row
		}
		for cell, n := range tallied.Cells {
			row[cell] += n
		}
	}
	return report, snapshot, nil
}
