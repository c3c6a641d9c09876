package parrot_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/internal/record"
	"github.com/warren-p2p/warren/btls/parrot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is a website, and a peer that sends back what it gets.
type server struct {
	addr string
	cert tls.Certificate
	key  btls.Key

	mu     sync.Mutex
	visits int
	hellos []*tls.ClientHelloInfo
	fast   int // peers whose records are ours
}

func newServer(t testing.TB, change func(*tls.Config)) *server {
	t.Helper()
	cert, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{cert: cert}
	if s.key, err = btls.BasicKey(make([]byte, 20)); err != nil {
		t.Fatal(err)
	}
	table := btls.NewTable[int](nil)
	table.AddCertificate(cert.Certificate[0])
	if err := table.Add(s.key, 1); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	cfg := &tls.Config{NextProtos: []string{"h2", "http/1.1"}, GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.hellos = append(s.hellos, h)
		return &s.cert, nil
	}}
	if change != nil {
		change(cfg)
	}
	var wg sync.WaitGroup
	srv := &http.Server{ErrorLog: log.New(io.Discard, "", 0)}
	btls.NewHandler(table, http.HandlerFunc(s.site), func(c *btls.Conn, _ int) { wg.Go(func() { s.peer(c) }) }).Attach(srv)
	wg.Go(func() { _ = srv.Serve(&listener{l, btls.NewAcceptor(cfg)}) })
	t.Cleanup(func() { srv.Close(); wg.Wait() })
	return s
}

func (s *server) site(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	s.visits++
	s.mu.Unlock()
	w.WriteHeader(http.StatusTeapot)
}

func (s *server) peer(c *btls.Conn) {
	defer c.Close()
	s.mu.Lock()
	if _, ok := c.Conn.(*record.Conn); ok {
		s.fast++
	}
	s.mu.Unlock()
	_, _ = io.Copy(c, c)
}

func (s *server) dial(t testing.TB, opts btls.DialOptions) (*btls.Conn, error) {
	t.Helper()
	raw, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	return btls.Dial(t.Context(), raw, s.key, opts)
}

// listener makes handshakes one after the other, which is enough here.
type listener struct {
	net.Listener
	acceptor *btls.Acceptor
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c, err := l.acceptor.Handshake(context.Background(), raw)
		if err == nil {
			return c, nil
		}
		raw.Close()
	}
}

// TestOffers what a server of BitTorrent over TLS has. A parrot that was brought up
// to date and fails here must not be used.
func TestOffers(t *testing.T) {
	s := newServer(t, nil)
	c, err := s.dial(t, btls.DialOptions{Hello: parrot.New()})
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	h := s.hellos[0]
	if !slices.Contains(h.SupportedVersions, tls.VersionTLS13) {
		t.Errorf("versions %x", h.SupportedVersions)
	}
	if !slices.Contains(h.SignatureSchemes, tls.ECDSAWithP256AndSHA256) || !slices.Contains(h.SupportedCurves, tls.CurveP256) {
		t.Errorf("signatures %v, curves %v", h.SignatureSchemes, h.SupportedCurves)
	}
	if !slices.Contains(h.CipherSuites, tls.TLS_AES_128_GCM_SHA256) && !slices.Contains(h.CipherSuites, tls.TLS_AES_256_GCM_SHA384) {
		t.Errorf("cipher suites %x", h.CipherSuites)
	}
	if !slices.Contains(h.SupportedCurves, tls.X25519MLKEM768) {
		t.Errorf("no key exchange that outlives quantum computers: %v", h.SupportedCurves)
	}
	if !slices.Equal(h.SupportedProtos, []string{"http/1.1"}) {
		t.Errorf("ALPN %q: an HTTP/2 connection cannot be switched", h.SupportedProtos)
	}
	const preSharedKey, earlyData = 41, 42
	if slices.Contains(h.Extensions, preSharedKey) || slices.Contains(h.Extensions, earlyData) {
		t.Errorf("a session is resumed: extensions %v", h.Extensions)
	}
}

// TestTakenOver: records of both ends are ours after the switch, so that a parrot
// is as fast as any other client, and nothing is lost or doubled. Tickets come
// between handshake and answer, as browsers ask for them.
func TestTakenOver(t *testing.T) {
	for name, change := range map[string]func(*tls.Config){
		"tickets": nil,
		"none":    func(c *tls.Config) { c.SessionTicketsDisabled = true },
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, change)
			c, err := s.dial(t, btls.DialOptions{Hello: parrot.New()})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, ok := c.Conn.(*record.Conn); !ok {
				t.Errorf("the client goes on with a %T", c.Conn)
			}
			sent := bytes.Repeat([]byte("some text, again and again. "), 10_000)
			var wg sync.WaitGroup
			defer wg.Wait()
			wg.Go(func() {
				if _, err := c.Write(sent); err != nil {
					t.Error(err)
				}
			})
			got := make([]byte, len(sent))
			if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, sent) {
				t.Fatalf("other bytes came back: %v", err)
			}
			if s.fast != 1 {
				t.Error("the server's records are crypto/tls's")
			}
		})
	}
}

