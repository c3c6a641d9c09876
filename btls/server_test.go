package btls

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/internal/upgrade"
	"github.com/warren-p2p/warren/internal/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testServer is a website that is also a peer for the torrents of its table.
// It greets each peer with "hello" and echoes what the peer sends.
type testServer struct {
	addr  string
	cert  tls.Certificate
	table *Table[string]
	clock *clock.Manual

	mu       sync.Mutex
	requests []*http.Request // that the website answered
	peers    []string
	bindings [][32]byte
	wg       sync.WaitGroup
}

const siteBody = "<h1>a website</h1>"

func newTestServer(t testing.TB) *testServer {
	t.Helper()
	s := &testServer{cert: newCertificate(t), clock: clock.NewManual(time.Unix(1_800_000_000, 0))}
	s.table = NewTable[string](s.clock)
	s.table.AddCertificate(s.cert.Certificate[0])
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	srv := &http.Server{
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{s.cert}, NextProtos: []string{"h2", "http/1.1"}},
		ErrorLog:  log.New(io.Discard, "", 0),
		// Set to show that a peer's connection outlives the server's deadlines.
		ReadTimeout: time.Minute, WriteTimeout: time.Minute,
	}
	NewHandler(s.table, http.HandlerFunc(s.site), s.peer).Attach(srv)
	s.wg.Go(func() { srv.ServeTLS(l, "", "") })
	t.Cleanup(func() { srv.Close(); s.wg.Wait() })
	return s
}

func (s *testServer) site(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests = append(s.requests, r)
	s.mu.Unlock()
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	io.WriteString(w, siteBody)
}

func (s *testServer) peer(c *Conn, name string) {
	s.mu.Lock()
	s.peers = append(s.peers, name)
	s.bindings = append(s.bindings, c.Binding())
	s.mu.Unlock()
	s.wg.Go(func() {
		defer c.Close()
		io.WriteString(c, "hello")
		io.Copy(c, c)
	})
}

// visits returns how many requests the website answered.
func (s *testServer) visits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

func (s *testServer) dial(t testing.TB, k Key, opts DialOptions) (*Conn, error) {
	t.Helper()
	raw, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	return Dial(t.Context(), raw, k, opts)
}

// served returns the torrents of the peers that were let in.
func (s *testServer) served() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.peers)
}

// client is a TLS client that writes its requests by hand.
type client struct {
	*tls.Conn
	state tls.ConnectionState
}

func (s *testServer) connect(t testing.TB, cfg *tls.Config) *client {
	t.Helper()
	cfg.InsecureSkipVerify = true
	raw, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	c := tls.Client(raw, cfg)
	if err := c.HandshakeContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &client{c, c.ConnectionState()}
}

// claim returns the request that proves k on this very connection.
func (c *client) claim(t testing.TB, k Key) []byte {
	t.Helper()
	tag := k.Tag(sha256.Sum256(c.state.PeerCertificates[0].Raw))
	// TLS 1.2 has no exporter a proof is accepted for; any value will do.
	x, err := exporter(hello.Of(&c.state))
	if err != nil && c.state.Version == tls.VersionTLS13 {
		t.Fatal(err)
	}
	b, err := hello.Go{}.Request(upgrade.NewRequest("peer.example", tag, k.ClientProof(x, tag)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newCertificate(t testing.TB) tls.Certificate {
	t.Helper()
	c, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
