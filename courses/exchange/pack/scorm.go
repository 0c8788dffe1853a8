package pack

import (
	"encoding/xml"
	"io"
	"maps"
	"slices"
)

// The parts of a SCORM 1.2 manifest, as the content aggregation model names them.
type (
	scormManifest struct {
		XMLName   xml.Name `xml:"manifest"`
		ID        string   `xml:"identifier,attr"`
		Version   string   `xml:"version,attr"`
		Space     string   `xml:"xmlns,attr"`
		ADL       string   `xml:"xmlns:adlcp,attr"`
		Schema    string   `xml:"metadata>schema"`
		SchemaNo  string   `xml:"metadata>schemaversion"`
		Offered   scormOrganizations
		Resources []scormResource `xml:"resources>resource"`
	}
	scormOrganizations struct {
		XMLName xml.Name `xml:"organizations"`
		Default string   `xml:"default,attr"`
		Only    scormOrganization
	}
	scormOrganization struct {
		XMLName xml.Name    `xml:"organization"`
		ID      string      `xml:"identifier,attr"`
		Title   string      `xml:"title"`
		Items   []scormItem `xml:"item"`
	}
	scormItem struct {
		ID    string `xml:"identifier,attr"`
		Ref   string `xml:"identifierref,attr"`
		Title string `xml:"title"`
	}
	scormResource struct {
		ID    string      `xml:"identifier,attr"`
		Type  string      `xml:"type,attr"`
		Kind  string      `xml:"adlcp:scormtype,attr"`
		Href  string      `xml:"href,attr,omitempty"`
		Files []scormFile `xml:"file"`
		Needs []scormRef  `xml:"dependency"`
	}
	scormFile struct {
		Href string `xml:"href,attr"`
	}
	scormRef struct {
		Ref string `xml:"identifierref,attr"`
	}
)

const scormCommon = "common"

// SCORM writes the course as a SCORM 1.2 package in which each module is one SCO.
func SCORM(w io.Writer, j Job) error {
	files, err := j.files("scorm.js")
	if err != nil {
		return err
	}
	organization := scormOrganization{ID: "course", Title: j.In(j.Course.Title)}
	shared := scormResource{ID: scormCommon, Type: "webcontent", Kind: "asset"}
	var resources []scormResource
	own := map[string]bool{}
	for i, m := range j.Course.Modules {
		name := fileOf(i, m)
		own[name] = true
		organization.Items = append(organization.Items, scormItem{"item-" + m.ID, "sco-" + m.ID, j.In(m.Title)})
		resources = append(resources, scormResource{"sco-" + m.ID, "webcontent", "sco", name,
			[]scormFile{{name}}, []scormRef{{scormCommon}}})
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !own[name] {
			shared.Files = append(shared.Files, scormFile{name})
		}
	}
	return write(w, "imsmanifest.xml", scormManifest{ID: "melek-" + j.Course.ID + "-" + string(j.Lang),
		Version: "1.0", Space: "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
		ADL: "http://www.adlnet.org/xsd/adlcp_rootv1p2", Schema: "ADL SCORM", SchemaNo: "1.2",
		Offered:   scormOrganizations{Default: organization.ID, Only: organization},
		Resources: append(resources, shared)}, files)
}
