package handlers

import (
	"encoding/csv"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"melek/courses/exchange"
	"melek/courses/privacy"
	"melek/locales"
)

// processings are the kinds of processing that the program does, for the record that UU 27/2022 Pasal 31
// wants. Whoever adds a kind adds its wordings: what, why, whose data of which kinds, who receives them, how
// long they are kept and how they are guarded.
var processings = []string{"register", "workshops", "learning", "signing_in", "reports", "items", "requests",
	"audit", "backup"}

// processingAspects are what is said of each kind.
var processingAspects = []string{"purpose", "data", "recipients", "kept", "guarded"}

// disclosures are the actions of the audit log by which somebody looked at or took out the data of people.
var disclosures = []string{"audit.export", "people.export", "people.slips", "records.export",
	"report.unsuppressed", "code.make", "person.view", "token.make"}

// disclosuresFrom is how many lines of the audit log are looked through for them.
const disclosuresFrom = 5000

type processing struct {
	Name    string
	Aspects []dataRow
}

type processingPage struct {
	page
	Office      []dataRow
	Kinds       []processing
	Disclosures []auditLine
}

// showProcessing is the record of processing.
func (s *server) showProcessing(c *fiber.Ctx) error {
	p := processingPage{page: s.page(c, "processing.title").wide()}
	p.Office, p.Kinds = s.officeRows(p.Words), s.processings(p.Words)
	var err error
	if p.Disclosures, err = s.disclosures(c, p.page); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "processing.html", p)
}

// officeRows say under which settings all of it is done.
func (s *server) officeRows(w *locales.Words) []dataRow {
	o := s.Clerk.Office
	basis := strings.ReplaceAll(string(o.Basis), "-", "_")
	return []dataRow{{w.T("processing.controller"), o.Controller},
		{w.T("notice.basis_title"), w.T("notice.basis_" + basis)},
		{w.T("notice.retention_title"), s.retention(w)},
		{w.T("processing.subjects"), w.T("processing.subjects_who")}}
}

// retention words how long the data of people are kept.
func (s *server) retention(w *locales.Words) string {
	if months := s.Clerk.RetentionMonths; months > 0 {
		return w.T("notice.retention_months", months)
	}
	return w.T("notice.retention")
}

func (s *server) processings(w *locales.Words) []processing {
	var all []processing
	for _, kind := range processings {
		next := processing{Name: w.T("processing." + kind)}
		for _, aspect := range processingAspects {
			next.Aspects = append(next.Aspects, dataRow{w.T("processing." + aspect),
				w.T("processing."+kind+"_"+aspect, s.MinCell)})
		}
		all = append(all, next)
	}
	return all
}

// disclosures are who looked at or took out the data of people, the newest first.
func (s *server) disclosures(c *fiber.Ctx, p page) ([]auditLine, error) {
	lines, err := s.Store.Lines(c.UserContext(), disclosuresFrom)
	if err != nil {
		return nil, err
	}
	var found []auditLine
	for _, line := range lines {
		if slices.Contains(disclosures, line.Action) {
			found = append(found, auditLine{line, p.actionName(line.Action)})
		}
	}
	return found, nil
}

// saveProcessing is the record of processing as CSV.
func (s *server) saveProcessing(c *fiber.Ctx) error {
	p := s.page(c, "processing.title")
	var body strings.Builder
	out := csv.NewWriter(&body)
	put := func(cells ...string) error {
		for i, cell := range cells {
			cells[i] = exchange.Guard(cell)
		}
		return out.Write(cells)
	}
	for _, row := range s.officeRows(p.Words) {
		if err := put(row.Name, row.Value); err != nil {
			return err
		}
	}
	head := []string{p.T("processing.kind")}
	for _, aspect := range processingAspects {
		head = append(head, p.T("processing."+aspect))
	}
	if err := put(head...); err != nil {
		return err
	}
	for _, kind := range s.processings(p.Words) {
		cells := []string{kind.Name}
		for _, a := range kind.Aspects {
			cells = append(cells, a.Value)
		}
		if err := put(cells...); err != nil {
			return err
		}
	}
	lines, err := s.disclosures(c, p)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := put(p.Moment(l.At), l.By, l.What, l.On, l.Detail); err != nil {
			return err
		}
	}
	out.Flush()
	return sendFile(c, "rekam-pemrosesan.csv", "text/csv; charset=utf-8", []byte(body.String()))
}

type retentionPage struct {
	page
	Months int
	Rows   []leaverRow
	Due    int
	More   bool // there are others
}

type leaverRow struct {
	privacy.Leaver
	Place string
	Due   bool
}

// showRetention shows who has left and what is to become of their data; it changes nothing.
func (s *server) showRetention(c *fiber.Ctx) error {
	p := retentionPage{page: s.page(c, "retention.title").wide(), Months: s.Clerk.RetentionMonths}
	err := s.Clerk.EachLeaver(c.UserContext(), func(l privacy.Leaver) error {
		row := leaverRow{Leaver: l, Due: s.Clerk.IsDue(l)}
		if row.Due {
			p.Due++
		}
		if len(p.Rows) == linesShown {
			p.More = true
			return nil
		}
		if n := len(l.Person.Postings); n > 0 {
			row.Place = s.placeName(p.Words, l.Person.Postings[n-1].Area)
		}
		p.Rows = append(p.Rows, row)
		return nil
	})
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "retention.html", p)
}
