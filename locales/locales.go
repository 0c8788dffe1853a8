// Package locales holds every wording that people read, in both languages, and the conventions of
// numbers, dates and times that go with each. It knows nothing of what the words are about.
package locales

import (
	"embed"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed active.*.toml
var files embed.FS

// Book is all wordings. It is safe for concurrent use.
type Book struct {
	zone  *time.Location
	words map[string]*Words
}

// Load reads the wordings; times will be told in zone.
func Load(zone *time.Location) (*Book, error) {
	bundle := i18n.NewBundle(language.Indonesian)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	book := &Book{zone: zone, words: map[string]*Words{}}
	for _, lang := range []string{"id", "en"} {
		file, err := bundle.LoadMessageFileFS(files, "active."+lang+".toml")
		if err != nil {
			return nil, fmt.Errorf("locales: %w", err)
		}
		book.words[lang] = &Words{lang: lang, zone: zone, localizer: i18n.NewLocalizer(bundle, lang),
			sentences: sentencesOf(file)}
	}
	return book, nil
}

// Words returns the wordings of a language; any language but English is Indonesian.
func (b *Book) Words(lang string) *Words {
	if w, ok := b.words[lang]; ok {
		return w
	}
	return b.words["id"]
}

// Words is one language's wordings and conventions.
type Words struct {
	lang      string
	zone      *time.Location
	localizer *i18n.Localizer
	sentences []sentence
}

// T returns the wording of the key with its places A0, A1 … filled. A key without a wording is
// returned as it is.
func (w *Words) T(key string, args ...any) string {
	return w.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: w.places(args)})
}

// N returns the wording of the key for a count, which fills its place N.
func (w *Words) N(key string, n int, args ...any) string {
	places := w.places(args)
	places["N"] = w.Number(float64(n), 0)
	return w.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: places, PluralCount: n})
}

func (w *Words) localize(c *i18n.LocalizeConfig) string {
	s, err := w.localizer.Localize(c)
	if err != nil {
		slog.Warn("no wording", "key", c.MessageID, "language", w.lang, "error", err)
		return c.MessageID
	}
	return s
}

func (w *Words) places(args []any) map[string]any {
	places := make(map[string]any, len(args)+1)
	for i, arg := range args {
		places["A"+strconv.Itoa(i)] = w.value(arg)
	}
	return places
}

func (w *Words) value(arg any) any {
	switch v := arg.(type) {
	case time.Time:
		return w.Moment(v)
	case float64:
		return w.Number(v, 1)
	case int:
		return w.Number(float64(v), 0)
	}
	return arg
}

// Number writes a number with the given decimals and the language's signs: 1.234,5 in Indonesian,
// 1,234.5 in English.
func (w *Words) Number(f float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(f), 'f', decimals, 64)
	whole, part, _ := strings.Cut(s, ".")
	group, point := ".", ","
	if w.lang == "en" {
		group, point = ",", "."
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if part != "" {
		whole += point + part
	}
	if f < 0 && strings.Trim(s, "0.") != "" {
		return "−" + whole
	}
	return whole
}

var months = map[string][]string{
	"id": {"Januari", "Februari", "Maret", "April", "Mei", "Juni",
		"Juli", "Agustus", "September", "Oktober", "November", "Desember"},
	"en": {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
}

// Date writes a day: 23 November 2026.
func (w *Words) Date(t time.Time) string {
	t = t.In(w.zone)
	return fmt.Sprintf("%d %s %d", t.Day(), months[w.lang][t.Month()-1], t.Year())
}

// Days writes days that follow one another, given as YYYY-MM-DD: 23 November 2026 – 24 November 2026, or the
// one day alone.
func (w *Words) Days(from, to string) string {
	if from == to {
		return w.day(from)
	}
	return w.day(from) + " – " + w.day(to)
}

func (w *Words) day(s string) string {
	t, err := time.ParseInLocation(time.DateOnly, s, w.zone)
	if err != nil {
		return s
	}
	return w.Date(t)
}

// Clock writes a time of day: 08.30 in Indonesian, 08:30 in English.
func (w *Words) Clock(t time.Time) string {
	if w.lang == "en" {
		return t.In(w.zone).Format("15:04")
	}
	return t.In(w.zone).Format("15.04")
}

// Moment writes a day and time with the zone: 23 November 2026 08.30 WIB.
func (w *Words) Moment(t time.Time) string {
	name, _ := t.In(w.zone).Zone()
	return w.Date(t) + " " + w.Clock(t) + " " + name
}
