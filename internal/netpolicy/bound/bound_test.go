package bound

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/nic"
)

// machine is one with interfaces that a test brings up and down, on a network in
// memory.
type machine struct {
	net     *netpolicy.Mem
	mu      sync.Mutex
	list    []nic.Link
	err     error
	device  bool // sockets may be bound to interfaces
	opened  []nic.Binding
	changes []Status
}

func newMachine() *machine {
	return &machine{net: netpolicy.NewMem(), device: true, list: []nic.Link{
		{Name: "lo", Index: 1, Up: true, Loop: true, Addrs: prefixes("127.0.0.1/8", "::1/128")},
		{Name: "eth0", Index: 2, Up: true, Shared: true, Addrs: prefixes("192.0.2.5/24", "fe80::5/64")},
		{Name: "tun0", Index: 3, Up: true, Addrs: prefixes("10.8.0.2/24", "10.8.0.3/24")},
	}}
}

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, t := range texts {
		list = append(list, netip.MustParsePrefix(t))
	}
	return list
}

func (m *machine) links() ([]nic.Link, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]nic.Link(nil), m.list...), m.err
}

// tun changes the interface tun0.
func (m *machine) tun(f func(l *nic.Link)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(&m.list[2])
}

func (m *machine) Permitted(string) bool { return m.device }

// host returns the sockets of what a socket is bound to.
func (m *machine) host(by nic.Binding) netpolicy.Policy {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.opened = append(m.opened, by)
	ip := by.Source
	for _, l := range m.list {
		if !ip.IsValid() && l.Index == by.Index {
			ip = l.Addrs[0].Addr()
		}
	}
	return m.net.Host(ip)
}

func (m *machine) Dial(ctx context.Context, _, addr string, by nic.Binding) (net.Conn, error) {
	return m.host(by).Dial(ctx, addr)
}

func (m *machine) Listen(ctx context.Context, addr string, by nic.Binding) (net.Listener, error) {
	return m.host(by).Listen(ctx, addr)
}

func (m *machine) ListenPacket(ctx context.Context, network, addr string, by nic.Binding) (net.PacketConn, error) {
	return m.host(by).ListenPacket(ctx, network, addr)
}

// bind returns a policy bound to an interface of the machine.
func (m *machine) bind(t *testing.T, name string) *Interface {
	t.Helper()
	b, err := Open(Config{Interface: name, Links: m.links, Sockets: m, Changed: func(s Status) { m.changes = append(m.changes, s) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// away is a host in the network, who listens.
func (m *machine) away(t *testing.T) (addr string, accepted chan net.Conn) {
	t.Helper()
	l, err := m.net.Host(netip.MustParseAddr("198.51.100.7")).Listen(t.Context(), ":80")
	if err != nil {
		t.Fatal(err)
	}
	accepted = make(chan net.Conn, 8)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String(), accepted
}

func down(t *testing.T, err error) {
	t.Helper()
	if d, ok := errors.AsType[*DownError](err); !ok || d.Interface != "tun0" || d.Why == "" {
		t.Errorf("error %v", err)
	}
}

// Connections leave by the interface, end with it, and are refused until it is
// back.
func TestKillSwitch(t *testing.T) {
	for name, away := range map[string]func(*nic.Link){
		"down":        func(l *nic.Link) { l.Up = false },
		"no address":  func(l *nic.Link) { l.Addrs = prefixes("fe80::1/64") },
		"gone":        func(l *nic.Link) { l.Name = "another" },
		"made anew":   func(l *nic.Link) { l.Index = 9 },
		"readdressed": func(l *nic.Link) { l.Addrs = prefixes("10.9.0.2/24") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMachine()
				b := m.bind(t, "tun0")
				addr, accepted := m.away(t)
				c, err := b.Dial(t.Context(), addr)
				if err != nil {
					t.Fatal(err)
				}
				if from := (<-accepted).RemoteAddr().String(); from[:8] != "10.8.0.2" {
					t.Errorf("it comes from %s", from)
				}
				if s := b.Status(); !s.Up || s.ByAddress || len(s.Addresses) != 2 {
					t.Errorf("status %+v", s)
				}
				m.tun(away)
				_, err = c.Read(make([]byte, 1)) // it waits, and is cut by the watch
				down(t, err)
				_, err = c.Write([]byte("x"))
				down(t, err)
				stands := name == "made anew" || name == "readdressed"
				if c, err := b.Dial(t.Context(), addr); stands {
					if err != nil {
						t.Error(err)
					} else {
						_ = c.Close()
					}
				} else {
					down(t, err)
					if s := b.Status(); s.Up || s.Why == "" || len(s.Addresses) > 0 {
						t.Errorf("status %+v", s)
					}
				}
				m.tun(func(l *nic.Link) { *l = newMachine().list[2] })
				c, err = b.Dial(t.Context(), addr)
				if err != nil {
					t.Fatal(err)
				}
				_ = c.Close()
				if n := len(m.changes); n != 3 || !m.changes[2].Up {
					t.Errorf("told of %+v", m.changes)
				}
			})
		})
	}
}

// A listener stays where it is, and takes connections again when the interface is
// back; those that it had are cut.
func TestListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine()
		b := m.bind(t, "tun0")
		l, err := b.Listen(t.Context(), ":0")
		if err != nil {
			t.Fatal(err)
		}
		at := l.Addr().String()
		_, port, _ := net.SplitHostPort(at)
		outside := m.net.Host(netip.MustParseAddr("198.51.100.7"))
		call := func() (net.Conn, error) { return outside.Dial(t.Context(), net.JoinHostPort("10.8.0.2", port)) }
		if _, err := call(); err != nil {
			t.Fatal(err)
		}
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		m.tun(func(l *nic.Link) { l.Up = false })
		_, err = c.Read(make([]byte, 1))
		down(t, err)
		if _, err := call(); err == nil {
			t.Error("it listens without the interface")
		}
		got := make(chan error)
		go func() {
			_, err := l.Accept()
			got <- err
		}()
		time.Sleep(time.Hour) // it is away
		m.tun(func(l *nic.Link) { l.Up = true })
		time.Sleep(2 * lookPeriod)
		if _, err := call(); err != nil {
			t.Error(err)
		}
		if err := <-got; err != nil {
			t.Error(err)
		}
		if now := l.Addr().String(); now != at {
			t.Errorf("at %s, not %s", now, at)
		}
		go func() {
			_, err := l.Accept()
			got <- err
		}()
		synctest.Wait()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if err := <-got; !errors.Is(err, net.ErrClosed) {
			t.Errorf("accept ends with %v", err)
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("the second close says %v", err)
		}
	})
}

