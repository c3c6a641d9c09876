package btls

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
)

// A client that finds the wrong key or certificate sends no request at all.
func TestPinMismatchSendsNoTag(t *testing.T) {
	s := newTestServer(t)
	k := numbered(t, 1)
	add(t, s.table, k, "")
	right, err := certificate.Pin(s.cert)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.dial(t, k, DialOptions{Pin: [32]byte{1}}); !errors.Is(err, ErrPin) {
		t.Errorf("wrong pin: %v", err)
	}
	if n := len(s.served()) + s.visits(); n != 0 {
		t.Errorf("server saw %d requests after a wrong pin", n)
	}
	c, err := s.dial(t, k, DialOptions{Pin: right, ServerName: "not.in.the.certificate"})
	if err != nil {
		t.Fatalf("right pin: %v", err)
	}
	c.Close()
}

func TestNameWithoutValidCertificateSendsNoTag(t *testing.T) {
	s := newTestServer(t)
	k := numbered(t, 1)
	add(t, s.table, k, "")
	name := s.cert.Leaf.DNSNames[0]
	roots := x509.NewCertPool()
	roots.AddCert(s.cert.Leaf)
	if _, err := s.dial(t, k, DialOptions{ServerName: name}); !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("unknown authority: %v", err)
	}
	if _, err := s.dial(t, k, DialOptions{ServerName: "other.example", Roots: roots}); !errors.As(err, new(x509.HostnameError)) {
		t.Errorf("other name: %v", err)
	}
	if n := len(s.served()) + s.visits(); n != 0 {
		t.Errorf("server saw %d requests", n)
	}
	c, err := s.dial(t, k, DialOptions{ServerName: name, Roots: roots})
	if err != nil {
		t.Fatalf("valid certificate: %v", err)
	}
	c.Close()
}

// impostor completes one TLS handshake as cfg says, answers one request and
// returns what else it was sent until the client hung up.
func impostor(t *testing.T, cfg *tls.Config, response string) (addr string, rest func() string) {
	t.Helper()
	cfg.Certificates = []tls.Certificate{newCertificate(t)}
	l, err := tls.Listen("tcp", "127.0.0.1:0", cfg)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var got []byte
	wg.Go(func() {
		defer l.Close()
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		br := bufio.NewReader(c)
		if _, err := http.ReadRequest(br); err != nil {
			return
		}
		io.WriteString(c, response)
		got, _ = io.ReadAll(br)
	})
	return l.Addr().String(), func() string { wg.Wait(); return string(got) }
}

func TestServerWithoutProof(t *testing.T) {
	addr, rest := impostor(t, &tls.Config{}, "HTTP/1.1 101 S\r\nSet-Cookie: s="+strings.Repeat("A", 43)+"\r\n\r\n")
	raw, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), raw, numbered(t, 1), DialOptions{}); !errors.Is(err, ErrProof) {
		t.Errorf("got %v", err)
	}
	if got := rest(); got != "" {
		t.Errorf("client went on with %q", got)
	}
}

func TestServerWithoutTLS13(t *testing.T) {
	addr, rest := impostor(t, &tls.Config{MaxVersion: tls.VersionTLS12}, "")
	raw, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), raw, numbered(t, 1), DialOptions{}); !errors.Is(err, ErrVersion) {
		t.Errorf("got %v", err)
	}
	rest()
}

func TestDialRefusesZeroKey(t *testing.T) {
	a, b := net.Pipe()
	defer b.Close()
	if _, err := Dial(t.Context(), a, Key{}, DialOptions{}); !errors.Is(err, ErrKey) {
		t.Errorf("got %v", err)
	}
	if _, err := a.Write([]byte{1}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("connection left open: %v", err)
	}
}

// Whatever the server does not do, the context ends the wait: before the
// handshake and after it.
func TestDialIsBoundedByContext(t *testing.T) {
	errEnough := errors.New("enough")
	cert := newCertificate(t)
	for name, serve := range map[string]func(net.Conn){
		"silence": func(c net.Conn) { io.Copy(io.Discard, c) },
		"silence after the handshake": func(c net.Conn) {
			io.Copy(io.Discard, tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert}}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			client, server := net.Pipe()
			var wg sync.WaitGroup
			wg.Go(func() { serve(server) })
			time.AfterFunc(50*time.Millisecond, func() { cancel(errEnough) })
			if _, err := Dial(ctx, client, numbered(t, 1), DialOptions{}); !errors.Is(err, errEnough) {
				t.Errorf("got %v", err)
			}
			wg.Wait()
			server.Close()
		})
	}
}

