package web_test

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/web"
)

// query asks with a query of any length.
func query(h http.Handler, from, path, text string) []byte {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, &http.Request{
		Method: http.MethodGet, URL: &url.URL{Path: path, RawQuery: text}, RemoteAddr: from,
		Header: http.Header{"X-Forwarded-For": {"203.0.113.9"}}, // whom nobody believes
	})
	return w.Body.Bytes()
}

// What no client means is answered in a few bytes, whatever it asks for; who says that he
// is somebody else is himself.
func TestAbsurd(t *testing.T) {
	tracker := open(server.Config{})
	h := web.New(tracker, web.Config{Clock: clock.NewManual(begin())})
	const self = "198.51.100.1:9"
	for i := range 1000 {
		from := netip.AddrPortFrom(netip.AddrFrom4([4]byte{1, 2, byte(i >> 8), byte(i)}), 9)
		announce(t, h, from.String(), "http://t/announce", request(1, 6881, 1))
	}
	hash, other := "info_hash=%01"+strings.Repeat("%00", 19), "info_hash=%02"+strings.Repeat("%00", 19)
	rest := "&peer_id=" + strings.Repeat("p", 20)
	for name, c := range map[string]struct {
		query  string
		peers  int    // at most; -1: it is refused
		reason string // in which case it says so
	}{
		"any number":      {hash + rest + "&port=1&numwant=2147483648000", 200, ""},
		"fewer than none": {hash + rest + "&port=1&numwant=-1", 50, ""},
		"none":            {hash + rest + "&port=1&numwant=0", 0, ""},
		"less than all":   {hash + rest + "&port=1&left=-9223372036854775809&uploaded=-1", 50, ""},
		"another hash":    {hash + "&" + other + rest + "&port=1", 0, ""},
		"somebody else":   {hash + rest + "&port=1&ip=203.0.113.9&ipv4=203.0.113.9:80&ipv6=2001:db8::1", 50, ""},
		"nowhere":         {hash + rest + "&port=0", -1, "port"},
		"ten megabytes":   {hash + rest + "&port=1&x=" + strings.Repeat("y", 10<<20), 50, ""},
		"many of nothing": {strings.Repeat("&", 1<<18) + hash + rest + "&port=1", 50, ""},
		"all hashes":      {strings.Repeat(hash+"&", 100_000) + rest, -1, "port"},
		"a long one":      {"info_hash=" + strings.Repeat("%01", 3<<20) + rest + "&port=1", -1, "info_hash"},
	} {
		body := query(h, self, "/announce", c.query)
		got, err := message.ParseAnnounce(body)
		if c.peers < 0 {
			if err == nil || !strings.Contains(err.Error(), c.reason) || len(body) > 300 {
				t.Errorf("%s: %v, in %d bytes", name, err, len(body))
			}
			continue
		}
		if err != nil || len(got.Peers) > c.peers || c.peers > 0 && len(got.Peers) == 0 || len(body) > 2000 {
			t.Errorf("%s: %d peers, %v, in %d bytes", name, len(got.Peers), err, len(body))
		}
		if got.External.String() != "198.51.100.1" {
			t.Errorf("%s: seen as %v", name, got.External)
		}
	}
}

// A scrape asks for as many torrents as fit into a datagram; for more it is refused, and
// not answered in part.
func TestScrapeOfThousands(t *testing.T) {
	h := web.New(open(server.Config{}), web.Config{Clock: clock.NewManual(begin())})
	for n, refused := range map[int]bool{1: false, message.MaxScrape: false, message.MaxScrape + 1: true, 5000: true} {
		var q strings.Builder
		for i := range n {
			var hash [20]byte
			binary.BigEndian.PutUint32(hash[16:], uint32(i))
			fmt.Fprintf(&q, "&info_hash=%s", strings.ReplaceAll(fmt.Sprintf("%%% x", hash), " ", "%"))
		}
		body := string(query(h, "198.51.100.1:9", "/scrape", q.String()))
		if strings.Contains(body, "failure reason") != refused || refused && len(body) > 300 {
			t.Errorf("of %d: %d bytes, %.80q", n, len(body), body)
		}
	}
}
