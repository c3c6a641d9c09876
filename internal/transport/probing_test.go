package transport

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// requests is how many a prober makes at least.
const requests = 10_000

// A port that has torrents answers whoever cannot prove one of them as the same
// port without any does: the same bytes on the wire, at the same instants, with the
// same end. There are two worlds of equal time and equal chance, so that not only
// the answers but the ciphertexts have to be equal.
func TestProbing(t *testing.T) {
	cert, err := certificate.SelfSigned(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), nil)
	if err != nil {
		t.Fatal(err)
	}
	ssl := ID{V1: sslHash, HasV1: true, Access: Access{SSL: newSSLTorrent(t).member()}}
	for _, c := range []struct {
		name  string
		kinds []Kind
		// clear is set where those who come without TLS get the same answers too.
		// Torrents that let them in are open to them, as the threat model says.
		clear    bool
		requests int
	}{
		{"torrents over TLS alone", []Kind{TLS}, true, requests},
		{"torrents for all", nil, false, requests / 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			captured := capture(t, cert, c.kinds)
			probes := newProber(cert, captured, c.clear).probes(c.requests)
			with := explore(t, cert, []ID{v1, v2, hybrid, ssl}, c.kinds, probes)
			without := explore(t, cert, nil, nil, probes)
			compare(t, probes, with, without)
			if len(probes) < 100 || len(with) != len(probes) {
				t.Errorf("%d of %d connections were made", len(with), len(probes))
			}
		})
	}
}

// compare wants both worlds to be the same, and shows where they are not.
func compare(t *testing.T, probes []probe, with, without []account) {
	t.Helper()
	answered, asked := 0, 0
	for i, p := range probes {
		asked += p.requests
		if len(with[i].plain) > 0 {
			answered++
		}
		if with[i].equal(without[i]) {
			continue
		}
		t.Fatalf("connection %d, %s:\nwith torrents %v\nwithout       %v", i, p.name, with[i], without[i])
	}
	t.Logf("%d requests on %d connections; %d got an answer that could be read", asked, len(probes), answered)
	if answered < len(probes)/3 {
		t.Error("too few for the rest to mean anything")
	}
}

// Who knows the info-hash of a torrent of level Strict, and proves it as level Basic
// has it on the very connection, finds the website that there is without the torrent.
func TestProbingStrict(t *testing.T) {
	cert, err := certificate.SelfSigned(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), nil)
	if err != nil {
		t.Fatal(err)
	}
	strict := v1
	strict.Access = Access{Level: btls.Strict, Secret: btls.Secret{1, 2, 3}}
	probes := newProber(cert, capture(t, cert, []Kind{TLS}), true).probes(requests / 10)
	for i := range probes {
		if p := &probes[i]; !p.clear && p.version == 0 && slices.Equal(p.alpn, []string{"http/1.1"}) {
			claim := step{claim: func(st *tls.ConnectionState) []byte { return rightClaim(t, st) }}
			p.steps, p.requests = append([]step{claim}, p.steps...), p.requests+1
		}
	}
	compare(t, probes, explore(t, cert, []ID{strict}, []Kind{TLS}, probes), explore(t, cert, nil, nil, probes))
}

// Who does prove a torrent is told apart, so the comparison above can fail.
func TestProbingTellsPeers(t *testing.T) {
	cert := newCertificate(t)
	good := []probe{{name: "a peer", from: netip.MustParseAddr("10.0.0.1"), alpn: []string{"http/1.1"}, requests: 1,
		steps: []step{{claim: func(st *tls.ConnectionState) []byte { return rightClaim(t, st) }}}}}
	with := explore(t, cert, []ID{v1}, []Kind{TLS}, good)
	without := explore(t, cert, nil, nil, good)
	if with[0].equal(without[0]) {
		t.Error("a peer of a torrent is answered like one of none")
	}
	if !bytes.HasPrefix(with[0].plain, []byte("HTTP/1.1 101 ")) || !bytes.HasPrefix(without[0].plain, []byte("HTTP/1.1 404 ")) {
		t.Errorf("answers %.30q and %.30q", with[0].plain, without[0].plain)
	}
}