// Nothing of the hello may depend on the torrent or offer to resume.
func TestClientHello(t *testing.T) {
	var hello *tls.ClientHelloInfo
	cfg := &tls.Config{GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		hello = h
		return nil, errors.New("seen enough")
	}}
	client, server := net.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		tls.Server(server, cfg).HandshakeContext(context.Background())
		server.Close()
	})
	Dial(t.Context(), client, numbered(t, 1), DialOptions{})
	wg.Wait()
	if hello == nil {
		t.Fatal("no client hello")
	}
	if hello.ServerName != "" || len(hello.SupportedProtos) != 1 || hello.SupportedProtos[0] != "http/1.1" {
		t.Errorf("name %q, ALPN %q", hello.ServerName, hello.SupportedProtos)
	}
	if v := hello.SupportedVersions; len(v) != 2 || v[0] != tls.VersionTLS13 || v[1] != tls.VersionTLS12 {
		t.Errorf("versions %x", v)
	}
	const sessionTicket, preSharedKey = 35, 41
	for _, e := range hello.Extensions {
		if e == sessionTicket || e == preSharedKey {
			t.Errorf("extension %d is offered", e)
		}
	}
}

func TestHostHeader(t *testing.T) {
	for _, c := range []struct {
		addr string
		opts DialOptions
		want string
	}{
		{"192.0.2.1:51413", DialOptions{}, "192.0.2.1:51413"},
		{"192.0.2.1:443", DialOptions{}, "192.0.2.1"},
		{"192.0.2.1:443", DialOptions{ServerName: "a.example"}, "a.example"},
		{"192.0.2.1:443", DialOptions{ServerName: "a.example", Host: "b.example"}, "b.example"},
		{"192.0.2.1:6881", DialOptions{ServerName: "a.example"}, "a.example:6881"},
		{"[2001:db8::1]:443", DialOptions{}, "[2001:db8::1]"},
		{"[2001:db8::1]:444", DialOptions{}, "[2001:db8::1]:444"},
		{"[fe80::1%eth0]:444", DialOptions{}, "[fe80::1]:444"},
	} {
		a, err := net.ResolveTCPAddr("tcp", c.addr)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostHeader(addressed{a}, c.opts); got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.addr, c.opts, got, c.want)
		}
	}
}

type addressed struct{ net.Addr }

func (a addressed) RemoteAddr() net.Addr             { return a.Addr }
func (addressed) LocalAddr() net.Addr                { return nil }
func (addressed) Read([]byte) (int, error)           { return 0, io.EOF }
func (addressed) Write(p []byte) (int, error)        { return len(p), nil }
func (addressed) Close() error                       { return nil }
func (addressed) SetDeadline(time.Time) error        { return nil }
func (addressed) SetReadDeadline(time.Time) error    { return nil }
func (addressed) SetWriteDeadline(t time.Time) error { return nil }

func BenchmarkLookup10k(b *testing.B) {
	table := NewTable[int](nil)
	table.AddCertificate([]byte("certificate"))
	for i := range 10_000 {
		add(b, table, numbered(b, i), i)
	}
	tag := tagFor(numbered(b, 5000), "certificate")
	var x [32]byte
	rand.Read(x[:])
	b.ReportAllocs()
	for b.Loop() {
		k, _, ok := table.lookup(tag)
		if !ok {
			b.Fatal("not found")
		}
		k.ClientProof(x, tag)
	}
}

func BenchmarkHandshake(b *testing.B) {
	s := newTestServer(b)
	for i := range 10_000 {
		add(b, s.table, numbered(b, i), "")
	}
	k := numbered(b, 5000)
	b.ReportAllocs()
	for b.Loop() {
		c, err := s.dial(b, k, DialOptions{})
		if err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
}
