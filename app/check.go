package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"melek/courses"
	"melek/courses/content"
	"melek/courses/gate"
)

// checkCommand holds courses against the content gate. It needs no database.
type checkCommand struct {
	Confirm bool     `help:"Note in each folder that its English was compared with its Indonesian."`
	Only    []string `placeholder:"PART" help:"With --confirm, only these modules or items, or \"course\"."`
	Report  bool     `help:"Write the courses in figures to standard output, as Markdown."`
	Courses []string `arg:"" optional:"" name:"course" help:"Folder of courses, or a shipped one's id."`
}

// Run judges the named courses, all shipped ones where none is named. Findings go to standard error.
func (c *checkCommand) Run() error {
	if len(c.Only) > 0 && !c.Confirm {
		return &usageError{errors.New("--only goes with --confirm")}
	}
	if c.Confirm {
		return c.confirm()
	}
	shipped, unfit := loadAll(content.Shipped())
	named, more, err := c.named(shipped)
	if err != nil {
		return err
	}
	if len(c.Courses) > 0 {
		unfit = more
	}
	found := judge(shipped, named)
	if len(c.Courses) == 0 {
		for _, id := range gate.Shipped().Untaught(named) {
			found = append(found, gate.Finding{Course: "curriculum", Part: id, Message: "no module teaches it",
				Mend: "write one"})
		}
	}
	for _, line := range unfit {
		complain("%s", line)
	}
	for _, f := range found {
		complain("%s", f)
	}
	if c.Report {
		fmt.Print(gate.Document(named))
	}
	if n := len(unfit) + len(found); n > 0 {
		complain("%d findings", n)
		return errTold
	}
	tell("%d courses pass the gate", len(named))
	return nil
}

// judge holds the named courses against the gate, and against the shipped ones that they do not replace.
func judge(shipped, named []*courses.Course) []gate.Finding {
	isNamed := func(id string) bool {
		return slices.ContainsFunc(named, func(c *courses.Course) bool { return c.ID == id })
	}
	all := slices.DeleteFunc(slices.Clone(shipped), func(c *courses.Course) bool { return isNamed(c.ID) })
	return slices.DeleteFunc(gate.Judge(append(all, named...), gate.Shipped()),
		func(f gate.Finding) bool { return !isNamed(f.Course) })
}

// named are the courses that the arguments name, and what keeps others of them from being loaded.
func (c *checkCommand) named(shipped []*courses.Course) (named []*courses.Course, unfit []string, err error) {
	if len(c.Courses) == 0 {
		return shipped, nil, nil
	}
	for _, name := range c.Courses {
		i := slices.IndexFunc(shipped, func(s *courses.Course) bool { return s.ID == name })
		folders, err := foldersOf(name)
		switch {
		case err != nil && i >= 0:
			named = append(named, shipped[i])
		case err != nil:
			return nil, nil, err
		}
		for _, folder := range folders {
			course, err := content.Load(os.DirFS(filepath.Dir(folder)), filepath.Base(folder))
			if err != nil {
				unfit = append(unfit, strings.Split(err.Error(), "\n")...)
				continue
			}
			named = append(named, course)
		}
	}
	return named, unfit, nil
}

// foldersOf lists the folders of courses at the path: itself, or those in it.
func foldersOf(path string) ([]string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(path, "course.yaml")); err == nil {
		return []string{path}, nil
	}
	found, err := filepath.Glob(filepath.Join(path, "*", "course.yaml"))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there is no course at %s", path)
	}
	for i := range found {
		found[i] = filepath.Dir(found[i])
	}
	return found, err
}

// loadAll loads every course of a folder of courses; of those that are unfit it returns the findings.
func loadAll(files fs.FS) (all []*courses.Course, unfit []string) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, []string{err.Error()}
	}
	for _, entry := range entries {
		course, err := content.Load(files, entry.Name())
		if err != nil {
			unfit = append(unfit, strings.Split(err.Error(), "\n")...)
			continue
		}
		all = append(all, course)
	}
	return all, unfit
}

// confirm writes translations.yaml of each named folder.
func (c *checkCommand) confirm() error {
	if len(c.Courses) == 0 {
		return &usageError{errors.New("--confirm needs the folder of a course")}
	}
	for _, name := range c.Courses {
		folders, err := foldersOf(name)
		if err != nil {
			return err
		}
		for _, folder := range folders {
			source, err := content.Gather(os.DirFS(filepath.Dir(folder)), filepath.Base(folder))
			if err != nil {
				return err
			}
			text, err := content.Confirm(source, c.Only...)
			if err != nil {
				return err
			}
			file := filepath.Join(folder, content.TranslationsFile)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				return err
			}
			tell("%s: confirmed", source.Course)
		}
	}
	return nil
}
