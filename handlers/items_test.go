package handlers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"melek/courses"
	"melek/courses/gain"
	"melek/courses/gain/items"
	"melek/courses/people"
	"melek/courses/record"
)

// quizzed registers n participants who took the pre-test of the example course on a form, the i-th with the items right
// whose bits are set in marks(i), and the quizzes of its modules with nothing right.
func (k *kit) quizzed(form string, n int, lang courses.Lang, marks func(i int) int) {
	k.t.Helper()
	course, err := k.catalog.Course(example)
	if err != nil {
		k.t.Fatal(err)
	}
	f, err := course.Form(form)
	if err != nil {
		k.t.Fatal(err)
	}
	answer := func(item *courses.Item, right bool) []string {
		if right {
			return item.Key
		}
		for _, o := range item.Options {
			if item.Mark([]string{o.ID}) == 0 {
				return []string{o.ID}
			}
		}
		return nil
	}
	for i := range n {
		p := k.register(fmt.Sprintf("%s-%s-%03d", form, lang, i), people.Participant, firstVillage)
		answers := record.Answers{}
		for j, id := range f.Items {
			answers[id] = answer(course.Items[id], marks(i)>>j&1 == 1)
		}
		k.say(record.Record{Kind: record.Submitted, Person: p.ID, Phase: record.Pre, Form: form, Answers: answers,
			Version: course.Version, Lang: lang})
		for _, m := range course.Modules {
			answers := record.Answers{}
			for _, id := range m.Quiz {
				answers[id] = answer(course.Items[id], false)
			}
			k.say(record.Record{Kind: record.Answered, Person: p.ID, Module: m.ID, Answers: answers, Version: course.Version,
				Lang: lang})
		}
	}
}

// say files a record of the example course.
func (k *kit) say(r record.Record) {
	k.t.Helper()
	r.ID, r.Course, r.At = uuid.NewString(), example, k.now()
	if err := k.ledger.Record(context.Background(), r); err != nil {
		k.t.Fatal(err)
	}
}

func (k *kit) author() people.Person { return k.register("U-1", people.Author, "33.07") }

func TestItemsPage(t *testing.T) {
	k := newKit(t)
	course, _ := k.catalog.Course(example)
	most := 1<<len(course.Forms[0].Items) - 1
	k.quizzed("A", 120, courses.Indonesian, func(i int) int { return 1 + i%most })
	b := k.signIn(k.author())
	b.open("/id/items?course=" + example)
	b.wants("Belum pernah dihitung", "Hitung sekarang")
	b.post("/id/items/review", url.Values{"course": {example}})
	b.wants("Sedang dihitung: 0 orang sudah dibaca.", "Lihat sudah sampai mana")
	b.lacks("Hitung sekarang")
	if err := k.reviewer.Next(context.Background()); err != nil {
		t.Fatal(err)
	}
	for lang, words := range map[string][]string{
		"id": {"Dihitung 23 November 2026", "dari hasil 120 orang", "Hitung ulang", "Tes bentuk A", "Dikerjakan 120 kali",
			"Bentuk A menjadi acuan", "Bentuk B belum dapat dibandingkan dengan bentuk A: ada soal yang jawabannya kurang dari 100",
			"Kuis: Modul satu", "terlalu sulit", "kurang dari 100 tes dalam salah satu bahasa"},
		"en": {"Worked out on 23 November 2026", "from the results of 120 people", "Test, form A", "Taken 120 times",
			"Form B cannot be compared with form A yet", "Quiz: Module satu", "too hard"},
	} {
		b.open("/" + lang + "/items?course=" + example)
		b.wants(words...)
		if found := rawKey.FindString(b.text()); found != "" {
			t.Errorf("%s shows the key %q", b.path, found)
		}
	}
	b.lacks("have changed")
	k.quizzed("B", 1, courses.English, func(int) int { return 1 })
	b.open("/en/items?course=" + example)
	b.wants("Since then test results or the course have changed.")
	b.click(course.Forms[0].Items[0])
	b.wants("Item "+course.Forms[0].Items[0], course.Items[course.Forms[0].Items[0]].Stem.EN, "Who chose what", "(key)",
		"Taken 120 times, left out 0 times.", "none yet: fewer than 100 tests in one of the languages")
	if found := rawKey.FindString(b.text()); found != "" {
		t.Errorf("%s shows the key %q", b.path, found)
	}
	b.click("To all items")
	b.wants("Whether the forms are equal")
}

