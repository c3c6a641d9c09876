package transport

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/internal/facade/made"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport/mse"
	"github.com/warren-p2p/warren/internal/transport/opening"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var direct = netpolicy.Direct{}

// v1 and v2 are torrents of one version, hybrid is one of both.
var (
	v1     = ID{V1: [20]byte{1}, HasV1: true}
	v2     = ID{V2: [32]byte{2, 31: 9}, HasV2: true}
	hybrid = ID{V1: [20]byte{3}, V2: [32]byte{4, 31: 9}, HasV1: true, HasV2: true}
)

// page is what a port shows that was given no site.
var page = func() string {
	w := httptest.NewRecorder()
	made.New([32]byte{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	return w.Body.String()
}()

// echo answers every peer with its kind and then with what the peer sends.
type echo struct {
	mu    sync.Mutex
	peers []Incoming
	wg    sync.WaitGroup
}

func (e *echo) handle(in Incoming) {
	e.mu.Lock()
	e.peers = append(e.peers, in)
	e.mu.Unlock()
	e.wg.Go(func() {
		defer in.Conn.Close()
		io.WriteString(in.Conn, in.Kind.String())
		io.Copy(in.Conn, in.Conn)
	})
}

func (e *echo) all() []Incoming {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]Incoming(nil), e.peers...)
}

func listen(t testing.TB, change func(*Config)) (*Port, *echo) {
	t.Helper()
	e := &echo{}
	cfg := Config{Policy: direct, Certificate: newCertificate(t), Handle: e.handle, Plain: true, MSE: true}
	if change != nil {
		change(&cfg)
	}
	p, err := Listen(t.Context(), "127.0.0.1:0", cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close(); e.wg.Wait() })
	for _, id := range []ID{v1, v2, hybrid} {
		if err := p.Add(id); err != nil {
			t.Fatal(err)
		}
	}
	return p, e
}

