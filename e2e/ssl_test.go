package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
)

// sslWorld is an SSL torrent with its authority, another authority, and the
// certificates of peers, as files that either program reads.
type sslWorld struct {
	t                *testing.T
	dir              string // of certificates
	authority, other *ssltorrent.Authority
	name             string // of the torrent
	from             string // the directory the content lies in
	torrent          string // the file
}

// newSSLWorld makes a torrent of content: with warren, or with libtorrent.
func newSSLWorld(t *testing.T, c combination, theirs bool) *sslWorld {
	t.Helper()
	w := &sslWorld{t: t, dir: t.TempDir(), name: "inter op", from: t.TempDir(), torrent: filepath.Join(t.TempDir(), "t.torrent")}
	for _, a := range []**ssltorrent.Authority{&w.authority, &w.other} {
		made, err := ssltorrent.NewAuthority(w.name, time.Now().Add(-24*time.Hour), time.Now().Add(24*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		*a = made
	}
	root := w.write("root.pem", []byte(w.authority.SSLCert()))
	path := content(t, w.from, w.name, layouts[c.layout])
	if theirs {
		run(t, python, "testdata/node.py", "make", path, w.torrent, "65536", c.kind, root)
	} else {
		run(t, binary, "torrent", "create", path, "-o", w.torrent, "--kind", c.kind, "--piece-length", "65536", "--ssl-cert", root)
	}
	return w
}

func (w *sslWorld) write(name string, b []byte) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// issue lets an authority sign a certificate.
func (w *sslWorld) issue(by *ssltorrent.Authority, name string, ends time.Duration) tls.Certificate {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	csr, err := ssltorrent.Request(key)
	if err != nil {
		w.t.Fatal(err)
	}
	der, err := by.Issue(csr, name, time.Now().Add(-2*time.Hour), time.Now().Add(ends))
	if err != nil {
		w.t.Fatal(err)
	}
	own, err := ssltorrent.Pair(der, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return own
}

func (w *sslWorld) good() tls.Certificate { return w.issue(w.authority, w.name, time.Hour) }

// bad are the certificates that no peer takes. libtorrent takes one with a first part
// of the name.
func (w *sslWorld) bad() map[string]tls.Certificate {
	return map[string]tls.Certificate{
		"missing":  {},
		"foreign":  w.issue(w.other, w.name, time.Hour),
		"expired":  w.issue(w.authority, w.name, -time.Hour),
		"misnamed": w.issue(w.authority, "another", time.Hour),
	}
}

// forWarren writes a certificate as warren takes it.
func (w *sslWorld) forWarren(own tls.Certificate) string {
	w.t.Helper()
	b, err := certificate.MarshalPEM(own)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.write(rand.Text()+".pem", b)
}

// forLibtorrent writes a certificate, and says so as node.py takes it.
func (w *sslWorld) forLibtorrent(own tls.Certificate) string {
	w.t.Helper()
	if own.Certificate == nil {
		return "ssl:"
	}
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		w.t.Fatal(err)
	}
	return "ssl:" + w.write(rand.Text()+".pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate[0]})) +
		":" + w.write(rand.Text()+".key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
}

// seed lets libtorrent seed and returns where.
func (w *sslWorld) seed(over string, own tls.Certificate) string {
	w.t.Helper()
	p := start(w.t, python, "testdata/node.py", "seed", w.torrent, w.from, over+w.forLibtorrent(own))
	return "127.0.0.1:" + strings.Fields(p.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "ready") }))[1]
}

func (w *sslWorld) same(out string) {
	w.t.Helper()
	same(w.t, filepath.Join(w.from, w.name), filepath.Join(out, w.name))
}

// sslCombinations are the torrents that are exchanged.
func sslCombinations() []combination {
	all := []combination{{kind: "v1", layout: "single"}, {kind: "v2", layout: "multi"}, {kind: "hybrid", layout: "multi"}}
	if full() {
		all = append(all, combination{kind: "v1", layout: "multi"}, combination{kind: "v2", layout: "single"}, combination{kind: "hybrid", layout: "single"})
	}
	return all
}

// warren fetches an SSL torrent from libtorrent.
func TestSSLTorrentFromLibtorrent(t *testing.T) {
	needLibtorrent(t)
	for _, c := range sslCombinations() {
		t.Run(c.kind+"/"+c.layout, func(t *testing.T) {
			w := newSSLWorld(t, c, true)
			out := t.TempDir()
			get := start(t, binary, "get", w.torrent, "--certificate", w.forWarren(w.good()), "--dir", out,
				"--peer", w.seed("", w.good()), "--exit", "--json", "--no-lsd", "--home", t.TempDir())
			get.event(60*time.Second, "done")
			w.same(out)
		})
	}
}

// warren shares an SSL torrent with libtorrent.
func TestSSLTorrentToLibtorrent(t *testing.T) {
	needLibtorrent(t)
	for _, c := range sslCombinations() {
		t.Run(c.kind+"/"+c.layout, func(t *testing.T) {
			w := newSSLWorld(t, c, false)
			out := t.TempDir()
			_, addr := share(t, w.torrent, w.from, "--certificate", w.forWarren(w.good()), "--no-lsd")
			get := start(t, python, "testdata/node.py", "get", w.torrent, out, w.forLibtorrent(w.good()), addr)
			get.line(60*time.Second, func(l string) bool { return l == "done" })
			w.same(out)
		})
	}
}

// The same over uTP.
func TestSSLTorrentOverUTP(t *testing.T) {
	needLibtorrent(t)
	w := newSSLWorld(t, combination{kind: "v1", layout: "single"}, false)
	to, from := t.TempDir(), t.TempDir()
	_, addr := share(t, w.torrent, w.from, "--certificate", w.forWarren(w.good()), "--no-lsd")
	theirs := start(t, python, "testdata/node.py", "get", w.torrent, to, "utp-"+w.forLibtorrent(w.good()), addr)
	theirs.line(60*time.Second, func(l string) bool { return l == "done" })
	w.same(to)
	ours := start(t, binary, "get", w.torrent, "--certificate", w.forWarren(w.good()), "--dir", from, "--listen", "127.0.0.1:0",
		"--peer", w.seed("utp-", w.good()), "--exit", "--json", "--no-lsd", "--home", t.TempDir())
	ours.event(60*time.Second, "done")
	w.same(from)
}

// Peers find each other by a tracker, which knows the torrent by its info-hash and
// libtorrent by its port for SSL torrents.
func TestSSLTorrentByTracker(t *testing.T) {
	needLibtorrent(t)
	needOpentracker(t)
	w := newSSLWorld(t, combination{kind: "v1", layout: "single"}, false)
	url := "http://127.0.0.1:" + opentracker(t, hashesOf(t, w.torrent)...) + "/announce"
	t.Setenv("TRACKER", url)
	seed := start(t, python, "testdata/node.py", "seed", w.torrent, w.from, w.forLibtorrent(w.good()))
	seed.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "alert tracker_reply") })
	ours, theirs := t.TempDir(), t.TempDir()
	first := start(t, binary, "get", w.torrent, "--certificate", w.forWarren(w.good()), "--dir", ours, "--listen", "127.0.0.1:0",
		"--tracker", url, "--json", "--no-lsd", "--home", t.TempDir())
	first.event(60*time.Second, "done")
	w.same(ours)
	seed.kill()
	second := start(t, python, "testdata/node.py", "get", w.torrent, theirs, w.forLibtorrent(w.good()))
	second.line(60*time.Second, func(l string) bool { return l == "done" })
	w.same(theirs)
}

