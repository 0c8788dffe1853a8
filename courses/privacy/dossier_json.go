package privacy

import (
	"encoding/json"
	"time"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// dossierJSON is a dossier as other programs read it. Secrets, and the hashes of secrets, are not in it.
type dossierJSON struct {
	MadeAt          time.Time            `json:"made_at"`
	Person          people.Person        `json:"person"`
	Acknowledgement *acknowledgementJSON `json:"acknowledgement"`
	SignIn          SignIn               `json:"sign_in"`
	Sessions        []sessionJSON        `json:"sessions"`
	Allowances      []allowanceJSON      `json:"allowances"`
	Workshops       []Workshop           `json:"workshops"`
	Requests        []requestJSON        `json:"requests"`
	Progress        record.State         `json:"progress"`
	Records         []recordJSON         `json:"records"`
	Lines           []lineJSON           `json:"audit_lines"`
}

type acknowledgementJSON struct {
	Notice string    `json:"notice"`
	Basis  string    `json:"basis"`
	At     time.Time `json:"at"`
}

type sessionJSON struct {
	Kind     store.SessionKind `json:"kind"`
	Label    string            `json:"label,omitempty"`
	Workshop string            `json:"workshop,omitempty"` // whose code opened it
	MadeAt   time.Time         `json:"made_at"`
	SeenAt   time.Time         `json:"seen_at,omitzero"`
	Expires  time.Time         `json:"expires"`
}

type allowanceJSON struct {
	Course string       `json:"course"`
	Phase  record.Phase `json:"phase"`
	Extra  string       `json:"extra,omitempty"` // such as 10m0s
	Open   bool         `json:"open"`
	By     string       `json:"by"`
	At     time.Time    `json:"at"`
}

type requestJSON struct {
	ID      string             `json:"id"`
	Kind    store.RequestKind  `json:"kind"`
	Text    string             `json:"text,omitempty"`
	MadeAt  time.Time          `json:"made_at"`
	Due     time.Time          `json:"due"`
	State   store.RequestState `json:"state"`
	By      string             `json:"by,omitempty"`
	Answer  string             `json:"answer,omitempty"`
	EndedAt time.Time          `json:"ended_at,omitzero"`
}

type recordJSON struct {
	Record     json.RawMessage `json:"record"`
	ReceivedAt time.Time       `json:"received_at"`
}

type lineJSON struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
	On     string    `json:"on,omitempty"`
	Detail string    `json:"detail,omitempty"`
}

// MarshalJSON writes the dossier in a form that is in common use and that programs can read (Pasal 13).
func (d Dossier) MarshalJSON() ([]byte, error) {
	out := dossierJSON{MadeAt: d.MadeAt, Person: d.Person, SignIn: d.SignIn, Progress: d.Progress,
		Sessions: []sessionJSON{}, Allowances: []allowanceJSON{}, Workshops: append([]Workshop{}, d.Workshops...),
		Requests: []requestJSON{}, Records: []recordJSON{}, Lines: []lineJSON{}}
	if a := d.Acknowledgement; a.Notice != "" {
		out.Acknowledgement = &acknowledgementJSON{a.Notice, a.Basis, a.At}
	}
	for _, s := range d.Sessions {
		out.Sessions = append(out.Sessions, sessionJSON{s.Kind, s.Label, s.Workshop, s.MadeAt, s.SeenAt,
			s.Expires})
	}
	for _, a := range d.Allowances {
		out.Allowances = append(out.Allowances,
			allowanceJSON{a.Course, a.Phase, a.Extra.String(), a.Open, a.By, a.At})
	}
	for _, r := range d.Requests {
		out.Requests = append(out.Requests, requestJSON{r.ID, r.Kind, r.Text, r.MadeAt, r.Due, r.State, r.By,
			r.Answer, r.EndedAt})
	}
	for _, e := range d.Records {
		out.Records = append(out.Records, recordJSON{e.Content, e.ReceivedAt})
	}
	for _, l := range d.Lines {
		out.Lines = append(out.Lines, lineJSON(l))
	}
	return json.Marshal(out)
}
