package server

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const siteBody = "<h1>a website</h1>"

// fixture is a Listener in a network that is not there.
type fixture struct {
	*Listener[string]
	net *netpolicy.Mem
}

func listen(t *testing.T, change func(*Config)) *fixture {
	t.Helper()
	f := &fixture{net: netpolicy.NewMem()}
	inner, err := f.net.Listen(t.Context(), "127.0.0.1:443")
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Certificate: newCertificate(t), Site: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, siteBody)
	})}
	if change != nil {
		change(&cfg)
	}
	table := btls.NewTable[string](nil)
	for _, name := range []string{"one", "two"} {
		if err := table.Add(key(t, name), name); err != nil {
			t.Fatal(err)
		}
	}
	if f.Listener, err = Listen(inner, table, cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func key(t testing.TB, name string) btls.Key {
	t.Helper()
	var ih [20]byte
	copy(ih[:], name)
	k, err := btls.BasicKey(ih[:])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newCertificate(t testing.TB) tls.Certificate {
	t.Helper()
	c, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (f *fixture) raw(t *testing.T) net.Conn {
	t.Helper()
	c, err := f.net.Dial(context.Background(), "127.0.0.1:443")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func (f *fixture) dial(t *testing.T, name string) (*btls.Conn, error) {
	t.Helper()
	return btls.Dial(context.Background(), f.raw(t), key(t, name), btls.DialOptions{})
}

// visit fetches the page in a version of HTTP.
func (f *fixture) visit(t *testing.T, protocol string) (*http.Response, string) {
	t.Helper()
	tr := &http.Transport{
		DialContext:       func(ctx context.Context, _, addr string) (net.Conn, error) { return f.net.Dial(ctx, addr) },
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, NextProtos: []string{protocol}},
		ForceAttemptHTTP2: protocol == "h2",
	}
	defer tr.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://127.0.0.1/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := tr.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// echo accepts peers, tells each which torrent it came for and sends back what
// it sends.
func (f *fixture) echo(t *testing.T) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, name, err := f.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				io.WriteString(c, name)
				io.Copy(c, c)
			})
		}
	})
	t.Cleanup(func() { f.Close(); wg.Wait() })
}

func expect(t *testing.T, c net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
		t.Fatalf("read %q, %v; want %q", got, err, want)
	}
}

func TestPeersAndVisitors(t *testing.T) {
	f := listen(t, nil)
	f.echo(t)
	for _, name := range []string{"one", "two"} {
		c, err := f.dial(t, name)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		expect(t, c, name)
		if _, err := io.WriteString(c, "hello"); err != nil {
			t.Fatal(err)
		}
		expect(t, c, "hello")
	}
	if _, err := f.dial(t, "three"); !errors.Is(err, btls.ErrNotPeer) {
		t.Errorf("a torrent that is not there: %v", err)
	}
	for protocol, want := range map[string]string{"h2": "HTTP/2.0", "http/1.1": "HTTP/1.1"} {
		if resp, body := f.visit(t, protocol); resp.Proto != want || body != siteBody {
			t.Errorf("%s: %s, %q", protocol, resp.Proto, body)
		}
	}
}

// After a change of certificate both those who saw the old one and those who see
// the new one are peers.
func TestSetCertificate(t *testing.T) {
	f := listen(t, nil)
	f.echo(t)
	for range 2 {
		c, err := f.dial(t, "one")
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		f.SetCertificate(newCertificate(t))
	}
}

func TestCertificateIsRequired(t *testing.T) {
	if _, err := Listen(nil, btls.NewTable[int](nil), Config{}); err == nil {
		t.Error("no error")
	}
}

// Who says nothing is sent away when more come than there may be, the oldest
// first; who speaks at once gets in all the same.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := listen(t, func(c *Config) { c.Strangers, c.HandshakeTimeout = 3, time.Hour })
		f.echo(t)
		flood := make([]net.Conn, 10)
		for i := range flood {
			flood[i] = f.raw(t)
			synctest.Wait()
		}
		if got := closed(flood); !slices.Equal(got, []int{0, 1, 2, 3, 4, 5, 6}) {
			t.Errorf("sent away: %v", got)
		}
		c, err := f.dial(t, "one")
		if err != nil {
			t.Fatal(err)
		}
		expect(t, c, "one")
		c.Close()
	})
}

// closed returns which connections the other side has closed. It takes the time
// of a bubble of package synctest.
func closed(conns []net.Conn) (list []int) {
	for i, c := range conns {
		c.SetReadDeadline(time.Now().Add(time.Millisecond))
		if _, err := io.Copy(io.Discard, c); err == nil { // the end, not the deadline
			list = append(list, i)
		}
		c.SetReadDeadline(time.Time{})
	}
	return list
}

// Peers that nobody accepts take no more room than those who prove nothing.
func TestPeersNobodyAccepts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := listen(t, func(c *Config) { c.Strangers = 2 })
		var peers []net.Conn
		for range 4 {
			c, err := f.dial(t, "one")
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			peers = append(peers, c.NetConn())
		}
		if got := closed(peers); !slices.Equal(got, []int{0, 1}) {
			t.Errorf("sent away: %v", got)
		}
		for range 2 {
			c, name, err := f.Accept()
			if err != nil || name != "one" {
				t.Fatalf("%q, %v", name, err)
			}
			c.Close()
		}
	})
}

func TestHandshakeTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := listen(t, func(c *Config) { c.HandshakeTimeout = time.Minute })
		silent := f.raw(t)
		shaken := tls.Client(f.raw(t), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
		if err := shaken.HandshakeContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		both := []net.Conn{silent, shaken}
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if got := closed(both[:1]); len(got) != 0 {
			t.Error("closed within the minute")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := closed(both[:1]); len(got) != 1 {
			t.Error("who said nothing is still there")
		}
		if _, err := shaken.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("who asked for nothing: %v", err)
		}
	})
}

// Close ends everything but what was accepted.
func TestClose(t *testing.T) {
	f := listen(t, nil)
	silent := f.raw(t)
	ours, err := f.dial(t, "one")
	if err != nil {
		t.Fatal(err)
	}
	theirs, _, err := f.Accept()
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := f.dial(t, "two")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]net.Conn{"silent": silent, "nobody accepted": waiting} {
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Errorf("%s: still open", name)
		}
	}
	if _, _, err := f.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("accept: %v", err)
	}
	go func() { io.WriteString(theirs, "still here"); theirs.Close() }()
	expect(t, ours, "still here")
	ours.Close()
}

// An inner listener that is closed by others ends Accept.
func TestInnerListenerCloses(t *testing.T) {
	f := listen(t, nil)
	f.inner.Close()
	if _, _, err := f.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// failing is a listener that cannot accept for a while.
type failing struct {
	net.Listener
	left int
}

func (l *failing) Accept() (net.Conn, error) {
	if l.left > 0 {
		l.left--
		return nil, errors.New("too many open files")
	}
	return l.Listener.Accept()
}

func TestAcceptGoesOnAfterFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := netpolicy.NewMem()
		inner, err := mem.Listen(t.Context(), "127.0.0.1:443")
		if err != nil {
			t.Fatal(err)
		}
		table := btls.NewTable[string](nil)
		table.Add(key(t, "one"), "one")
		l, err := Listen(&failing{inner, 3}, table, Config{Certificate: newCertificate(t)})
		if err != nil {
			t.Fatal(err)
		}
		f := &fixture{l, mem}
		defer f.Close()
		began := time.Now()
		c, err := f.dial(t, "one")
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		if d := time.Since(began); d != 3*pause {
			t.Errorf("after %v", d)
		}
	})
}
