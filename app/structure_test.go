package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// Limits of size; tests are exempt.
const (
	mostFileLines = 400
	mostFuncLines = 60
	mostMethods   = 5 // that an interface declares itself
	mostExported  = 40
	mostColumns   = 110
)

// room says what a package may import: of ours, and of the world beyond the standard library. A room named without a
// rule of its own has that of the nearest one above.
type room struct {
	ours, world []string
}

var rooms = map[string]room{
	"courses":                 {world: []string{"golang.org/x/text"}},
	"courses/record":          {ours: []string{"courses"}, world: []string{"github.com/gowebpki/jcs"}},
	"courses/people":          {ours: []string{"courses"}},
	"courses/tally":           {ours: []string{"courses", "courses/record", "courses/people"}},
	"courses/store":           {ours: []string{"courses", "courses/record", "courses/people", "courses/tally"}},
	"courses/store/memory":    {ours: []string{"courses", "courses/record", "courses/people", "courses/tally", "courses/store"}},
	"courses/store/storetest": {ours: []string{"courses", "courses/record", "courses/people", "courses/tally", "courses/store"}},
	"courses/path":            {ours: []string{"courses", "courses/record", "courses/people", "courses/store"}},
	"courses/access":          {ours: []string{"courses", "courses/people", "courses/store"}, world: []string{"golang.org/x/crypto", "github.com/pquerna/otp"}},
	"courses/ledger":          {ours: []string{"courses", "courses/record", "courses/people", "courses/tally", "courses/store"}, world: []string{"github.com/google/uuid"}},
	"courses/privacy":         {ours: []string{"courses", "courses/record", "courses/people", "courses/store", "courses/ledger"}, world: []string{"github.com/google/uuid"}},
	"courses/content":         {ours: []string{"courses", "courses/record", "courses/store"}, world: []string{"github.com/goccy/go-yaml", "github.com/yuin/goldmark", "github.com/microcosm-cc/bluemonday", "golang.org/x"}},
	"courses/gain/rasch":      {world: []string{"gonum.org/v1/gonum"}},
	"courses/gain/items":      {ours: []string{"courses", "courses/tally", "courses/gain", "courses/gain/rasch"}, world: []string{"gonum.org/v1/gonum"}},
	"courses/gate":            {ours: []string{"courses"}},
	"courses/sheet":           {ours: []string{"courses", "courses/content"}, world: []string{"github.com/goccy/go-yaml", "github.com/sergi/go-diff"}},
	"courses/bench":           {ours: []string{"courses", "courses/content", "courses/gate", "courses/sheet", "courses/store"}},
	"courses/gain":            {ours: []string{"courses", "courses/record", "courses/people", "courses/tally"}, world: []string{"gonum.org/v1/gonum"}},
	"courses/reports":         {ours: []string{"courses", "courses/record", "courses/people", "courses/tally", "courses/store", "courses/gain", "courses/gain/items", "courses/gain/rasch"}},
	"courses/exchange/bank":   {ours: []string{"courses"}, world: []string{"golang.org/x/net/html"}},
	"courses/exchange/pack":   {ours: []string{"courses"}},
	"courses/exchange":        {ours: []string{"courses/..."}, world: []string{"github.com/xuri/excelize", "github.com/go-pdf/fpdf", "golang.org/x"}},
	"locales":                 {world: []string{"github.com/nicksnyder/go-i18n", "github.com/BurntSushi/toml", "golang.org/x/text"}},
	"static":                  {},
	"handlers":                {ours: []string{"courses/...", "locales", "static"}, world: []string{"*"}},
	"app/internal":            {ours: []string{"courses/..."}, world: []string{"*"}},
	"app":                     {ours: []string{"..."}, world: []string{"*"}},
}

// drivers are known in one room each.
var drivers = map[string]string{
	"go.mongodb.org/mongo-driver": "app/internal/mongo",
	"modernc.org/sqlite":          "app/internal/sqlite",
	"github.com/gofiber/fiber":    "handlers",
}

type source struct {
	name string // below the module, with slashes
	pkg  string
	file *ast.File
	set  *token.FileSet
	text string
}

