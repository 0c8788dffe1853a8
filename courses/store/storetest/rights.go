package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/store"
)

var rightsChecks = []check{
	{"who has acknowledged nothing has the empty acknowledgement", noAcknowledgement},
	{"an acknowledgement takes the place of the person's last", acknowledgedAgain},
	{"a request comes back as it was left", requestRoundTrip},
	{"a change of a request that fails keeps nothing", requestRefused},
	{"changes of one request at once all count", requestTogether},
	{"open requests come first by when they are due, then the latest ended", requestsInOrder},
	{"requests are narrowed to a person, to open ones and to a number", requestsNarrowed},
	{"of a person taken away no acknowledgement and no words stay", rightsOfTheRemoved},
	{"lines about a person are those on and by the person, newest first", linesAbout},
	{"awkward texts in requests are data", awkwardRights},
}

// rightsCalls are the calls about what people may ask.
func rightsCalls(s store.Store) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Acknowledgement": func(ctx context.Context) error { _, err := s.Acknowledgement(ctx, "P1"); return err },
		"PutAcknowledgement": func(ctx context.Context) error {
			return s.PutAcknowledgement(ctx, store.Acknowledgement{Person: "P1", At: noon})
		},
		"Request": func(ctx context.Context) error { _, err := s.Request(ctx, "R1"); return err },
		"Requests": func(ctx context.Context) error {
			_, err := s.Requests(ctx, store.RequestsQuery{})
			return err
		},
		"ChangeRequest": func(ctx context.Context) error {
			return s.ChangeRequest(ctx, "R1", func(r *store.Request) error { r.Text = "x"; return nil })
		},
		"LinesAbout": func(ctx context.Context) error { _, err := s.LinesAbout(ctx, "P1", 1); return err },
	}
}

func noAcknowledgement(t *testing.T, s store.Store) {
	a, err := s.Acknowledgement(t.Context(), "P1")
	must(t, err)
	same(t, "acknowledgement", a, store.Acknowledgement{Person: "P1"})
}

func acknowledgedAgain(t *testing.T, s store.Store) {
	for _, a := range []store.Acknowledgement{{Person: "P1", Notice: "n1", Basis: "public-task", At: noon},
		{Person: "P2", Notice: "n1", Basis: "public-task", At: noon},
		{Person: "P1", Notice: "n2", Basis: "consent", At: odd}} {
		must(t, s.PutAcknowledgement(t.Context(), a))
		got, err := s.Acknowledgement(t.Context(), a.Person)
		must(t, err)
		if a.At.Equal(odd) {
			isRounded(t, "acknowledgement", got.At)
			a.At = got.At
		}
		same(t, "acknowledgement", got, a)
	}
}

// request is the nth of a person: open where n is even, and otherwise ended.
func request(person string, n int) store.Request {
	r := store.Request{ID: fmt.Sprintf("R%02d", n), Person: person, Kind: store.Correction,
		Text: "Nama saya Sri", MadeAt: noon.Add(time.Duration(n) * time.Hour),
		Due:   noon.Add(time.Duration(72+n) * time.Hour),
		State: store.RequestOpen}
	if n%2 == 1 {
		r.State, r.By, r.Answer, r.EndedAt = store.RequestRefused, "A1", "Sudah benar", r.MadeAt.Add(time.Hour)
	}
	return r
}

func putRequests(t *testing.T, s store.Store, all ...store.Request) {
	t.Helper()
	for _, r := range all {
		must(t, s.ChangeRequest(t.Context(), r.ID, func(kept *store.Request) error { *kept = r; return nil }))
	}
}

func requestRoundTrip(t *testing.T, s store.Store) {
	var given store.Request
	must(t, s.ChangeRequest(t.Context(), "R00", func(r *store.Request) error {
		given = *r
		*r = request("P1", 0)
		return nil
	}))
	same(t, "given to fn", given, store.Request{ID: "R00"})
	putRequests(t, s, request("P1", 1))
	for n := range 2 {
		got, err := s.Request(t.Context(), request("P1", n).ID)
		must(t, err)
		same(t, "request", got, request("P1", n))
	}
	late := request("P1", 3)
	late.MadeAt, late.Due, late.EndedAt = odd, odd, odd
	putRequests(t, s, late)
	got, err := s.Request(t.Context(), late.ID)
	must(t, err)
	for _, at := range []time.Time{got.MadeAt, got.Due, got.EndedAt} {
		isRounded(t, "request", at)
	}
}

func requestRefused(t *testing.T, s store.Store) {
	putRequests(t, s, request("P1", 0))
	no := errors.New("no")
	for _, id := range []string{"R00", "R99"} {
		err := s.ChangeRequest(t.Context(), id, func(r *store.Request) error { r.Text = "other"; return no })
		same(t, "error", errors.Is(err, no), true)
	}
	got, err := s.Request(t.Context(), "R00")
	must(t, err)
	same(t, "request", got, request("P1", 0))
	_, err = s.Request(t.Context(), "R99")
	isKind(t, "a request never kept", err, courses.NotFound)
}

