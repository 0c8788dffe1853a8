package path

import (
	"time"

	"melek/courses"
	"melek/courses/record"
)

// RetentionAfter is how long after the post-test the retention test opens where nothing else is set.
const RetentionAfter = 30 * 24 * time.Hour

// RetentionOpens is when the retention test opens: so long after the post-test that it shows what has
// been kept. It is false for whoever has not taken both tests before it, for then there is no gain to keep.
func (w Way) RetentionOpens() (time.Time, bool) {
	_, post, matched := w.Progress.Matched()
	if !matched || len(w.Course.Forms) == 0 {
		return time.Time{}, false
	}
	return post.EndedAt.Add(w.RetentionAfter), true
}

// mayRecall is MayBegin of the retention test.
func (w Way) mayRecall() error {
	opens, ok := w.RetentionOpens()
	switch {
	case !ok:
		return courses.Problemf(courses.Closed, "test.not_open")
	case w.Now.Before(opens):
		return courses.Problemf(courses.Closed, "test.opens", opens)
	}
	return nil
}

// recalled is the form of the retention test: the third, of which only the anchors have been seen, or else
// one that was not the post-test's, whose items were seen longest ago.
func (w Way) recalled(forms []courses.Form) courses.Form {
	if len(forms) > 2 {
		return forms[2]
	}
	if post := w.Progress.Counted(record.Post); post != nil {
		for _, form := range forms {
			if form.ID != post.Form {
				return form
			}
		}
	}
	return forms[0]
}