// A tracker may be of the torrent's authority as well, and let nobody in who has no
// certificate. libtorrent speaks to no other one over HTTPS, and we do as it does.
func TestSSLTorrentSecureTracker(t *testing.T) {
	needLibtorrent(t)
	w := newSSLWorld(t, combination{kind: "v1", layout: "single"}, false)
	url := w.secureTracker(w.issue(w.authority, "localhost", time.Hour))
	t.Setenv("TRACKER", url)
	seed := start(t, python, "testdata/node.py", "seed", w.torrent, w.from, w.forLibtorrent(w.good()))
	seed.line(30*time.Second, func(l string) bool { return strings.HasPrefix(l, "alert tracker_reply") })
	get := func(url string) (*process, string) {
		out := t.TempDir()
		return start(t, binary, "get", w.torrent, "--certificate", w.forWarren(w.good()), "--dir", out, "--listen", "127.0.0.1:0",
			"--tracker", url, "--exit", "--json", "--no-lsd", "--home", t.TempDir()), out
	}
	ours, out := get(url)
	ours.event(60*time.Second, "done")
	w.same(out)
	foreign, _ := get(w.secureTracker(w.issue(w.other, "localhost", time.Hour)))
	if why := foreign.reason(t); !strings.Contains(why, "certificate") {
		t.Errorf("a tracker of another authority: %s", why)
	}
}

