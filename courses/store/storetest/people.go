package storetest

import (
	"encoding/json"
	"slices"
	"testing"

	"melek/courses"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

var registerChecks = []check{
	{"a person comes back as put", personRoundTrip},
	{"a person takes the place of what was known", personReplaced},
	{"unknown people are left out", unknownPeople},
	{"removing people takes what is theirs away and leaves their records", removePeople},
}

func putPeople(t *testing.T, s store.Store, persons ...people.Person) {
	t.Helper()
	change(t, s, func(tx store.Tx) error { return tx.PutPeople(persons) })
}

// quoted is the text as JSON.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(b)
}

func samplePerson(id string) people.Person {
	return people.Person{ID: id, Name: "Nyi «Rara» O'Brien", Role: people.Facilitator, Phone: "081234567890",
		Language: courses.English, Gender: "P", BirthYear: 1980, Retired: true, Postings: []people.Posting{
			{Area: village(1), Position: "Sekretaris desa", To: "2026-06-30"},
			{Area: village(2), Position: "Kepala desa", From: "2026-07-01"},
		}}
}

func personRoundTrip(t *testing.T, s store.Store) {
	bare := people.Person{ID: "P2", Name: "Siti", Role: people.Admin}
	putPeople(t, s, samplePerson("P1"), bare)
	for _, want := range []people.Person{samplePerson("P1"), bare} {
		got, err := s.Person(t.Context(), want.ID)
		must(t, err)
		samePerson(t, got, want)
	}
	var inside map[string]people.Person
	change(t, s, func(tx store.Tx) (err error) {
		inside, err = tx.TxPeople([]string{"P1", "P2"})
		return err
	})
	samePerson(t, inside["P1"], samplePerson("P1"))
	samePerson(t, inside["P2"], bare)
}

// samePerson compares without telling no postings from none.
func samePerson(t *testing.T, got, want people.Person) {
	t.Helper()
	if len(got.Postings) == 0 && len(want.Postings) == 0 {
		got.Postings, want.Postings = nil, nil
	}
	same(t, "person "+want.ID, got, want)
}

func personReplaced(t *testing.T, s store.Store) {
	putPeople(t, s, samplePerson("P1"))
	next := person("P1", "Siti", village(3))
	putPeople(t, s, next)
	got, err := s.Person(t.Context(), "P1")
	must(t, err)
	samePerson(t, got, next)
	known := []store.PeopleQuery{{Areas: []string{village(2)}}, {Role: people.Facilitator}, {Search: "rara"}}
	for _, q := range known {
		same(t, "found by what was known", ids(t, s, q), []string(nil))
	}
	same(t, "found by what is known", ids(t, s, store.PeopleQuery{Areas: []string{village(3)}}), []string{"P1"})
}

func unknownPeople(t *testing.T, s store.Store) {
	putPeople(t, s, samplePerson("P1"))
	var inside map[string]people.Person
	change(t, s, func(tx store.Tx) (err error) {
		inside, err = tx.TxPeople([]string{"P1", "P2", ""})
		return err
	})
	same(t, "people", len(inside), 1)
}

func removePeople(t *testing.T, s store.Store) {
	putPeople(t, s, samplePerson("P1"), person("P2", "Siti", village(1)), person("P3", "Budi", village(1)))
	insert(t, s, entry(t, "P1", 1, "m1"))
	putProjections(t, s, sampleProjection("P1"))
	for _, id := range []string{"P1", "P2", "P3"} {
		must(t, s.ChangeCredential(t.Context(), id, func(c *store.Credential) error {
			c.PIN = "hash"
			return nil
		}))
		must(t, s.PutSession(t.Context(), store.Session{Hash: "of " + id, Person: id, Kind: store.Browser,
			MadeAt: noon, Expires: noon}))
		must(t, s.PutAllowance(t.Context(), store.Allowance{Person: id, Course: "c", Phase: record.Pre, At: noon}))
	}
	change(t, s, func(tx store.Tx) error { return tx.RemovePeople([]string{"P1", "P2", "nobody"}) })
	for _, id := range []string{"P1", "P2"} {
		_, err := s.Person(t.Context(), id)
		isKind(t, "Person", err, courses.NotFound)
		_, err = s.Session(t.Context(), "of "+id)
		isKind(t, "Session", err, courses.NotFound)
		c, err := s.Credential(t.Context(), id)
		must(t, err)
		same(t, "credential", c, store.Credential{Person: id})
		granted, err := s.Allowances(t.Context(), id)
		must(t, err)
		same(t, "allowances", len(granted), 0)
	}
	same(t, "records", len(contents(t, s, "P1")), 1)
	_, ok := projection(t, s, "P1")
	same(t, "projection", ok, true)
	_, err := s.PersonByPhone(t.Context(), samplePerson("P1").Phone)
	isKind(t, "PersonByPhone", err, courses.NotFound)
	same(t, "left", ids(t, s, store.PeopleQuery{}), []string{"P3"})
	_, err = s.Session(t.Context(), "of P3")
	must(t, err)
}

