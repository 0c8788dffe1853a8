package handlers

import (
	"net"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

func TestTheAddressIsTheNearestThatIsNoProxy(t *testing.T) {
	app := fiber.New()
	tests := []struct{ name, proxies, remote, forwarded, want string }{
		{"nobody in between", "", "203.0.113.7", "", "203.0.113.7"},
		{"a header from somebody who is no proxy", "", "203.0.113.7", "10.9.9.9", "203.0.113.7"},
		{"one proxy", "10.0.0.1", "10.0.0.1", "203.0.113.7", "203.0.113.7"},
		{"what the client wrote before it", "10.0.0.0/8", "10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"},
		{"two proxies", "10.0.0.0/8", "10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"},
		{"no header", "10.0.0.1", "10.0.0.1", "", "10.0.0.1"},
		{"nonsense", "10.0.0.1", "10.0.0.1", "unknown", "10.0.0.1"},
		{"IPv6", "::1", "::1", "2001:db8::7", "2001:db8::7"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &server{proxies: readProxies([]string{tt.proxies, "no address"})}
			var request fasthttp.RequestCtx
			request.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.ParseIP(tt.remote)}, nil)
			c := app.AcquireCtx(&request)
			defer app.ReleaseCtx(c)
			if tt.forwarded != "" {
				c.Request().Header.Set(fiber.HeaderXForwardedFor, tt.forwarded)
			}
			if got := s.clientAddress(c); got != tt.want {
				t.Errorf("address = %s, want %s", got, tt.want)
			}
		})
	}
}
