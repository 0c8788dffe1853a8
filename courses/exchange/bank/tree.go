package bank

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html/charset"

	"melek/courses"
)

// node is an element of an XML file, or a text where it has no name. Names are local: the systems that write
// these files do not agree on prefixes.
type node struct {
	name  string
	attrs []xml.Attr
	kids  []*node
	text  string
	line  int
}

// What an XML file may be made of. encoding/xml fetches nothing and expands no entity that a file declares,
// so no file grows while it is read.
const (
	mostDepth = 100
	mostNodes = 1_000_000
)

// parse reads an XML file.
func parse(data []byte) (*node, error) {
	if err := checkSize(data); err != nil {
		return nil, err
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	top := &node{}
	stack := []*node{top}
	for count := 0; ; count++ {
		token, err := d.RawToken()
		line, _ := d.InputPos()
		if errors.Is(err, io.EOF) && len(stack) == 1 && len(top.kids) > 0 {
			return top.kids[0], nil
		}
		if err != nil {
			return nil, courses.Problemf(courses.Invalid, "bank.xml", line)
		}
		if count > mostNodes || len(stack) > mostDepth {
			return nil, courses.Problemf(courses.Invalid, "bank.deep", line)
		}
		now := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, attrs: slices.Clone(t.Attr), line: line}
			now.kids = append(now.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			if len(stack) == 1 || now.name != t.Name.Local {
				return nil, courses.Problemf(courses.Invalid, "bank.xml", line)
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 1 {
				now.kids = append(now.kids, &node{text: string(t), line: line})
			}
		}
	}
}

func checkSize(data []byte) error {
	if len(data) > MaxBytes {
		return courses.Problemf(courses.Invalid, "bank.too_large", MaxBytes>>20)
	}
	return nil
}

// attr returns an attribute, empty where there is none.
func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all returns the children of the name.
func (n *node) all(name string) []*node {
	var found []*node
	for _, k := range n.kids {
		if k.name == name {
			found = append(found, k)
		}
	}
	return found
}

// at walks down to the first child of each name; where there is none, it is an empty node.
func (n *node) at(names ...string) *node {
	for _, name := range names {
		kids := n.all(name)
		if len(kids) == 0 {
			return &node{}
		}
		n = kids[0]
	}
	return n
}

// deep returns the elements below that are wanted; it does not look for more within them.
func (n *node) deep(wanted func(*node) bool) []*node {
	var found []*node
	for _, k := range n.kids {
		if k.name != "" && wanted(k) {
			found = append(found, k)
		} else {
			found = append(found, k.deep(wanted)...)
		}
	}
	return found
}

func named(name string) func(*node) bool { return func(n *node) bool { return n.name == name } }

// content returns the text within, without that of elements.
func (n *node) content() string {
	var b strings.Builder
	for _, k := range n.kids {
		b.WriteString(k.text)
	}
	return b.String()
}

// el makes an element of attributes, which are pairs, and of what is within: elements, lists of them, texts.
func el(name string, within ...any) *node {
	n := &node{name: name}
	for _, w := range within {
		switch w := w.(type) {
		case pairs:
			for i := 0; i+1 < len(w); i += 2 {
				n.attrs = append(n.attrs, xml.Attr{Name: xml.Name{Local: w[i]}, Value: w[i+1]})
			}
		case *node:
			if w != nil {
				n.kids = append(n.kids, w)
			}
		case []*node:
			n.kids = append(n.kids, w...)
		case string:
			n.kids = append(n.kids, &node{text: w})
		}
	}
	return n
}

// pairs are attributes: name, value, name, value …
type pairs []string

// write writes the tree with its declaration. Elements that hold elements only get lines of their own.
func (n *node) write() []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	n.writeTo(&b, 0)
	b.WriteByte('\n')
	return b.Bytes()
}

func (n *node) writeTo(b *bytes.Buffer, depth int) {
	if n.name == "" {
		_ = xml.EscapeText(b, []byte(n.text)) // a bytes.Buffer takes every write
		return
	}
	b.WriteString("<" + n.name)
	for _, a := range n.attrs {
		b.WriteString(" " + a.Name.Local + `="`)
		_ = xml.EscapeText(b, []byte(a.Value))
		b.WriteByte('"')
	}
	if len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	apart := !slices.ContainsFunc(n.kids, func(k *node) bool { return k.name == "" })
	for _, k := range n.kids {
		if apart {
			b.WriteString("\n" + strings.Repeat("  ", depth+1))
		}
		k.writeTo(b, depth+1)
	}
	if apart {
		b.WriteString("\n" + strings.Repeat("  ", depth))
	}
	b.WriteString("</" + n.name + ">")
}

// walk reads the elements of a page into the phrase, without those to be skipped.
func (p *phrase) walk(n *node, skip func(*node) bool) {
	for _, k := range n.kids {
		switch {
		case k.name == "":
			p.text(k.text)
		case skip != nil && skip(k):
		default:
			name := strings.ToLower(k.name)
			p.open(name, k.attr, false)
			p.walk(k, skip)
			p.close(name)
		}
	}
}

// camel writes a name of QTI 3, such as response-declaration, as QTI 2 has it.
func camel(name string) string {
	var b strings.Builder
	up := false
	for _, r := range name {
		if r == '-' {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

// kebab undoes camel.
func kebab(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
