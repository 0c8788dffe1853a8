package handlers_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
)

// kinds is a course with an item of each type in the quiz of its one module and in its form; those of the test have
// the ids of the quiz with a t before them.
const kinds = "ragam"

// kind is one of its items: how it is written, and how it is answered by the fields of a form.
type kind struct {
	id     string
	yaml   string
	right  []string // fills that are right
	answer []string // how the record says so
	wrong  []string // fills that are wrong, but whole
	amiss  []string // fills that are no whole answer
	fault  string   // what is said of them
	keeps  string   // a piece of the page that shows the fills again, where something is kept
	shows  string   // what the feedback shows after a wrong answer
}

var everyKind = []kind{
	{"satu", "    type: single\n    options: [%s]\n    key: b\n", []string{"chosen=b"}, []string{"b"}, []string{"chosen=a"},
		nil, "Pilih satu jawaban dulu.", "", "Jawaban yang benar"},
	{"dua", "    type: several\n    options: [%s]\n    key: [a, c]\n", []string{"chosen=a", "chosen=c"}, []string{"a", "c"},
		[]string{"chosen=b"}, nil, "Pilih paling sedikit satu jawaban.", "", "Jawaban yang benar"},
	{"tiga", "    type: true-false\n    key: false\n", []string{"chosen=false"}, []string{"false"}, []string{"chosen=true"},
		nil, "Pilih satu jawaban dulu.", "", "Salah"},
	{"empat", "    type: order\n    options: [%s]\n    key: [c, a, b]\n", []string{"to-a=2", "to-b=3", "to-c=1"},
		[]string{"c", "a", "b"}, []string{"to-a=1", "to-b=2", "to-c=3"}, []string{"to-a=2", "to-b=2", "to-c="},
		"Nomor 2 dipakai lebih dari satu kali.", `<option value="2" selected>`, "Anda memberi nomor 3"},
	{"lima", "    type: match\n    options: [%s]\n    targets: [{id: x, text: {id: Kanan X, en: Right X}}, " +
		"{id: y, text: {id: Kanan Y, en: Right Y}}]\n    key: [\"a=y\", \"b=x\", \"c=y\"]\n",
		[]string{"to-a=y", "to-b=x", "to-c=y"}, []string{"a=y", "b=x", "c=y"}, []string{"to-a=y", "to-b=x", "to-c=x"},
		[]string{"to-a=y", "to-b=", "to-c="}, "Pilih pasangan untuk setiap baris.", `<option value="y" selected>`,
		"Pilihan Anda: Kanan X"},
	{"enam", "    type: number\n    key: 12.5\n    tolerance: 0.5\n    unit: {id: jam, en: hours}\n", []string{"written=12,5"},
		[]string{"12,5"}, []string{"written=20"}, []string{"written=dua belas"}, "Tulis satu angka saja",
		`value="dua belas"`, "12,5 jam (antara 12 dan 13 juga benar)"},
	{"tujuh", "    type: text\n    key: [Kata Sandi, password]\n", []string{"written=kata  SANDI"}, []string{"kata  SANDI"},
		[]string{"written=PIN"}, []string{"written=" + strings.Repeat("a", 201)}, "paling banyak 200 huruf",
		`value="` + strings.Repeat("a", 201) + `"`, "Kata Sandi"},
}

// addKinds brings the course in.
func (k *kit) addKinds() {
	k.t.Helper()
	var items, quiz, test []string
	for _, each := range everyKind {
		for _, id := range []string{each.id, "t-" + each.id} {
			var options []string
			for _, o := range []string{"a", "b", "c"} {
				why := ""
				if id == each.id && strings.Contains(each.yaml, "type: s") {
					why = fmt.Sprintf(", why: {id: \"%s %s\", en: \"%s\"}", marker, o, marker)
				}
				options = append(options, fmt.Sprintf("{id: %s, text: {id: \"Baris %s\", en: \"Row %s\"}%s}", o, o, o, why))
			}
			yaml := strings.Replace(each.yaml, "%s", strings.Join(options, ", "), 1)
			if id == each.id && !strings.Contains(each.yaml, "type: s") {
				yaml += fmt.Sprintf("    why: {id: \"%s\", en: \"%s\"}\n", marker, marker)
			}
			items = append(items, fmt.Sprintf("  - id: %s\n    stem: {id: \"Tanya %s?\", en: \"Ask %s?\"}\n%s", id, id, id, yaml))
		}
		quiz, test = append(quiz, each.id), append(test, "t-"+each.id)
	}
	_, err := k.catalog.Add(context.Background(), store.CourseSource{Files: map[string]string{
		"items.yaml": "items:\n" + strings.Join(items, ""),
		"course.yaml": "id: ragam\npillar: aman\ntitle: {id: Ragam, en: Kinds}\nsummary: {id: R, en: K}\npass_mark: 70\n" +
			"minutes_per_item: 2\nmodules: [{id: satu, goal: {id: T, en: G}, quiz: [" + strings.Join(quiz, ", ") +
			"]}]\nforms: [{id: A, items: [" + strings.Join(test, ", ") + "]}]\n",
		"01-satu.id.md": "# Satu\n\nTeks.\n", "01-satu.en.md": "# One\n\nText.\n"}})
	if err != nil {
		k.t.Fatal(err)
	}
}

