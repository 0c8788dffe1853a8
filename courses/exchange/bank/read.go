package bank

import (
	"bytes"

	"melek/courses"
)

// Read reads a file in whichever of the formats it is; what does not say its language is in lang. A file that
// cannot be read at all is a courses.Problem of the kind Invalid.
func Read(data []byte, lang courses.Lang) (*Haul, error) {
	if isZip(data) {
		return ReadQTI(data, lang)
	}
	if !isXML(data) {
		return ReadGIFT(data, lang)
	}
	root, err := parse(data)
	if err != nil {
		return nil, err
	}
	if root.name == "quiz" {
		return readMoodle(root, lang)
	}
	return readQTI(root, lang)
}

func isZip(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// isXML tells a file of XML from one of GIFT, which may also begin with an element of HTML.
func isXML(data []byte) bool {
	start := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), space)
	for _, sign := range []string{"<?xml", "<!DOCTYPE", "<!--", "<quiz", "<assessment", "<qti-",
		"<questestinterop"} {
		if bytes.HasPrefix(start, []byte(sign)) {
			return true
		}
	}
	return false
}

// done returns what was got; a file with nothing in it is an error.
func (in *intake) done() (*Haul, error) {
	if len(in.haul.Notes) == 0 {
		return nil, courses.Problemf(courses.Invalid, "bank.empty")
	}
	return in.haul, nil
}
