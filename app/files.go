package main

import (
	"errors"
	"io"
	"os"
)

// outFile is a file that is being written for this user alone, because what is in it is personal. It
// takes its name when it is whole, so that nothing half done lies about under it.
type outFile struct {
	io.Writer
	part *os.File // nil for standard output and devices
	name string
}

// create begins to write the file; a dash is standard output.
func create(name string) (*outFile, error) {
	if name == "-" {
		return &outFile{Writer: os.Stdout}, nil
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		device, err := os.OpenFile(name, os.O_WRONLY, 0)
		return &outFile{Writer: device}, err
	}
	part, err := os.OpenFile(name+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &outFile{Writer: part, part: part, name: name}, nil
}

// finish gives the file its name or, where writing it ended with an error, takes it away.
func (f *outFile) finish(err error) error {
	if f.part == nil {
		return err
	}
	if err == nil {
		err = f.part.Sync()
	}
	err = errors.Join(err, f.part.Close())
	if err == nil {
		return os.Rename(f.part.Name(), f.name)
	}
	return errors.Join(err, os.Remove(f.part.Name()))
}

// open reads a file; a dash is standard input.
func open(name string) (*os.File, error) {
	if name == "-" {
		return os.Stdin, nil
	}
	return os.Open(name)
}

// sizeOf is how many bytes a file has, -1 where that is not known.
func sizeOf(file *os.File) int64 {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return -1
	}
	return info.Size()
}
