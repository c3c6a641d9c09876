package web_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/web"
)

// served runs a test against a server at 9.9.9.9:80, in virtual time.
func served(t *testing.T, cfg web.Config, most int, test func(t *testing.T, host func(string) netpolicy.Policy)) {
	synctest.Test(t, func(t *testing.T) {
		world := netpolicy.NewMem()
		host := func(ip string) netpolicy.Policy { return world.Host(netip.MustParseAddr(ip)) }
		cfg.Clock = clock.System{}
		s := web.NewServer(open(server.Config{}), cfg, most)
		l, err := host("9.9.9.9").Listen(t.Context(), ":80")
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := s.Serve(l); err != nil {
				t.Error(err)
			}
		})
		test(t, host)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
	})
}

func dial(t *testing.T, p netpolicy.Policy) net.Conn {
	t.Helper()
	c, err := p.Dial(t.Context(), "9.9.9.9:80")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestServerAndClient(t *testing.T) {
	served(t, web.Config{Key: "key"}, 10, func(t *testing.T, host func(string) netpolicy.Policy) {
		for i, p := range []netpolicy.Policy{host("8.8.8.8"), host("8.8.4.4")} {
			c := tracker.New(tracker.Config{Policy: p, Clock: clock.System{}})
			r, err := c.Announce(t.Context(), tracker.Target{URL: "http://9.9.9.9/key/announce"}, tracker.Request{InfoHash: [20]byte{1}, Port: 1000, NumWant: 9, Left: 1})
			if err != nil || len(r.Peers) != i {
				t.Errorf("%+v, %v", r, err)
			}
			got, err := c.Scrape(t.Context(), tracker.Target{URL: "http://9.9.9.9/key/announce"}, [20]byte{1})
			if err != nil || got[[20]byte{1}].Leechers != i+1 {
				t.Errorf("%+v, %v", got, err)
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// talk sends requests at once on one connection and returns the answers until it is
// closed, or n.
func talk(t *testing.T, c net.Conn, requests string, n int) (list []*http.Response) {
	t.Helper()
	go func() { _, _ = io.WriteString(c, requests) }() // ends with the connection
	r := bufio.NewReader(c)
	for len(list) < n {
		got, err := http.ReadResponse(r, nil)
		if err != nil {
			return list
		}
		body, err := io.ReadAll(got.Body)
		if err != nil || got.ContentLength != int64(len(body)) {
			t.Errorf("a body of %d bytes, not %d: %v", len(body), got.ContentLength, err)
		}
		list = append(list, got)
	}
	return list
}

func TestHTTP(t *testing.T) {
	scrape := "/scrape?info_hash=aaaaaaaaaaaaaaaaaaaa"
	for name, c := range map[string]struct {
		requests string
		status   []int
		closes   bool
	}{
		"one":            {"GET " + scrape + " HTTP/1.1\r\nHost: t\r\n\r\n", []int{200}, false},
		"two":            {strings.Repeat("GET "+scrape+" HTTP/1.1\r\nHost: t\r\n\r\n", 2), []int{200, 200}, false},
		"close":          {"GET " + scrape + " HTTP/1.1\r\nconnection: Close\r\n\r\nGET", []int{200}, true},
		"1.0":            {"GET " + scrape + " HTTP/1.0\r\n\r\n", []int{200}, true},
		"1.0 and kept":   {"GET " + scrape + " HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", []int{200}, false},
		"another path":   {"GET / HTTP/1.1\r\n\r\n", []int{404}, false},
		"POST":           {"POST " + scrape + " HTTP/1.1\r\nContent-Length: 0\r\n\r\n", []int{405}, false},
		"a body":         {"POST " + scrape + " HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /", []int{400}, true},
		"a body, spaced": {"GET " + scrape + " HTTP/1.1\r\nContent-Length : 5\r\n\r\nGET /", []int{400}, true},
		"a body, folded": {"GET " + scrape + " HTTP/1.1\r\nX: y\r\n Content-Length: 5\r\n\r\nGET /", []int{400}, true},
		"a body, half":   {"GET " + scrape + " HTTP/1.1\r\nX: y\nContent-Length: 5\r\n\r\nGET /", []int{400}, true},
		"a nameless one": {"GET " + scrape + " HTTP/1.1\r\n: 5\r\n\r\n", []int{400}, true},
		"chunks":         {"GET " + scrape + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", []int{400}, true},
		"no version":     {"GET /\r\n\r\n", []int{400}, true},
		"HTTP/2":         {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", []int{400}, true},
		"no colon":       {"GET / HTTP/1.1\r\nwhat\r\n\r\n", []int{400}, true},
		"a proxy's":      {"GET http://t/announce HTTP/1.1\r\n\r\n", []int{400}, true},
		"TLS":            {"\x16\x03\x01\x02\x00\x01\r\n\r\n", []int{400}, true},
		"nothing":        {"\r\n\r\n", []int{400}, true},
		"too large":      {"GET /" + strings.Repeat("x", 9000) + " HTTP/1.1\r\n\r\n", nil, true},
		"BitTorrent":     {"\x13BitTorrent protocol" + strings.Repeat("\x00", 48), nil, true},
		"half a header":  {"GET " + scrape + " HTTP/1.1\r\nHost: ", nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			served(t, web.Config{}, 10, func(t *testing.T, host func(string) netpolicy.Policy) {
				conn := dial(t, host("8.8.8.8"))
				defer conn.Close()
				began := time.Now()
				got := talk(t, conn, c.requests, len(c.status))
				if !slices.EqualFunc(got, c.status, func(r *http.Response, status int) bool { return r.StatusCode == status && r.Close == c.closes }) {
					t.Errorf("%+v", got)
				}
				if c.closes { // soon, or when time is up
					if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil {
						t.Error("it goes on")
					}
				}
				if passed := time.Since(began); passed > 11*time.Second {
					t.Errorf("took %v", passed)
				}
			})
		})
	}
}

// Who does not ask, or does not come again, is out after a while; beyond a number of
// connections nobody gets in, and Close ends all.
func TestSlow(t *testing.T) {
	served(t, web.Config{}, 2, func(t *testing.T, host func(string) netpolicy.Policy) {
		first, second, third := dial(t, host("8.8.8.8")), dial(t, host("8.8.8.8")), dial(t, host("8.8.8.8"))
		if _, err := third.Read(make([]byte, 1)); err == nil {
			t.Error("a third of two is in")
		}
		began := time.Now()
		if _, err := io.WriteString(first, "G"); err != nil {
			t.Fatal(err)
		}
		for _, c := range []net.Conn{first, second} {
			if _, err := c.Read(make([]byte, 1)); err == nil {
				t.Error("answered without a question")
			}
		}
		if passed := time.Since(began); passed != 10*time.Second {
			t.Errorf("out after %v", passed)
		}
		kept := dial(t, host("8.8.8.8"))
		talk(t, kept, "GET / HTTP/1.1\r\n\r\n", 1)
		began = time.Now()
		if _, err := kept.Read(make([]byte, 1)); err == nil || time.Since(began) != 30*time.Second {
			t.Errorf("out after %v, %v", time.Since(began), err)
		}
		dial(t, host("8.8.8.8")) // stays
		synctest.Wait()
	})
}

func TestServerProxies(t *testing.T) {
	served(t, web.Config{Proxies: []netip.Prefix{netip.MustParsePrefix("8.8.8.8/32")}}, 10, func(t *testing.T, host func(string) netpolicy.Policy) {
		c := dial(t, host("8.8.8.8"))
		_, target, _ := strings.Cut(target("http://t.example/announce", request(1, 1, 1)), "t.example")
		go func() {
			_, _ = io.WriteString(c, "GET "+target+" HTTP/1.1\r\nX-Forwarded-For: 1.2.3.4\r\nx-forwarded-for: 5.6.7.8\r\n\r\n")
		}()
		r, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, r.ContentLength)
		if _, err := io.ReadFull(r.Body, b); err != nil {
			t.Fatal(err)
		}
		if got, err := message.ParseAnnounce(b); err != nil || got.External != netip.MustParseAddr("5.6.7.8") {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

type failing struct{ net.Listener }

func (failing) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (failing) Close() error              { return nil }

// A listener that ends by itself is an error; a server that is closed takes none.
func TestListener(t *testing.T) {
	s := web.NewServer(open(server.Config{}), web.Config{Clock: clock.System{}}, 1)
	if err := s.Serve(failing{}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Serve(failing{}); err != nil {
		t.Errorf("after Close: %v", err)
	}
}

func FuzzHead(f *testing.F) {
	f.Add("GET /announce?x HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
	f.Add("GET / HTTP/1.0\r\nTransfer-Encoding : x\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		near, far := net.Pipe()
		s := web.NewServer(open(server.Config{}), web.Config{Clock: clock.System{}}, 1)
		one := &once{conn: tcp{far}}
		var wg sync.WaitGroup
		wg.Go(func() { _ = s.Serve(one) })
		wg.Go(func() {
			_, _ = io.WriteString(near, text)
			_ = near.Close()
		})
		r := bufio.NewReader(near)
		for {
			got, err := http.ReadResponse(r, nil)
			if err != nil {
				break
			}
			if _, err := io.Copy(io.Discard, got.Body); err != nil {
				break
			}
		}
		_ = near.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
	})
}

// once is a listener with one connection.
type once struct {
	conn net.Conn
	net.Listener
}

func (o *once) Accept() (net.Conn, error) {
	if c := o.conn; c != nil {
		o.conn = nil
		return c, nil
	}
	return nil, net.ErrClosed
}
func (*once) Close() error { return nil }

// tcp is a connection that says it has an address.
type tcp struct{ net.Conn }

func (tcp) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort("1.2.3.4:5"))
}
