package sheet

import (
	"regexp"

	"github.com/goccy/go-yaml/ast"

	"melek/courses/content"
)

// Place is where something is written: a part and the field in it, as far as they can be told.
type Place struct {
	Part  Part
	Field string
}

var lessonForm = regexp.MustCompile(`^[0-9]{2}-(.+)\.(id|en)\.md$`)

// Locate says what is written on a line of a file. A file that cannot be read has no places.
func Locate(files map[string]string, file string, line int) Place {
	if parts := lessonForm.FindStringSubmatch(file); parts != nil {
		return Place{Part{PartModule, parts[1]}, "text"}
	}
	root, err := content.Tree(file, files[file])
	if err != nil {
		return Place{}
	}
	switch file {
	case content.ItemsFile:
		node := entryAt(fields(root)["items"], line)
		if id := word(fields(node)["id"]); id != "" {
			return Place{Part{PartItem, id}, fieldAt(node, line)}
		}
	case content.CourseFile:
		name := fieldAt(root, line)
		if name != "modules" {
			return Place{Part{Kind: PartCourse}, name}
		}
		node := entryAt(fields(root)[name], line)
		if id := word(fields(node)["id"]); id != "" {
			return Place{Part{PartModule, id}, fieldAt(node, line)}
		}
	}
	return Place{}
}

// entryAt is the entry of a list that a line belongs to.
func entryAt(node ast.Node, line int) (found ast.Node) {
	for _, each := range list(node) {
		if startOf(each) <= line {
			found = each
		}
	}
	return found
}

// startOf is the line on which a node begins; a mapping begins with its first field.
func startOf(node ast.Node) int {
	if values, ok := node.(ast.MapNode); ok {
		if each := values.MapRange(); each.Next() {
			return each.Key().GetToken().Position.Line
		}
	}
	return node.GetToken().Position.Line
}

// fieldAt is the field of a mapping that a line belongs to.
func fieldAt(node ast.Node, line int) (found string) {
	values, ok := node.(ast.MapNode)
	if !ok {
		return ""
	}
	for each := values.MapRange(); each.Next(); {
		if name := each.Key().GetToken(); name.Position.Line <= line {
			found = name.Value
		}
	}
	return found
}