// secureTracker runs a tracker over HTTPS for members, and returns its URL.
func (w *sslWorld) secureTracker(own tls.Certificate) (url string) {
	w.t.Helper()
	torrent, err := ssltorrent.New(w.name, w.authority.SSLCert())
	if err != nil {
		w.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	var mu sync.Mutex
	var peers []byte
	server := http.Server{
		ErrorLog: log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{
			Certificates: []tls.Certificate{own}, ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS13, SessionTicketsDisabled: true,
			VerifyConnection: func(st tls.ConnectionState) error { return torrent.Verify(st.PeerCertificates, time.Now()) },
		},
		Handler: http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintf(out, "d8:intervali60e12:min intervali1e5:peers%d:%se", len(peers), peers)
			port, _ := strconv.ParseUint(r.URL.Query().Get("port"), 10, 16)
			peers = append(peers, 127, 0, 0, 1, byte(port>>8), byte(port))
		}),
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.ServeTLS(l, "", "") // ends with the test
	}()
	w.t.Cleanup(func() {
		server.Close()
		<-served
	})
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return "https://localhost:" + port + "/announce"
}

// Peers of an SSL torrent come to know each other by peer exchange (BEP 11): two of
// them, one a libtorrent, know but a warren that fetches hardly anything.
func TestSSLTorrentByExchange(t *testing.T) {
	needLibtorrent(t)
	w := newSSLWorld(t, combination{kind: "v1", layout: "single"}, false)
	own, out := w.forWarren(w.good()), t.TempDir()
	at := idle(t, w.torrent, "--certificate", own, "--no-lsd")
	t.Setenv("SSL", strings.TrimPrefix(w.forLibtorrent(w.good()), "ssl:"))
	lib(t, "seed", w.torrent, w.from, "pex", at)
	get := start(t, binary, "get", w.torrent, "--certificate", own, "--dir", out, "--listen", "127.0.0.1:0", "--peer", at, "--json", "--no-lsd", "--home", t.TempDir())
	get.event(150*time.Second, "done")
	w.same(out)
}

// warren does not exchange with a libtorrent whose certificate does not hold,
// whoever calls, and goes on with one whose certificate does.
func TestSSLTorrentRefusedByUs(t *testing.T) {
	t.Parallel()
	needLibtorrent(t)
	w := newSSLWorld(t, combination{kind: "hybrid", layout: "single"}, false)
	own := w.forWarren(w.good())
	_, addr := share(t, w.torrent, w.from, "--certificate", own, "--no-lsd")
	for name, cert := range w.bad() {
		t.Run(name, func(t *testing.T) {
			in := *w
			in.t = t
			out := t.TempDir()
			theirs := start(t, python, "testdata/node.py", "get", in.torrent, t.TempDir(), in.forLibtorrent(cert), addr)
			theirs.line(30*time.Second, func(l string) bool {
				if l == "done" {
					t.Fatal("it has fetched everything")
				}
				return strings.HasPrefix(l, "alert peer_") && strings.Contains(l, " alert ")
			})
			ours := start(t, binary, "get", in.torrent, "--certificate", own, "--dir", out,
				"--peer", in.seed("", cert), "--exit", "--no-lsd", "--home", t.TempDir())
			want := "its certificate does not hold"
			if name == "missing" { // there is nothing to show
				want = "refuses us"
			}
			eventually(t, 30*time.Second, func() bool { return strings.Contains(ours.log(), want) })
			if _, err := os.Stat(filepath.Join(out, in.name)); err == nil {
				t.Error("something was fetched")
			}
		})
	}
	out := t.TempDir()
	get := start(t, python, "testdata/node.py", "get", w.torrent, out, w.forLibtorrent(w.good()), addr)
	get.line(60*time.Second, func(l string) bool { return l == "done" })
	w.same(out)
}

