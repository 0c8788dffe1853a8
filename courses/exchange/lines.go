package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// lineReader reads lines of bounded length and counts them from 1. A line that is too long is passed
// over whole, so one bad line costs no memory and none of its neighbours.
type lineReader struct {
	in     *bufio.Reader
	limit  int
	number int
	bytes  int64 // read so far
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func newLineReader(r io.Reader, limit int) *lineReader {
	in := bufio.NewReaderSize(r, 1<<16)
	if start, _ := in.Peek(len(byteOrderMark)); bytes.Equal(start, byteOrderMark) {
		_, _ = in.Discard(len(byteOrderMark)) // they have just been seen
	}
	return &lineReader{in: in, limit: limit}
}

var errLineTooLong = errors.New("line too long")

// next returns the next line without its end, in memory of its own. The error is errLineTooLong for
// a line over the limit, after which reading goes on, and io.EOF after the last.
func (l *lineReader) next() ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := l.in.ReadSlice('\n')
		l.bytes += int64(len(part))
		if !long {
			line = append(line, part...)
			long = len(bytes.TrimRight(line, "\r\n")) > l.limit
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
			return nil, err
		}
		l.number++
		if long {
			return nil, errLineTooLong
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}