func newCertificate(t testing.TB) tls.Certificate {
	t.Helper()
	c, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// talk sends text to an echo of a kind and wants it back.
func talk(t testing.TB, c net.Conn, kind Kind, text string) {
	t.Helper()
	defer c.Close()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	want := kind.String() + text
	b := make([]byte, len(want))
	if n, err := io.ReadFull(c, b); err != nil || string(b) != want {
		t.Fatalf("read %q, %v; want %q", b[:n], err, want)
	}
}

func get(t testing.TB, url string, h2 bool) (*http.Response, string) {
	t.Helper()
	tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: h2}
	defer tr.CloseIdleConnections()
	c := &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

func TestOnePortForAll(t *testing.T) {
	p, e := listen(t, nil)
	addr := p.Addr().String()

	c, err := DialTLS(t.Context(), direct, addr, v1, btls.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	talk(t, c, TLS, "over TLS")
	if c, err = DialMSE(t.Context(), direct, addr, v1.V1); err != nil {
		t.Fatal(err)
	}
	talk(t, c, MSE, "over MSE")
	if c, err = DialPlain(t.Context(), direct, addr); err != nil {
		t.Fatal(err)
	}
	talk(t, c, Plain, opening.Magic+" in clear")

	for _, h2 := range []bool{true, false} {
		if resp, body := get(t, "https://"+addr+"/", h2); resp.StatusCode != 200 || body != page || (resp.ProtoMajor == 2) != h2 {
			t.Errorf("visitor: %s %s %q", resp.Proto, resp.Status, body)
		}
	}
	resp, _ := get(t, "http://"+addr+"/a?b=c", false)
	if loc := resp.Header.Get("Location"); resp.StatusCode != 301 || loc != "https://"+addr+"/a?b=c" {
		t.Errorf("visitor in clear: %s, Location %q", resp.Status, loc)
	}

	want := []Incoming{{Kind: TLS, InfoHash: v1.V1}, {Kind: MSE, InfoHash: v1.V1}, {Kind: Plain}}
	peers := e.all()
	if len(peers) != len(want) {
		t.Fatalf("%d peers, want %d", len(peers), len(want))
	}
	for i, in := range peers {
		if in.Kind != want[i].Kind || in.InfoHash != want[i].InfoHash {
			t.Errorf("peer %d: %v of %x", i, in.Kind, in.InfoHash)
		}
	}
}

// A hybrid torrent is found under each of its names.
func TestHybridHasTwoNames(t *testing.T) {
	p, e := listen(t, nil)
	short := [20]byte(hybrid.V2[:20])
	names := []struct {
		id  ID
		mse [20]byte
	}{
		{ID{V1: hybrid.V1, HasV1: true}, hybrid.V1},
		{hybrid, short},
		{v2, [20]byte(v2.V2[:20])},
	}
	for i, n := range names {
		c, err := DialTLS(t.Context(), direct, p.Addr().String(), n.id, btls.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		talk(t, c, TLS, "x")
		if c, err = DialMSE(t.Context(), direct, p.Addr().String(), n.mse); err != nil {
			t.Fatal(err)
		}
		talk(t, c, MSE, "x")
		for _, in := range e.all()[2*i:] {
			if in.InfoHash != n.mse {
				t.Errorf("%v proved %x, want %x", in.Kind, in.InfoHash, n.mse)
			}
		}
	}
}

func TestAddAndRemove(t *testing.T) {
	p, _ := listen(t, nil)
	addr := p.Addr().String()
	only := ID{V1: [20]byte{7}, HasV1: true}
	answers := func(id ID) (overTLS, overMSE bool) {
		c, err := DialTLS(t.Context(), direct, addr, id, btls.DialOptions{})
		if err == nil {
			c.Close()
		} else if !errors.Is(err, btls.ErrNotPeer) {
			t.Errorf("TLS: %v", err)
		}
		m, errMSE := DialMSE(t.Context(), direct, addr, id.Wire())
		if errMSE == nil {
			m.Close()
		}
		return err == nil, errMSE == nil
	}
	for _, c := range []struct {
		name     string
		do       func() error
		tls, mse bool
	}{
		{"never added", func() error { return nil }, false, false},
		{"TLS only", func() error { return p.Add(only, TLS) }, true, false},
		{"removed", func() error { return p.Remove(only) }, false, false},
		{"MSE only", func() error { return p.Add(only, MSE) }, false, true},
		{"both", func() error { return p.Add(only) }, true, true},
		{"another removed", func() error { return p.Remove(v1) }, true, true},
		{"removed again", func() error { return p.Remove(only) }, false, false},
		{"removed twice", func() error { return p.Remove(only) }, false, false},
	} {
		if err := c.do(); err != nil {
			t.Fatal(err)
		}
		if overTLS, overMSE := answers(only); overTLS != c.tls || overMSE != c.mse {
			t.Errorf("%s: TLS %v, MSE %v; want %v, %v", c.name, overTLS, overMSE, c.tls, c.mse)
		}
	}
}

// A port that lets in TLS only answers the rest as any HTTPS server does.
func TestPortWithTLSOnly(t *testing.T) {
	p, e := listen(t, func(c *Config) { c.Plain, c.MSE = false, false })
	for _, first := range []string{opening.Magic, strings.Repeat("noise ", 20)} {
		c, err := DialPlain(t.Context(), direct, p.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, first)
		// Either an alert or a reset, but no peer.
		io.Copy(io.Discard, c)
		c.Close()
	}
	c, err := DialTLS(t.Context(), direct, p.Addr().String(), v1, btls.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	talk(t, c, TLS, "x")
	if n := len(e.all()); n != 1 {
		t.Errorf("%d peers, want 1", n)
	}
}

func TestSetCertificate(t *testing.T) {
	p, _ := listen(t, nil)
	fresh := newCertificate(t)
	p.SetCertificate(fresh)
	pin, err := certificate.Pin(fresh)
	if err != nil {
		t.Fatal(err)
	}
	c, err := DialTLS(t.Context(), direct, p.Addr().String(), v1, btls.DialOptions{Pin: pin})
	if err != nil {
		t.Fatal(err)
	}
	talk(t, c, TLS, "x")
}

func TestListenRefusesIncompleteConfig(t *testing.T) {
	if _, err := Listen(t.Context(), "127.0.0.1:0", Config{}); err == nil {
		t.Error("no error")
	}
	cfg := Config{Policy: direct, Certificate: newCertificate(t), Handle: func(Incoming) {}}
	if _, err := Listen(t.Context(), "127.0.0.1:port", cfg); err == nil {
		t.Error("no error for an impossible address")
	}
}

func TestDialTLSWithoutInfoHash(t *testing.T) {
	if _, err := DialTLS(t.Context(), direct, "127.0.0.1:1", ID{}, btls.DialOptions{}); !errors.Is(err, btls.ErrKey) {
		t.Errorf("got %v", err)
	}
}

// Each dial is bounded by its context when the other side says nothing.
func TestDialsAreBounded(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	errEnough := errors.New("enough")
	for name, dial := range map[string]func(context.Context) (net.Conn, error){
		"TLS": func(ctx context.Context) (net.Conn, error) {
			return DialTLS(ctx, direct, l.Addr().String(), v1, btls.DialOptions{})
		},
		"MSE": func(ctx context.Context) (net.Conn, error) {
			return DialMSE(ctx, direct, l.Addr().String(), v1.V1)
		},
	} {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errEnough)
		if c, err := dial(ctx); !errors.Is(err, errEnough) || c != nil {
			t.Errorf("%s: %v, %v", name, c, err)
		}
		cancel()
	}
}

func TestKindString(t *testing.T) {
	got := []string{Plain.String(), MSE.String(), TLS.String(), Kind(9).String()}
	if s := strings.Join(got, " "); s != "plain mse tls kind(9)" {
		t.Error(s)
	}
}

// The connections peers get are those documented.
func TestConnTypes(t *testing.T) {
	p, e := listen(t, nil)
	for _, dial := range []func() (net.Conn, error){
		func() (net.Conn, error) {
			return DialTLS(t.Context(), direct, p.Addr().String(), v2, btls.DialOptions{})
		},
		func() (net.Conn, error) { return DialMSE(t.Context(), direct, p.Addr().String(), v1.V1) },
	} {
		c, err := dial()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(c).ReadByte(); err != nil {
			t.Error(err)
		}
		c.Close()
	}
	peers := e.all()
	if _, ok := peers[0].Conn.(*btls.Conn); !ok {
		t.Errorf("TLS: %T", peers[0].Conn)
	}
	if m, ok := peers[1].Conn.(*mse.Conn); !ok || m.Method() != mse.RC4 {
		t.Errorf("MSE: %T", peers[1].Conn)
	}
}

// eventually waits for something another goroutine is about to do.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for range 1000 {
		if done() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s: not within 5 s", what)
}

// isClosed reports whether the other side hung up.
func isClosed(c net.Conn) bool {
	c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	_, err := c.Read(make([]byte, 1))
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

// While all torrents are for TLS alone the port speaks nothing else: random
// bytes get what an HTTPS server answers, not a key of MSE.
func TestNothingInClear(t *testing.T) {
	port, _ := listen(t, nil)
	for _, id := range []ID{v1, v2, hybrid} {
		if err := port.Remove(id); err != nil {
			t.Fatal(err)
		}
	}
	if err := port.Add(ID{V1: [20]byte{1}, HasV1: true}, TLS); err != nil {
		t.Fatal(err)
	}
	probe := func() []byte {
		c, err := net.Dial("tcp", port.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Write(bytes.Repeat([]byte("hello, peer. "), 10)); err != nil {
			t.Fatal(err)
		}
		if err := c.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 96)
		n, _ := io.ReadFull(c, b)
		return b[:n]
	}
	if b := probe(); len(b) > 7 || len(b) > 0 && b[0] != 0x15 {
		t.Errorf("%x is no TLS alert", b)
	}
	if err := port.Add(ID{V1: [20]byte{2}, HasV1: true}, TLS, MSE); err != nil {
		t.Fatal(err)
	}
	if b := probe(); len(b) != 96 {
		t.Errorf("%d bytes of an MSE key, want 96", len(b))
	}
}
