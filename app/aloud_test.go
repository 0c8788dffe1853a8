package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"melek/static"
)

// mouth is a voice of the language that says nothing and keeps what it was told to say. It comes to an end only
// when the test calls finish.
const mouth = `
  window.said = [];
  class Utterance { constructor(text) { this.text = text; } }
  const synth = new EventTarget();
  Object.assign(synth, {
    getVoices: () => window.mute ? [{lang: "de-DE", localService: true}] :
      [{lang: "en-GB", localService: true, name: "en"}, {lang: "in_ID", localService: true, name: "id"}],
    speak: (u) => { said.push({text: u.text, lang: u.lang, rate: u.rate, voice: u.voice && u.voice.name}); synth.now = u; },
    cancel: () => { const u = synth.now; synth.now = undefined; if (u && u.onerror) u.onerror({error: "canceled"}); },
  });
  window.finish = () => { const u = synth.now; synth.now = undefined; u.onend({}); };
  Object.defineProperty(window, "speechSynthesis", {value: synth, configurable: true});
  window.SpeechSynthesisUtterance = Utterance;`

type utterance struct {
	Text, Lang, Voice string
	Rate              float64
}

// withMouth gives every page that is opened from now on a way to speak, or what the script makes of it.
func (b *browser) withMouth(script string) {
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, page.AddScriptToEvaluateOnNewDocument,
			page.AddScriptToEvaluateOnNewDocumentParams{Source: "(() => {" + script + "})()"})
		return err
	}))
}

func (b *browser) said() []utterance {
	b.t.Helper()
	var said []utterance
	must(b.t, json.Unmarshal([]byte(find(b, "what was said", chromedp.Evaluate[string]("JSON.stringify(said)"))), &said))
	return said
}

func (b *browser) truth(expression string) bool {
	b.t.Helper()
	return find(b, expression, chromedp.Evaluate[bool](expression))
}

// await waits for an expression to become true.
func (b *browser) await(expression string) {
	b.t.Helper()
	b.do(chromedp.Poll[chromedp.Void]("!!(" + expression + ") || undefined"))
}

