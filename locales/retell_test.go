package locales_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"melek/locales"
)

func words(t *testing.T, lang string) *locales.Words {
	t.Helper()
	book, err := locales.Load(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return book.Words(lang)
}

func TestFindingsAreToldInTheReadersLanguage(t *testing.T) {
	indonesian, english := words(t, "id"), words(t, "en")
	for finding, want := range map[string]string{
		"is missing":                                                    "tidak ada",
		"item number 3 has no id":                                       "butir nomor 3 tidak mempunyai id",
		"option a of ks-1 has no text":                                  "pilihan a pada ks-1 tidak mempunyai teks",
		"stem of ks-1 has no English":                                   "pertanyaan ks-1 tidak mempunyai bahasa Inggris",
		"pass_mark is 170":                                              "nilai lulus berisi 170",
		`key "z" names no option of q-1`:                                `kunci "z" bukan kode pilihan q-1`,
		"q-1 stands in the quiz of module satu and in form A":           "q-1 ada di kuis modul satu dan di bentuk A",
		"its text has a sentence of 31 words in Indonesian: Satu\ndua.": "teks berisi kalimat sepanjang 31 kata dalam bahasa Indonesia: Satu\ndua.",
		"nobody has worded this":                                        "nobody has worded this",
	} {
		if got := indonesian.Retell(finding); got != want {
			t.Errorf("Retell(%q) = %q, want %q", finding, got, want)
		}
		if got := english.Retell(finding); got != finding {
			t.Errorf("in English %q became %q", finding, got)
		}
	}
}

var verb = regexp.MustCompile(`%[-+.0-9]*[a-z]`)

// template is a text as code puts it together, with {} for what is not known before.
func template(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	case *ast.BinaryExpr:
		return template(e.X) + template(e.Y)
	case *ast.CallExpr:
		if s, ok := e.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Sprintf" {
			return verb.ReplaceAllString(template(e.Args[0]), "{}")
		}
		if name, ok := e.Fun.(*ast.Ident); ok && name.Name == "oneOf" {
			return "use one of {}"
		}
	}
	return "{}"
}

// What the loader and the gate can find has its wording: a new finding that lacks one is told of here.
func TestEveryFindingHasItsWording(t *testing.T) {
	checked, told := 0, words(t, "id")
	for _, dir := range []string{"../courses/content", "../courses/gate"} {
		names, err := fs.Glob(os.DirFS(dir), "*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, dir+"/"+name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range foundIn(file) {
				checked++
				if finding := strings.ReplaceAll(text, "{}", "§"); told.Retell(finding) == finding {
					t.Errorf("%s finds %q, which has no wording below [finding]", name, text)
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("%d texts of findings, want those of the loader and the gate", checked)
	}
}

// foundIn lists what is said in calls of find; for the gate, the first argument is a part and no text.
func foundIn(file *ast.File) []string {
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		s, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || s.Sel.Name != "find" {
			return true
		}
		args := call.Args[1:]
		if file.Name.Name == "gate" {
			args = args[:2]
		}
		for _, arg := range args {
			text := verb.ReplaceAllString(template(arg), "{}")
			if strings.Trim(text, "{}") != "" {
				all = append(all, text)
			}
		}
		return true
	})
	return all
}
