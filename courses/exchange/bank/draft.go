package bank

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"melek/courses"
)

// DraftMark is the first line of a draft. A file without it was written by an author, and is not written
// over.
const DraftMark = "# A draft made by «import items». Take this line away once you work on it by hand."

// WriteDraft writes the items as an items.yaml, as far as they go: what a language lacks is empty there, and
// the loader of courses says so. It is written in the way of the shipped files, one line a wording, which no
// encoder does.
func WriteDraft(w io.Writer, entries []Entry) error {
	var b bytes.Buffer
	b.WriteString(DraftMark + "\nitems:\n")
	group := ""
	for i := range entries {
		e := &entries[i]
		if e.Group != group {
			group = e.Group
			fmt.Fprintf(&b, "  # %s\n", group)
		}
		draftItem(&b, &e.Item)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func draftItem(b *bytes.Buffer, it *courses.Item) {
	fmt.Fprintf(b, "  - id: %s\n", quote(it.ID))
	if it.Fact != "" {
		fmt.Fprintf(b, "    fact: %s\n", quote(it.Fact))
	}
	fmt.Fprintf(b, "    type: %s\n", it.Type)
	if it.Pillar != "" {
		fmt.Fprintf(b, "    pillar: %s\n", it.Pillar)
	}
	fmt.Fprintf(b, "    stem:\n      id: %s\n      en: %s\n", quote(it.Stem.ID), quote(it.Stem.EN))
	if it.Type != courses.TrueFalse {
		draftOptions(b, "options", it.Options)
		draftOptions(b, "targets", it.Targets)
	}
	keys := make([]string, len(it.Key))
	for i, k := range it.Key {
		keys[i] = quote(k)
	}
	switch it.Type {
	case courses.Single, courses.TrueFalse, courses.Number:
		fmt.Fprintf(b, "    key: %s\n", strings.Join(keys, ", "))
	default:
		fmt.Fprintf(b, "    key: [%s]\n", strings.Join(keys, ", "))
	}
	if it.Tolerance != 0 {
		fmt.Fprintf(b, "    tolerance: %s\n", strconv.FormatFloat(it.Tolerance, 'f', -1, 64))
	}
	draftText(b, "    unit", it.Unit)
	draftText(b, "    why", it.Why)
	if it.Withdrawn != "" {
		fmt.Fprintf(b, "    withdrawn: %s\n", quote(it.Withdrawn))
	}
}

func draftOptions(b *bytes.Buffer, field string, options []courses.Option) {
	if len(options) > 0 {
		fmt.Fprintf(b, "    %s:\n", field)
	}
	for _, o := range options {
		fmt.Fprintf(b, "      - id: %s\n", quote(o.ID))
		draftText(b, "        text", o.Text)
		draftText(b, "        why", o.Why)
	}
}

func draftText(b *bytes.Buffer, field string, t courses.Text) {
	if t != (courses.Text{}) {
		fmt.Fprintf(b, "%s: {id: %s, en: %s}\n", field, quote(t.ID), quote(t.EN))
	}
}

// quote writes a text between double quotes, in which YAML and JSON do not differ.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can always be encoded
	return strings.TrimSpace(b.String())
}