// readAloud lets a question be read by a device of the test's own: the stem, then each option.
func (s *simulation) readAloud(t *testing.T) {
	b := s.signIn(t, "admin", "id")
	b.withMouth(mouth)
	code := b.addPerson("UJI-suara", "Pak Karto")
	b.enter("listener", account{"UJI-suara", code})
	b.choosePIN()
	b.visit("/id/courses/kota-cerdas")
	b.press("main .button.big")
	b.visit("/id/courses/kota-cerdas/test/pre")
	b.press("main .button.big")

	stem, options := b.text("h1.stem"), strings.Fields(b.text(".choice:last-of-type .face span"))
	b.click(".aloud [data-go]")
	b.await("said.length === 1")
	b.finishUntil(stem)
	if !b.truth(`document.querySelector("h1.stem").classList.contains("spoken")`) {
		t.Error("the question is not marked while it is read")
	}
	t.Run("a pause keeps the place", func(t *testing.T) {
		before := len(b.said())
		b.click(".aloud [data-go]")
		if b.truth("speechSynthesis.now !== undefined") || len(b.said()) != before {
			t.Error("the voice goes on after a pause")
		}
		b.click(".aloud [data-go]")
		if said := b.said(); said[len(said)-1].Text != said[before-1].Text {
			t.Errorf("after the pause it reads %q, want %q again", said[len(said)-1].Text, said[before-1].Text)
		}
	})
	t.Run("another speed counts at once and stays", func(t *testing.T) {
		b.choose(".aloud select", "0.7")
		b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".aloud select").dispatchEvent(new Event("change"))`))
		said := b.said()
		if last := said[len(said)-1]; last.Rate != 0.7 {
			t.Errorf("rate %v, want 0.7", last.Rate)
		}
		b.press("button.language")
		b.press("button.language")
		b.click(".aloud [data-go]")
		b.await("said.length === 1")
		if said := b.said(); said[0].Rate != 0.7 || said[0].Lang != "id" || said[0].Voice != "id" {
			t.Errorf("the next page begins with %+v, want the same speed and the Indonesian voice", said[0])
		}
	})
	t.Run("options are read and the end clears the marks", func(t *testing.T) {
		b.finishUntil(options[len(options)-1])
		for b.truth("speechSynthesis.now !== undefined") {
			b.do(chromedp.Evaluate[chromedp.Void]("finish()"))
		}
		if b.has(".spoken") || !b.has(`.aloud[data-state=idle]`) {
			t.Error("a mark or the pause button stays at the end")
		}
	})
	t.Run("stop begins again from the top", func(t *testing.T) {
		first := b.said()[0].Text
		b.click(".aloud [data-go]")
		b.do(chromedp.Evaluate[chromedp.Void]("finish()"))
		b.click(".aloud [data-stop]")
		b.click(".aloud [data-go]")
		if said := b.said(); said[len(said)-1].Text != first {
			t.Errorf("after stop it reads %q, want %q", said[len(said)-1].Text, first)
		}
	})
	t.Run("a text is cut into sentences", b.cutSentences)
	b.voiceless(t)
}

// finishUntil lets the voice go on until it says the words, or what they begin with where they are long.
func (b *browser) finishUntil(words string) {
	b.t.Helper()
	words = strings.Join(strings.Fields(words), " ")
	for range 100 {
		said := b.said()
		last := said[len(said)-1].Text
		if strings.Contains(last, words) || (len(last) > 2 && strings.HasPrefix(words, last)) {
			return
		}
		b.do(chromedp.Evaluate[chromedp.Void]("finish()"))
	}
	b.t.Fatalf("%q is not read; said: %v", words, b.said())
}

// cutSentences lets the page's own module cut texts into what is said in one breath.
func (b *browser) cutSentences(t *testing.T) {
	assets, err := static.Load()
	must(t, err)
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"three sentences", "Apa itu NIK? NIK itu nomor. Jangan dibagikan!", []string{"Apa itu NIK?", "NIK itu nomor.", "Jangan dibagikan!"}},
		{"a shortened word ends nothing", "Menurut UU No. 27 Tahun 2022 begitu.", []string{"Menurut UU No. 27 Tahun 2022 begitu."}},
		{"a number with a point", "Skor naik 3.5 poin.", []string{"Skor naik 3.5 poin."}},
		{"a quotation closes with its sentence", "“Baik.” Lanjut.", []string{"“Baik.”", "Lanjut."}},
		{"marks alone are not said", " – … ", nil},
		{"a long sentence breaks at a comma", strings.Repeat("kata ", 30) + "akhir, " + strings.Repeat("lagi ", 30) + "habis",
			[]string{strings.Repeat("kata ", 30) + "akhir,", strings.Repeat("lagi ", 30) + "habis"}},
		{"a long word is cut", strings.Repeat("a", 250), []string{strings.Repeat("a", 200), strings.Repeat("a", 50)}},
	} {
		text, _ := json.Marshal(tt.text)
		got := find(b, tt.name, chromedp.Evaluate[[]string](`import("/static/`+assets.Name("js/passages.js")+`").then(
			m => m.sentences(`+string(text)+`).map(([from, to]) => `+string(text)+`.slice(from, to)))`, chromedp.EvalAwaitPromise))
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// voiceless looks at devices that cannot read the page.
func (b *browser) voiceless(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		told         bool
	}{
		{"a voice of another language only", "window.mute = true", true},
		{"no voice at all", "speechSynthesis.getVoices = () => []", false},
		{"no speech", "delete window.speechSynthesis; delete Window.prototype.speechSynthesis", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.withMouth(tt.script)
			b.visit("/id/display")
			b.await(`document.readyState === "complete"`)
			shown := func(selector string) bool {
				return b.truth(`document.querySelector("` + selector + `").checkVisibility()`)
			}
			if got := []bool{shown(".aloud"), shown("[data-voiceless]")}; !slices.Equal(got, []bool{false, tt.told}) {
				t.Errorf("the button and the reason are shown: %v, want false and %v", got, tt.told)
			}
		})
	}
}
