package content

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"melek/courses"
)

// sheet is a YAML file under reading. It is read from its syntax tree, not into structs, so that every
// finding has its line and one mistake does not hide the next.
type sheet struct {
	reading *reading
	file    string
}

// word is a plain text and the line on which it stands.
type word struct {
	text string
	line int
}

func (s sheet) find(line int, message, mend string) { s.reading.find(s.file, line, message, mend) }

// open parses the file, false where it is no single YAML document.
func (r *reading) open(file string) (sheet, ast.Node, bool) {
	s := sheet{r, file}
	tokens := lexer.Tokenize(r.source.Files[file])
	if line := tooDeep(tokens); line > 0 {
		s.find(line, "is nested too deep", "look for brackets that are not closed, or dashes in a row")
		return s, nil, false
	}
	parsed, err := parser.Parse(tokens, 0)
	if err != nil {
		line, message := 1, err.Error()
		var syntax yaml.Error
		if errors.As(err, &syntax) {
			message = syntax.GetMessage()
			if t := syntax.GetToken(); t != nil {
				line = t.Position.Line
			}
		}
		s.find(line, "is not YAML: "+message, "look at the quotes, colons and indentation here and just above")
		return s, nil, false
	}
	if len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil {
		s.find(1, fmt.Sprintf("holds %d documents", filled(parsed.Docs)), "write exactly one, without a line ---")
		return s, nil, false
	}
	return s, parsed.Docs[0].Body, true
}

func filled(docs []*ast.DocumentNode) int {
	n := 0
	for _, doc := range docs {
		if doc.Body != nil {
			n++
		}
	}
	return n
}

// tooDeep returns the line where brackets, or dashes of one line, nest deeper than any course needs, 0
// where none do. The time that the parser takes grows with the square of the depth.
func tooDeep(tokens token.Tokens) int {
	const most = 16
	brackets, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType:
			dashes++
		}
		if brackets > most || dashes > most {
			return line
		}
	}
	return 0
}

// mapping is a YAML mapping under reading. Findings call it what.
type mapping struct {
	sheet
	what   string
	line   int
	fields map[string]ast.Node
}

// mapping reads the fields of the node; only known ones may stand there.
func (s sheet) mapping(node ast.Node, what string, known ...string) (mapping, bool) {
	m := mapping{s, what, lineOf(node), map[string]ast.Node{}}
	values, ok := node.(ast.MapNode)
	if !ok {
		s.find(m.line, what+" has no fields", "write it as lines of field: value, with "+strings.Join(known, ", "))
		return m, false
	}
	for each := values.MapRange(); each.Next(); {
		name := each.Key().GetToken()
		if !slices.Contains(known, name.Value) {
			s.find(name.Position.Line, what+" has an unknown field "+quoted(name.Value), oneOf(known))
			continue
		}
		m.fields[name.Value] = each.Value()
	}
	return m, true
}

// field returns the value of a field that must be there.
func (m mapping) field(name string) (ast.Node, bool) {
	if !m.has(name) {
		m.find(m.line, m.what+" has no "+name, "add "+name+": …")
		return nil, false
	}
	return m.fields[name], true
}

// has reports whether the field is there and not empty.
func (m mapping) has(name string) bool {
	node, ok := m.fields[name]
	if !ok || node.Type() == ast.NullType {
		return false
	}
	if list, ok := node.(*ast.SequenceNode); ok {
		return len(list.Values) > 0
	}
	text, ok := scalar(node)
	return !ok || text != ""
}

// word returns the text of a field that must be there.
func (m mapping) word(name string) (word, bool) {
	node, ok := m.field(name)
	if !ok {
		return word{line: m.line}, false
	}
	return m.sheet.word(node, name+" of "+m.what)
}

// maybe returns the text of a field that may be left out.
func (m mapping) maybe(name string) word {
	if !m.has(name) {
		return word{line: m.line}
	}
	w, _ := m.word(name)
	return w
}

// text returns a wording, which must be there in both languages.
func (m mapping) text(name string) courses.Text {
	node, ok := m.field(name)
	if !ok {
		return courses.Text{}
	}
	of, ok := m.mapping(node, name+" of "+m.what, string(courses.Indonesian), string(courses.English))
	if !ok {
		return courses.Text{}
	}
	return courses.Text{ID: of.in(courses.Indonesian), EN: of.in(courses.English)}
}

func (m mapping) in(lang courses.Lang) string {
	if !m.has(string(lang)) {
		m.find(m.line, m.what+" has no "+langNames[lang], "add "+string(lang)+": …")
		return ""
	}
	w, _ := m.word(string(lang))
	return w.text
}

var langNames = map[courses.Lang]string{courses.Indonesian: "Indonesian", courses.English: "English"}

// number returns a number that must be there; it is judged by fits, which rule words.
func (m mapping) number(name string, fits func(float64) bool, rule string) float64 {
	w, ok := m.word(name)
	if !ok {
		return 0
	}
	n, err := strconv.ParseFloat(w.text, 64)
	if err != nil || !fits(n) {
		m.find(w.line, name+" is "+w.text, "write a number "+rule)
		return 0
	}
	return n
}

// list returns the entries of a field that must be there.
func (m mapping) list(name string) []ast.Node {
	node, ok := m.field(name)
	if !ok {
		return nil
	}
	entries, ok := node.(*ast.SequenceNode)
	if !ok {
		m.find(lineOf(node), name+" of "+m.what+" is no list", "write a line with a dash for each entry")
		return nil
	}
	return entries.Values
}

// words returns the texts of a list that must be there.
func (m mapping) words(name string) []word {
	nodes := m.list(name)
	words := make([]word, 0, len(nodes))
	for _, node := range nodes {
		if w, ok := m.sheet.word(node, "entry of "+name+" of "+m.what); ok {
			words = append(words, w)
		}
	}
	return words
}

// word reads a node that must be plain text.
func (s sheet) word(node ast.Node, what string) (word, bool) {
	text, ok := scalar(node)
	if !ok || text == "" {
		s.find(lineOf(node), what+" is no plain text", "write it out between double quotes")
		return word{line: lineOf(node)}, false
	}
	return word{text, lineOf(node)}, true
}

// scalar returns the text of a node as it is written; it has none when it is empty, a list, a mapping, an
// anchor, an alias or a tag.
func scalar(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return strings.TrimSpace(node.Value), true
	case *ast.LiteralNode:
		return strings.TrimSpace(node.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node.GetToken().Value, true
	}
	return "", false
}

func lineOf(node ast.Node) int {
	if t := node.GetToken(); t != nil {
		return t.Position.Line
	}
	return 1
}
