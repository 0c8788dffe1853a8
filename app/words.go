package main

import (
	"errors"
	"strings"
	"sync"
	"time"

	"melek/courses"
	"melek/courses/content"
	"melek/locales"
)

// book is every wording; what the command line says is in English.
var book = sync.OnceValue(func() *locales.Book {
	b, err := locales.Load(time.Local)
	if err != nil {
		panic(err) // the wordings are compiled in and tested
	}
	return b
})

// sentence words an error on one line.
func sentence(err error) string {
	var problem *courses.Problem
	if errors.As(err, &problem) {
		return book().Words(string(courses.English)).T("problem."+problem.Key, problem.Args...)
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

// sentences words an error, a line for each finding in a course.
func sentences(err error) []string {
	var findings content.Findings
	if !errors.As(err, &findings) {
		return []string{sentence(err)}
	}
	lines := make([]string, len(findings))
	for i, f := range findings {
		lines[i] = f.String()
	}
	return lines
}
