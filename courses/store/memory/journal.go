package memory

import (
	"context"
	"slices"

	"melek/courses/store"
)

// AddLine implements store.Journal.
func (s *Store) AddLine(ctx context.Context, line store.AuditLine) error {
	return s.write(ctx, func(d *data) error {
		head, err := store.ReadHead(d.settings[store.HeadSetting])
		if err != nil {
			return err
		}
		link := head.Next(line)
		d.lines = append(d.lines, link)
		d.settings[store.HeadSetting] = link.Head.String()
		return nil
	})
}

// Lines implements store.Journal.
func (s *Store) Lines(ctx context.Context, limit int) ([]store.AuditLine, error) {
	return s.newest(ctx, limit, func(store.AuditLine) bool { return true })
}

// LinesAbout implements store.Journal.
func (s *Store) LinesAbout(ctx context.Context, person string, limit int) ([]store.AuditLine, error) {
	return s.newest(ctx, limit, func(l store.AuditLine) bool { return l.On == person || l.By == person })
}

func (s *Store) newest(ctx context.Context, limit int, wanted func(store.AuditLine) bool) ([]store.AuditLine,
	error) {
	all, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	var lines []store.AuditLine
	for _, link := range slices.Backward(all.lines) {
		if len(lines) < limit && wanted(link.AuditLine) {
			lines = append(lines, link.AuditLine)
		}
	}
	return lines, nil
}

// EachLink implements store.Journal.
func (s *Store) EachLink(ctx context.Context, fn func(store.Link) error) error {
	all, err := s.now(ctx)
	if err != nil {
		return err
	}
	for _, link := range all.lines {
		if err := fn(link); err != nil {
			return err
		}
	}
	return nil
}
