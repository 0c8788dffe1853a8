package pack

import (
	"encoding/xml"
	"io"
	"math"
	"strconv"

	"melek/courses"
)

// The parts of a cmi5 course structure.
type (
	cmi5Structure struct {
		XMLName xml.Name   `xml:"courseStructure"`
		Space   string     `xml:"xmlns,attr"`
		Course  cmi5Course `xml:"course"`
		Units   []cmi5Unit `xml:"au"`
	}
	cmi5Course struct {
		ID          string   `xml:"id,attr"`
		Title       cmi5Text `xml:"title>langstring"`
		Description cmi5Text `xml:"description>langstring"`
	}
	cmi5Unit struct {
		ID          string   `xml:"id,attr"`
		MoveOn      string   `xml:"moveOn,attr"`
		Mastery     string   `xml:"masteryScore,attr"`
		Method      string   `xml:"launchMethod,attr"`
		Title       cmi5Text `xml:"title>langstring"`
		Description cmi5Text `xml:"description>langstring"`
		URL         string   `xml:"url"`
	}
	cmi5Text struct {
		Lang string `xml:"lang,attr"`
		Text string `xml:",chardata"`
	}
)

// CMI5 writes the course as a cmi5 package in which each module is one assignable unit. Its ids are the
// addresses of the same pages here, so they stay the same over the versions of the course.
func CMI5(w io.Writer, j Job) error {
	files, err := j.files("cmi5.js")
	if err != nil {
		return err
	}
	text := func(t courses.Text) cmi5Text { return cmi5Text{string(j.Lang), j.In(t)} }
	id := j.Base + "/" + string(j.Lang) + "/courses/" + j.Course.ID
	structure := cmi5Structure{Space: "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd",
		Course: cmi5Course{id, text(j.Course.Title), text(j.Course.Summary)}}
	mastery := strconv.FormatFloat(math.Round(j.Course.PassMark*100)/1e4, 'f', -1, 64)
	for i, m := range j.Course.Modules {
		structure.Units = append(structure.Units, cmi5Unit{ID: id + "/" + m.ID, MoveOn: "Completed",
			Mastery: mastery, Method: "AnyWindow", Title: text(m.Title), Description: text(m.Goal), URL: fileOf(i, m)})
	}
	return write(w, "cmi5.xml", structure, files)
}
