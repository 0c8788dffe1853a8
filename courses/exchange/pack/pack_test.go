package pack_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/exchange/pack"
	"melek/locales"
)

func job(t testing.TB, id string, lang courses.Lang) pack.Job {
	t.Helper()
	course, err := content.Load(content.Shipped(), id)
	if err != nil {
		t.Fatal(err)
	}
	book, err := locales.Load(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	words := book.Words(string(lang))
	return pack.Job{Course: course, Lang: lang, Words: func(key string) string { return words.T(key) },
		Base: "https://melek.example"}
}

// packed writes a package and returns its files, and the name of the first.
func packed(t testing.TB, write func(io.Writer, pack.Job) error, j pack.Job) (files map[string][]byte, first string) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, j); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files, archive.File[0].Name
}

var shipped = []string{"kota-cerdas", "literasi-digital", "pelindungan-data", "keamanan-siber", "pemerintah-digital",
	"data-desa", "ekonomi-digital", "partisipasi-warga", "konektivitas", "fasilitator"}

// scorm is what the specification demands of a manifest.
type scorm struct {
	XMLName xml.Name `xml:"http://www.imsproject.org/xsd/imscp_rootv1p1p2 manifest"`
	Schema  string   `xml:"metadata>schema"`
	Version string   `xml:"metadata>schemaversion"`
	Offered struct {
		Default string `xml:"default,attr"`
		All     []struct {
			ID    string `xml:"identifier,attr"`
			Title string `xml:"title"`
			Items []struct {
				ID    string `xml:"identifier,attr"`
				Ref   string `xml:"identifierref,attr"`
				Title string `xml:"title"`
			} `xml:"item"`
		} `xml:"organization"`
	} `xml:"organizations"`
	Resources []struct {
		ID    string `xml:"identifier,attr"`
		Type  string `xml:"type,attr"`
		Kind  string `xml:"http://www.adlnet.org/xsd/adlcp_rootv1p2 scormtype,attr"`
		Href  string `xml:"href,attr"`
		Files []struct {
			Href string `xml:"href,attr"`
		} `xml:"file"`
		Needs []struct {
			Ref string `xml:"identifierref,attr"`
		} `xml:"dependency"`
	} `xml:"resources>resource"`
}

