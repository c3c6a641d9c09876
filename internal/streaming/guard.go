package streaming

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// protect keeps a browser from making anything of what is served.
func protect(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

// ours reports whether a Host header can name this server. A web page may point a
// name of its own at this machine (DNS rebinding); an address it cannot.
func ours(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

// list lists what can be played, as it is reached by who asks: another machine has no
// use for the address of a listener on all of them.
func (s *Show) list(w http.ResponseWriter, at func(File) string) {
	w.Header().Set("Content-Type", "application/vnd.apple.mpegurl")
	_, _ = io.WriteString(w, "#EXTM3U\n") // of a player that has gone nothing is to be said
	for _, f := range s.Files {
		if Playable(f.Name) {
			_, _ = fmt.Fprintf(w, "#EXTINF:-1,%s\n%s\n", oneLine(path.Base(f.Name)), at(f))
		}
	}
}

// oneLine makes a name one that cannot add lines of its own.
func oneLine(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, name)
}

// pause is how long a player may stand still. Then its connection ends, and with it
// what is kept ready for it; it opens another one when it goes on.
const pause = 10 * time.Minute

// patient gives each write so long.
type patient struct {
	http.ResponseWriter
	clock clock.Clock
}

func (p *patient) Write(b []byte) (int, error) {
	// Not every server can do so; then whoever runs it bounds this.
	_ = http.NewResponseController(p.ResponseWriter).SetWriteDeadline(p.clock.Now().Add(pause))
	return p.ResponseWriter.Write(b)
}
