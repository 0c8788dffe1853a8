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
	"regexp"
	"slices"
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
		return f.take(name, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	return f, nil
}

// imported finds the modules that a module imports from its own folder, at once or when it needs them, but
// not those that a type in a comment names: {import('./other.js').Thing}.
var imported = regexp.MustCompile(`((?:from|[^{\w]import)\s*\(?\s*')\./([\w-]+\.js)'`)

// take adds a file after those that it imports, whose public names it then calls them by. Users are the
// files that led to it.
func (f *Files) take(name string, users []string) error {
	if _, taken := f.public[name]; taken {
		return nil
	}
	if slices.Contains(users, name) {
		return fmt.Errorf("%s imports itself by way of %s", name, strings.Join(users, ", "))
	}
	body, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if path.Ext(name) == ".js" {
		for _, m := range imported.FindAllSubmatch(body, -1) {
			if err := f.take(path.Join(path.Dir(name), string(m[2])), append(users, name)); err != nil {
				return err
			}
		}
		body = imported.ReplaceAllFunc(body, func(spec []byte) []byte {
			m := imported.FindSubmatch(spec)
			public := f.public[path.Join(path.Dir(name), string(m[2]))]
			return fmt.Appendf(nil, "%s./%s'", m[1], path.Base(public))
		})
	}
	return f.add(name, body)
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