// inTest is a browser in which the test of the course has begun.
func (k *kit) inTest(id string) *browser {
	k.t.Helper()
	k.addKinds()
	b := k.participant(id)
	b.open("/id/courses/" + kinds)
	b.press("Mulai")
	b.open("/id/courses/" + kinds + "/test/pre")
	b.press("Mulai tes")
	return b
}

// inQuiz is a browser in which the quiz of the course may begin.
func (k *kit) inQuiz(id string) *browser {
	k.t.Helper()
	b := k.inTest(id)
	b.open("/id/courses/" + kinds + "/test/pre/review")
	b.press("Kumpulkan tes")
	b.open("/id/courses/" + kinds + "/modules/satu")
	b.press("Sudah saya baca")
	return b
}

func (k *kit) kindsState(id string) *record.Progress {
	k.t.Helper()
	state, err := k.ledger.State(context.Background(), id)
	if err != nil {
		k.t.Fatal(err)
	}
	return state.Courses[kinds]
}

func TestQuizTakesEveryType(t *testing.T) {
	k := newKit(t)
	right, wrong := k.inQuiz("P-1"), k.inQuiz("P-2")
	for i, each := range everyKind {
		address := fmt.Sprintf("/id/courses/%s/modules/satu/quiz/%d", kinds, i+1)
		right.open(address)
		right.wants("Tanya " + each.id + "?")
		right.lacks(marker)
		right.press("Jawab", each.right...)
		right.wants("Benar", marker)
		right.lacks("Belum tepat")
		wrong.open(address)
		wrong.press("Jawab", each.wrong...)
		wrong.wants("Belum tepat", each.shows, marker)
		if got := k.kindsState("P-1").Quizzes["satu"][each.id]; !slices.Equal(got.Chosen, each.answer) || got.Marks != 1 {
			t.Errorf("%s: the answer is kept as %q with %d marks; want %q and 1", each.id, got.Chosen, got.Marks, each.answer)
		}
		if got := k.kindsState("P-2").Quizzes["satu"][each.id]; len(got.Chosen) == 0 || got.Marks != 0 {
			t.Errorf("%s: a wrong answer is kept as %q with %d marks", each.id, got.Chosen, got.Marks)
		}
	}
}

func TestAnAnswerThatIsNotWholeIsShownAgain(t *testing.T) {
	k := newKit(t)
	b := k.inQuiz("P-1")
	for i, each := range everyKind {
		t.Run(each.id, func(t *testing.T) {
			b.open(fmt.Sprintf("/id/courses/%s/modules/satu/quiz/%d", kinds, i+1))
			b.press("Jawab", each.amiss...)
			if b.status != http.StatusUnprocessableEntity || !strings.Contains(b.text(), each.fault) {
				t.Errorf("answered with %d:\n%s\nwant 422 and %q", b.status, b.text(), each.fault)
			}
			if !strings.Contains(b.body, each.keeps) {
				t.Errorf("the page has lost %q:\n%s", each.keeps, b.body)
			}
			if !strings.Contains(b.body, `aria-invalid="true"`) || strings.Contains(b.body, marker) {
				t.Errorf("the fault is not told of the field, or the page explains the key:\n%s", b.body)
			}
			if _, kept := k.kindsState("P-1").Quizzes["satu"][each.id]; kept {
				t.Error("an answer that is not whole is kept")
			}
			b.press("Jawab", each.right...)
			b.wants(marker)
		})
	}
}

