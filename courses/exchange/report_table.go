package exchange

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

// writeTable writes the report as lines for a terminal, numbers under one another.
func (s *sheet) writeTable(w io.Writer) error {
	grid := [][]string{append([]string{s.firstHead()}, s.headWords()...)}
	for _, l := range s.all() {
		grid = append(grid, s.tableCells(l))
	}
	widths := widthsOf(grid)
	out := bufio.NewWriter(w)
	say := func(lines ...string) {
		for _, l := range lines {
			_, _ = out.WriteString(strings.TrimRight(l, " ") + "\n") // Flush tells of the first failure
		}
	}
	if s.simulated {
		say(s.word("simulated"), "")
	}
	say(s.title()+": "+s.about.Title.In(s.lang), s.subject(), s.made(), "")
	rule := ruleUnder(widths)
	for i, cells := range grid {
		if i == len(grid)-1 {
			say(rule)
		}
		say(aligned(cells, widths))
		if i == 0 {
			say(rule)
		}
	}
	if notes := s.notes(); len(notes) > 0 {
		say("")
		say(notes...)
	}
	return out.Flush()
}

// widthsOf are those of the columns. A row with fewer cells than the first says something in words and
// counts with its first cell only.
func widthsOf(grid [][]string) []int {
	widths := make([]int, len(grid[0]))
	for _, cells := range grid {
		for i, cell := range cells {
			if i == 0 || len(cells) == len(widths) {
				widths[i] = max(widths[i], utf8.RuneCountInString(cell))
			}
		}
	}
	return widths
}

// ruleUnder is a line as long as a row.
func ruleUnder(widths []int) string {
	length := len(widths)*2 - 2
	for _, width := range widths {
		length += width
	}
	return strings.Repeat("─", length)
}

func (s *sheet) headWords() []string {
	words := make([]string, len(s.heads))
	for i, head := range s.heads {
		words[i] = s.word(head)
	}
	return words
}

// tableCells are those of one row. A hidden one says so in words.
func (s *sheet) tableCells(l line) []string {
	if l.hidden {
		return []string{l.name, s.word("hidden")}
	}
	return append([]string{l.name}, l.printed...)
}

// aligned puts the first cell to the left and numbers to the right. A row with fewer cells than
// columns is one that says something in words, and these stand to the left.
func aligned(cells []string, widths []int) string {
	var b strings.Builder
	for i, cell := range cells {
		gap := strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell)))
		if i > 0 {
			b.WriteString("  ")
		}
		if i == 0 || len(cells) < len(widths) {
			b.WriteString(cell + gap)
		} else {
			b.WriteString(gap + cell)
		}
	}
	return b.String()
}