// rightClaim is the request that proves v1 on a connection.
func rightClaim(t *testing.T, st *tls.ConnectionState) []byte {
	k, err := btls.BasicKey(v1.V1[:])
	if err != nil {
		t.Fatal(err)
	}
	x, err := st.ExportKeyingMaterial("EXPERIMENTAL-BitTorrent-TLS", nil, 32)
	if err != nil {
		t.Fatal(err)
	}
	tag := k.Tag(sha256.Sum256(st.PeerCertificates[0].Raw))
	proof := k.ClientProof([32]byte(x), tag)
	return upgrade(tag[:], proof[:])
}

// capture returns the request of a peer that was let in.
func capture(t *testing.T, cert tls.Certificate, kinds []Kind) (request []byte) {
	t.Helper()
	p := []probe{{from: netip.MustParseAddr("10.0.0.1"), alpn: []string{"http/1.1"}, steps: []step{{
		claim: func(st *tls.ConnectionState) []byte { request = rightClaim(t, st); return request },
	}}}}
	if a := explore(t, cert, []ID{v1}, kinds, p); !bytes.HasPrefix(a[0].plain, []byte("HTTP/1.1 101 ")) {
		t.Fatalf("the request to capture was answered with %.40q", a[0].plain)
	}
	return request
}

// explore makes the connections one after the other in a world of its own, which
// has a port that knows the torrents.
func explore(t *testing.T, cert tls.Certificate, ids []ID, kinds []Kind, probes []probe) (seen []account) {
	t.Helper()
	cryptotest.SetGlobalRandom(t, 1)
	synctest.Test(t, func(t *testing.T) {
		network := netpolicy.NewMem()
		e := &echo{}
		p, err := Listen(t.Context(), "127.0.0.1:0", Config{Policy: network, Certificate: cert, Handle: e.handle,
			Plain: true, MSE: true, Carrier: TCPOnly})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { p.Close(); e.wg.Wait() }()
		for _, id := range ids {
			if err := p.Add(id, kinds...); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		sessions := tls.NewLRUClientSessionCache(1)
		for _, pr := range probes {
			seen = append(seen, pr.run(t, network, p.Addr().String(), began, sessions))
		}
		if len(ids) > 0 {
			stillOpen(t, network.Host(netip.MustParseAddr("10.255.0.1")), p.Addr().String(), ids[0])
		}
	})
	return seen
}

// stillOpen checks that the port has not simply stopped letting peers in.
func stillOpen(t *testing.T, from netpolicy.Policy, addr string, id ID) {
	t.Helper()
	c, err := DialTLS(t.Context(), from, addr, id, btls.DialOptions{})
	if err != nil {
		t.Fatalf("a peer after the prober: %v", err)
	}
	talk(t, c, TLS, "x")
}

// account is all that a prober learns by one connection.
type account struct {
	at    time.Duration // when it began
	wire  []moment
	plain []byte // what of it could be decrypted
	end   string
}

// moment is what came at one instant.
type moment struct {
	at   time.Duration
	data []byte
}

func (a account) equal(b account) bool {
	return a.at == b.at && a.end == b.end && bytes.Equal(a.plain, b.plain) && slices.EqualFunc(a.wire, b.wire, func(x, y moment) bool {
		return x.at == y.at && bytes.Equal(x.data, y.data)
	})
}

func (a account) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "began after %v, ended with %s\n", a.at, a.end)
	for _, m := range a.wire {
		sum := sha256.Sum256(m.data)
		fmt.Fprintf(&b, "  %v: %d bytes, sha256 %x, %.24x\n", m.at, len(m.data), sum[:4], m.data)
	}
	fmt.Fprintf(&b, "  in plain %.600q", a.plain)
	return b.String()
}

