package proxy_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/proxy"
	"github.com/warren-p2p/warren/internal/netpolicy/proxy/proxytest"
	"github.com/warren-p2p/warren/internal/netpolicy/socks"
)

// machine is a host on a network in memory.
type machine struct{ netpolicy.Policy }

func (m machine) Listen(addr string) (net.Listener, error) {
	return m.Policy.Listen(context.Background(), addr)
}
func (m machine) Dial(addr string) (net.Conn, error) {
	return m.Policy.Dial(context.Background(), addr)
}
func (m machine) ListenPacket(addr string) (net.PacketConn, error) {
	return m.Policy.ListenPacket(context.Background(), "udp", addr)
}

const proxyHost = "198.51.100.9"

// world is a network with a node, a proxy and somebody whom the proxy reaches.
type world struct {
	net    *netpolicy.Mem
	node   netpolicy.Policy
	server *proxytest.Server
}

func newWorld(t *testing.T, change func(*proxytest.Config)) *world {
	t.Helper()
	w := &world{net: netpolicy.NewMem()}
	w.node = w.net.Host(netip.MustParseAddr("192.0.2.1"))
	cfg := proxytest.Config{
		Sockets: machine{w.net.Host(netip.MustParseAddr(proxyHost))}, Host: proxyHost,
		Lookup: func(string) string { return "203.0.113.7" },
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	if w.server, err = proxytest.Start(cfg, 1080); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.server.Close)
	return w
}

// echo is somebody who says what he hears, at port 80.
func (w *world) echo(t *testing.T) {
	t.Helper()
	l, err := w.net.Host(netip.MustParseAddr("203.0.113.7")).Listen(t.Context(), ":80")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "from "+c.RemoteAddr().(*net.TCPAddr).IP.String()+"\n")
			_, _ = io.Copy(c, c)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
}

func (w *world) proxy(t *testing.T, url string) *proxy.Proxy {
	t.Helper()
	s, err := proxy.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	return proxy.New(s, w.node, nil, nil)
}

// Through either kind of proxy, with and without a password, bytes arrive as they
// were sent, from the proxy; names are left to it.
func TestDial(t *testing.T) {
	for _, url := range []string{
		"socks5://" + proxyHost + ":1080", "socks5h://me:secret@" + proxyHost,
		"http://" + proxyHost + ":1080", "http://me:secret@" + proxyHost + ":1080",
	} {
		w := newWorld(t, func(c *proxytest.Config) {
			if strings.Contains(url, "secret") {
				c.Auth = socks.Auth{User: "me", Password: "secret"}
			}
		})
		w.echo(t)
		p := w.proxy(t, url)
		for _, addr := range []string{"203.0.113.7:80", "web.example:80"} {
			c, err := p.Dial(t.Context(), addr)
			if err != nil {
				t.Fatalf("%s: %v", url, err)
			}
			if c.RemoteAddr().String() != addr {
				t.Errorf("%s: connected to %v", url, c.RemoteAddr())
			}
			_, _ = io.WriteString(c, "hello")
			_ = c.(interface{ CloseWrite() error }).CloseWrite()
			if b, err := io.ReadAll(c); string(b) != "from "+proxyHost+"\nhello" {
				t.Errorf("%s: %q, %v", url, b, err)
			}
			_ = c.Close()
		}
		if got := strings.Join(w.server.Targets(), " "); got != "203.0.113.7:80 web.example:80" {
			t.Errorf("%s: the proxy was asked for %s", url, got)
		}
		if p.Trouble() != "" || !p.Remote() {
			t.Errorf("%s: %q", url, p.Trouble())
		}
	}
}

