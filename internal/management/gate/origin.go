package gate

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Origin refuses requests that a browser makes for somebody else: under a name that is
// not ours (DNS rebinding: the page of a site whose name was pointed at this machine),
// or from the page of another origin, whichever port of this machine it is on. It
// returns why, "" for those that may come in.
//
// Programs send neither Origin nor Sec-Fetch-Site; what they have to show is another
// matter.
func (g *Gate) Origin(r *http.Request) string {
	if !g.ours(r.Host) {
		return fmt.Sprintf("the management has no name %.100q: ask for 127.0.0.1 or localhost, or add the name to management.hosts", r.Host)
	}
	origins := r.Header.Values("Origin")
	for _, origin := range origins {
		if u, err := url.Parse(origin); err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) {
			return "a page of another origin may not ask this"
		}
	}
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "", "same-origin", "none":
		return ""
	default:
		// Following a link is no request of the page it is on, as long as it only looks.
		if len(origins) == 0 && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document" {
			return ""
		}
		return "a page of another site may not ask this"
	}
}

// ours reports whether a Host header names this server. An address of this machine
// cannot be pointed elsewhere; names can, and must be known.
func (g *Gate) ours(host string) bool {
	name := host
	if h, port, err := net.SplitHostPort(host); err == nil {
		if port == "" || strings.Trim(port, "0123456789") != "" {
			return false
		}
		name = h
	} else if bare, ok := strings.CutPrefix(host, "["); ok {
		if name, ok = strings.CutSuffix(bare, "]"); !ok {
			return false
		}
	}
	if strings.EqualFold(name, "localhost") || slices.ContainsFunc(g.cfg.Hosts, func(h string) bool { return strings.EqualFold(h, name) }) {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Zone() == "" && ip.Unmap().IsLoopback()
}
