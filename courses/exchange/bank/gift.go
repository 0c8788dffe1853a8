package bank

import (
	"regexp"
	"slices"
	"strings"

	"melek/courses"
)

// GIFT is Moodle's format of plain text: https://docs.moodle.org/en/GIFT_format. Its control signs are
// escaped with a backslash; while it is read they are other runes, Unicode's noncharacters, which no text may
// hold. The last one is a line end.
var (
	controls = []rune("\\:#={}~\n")
	hidden   = []rune("\uFDD0\uFDD1\uFDD2\uFDD3\uFDD4\uFDD5\uFDD6\uFDD7")
)

// hide replaces escaped control signs.
func hide(s string) string {
	var b strings.Builder
	escaped := false
	for _, r := range s {
		switch i := slices.Index(controls, r); {
		case slices.Contains(hidden, r):
			continue
		case escaped && r == 'n':
			b.WriteRune(hidden[len(hidden)-1])
		case escaped && i >= 0:
			b.WriteRune(hidden[i])
		case escaped:
			b.WriteString(`\` + string(r))
		case r == '\\':
			escaped = true
			continue
		default:
			b.WriteRune(r)
		}
		escaped = false
	}
	if escaped {
		b.WriteRune('\\')
	}
	return b.String()
}

// shown undoes hide, without the backslashes.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		if i := slices.Index(hidden, r); i >= 0 {
			return controls[i]
		}
		return r
	}, s)
}

var controlSigns = strings.NewReplacer(`\`, `\\`, ":", `\:`, "#", `\#`, "=", `\=`, "{", `\{`, "}", `\}`,
	"~", `\~`)

// plainly writes a text of GIFT so that it is neither taken for HTML nor for a format or a weight.
func plainly(s string) string {
	if strings.HasPrefix(s, "[") || strings.HasPrefix(s, "%") {
		return "[plain]" + controlSigns.Replace(s)
	}
	return controlSigns.Replace(s)
}

// ReadGIFT reads a file in the GIFT format, whose texts are in lang.
func ReadGIFT(data []byte, lang courses.Lang) (*Haul, error) {
	if err := checkSize(data); err != nil {
		return nil, err
	}
	in := newIntake(lang)
	for _, block := range giftBlocks(data) {
		in.giftBlock(block)
	}
	return in.done()
}

// giftBlock is a question or a category, and the line on which it begins.
type giftBlock struct {
	line  int
	lines []string
}

// giftBlocks splits a file at its empty lines. One within braces does not end a question unless what follows
// begins another one, so that a brace too few costs one question and not the rest.
func giftBlocks(data []byte) []giftBlock {
	var all []giftBlock
	var now giftBlock
	depth := 0
	end := func() {
		if len(now.lines) > 0 {
			all = append(all, now)
		}
		now, depth = giftBlock{}, 0
	}
	text := strings.TrimPrefix(strings.ToValidUTF8(string(data), ""), "\ufeff")
	gap := false
	for i, line := range strings.Split(lineEnds.Replace(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			gap = true
			continue
		}
		begins := strings.HasPrefix(line, "::") || strings.HasPrefix(line, "$CATEGORY:") ||
			strings.HasPrefix(line, "//")
		if gap && (depth <= 0 || begins) || strings.HasPrefix(line, "$CATEGORY:") {
			end()
		}
		gap = false
		if len(now.lines) == 0 {
			now.line = i + 1
		}
		now.lines = append(now.lines, line)
		if !strings.HasPrefix(line, "//") {
			open := hide(line)
			depth += strings.Count(open, "{") - strings.Count(open, "}")
		}
		if strings.HasPrefix(line, "$CATEGORY:") {
			end()
		}
	}
	end()
	return all
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// Comments may hold an id and tags, as Moodle itself writes them.
var (
	giftID     = regexp.MustCompile(`\[id:((?:\\\]|[^\]\[])+)\]`)
	giftTag    = regexp.MustCompile(`\[tag:((?:\\\]|[^\]\[])+)\]`)
	giftWeight = regexp.MustCompile(`^%(-?[0-9]{1,3}(?:\.[0-9]*)?)%`)
	giftFormat = regexp.MustCompile(`^\[(html|moodle|plain|markdown)\]`)
)

func (in *intake) giftBlock(block giftBlock) {
	q := &giftQuestion{draft: in.draft(block.line, "")}
	var text []string
	for i, line := range block.lines {
		if strings.HasPrefix(line, "//") {
			q.comment(line)
			continue
		}
		if len(text) == 0 {
			q.line = block.line + i
		}
		text = append(text, line)
	}
	whole := hide(strings.Join(text, "\n"))
	if category, ok := strings.CutPrefix(whole, "$CATEGORY:"); ok {
		in.group = lastOf(shown(category))
		return
	}
	if whole != "" {
		q.read(whole)
	}
}

// lastOf is the last step of the path of a category, in which a slash that parts nothing is written twice.
func lastOf(category string) string {
	const slash = "\x00"
	category = strings.ReplaceAll(tidy(category), "//", slash)
	return tidy(strings.ReplaceAll(category[strings.LastIndexByte(category, '/')+1:], slash, "/"))
}

// pathOf is the path of a group's category.
func pathOf(steps ...string) string {
	for i := range steps {
		steps[i] = strings.ReplaceAll(steps[i], "/", "//")
	}
	return strings.Join(steps, "/")
}

func (d *draft) comment(line string) {
	if m := giftID.FindStringSubmatch(line); m != nil {
		d.item.ID = strings.ReplaceAll(m[1], `\]`, `]`)
	}
	for _, m := range giftTag.FindAllStringSubmatch(line, -1) {
		d.tag(strings.ReplaceAll(m[1], `\]`, `]`))
	}
}

// tag reads what Melek writes into tags, since other systems have no field for it.
func (d *draft) tag(tag string) {
	name, value, _ := strings.Cut(tidy(tag), ":")
	switch name {
	case tagFact:
		d.item.Fact = value
	case tagPillar:
		for _, p := range courses.Pillars {
			if p == value {
				d.item.Pillar = p
			}
		}
	case tagUnit:
		d.item.Unit = courses.Text{ID: value, EN: value}
	}
}

const (
	tagFact   = "fact"
	tagPillar = "pillar"
	tagUnit   = "unit"
)

// tags is what tag reads.
func tags(it *courses.Item) []string {
	var all []string
	if it.Fact != "" {
		all = append(all, tagFact+":"+it.Fact)
	}
	if it.Pillar != "" {
		all = append(all, tagPillar+":"+it.Pillar)
	}
	return all
}