// Who begins without the interface knows its port all the same, and begins when it
// is there. A port that somebody else has meanwhile is tried again.
func TestBeginsLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine()
		m.tun(func(l *nic.Link) { l.Up = false })
		b := m.bind(t, "tun0")
		l, err := b.Listen(t.Context(), ":0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		port := l.Addr().(*net.TCPAddr).AddrPort().Port()
		if port < dynamic {
			t.Fatalf("at port %d", port)
		}
		here := m.net.Host(netip.MustParseAddr("10.8.0.2"))
		other, err := here.Listen(t.Context(), netip.AddrPortFrom(netip.MustParseAddr("10.8.0.2"), port).String())
		if err != nil {
			t.Fatal(err)
		}
		m.tun(func(l *nic.Link) { l.Up = true })
		time.Sleep(10 * lookPeriod)
		_ = other.Close()
		time.Sleep(2 * lookPeriod)
		if _, err := here.Dial(t.Context(), netip.AddrPortFrom(netip.MustParseAddr("10.8.0.2"), port).String()); err != nil {
			t.Error(err)
		}
		if c, err := l.Accept(); err != nil || c.Close() != nil {
			t.Error(err)
		}
	})
}

// A UDP socket stays as well: what is written without the interface is refused; a read
// says once that it has gone, and waits from then on.
func TestPackets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine()
		b := m.bind(t, "tun0")
		c, err := b.ListenPacket(t.Context(), "udp", ":0")
		if err != nil {
			t.Fatal(err)
		}
		far, err := m.net.Host(netip.MustParseAddr("198.51.100.7")).ListenPacket(t.Context(), "udp", ":53")
		if err != nil {
			t.Fatal(err)
		}
		defer far.Close()
		hello := func() {
			t.Helper()
			if _, err := c.WriteTo([]byte("hello"), far.LocalAddr()); err != nil {
				t.Fatal(err)
			}
			p := make([]byte, 10)
			_, from, err := far.ReadFrom(p)
			if err != nil || from.String() != "10.8.0.2:"+c.LocalAddr().String()[len("10.8.0.2:"):] {
				t.Fatalf("from %v, %v", from, err)
			}
			if _, err := far.WriteTo([]byte("yes"), from); err != nil {
				t.Fatal(err)
			}
			if n, _, err := c.ReadFrom(p); err != nil || string(p[:n]) != "yes" {
				t.Fatalf("%q, %v", p[:n], err)
			}
		}
		hello()
		got := make(chan error, 1)
		read := func() {
			_, _, err := c.ReadFrom(make([]byte, 10))
			got <- err
		}
		go read()
		m.tun(func(l *nic.Link) { l.Up = false })
		time.Sleep(2 * lookPeriod)
		_, err = c.WriteTo([]byte("hello"), far.LocalAddr())
		down(t, err)
		err = <-got
		down(t, err)
		if !errors.Is(err, netpolicy.ErrDown) {
			t.Errorf("%v is not netpolicy.ErrDown", err)
		}
		go read()
		if err := c.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
			t.Error(err)
		}
		if err := <-got; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the read ends with %v", err)
		}
		if err := c.SetReadDeadline(time.Time{}); err != nil {
			t.Error(err)
		}
		m.tun(func(l *nic.Link) { l.Up = true })
		time.Sleep(2 * lookPeriod)
		hello()
		m.tun(func(l *nic.Link) { l.Up = false })
		time.Sleep(2 * lookPeriod)
		_, _, err = c.ReadFrom(make([]byte, 10))
		down(t, err)
		go read()
		synctest.Wait()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := <-got; !errors.Is(err, net.ErrClosed) {
			t.Errorf("the read ends with %v", err)
		}
	})
}

