package main

import (
	"context"
	"time"

	"melek/courses/reports"
)

// openEvery is how often the reports that are open to everybody are made again. They are shown only when
// enough people changed, so that more often would show nothing sooner.
const openEvery = time.Hour

// keepOpen makes the reports that are open to everybody until the context ends.
func (r *rig) keepOpen(ctx context.Context, desk *reports.Desk) {
	tick := time.NewTicker(openEvery)
	defer tick.Stop()
	for {
		r.publish(ctx, desk)
		giveBack() // of the start too
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (r *rig) publish(ctx context.Context, desk *reports.Desk) {
	defer recoverTo("open data")
	for _, course := range r.catalog.Courses() {
		if _, err := desk.Publish(ctx, course.ID); err != nil {
			warn(ctx, "the open report of a course could not be made; it goes on later", err)
		}
	}
}