func requestTogether(t *testing.T, s store.Store) {
	const n = 20
	allSucceed(t, allAtOnce(n, func(int) error {
		return s.ChangeRequest(t.Context(), "R1", func(r *store.Request) error { r.Text += "x"; return nil })
	}))
	got, err := s.Request(t.Context(), "R1")
	must(t, err)
	same(t, "letters", len(got.Text), n)
}

func requestIDs(t *testing.T, s store.Store, q store.RequestsQuery) []string {
	t.Helper()
	found, err := s.Requests(t.Context(), q)
	must(t, err)
	var all []string
	for _, r := range found {
		all = append(all, r.ID)
	}
	return all
}

func requestsInOrder(t *testing.T, s store.Store) {
	for _, n := range []int{4, 1, 0, 5, 2, 3} {
		putRequests(t, s, request("P1", n))
	}
	want := []string{"R00", "R02", "R04", "R05", "R03", "R01"}
	same(t, "requests", requestIDs(t, s, store.RequestsQuery{}), want)
}

func requestsNarrowed(t *testing.T, s store.Store) {
	putRequests(t, s, request("P1", 0), request("P2", 1), request("P1", 2), request("P1", 3))
	same(t, "of P1", requestIDs(t, s, store.RequestsQuery{Person: "P1"}), []string{"R00", "R02", "R03"})
	same(t, "open", requestIDs(t, s, store.RequestsQuery{Open: true}), []string{"R00", "R02"})
	same(t, "one", requestIDs(t, s, store.RequestsQuery{Limit: 1}), []string{"R00"})
	same(t, "open of P2", requestIDs(t, s, store.RequestsQuery{Person: "P2", Open: true}), []string(nil))
}

func rightsOfTheRemoved(t *testing.T, s store.Store) {
	putPeople(t, s, person("P1", "Sri", village(1)), person("P2", "Budi", village(1)))
	for n, id := range []string{"P1", "P1", "P2"} {
		must(t, s.PutAcknowledgement(t.Context(), store.Acknowledgement{Person: id, Notice: "n1", At: noon}))
		putRequests(t, s, request(id, n))
	}
	removeFromRegister(t, s, "P1")
	a, err := s.Acknowledgement(t.Context(), "P1")
	must(t, err)
	same(t, "acknowledgement", a, store.Acknowledgement{Person: "P1"})
	for n := range 2 {
		want := request("P1", n)
		want.Text, want.Answer = "", ""
		got, err := s.Request(t.Context(), want.ID)
		must(t, err)
		same(t, "request", got, want)
	}
	other, err := s.Request(t.Context(), "R02")
	must(t, err)
	same(t, "request of another", other, request("P2", 2))
	a, err = s.Acknowledgement(t.Context(), "P2")
	must(t, err)
	same(t, "acknowledgement of another", a.Notice, "n1")
}

func removeFromRegister(t *testing.T, s store.Store, ids ...string) {
	t.Helper()
	change(t, s, func(tx store.Tx) error { return tx.RemovePeople(ids) })
}

func linesAbout(t *testing.T, s store.Store) {
	var want []store.AuditLine
	for n, line := range []store.AuditLine{{By: "A1", On: "P1"}, {By: "P1", On: "x"}, {By: "A1", On: "P11"},
		{By: "P1", On: "P1"}, {By: "A1", On: "", Detail: "P1"}} {
		line.At, line.Action = noon.Add(time.Duration(n)*time.Second), "look"
		must(t, s.AddLine(t.Context(), line))
		if line.By == "P1" || line.On == "P1" {
			want = append(want, line)
		}
	}
	slices.Reverse(want)
	for _, limit := range []int{1, 2, 100} {
		got, err := s.LinesAbout(t.Context(), "P1", limit)
		must(t, err)
		same(t, "lines", got, want[:min(limit, len(want))])
	}
}

func awkwardRights(t *testing.T, s store.Store) {
	for _, text := range awkward {
		want := request(text, 1)
		want.ID, want.Text, want.Answer, want.By = text, text, text, text
		putRequests(t, s, want)
		got, err := s.Requests(t.Context(), store.RequestsQuery{Person: text})
		must(t, err)
		same(t, "request", got, []store.Request{want})
		must(t, s.PutAcknowledgement(t.Context(),
			store.Acknowledgement{Person: text, Notice: text, Basis: text, At: noon}))
		a, err := s.Acknowledgement(t.Context(), text)
		must(t, err)
		same(t, "acknowledgement", a.Notice, text)
		line := store.AuditLine{At: noon, By: "A1", On: text}
		must(t, s.AddLine(t.Context(), line))
		about, err := s.LinesAbout(t.Context(), text, 10)
		must(t, err)
		same(t, "lines", about, []store.AuditLine{line})
	}
}