// probe is one connection of a prober.
type probe struct {
	name     string
	from     netip.Addr
	clear    bool   // no TLS
	server   string // name of a server, "" for none
	alpn     []string
	version  uint16 // the highest, 0 for TLS 1.3
	resume   bool
	steps    []step
	requests int
	stay     bool // does not hang up but waits until the port does
}

// step is what a prober does and then looks at.
type step struct {
	wait  time.Duration // before it
	send  []byte
	below bool // below TLS
	claim func(*tls.ConnectionState) []byte
	fin   bool // says that no more will come
}

// run makes the connection.
func (p probe) run(t *testing.T, network *netpolicy.Mem, addr string, began time.Time, sessions tls.ClientSessionCache) account {
	t.Helper()
	raw, err := network.Host(p.from).Dial(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{Conn: raw, began: time.Now()}
	a := account{at: w.began.Sub(began)}
	done := make(chan struct{})
	over, st := p.connect(w, sessions)
	go func() { defer close(done); w.follow(over) }()
	for _, s := range p.steps {
		time.Sleep(s.wait)
		b := s.send
		if s.claim != nil && st != nil {
			b = s.claim(st)
		}
		to := over
		if s.below {
			to = raw
		}
		_, _ = to.Write(b) // a port that hung up shows that by itself
		if s.fin {
			raw.(interface{ CloseWrite() error }).CloseWrite()
		}
		synctest.Wait()
	}
	if p.stay {
		synctest.Wait()
		select {
		case <-done:
		case <-time.After(5 * time.Minute):
		}
	}
	w.leave()
	raw.Close()
	<-done
	a.wire, a.plain, a.end = w.wire, w.plain, w.end
	return a
}

// connect makes the TLS handshake, if there is to be one.
func (p probe) connect(w *watcher, sessions tls.ClientSessionCache) (net.Conn, *tls.ConnectionState) {
	if p.clear {
		return w, nil
	}
	cfg := &tls.Config{InsecureSkipVerify: true, ServerName: p.server, NextProtos: p.alpn, MaxVersion: p.version, CurvePreferences: []tls.CurveID{tls.CurveP256}}
	if p.resume {
		cfg.ServerName, cfg.ClientSessionCache = "resumed", sessions
	}
	c := tls.Client(w, cfg)
	if err := c.HandshakeContext(context.Background()); err != nil {
		w.fail(err)
		return c, nil
	}
	st := c.ConnectionState()
	return c, &st
}

// watcher keeps what is read.
type watcher struct {
	net.Conn
	began time.Time

	mu    sync.Mutex
	wire  []moment
	plain []byte
	end   string
	left  bool
}

// Read implements net.Conn.
func (w *watcher) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left {
		return n, err
	}
	at := time.Since(w.began)
	if n > 0 {
		if last := len(w.wire) - 1; last >= 0 && w.wire[last].at == at {
			w.wire[last].data = append(w.wire[last].data, b[:n]...)
		} else {
			w.wire = append(w.wire, moment{at, bytes.Clone(b[:n])})
		}
	}
	if err != nil && w.end == "" {
		w.end = fmt.Sprintf("%v after %v", err, at)
	}
	return n, err
}

// follow reads to the end: what TLS makes of it, and the rest as it is.
func (w *watcher) follow(over net.Conn) {
	b := make([]byte, 4<<10)
	for {
		n, err := over.Read(b)
		w.mu.Lock()
		if !w.left {
			w.plain = append(w.plain, b[:n]...)
		}
		w.mu.Unlock()
		if err != nil {
			w.fail(err)
			break
		}
	}
	for {
		if _, err := w.Read(b); err != nil {
			return
		}
	}
}

func (w *watcher) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.left {
		w.end += fmt.Sprintf("; TLS: %v", err)
	}
}

// leave ends the account: what comes now is the prober's own doing.
func (w *watcher) leave() {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = true
	if w.end == "" {
		w.end = "nothing"
	}
}
