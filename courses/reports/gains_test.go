package reports_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/reports"
	"melek/courses/store"
	"melek/courses/store/memory"
	"melek/courses/tally"
)

func TestGainsTellEveryKecamatan(t *testing.T) {
	k := newKit()
	k.pairs("33.1.1", 6)
	k.pairs("33.1.2", 5)
	k.pairs("33.3.1", 7)
	r := k.file(t).gains(t, reports.Query{})
	if got, want := brief(r), "33.1=11 33.2=0 33.3=7 33=18"; got != want {
		t.Fatalf("rows = %s, want %s", got, want)
	}
	if r.Course != "c" || r.By != reports.ByDistrict || r.Method != "gain-2" || r.MinCell != 5 {
		t.Errorf("report = %+v", r)
	}
	if got := r.GeneratedAt; !got.Equal(day.Add(1234e6)) || got.Location() != day.Location() {
		t.Errorf("generated_at = %v, want UTC to the millisecond", got)
	}
	// 33.1.1 gained 20 and 30 in turn, three of each; 33.1.2 too, three and two. Villages are clusters.
	first := r.Rows[0]
	if first.Name != "Satu" || *first.CIMethod != gain.ByVillage || *first.PreN != 11 {
		t.Errorf("first row = %+v", first)
	}
	if third := r.Rows[2]; *third.CIMethod != gain.ByT || *third.HakeG != *third.GainMean/(100-*third.PreMean) {
		t.Errorf("third row = %+v", third)
	}
	if empty := r.Rows[1]; empty.Suppressed || *empty.PreN != 0 || empty.GainMean != nil ||
		empty.Reasons["gain_mean"] != gain.NoPairs {
		t.Errorf("row of nobody = %+v", empty)
	}
}

