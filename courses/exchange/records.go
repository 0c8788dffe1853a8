package exchange

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"time"

	"melek/courses/ledger"
	"melek/courses/record"
)

// How much is read before any of it is filed, so that one person's records are filed together, and how
// many are filed in one transaction.
const (
	windowLines = 16384
	windowBytes = 16 << 20
	filingSize  = 1000
)

// Filer files entries, all of them or, on an error, none. A ledger.Ledger is one.
type Filer interface {
	File(ctx context.Context, entries []record.Entry) ([]ledger.Answer, error)
}

// RecordImport takes learning records in as NDJSON, one object a line, in flat memory. Who may use it
// may say everything, so it judges no sender. Broken off and begun again, it doubles and loses
// nothing, because records are told apart by their ids.
type RecordImport struct {
	Filer Filer
	Now   func() time.Time
	// Told is called, in order of lines within some thousand, for every line that is not kept and for
	// every one that contradicts an earlier record of its id.
	Told func(RecordLine)
	// Progress is called now and then with how many bytes have been read and filed.
	Progress func(bytes int64)
}

// RecordLine says what became of one line.
type RecordLine struct {
	Line   int
	ID     string // empty where the line names none
	Status ledger.Status
	Reason error
}

// RecordCounts says how many records had each status.
type RecordCounts map[ledger.Status]int

// window is a part of the file that has been read and parsed.
type window struct {
	entries []record.Entry
	lines   []int // of each entry
	refused []RecordLine
	bytes   int64 // read up to its end
}

// Run takes in all that r has. On an error the counts are of what was filed until then.
func (im *RecordImport) Run(ctx context.Context, r io.Reader) (RecordCounts, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	windows, failed := make(chan window, 1), make(chan error, 1)
	go func() {
		defer close(windows)
		failed <- im.read(ctx, r, windows)
	}()
	counts := RecordCounts{}
	for {
		select {
		case w, more := <-windows:
			if !more {
				return counts, <-failed
			}
			if err := im.file(ctx, w, counts); err != nil {
				return counts, err
			}
		case <-ctx.Done(): // without waiting for a reader that gives nothing
			return counts, ctx.Err()
		}
	}
}

// read parses windows while the last one is being filed.
func (im *RecordImport) read(ctx context.Context, r io.Reader, windows chan<- window) error {
	lines := newLineReader(r, record.MaxSize)
	for {
		w, err := im.readWindow(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		select {
		case windows <- w:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err != nil {
			return nil //nolint:nilerr // the end of the file is how reading ends
		}
	}
}

func (im *RecordImport) readWindow(lines *lineReader) (window, error) {
	var w window
	begin := lines.bytes
	for range windowLines {
		line, err := lines.next()
		switch {
		case errors.Is(err, errLineTooLong):
			w.refuse(lines.number, nil, refused("record.size", record.MaxSize))
		case err != nil:
			w.bytes = lines.bytes
			return w, err
		case len(line) > 0:
			w.take(lines.number, line, im.Now())
		}
		if lines.bytes-begin > windowBytes {
			break
		}
	}
	w.bytes = lines.bytes
	return w, nil
}

func (w *window) take(number int, line []byte, now time.Time) {
	entry, err := record.Parse(line, now)
	if err != nil {
		w.refuse(number, line, err)
		return
	}
	w.entries, w.lines = append(w.entries, entry), append(w.lines, number)
}

var idField = regexp.MustCompile(`"id"\s*:\s*"([^"\\]{1,64})"`)

// refuse finds the id even in a line that is no JSON.
func (w *window) refuse(number int, line []byte, reason error) {
	refusal := RecordLine{Line: number, Status: ledger.Invalid, Reason: reason}
	if found := idField.FindSubmatch(line); found != nil {
		refusal.ID = string(found[1])
	}
	w.refused = append(w.refused, refusal)
}

func (im *RecordImport) file(ctx context.Context, w window, counts RecordCounts) error {
	told := w.refused
	counts[ledger.Invalid] += len(w.refused)
	for _, batch := range batches(w.entries) {
		entries := make([]record.Entry, len(batch))
		for i, place := range batch {
			entries[i] = w.entries[place]
		}
		answers, err := im.Filer.File(ctx, entries)
		if err != nil {
			return err
		}
		for i, answer := range answers {
			counts[answer.Status]++
			if answer.Status == ledger.Conflict {
				told = append(told, RecordLine{w.lines[batch[i]], answer.ID, answer.Status, answer.Reason})
			}
		}
	}
	slices.SortFunc(told, func(a, b RecordLine) int { return cmp.Compare(a.Line, b.Line) })
	for _, line := range told {
		im.Told(line)
	}
	im.Progress(w.bytes)
	return nil
}

// batches puts the places of the entries into groups for one transaction each, a person's own
// together and in their order, so that each person is folded as seldom as may be.
func batches(entries []record.Entry) [][]int {
	places := make([]int, len(entries))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Compare(entries[a].Person, entries[b].Person)
	})
	var groups [][]int
	begin := 0
	for i := range places {
		full := i-begin >= filingSize && entries[places[i]].Person != entries[places[i-1]].Person
		if full || i-begin >= 4*filingSize {
			groups, begin = append(groups, places[begin:i]), i
		}
	}
	if begin < len(places) {
		groups = append(groups, places[begin:])
	}
	return groups
}

// EntrySource gives every entry in order; a store.Ledger is one.
type EntrySource interface {
	EachEntry(ctx context.Context, after string, fn func(record.Entry) error) error
}

// WriteRecords writes every record as NDJSON in its canonical form, in order of person, id and
// digest, and returns how many there are.
func WriteRecords(ctx context.Context, w io.Writer, source EntrySource) (int, error) {
	out, n := bufio.NewWriterSize(w, 1<<16), 0
	err := source.EachEntry(ctx, "", func(e record.Entry) error {
		n++
		if _, err := out.Write(e.Content); err != nil {
			return err
		}
		return out.WriteByte('\n')
	})
	if err != nil {
		return n, err
	}
	return n, out.Flush()
}
