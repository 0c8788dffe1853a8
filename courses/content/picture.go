package content

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"melek/courses"
)

// mostPicture is how many bytes a picture may have, so that a lesson stays light on a slow network.
const mostPicture = 8 << 10

// pictureName is that of a picture, with the language where it holds words of one.
var pictureName = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(id|en))?\.svg$`)

// svgNamespace is the only one that a picture may name.
const svgNamespace = "http://www.w3.org/2000/svg"

// The elements and attributes that a picture may have: shapes and how they look. There is nothing among them
// that runs, that fetches or that is styled from elsewhere, and whatever else a file has keeps the course
// from being loaded: it is served as it was read.
var (
	svgElements = words(`svg g path rect circle ellipse line polyline polygon title desc defs use marker clipPath
		linearGradient radialGradient stop text tspan`)
	svgAttributes = words(`id d x y x1 y1 x2 y2 cx cy r rx ry dx dy width height points viewBox transform fill
		fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-dasharray stroke-opacity
		stroke-miterlimit opacity offset stop-color stop-opacity gradientUnits gradientTransform clip-path
		marker-start marker-mid marker-end markerWidth markerHeight markerUnits refX refY orient href
		preserveAspectRatio font-family font-size font-weight text-anchor`)
	viewBox  = regexp.MustCompile(`^0 0 ([1-9][0-9]{1,3}) ([1-9][0-9]{1,3})$`)
	within   = regexp.MustCompile(`^#[A-Za-z][A-Za-z0-9-]*$`)
	withinBy = regexp.MustCompile(`^url\(#[A-Za-z][A-Za-z0-9-]*\)$`)
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}

// readPictures checks every picture in the folder.
func (r *reading) readPictures() {
	for _, name := range slices.Sorted(maps.Keys(r.source.Files)) {
		if !strings.HasSuffix(name, ".svg") {
			continue
		}
		text := r.source.Files[name]
		if !pictureName.MatchString(name) {
			r.find(name, 1, "has a name that no lesson can show",
				"name it with small letters and digits, joined by hyphens, such as para-pihak.svg or para-pihak.id.svg")
			continue
		}
		if len(text) > mostPicture {
			r.find(name, 1, fmt.Sprintf("has %d bytes", len(text)),
				fmt.Sprintf("draw it more simply; %d at most", mostPicture))
		}
		p := courses.Picture{Body: text, Digest: digest(text)}
		p.Width, p.Height = r.checkPicture(name, text)
		if r.course.Pictures == nil {
			r.course.Pictures = map[string]courses.Picture{}
		}
		r.course.Pictures[name] = p
	}
}

// checkPicture finds what a picture may not have, and returns its size.
func (r *reading) checkPicture(name, text string) (width, height int) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	depth := 0
	for {
		token, err := decoder.Token()
		line, _ := decoder.InputPos()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.find(name, line, "is not XML: "+xmlMessage(err), "open it in a browser and mend it there")
			return width, height
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				width, height = r.checkRoot(name, line, t)
			}
			depth++
			r.checkElement(name, line, t)
		case xml.EndElement:
			depth--
		case xml.Directive:
			r.find(name, line, "has a document type", "take the line <!…> away")
		case xml.ProcInst:
			if t.Target != "xml" {
				r.find(name, line, "has an instruction "+quoted(t.Target), "take the line <?…?> away")
			}
		}
	}
	return width, height
}

func xmlMessage(err error) string {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Msg
	}
	return err.Error()
}

// checkRoot reads the size of the picture from its root.
func (r *reading) checkRoot(name string, line int, root xml.StartElement) (width, height int) {
	if root.Name.Local != "svg" || root.Name.Space != svgNamespace {
		r.find(name, line, "is no SVG picture",
			`begin it with <svg xmlns="`+svgNamespace+`" viewBox="0 0 640 360">`)
		return 0, 0
	}
	for _, a := range root.Attr {
		if size := viewBox.FindStringSubmatch(a.Value); a.Name.Local == "viewBox" && size != nil {
			width, _ = strconv.Atoi(size[1])
			height, _ = strconv.Atoi(size[2])
		}
	}
	if width == 0 {
		r.find(name, line, "has no size", `give <svg> a viewBox="0 0 640 360", with whole numbers`)
	}
	return width, height
}

func (r *reading) checkElement(name string, line int, e xml.StartElement) {
	if !svgElements[e.Name.Local] || e.Name.Space != svgNamespace {
		r.find(name, line, "has an element <"+e.Name.Local+">", "take it away; a picture is made of shapes")
		return
	}
	if parts := pictureName.FindStringSubmatch(name); e.Name.Local == "text" && parts[1] == "" {
		r.find(name, line, "has words in the drawing", "draw it without, or make one file a language: "+
			strings.TrimSuffix(name, ".svg")+".id.svg and "+strings.TrimSuffix(name, ".svg")+".en.svg")
	}
	for _, a := range e.Attr {
		switch local := a.Name.Local; {
		case local == "xmlns" && a.Value == svgNamespace:
		case a.Name.Space != "" || !svgAttributes[local]:
			r.find(name, line, "has an attribute "+quoted(local), "take it away; looks are attributes such as fill")
		case local == "href" && !within.MatchString(a.Value),
			strings.Contains(strings.ToLower(a.Value), "url(") && !withinBy.MatchString(a.Value):
			r.find(name, line, local+" refers to "+quoted(a.Value),
				"refer to an id within the picture, such as #kantor")
		}
	}
}

// showPicture checks an image of a lesson and gives it the picture's size, so that the page does not jump
// when it comes.
func (r *reading) showPicture(name string, line int, image *ast.Image, source []byte) {
	file := string(image.Destination)
	parts := pictureName.FindStringSubmatch(file)
	picture, ok := r.course.Pictures[file]
	switch lesson := lessonName.FindStringSubmatch(name); {
	case parts == nil || !ok:
		r.find(name, line, "shows a picture "+quoted(file)+", which is not there",
			"put an SVG file of that name into the folder of the course")
		return
	case parts[1] != "" && parts[1] != lesson[3]:
		r.find(name, line, "shows a picture with words of the other language", "show "+
			strings.TrimSuffix(file, parts[1]+".svg")+lesson[3]+".svg")
	}
	if strings.TrimSpace(altOf(image, source)) == "" {
		r.find(name, line, "shows "+file+" without words", "say between ![ and ] what there is to see")
	}
	image.Title = nil
	image.SetAttributeString("width", []byte(strconv.Itoa(picture.Width)))
	image.SetAttributeString("height", []byte(strconv.Itoa(picture.Height)))
	image.SetAttributeString("loading", []byte("lazy"))
	r.shown[file] = true
}

func altOf(image *ast.Image, source []byte) string {
	var b strings.Builder
	for n := image.FirstChild(); n != nil; n = n.NextSibling() {
		if t, ok := n.(*ast.Text); ok {
			b.Write(t.Segment.Value(source))
		}
	}
	return b.String()
}

// unshownPictures finds pictures that no lesson shows.
func (r *reading) unshownPictures() {
	for name := range r.course.Pictures {
		if !r.shown[name] {
			r.find(name, 1, "is shown in no lesson", "show it with ![…]("+name+"), or take it away")
		}
	}
}
