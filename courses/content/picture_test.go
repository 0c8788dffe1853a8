package content_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"melek/courses/content"
)

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360"><rect width="640" height="360" fill="#fff"/></svg>`

// withPicture is the example with files that are pictures, shown in both lessons of the first module where shows
// says so; «*» in it stands for the language.
func withPicture(shows string, pictures map[string]string) fstest.MapFS {
	files := example()
	for _, lang := range []string{"id", "en"} {
		if shows != "" {
			change(files, "01-satu."+lang+".md", "- Satu", "- Satu\n\n"+strings.ReplaceAll(shows, "*", lang))
		}
	}
	for name, text := range pictures {
		files["contoh/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestALessonShowsPictures(t *testing.T) {
	files := withPicture("![Gambar *](dua-salinan.svg \"judul\") dan ![Kata *](kata.*.svg)", map[string]string{
		"dua-salinan.svg": drawing, "kata.id.svg": strings.Replace(drawing, "<rect", "<text x=\"1\" y=\"9\">desa</text><rect", 1),
		"kata.en.svg": strings.Replace(drawing, "<rect", "<text x=\"1\" y=\"9\">village</text><rect", 1)})
	c, err := content.Load(files, "contoh")
	if err != nil {
		t.Fatal(err)
	}
	want := `<img src="dua-salinan.svg" alt="Gambar en" width="640" height="360" loading="lazy"> dan ` +
		`<img src="kata.en.svg" alt="Kata en" width="640" height="360" loading="lazy">`
	if !strings.Contains(c.Modules[0].Body.EN, want) {
		t.Errorf("the lesson is\n%s\nwant in it\n%s", c.Modules[0].Body.EN, want)
	}
	p := c.Pictures["dua-salinan.svg"]
	if len(c.Pictures) != 3 || p.Body != drawing || len(p.Digest) != 12 || p.Digest == c.Pictures["kata.id.svg"].Digest {
		t.Errorf("pictures = %+v", c.Pictures)
	}
	if before, err := content.Load(example(), "contoh"); err != nil || before.Version == c.Version {
		t.Errorf("a picture makes no new version (%v)", err)
	}
}

func TestFindingsOfPictures(t *testing.T) {
	root := func(rest string) string { return strings.Replace(drawing, "<rect", rest+"<rect", 1) }
	tests := []struct{ name, file, text, want string }{
		{"a script", "a.svg", root("<script>alert(1)</script>"),
			"a.svg:1: has an element <script>; take it away; a picture is made of shapes"},
		{"a foreign object", "a.svg", root("<foreignObject/>"), "a.svg:1: has an element <foreignObject>; take it away; a picture is made of shapes"},
		{"a style sheet", "a.svg", root("<style>@import url(https://x.id/)</style>"),
			"a.svg:1: has an element <style>; take it away; a picture is made of shapes"},
		{"an image from elsewhere", "a.svg", root(`<image href="https://x.id/a.png"/>`),
			"a.svg:1: has an element <image>; take it away; a picture is made of shapes"},
		{"an element of another namespace", "a.svg", root(`<path xmlns="http://www.w3.org/1999/xhtml"/>`),
			"a.svg:1: has an element <path>; take it away; a picture is made of shapes"},
		{"an event handler", "a.svg", root("<g>\n<circle r=\"1\" onclick=\"alert(1)\"/></g>"),
			`a.svg:2: has an attribute "onclick"; take it away; looks are attributes such as fill`},
		{"a style", "a.svg", root(`<g style="fill:url(//x.id)"/>`), `a.svg:1: has an attribute "style"; take it away; looks are attributes such as fill`},
		{"a link with a prefix", "a.svg", strings.Replace(root(`<use xlink:href="https://x.id/#a"/>`), "<svg ",
			`<svg xmlns:xlink="http://www.w3.org/1999/xlink" `, 1),
			"a.svg:1: has an attribute \"href\"; take it away; looks are attributes such as fill\n" +
				`a.svg:1: has an attribute "xlink"; take it away; looks are attributes such as fill`},
		{"a reference to elsewhere", "a.svg", root(`<use href="b.svg#a"/>`),
			`a.svg:1: href refers to "b.svg#a"; refer to an id within the picture, such as #kantor`},
		{"a colour from elsewhere", "a.svg", root(`<g fill="URL(https://x.id/)"/>`),
			`a.svg:1: fill refers to "URL(https://x.id/)"; refer to an id within the picture, such as #kantor`},
		{"a document type", "a.svg", "<!DOCTYPE svg [<!ENTITY a \"b\">]>\n" + drawing, "a.svg:1: has a document type; take the line <!…> away"},
		{"an instruction", "a.svg", "<?xml-stylesheet href=\"a.css\"?>\n" + drawing,
			`a.svg:1: has an instruction "xml-stylesheet"; take the line <?…?> away`},
		{"an entity", "a.svg", root("<title>&a;</title>"), "a.svg:1: is not XML: invalid character entity &a;; open it in a browser and mend it there"},
		{"no end", "a.svg", strings.TrimSuffix(drawing, "</svg>"), "a.svg:1: is not XML: unexpected EOF; open it in a browser and mend it there"},
		{"another root", "a.svg", "<html/>", "a.svg:1: has an element <html>; take it away; a picture is made of shapes\n" +
			"a.svg:1: is no SVG picture; begin it with <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 360\">"},
		{"no size", "a.svg", strings.Replace(drawing, `viewBox="0 0 640 360"`, `width="640" height="360"`, 1),
			`a.svg:1: has no size; give <svg> a viewBox="0 0 640 360", with whole numbers`},
		{"too many bytes", "a.svg", root("<desc>" + strings.Repeat("x", 8<<10) + "</desc>"),
			"a.svg:1: has 8317 bytes; draw it more simply; 8192 at most"},
		{"words without a language", "a.svg", root("<text>desa</text>"), "a.svg:1: has words in the drawing; " +
			"draw it without, or make one file a language: a.id.svg and a.en.svg"},
		{"a name that cannot be shown", "A b.svg", drawing, "A b.svg:1: has a name that no lesson can show; " +
			"name it with small letters and digits, joined by hyphens, such as para-pihak.svg or para-pihak.id.svg"},
		{"a picture that nobody sees", "b.svg", drawing, "b.svg:1: is shown in no lesson; show it with ![…](b.svg), or take it away"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			shows := ""
			if tt.file == "a.svg" {
				shows = "![Gambar](a.svg)"
			}
			checkFindings(t, withPicture(shows, map[string]string{tt.file: tt.text}), tt.want)
		})
	}
}

func TestFindingsOfShowingPictures(t *testing.T) {
	tests := []struct{ name, shows, want string }{
		{"no words", "![](a.svg)", "01-satu.en.md:9: shows a.svg without words; say between ![ and ] what there is to see\n" +
			"01-satu.id.md:9: shows a.svg without words; say between ![ and ] what there is to see"},
		{"a picture from elsewhere", "![Gambar](https://x.id/a.svg) ![Gambar](a.svg)",
			"01-satu.en.md:9: shows a picture \"https://x.id/a.svg\", which is not there; put an SVG file of that name into the " +
				"folder of the course\n01-satu.id.md:9: shows a picture \"https://x.id/a.svg\", which is not there; put an SVG file " +
				"of that name into the folder of the course"},
		{"words of the other language", "![Gambar](b.id.svg) ![Gambar](a.svg)",
			"01-satu.en.md:9: shows a picture with words of the other language; show b.en.svg"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pictures := map[string]string{"a.svg": drawing}
			if strings.Contains(tt.shows, "b.id") {
				pictures["b.id.svg"] = drawing
			}
			checkFindings(t, withPicture(tt.shows, pictures), tt.want)
		})
	}
}

// Whatever a picture's file holds, what is let through has nothing that runs or fetches.
func FuzzPicture(f *testing.F) {
	f.Add(drawing)
	f.Add(strings.Replace(drawing, "<rect", "<g onload='x' fill=\"url(#a)\"/><use href='#a'/><rect", 1))
	f.Add("<?xml version=\"1.0\"?><svg:svg xmlns:svg=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"/>")
	f.Fuzz(func(t *testing.T, text string) {
		files := withPicture("![Gambar](a.svg)", map[string]string{"a.svg": text})
		c, err := content.Load(files, "contoh")
		if err != nil {
			return
		}
		body := strings.ToLower(c.Pictures["a.svg"].Body)
		for _, bad := range []string{"<script", "<foreignobject", "<style", "<image", "<!doctype", "<!entity", "<a "} {
			if strings.Contains(withoutComments(body), bad) {
				t.Errorf("a picture with %s is let through: %q", bad, text)
			}
		}
	})
}

func withoutComments(text string) string {
	for {
		before, rest, ok := strings.Cut(text, "<!--")
		if !ok {
			return text
		}
		_, after, _ := strings.Cut(rest, "-->")
		text = before + after
	}
}
