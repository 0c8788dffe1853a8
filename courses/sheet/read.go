package sheet

import (
	"github.com/goccy/go-yaml/ast"

	"melek/courses"
	"melek/courses/content"
)

// Read opens the files of a course. What it cannot make out is empty, for the loader to tell of; only a
// file that is no YAML is an error, content.Findings.
func Read(files map[string]string) (*Sheet, error) {
	s := &Sheet{}
	course, err := content.Tree(content.CourseFile, files[content.CourseFile])
	if err != nil {
		return nil, err
	}
	items, err := content.Tree(content.ItemsFile, files[content.ItemsFile])
	if err != nil {
		return nil, err
	}
	s.course(fields(course), files)
	for i, node := range list(fields(items)["items"]) {
		it := item(fields(node))
		it.at = i + 1
		s.Items = append(s.Items, it)
	}
	return s, nil
}

func (s *Sheet) course(f map[string]ast.Node, files map[string]string) {
	s.ID, s.Pillar = word(f["id"]), word(f["pillar"])
	s.Title, s.Summary = text(f["title"]), text(f["summary"])
	s.PassMark, s.MinutesPerItem = word(f["pass_mark"]), word(f["minutes_per_item"])
	for i, node := range list(f["modules"]) {
		m := fields(node)
		module := Module{ID: word(m["id"]), Goal: text(m["goal"]), Quiz: words(m["quiz"])}
		module.Text.ID = content.Plain(files[content.LessonFile(i+1, module.ID, courses.Indonesian)])
		module.Text.EN = content.Plain(files[content.LessonFile(i+1, module.ID, courses.English)])
		s.Modules = append(s.Modules, module)
	}
	s.Anchors = words(f["anchors"])
	for _, node := range list(f["forms"]) {
		form := fields(node)
		s.Forms = append(s.Forms, courses.Form{ID: word(form["id"]), Items: words(form["items"])})
	}
	for _, node := range list(f["check"]) {
		check := fields(node)
		s.Checks = append(s.Checks, courses.Check{Module: word(check["module"]), Note: text(check["note"])})
	}
}

func item(f map[string]ast.Node) Item {
	it := Item{ID: word(f["id"]), Fact: word(f["fact"]), Pillar: word(f["pillar"]),
		Type: courses.ItemType(word(f["type"])), Stem: text(f["stem"]), Options: options(f["options"]),
		Targets: options(f["targets"]), Tolerance: word(f["tolerance"]), Unit: text(f["unit"]), Why: text(f["why"]),
		Withdrawn: word(f["withdrawn"])}
	if it.Key = words(f["key"]); it.Key == nil {
		if key := word(f["key"]); key != "" {
			it.Key = []string{key}
		}
	}
	if it.Type == "" {
		it.Type = impliedType(it.Key)
	}
	return it
}

// impliedType is the type of an item that names none.
func impliedType(key []string) courses.ItemType {
	if len(key) > 1 {
		return courses.Several
	}
	return courses.Single
}

func options(node ast.Node) []courses.Option {
	var all []courses.Option
	for _, each := range list(node) {
		f := fields(each)
		all = append(all, courses.Option{ID: word(f["id"]), Text: text(f["text"]), Why: text(f["why"])})
	}
	return all
}

// fields are the fields of a mapping by name.
func fields(node ast.Node) map[string]ast.Node {
	all := map[string]ast.Node{}
	values, ok := node.(ast.MapNode)
	if !ok {
		return all
	}
	for each := values.MapRange(); each.Next(); {
		all[each.Key().GetToken().Value] = each.Value()
	}
	return all
}

func list(node ast.Node) []ast.Node {
	if sequence, ok := node.(*ast.SequenceNode); ok {
		return sequence.Values
	}
	return nil
}

func word(node ast.Node) string {
	if node == nil {
		return ""
	}
	text, _ := content.Scalar(node)
	return text
}

func words(node ast.Node) []string {
	var all []string
	for _, each := range list(node) {
		all = append(all, word(each))
	}
	return all
}

func text(node ast.Node) courses.Text {
	f := fields(node)
	return courses.Text{ID: word(f["id"]), EN: word(f["en"])}
}