// sources reads every Go file that is no test.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("..", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if base := entry.Name(); base != ".." && (base == "data" || strings.HasPrefix(base, ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		below := strings.TrimPrefix(filepath.ToSlash(name), "../")
		all = append(all, source{below, path.Dir(below), file, set, string(text)})
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d sources read: %v", len(all), err)
	}
	return all
}

func TestImportsPointInward(t *testing.T) {
	for _, s := range sources(t) {
		rule, ok := ruleOf(s.pkg)
		if !ok {
			t.Errorf("%s: package %s has no place in the table of rooms", s.name, s.pkg)
			continue
		}
		for _, spec := range s.file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if why := rule.refuses(s.pkg, name); why != "" {
				t.Errorf("%s imports %s: %s", s.name, name, why)
			}
		}
	}
}

func ruleOf(pkg string) (room, bool) {
	for p := pkg; p != "."; p = path.Dir(p) {
		if rule, ok := rooms[p]; ok {
			return rule, true
		}
	}
	return room{}, false
}

func (r room) refuses(from, name string) string {
	if below, ok := strings.CutPrefix(name, "melek/"); ok {
		if matches(r.ours, below) {
			return ""
		}
		return "not inward"
	}
	for driver, home := range drivers {
		if strings.HasPrefix(name, driver) && from != home && from != "app" {
			return "only " + home + " knows it"
		}
	}
	if first, _, _ := strings.Cut(name, "/"); !strings.Contains(first, ".") {
		return "" // the standard library
	}
	if slices.Contains(r.world, "*") || slices.ContainsFunc(r.world, func(w string) bool {
		return name == w || strings.HasPrefix(name, w+"/")
	}) {
		return ""
	}
	return "this room does not use it"
}

func matches(allowed []string, name string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		prefix, all := strings.CutSuffix(a, "...")
		return a == name || all && strings.HasPrefix(name+"/", prefix)
	})
}

func TestNobodyImportsApp(t *testing.T) {
	for _, s := range sources(t) {
		for _, spec := range s.file.Imports {
			if name, _ := strconv.Unquote(spec.Path.Value); name == "melek/app" {
				t.Errorf("%s imports app", s.name)
			}
		}
	}
}

func TestSizes(t *testing.T) {
	exported := map[string]int{}
	for _, s := range sources(t) {
		lines := strings.Split(s.text, "\n")
		if n := len(lines) - 1; n > mostFileLines {
			t.Errorf("%s has %d lines, at most %d", s.name, n, mostFileLines)
		}
		for i, line := range lines {
			if n := utf8.RuneCountInString(line); n > mostColumns {
				t.Errorf("%s:%d has %d columns, at most %d", s.name, i+1, n, mostColumns)
			}
		}
		exported[s.pkg] += countDecls(t, s)
	}
	for pkg, n := range exported {
		if n > mostExported {
			t.Errorf("package %s has %d exported types and functions, at most %d", pkg, n, mostExported)
		}
	}
}

// countDecls checks functions and interfaces, and counts exported types and functions; methods belong to their type.
func countDecls(t *testing.T, s source) int {
	t.Helper()
	n := 0
	ast.Inspect(s.file, func(node ast.Node) bool {
		switch d := node.(type) {
		case *ast.FuncDecl:
			lines := s.set.Position(d.End()).Line - s.set.Position(d.Pos()).Line + 1
			if lines > mostFuncLines {
				t.Errorf("%s: %s has %d lines, at most %d", s.name, d.Name.Name, lines, mostFuncLines)
			}
			if d.Recv == nil && d.Name.IsExported() {
				n++
			}
		case *ast.TypeSpec:
			if d.Name.IsExported() {
				n++
			}
			if i, ok := d.Type.(*ast.InterfaceType); ok && methods(i) > mostMethods {
				t.Errorf("%s: %s has %d methods, at most %d", s.name, d.Name.Name, methods(i), mostMethods)
			}
		}
		return true
	})
	return n
}

func methods(i *ast.InterfaceType) int {
	n := 0
	for _, m := range i.Methods.List {
		n += len(m.Names)
	}
	return n
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		documented[s.pkg] = documented[s.pkg] || s.file.Doc != nil
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment", pkg)
		}
	}
}

func TestTopLevelIsAsGiven(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"app", "courses", "handlers", "locales", "static", "go.mod", "go.sum", "Procfile",
		"README.md", "LICENSE", "data"}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s has no place at the top level", e.Name())
		}
	}
}
