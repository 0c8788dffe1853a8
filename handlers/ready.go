package handlers

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"slices"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// readyPages keeps pages that are the same for everybody who may see them, made once and compressed.
type readyPages struct {
	mu    sync.RWMutex
	pages map[readyKey]readyPage
}

// readyKey names all that a page depends on.
type readyKey [6]string

func newReadyPages() *readyPages { return &readyPages{pages: map[readyKey]readyPage{}} }

// renderReady answers with the page kept under the key; data is asked only to make it. The page must hold
// nothing that is for one person: the look that this browser wishes for is put into the ready bytes.
func (s *server) renderReady(c *fiber.Ctx, key readyKey, name string, data func() any) error {
	s.ready.mu.RLock()
	p, ok := s.ready.pages[key]
	s.ready.mu.RUnlock()
	if !ok {
		body, err := s.pages.execute(name, data())
		if err != nil {
			return err
		}
		if p, err = newReadyPage(body); err != nil {
			return err
		}
		s.ready.mu.Lock()
		s.ready.pages[key] = p
		s.ready.mu.Unlock()
	}
	look := s.wishedLook(c)
	etag := p.etag(look)
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding+", "+fiber.HeaderCookie)
	if c.Get(fiber.HeaderIfNoneMatch) == etag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if takesGzip(c) {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		c.Response().SetBodyRaw(p.zippedAs(look))
		return nil
	}
	c.Response().SetBodyRaw(p.bodyAs(look))
	return nil
}

// readyPage is a page made once. Its first bytes, up to where the class of <html> goes, lie uncompressed in
// the gzip stream, so that a class can be put in without compressing the rest again: another look costs
// microseconds and no memory, however many looks there are.
type readyPage struct {
	body, zipped []byte
	tag          string // the ETag without a look
	cut          int    // of the body: where the class goes
}

// The parts of a gzip stream (RFC 1952) and of a stored block in it (RFC 1951, 3.2.4).
var gzipHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff}

const (
	storedHead = 5
	gzipFoot   = 8
)

var errNoRoot = errors.New("handlers: a page has no <html> with its language")

func newReadyPage(body []byte) (readyPage, error) {
	root := bytes.Index(body, []byte("<html "))
	if root < 0 {
		return readyPage{}, errNoRoot
	}
	cut := root + bytes.IndexByte(body[root:], '>')
	var tail bytes.Buffer
	w, err := flate.NewWriter(&tail, flate.BestCompression)
	if err != nil {
		return readyPage{}, err
	}
	if _, err := w.Write(body[cut:]); err != nil {
		return readyPage{}, err
	}
	if err := w.Close(); err != nil {
		return readyPage{}, err
	}
	sum := sha256.Sum256(body)
	return readyPage{body: body, zipped: zipWith(body[:cut], body[cut:], tail.Bytes()),
		tag: `"` + hex.EncodeToString(sum[:12]) + `"`, cut: cut}, nil
}

// zipWith is the gzip stream of head and rest, whose deflated bytes are known.
func zipWith(head, rest, deflated []byte) []byte {
	z := make([]byte, 0, len(gzipHead)+storedHead+len(head)+len(deflated)+gzipFoot)
	z = append(z, gzipHead...)
	size := uint16(len(head)) //nolint:gosec // the head of a page is a line
	z = append(z, 0)
	z = binary.LittleEndian.AppendUint16(z, size)
	z = binary.LittleEndian.AppendUint16(z, ^size)
	z = append(z, head...)
	z = append(z, deflated...)
	z = binary.LittleEndian.AppendUint32(z, crc32.Update(crc32.ChecksumIEEE(head), crc32.IEEETable, rest))
	return binary.LittleEndian.AppendUint32(z, uint32(len(head)+len(rest))) //nolint:gosec // pages are small
}

func (p readyPage) zippedAs(look string) []byte {
	if look == "" {
		return p.zipped
	}
	deflated := p.zipped[len(gzipHead)+storedHead+p.cut : len(p.zipped)-gzipFoot]
	return zipWith(p.headAs(look), p.body[p.cut:], deflated)
}

func (p readyPage) bodyAs(look string) []byte {
	if look == "" {
		return p.body
	}
	return slices.Concat(p.headAs(look), p.body[p.cut:])
}

// headAs is what comes before the end of the <html> tag, with the class of the look, which is one of the
// words of looks and needs no escaping.
func (p readyPage) headAs(look string) []byte {
	return slices.Concat(p.body[:p.cut], []byte(` class="`), []byte(look), []byte(`"`))
}

func (p readyPage) etag(look string) string {
	if look == "" {
		return p.tag
	}
	return strings.TrimSuffix(p.tag, `"`) + "-" + strings.ReplaceAll(look, " ", ".") + `"`
}
