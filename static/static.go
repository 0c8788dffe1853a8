// Package static holds the files that browsers fetch, each under a name that changes with its
// content, so that they are kept for ever.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
)

//go:embed css js icons
var files embed.FS

// File is one file ready to be sent.
type File struct {
	Type string // media type
	Body []byte
	Gzip []byte // nil where compressing saves nothing
}

// Files is all files by their public name.
type Files struct {
	byName map[string]File
	public map[string]string // public name by plain name
}

// Load reads and compresses the files.
func Load() (*Files, error) {
	f := &Files{byName: map[string]File{}, public: map[string]string{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		return f.add(name, body)
	})
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	return f, nil
}

func (f *Files) add(name string, body []byte) error {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	public := strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:6]) + ext
	zipped, err := Zip(body)
	if err != nil {
		return err
	}
	if len(zipped) >= len(body) {
		zipped = nil
	}
	f.byName[public] = File{Type: mime.TypeByExtension(ext), Body: body, Gzip: zipped}
	f.public[name] = public
	return nil
}

// Zip compresses bytes as small as gzip can.
func Zip(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// Name returns the public name of a file, such as css/melek-0a1b2c3d4e5f.css for css/melek.css; an
// unknown file is returned as it is.
func (f *Files) Name(plain string) string {
	if public, ok := f.public[plain]; ok {
		return public
	}
	return plain
}

// File returns the file with the public name.
func (f *Files) File(public string) (File, bool) {
	file, ok := f.byName[public]
	return file, ok
}