// What does not go by a proxy is refused with a reason, and nothing goes beside it.
func TestRefused(t *testing.T) {
	w := newWorld(t, func(c *proxytest.Config) { c.NoUDP, c.Auth = true, socks.Auth{User: "me", Password: "secret"} })
	good := "socks5://me:secret@" + proxyHost
	for name, c := range map[string]struct {
		url string
		do  func(*proxy.Proxy) error
		err error
	}{
		"incoming":              {good, listen, netpolicy.ErrNoIncoming},
		"names":                 {good, resolve, netpolicy.ErrNoNames},
		"datagrams":             {good, packets, netpolicy.ErrNoUDP},
		"datagrams over HTTP":   {"http://" + proxyHost, packets, netpolicy.ErrNoUDP},
		"a wrong password":      {"socks5://me:wrong@" + proxyHost, dial("203.0.113.7:80"), socks.ErrAuth},
		"no password":           {"socks5://" + proxyHost, dial("203.0.113.7:80"), socks.ErrNoMethod},
		"no password over HTTP": {"http://" + proxyHost + ":1080", dial("203.0.113.7:80"), proxy.ErrRefused},
		"nobody there":          {good, dial("203.0.113.99:80"), socks.ReplyError(5)},
		"the proxy itself":      {good, dial("127.0.0.1:80"), netpolicy.ErrNotPublic},
		"localhost":             {good, dial("localhost:80"), netpolicy.ErrNotPublic},
		"a name of its network": {good, public("printer.local:80"), netpolicy.ErrNotPublic},
		"a number":              {good, public("2130706433:80"), netpolicy.ErrNotPublic},
		"part of a number":      {good, public("0x7f.1:80"), netpolicy.ErrNotPublic},
		"an address inside":     {good, public("10.0.0.1:80"), netpolicy.ErrNotPublic},
		"lines in a name":       {"http://me:secret@" + proxyHost + ":1080", dial("a\r\nb:80"), proxy.ErrRefused},
	} {
		if err := c.do(w.proxy(t, c.url)); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := w.server.Targets(); len(got) != 1 { // nobody there
		t.Errorf("the proxy was asked for %v", got)
	}
}

func listen(p *proxy.Proxy) error {
	_, err := p.Listen(context.Background(), ":0")
	return err
}

func resolve(p *proxy.Proxy) error {
	_, err := p.Resolve(context.Background(), "web.example")
	return err
}

func packets(p *proxy.Proxy) error {
	_, err := p.ListenPacket(context.Background(), "udp", ":0")
	if !errors.Is(p.Datagrams(), netpolicy.ErrNoUDP) {
		return errors.New("it is not remembered")
	}
	return err
}

func dial(addr string) func(*proxy.Proxy) error {
	return func(p *proxy.Proxy) error {
		_, err := p.Dial(context.Background(), addr)
		return err
	}
}

func public(addr string) func(*proxy.Proxy) error {
	return func(p *proxy.Proxy) error {
		_, err := netpolicy.Public{Policy: p}.Dial(context.Background(), addr)
		return err
	}
}

// Datagrams go through the proxy and back, and again after it has ended that or was
// away; who else sends to the socket is not heard.
func TestDatagrams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		far, err := w.net.Host(netip.MustParseAddr("203.0.113.7")).ListenPacket(t.Context(), "udp", ":6881")
		if err != nil {
			t.Fatal(err)
		}
		defer far.Close()
		p := w.proxy(t, "socks5://"+proxyHost)
		c, err := p.ListenPacket(t.Context(), "udp4", ":0")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if at := c.LocalAddr().(*net.UDPAddr); at.Port != 0 {
			t.Errorf("it is at %v", at)
		}
		ping := func() {
			t.Helper()
			if _, err := c.WriteTo([]byte("ping"), far.LocalAddr()); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, 100)
			n, from, err := far.ReadFrom(b)
			if err != nil || string(b[:n]) != "ping" || !strings.HasPrefix(from.String(), proxyHost) {
				t.Fatalf("%q from %v, %v", b[:n], from, err)
			}
			if _, err := far.WriteTo([]byte("pong"), from); err != nil {
				t.Fatal(err)
			}
			if n, from, err = c.ReadFrom(b); err != nil || string(b[:n]) != "pong" || from.String() != "203.0.113.7:6881" {
				t.Fatalf("%q from %v, %v", b[:n], from, err)
			}
		}
		ping()
		w.server.DropDatagrams()
		synctest.Wait()
		if _, err := c.WriteTo([]byte("x"), far.LocalAddr()); !errors.Is(err, netpolicy.ErrNoUDP) {
			t.Errorf("without the proxy: %v", err)
		}
		time.Sleep(time.Minute)
		ping()
		if _, err := c.WriteTo([]byte("x"), &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}); !errors.Is(err, netpolicy.ErrNotPublic) {
			t.Errorf("to the proxy itself: %v", err)
		}
	})
}

// A proxy that is not there is said to be in trouble, and is used when it comes.
func TestAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		w.server.Close()
		p := w.proxy(t, "socks5://"+proxyHost)
		if _, err := p.Dial(t.Context(), "203.0.113.7:80"); err == nil || p.Trouble() == "" {
			t.Errorf("%v: %q", err, p.Trouble())
		}
		c, err := p.ListenPacket(t.Context(), "udp", ":0")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		to := net.UDPAddrFromAddrPort(netip.MustParseAddrPort("203.0.113.7:6881"))
		if _, err := c.WriteTo([]byte("x"), to); !errors.Is(err, netpolicy.ErrNoUDP) {
			t.Errorf("error %v", err)
		}
		back, err := proxytest.Start(proxytest.Config{Sockets: machine{w.net.Host(netip.MustParseAddr(proxyHost))}, Host: proxyHost}, 1080)
		if err != nil {
			t.Fatal(err)
		}
		defer back.Close()
		time.Sleep(2 * time.Minute)
		if _, err := c.WriteTo([]byte("x"), to); err != nil || p.Trouble() != "" {
			t.Errorf("%v: %q", err, p.Trouble())
		}
	})
}

// With a name server, that is asked through the proxy, and addresses are passed on.
func TestNameServer(t *testing.T) {
	w := newWorld(t, nil)
	s, err := proxy.Parse("socks5://" + proxyHost)
	if err != nil {
		t.Fatal(err)
	}
	p := proxy.New(s, w.node, []netip.AddrPort{netip.MustParseAddrPort("203.0.113.53:53")}, nil)
	if _, err := p.Dial(t.Context(), "web.example:80"); err == nil || p.Remote() {
		t.Errorf("error %v", err)
	}
	for _, at := range w.server.Targets() {
		if at != "203.0.113.53:53" {
			t.Errorf("the proxy was asked for %s", at)
		}
	}
	if len(w.server.Targets()) == 0 {
		t.Error("nobody was asked")
	}
}

// URLs that are none of a proxy are refused, without showing what is secret in them.
func TestParse(t *testing.T) {
	for _, text := range []string{
		"", "192.0.2.1:1080", "ftp://secret@192.0.2.1", "socks5://", "socks5://secret@h/path", "socks5://h?secret", "http://:secret@h", "socks4://secret@h", "socks5://h:secret",
		"socks5://u:" + strings.Repeat("secret", 50) + "@h",
	} {
		if s, err := proxy.Parse(text); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %+v, %v", text, s, err)
		}
	}
	s, err := proxy.Parse("HTTPS://me:sec%40ret@proxy.example")
	if err != nil || s.Addr != "proxy.example:443" || s.Auth.Password != "sec@ret" || s.String() != "https://proxy.example:443" {
		t.Errorf("%+v, %v", s, err)
	}
}
