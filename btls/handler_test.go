package btls

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/warren-p2p/warren/btls/internal/guard"
	"github.com/warren-p2p/warren/btls/internal/record"
)

func TestPeer(t *testing.T) {
	s := newTestServer(t)
	for i, k := range []Key{numbered(t, 1), mustKey(t, bytes.Repeat([]byte{2}, 32))} {
		add(t, s.table, k, []string{"v1", "v2"}[i])
		c, err := s.dial(t, k, DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, c, "hello")
		io.WriteString(c, "the peer wire, both ways")
		expect(t, c, "the peer wire, both ways")
		if _, ok := c.Conn.(*record.Conn); !ok {
			t.Errorf("the peer wire runs over a %T", c.Conn)
		}
		c.Close()
	}
	if got := strings.Join(s.served(), " "); got != "v1 v2" {
		t.Errorf("peers of %q", got)
	}
	if n := s.visits(); n != 0 {
		t.Errorf("the website answered %d requests of peers", n)
	}
}

// Both ends of a connection, and no others, have the same value to sign.
func TestBinding(t *testing.T) {
	s := newTestServer(t)
	k := numbered(t, 1)
	add(t, s.table, k, "")
	seen := map[[32]byte]bool{{}: true}
	for i := range 3 {
		c, err := s.dial(t, k, DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, c, "hello")
		c.Close()
		s.mu.Lock()
		theirs := s.bindings[i]
		s.mu.Unlock()
		if c.Binding() != theirs || seen[theirs] {
			t.Errorf("connection %d: %x at one end, %x at the other", i, c.Binding(), theirs)
		}
		seen[theirs] = true
	}
}

// Who knows the info-hash and not the secret, or the secret for another level,
// meets the website.
func TestLevelsDoNotMix(t *testing.T) {
	hash := bytes.Repeat([]byte{7}, 32)
	levels := []struct {
		level  Level
		secret Secret
	}{{Basic, Secret{}}, {Strict, Secret{1}}, {Strict, Secret{2}}, {FullStrict, Secret{1}}}
	for i, there := range levels {
		s := newTestServer(t)
		k, err := DeriveKey(there.level, there.secret, hash)
		if err != nil {
			t.Fatal(err)
		}
		add(t, s.table, k, "")
		for j, comes := range levels {
			k, err := DeriveKey(comes.level, comes.secret, hash)
			if err != nil {
				t.Fatal(err)
			}
			c, err := s.dial(t, k, DialOptions{})
			if i == j && err != nil || i != j && !errors.Is(err, ErrNotPeer) {
				t.Errorf("%v dialled as %v (%d, %d): %v", there.level, comes.level, i, j, err)
			}
			if err == nil {
				c.Close()
			}
		}
	}
}

func TestVisitor(t *testing.T) {
	s := newTestServer(t)
	add(t, s.table, numbered(t, 1), "")
	for _, c := range []struct {
		proto string
		h2    bool
	}{{"HTTP/2.0", true}, {"HTTP/1.1", false}} {
		tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: c.h2}
		defer tr.CloseIdleConnections()
		resp, err := (&http.Client{Transport: tr}).Get("https://" + s.addr + "/")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.Proto != c.proto || resp.StatusCode != 200 || string(body) != siteBody {
			t.Errorf("%s %d %q, want %s and the website", resp.Proto, resp.StatusCode, body, c.proto)
		}
	}
}

func TestUnknownTorrentMeetsTheWebsite(t *testing.T) {
	s := newTestServer(t)
	add(t, s.table, numbered(t, 1), "")
	_, err := s.dial(t, numbered(t, 2), DialOptions{})
	var np *NotPeerError
	if !errors.As(err, &np) || np.Status != 404 || !errors.Is(err, ErrNotPeer) {
		t.Errorf("got %v", err)
	}
	if n := s.visits(); n != 1 {
		t.Errorf("the website answered %d requests, want 1", n)
	}
}