// TestFormsAreComparedInWords shows reviews that were kept with other links.
func TestFormsAreComparedInWords(t *testing.T) {
	k := newKit(t)
	if err := k.reviewer.Review(context.Background()); err != nil {
		t.Fatal(err)
	}
	review, err := k.reviewer.Last(context.Background(), example)
	if err != nil {
		t.Fatal(err)
	}
	b := k.signIn(k.author())
	link := func(points, lo, hi float64) items.Link {
		return items.Link{Form: "B", Reference: "A", Comparable: true, EffectPoints: &points,
			EffectCI95: &gain.Interval{lo, hi}, Anchors: []string{"j1", "j2", "j3"}}
	}
	drifted := link(1, 0.5, 1.5)
	drifted.Drifted = []items.Drifted{{Item: "j4", By: 0.84}, {Item: "j5", By: -1.2}}
	none := items.Link{Form: "B", Reference: "A", Reasons: gain.Reasons{"scores": "too_few_anchors"},
		Anchors: []string{"j1"}, Drifted: []items.Drifted{{Item: "j4", By: 0.84}}}
	tests := []struct {
		name string
		link items.Link
		want []string
	}{
		{"harder", link(3.21, 1, 5.4), []string{"Bentuk B lebih sulit daripada bentuk A", "3,2 poin lebih sedikit",
			"antara 1,0 dan 5,4 poin", "Butir jangkar yang dipakai: j1, j2, j3."}},
		{"easier", link(-3.21, -5.4, -1), []string{"Bentuk B lebih mudah daripada bentuk A", "3,2 poin lebih banyak",
			"antara 1,0 dan 5,4 poin"}},
		{"not shown to differ", link(0.5, -1, 2), []string{"tidak terbukti berbeda sulitnya", "+0,5 poin",
			"antara −1,0 dan +2,0 poin"}},
		{"with drift", drifted, []string{"Butir jangkar j4 tidak dipakai: pada bentuk ini ia 0,8 logit lebih sulit",
			"Butir jangkar j5 tidak dipakai: pada bentuk ini ia 1,2 logit lebih mudah"}},
		{"not comparable", none, []string{"Bentuk B belum dapat dibandingkan dengan bentuk A: kurang dari tiga butir jangkar",
			"j4 tidak dipakai"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			review.Tests.Links[1] = tt.link
			raw, err := json.Marshal(review)
			if err == nil {
				err = k.store.PutSetting(context.Background(), "items.review."+example, string(raw))
			}
			if err != nil {
				t.Fatal(err)
			}
			b.open("/id/items?course=" + example)
			b.wants(tt.want...)
		})
	}
}

func TestWhoMaySeeItems(t *testing.T) {
	k := newKit(t)
	tests := []struct {
		who  string
		b    *browser
		want int
	}{
		{"an author", k.signIn(k.author()), http.StatusOK},
		{"an administrator", k.signIn(k.admin()), http.StatusOK},
		{"an officer", k.signIn(k.officer(firstDistrict)), http.StatusForbidden},
		{"a participant", k.participant("P-1"), http.StatusForbidden},
	}
	for _, tt := range tests {
		for _, path := range []string{"/id/items", "/id/items/one?course=" + example + "&item=" + anyItem(k)} {
			if got := tt.b.open(path).status; got != tt.want {
				t.Errorf("%s at %s is answered %d, want %d", tt.who, path, got, tt.want)
			}
		}
		got := tt.b.post("/id/items/review", url.Values{"course": {example}}).status
		if got != tt.want {
			t.Errorf("%s who asks is answered %d, want %d", tt.who, got, tt.want)
		}
		if shown := strings.Contains(tt.b.open("/id/").body, `href="/id/items"`); shown != (tt.want == http.StatusOK) {
			t.Errorf("the menu of %s shows items: %v", tt.who, shown)
		}
	}
	b := tests[0].b
	for _, path := range []string{"/id/items?course=none", "/id/items/one?course=" + example + "&item=none"} {
		if got := b.open(path).status; got != http.StatusNotFound {
			t.Errorf("%s is answered %d, want 404", path, got)
		}
	}
}

func anyItem(k *kit) string {
	course, err := k.catalog.Course(example)
	if err != nil {
		k.t.Fatal(err)
	}
	return course.Forms[0].Items[0]
}

func TestLinkedGainsPage(t *testing.T) {
	k := regency(t)
	b := k.signIn(k.admin())
	b.open("/id/reports?course=" + example)
	b.click("Lihat kenaikan bila bentuk tes disamakan")
	b.wants("Kenaikan bila bentuk tes disamakan", "Bentuk tes belum pernah dibandingkan", "Ke butir soal", "Wadaslintang",
		"disembunyikan untuk melindungi kelompok kecil", "JUMLAH Wonosobo")
	if got := rowOf(b.view, "Wadaslintang"); !strings.HasPrefix(got, "Wadaslintang 12 +25,5 (") ||
		!strings.Contains(got, "bentuk tes belum pernah dibandingkan") {
		t.Errorf("the row reads %q", got)
	}
	if err := k.reviewer.Review(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.open("/en/reports/" + firstDistrict + "/forms?course=" + example)
	b.wants("Gains with the forms made equal", "The forms were compared on 23 November 2026", "Form A, the reference, cannot be",
		"Kaligowong", "the forms cannot be compared yet")
	if found := rawKey.FindString(b.text()); found != "" {
		t.Errorf("%s shows the key %q", b.path, found)
	}
	officer := k.signIn(k.officer(secondDistrict))
	if got := officer.open("/id/reports/" + firstDistrict + "/forms").status; got != http.StatusForbidden {
		t.Errorf("an officer sees another kecamatan: %d", got)
	}
	officer.open("/id/reports/" + secondDistrict + "/forms?course=" + example)
	officer.lacks("Ke butir soal")
	res, body := k.api("GET", "/api/v1/reports/linked?course="+example, k.token(k.admin()), "")
	if res.StatusCode != http.StatusOK || !strings.Contains(body, `"linked":"not_linked"`) {
		t.Errorf("the API answers %d %s", res.StatusCode, body)
	}
}