var xmlID = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9._-]*$`)

func TestSCORMIsAsTheSpecificationDemands(t *testing.T) {
	for _, id := range shipped {
		j := job(t, id, courses.Indonesian)
		files, first := packed(t, pack.SCORM, j)
		if first != "imsmanifest.xml" {
			t.Errorf("%s: the first file is %s", id, first)
		}
		var m scorm
		if err := xml.Unmarshal(files["imsmanifest.xml"], &m); err != nil {
			t.Fatal(err)
		}
		if m.Schema != "ADL SCORM" || m.Version != "1.2" || len(m.Offered.All) != 1 || m.Offered.All[0].ID != m.Offered.Default {
			t.Errorf("%s: the manifest is\n%s", id, files["imsmanifest.xml"])
		}
		listed, known := map[string]bool{"imsmanifest.xml": true}, map[string]string{}
		for _, r := range m.Resources {
			if !xmlID.MatchString(r.ID) || known[r.ID] != "" || r.Type != "webcontent" {
				t.Errorf("%s: resource %+v", id, r)
			}
			known[r.ID] = r.Kind
			for _, f := range r.Files {
				listed[f.Href] = true
			}
			if r.Kind == "sco" && (len(r.Files) != 1 || r.Files[0].Href != r.Href || len(r.Needs) != 1) {
				t.Errorf("%s: SCO %+v", id, r)
			}
		}
		for _, item := range m.Offered.All[0].Items {
			if known[item.Ref] != "sco" || item.Title == "" || !xmlID.MatchString(item.ID) {
				t.Errorf("%s: item %+v leads to no SCO", id, item)
			}
		}
		if got, want := len(m.Offered.All[0].Items), len(j.Course.Modules); got != want {
			t.Errorf("%s: %d items, %d modules", id, got, want)
		}
		if !maps.EqualFunc(listed, files, func(bool, []byte) bool { return true }) {
			t.Errorf("%s: listed %v\nheld %v", id, slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(files)))
		}
	}
}

func TestCMI5IsAsTheSpecificationDemands(t *testing.T) {
	for _, id := range shipped {
		j := job(t, id, courses.English)
		files, _ := packed(t, pack.CMI5, j)
		var s struct {
			XMLName xml.Name `xml:"https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd courseStructure"`
			Course  struct {
				ID    string `xml:"id,attr"`
				Title string `xml:"title>langstring"`
				About string `xml:"description>langstring"`
			} `xml:"course"`
			Units []struct {
				ID      string  `xml:"id,attr"`
				MoveOn  string  `xml:"moveOn,attr"`
				Mastery float64 `xml:"masteryScore,attr"`
				Method  string  `xml:"launchMethod,attr"`
				Title   string  `xml:"title>langstring"`
				About   string  `xml:"description>langstring"`
				URL     string  `xml:"url"`
			} `xml:"au"`
		}
		if err := xml.Unmarshal(files["cmi5.xml"], &s); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{s.Course.ID: true}
		for _, au := range s.Units {
			if u, err := url.Parse(au.ID); err != nil || !u.IsAbs() || seen[au.ID] {
				t.Errorf("%s: the id %q is no address of its own", id, au.ID)
			}
			seen[au.ID] = true
			if au.MoveOn != "Completed" || au.Method != "AnyWindow" || au.Mastery <= 0 || au.Mastery > 1 ||
				au.Title == "" || au.About == "" || files[au.URL] == nil {
				t.Errorf("%s: unit %+v", id, au)
			}
		}
		if s.Course.Title == "" || s.Course.About == "" || len(s.Units) != len(j.Course.Modules) {
			t.Errorf("%s: course %+v with %d units", id, s.Course, len(s.Units))
		}
	}
}

// A test item is in no package, neither its words nor its key.
func TestNoTestItemLeaves(t *testing.T) {
	for _, id := range shipped {
		j := job(t, id, courses.Indonesian)
		for _, write := range []func(io.Writer, pack.Job) error{pack.SCORM, pack.CMI5} {
			files, _ := packed(t, write, j)
			all := string(bytes.Join(slices.Collect(maps.Values(files)), nil))
			for _, f := range j.Course.Forms {
				for _, item := range f.Items {
					if strings.Contains(all, `"`+item+`"`) || strings.Contains(all, html.EscapeString(j.Course.Items[item].Stem.ID)) {
						t.Errorf("%s holds the test item %s", id, item)
					}
				}
			}
			if !strings.Contains(all, `"`+j.Course.Modules[0].Quiz[0]+`"`) {
				t.Errorf("%s does not hold its quiz", id)
			}
		}
	}
}

func TestPagesStandOnTheirOwn(t *testing.T) {
	outside := regexp.MustCompile(`(?:src|href)="([^"#]*)"`)
	for _, id := range shipped {
		for _, lang := range courses.Langs {
			files, _ := packed(t, pack.SCORM, job(t, id, lang))
			for name, page := range files {
				if !strings.HasSuffix(name, ".html") {
					continue
				}
				if bytes.Contains(page, []byte(">pack.")) {
					t.Errorf("%s/%s lacks a wording in %s", id, name, lang)
				}
				for _, m := range outside.FindAllSubmatch(page, -1) {
					used := string(m[1])
					if files[used] == nil && !strings.HasPrefix(used, "https://") && !strings.HasPrefix(used, "mailto:") {
						t.Errorf("%s/%s uses %s, which is not in the package", id, name, used)
					}
				}
				_, after, _ := strings.Cut(string(page), `id="melek">`)
				var told struct{ Items []struct{ Key []string } }
				if err := json.Unmarshal([]byte(strings.TrimSpace(strings.Split(after, "</script>")[0])), &told); err != nil || len(told.Items) == 0 {
					t.Errorf("%s/%s: its quiz cannot be read: %v", id, name, err)
				}
			}
		}
	}
}

func TestACourseOfTestsOnlyIsNotPacked(t *testing.T) {
	err := pack.SCORM(io.Discard, job(t, "tes-literasi", courses.Indonesian))
	if courses.KindOf(err) != courses.Invalid {
		t.Errorf("packed with %v", err)
	}
}
