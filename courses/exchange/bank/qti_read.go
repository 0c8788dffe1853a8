package bank

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"melek/courses"
)

// ReadQTI reads QTI 2 or 3: a package with its manifest, a zip file of items without one, or a single item.
// What does not say its language is in lang; an item that is there in both languages becomes one.
func ReadQTI(data []byte, lang courses.Lang) (*Haul, error) {
	if err := checkSize(data); err != nil {
		return nil, err
	}
	if !isZip(data) {
		root, err := parse(data)
		if err != nil {
			return nil, err
		}
		return readQTI(root, lang)
	}
	files, err := unzip(data)
	if err != nil {
		return nil, err
	}
	in := newIntake(lang)
	in.qtiPackage(files)
	return in.done()
}

// readQTI reads a single item.
func readQTI(root *node, lang courses.Lang) (*Haul, error) {
	if root = modern(root); root.name != "assessmentItem" {
		return nil, courses.Problemf(courses.Invalid, "bank.format", root.name)
	}
	in := newIntake(lang)
	in.qtiItem(root, nil)
	return in.done()
}

// mostFiles is how many files a package may hold.
const mostFiles = 20_000

// unzip unpacks the XML files of a package. What the package says of sizes is not believed.
func unzip(data []byte) (map[string][]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, courses.Problemf(courses.Invalid, "bank.zip")
	}
	if len(archive.File) > mostFiles {
		return nil, courses.Problemf(courses.Invalid, "bank.many_files", mostFiles)
	}
	files := map[string][]byte{}
	left := int64(MaxBytes)
	for _, f := range archive.File {
		if !strings.EqualFold(path.Ext(f.Name), ".xml") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, courses.Problemf(courses.Invalid, "bank.zip")
		}
		content, err := io.ReadAll(io.LimitReader(r, left+1))
		if closeErr := r.Close(); err != nil || closeErr != nil {
			return nil, courses.Problemf(courses.Invalid, "bank.zip")
		}
		if left -= int64(len(content)); left < 0 {
			return nil, courses.Problemf(courses.Invalid, "bank.too_large", MaxBytes>>20)
		}
		files[path.Clean(f.Name)] = content
	}
	return files, nil
}

// modern renames the elements and attributes of QTI 3 as QTI 2 has them, which is all in which the two differ
// for what Melek takes.
func modern(n *node) *node {
	if bare, ok := strings.CutPrefix(n.name, "qti-"); ok {
		n.name = camel(bare)
		for i := range n.attrs {
			n.attrs[i].Name.Local = camel(n.attrs[i].Name.Local)
		}
	}
	for _, k := range n.kids {
		modern(k)
	}
	return n
}

const manifestFile = "imsmanifest.xml"

// qtiPackage reads the items that the manifest names, in its order, or every item where there is none.
func (in *intake) qtiPackage(files map[string][]byte) {
	names, tagged := in.qtiResources(files)
	trees := map[string]*node{}
	for _, name := range slices.Sorted(mapKeys(files)) {
		if name == manifestFile || !bytes.Contains(files[name], []byte("ssessment")) &&
			!bytes.Contains(files[name], []byte("assessment-")) {
			continue
		}
		if root, err := parse(files[name]); err == nil {
			trees[name] = modern(root)
		} else if slices.Contains(names, name) {
			in.haul.Notes = append(in.haul.Notes, Note{name, 0, "", LeftOut, err})
		}
	}
	if names == nil {
		names = slices.Sorted(mapKeys(trees))
	}
	sections := qtiSections(trees)
	for _, name := range names {
		root := trees[name]
		switch {
		case root == nil && files[name] == nil:
			in.haul.Notes = append(in.haul.Notes, Note{name, 0, "", LeftOut,
				courses.Problemf(courses.Invalid, "bank.no_file", name)})
		case root != nil && root.name == "assessmentItem":
			in.file, in.group = name, sections[name]
			in.qtiItem(root, tagged[name])
		}
	}
	in.file = ""
}

func mapKeys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// qtiResources lists the files of the items in a manifest with their keywords; nil where there is no manifest
// that can be read.
func (in *intake) qtiResources(files map[string][]byte) (names []string, tagged map[string][]string) {
	manifest, ok := files[manifestFile]
	if !ok {
		return nil, nil
	}
	root, err := parse(manifest)
	if err != nil {
		in.haul.Notes = append(in.haul.Notes, Note{manifestFile, 0, "", LeftOut, err})
		return nil, nil
	}
	tagged = map[string][]string{}
	names = []string{}
	for _, r := range root.at("resources").all("resource") {
		if !strings.Contains(r.attr("type"), "item") {
			continue
		}
		name := path.Clean(r.attr("href"))
		names = append(names, name)
		for _, keyword := range r.at("metadata").deep(named("keyword")) {
			for _, s := range keyword.kids {
				tagged[name] = append(tagged[name], s.content())
			}
		}
	}
	return names, tagged
}

// qtiSections tells in which section of a test each item's file stands.
func qtiSections(trees map[string]*node) map[string]string {
	sections := map[string]string{}
	for name, root := range trees {
		if root.name != "assessmentTest" {
			continue
		}
		var walk func(n *node, title string)
		walk = func(n *node, title string) {
			if n.name == "assessmentSection" {
				title = n.attr("title")
			}
			if n.name == "assessmentItemRef" {
				sections[path.Join(path.Dir(name), n.attr("href"))] = tidy(title)
			}
			for _, k := range n.kids {
				walk(k, title)
			}
		}
		walk(root, "")
	}
	return sections
}
