package tracker_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/binary"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Hosts of the tests. Two are on the Internet, one is at home.
const (
	here  = "9.9.9.9"
	there = "8.8.8.8"
	home  = "192.168.1.1"
)

// world is a network in memory with trackers.
type world struct {
	*testing.T
	*netpolicy.Mem
	client *tracker.Client
}

func newWorld(t *testing.T) *world {
	w := &world{t, netpolicy.NewMem(), nil}
	w.Name("tracker.example", netip.MustParseAddr(there))
	w.Name("home.example", netip.MustParseAddr(home))
	w.client = tracker.New(tracker.Config{Policy: w.Host(netip.MustParseAddr(here)), Clock: clock.System{}, UserAgent: "test/1"})
	t.Cleanup(func() {
		if err := w.client.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// serve runs an HTTP tracker.
func (w *world) serve(host string, h http.HandlerFunc) {
	w.Helper()
	w.serveOn(w.listen(host, ":80"), h)
}

// serveTLS runs an HTTPS tracker.
func (w *world) serveTLS(host string, own tls.Certificate, h http.HandlerFunc) {
	w.Helper()
	w.serveOn(tls.NewListener(w.listen(host, ":443"), &tls.Config{Certificates: []tls.Certificate{own}}), h)
}

func (w *world) listen(host, port string) net.Listener {
	w.Helper()
	l, err := w.Host(netip.MustParseAddr(host)).Listen(w.Context(), port)
	if err != nil {
		w.Fatal(err)
	}
	return l
}

func (w *world) serveOn(l net.Listener, h http.HandlerFunc) {
	var wg sync.WaitGroup
	s := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		wg.Add(1)
		defer wg.Done()
		h(out, r)
	})}
	wg.Go(func() { _ = s.Serve(l) })
	w.Cleanup(func() {
		s.Close()
		wg.Wait()
	})
}

// announce asks a tracker.
func (w *world) announce(url string, typed bool) (tracker.Response, error) {
	return w.client.Announce(w.Context(), tracker.Target{URL: url, Typed: typed}, tracker.Request{InfoHash: [20]byte{1}, Port: 6881, NumWant: 50})
}

func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// udpTracker answers datagrams with what respond makes of them.
func (w *world) udpTracker(host string, respond func(b []byte) [][]byte) {
	w.Helper()
	c, err := w.Host(netip.MustParseAddr(host)).ListenPacket(w.Context(), "udp", ":6969")
	if err != nil {
		w.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		b := make([]byte, 4096)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			for _, d := range respond(bytes.Clone(b[:n])) {
				_, _ = c.WriteTo(d, from)
			}
		}
	})
	w.Cleanup(func() {
		c.Close()
		wg.Wait()
	})
}

// wellBehaved is a UDP tracker with one peer.
func wellBehaved(b []byte) [][]byte {
	reply := func(action uint32, body string) [][]byte {
		out := binary.BigEndian.AppendUint32(nil, action)
		return [][]byte{append(append(out, b[12:16]...), body...)}
	}
	switch binary.BigEndian.Uint32(b[8:]) {
	case 0:
		return reply(0, "12345678")
	case 1:
		if string(b[:8]) != "12345678" {
			return reply(3, "connection id")
		}
		return reply(1, "\x00\x00\x07\x08\x00\x00\x00\x02\x00\x00\x00\x01\x01\x02\x03\x04\x1a\xe1")
	default:
		return reply(2, strings.Repeat("\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03", (len(b)-16)/20))
	}
}
