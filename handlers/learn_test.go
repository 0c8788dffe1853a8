package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"melek/courses"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/record"
	"melek/courses/store"
	"melek/handlers"
)

const (
	coursePath = "/id/courses/" + example
	prePath    = coursePath + "/test/pre"
	quizPath   = coursePath + "/modules/satu/quiz"
)

// kinds lists the kinds of all records that are kept, in the order in which they came.
func (k *kit) kinds() string {
	k.t.Helper()
	var kinds []string
	err := k.store.EachEntry(context.Background(), "", func(e record.Entry) error {
		kinds = append(kinds, string(e.Kind))
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return strings.Join(kinds, " ")
}

func TestAParticipantGoesTheWholeWay(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open("/id/")
	b.wants("Langkah berikutnya")
	b.click("Kursus contoh")
	b.press("Mulai kursus ini")
	b.wants("3 soal, satu soal setiap halaman", "6 menit")
	b.takeTest("pre", false)
	b.wants("Tes awal sudah dikumpulkan", "Baca modul")
	b.takeModules()
	b.takeTest("post", true)
	b.wants("Nilai naik 100 poin", "Anda mencapai ambang kelulusan")
	b.click("Bukti penyelesaian")
	b.wants("Sri P-1", "Kursus contoh", "Desa Kaligowong, Kecamatan Wadaslintang")

	p := k.state("P-1")
	pre, post, ok := p.Matched()
	if !ok || pre.Form == post.Form || p.CompletedAt.IsZero() {
		t.Errorf("matched %t, forms %v and %v, completed %v; want a pair on two forms and completion", ok, pre, post,
			p.CompletedAt)
	}
	b.open(coursePath)
	b.wants("100% selesai")
}

func TestATestThatWasBegunIsResumed(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open(prePath)
	b.press("Mulai tes")
	b.press("Simpan dan lanjut", "chosen=b")
	opened := k.state("P-1").Attempts[0].OpenedAt
	k.wait(time.Minute)

	other := k.browser() // another device
	other.cookies["melek"] = b.cookies["melek"]
	other.open("/id/")
	other.click("Lanjutkan tes awal")
	other.wants("Jawaban Anda sudah tersimpan")
	other.press("Lanjutkan tes")
	other.wants("Soal 2 dari 3")
	other.press("Sebelumnya")
	if other.find("Pilihan", "label") == nil || !strings.Contains(other.body, `value="b" checked`) {
		t.Errorf("the first answer is not shown again:\n%s", other.body)
	}
	if a := k.state("P-1").Attempts; len(a) != 1 || !a[0].OpenedAt.Equal(opened) {
		t.Errorf("attempts = %v, want the one that was begun", a)
	}
}

func TestTheLanguageChangesWithoutLosingTheAnswer(t *testing.T) {
	for _, place := range []string{"test", "quiz"} {
		t.Run(place, func(t *testing.T) {
			k := newKit(t)
			b := k.participant("P-1")
			if place == "test" {
				b.open(prePath)
				b.press("Mulai tes")
			} else {
				b.takeTest("pre", false)
				b.open(coursePath + "/modules/satu")
				b.press("Sudah saya baca")
			}
			before := k.kinds()
			b.press("English", "chosen=c")
			if !strings.HasPrefix(b.path, "/en/") || !strings.Contains(b.body, `value="c" checked`) {
				t.Fatalf("%s has lost the choice or the place:\n%s", b.path, b.body)
			}
			b.press("Bahasa Indonesia")
			if !strings.HasPrefix(b.path, "/id/") || !strings.Contains(b.body, `value="c" checked`) {
				t.Errorf("%s has lost the choice or the place on the way back", b.path)
			}
			if after := k.kinds(); after != before {
				t.Errorf("changing the language made records: %s, before %s", after, before)
			}
		})
	}
}

func TestAnAnswerSentWhenTheSessionHasEndedIsStillChosenAfterwards(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open(prePath)
	b.press("Mulai tes")
	delete(b.cookies, "melek")
	b.press("Simpan dan lanjut", "chosen=c")
	if b.status != http.StatusUnauthorized {
		t.Fatalf("an answer of nobody gets %d, want 401", b.status)
	}
	b.click("Masuk")
	b.press("Masuk", "name=P-1", "secret="+pinOf(people.Participant))
	b.wants("Soal 1 dari 3")
	if !strings.Contains(b.body, `value="c" checked`) {
		t.Errorf("after signing in again the choice is lost:\n%s", b.body)
	}
}

func TestAQuizExplainsAfterTheAnswerOnly(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.takeTest("pre", false)
	b.open(coursePath + "/modules/satu")
	b.press("Sudah saya baca")
	if strings.Contains(b.body, marker) {
		t.Errorf("an explanation stands in the page before the answer:\n%s", b.body)
	}
	action, fields := b.form("Jawab", "chosen=a")
	b.post(action, fields)
	b.wants("Belum tepat", "Jawaban Anda", "Jawaban yang benar", marker+" kuis-1 a", marker+" kuis-1 b")
	b.lacks(marker + " kuis-1 c")

	fields.Set("chosen", "b") // the back button, another choice, and the form once more
	b.post(action, fields)
	b.wants("Belum tepat")
	if a := k.state("P-1").Quizzes["satu"]["kuis-1"]; a.Marks != 0 || a.Chosen[0] != "a" {
		t.Errorf("kept %+v, want the first answer", a)
	}
	if n := strings.Count(k.kinds(), "answered"); n != 3+1 {
		t.Errorf("%d answers are kept, want 3 of the test and 1 of the quiz", n)
	}
}

func TestSeveralRightOptionsCountTogether(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.takeTest("pre", false)
	b.open(coursePath + "/modules/satu")
	b.press("Sudah saya baca")
	b.press("Jawab", "chosen=b")
	b.click("Soal berikutnya")
	b.wants("Pilih semua jawaban yang benar")
	b.press("Jawab", "chosen=c", "chosen=a")
	b.wants("Benar")
	b.click("Lihat ringkasan kuis")
	b.wants("2 dari 2 soal Anda jawab benar")
}

func TestNothingIsKeptOfAnEmptyAnswer(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.takeTest("pre", false)
	b.open(coursePath + "/modules/satu")
	b.press("Sudah saya baca")
	before := k.kinds()
	b.press("Jawab")
	if b.status != http.StatusUnprocessableEntity || b.find("", "fieldset") == nil {
		t.Errorf("an empty answer gets %d:\n%s", b.status, b.text())
	}
	b.press("Jawab", "chosen=nonsense")
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("an option that is not offered gets %d", b.status)
	}
	if after := k.kinds(); after != before {
		t.Errorf("records %s, want %s", after, before)
	}
}

func TestAnAnswerToAChangedQuestionIsAskedAgain(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.takeTest("pre", false)
	b.open(coursePath + "/modules/satu")
	b.press("Sudah saya baca")
	action, fields := b.form("Jawab", "chosen=b")
	fields.Set("version", "000000000000")
	if b.post(action, fields); b.status != http.StatusConflict || b.find("Jawab", "button") == nil {
		t.Errorf("an answer to an unknown version gets %d:\n%s", b.status, b.text())
	}
	if len(k.state("P-1").Quizzes["satu"]) != 0 {
		t.Error("an answer to a question that nobody saw is kept")
	}
}

func TestWhatWasAnsweredInTimeCounts(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open(prePath)
	b.press("Mulai tes")
	b.press("Simpan dan lanjut", "chosen=b")
	action, late := b.form("Simpan dan lanjut", "chosen=b")
	k.wait(6*time.Minute + time.Second)
	b.open(prePath + "/2")
	b.wants("Waktu sudah habis")
	k.wait(10 * time.Minute)
	b.post(action, late)
	b.wants("Waktu tes sudah habis", "33,3")
	pre := k.state("P-1").Counted(record.Pre)
	if pre == nil || pre.Marks.Raw != 1 || pre.Marks.Max != 3 {
		t.Errorf("counted %+v, want 1 of 3: the answer in time and no later one", pre)
	}
}

func TestWhatIsNotOpenYetSaysSo(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open(coursePath + "/modules/satu")
	b.wants("Modul terbuka setelah tes awal")
	if b.status != http.StatusConflict {
		t.Errorf("a module before the pre-test answers %d, want 409", b.status)
	}
	b.takeTest("pre", false)
	if b.open(coursePath + "/test/post"); b.status != http.StatusConflict {
		t.Errorf("the post-test before the modules answers %d, want 409", b.status)
	}
	if b.open(coursePath + "/proof"); b.status != http.StatusConflict {
		t.Errorf("the proof before completion answers %d, want 409", b.status)
	}
	if b.open(quizPath); !strings.HasSuffix(b.path, "/modules/satu") {
		t.Errorf("a quiz before its text leads to %s, want the text", b.path)
	}
}

func TestATestIsTakenOnce(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.takeTest("pre", true)
	before := k.kinds()
	b.open(prePath)
	b.wants("Tes ini sudah Anda kerjakan")
	b.post(prePath, nil)
	b.post(prePath+"/1", map[string][]string{"item": {"a-1"}, "chosen": {"c"}})
	b.wants("Hasil Anda")
	b.post(prePath+"/review", nil)
	b.wants("sudah dikumpulkan")
	if after := k.kinds(); after != before {
		t.Errorf("records %s, want %s", after, before)
	}
}

func TestPressingTwiceIsPressingOnce(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open(coursePath)
	action, fields := b.form("Mulai kursus ini")
	b.post(action, fields)
	b.post(action, fields)
	action, fields = b.form("Mulai tes")
	b.post(action, fields)
	b.post(action, fields)
	if got, want := k.kinds(), "enrolled opened"; got != want {
		t.Errorf("records %q, want %q", got, want)
	}
}

func TestAnAnswerIsStoredBeforeThePageSaysSo(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open(prePath)
	b.press("Mulai tes")
	action, fields := b.form("Simpan dan lanjut", "chosen=b")
	broken := newKit(t, func(s *handlers.Setup) {
		full := failingStore{k.store}
		s.Store, s.Door = full, k.door
		s.Ledger = ledger.New(ledger.Setup{Store: full, Syllabus: k.catalog, Zone: jakarta, Now: k.now})
	})
	w := broken.browser()
	w.cookies["melek"] = b.cookies["melek"]
	if w.post(action, fields); w.status != http.StatusServiceUnavailable {
		t.Errorf("an answer that cannot be stored gets %d, want 503:\n%s", w.status, w.text())
	}
	b.post(action, fields)
	b.wants("Soal 2 dari 3")
}

func TestAnAdministratorOfAnEmptyRegisterIsLedToTheImport(t *testing.T) {
	k := newKit(t)
	b := k.signIn(k.register("A-1", people.Admin, "33.07"))
	b.open("/id/")
	b.wants("Masukkan peserta dulu")
	b.click("Unggah daftar peserta")
	b.wants("Unggah daftar orang")
	k.register("P-1", people.Participant, "33.07.01.2001")
	b.open("/id/")
	b.lacks("Masukkan peserta dulu")
}

// failingStore keeps nothing more.
type failingStore struct{ store.Store }

func (failingStore) Change(context.Context, func(store.Tx) error) error { return courses.Unavailable }

func TestHomeOffersWhatIsForTheRole(t *testing.T) {
	k := newKit(t)
	const forFacilitators = "Keterampilan Fasilitator"
	b := k.participant("P-1")
	b.open("/id/")
	b.lacks(forFacilitators)
	b.post("/id/courses/fasilitator", nil) // who begins it all the same finds it again
	b.open("/id/")
	b.wants(forFacilitators)
	for role, area := range map[people.Role]string{people.Facilitator: "33.07.01", people.Admin: "33.07"} {
		b := k.signIn(k.register("X-"+string(role), role, area))
		b.open("/id/")
		b.wants(forFacilitators)
	}
}
