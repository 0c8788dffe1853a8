package handlers

// faultSummary stands above a form that did not go through: what is wrong, in the order of the fields,
// each with a link to its field.
type faultSummary struct {
	Title string
	Lines []faultLine
}

type faultLine struct {
	Field string // the id of what the link leads to
	Label string
	Why   string
}

// Summary is what is wrong with a form. Its fields are named in order, each with the key of its label.
func (p page) Summary(found faults, fields ...string) faultSummary {
	var s faultSummary
	for i := 0; i+1 < len(fields); i += 2 {
		if why := found[fields[i]]; why != "" {
			s.Lines = append(s.Lines, faultLine{fields[i], p.T(fields[i+1]), why})
		}
	}
	s.Title = p.N("problem.faults", len(s.Lines))
	return s
}
