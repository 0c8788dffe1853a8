package handlers

import (
	"net"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// proxies are the networks whose X-Forwarded-For is believed.
type proxies []netip.Prefix

// readProxies reads IP addresses and CIDR ranges; what is neither is left out.
func readProxies(all []string) proxies {
	var read proxies
	for _, text := range all {
		if prefix, err := netip.ParsePrefix(text); err == nil {
			read = append(read, prefix.Masked())
		} else if ip, err := netip.ParseAddr(text); err == nil {
			read = append(read, netip.PrefixFrom(ip, ip.BitLen()))
		}
	}
	return read
}

func (p proxies) trust(ip netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(ip) {
			return true
		}
	}
	return false
}

// clientAddress is the IP address that the request comes from: the nearest that is no proxy of ours. What
// stands further away in X-Forwarded-For, anybody can have written.
func (s *server) clientAddress(c *fiber.Ctx) string {
	nearest, ok := netip.AddrFromSlice(remoteIP(c))
	if !ok {
		return ""
	}
	nearest = nearest.Unmap()
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for i := len(hops) - 1; i >= 0 && s.proxies.trust(nearest); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		nearest = hop.Unmap()
	}
	return nearest.String()
}

func remoteIP(c *fiber.Ctx) net.IP { return c.Context().RemoteIP() }
