package ssltorrent

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/internal/record"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// pair connects two ends of a network in memory.
func pair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	mem := netpolicy.NewMem()
	l, err := mem.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	if client, err = mem.Dial(t.Context(), l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return client, server
}

// meet lets two peers shake hands over cl and sv and say a word each. It
// returns what each of them saw.
func meet(t *testing.T, cl, sv *tls.Config) (client, server error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	c, s := pair(t)
	base := &tls.Config{Certificates: sv.Certificates}
	acceptor := btls.NewAcceptor(base)
	done := make(chan error, 1)
	go func() {
		_, peer, err := acceptor.HandshakeOr(ctx, s, func(hello *tls.ClientHelloInfo) *tls.Config {
			if hash, ok := InfoHash(hello.ServerName); !ok || hash != [20]byte{7} {
				return nil
			}
			return sv
		})
		if err != nil {
			s.Close()
			done <- err
			return
		}
		if peer == nil {
			done <- errors.New("taken for a visitor")
			return
		}
		if _, ours := peer.Conn.(*record.Conn); !ours {
			t.Errorf("records of a %T", peer.Conn)
		}
		_, err = io.WriteString(peer, "server")
		word := make([]byte, 6)
		if _, e := io.ReadFull(peer, word); e != nil || string(word) != "client" {
			err = errors.Join(err, e, errors.New("read "+string(word)))
		}
		done <- errors.Join(err, peer.Close())
	}()
	peer, err := btls.Client(ctx, c, cl)
	if err == nil {
		if _, ours := peer.Conn.(*record.Conn); !ours {
			t.Errorf("records of a %T", peer.Conn)
		}
		word := make([]byte, 6)
		_, err = io.WriteString(peer, "client")
		if _, e := io.ReadFull(peer, word); e != nil || string(word) != "server" {
			err = errors.Join(err, e, errors.New("read "+string(word)))
		}
		peer.Close()
	}
	return err, <-done
}

// Peers meet if both show certificates of the torrent's authority, and not if
// either does not.
func TestPeersMeet(t *testing.T) {
	w, other := newWorld(t, "set"), newWorld(t, "set")
	late := w.issue("set", now.AddDate(-1, 0, 0), now.Add(-time.Second))
	wrong := w.issue("seti", now.Add(-time.Hour), now.Add(time.Hour))
	cfg := func(own tls.Certificate) (cl, sv *tls.Config) {
		m := w.member(own)
		return m.Client([20]byte{7}), m.Server()
	}
	goodClient, goodServer := cfg(w.good())
	if c, s := meet(t, goodClient, goodServer); c != nil || s != nil {
		t.Fatalf("client: %v, server: %v", c, s)
	}
	for name, bad := range map[string]tls.Certificate{"foreign": other.good(), "expired": late, "wrong name": wrong} {
		badClient, badServer := cfg(bad)
		c, s := meet(t, badClient, goodServer)
		if c == nil || !errors.Is(s, ErrForeign) && !errors.Is(s, ErrTerm) && !errors.Is(s, ErrName) {
			t.Errorf("%s client: client says %v, server %v", name, c, s)
		}
		c, s = meet(t, goodClient, badServer)
		if s == nil || !errors.Is(c, ErrForeign) && !errors.Is(c, ErrTerm) && !errors.Is(c, ErrName) {
			t.Errorf("%s server: client says %v, server %v", name, c, s)
		}
	}
	none := goodClient.Clone()
	none.Certificates = nil
	if c, s := meet(t, none, goodServer); c == nil || s == nil {
		t.Errorf("without a certificate: client says %v, server %v", c, s)
	}
}

// TLS 1.2 would show certificates to everyone on the path, and a resumed session
// would show none to the server.
func TestNoOldTLSAndNoResumption(t *testing.T) {
	w := newWorld(t, "set")
	m := w.member(w.good())
	cl, sv := m.Client([20]byte{7}), m.Server()
	old := cl.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if c, s := meet(t, old, sv); c == nil || s == nil {
		t.Errorf("TLS 1.2: client says %v, server %v", c, s)
	}
	oldServer := sv.Clone()
	oldServer.MinVersion, oldServer.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if c, s := meet(t, cl, oldServer); c == nil || s == nil {
		t.Errorf("TLS 1.2 at the server: client says %v, server %v", c, s)
	}
	cache := &countingCache{}
	again := cl.Clone()
	again.SessionTicketsDisabled, again.ClientSessionCache = false, cache
	for range 2 {
		if c, s := meet(t, again, sv); c != nil || s != nil {
			t.Fatalf("client: %v, server: %v", c, s)
		}
	}
	if cache.put > 0 {
		t.Error("the server gave a ticket")
	}
	if err := sv.VerifyConnection(tls.ConnectionState{DidResume: true}); !errors.Is(err, ErrResumed) {
		t.Errorf("resumed: %v", err)
	}
}

type countingCache struct{ put int }

func (*countingCache) Get(string) (*tls.ClientSessionState, bool) { return nil, false }

func (c *countingCache) Put(string, *tls.ClientSessionState) { c.put++ }

// A certificate that replaces another is shown from then on; what peers would not
// take replaces none.
func TestRenew(t *testing.T) {
	w := newWorld(t, "set")
	first, second := w.good(), w.good()
	m, err := w.torrent.Member(first, fixed{})
	if err != nil {
		t.Fatal(err)
	}
	late := w.issue("set", now.AddDate(-1, 0, 0), now.Add(-time.Second))
	if err := m.Renew(late); !errors.Is(err, ErrTerm) {
		t.Errorf("expired: %v", err)
	}
	for _, own := range []tls.Certificate{first, second} {
		if err := m.Renew(own); err != nil {
			t.Fatal(err)
		}
		for _, cfg := range []*tls.Config{m.Client([20]byte{7}), m.Server()} {
			if got := cfg.Certificates[0].Certificate[0]; string(got) != string(own.Certificate[0]) {
				t.Error("shows another certificate")
			}
		}
	}
}

// A tracker of the torrent has a certificate of its authority for its own name, and
// is shown ours if it asks.
func TestWebsite(t *testing.T) {
	w := newWorld(t, "set")
	other := newWorld(t, "set")
	m := w.member(w.good())
	long := now.AddDate(0, 1, 0)
	for name, c := range map[string]struct {
		theirs tls.Certificate
		ok     bool
	}{
		"good":         {w.issue("tracker.example", now.Add(-time.Hour), long), true},
		"of the web":   {other.issue("tracker.example", now.Add(-time.Hour), long), false},
		"another host": {w.issue("tracker.example.com", now.Add(-time.Hour), long), false},
		"a peer":       {w.good(), false},
		"expired":      {w.issue("tracker.example", now.AddDate(-1, 0, 0), now.Add(-time.Hour)), false},
	} {
		client, server := pair(t)
		done := make(chan error, 1)
		asked := &tls.Config{Certificates: []tls.Certificate{c.theirs}, ClientAuth: tls.RequireAnyClientCert, Time: fixed{}.Now}
		asked.VerifyConnection = func(st tls.ConnectionState) error { return w.torrent.Verify(st.PeerCertificates, now) }
		go func() {
			defer server.Close()
			done <- tls.Server(server, asked).HandshakeContext(t.Context())
		}()
		cfg := m.Website()
		cfg.ServerName = "tracker.example" // as net/http does
		err := tls.Client(client, cfg).HandshakeContext(t.Context())
		client.Close()
		if theirs := <-done; (err == nil) != c.ok || c.ok && theirs != nil {
			t.Errorf("%s: %v, tracker: %v", name, err, theirs)
		}
	}
}