func TestReportIsTheContractsObject(t *testing.T) {
	k := newKit()
	k.pairs("33.1.1", 6)
	raw, err := json.Marshal(k.file(t).gains(t, reports.Query{}))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"course":"c","by":"district","method":"gain-2","generated_at":"2026-11-02T01:00:01.234Z",` +
		`"min_cell":5,"rows":[{"code":"33.1","name":"Satu","enrolled":6,`
	if !strings.HasPrefix(string(raw), want) {
		t.Errorf("report = %s", raw)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || len(fields) != 7 {
		t.Errorf("%d fields, want the contract's 7; %v", len(fields), err)
	}
}

func TestPeopleOfNoVillage(t *testing.T) {
	k := newKit()
	k.pairs("33.1.1", 6)
	k.pairs("33.1.2", 6)
	k.pairs("33.1", 8) // the kecamatan's own
	k.pairs("33", 9)   // the regency's own
	k.file(t)
	r := k.gains(t, reports.Query{})
	if got, want := brief(r), "33.1=20 33.2=0 33.3=0 33=29"; got != want {
		t.Fatalf("rows = %s, want %s", got, want)
	}
	r = k.gains(t, reports.Query{By: reports.ByVillage, Within: "33.1"})
	if got, want := brief(r), "33.1.1=6 33.1.2=6 33.1.3=0 33.1=20"; got != want {
		t.Errorf("rows = %s, want %s", got, want)
	}
	// Three clusters of known sums: the kecamatan's own people are one.
	var g gain.Group
	for _, n := range []int{8, 6, 6} {
		g.Add(figuresOf(t, n))
	}
	if got, want := *r.Total.GainCI95, *g.Row("", "", 5).GainCI95; got != want {
		t.Errorf("interval = %v, want %v", got, want)
	}
}

// figuresOf are those of kit.pairs.
func figuresOf(t *testing.T, n int) tally.Figures {
	t.Helper()
	half := int64(n / 2)
	f, err := tally.Of(map[string]int64{"40/100|60/100|m": int64(n) - half, "50/100|80/100|m": half}, 70)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSmallGroupsAreHidden(t *testing.T) {
	k := newKit()
	k.pairs("33.1.1", 3)
	k.pairs("33.2.1", 6)
	k.pairs("33.2.2", 8)
	k.pairs("33.3.1", 20)
	k.file(t)
	tests := []struct {
		name  string
		query reports.Query
		want  string
	}{
		{"the next smallest goes with a small one", reports.Query{}, "33.1=? 33.2=? 33.3=20 33=37"},
		{"by village the sum of the hidden kecamatan stays unknown", reports.Query{By: reports.ByVillage},
			"33.1.1=? 33.1.2=0 33.1.3=0 33.2.1=? 33.2.2=8 33.3.1=20 33.3.2=0 33=37"},
		{"what a whole report hides a part of it hides", reports.Query{Within: "33.2"}, "33.2=? 33.2=?"},
		{"and its villages too", reports.Query{By: reports.ByVillage, Within: "33.2"}, "33.2.1=? 33.2.2=8 33.2=?"},
		{"a part by workshop tells no more", reports.Query{By: reports.ByWorkshop, Within: "33.2"}, "=? 33.2=?"},
		{"one village", reports.Query{By: reports.ByVillage, Within: "33.2.2"}, "33.2.2=8 33.2.2=8"},
		{"administrators may see all", reports.Query{Unsuppressed: true}, "33.1=3 33.2=14 33.3=20 33=37"},
		{"a type's own total", reports.Query{Type: people.Ward}, "33.1=? 33.2=? 33.3=0 33=?"},
		{"without the other type, of which there are few", reports.Query{Type: people.Village},
			"33.1=? 33.2=? 33.3=20 33=?"},
		{"rows of one type", reports.Query{By: reports.ByVillage, Type: people.Ward}, "33.1.1=? 33=?"},
		{"a village of another type", reports.Query{By: reports.ByVillage, Type: people.Ward, Within: "33.2.2"},
			"33.2.2=0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := brief(k.gains(t, tt.query)); got != tt.want {
				t.Errorf("rows = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestFewDropoutsAreNotFoundBySubtraction(t *testing.T) {
	k := newKit()
	for _, area := range []string{"33.1.1", "33.2.1", "33.3.1"} {
		k.pairs(area, 10)
	}
	k.dropouts("33.1.1", 2)
	k.dropouts("33.2.1", 6)
	k.dropouts("33.3.1", 9)
	k.file(t)
	r := k.gains(t, reports.Query{})
	if got, want := brief(r), "33.1=10 33.2=10 33.3=10 33=30"; got != want {
		t.Fatalf("rows = %s, want %s", got, want)
	}
	reason := func(i int) gain.Reason { return r.Rows[i].Reasons["dropout_pre_mean"] }
	if reason(0) != gain.BelowMinCell || reason(1) != gain.Suppressed || r.Rows[2].DropoutPre == nil ||
		r.Total.DropoutPre == nil {
		t.Errorf("reasons %q and %q, then %v, total %v", reason(0), reason(1), r.Rows[2].DropoutPre, r.Total.DropoutPre)
	}
	if all := k.gains(t, reports.Query{Unsuppressed: true}); all.Rows[1].DropoutPre == nil {
		t.Error("what was hidden beside a small group is hidden from administrators")
	}
}

func TestDays(t *testing.T) {
	k := newKit()
	for i := range 12 {
		p := k.newcomer("33.1.1")
		pre := day.AddDate(0, 0, i/6) // six on the first day, six on the next
		k.say(record.Record{Kind: record.Scored, Person: p, Phase: record.Pre, At: pre,
			Score: &record.Score{Raw: float64(i), Max: 20}})
		k.say(record.Record{Kind: record.Scored, Person: p, Phase: record.Post, At: pre.AddDate(0, 1, 0),
			Score: &record.Score{Raw: 15, Max: 20}})
	}
	k.file(t)
	tests := []struct{ name, from, to, want string }{
		{"one day", "2026-11-02", "2026-11-02", "33.1=6 33.2=0 33.3=0 33=6"},
		{"both days are in", "2026-11-02", "2026-11-03", "33.1=12 33.2=0 33.3=0 33=12"},
		{"open end", "2026-11-03", "", "33.1=6 33.2=0 33.3=0 33=6"},
		{"open beginning", "", "2026-11-01", "33.1=0 33.2=0 33.3=0 33=0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := k.gains(t, reports.Query{From: tt.from, To: tt.to})
			if got := brief(r); got != tt.want {
				t.Errorf("rows = %s, want %s", got, tt.want)
			}
			// Days of one village are one cluster.
			if m := r.Rows[0].CIMethod; m != nil && *m != gain.ByT {
				t.Errorf("ci_method = %q, want t", *m)
			}
		})
	}
}

func TestByWorkshop(t *testing.T) {
	k := newKit()
	for i := range 24 {
		workshop := []string{"W2", "W1", "", "W3"}[i%4]
		if i == 3 {
			workshop = "W2" // so that W3 has five
		}
		p := k.newcomer("33.1.1")
		for phase, raw := range map[record.Phase]float64{record.Pre: float64(i), record.Post: 60} {
			k.say(record.Record{Kind: record.Scored, Person: p, Phase: phase, Workshop: workshop,
				At: day.AddDate(0, 0, len(phase)), Score: &record.Score{Raw: raw, Max: 100}})
		}
	}
	k.file(t)
	if got, want := brief(k.gains(t, reports.Query{By: reports.ByWorkshop})), "W1=6 W2=7 W3=5 =6 33=24"; got != want {
		t.Errorf("rows = %s, want %s", got, want)
	}
	if got, want := brief(k.gains(t, reports.Query{By: reports.ByWorkshop, Within: "33.2"})), "33.2=0"; got != want {
		t.Errorf("where nobody was: %s, want %s", got, want)
	}
	err := k.store.ChangeWorkshop(t.Context(), "W1", func(w *people.Workshop) error {
		w.Title, w.From = "Bimtek Kertek", "2026-11-24"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := k.gains(t, reports.Query{By: reports.ByWorkshop}).Rows
	if rows[0].Name != "Bimtek Kertek (24-11-2026)" || rows[1].Name != "W2" {
		t.Errorf("they are called %q and %q", rows[0].Name, rows[1].Name)
	}
}

func TestByWhatTheRegisterSays(t *testing.T) {
	k := newKit()
	for i := range 20 {
		p := k.newcomer("33.1.1")
		last := &k.persons[len(k.persons)-1]
		last.Postings[0].Position = []string{"Sekretaris Desa", "sekretaris  desa", "", "Staf"}[i%4]
		last.Gender, last.BirthYear = []string{"L", "P"}[i/10], []int{1980, 2000}[i/12]
		k.paper(p, record.Pre, 40)
		k.paper(p, record.Post, 60)
	}
	k.file(t)
	tests := []struct {
		by   reports.By
		want string
	}{
		{reports.ByPosition, "sekretaris desa=10 staf=5 unknown=5 33=20"},
		{reports.ByGender, "L=10 P=10 33=20"},
		{reports.ByAge, "25-34=8 45-54=12 33=20"},
	}
	for _, tt := range tests {
		t.Run(string(tt.by), func(t *testing.T) {
			if got := brief(k.gains(t, reports.Query{By: tt.by})); got != tt.want {
				t.Errorf("rows = %s, want %s", got, tt.want)
			}
			for _, q := range []reports.Query{{From: "2026-11-01"}, {To: "2026-11-30"}, {Type: people.Village}} {
				q.Course, q.By = "c", tt.by
				if _, err := k.Gains(context.Background(), q); !errors.Is(err, courses.Invalid) {
					t.Errorf("%+v: %v, want it refused", q, err)
				}
			}
		})
	}
	if name := k.gains(t, reports.Query{By: reports.ByPosition}).Rows[0].Name; name != "Sekretaris desa" {
		t.Errorf("a position is called %q", name)
	}
}

func TestDesaAndKelurahanApart(t *testing.T) {
	k := newKit()
	k.pairs("33.1.1", 6)
	k.pairs("33.1.2", 7)
	k.file(t)
	desa, ward := k.gains(t, reports.Query{Type: people.Village}), k.gains(t, reports.Query{Type: people.Ward})
	if *desa.Total.Matched != 7 || *ward.Total.Matched != 6 {
		t.Errorf("%d in desa, %d in kelurahan; want 7 and 6", *desa.Total.Matched, *ward.Total.Matched)
	}
}

// device has a test taken on a device: the first right of the four items of the form are right.
func (k *kit) device(course, person string, phase record.Phase, form string, right int) {
	answers := record.Answers{}
	for i, item := range k.syllabus.courses[course].Forms[strings.Index("AB", form)].Items {
		answers[item] = []string{"n"}
		if i < right {
			answers[item] = []string{"y"}
		}
	}
	k.say(record.Record{Kind: record.Submitted, Course: course, Person: person, Phase: phase, Form: form,
		Answers: answers})
}

func TestByPillar(t *testing.T) {
	k := newKit()
	for range 6 {
		p := k.newcomer("33.1.1")
		k.device("c", p, record.Pre, "A", 1)
		k.device("c", p, record.Post, "B", 3)
	}
	k.pairs("33.1.1", 3) // on paper
	r := k.file(t).gains(t, reports.Query{By: reports.ByPillar})
	if got, want := brief(r), "cakap=6 aman=6 33=9"; got != want {
		t.Fatalf("rows = %s, want %s", got, want)
	}
	if pre, post := *r.Rows[1].PreMean, *r.Rows[1].PostMean; pre != 50 || post != 100 {
		t.Errorf("aman went from %v to %v, want from 50 to 100", pre, post)
	}
}

func TestOnePillarDoesNotTellWhoWasTestedOnPaper(t *testing.T) {
	k := newKit()
	for i := range 12 {
		p := k.newcomer("33.1.1")
		if i < 3 {
			k.say(record.Record{Kind: record.Scored, Course: "one", Person: p, Phase: record.Pre,
				Score: &record.Score{Raw: 1, Max: 9}})
			continue
		}
		k.device("one", p, record.Pre, "A", 1)
		k.device("one", p, record.Post, "A", 4)
	}
	r := k.file(t).gains(t, reports.Query{Course: "one", By: reports.ByPillar})
	if got, want := brief(r), "etika=? 33=9"; got != want {
		t.Errorf("rows = %s, want %s", got, want)
	}
}

func TestQueriesThatNameWhatThereIsNot(t *testing.T) {
	k := newKit()
	tests := []struct {
		key   string
		query reports.Query
	}{
		{"report.course", reports.Query{Course: "x"}},
		{"report.by", reports.Query{Course: "c", By: "person"}},
		{"report.role", reports.Query{Course: "c", Role: people.Admin}},
		{"report.type", reports.Query{Course: "c", Type: people.District}},
		{"report.from", reports.Query{Course: "c", From: "1-11-2026"}},
		{"report.to", reports.Query{Course: "c", To: "2026-02-30"}},
		{"report.range", reports.Query{Course: "c", From: "2026-11-02", To: "2026-11-01"}},
		{"report.area", reports.Query{Course: "c", Within: "99"}},
	}
	for _, tt := range tests {
		t.Run(tt.key, func(t *testing.T) {
			_, err := k.Gains(context.Background(), tt.query)
			var problem *courses.Problem
			if !errors.As(err, &problem) || problem.Key != tt.key || !errors.Is(err, courses.Invalid) {
				t.Errorf("error = %v, want invalid: %s", err, tt.key)
			}
		})
	}
	if _, err := k.Completion(context.Background(), reports.Query{Course: "c", By: reports.ByPillar}); err == nil {
		t.Error("completion by pillar is not refused")
	}
	if _, err := k.Items(context.Background(), "c", "later", ""); !errors.Is(err, courses.Invalid) {
		t.Errorf("items of an unknown phase: %v", err)
	}
	if _, err := k.Items(context.Background(), "c", record.Pre, "Z"); !errors.Is(err, courses.Invalid) {
		t.Errorf("items of an unknown form: %v", err)
	}
}

func TestCompletion(t *testing.T) {
	k := newKit()
	k.pairs("33.1.1", 6)
	k.dropouts("33.1.2", 7)
	k.dropouts("33.2.1", 2)
	k.dropouts("33.3.1", 8)
	k.file(t)
	r := k.completion(t, reports.Query{})
	if first := r.Rows[0]; *first.Enrolled != 13 || *first.Completed != 6 || *first.PreN != 13 || *first.PostN != 6 ||
		*first.ShareCompleted != 6.0/13 {
		t.Errorf("first row = %+v", first)
	}
	if second := r.Rows[1]; !second.Suppressed || second.Enrolled != nil || second.Reasons["enrolled"] != gain.Suppressed {
		t.Errorf("row of two = %+v, want it hidden", second)
	}
	if third := r.Rows[2]; !third.Suppressed {
		t.Errorf("next smallest row = %+v, want it hidden", third)
	}
	if *r.Total.Enrolled != 23 || r.Total.Code != "33" {
		t.Errorf("total = %+v", r.Total)
	}
	r = k.completion(t, reports.Query{By: reports.ByVillage, Unsuppressed: true})
	if len(r.Rows) != 7 || r.Rows[2].ShareCompleted != nil || r.Rows[2].Reasons["share_completed"] != gain.Nobody {
		t.Errorf("rows by village = %+v", r.Rows)
	}
}

// TestNoTableTellsOfFewPeople subtracts, wherever one table tells a sum and another its parts, what is told.
func TestNoTableTellsOfFewPeople(t *testing.T) {
	const least = 5
	rapid.Check(t, func(t *rapid.T) {
		k := newKit()
		for _, area := range region().OfType(people.Regency, people.District, people.Village, people.Ward) {
			if area.IsVillage() || rapid.IntRange(0, 3).Draw(t, "officers") == 0 {
				k.pairs(area.Code, rapid.IntRange(0, 9).Draw(t, "pairs "+area.Code))
				k.dropouts(area.Code, rapid.IntRange(0, 3).Draw(t, "dropouts "+area.Code))
			}
		}
		k.file(t)
		districts, villages := k.gains(t, reports.Query{}), k.gains(t, reports.Query{By: reports.ByVillage})
		left := func(sum gain.Row, parts []gain.Row) {
			if sum.Suppressed {
				return
			}
			matched, preN := *sum.Matched, *sum.PreN
			for _, row := range parts {
				if !row.Suppressed {
					matched, preN = matched-*row.Matched, preN-*row.PreN
				}
			}
			if 0 < matched && matched < least || 0 < preN && preN < least {
				t.Fatalf("%s minus what is told leaves %d matched of %d", sum.Code, matched, preN)
			}
		}
		below := func(code string) []gain.Row {
			return slices.DeleteFunc(slices.Clone(villages.Rows), func(row gain.Row) bool {
				return !strings.HasPrefix(row.Code, code)
			})
		}
		left(districts.Total, districts.Rows)
		left(villages.Total, villages.Rows)
		var told []gain.Row // of each place the coarsest that is told
		for _, row := range districts.Rows {
			left(row, below(row.Code))
			if row.Suppressed {
				told = append(told, below(row.Code)...)
			} else {
				told = append(told, row)
			}
		}
		left(districts.Total, told)
	})
}

// BenchmarkGains is a whole regency's report by kecamatan: 265 villages, whatever the number of people.
func BenchmarkGains(b *testing.B) {
	st, g := memory.New(), people.Wonosobo()
	cells := map[string]int64{"40/100|60/100|mc": 2000, "50/100|80/100|mc": 2000, "45/100||": 100}
	f, err := tally.Of(cells, 70)
	if err != nil {
		b.Fatal(err)
	}
	figures := map[tally.Key]tally.Figures{}
	for _, area := range g.OfType(people.Village, people.Ward) {
		figures[tally.Key{Course: "c", Role: people.Participant, Area: area.Code}] = f
	}
	err = st.Change(b.Context(), func(tx store.Tx) error { return tx.PutFigures(figures) })
	if err != nil {
		b.Fatal(err)
	}
	desk := reports.New(reports.Setup{Store: st, Region: g, Syllabus: newSyllabus(), Zone: zone, MinCell: 10,
		Now: time.Now})
	for b.Loop() {
		if _, err := desk.Gains(b.Context(), reports.Query{Course: "c"}); err != nil {
			b.Fatal(err)
		}
	}
}