// status sends a request and returns the status line's code and the header.
func (c *client) status(t testing.TB, req []byte) *http.Response {
	t.Helper()
	if _, err := c.Write(req); err != nil {
		t.Fatal(err)
	}
	// One byte at a time: nothing of the next answer is lost in the buffer.
	resp, err := http.ReadResponse(bufio.NewReader(iotest.OneByteReader(c)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		io.Copy(io.Discard, resp.Body)
	}
	return resp
}

func TestProofsDoNotTravel(t *testing.T) {
	s := newTestServer(t)
	k := numbered(t, 1)
	add(t, s.table, k, "")
	h1 := func() *tls.Config { return &tls.Config{NextProtos: []string{"http/1.1"}} }

	first := s.connect(t, h1())
	captured := first.claim(t, k)
	if got := s.connect(t, h1()).status(t, captured).StatusCode; got != 404 {
		t.Errorf("replayed on another connection: %d, want the website's 404", got)
	}
	if got := first.status(t, captured).StatusCode; got != 101 {
		t.Errorf("on its own connection: %d, want 101", got)
	}

	old := h1()
	old.MaxVersion = tls.VersionTLS12
	c := s.connect(t, old)
	if got := c.status(t, c.claim(t, k)).StatusCode; got != 404 {
		t.Errorf("TLS 1.2: %d, want the website's 404", got)
	}

	resuming := h1()
	resuming.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	c = s.connect(t, resuming)
	c.status(t, []byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) // reads the session ticket
	c = s.connect(t, resuming)
	if !c.state.DidResume {
		t.Fatal("session was not resumed")
	}
	if got := c.status(t, c.claim(t, k)).StatusCode; got != 404 {
		t.Errorf("resumed session: %d, want the website's 404", got)
	}
}

func TestOneBadProofPerConnection(t *testing.T) {
	s := newTestServer(t)
	k := numbered(t, 1)
	add(t, s.table, k, "")
	c := s.connect(t, &tls.Config{NextProtos: []string{"http/1.1"}})
	if got := c.status(t, c.claim(t, numbered(t, 2))).StatusCode; got != 404 {
		t.Fatalf("wrong proof: %d", got)
	}
	if got := c.status(t, c.claim(t, k)).StatusCode; got != 404 {
		t.Errorf("right proof after a wrong one: %d, want the website's 404", got)
	}
	if got := c.status(t, []byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n")).StatusCode; got != 200 {
		t.Errorf("visitor on the same connection: %d", got)
	}
	c = s.connect(t, &tls.Config{NextProtos: []string{"http/1.1"}})
	c.status(t, []byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
	if got := c.status(t, c.claim(t, k)).StatusCode; got != 101 {
		t.Errorf("right proof after an ordinary visit: %d, want 101", got)
	}
}

func TestTwentyBadProofsAMinute(t *testing.T) {
	s := newTestServer(t)
	k := numbered(t, 0)
	add(t, s.table, k, "")
	dial := func(i int) error {
		c, err := s.dial(t, numbered(t, i), DialOptions{})
		if err == nil {
			c.Close()
		}
		return err
	}
	for i := range guard.Limit {
		if err := dial(0); err != nil {
			t.Fatalf("after %d bad proofs: %v", i, err)
		}
		if err := dial(1 + i); !errors.Is(err, ErrNotPeer) {
			t.Fatal(err)
		}
	}
	if err := dial(0); !errors.Is(err, ErrNotPeer) {
		t.Errorf("21st within a minute: %v, want the website", err)
	}
	s.clock.Pass(guard.Window)
	if err := dial(0); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// The website must not tell by its words whether the table was consulted.
func TestSameAnswerToAll(t *testing.T) {
	s := newTestServer(t)
	k := numbered(t, 1)
	add(t, s.table, k, "")
	h1 := &tls.Config{NextProtos: []string{"http/1.1"}}
	answer := func(c *client, req []byte) string {
		resp := c.status(t, req)
		resp.Header.Del("Date")
		var b bytes.Buffer
		resp.Header.Write(&b)
		return resp.Status + "\n" + b.String()
	}
	c := s.connect(t, h1)
	want := answer(c, []byte("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n"))
	if got := answer(c, c.claim(t, numbered(t, 2))); got != want {
		t.Errorf("to a wrong proof:\n%swant\n%s", got, want)
	}
	if got := answer(c, c.claim(t, k)); got != want {
		t.Errorf("to a right proof that came too late:\n%swant\n%s", got, want)
	}
}

// Bytes that a hasty client sends behind its request are not lost.
func TestBytesBehindTheRequest(t *testing.T) {
	s := newTestServer(t)
	k := numbered(t, 1)
	add(t, s.table, k, "")
	c := s.connect(t, &tls.Config{NextProtos: []string{"http/1.1"}})
	behind := strings.Repeat("early ", 100)
	if got := c.status(t, append(c.claim(t, k), behind...)).StatusCode; got != 101 {
		t.Fatalf("status %d", got)
	}
	expect(t, c, "hello"+behind)
}

// Without Attach there is no telling connections apart, so nobody is a peer.
func TestDetachedHandlerServesTheWebsiteOnly(t *testing.T) {
	table := NewTable[int](nil)
	h := NewHandler(table, http.NotFoundHandler(), func(*Conn, int) { t.Error("peer") })
	req := parse(t, "GET /x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: "+
		strings.Repeat("A", 22)+"==\r\nCookie: s="+strings.Repeat("A", 43)+"\r\n\r\n")
	for _, ctx := range []context.Context{t.Context(), context.WithValue(t.Context(), connKey{}, new(connState))} {
		w := &recorder{header: http.Header{}}
		h.ServeHTTP(w, req.WithContext(ctx))
		if w.status != 404 {
			t.Errorf("status %d", w.status)
		}
	}
}

// recorder is the least an http.ResponseWriter can be.
type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(s int)           { r.status = s }
func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }

func TestAttachKeepsConnContext(t *testing.T) {
	type mine struct{}
	srv := &http.Server{ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
		return context.WithValue(ctx, mine{}, 1)
	}}
	NewHandler(NewTable[int](nil), http.NotFoundHandler(), nil).Attach(srv)
	ctx := srv.ConnContext(t.Context(), nil)
	if ctx.Value(mine{}) != 1 || ctx.Value(connKey{}) == nil {
		t.Error("a context value is missing")
	}
}

func expect(t testing.TB, r io.Reader, want string) {
	t.Helper()
	b := make([]byte, len(want))
	if n, err := io.ReadFull(r, b); err != nil || string(b) != want {
		t.Fatalf("read %q, %v; want %q", b[:n], err, want)
	}
}

func parse(t testing.TB, text string) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return r
}
