package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mostStops is how often Tab may be pressed to reach something on a page.
const mostStops = 60

// stop is where the keyboard stands.
type stop struct {
	What  string
	Kind  string // of an input
	There bool   // what was looked for
	Shown bool   // one can see that the keyboard stands here
}

// walkByKeys takes a whole course with Tab, Space, Enter and the arrow keys and nothing else: from the sign-in to
// the proof.
func (s *simulation) walkByKeys(t *testing.T) {
	code := s.addParticipant(t, "UJI-kunci", "Bu Lastri")
	b := s.open(t, true)
	b.visit("/id/sign-in")
	b.tabTo("a.skip")
	b.keys(kb.Enter)
	b.tabTo("#name") // the skip link leads past the header
	b.keys("UJI-kunci" + kb.Tab + code)
	b.enterKey()
	b.tabTo("#pin")
	b.keys("270591" + kb.Tab + "270591")
	b.enterKey()
	b.tabTo("main form .button.big") // the notice
	b.enterKey()
	b.tabTo(`main h3 a[href$="/courses/kota-cerdas"], main a[href$="/courses/kota-cerdas"]`)
	b.enterKey()
	steps := 0
	for ; !b.has(`a[href$="/proof"]`); steps++ {
		if steps > 150 {
			t.Fatalf("the way does not end; at %s", b.path())
		}
		if b.has("form#question") {
			b.answerByKeys()
		}
		b.tabTo("main .button.big")
		b.enterKey()
	}
	b.tabTo(`a[href$="/proof"]`)
	b.enterKey()
	if !strings.Contains(b.text("main"), "Bu Lastri") {
		t.Error("the proof does not name who took the course by keyboard")
	}
}

// answerByKeys gives any valid answer to the question that is shown.
func (b *browser) answerByKeys() {
	b.t.Helper()
	const field = "form#question fieldset :is(input, select)"
	at := b.tabTo(field)
	switch at.Kind {
	case "radio":
		b.keys(" " + kb.ArrowDown)
	case "checkbox":
		b.keys(" ")
	case "select-one":
		// Each list gets another choice: an order has no place twice.
		for n := 1; at.There; n++ {
			b.keys(strings.Repeat(kb.ArrowDown, n))
			b.keys(kb.Tab)
			at = b.standing(field)
		}
	default:
		b.keys("3")
	}
}

func (b *browser) keys(keys string) { b.do(chromedp.KeyEvent(keys)) }

// enterKey presses Enter and waits for the page that follows.
func (b *browser) enterKey() {
	b.t.Helper()
	b.follow("Enter", chromedp.KeyEvent(kb.Enter))
}

// tabTo presses Tab until the keyboard stands on what the selector names. At every stop on the way one must see
// where it stands.
func (b *browser) tabTo(selector string) stop {
	b.t.Helper()
	for range mostStops {
		b.keys(kb.Tab)
		at := b.standing(selector)
		if !at.Shown {
			b.t.Errorf("%s: nothing shows that the keyboard stands on %s", b.path(), at.What)
		}
		if at.There {
			return at
		}
	}
	b.t.Fatalf("%s: %d presses of Tab do not reach %s", b.path(), mostStops, selector)
	return stop{}
}

func (b *browser) standing(selector string) stop {
	b.t.Helper()
	return find(b, "focus", chromedp.Evaluate[stop](`(() => {
		const at = document.activeElement, seen = at.matches(".choice input") ? at.nextElementSibling : at;
		const style = getComputedStyle(seen), box = seen.getBoundingClientRect();
		const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
		return {What: at.tagName + " «" + at.textContent.trim().slice(0, 40) + "»", Kind: at.type || "",
			There: at.matches(`+"`"+selector+"`"+`),
			Shown: at === document.body || (outlined && box.width > 0 && box.top < innerHeight && box.bottom > 0)};
	})()`))
}