func eventually(t *testing.T, limit time.Duration, done func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it did not come to that within %v", limit)
		}
	}
}

// libtorrent does not exchange with somebody whose certificate does not hold,
// whoever calls: what we check is what it checks. The program itself does not begin
// with such a certificate.
func TestSSLTorrentRefusedByLibtorrent(t *testing.T) {
	t.Parallel()
	needLibtorrent(t)
	w := newSSLWorld(t, combination{kind: "hybrid", layout: "single"}, true)
	hash := w.infoHash()
	torrent, err := ssltorrent.New(w.name, w.authority.SSLCert())
	if err != nil {
		t.Fatal(err)
	}
	m, err := torrent.Member(w.good(), clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	addr := w.seed("", w.good())
	for name, cert := range w.bad() {
		t.Run(name, func(t *testing.T) {
			client, server := m.Client(hash), m.Server()
			client.Certificates, server.Certificates = []tls.Certificate{cert}, []tls.Certificate{cert}
			if cert.Certificate == nil {
				client.Certificates = nil
				server.Certificates = []tls.Certificate{w.issue(w.other, "box-1", time.Hour)} // as a website has one
			}
			err := callLibtorrent(t, addr, hash, client)
			if op, ok := errors.AsType[*net.OpError](err); !errors.Is(err, btls.ErrAlert) && !(ok && op.Op == "remote error") {
				t.Errorf("called by us: %v, want an alert", err)
			}
			theirs, err := w.beCalled(t, server)
			if err == nil {
				t.Error("it calls us, and goes on")
			}
			theirs.line(20*time.Second, func(l string) bool { return strings.Contains(l, "certificate verify failed") })
		})
	}
	if err := callLibtorrent(t, addr, hash, m.Client(hash)); err != nil {
		t.Errorf("with a good certificate: %v", err)
	}
	if _, err := w.beCalled(t, m.Server()); err != nil {
		t.Errorf("with a good certificate: %v", err)
	}
}

func (w *sslWorld) infoHash() [20]byte {
	w.t.Helper()
	b, err := os.ReadFile(w.torrent)
	if err != nil {
		w.t.Fatal(err)
	}
	meta, err := metainfo.Parse(b)
	if err != nil {
		w.t.Fatal(err)
	}
	return meta.Hashes().V1
}

// callLibtorrent calls, and returns why libtorrent does not exchange handshakes
// (BEP 3).
func callLibtorrent(t *testing.T, addr string, hash [20]byte, cfg *tls.Config) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	c, err := btls.Client(ctx, raw, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	if _, err := c.Write(peerwire.Handshake{InfoHash: hash, PeerID: [20]byte{1}}.Append(nil)); err != nil {
		return err
	}
	_, err = io.ReadFull(c, make([]byte, peerwire.HandshakeLen))
	return err
}

// beCalled lets a libtorrent call, and returns it, and why it does not go on once it
// has seen our certificate. Its alert is not protected, so it is none to crypto/tls.
func (w *sslWorld) beCalled(t *testing.T, cfg *tls.Config) (*process, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	in := *w
	in.t = t
	p := start(t, python, "testdata/node.py", "get", in.torrent, t.TempDir(), in.forLibtorrent(w.good()), l.Addr().String())
	raw, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(20 * time.Second))
	c := tls.Server(raw, cfg)
	if err := c.HandshakeContext(t.Context()); err != nil {
		return p, err
	}
	_, err = c.Read(make([]byte, 1)) // it speaks first
	return p, err
}