// Where the system does not let us bind to an interface, its address is bound to,
// and that is said. Where an address was given it is that one.
func TestBindings(t *testing.T) {
	for name, c := range map[string]struct {
		bind   string
		device bool
		dial   nic.Binding
		listen nic.Binding
		at     string
	}{
		"the interface":       {"tun0", true, nic.Binding{Device: "tun0"}, nic.Binding{Device: "tun0"}, "10.8.0.2"},
		"only its address":    {"tun0", false, nic.Binding{Source: netip.MustParseAddr("10.8.0.2")}, nic.Binding{}, "10.8.0.2"},
		"an address":          {"10.8.0.3", true, nic.Binding{Device: "tun0", Source: netip.MustParseAddr("10.8.0.3")}, nic.Binding{Device: "tun0"}, "10.8.0.3"},
		"an address, no more": {"10.8.0.3", false, nic.Binding{Source: netip.MustParseAddr("10.8.0.3")}, nic.Binding{}, "10.8.0.3"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine()
			m.device = c.device
			b := m.bind(t, c.bind)
			addr, _ := m.away(t)
			conn, err := b.Dial(t.Context(), addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			l, err := b.Listen(t.Context(), ":0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			for i, want := range []nic.Binding{c.dial, c.listen} {
				want.Index = 3
				if m.opened[i] != want {
					t.Errorf("bound to %+v, want %+v", m.opened[i], want)
				}
			}
			if s := b.Status(); s.ByAddress == c.device {
				t.Errorf("status %+v", s)
			}
			if ip := l.Addr().(*net.TCPAddr).IP.String(); !c.device && ip != c.at {
				t.Errorf("listens at %s", ip)
			}
		})
	}
}

// What does not go by the interface is refused, not sent elsewhere.
func TestRefused(t *testing.T) {
	m := newMachine()
	b := m.bind(t, "tun0")
	for _, addr := range []string{"127.0.0.1:80", "[2001:db8::1]:80", "tun0", "[::ffff:127.0.0.1]:80"} {
		if c, err := b.Dial(t.Context(), addr); err == nil || len(m.opened) > 0 {
			t.Errorf("%s: %v", addr, c)
		}
	}
	for _, addr := range []string{"192.0.2.5:0", "[::1]:0", "name.example:0", ":99999"} {
		if l, err := b.Listen(t.Context(), addr); err == nil || len(m.opened) > 0 {
			t.Errorf("%s: %v", addr, l)
		}
	}
	c, err := b.ListenPacket(t.Context(), "udp4", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.WriteTo(nil, &net.UDPAddr{IP: net.IPv6loopback, Port: 1}); err == nil {
		t.Error("a datagram to the machine itself")
	}
	if _, err := b.ListenPacket(t.Context(), "udp6", ":0"); err == nil {
		t.Error("a socket of a family that the interface does not have")
	}
	if _, err := Open(Config{}); err == nil {
		t.Error("without a name")
	}
}

// Names are asked for by the interface, never of a server on this machine.
func TestNames(t *testing.T) {
	m := newMachine()
	b := m.bind(t, "tun0")
	if list, err := b.Resolve(t.Context(), "::ffff:10.1.2.3"); err != nil || list[0].String() != "10.1.2.3" {
		t.Errorf("%v, %v", list, err)
	}
	addr, accepted := m.away(t)
	c, err := b.askServer(t.Context(), "tcp", netip.MustParseAddrPort(addr))
	if err != nil {
		t.Fatal(err)
	}
	if from := (<-accepted).RemoteAddr().String(); from[:8] != "10.8.0.2" {
		t.Errorf("from %s", from)
	}
	_ = c.Close()
	m.tun(func(l *nic.Link) { l.Up = false })
	_, err = b.askServer(t.Context(), "udp", netip.MustParseAddrPort(addr))
	down(t, err)
}

// What cannot be listed is as good as gone.
func TestNoList(t *testing.T) {
	m := newMachine()
	m.err = errors.New("no")
	b := m.bind(t, "tun0")
	_, err := b.Dial(t.Context(), "198.51.100.7:80")
	down(t, err)
}
