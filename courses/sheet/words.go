package sheet

import (
	"regexp"
	"strings"
	"time"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Piece is a run of words that two texts share, or that one of them has.
type Piece struct {
	Kind PieceKind
	Text string
}

// PieceKind says whose a piece is.
type PieceKind string

// The kinds of pieces.
const (
	Kept    PieceKind = "kept"
	Removed PieceKind = "removed"
	Added   PieceKind = "added"
	Skipped PieceKind = "skipped" // a long run that both have, left out
)

// token is what is marked as a whole: a word, a sign, a run of spaces, the end of a line.
var token = regexp.MustCompile(`\n|[^\S\n]+|[\p{L}\p{M}\p{N}]+|[^\s]`)

const (
	mostTokens = 20_000
	patience   = time.Second
	// around is how many tokens of a long run are shown on either side of a change.
	around = 24
)

// Words tells how the second text came of the first, word by word.
func Words(first, second string) []Piece {
	a, b := token.FindAllString(first, -1), token.FindAllString(second, -1)
	if len(a) > mostTokens || len(b) > mostTokens {
		return whole(first, second)
	}
	signs := alphabet{byToken: map[string]rune{}}
	d := diffmatchpatch.New()
	d.DiffTimeout = patience
	found := d.DiffCleanupSemantic(d.DiffMainRunes(signs.write(a), signs.write(b), false))
	var pieces []Piece
	for i, each := range found {
		tokens := signs.read(each.Text)
		switch each.Type {
		case diffmatchpatch.DiffDelete:
			pieces = append(pieces, Piece{Removed, strings.Join(tokens, "")})
		case diffmatchpatch.DiffInsert:
			pieces = append(pieces, Piece{Added, strings.Join(tokens, "")})
		default:
			pieces = append(pieces, shortened(tokens, i == 0, i == len(found)-1)...)
		}
	}
	return pieces
}

func whole(first, second string) []Piece {
	var pieces []Piece
	if first != "" {
		pieces = append(pieces, Piece{Removed, first})
	}
	if second != "" {
		pieces = append(pieces, Piece{Added, second})
	}
	return pieces
}

// shortened leaves the middle of a long run out, or all but its end at the beginning of a text and all but
// its beginning at the end of one.
func shortened(tokens []string, first, last bool) []Piece {
	if len(tokens) <= 2*around {
		return []Piece{{Kept, strings.Join(tokens, "")}}
	}
	var pieces []Piece
	if !first {
		pieces = append(pieces, Piece{Kept, strings.Join(tokens[:around], "")})
	}
	pieces = append(pieces, Piece{Skipped, "…"})
	if !last {
		pieces = append(pieces, Piece{Kept, strings.Join(tokens[len(tokens)-around:], "")})
	}
	return pieces
}

// alphabet writes each token as a sign of its own, since the library compares signs.
type alphabet struct {
	byToken map[string]rune
	tokens  []string
}

// firstSign is the first of Unicode's private signs, of which there are more than two texts can have tokens.
const firstSign = 0xF0000

func (a *alphabet) write(tokens []string) []rune {
	signs := make([]rune, len(tokens))
	for i, t := range tokens {
		sign, ok := a.byToken[t]
		if !ok {
			sign = firstSign + rune(len(a.tokens)) //nolint:gosec // at most twice mostTokens
			a.byToken[t] = sign
			a.tokens = append(a.tokens, t)
		}
		signs[i] = sign
	}
	return signs
}

func (a *alphabet) read(text string) []string {
	var tokens []string
	for _, sign := range text {
		tokens = append(tokens, a.tokens[sign-firstSign])
	}
	return tokens
}
