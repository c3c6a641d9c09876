package enrol

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)

// memory is a Store.
type memory struct {
	mu     sync.Mutex
	b      []byte
	full   error
	writes int
}

func (m *memory) Update(f func([]byte) ([]byte, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, err := f(m.b)
	if err != nil || b == nil {
		return err
	}
	if m.full != nil {
		return m.full
	}
	m.b = b
	m.writes++
	return nil
}

const pathKey = "AAECAwQFBgcICQoLDA0ODw"

// world is a website with a service.
type world struct {
	t       *testing.T
	net     *netpolicy.Mem
	clock   *clock.Manual
	store   *memory
	service *Service
	handler *Handler
	addr    string
	pin     [32]byte
	cert    tls.Certificate
	token   []byte
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, net: netpolicy.NewMem(), clock: clock.NewManual(start), store: &memory{}, token: NewToken()}
	w.service = &Service{
		Key: pathKey, ID: [32]byte{2}, Authority: credential.NewAuthority([32]byte{1}),
		Lifetime: 30 * time.Hour, Store: w.store, Clock: w.clock,
		Leaf: func(der []byte, from, to time.Time) ([]byte, error) {
			return fmt.Appendf(nil, "leaf %d %d", from.Unix(), to.Unix()), nil
		},
	}
	w.handler = NewHandler(http.HandlerFunc(site), w.clock, slog.New(slog.DiscardHandler))
	w.handler.Add(w.service)
	if err := w.service.Invite(w.token, "friends", 2, start.Add(100*time.Hour)); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.cert, err = certificate.SelfSigned(start, nil); err != nil {
		t.Fatal(err)
	}
	if w.pin, err = certificate.Pin(w.cert); err != nil {
		t.Fatal(err)
	}
	w.serve()
	return w
}

// site says what it was asked, so that a test sees that nothing was taken away.
func site(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	w.WriteHeader(http.StatusNotFound)
	fmt.Fprintf(w, "no such page: %s %s, %d bytes", r.Method, r.URL, len(b))
}

func (w *world) serve() {
	w.t.Helper()
	l, err := w.net.Host(netip.MustParseAddr("198.51.100.1")).Listen(w.t.Context(), ":443")
	if err != nil {
		w.t.Fatal(err)
	}
	w.addr = l.Addr().String()
	srv := &http.Server{
		Handler: w.handler, ErrorLog: log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{w.cert}, NextProtos: []string{"h2", "http/1.1"}},
	}
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.ServeTLS(l, "", "") })
	w.t.Cleanup(func() { _ = srv.Close(); wg.Wait() })
}

func (w *world) client() *Client {
	return &Client{URL: "https://" + w.addr + "/" + pathKey + "/enrol", Dialer: w.net, Pins: [][32]byte{{9}, w.pin}}
}

func newPeer(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newP256(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func request(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// enrol asks for a credential, which must count if there is one.
func (w *world) enrol(key ed25519.PrivateKey, token []byte) (credential.Credential, error) {
	w.t.Helper()
	b, err := w.client().Enrol(w.t.Context(), key, token)
	if err != nil {
		return credential.Credential{}, err
	}
	c, err := credential.Parse(b)
	if err != nil {
		w.t.Fatal(err)
	}
	v := credential.Verifier{Authority: w.service.Authority.Public(), For: w.service.ID, Clock: w.clock}
	if err := v.Check(c); err != nil || c.Peer != [32]byte(key.Public().(ed25519.PublicKey)) {
		w.t.Fatalf("%v, for key %x", err, c.Peer)
	}
	return c, nil
}

// transport speaks HTTP to the website, as a visitor does.
func (w *world) transport(from string) *http.Transport {
	t := &http.Transport{
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			return w.net.Host(netip.MustParseAddr(from)).Dial(ctx, addr)
		},
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
		ForceAttemptHTTP2: true,
	}
	w.t.Cleanup(t.CloseIdleConnections)
	return t
}