func TestTestKeepsEveryType(t *testing.T) {
	k := newKit(t)
	b := k.inTest("P-1")
	for i, each := range everyKind {
		address := fmt.Sprintf("/id/courses/%s/test/pre/%d", kinds, i+1)
		b.open(address)
		if len(each.amiss) > 0 {
			b.press("Simpan", each.amiss...)
			b.wants(each.fault, "kosongkan jawabannya")
			if b.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: an answer that is not whole is answered with %d", each.id, b.status)
			}
		}
		b.open(address)
		_, empty := b.form("Simpan")
		b.press("Simpan", each.right...)
		if got := k.kindsState("P-1").Attempts[0].Answers["t-"+each.id]; !slices.Equal(got, each.answer) {
			t.Errorf("%s: the answer is kept as %q; want %q", each.id, got, each.answer)
		}
		b.post(address, empty)
		b.open(address)
		_, again := b.form("Simpan")
		b.post(address, again)
		if got := k.kindsState("P-1").Attempts[0].Answers["t-"+each.id]; !slices.Equal(got, each.answer) {
			t.Errorf("%s: opened and sent again, the answer is %q; want %q", each.id, got, each.answer)
		}
	}
	b.open("/id/courses/" + kinds + "/test/pre/review")
	b.wants("Semua soal sudah Anda jawab")
	b.press("Kumpulkan tes")
	if marks := k.kindsState("P-1").Attempts[0].Marks; marks == nil || marks.Raw != 7 || marks.Max != 7 {
		t.Errorf("marks = %v; want 7 of 7", marks)
	}
}

// What is given, whole or not, goes along into the other language.
func TestLanguageKeepsWhatIsGiven(t *testing.T) {
	k := newKit(t)
	b := k.inTest("P-1")
	for i, each := range everyKind {
		for _, fill := range [][]string{each.right, each.wrong, each.amiss} {
			b.open(fmt.Sprintf("/id/courses/%s/test/pre/%d", kinds, i+1))
			_, before := b.form("English", fill...)
			b.press("English", fill...)
			b.wants("Ask t-" + each.id + "?")
			if _, after := b.form("Save"); !maps.EqualFunc(strip(before), strip(after), slices.Equal[[]string]) {
				t.Errorf("%s: in English the form holds %v; want %v", each.id, strip(after), strip(before))
			}
		}
	}
}

// Whoever answers when the session has ended finds the answer in the form after signing in again.
func TestWhatIsGivenOutlivesTheSession(t *testing.T) {
	k := newKit(t)
	b := k.inTest("P-1")
	for i, each := range everyKind {
		b.open(fmt.Sprintf("/id/courses/%s/test/pre/%d", kinds, i+1))
		_, before := b.form("Simpan", each.right...)
		delete(b.cookies, "melek")
		b.press("Simpan", each.right...)
		b.click("Masuk")
		b.press("Masuk", "name=P-1", "secret="+pinOf(people.Participant))
		b.wants("Tanya t-" + each.id + "?")
		if _, after := b.form("Simpan"); !maps.EqualFunc(strip(before), strip(after), slices.Equal[[]string]) {
			t.Errorf("%s: after signing in the form holds %v; want %v", each.id, strip(after), strip(before))
		}
	}
}

// strip leaves of a form's fields those of the answer that hold something.
func strip(fields map[string][]string) map[string][]string {
	out := map[string][]string{}
	for name, values := range fields {
		if (name == "chosen" || name == "written" || strings.HasPrefix(name, "to-")) && values[0] != "" {
			out[name] = values
		}
	}
	return out
}

// Whatever a form sends, the page answers it and keeps only what the item takes.
func TestOddAnswersAreNotKept(t *testing.T) {
	k := newKit(t)
	b := k.inTest("P-1")
	odd := []string{"chosen=zz", "chosen=<b>", "to-a=99", "to-b=zz", "to-zz=1", "to-c=-1"}
	for i := range everyKind {
		b.open(fmt.Sprintf("/id/courses/%s/test/pre/%d", kinds, i+1))
		b.press("Simpan", odd...)
		if b.status != http.StatusOK {
			t.Errorf("question %d answers odd fields with %d", i+1, b.status)
		}
	}
	if got := k.kindsState("P-1").Attempts[0].Answers; len(got) != 0 {
		t.Errorf("odd answers are kept: %v", got)
	}
}
