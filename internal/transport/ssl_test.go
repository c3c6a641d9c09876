package transport

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/clock"
)

// sslTorrent is an authority with the members of a torrent called "set".
type sslTorrent struct {
	t         testing.TB
	authority *ssltorrent.Authority
	torrent   *ssltorrent.Torrent
}

func newSSLTorrent(t testing.TB) *sslTorrent {
	t.Helper()
	a, err := ssltorrent.NewAuthority("set", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	torrent, err := ssltorrent.New("set", a.SSLCert())
	if err != nil {
		t.Fatal(err)
	}
	return &sslTorrent{t, a, torrent}
}

func (s *sslTorrent) certificate(name string, ends time.Time) tls.Certificate {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	csr, err := ssltorrent.Request(key)
	if err != nil {
		s.t.Fatal(err)
	}
	der, err := s.authority.Issue(csr, name, time.Now().Add(-2*time.Hour), ends)
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := ssltorrent.Pair(der, key)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *sslTorrent) member() *ssltorrent.Member {
	s.t.Helper()
	m, err := s.torrent.Member(s.certificate("set", time.Now().Add(time.Hour)), clock.System{})
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// Peers of SSL torrents have the port in common with all others, and are asked
// for by either name of a hybrid.
func TestSSLTorrentOnThePort(t *testing.T) {
	set := newSSLTorrent(t)
	p, e := listen(t, nil)
	one := ID{V1: [20]byte{5}, HasV1: true, Access: Access{SSL: set.member()}}
	both := ID{V1: [20]byte{6}, V2: [32]byte{7}, HasV1: true, HasV2: true, Access: Access{SSL: set.member()}}
	for _, id := range []ID{one, both} {
		if err := p.Add(id); err != nil {
			t.Fatal(err)
		}
	}
	dial := func(id ID) error {
		id.Access.SSL = set.member()
		c, err := DialSSL(t.Context(), direct, p.Addr().String(), id)
		if err == nil {
			talk(t, c, TLS, "shown")
		}
		return err
	}
	second := ID{V2: both.V2, HasV2: true}
	for _, id := range []ID{one, both, second} {
		if err := dial(id); err != nil {
			t.Fatal(err)
		}
		peers := e.all()
		if got := peers[len(peers)-1]; got.Kind != TLS || got.InfoHash != id.Wire() {
			t.Errorf("%+v", got)
		}
	}
	c, err := DialTLS(t.Context(), direct, p.Addr().String(), v1, btls.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	talk(t, c, TLS, "level Basic")
	if resp, body := get(t, "https://"+p.Addr().String(), true); resp.StatusCode != http.StatusOK || body != page {
		t.Errorf("a visitor gets %s", resp.Status)
	}
	// No other way leads to it.
	if _, err := DialTLS(t.Context(), direct, p.Addr().String(), ID{V1: one.V1, HasV1: true}, btls.DialOptions{}); !errors.Is(err, btls.ErrNotPeer) {
		t.Errorf("level Basic: %v", err)
	}
	if _, err := DialMSE(t.Context(), direct, p.Addr().String(), one.V1); err == nil {
		t.Error("taken over MSE")
	}
	if err := p.Remove(both); err != nil {
		t.Fatal(err)
	}
	for _, id := range []ID{both, second} {
		if err := dial(id); !errors.Is(err, ssltorrent.ErrForeign) {
			t.Errorf("after it was removed: %v", err)
		}
	}
}

// Whoever has no certificate of the torrent, or one that does not hold, is
// refused with an alert, and the engine never hears of it.
func TestSSLTorrentRefuses(t *testing.T) {
	set, other := newSSLTorrent(t), newSSLTorrent(t)
	id := ID{V1: [20]byte{5}, HasV1: true, Access: Access{SSL: set.member()}}
	p, e := listen(t, nil)
	if err := p.Add(id); err != nil {
		t.Fatal(err)
	}
	good := set.member().Client(id.V1)
	for name, own := range map[string]tls.Certificate{
		"missing":  {},
		"foreign":  other.certificate("set", time.Now().Add(time.Hour)),
		"expired":  set.certificate("set", time.Now().Add(-time.Minute)),
		"misnamed": set.certificate("seti", time.Now().Add(time.Hour)),
	} {
		cfg := good.Clone()
		cfg.Certificates = nil
		if own.Certificate != nil {
			cfg.Certificates = []tls.Certificate{own}
		}
		err := knock(p.Addr().String(), cfg)
		if op, ok := errors.AsType[*net.OpError](err); !ok || op.Op != "remote error" {
			t.Errorf("%s: %v, want an alert", name, err)
		}
	}
	if peers := e.all(); len(peers) > 0 {
		t.Errorf("%d were let in", len(peers))
	}
	if err := knock(p.Addr().String(), good); err != nil {
		t.Errorf("a member: %v", err)
	}
	if peers := e.all(); len(peers) != 1 {
		t.Errorf("%d were let in, want the member", len(peers))
	}
}

// knock connects, and returns why nothing is said then.
func knock(addr string, cfg *tls.Config) error {
	c, err := tls.Dial("tcp", addr, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(5 * time.Second))
	_, err = c.Read(make([]byte, 1))
	return err
}

// visit connects, asks for a page, and returns why there is none.
func visit(addr string, cfg *tls.Config) error {
	c, err := tls.Dial("tcp", addr, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"); err != nil {
		return err
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// A name that is an info-hash no SSL torrent of ours has is answered as any name
// is, as is one that we have from somebody without TLS 1.3: nobody learns from
// what a port says to it that there are SSL torrents here. libtorrent answers
// with an alert of its own.
func TestUnknownServerName(t *testing.T) {
	set := newSSLTorrent(t)
	known := ssltorrent.ServerName([20]byte{5})
	type answer struct {
		version, suite uint16
		protocol, leaf string
		tickets        bool
	}
	ask := func(p *Port, name string, most uint16) (a answer) {
		t.Helper()
		cache := &tickets{}
		cfg := &tls.Config{
			ServerName: name, InsecureSkipVerify: true, NextProtos: []string{"http/1.1"},
			MaxVersion: most, ClientSessionCache: cache, Certificates: []tls.Certificate{set.certificate("set", time.Now().Add(time.Hour))},
		}
		cfg.VerifyConnection = func(st tls.ConnectionState) error {
			a = answer{st.Version, st.CipherSuite, st.NegotiatedProtocol, string(st.PeerCertificates[0].Raw), false}
			return nil
		}
		cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			t.Errorf("%q is asked for a certificate", name)
			return &tls.Certificate{}, nil
		}
		if err := visit(p.Addr().String(), cfg); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		a.tickets = cache.put > 0
		return a
	}
	p, e := listen(t, nil)
	without := ask(p, "www.example.com", tls.VersionTLS13)
	withoutOld := ask(p, "www.example.com", tls.VersionTLS12)
	if err := p.Add(ID{V1: [20]byte{5}, HasV1: true, Access: Access{SSL: set.member()}}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"www.example.com", ssltorrent.ServerName([20]byte{6}), known[:39], "www." + known} {
		if got := ask(p, name, tls.VersionTLS13); got != without {
			t.Errorf("%q: answered in another way", name)
		}
	}
	if got := ask(p, known, tls.VersionTLS12); got != withoutOld {
		t.Error("TLS 1.2: answered in another way")
	}
	if peers := e.all(); len(peers) > 0 {
		t.Errorf("%d were let in", len(peers))
	}
}

// tickets counts what may be resumed.
type tickets struct{ put int }

func (*tickets) Get(string) (*tls.ClientSessionState, bool) { return nil, false }

func (c *tickets) Put(string, *tls.ClientSessionState) { c.put++ }