// TestChecksComeFirst: who is not who it should be gets no request, which would name
// the torrent.
func TestChecksComeFirst(t *testing.T) {
	s := newServer(t, nil)
	name := s.cert.Leaf.DNSNames[0]
	roots := x509.NewCertPool()
	roots.AddCert(s.cert.Leaf)
	pin, err := certificate.Pin(s.cert)
	if err != nil {
		t.Fatal(err)
	}
	look := parrot.New()
	if _, err := s.dial(t, btls.DialOptions{Hello: look, Pin: [32]byte{1}}); !errors.Is(err, btls.ErrPin) {
		t.Errorf("wrong pin: %v", err)
	}
	if _, err := s.dial(t, btls.DialOptions{Hello: look, ServerName: name}); !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("unknown authority: %v", err)
	}
	if _, err := s.dial(t, btls.DialOptions{Hello: look, ServerName: "other.example", Roots: roots}); !errors.As(err, new(x509.HostnameError)) {
		t.Errorf("other name: %v", err)
	}
	if _, err := s.dial(t, btls.DialOptions{Hello: look, ServerName: "127.0.0.1", Roots: roots}); !errors.As(err, new(x509.HostnameError)) {
		t.Errorf("address that the certificate does not name: %v", err)
	}
	if s.visits+s.fast > 0 {
		t.Errorf("%d requests were made", s.visits+s.fast)
	}
	for _, opts := range []btls.DialOptions{{Pin: pin, ServerName: "not.in.the.certificate"}, {ServerName: name, Roots: roots}} {
		opts.Hello = look
		c, err := s.dial(t, opts)
		if err != nil {
			t.Errorf("%q: %v", opts.ServerName, err)
			continue
		}
		c.Close()
		if got := s.hellos[len(s.hellos)-1].ServerName; got != opts.ServerName {
			t.Errorf("server name %q, want %q", got, opts.ServerName)
		}
	}
}

// TestNoNameForAddresses: a browser that opens a URL with an address sends no name.
func TestNoNameForAddresses(t *testing.T) {
	s := newServer(t, nil)
	pin, err := certificate.Pin(s.cert)
	if err != nil {
		t.Fatal(err)
	}
	const serverName = 0
	for _, host := range []string{"", "127.0.0.1", "[::1]"} {
		c, err := s.dial(t, btls.DialOptions{Hello: parrot.New(), ServerName: host, Pin: pin})
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		if h := s.hellos[len(s.hellos)-1]; slices.Contains(h.Extensions, serverName) {
			t.Errorf("%q: the hello names %q", host, h.ServerName)
		}
	}
}

func TestServerWithoutTLS13(t *testing.T) {
	s := newServer(t, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 })
	if _, err := s.dial(t, btls.DialOptions{Hello: parrot.New()}); !errors.Is(err, btls.ErrVersion) {
		t.Errorf("got %v", err)
	}
	if s.visits > 0 {
		t.Error("a request was made")
	}
}

// TestFresh: extensions come in an order that is drawn for each connection.
func TestFresh(t *testing.T) {
	s := newServer(t, nil)
	orders := map[string]bool{}
	for range 6 {
		c, err := s.dial(t, btls.DialOptions{Hello: parrot.New()})
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		var order strings.Builder
		for _, e := range s.hellos[len(s.hellos)-1].Extensions {
			order.WriteString(" " + string(rune('0'+e%70)))
		}
		orders[order.String()] = true
	}
	if len(orders) < 6 {
		t.Errorf("%d orders of extensions in 6 hellos", len(orders))
	}
}

func TestRequest(t *testing.T) {
	b, err := parrot.Chromium{}.Request(hello.Request{Host: "box.example:6881", Path: "/a/b", Cookie: "c=d", Key: "a2V5"})
	const want = "GET /a/b HTTP/1.1\r\nHost: box.example:6881\r\nConnection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n" +
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\r\n" +
		"Upgrade: websocket\r\nOrigin: https://box.example:6881\r\nSec-WebSocket-Version: 13\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n" +
		"Accept-Language: en-US,en;q=0.9\r\nCookie: c=d\r\nSec-WebSocket-Key: a2V5\r\n" +
		"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
	if err != nil || string(b) != want {
		t.Errorf("%v\n%q\nwant\n%q", err, b, want)
	}
	if b, err := parrot.New().Request(hello.Request{Host: "a\r\nb", Path: "/"}); !errors.Is(err, hello.ErrName) {
		t.Errorf("a host of two lines: %q, %v", b, err)
	}
}

// BenchmarkDial makes whole connections: TCP, TLS and the switch.
func BenchmarkDial(b *testing.B) {
	for name, look := range map[string]hello.Hello{"go": hello.Go{}, "chromium": parrot.New()} {
		b.Run(name, func(b *testing.B) {
			s := newServer(b, nil)
			for b.Loop() {
				c, err := s.dial(b, btls.DialOptions{Hello: look})
				if err != nil {
					b.Fatal(err)
				}
				c.Close()
			}
		})
	}
}

// BenchmarkTransfer sends to a server that sends it back.
func BenchmarkTransfer(b *testing.B) {
	for name, look := range map[string]hello.Hello{"go": hello.Go{}, "chromium": parrot.New()} {
		b.Run(name, func(b *testing.B) {
			c, err := newServer(b, nil).dial(b, btls.DialOptions{Hello: look})
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			out, in := make([]byte, 1<<20), make([]byte, 1<<20)
			b.SetBytes(2 << 20)
			for b.Loop() {
				var wg sync.WaitGroup
				wg.Go(func() { _, _ = c.Write(out) })
				if _, err := io.ReadFull(c, in); err != nil {
					b.Fatal(err)
				}
				wg.Wait()
			}
		})
	}
}