var peopleChecks = []check{
	{"people are found by area, role and part of id or name in any case, in pages", peopleFound},
	{"no areas are nobody's, and no ids", noAreas},
	{"awkward searches and names are data", awkwardPeople},
	{"a phone number finds its one person, and none finds nobody", byPhone},
	{"an allowance takes the place of that for the same person, course and phase", allowances},
	{"people come in order of the bytes of their ids", orderOfIDs},
}

func ids(t *testing.T, s store.Store, q store.PeopleQuery) []string {
	t.Helper()
	found, err := s.People(t.Context(), q)
	must(t, err)
	var all []string
	for _, p := range found {
		all = append(all, p.ID)
	}
	return all
}

func peopleFound(t *testing.T, s store.Store) {
	siti, budi := person("P1", "Siti Aminah", village(1)), person("P2", "BUDI Émile", village(2))
	moved := person("P3", "Žofie Ærø", village(1))
	moved.Post(people.Posting{Area: village(2), From: "2026-07-01"})
	lead := person("x-9", "Sri", village(1))
	lead.Role = people.Facilitator
	nowhere := people.Person{ID: "P5", Name: "Admin", Role: people.Admin}
	putPeople(t, s, lead, moved, nowhere, budi, siti)
	tests := []struct {
		fact string
		q    store.PeopleQuery
		want []string
	}{
		{"all in order of id", store.PeopleQuery{}, []string{"P1", "P2", "P3", "P5", "x-9"}},
		{"at most so many", store.PeopleQuery{Limit: 2}, []string{"P1", "P2"}},
		{"the next page", store.PeopleQuery{Limit: 2, After: "P2"}, []string{"P3", "P5"}},
		{"after an id that is not there", store.PeopleQuery{After: "P4"}, []string{"P5", "x-9"}},
		{"by the last posting's area", store.PeopleQuery{Areas: []string{village(2)}}, []string{"P2", "P3"}},
		{"not by an earlier posting's", store.PeopleQuery{Areas: []string{village(1)}}, []string{"P1", "x-9"}},
		{"by several areas, in order of id", store.PeopleQuery{Areas: []string{village(2), village(1), village(3)}},
			[]string{"P1", "P2", "P3", "x-9"}},
		{"not by a part of a code", store.PeopleQuery{Areas: []string{"33.07.01"}}, nil},
		{"by ids, in order, those that are there", store.PeopleQuery{IDs: []string{"x-9", "P9", "P2", "P2"}},
			[]string{"P2", "x-9"}},
		{"by one id", store.PeopleQuery{IDs: []string{"P3"}}, []string{"P3"}},
		{"not by a part of an id", store.PeopleQuery{IDs: []string{"P"}}, nil},
		{"by ids after one", store.PeopleQuery{IDs: []string{"P1", "P2", "P3"}, After: "P1", Limit: 1},
			[]string{"P2"}},
		{"by role", store.PeopleQuery{Role: people.Facilitator}, []string{"x-9"}},
		{"by a part of the name", store.PeopleQuery{Search: "mina"}, []string{"P1"}},
		{"in upper case", store.PeopleQuery{Search: "SITI A"}, []string{"P1"}},
		{"in lower case", store.PeopleQuery{Search: "budi"}, []string{"P2"}},
		{"beyond ASCII, lower for upper", store.PeopleQuery{Search: "émi"}, []string{"P2"}},
		{"beyond ASCII, upper for lower", store.PeopleQuery{Search: "ÆRØ"}, []string{"P3"}},
		{"beyond ASCII, lower case", store.PeopleQuery{Search: "žOF"}, []string{"P3"}},
		{"by a part of the id", store.PeopleQuery{Search: "X-"}, []string{"x-9"}},
		{"not across id and name", store.PeopleQuery{Search: "1 siti"}, nil},
		{"by all at once", store.PeopleQuery{Areas: []string{village(1), village(2)}, Role: people.Participant,
			IDs: []string{"P1", "P2", "P3", "x-9"}, Search: "i", After: "P1", Limit: 1}, []string{"P2"}},
		{"by what nobody has", store.PeopleQuery{Search: "zzz"}, nil},
	}
	for _, tt := range tests {
		if got := ids(t, s, tt.q); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.fact, got, tt.want)
		}
	}
}

