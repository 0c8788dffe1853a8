package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"melek/courses"
	"melek/courses/record"
)

// erasuresName is the list's file, in the data folder and beside backups.
const erasuresName = "melek-erased.ndjson"

// Erasures is the list of those who were erased, kept outside of the database so that a backup from before an
// erasure is brought in line when it is restored. It holds participant numbers and no other particulars: one
// line for each, with a digest of its own, only ever appended to. It is safe for concurrent use, also by
// several processes.
type Erasures struct {
	path string
	mu   sync.Mutex
}

// erasureLine is one line of the list.
type erasureLine struct {
	Record     json.RawMessage `json:"record"` // the erased record, as canonical JSON
	ReceivedAt time.Time       `json:"received_at"`
	SHA256     string          `json:"sha256"` // of the record, a line feed and received_at
}

// ErasuresIn is the list in the folder, which is made when something is added.
func ErasuresIn(folder string) *Erasures { return &Erasures{path: filepath.Join(folder, erasuresName)} }

// Path is the list's file.
func (e *Erasures) Path() string { return e.path }

// Add puts those on the list who are not on it yet, and returns when they are on disk.
func (e *Erasures) Add(entries []record.Entry) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	known, err := e.read()
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, k := range known {
		listed[k.Person] = true
	}
	var lines bytes.Buffer
	for _, entry := range entries {
		if listed[entry.Person] {
			continue
		}
		listed[entry.Person] = true
		line, err := json.Marshal(erasureLine{entry.Content, entry.ReceivedAt.UTC(), erasureSum(entry)})
		if err != nil {
			return err
		}
		lines.Write(append(line, '\n'))
	}
	if lines.Len() == 0 {
		return nil
	}
	return e.append(lines.Bytes())
}

func erasureSum(e record.Entry) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s", e.Content, e.ReceivedAt.UTC().Format(time.RFC3339Nano)))
	return hex.EncodeToString(sum[:])
}

// append writes the lines in one call, so that those of two processes do not mix.
func (e *Erasures) append(lines []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(e.path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(e.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(lines); err != nil {
		return err
	}
	return file.Sync()
}

// Entries returns the erased records of the list; where there is no list, none. A damaged line is an error of
// kind courses.Invalid that names it.
func (e *Erasures) Entries() ([]record.Entry, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.read()
}

func (e *Erasures) read() ([]record.Entry, error) {
	content, err := os.ReadFile(e.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var entries []record.Entry
	lines := bufio.NewScanner(bytes.NewReader(content))
	lines.Buffer(nil, mostLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		entry, err := parseErasure(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("backup: line %d of %s is damaged: mend it from another copy of the list, or take "+
				"it out and erase that person again: %w", n, e.path, courses.Invalid)
		}
		entries = append(entries, entry)
	}
	return entries, lines.Err()
}

func parseErasure(raw []byte) (record.Entry, error) {
	var line erasureLine
	if err := json.Unmarshal(raw, &line); err != nil {
		return record.Entry{}, err
	}
	entry, err := record.Parse(line.Record, line.ReceivedAt)
	if err != nil {
		return record.Entry{}, err
	}
	if entry.Kind != record.Erased || line.SHA256 != erasureSum(entry) {
		return record.Entry{}, errors.New("it is not what was written")
	}
	return entry, nil
}
