package bank

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"melek/courses"
)

// QTIVersion is an edition of the specification.
type QTIVersion int

// The editions that are written: 2.1, which every system reads, and 3.0.
const (
	QTI21 QTIVersion = iota + 1
	QTI30
)

// edition is what the editions call the same things.
type edition struct {
	item, pack, lom, schema, number, kind, template string
}

var editions = map[QTIVersion]edition{
	QTI21: {item: "http://www.imsglobal.org/xsd/imsqti_v2p1", pack: "http://www.imsglobal.org/xsd/imscp_v1p1",
		lom: "http://ltsc.ieee.org/xsd/LOM", schema: "QTIv2.1 Package", number: "1.0.0", kind: "xmlv2p1",
		template: "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"},
	QTI30: {item: "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
		pack: "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", lom: "http://ltsc.ieee.org/xsd/LOM",
		schema: "QTI Package", number: "3.0.0", kind: "xmlv3p0",
		template: "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"},
}

// WriteQTI writes the bank as a package. QTI has no item in two languages, so an item stands there once in
// each, in files of one name, and a test for each language holds them in order.
func WriteQTI(w io.Writer, b Bank, version QTIVersion) error {
	ed := editions[version]
	archive := zip.NewWriter(w)
	resources := el("resources")
	files := map[string]*node{}
	var names []string
	for _, lang := range courses.Langs {
		test, needs := b.qtiTest(lang, ed)
		if len(needs) == 0 {
			continue
		}
		for i := range b.Items {
			it := &b.Items[i].Item
			if it.Stem.In(lang) == "" {
				continue
			}
			name := qtiFile(it, lang)
			names = append(names, name)
			files[name] = qtiItem(it, lang, ed)
			resources.kids = append(resources.kids, qtiResource(it, lang, ed))
		}
		name := "test-" + string(lang) + ".xml"
		names = append(names, name)
		files[name] = test
		resources.kids = append(resources.kids, el("resource", pairs{"identifier", "test-" + string(lang),
			"type", "imsqti_test_" + ed.kind, "href", name}, el("file", pairs{"href", name}), needs))
	}
	manifest := el("manifest", pairs{"xmlns", ed.pack, "identifier", "melek-" + b.Title},
		el("metadata", el("schema", ed.schema), el("schemaversion", ed.number)), el("organizations"), resources)
	files[manifestFile] = manifest
	for _, name := range append([]string{manifestFile}, names...) {
		if name != manifestFile && version == QTI30 {
			renew(files[name])
		}
		f, err := archive.Create(name)
		if err != nil {
			return fmt.Errorf("bank: pack %s: %w", name, err)
		}
		if _, err := f.Write(files[name].write()); err != nil {
			return fmt.Errorf("bank: pack %s: %w", name, err)
		}
	}
	return archive.Close()
}

// renew undoes modern: it names the elements of QTI 2 as QTI 3 does. Those of HTML keep their names.
func renew(n *node) {
	if n.name != "" && !slices.Contains([]string{"p", "div", "span"}, n.name) {
		n.name = "qti-" + kebab(n.name)
		for i := range n.attrs {
			n.attrs[i].Name.Local = kebab(n.attrs[i].Name.Local)
		}
	}
	for _, k := range n.kids {
		renew(k)
	}
}

func qtiFile(it *courses.Item, lang courses.Lang) string {
	return "items/" + string(lang) + "/" + it.ID + ".xml"
}

func qtiResource(it *courses.Item, lang courses.Lang, ed edition) *node {
	name := qtiFile(it, lang)
	r := el("resource", pairs{"identifier", qtiRef(it, lang), "type", "imsqti_item_" + ed.kind, "href", name})
	if all := tags(it); len(all) > 0 {
		general := el("general")
		for _, tag := range all {
			general.kids = append(general.kids, el("keyword", el("string", tag)))
		}
		r.kids = append(r.kids, el("metadata", el("lom", pairs{"xmlns", ed.lom}, general)))
	}
	r.kids = append(r.kids, el("file", pairs{"href", name}))
	return r
}

func qtiRef(it *courses.Item, lang courses.Lang) string { return nameID(it.ID) + "." + string(lang) }

// qtiTest is a test of the items in one language, a section for each group, and what depends on it.
func (b Bank) qtiTest(lang courses.Lang, ed edition) (test *node, needs []*node) {
	part := el("testPart", pairs{"identifier", "part", "navigationMode", "nonlinear",
		"submissionMode", "individual"})
	for i, group := range b.groups() {
		title := group
		if title == "" {
			title = b.Title
		}
		section := el("assessmentSection", pairs{"identifier", "section-" + strconv.Itoa(i+1), "title", title,
			"visible", "true"})
		for j := range b.Items {
			it := &b.Items[j].Item
			if b.Items[j].Group != group || it.Stem.In(lang) == "" {
				continue
			}
			section.kids = append(section.kids, el("assessmentItemRef", pairs{"identifier", qtiRef(it, lang),
				"href", qtiFile(it, lang)}))
			needs = append(needs, el("dependency", pairs{"identifierref", qtiRef(it, lang)}))
		}
		if len(section.kids) > 0 {
			part.kids = append(part.kids, section)
		}
	}
	return el("assessmentTest", pairs{"xmlns", ed.item, "identifier", "test-" + string(lang), "title", b.Title},
		part), needs
}

func qtiItem(it *courses.Item, lang courses.Lang, ed edition) *node {
	why := it.Why.In(lang) != ""
	whys := slices.ContainsFunc(it.Options, func(o courses.Option) bool { return o.Why.In(lang) != "" })
	shape := qtiShape(it)
	item := el("assessmentItem", pairs{"xmlns", ed.item, "identifier", qtiRef(it, lang), "title", it.ID,
		"xml:lang", string(lang), "adaptive", "false", "timeDependent", "false"},
		qtiDeclaration(it, shape), el("outcomeDeclaration", pairs{"identifier", "SCORE", "cardinality", "single",
			"baseType", "float"}, el("defaultValue", el("value", "0"))))
	if whys {
		item.kids = append(item.kids, outcome("FEEDBACK", shape.cardinality))
	}
	if why {
		item.kids = append(item.kids, outcome("EXPLANATION", "single"))
	}
	item.kids = append(item.kids, el("itemBody", qtiBody(it, lang)), qtiProcessing(it, ed, whys, why))
	for _, o := range it.Options {
		if text := o.Why.In(lang); text != "" {
			item.kids = append(item.kids, modal(ed, "FEEDBACK", nameID(o.ID), text))
		}
	}
	if why {
		item.kids = append(item.kids, modal(ed, "EXPLANATION", "shown", it.Why.In(lang)))
	}
	return item
}

func outcome(name, cardinality string) *node {
	return el("outcomeDeclaration", pairs{"identifier", name, "cardinality", cardinality,
		"baseType", "identifier"})
}

// modal is a feedback; QTI 3 wants a body of content in it.
func modal(ed edition, name, id, text string) *node {
	within := any(text)
	if strings.HasSuffix(ed.kind, "v3p0") {
		within = el("contentBody", el("p", text))
	}
	return el("modalFeedback", pairs{"outcomeIdentifier", name, "identifier", id, "showHide", "show"}, within)
}