func noAreas(t *testing.T, s store.Store) {
	putPeople(t, s, person("P1", "Siti", village(1)), people.Person{ID: "P2", Name: "Admin", Role: people.Admin})
	same(t, "people of no areas", ids(t, s, store.PeopleQuery{Areas: []string{}}), []string(nil))
	same(t, "people of no ids", ids(t, s, store.PeopleQuery{IDs: []string{}}), []string(nil))
}

func awkwardPeople(t *testing.T, s store.Store) {
	putPeople(t, s, person("plain", "Plain", village(1)))
	for _, text := range awkward {
		p := person(text, text, text)
		p.Role = people.Role(text)
		p.Phone = text
		putPeople(t, s, p)
		got, err := s.Person(t.Context(), text)
		must(t, err)
		samePerson(t, got, p)
		byNumber, err := s.PersonByPhone(t.Context(), text)
		must(t, err)
		same(t, "by phone", byNumber.ID, text)
		same(t, "by area", ids(t, s, store.PeopleQuery{Areas: []string{text}}), []string{text})
		same(t, "by id", ids(t, s, store.PeopleQuery{IDs: []string{text}}), []string{text})
		same(t, "by role", ids(t, s, store.PeopleQuery{Role: people.Role(text)}), []string{text})
		found := ids(t, s, store.PeopleQuery{Search: text})
		if !slices.Contains(found, text) || slices.Contains(found, "plain") {
			t.Errorf("search for %q found %q", text, found)
		}
	}
}

func byPhone(t *testing.T, s store.Store) {
	one, two, both := person("P1", "A", village(1)), person("P2", "B", village(1)), person("P3", "C", village(1))
	one.Phone, two.Phone, both.Phone = "0811111111", "0822222222", "0822222222"
	putPeople(t, s, one, two, both, person("P4", "D", village(1)))
	got, err := s.PersonByPhone(t.Context(), "0811111111")
	must(t, err)
	samePerson(t, got, one)
	_, err = s.PersonByPhone(t.Context(), "0822222222")
	isKind(t, "a number of two", err, courses.Conflict)
	_, err = s.PersonByPhone(t.Context(), "0833333333")
	isKind(t, "a number of nobody", err, courses.NotFound)
	_, err = s.PersonByPhone(t.Context(), "")
	isKind(t, "no number", err, courses.NotFound)
	_, err = s.PersonByPhone(t.Context(), "08111")
	isKind(t, "a part of a number", err, courses.NotFound)
}

func orderOfIDs(t *testing.T, s store.Store) {
	want := []string{"-", "10", "9", "A", "B", "a", "a.b", "ab", "b", "z", "É", "é", "日", "👩"}
	var persons []people.Person
	for _, id := range want {
		persons = append(persons, person(id, "Siti", village(1)))
	}
	slices.Reverse(persons)
	putPeople(t, s, persons...)
	same(t, "ids", ids(t, s, store.PeopleQuery{}), want)
	same(t, "ids of an area", ids(t, s, store.PeopleQuery{Areas: []string{village(1)}}), want)
}
