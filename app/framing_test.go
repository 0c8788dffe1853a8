package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestOneRequestHidesNoOther sends requests about whose end a proxy could be of another mind, with a second one
// behind it: what is left of the first is never taken for a request.
func TestOneRequestHidesNoOther(t *testing.T) {
	r := newDesk(t).start()
	const hidden = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	for name, head := range map[string]string{
		"two lengths":              "Content-Length: 0\r\nContent-Length: 70\r\n",
		"a length and chunks":      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
		"chunks of another name":   "Transfer-Encoding: xchunked\r\n",
		"chunks within another":    "Transfer-Encoding: chunked, identity\r\n",
		"a space before the colon": "Content-Length : 5\r\n",
		"a length with a sign":     "Content-Length: +5\r\n",
		"no length that is one":    "Content-Length: 0x5\r\n",
	} {
		conn := r.dial()
		_, err := io.WriteString(conn, "POST /id/display HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"+
			"Content-Type: application/x-www-form-urlencoded\r\n"+head+"\r\n0\r\n\r\n"+hidden)
		if err == nil {
			err = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		}
		if err != nil {
			t.Fatal(err)
		}
		answers, err := io.ReadAll(conn)
		if err != nil && !strings.Contains(err.Error(), "reset") {
			t.Errorf("%s: %v", name, err)
		}
		if n := strings.Count(string(answers), "HTTP/1.1 "); n > 1 || strings.Contains(string(answers), "HTTP/1.1 200") {
			t.Errorf("%s: %d answers:\n%.300s", name, n, answers)
		}
	}
	if status, _ := ask(t, r.address+"/healthz", ""); status != http.StatusOK {
		t.Errorf("healthz answers %d", status)
	}
}
